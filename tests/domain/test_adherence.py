"""Counts that add up, measures with their denominators, and shares rounded honestly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.adherence import (
    COUNTS,
    DAY_COUNTS,
    Day,
    Entries,
    all_day_counts,
    capped_adherence,
    count_days,
    day_of,
    doses_of_expected,
    entries,
    period_of,
    ratio,
    sum_counts,
)
from medtrack.domain.amounts import Amount
from medtrack.domain.interruptions import Holiday, drug_holidays, longest_gap
from medtrack.domain.matching import Dose, Held, is_as_needed, match
from medtrack.domain.regimen import AsNeeded, Clock, Days, Plan
from medtrack.domain.shares import percent
from medtrack.domain.slots import real_span, slots_of
from medtrack.domain.zones import Zones, always

UTC_ALWAYS = always("UTC")
TABLET = Amount(Fraction(1), "tablet")
THREE = time(3)
DAILY = Days()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """'10 08:00' is in March 2026, UTC."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def march(day: int) -> date:
    return date(2026, 3, day)


def plan(times: str, starts: int = 9, number: int = 1, days: Days = DAILY, **rest: Any) -> Plan:
    clocks = tuple(time.fromisoformat(part) for part in times.split(","))
    return Plan(number, f"plan-{number}", 1, TABLET, Clock(clocks, days), march(starts), **rest)


def dose(text: str, status: str = "taken", later: timedelta = timedelta(), zones: Zones = UTC_ALWAYS) -> Dose:
    taken_at = at(text)
    return Dose(
        0, f"{text} {status}", 1, status, taken_at, "UTC", zones.local(taken_at), TABLET, None,
        "exact", None, None, taken_at + later,
    )  # fmt: skip


def count(
    plans: list[Plan],
    doses: list[Dose],
    now: str,
    holds: list[Held] | None = None,
    zones: Zones = UTC_ALWAYS,
    day_starts: time = THREE,
) -> dict[date, Day]:
    found = match(slots_of(plans, zones, at("01 00:00"), at("31 00:00")).slots, doses)
    return count_days(
        found,
        [real_span(each, zones) for each in plans if not isinstance(each.timing, AsNeeded)],
        holds or [],
        [extra.uid for extra in found.extras if is_as_needed(plans, zones, extra.taken_at)],
        zones,
        day_starts=day_starts,
        now=at(now),
    )


def said(counts: dict[str, int], *names: str) -> dict[str, int]:
    return {name: counts[name] for name in names or counts if counts[name] or names}


# --- denominators --------------------------------------------------------------------------------------------------

TWICE = plan("08:00,20:00")
MEASURES = ("expected", "taken", "skipped", "missed", "extra", "doses")
COUNTED: list[tuple[str, list[Dose], str, tuple[int, int, int, int, int, int]]] = [
    ("before the first slot", [], "09 07:00", (0, 0, 0, 0, 0, 0)),
    ("due", [], "09 08:30", (0, 0, 0, 0, 0, 0)),
    ("overdue", [], "09 13:59:59", (0, 0, 0, 0, 0, 0)),
    ("missed after half the spacing", [], "09 14:00", (1, 0, 0, 1, 0, 0)),
    ("taken, but it could still be due", [dose("09 08:00")], "09 08:30", (0, 0, 0, 0, 0, 1)),
    ("taken early does not flatter today", [dose("09 06:00")], "09 06:30", (0, 0, 0, 0, 0, 1)),
    ("taken", [dose("09 08:00")], "09 14:00", (1, 1, 0, 0, 0, 1)),
    ("skipped is expected, not taken", [dose("09 08:00", "skipped")], "09 14:00", (1, 0, 1, 0, 0, 0)),
    ("an extra repairs nothing", [dose("09 08:00"), dose("09 09:00")], "10 03:00", (2, 1, 0, 1, 1, 2)),
    ("never begun", [], "11 02:00", (4, 0, 0, 4, 0, 0)),
    ("logged late", [dose("09 08:00"), dose("09 23:30")], "10 12:00", (2, 2, 0, 0, 0, 2)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doses", "now", "expected"), [row[1:] for row in COUNTED], ids=[row[0] for row in COUNTED]
)
def test_what_counts(doses: list[Dose], now: str, expected: tuple[int, ...]) -> None:
    sums = sum_counts(count([TWICE], doses, now).values())
    assert tuple(sums[name] for name in MEASURES) == expected


def test_days_of_a_plan_of_no_dose_expect_none() -> None:
    """CleanADHdata: a regimen of 0 counts as implemented, also where the monitor was opened."""
    found = match([], [dose("10 08:00")])
    days = count_days(
        found,
        [],
        [],
        [],
        UTC_ALWAYS,
        day_starts=THREE,
        now=at("20 12:00"),
        idle=[(at("09 00:00"), at("12 00:00"))],
    )
    assert sorted(days) == [march(9), march(10), march(11)]
    assert said(sum_counts(days.values()), *DAY_COUNTS, "expected", "extra") == {
        "expected_days": 0, "exact_days": 0, "monitored_days": 3, "at_least_days": 3, "expected": 0, "extra": 1,
    }  # fmt: skip


def test_another_amount_is_counted_among_the_taken_once_its_slot_has_closed() -> None:
    two = Amount(Fraction(2), "tablet")
    doses = [
        dose("09 08:00")._replace(amount=two),
        dose("09 20:00")._replace(amount=None),
        dose("10 08:00"),
        dose("10 20:00")._replace(amount=two),
    ]
    assert said(
        sum_counts(count([TWICE], doses, "10 22:00").values()), "taken", "other_amount", "doses_open"
    ) == {
        "taken": 3,
        "other_amount": 1,
        "doses_open": 1,
    }
    sums = sum_counts(count([TWICE], doses, "11 03:00").values())
    assert said(sums, "taken", "other_amount", "missed") == {"taken": 4, "other_amount": 2, "missed": 0}


@pytest.mark.parametrize(
    ("now", "expected", "stand", "is_open"),
    [("10 03:00", 2, 2, 1), ("10 10:00", 3, 3, 0)],
    ids=["for the slot of tomorrow", "once that slot counts"],
)
def test_a_dose_of_an_open_slot_stands_against_nothing(
    now: str, expected: int, stand: int, is_open: int
) -> None:
    """The first dose of the 10th was taken early, on a day that is over: it waits for its slot all the same."""
    doses = [dose("09 04:00"), dose("09 16:00"), dose("10 02:30")]
    days = count([plan("04:00,16:00")], doses, now)
    sums = sum_counts(days.values())
    assert (sums["expected"], doses_of_expected(sums), sums["doses"]) == (expected, stand, 3)
    assert days[march(9)].doses_open == is_open


def test_early_late_and_on_time_are_shares_of_the_taken() -> None:
    doses = [dose("09 06:30"), dose("09 20:30"), dose("10 11:00"), dose("10 21:00"), dose("11 07:00")]
    sums = sum_counts(count([TWICE], doses, "12 12:00").values())
    assert said(sums, "taken", "early", "on_time", "late") == {
        "taken": 5,
        "early": 1,
        "on_time": 3,
        "late": 1,
    }


def test_a_late_entry_is_one_written_down_more_than_a_day_after() -> None:
    doses = [dose("09 08:00", later=DAY), dose("09 20:00", later=DAY + timedelta(seconds=1))]
    assert sum_counts(count([TWICE], doses, "12 12:00").values())["late_entries"] == 1


# --- days ------------------------------------------------------------------------------------------------------------

DAY_EXAMPLES: list[tuple[str, list[Dose], tuple[int, int, int, int]]] = [
    # (expected_days, exact_days, monitored_days, at_least_days) of 9, 10 and 11 March, twice daily
    ("all taken", [dose(f"{day:02} {hour}:00") for day in (9, 10, 11) for hour in ("08", 20)], (3, 3, 3, 3)),
    ("one day short", [dose(f"{day:02} {hour}:00") for day in (9, 10) for hour in ("08", 20)], (3, 2, 3, 2)),
    ("one too many", [*(dose(f"{day:02} {hour}:00") for day in (9, 10, 11) for hour in ("08", 20)), dose("10 12:00")], (3, 2, 3, 3)),
    # Yesterday's evening dose after 03:00 is a dose of today, whatever slot it fills.
    (
        "over the start of a day",
        [*(dose(f"{at} 08:00") for at in ("09", "10", "11")), dose("10 04:00"), dose("10 20:00"), dose("11 20:00")],
        (3, 1, 3, 2),
    ),
    (
        "before the start of a day",
        [*(dose(f"{at} 08:00") for at in ("09", "10", "11")), dose("10 02:59"), dose("10 20:00"), dose("11 20:00")],
        (3, 3, 3, 3),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doses", "expected"), [row[1:] for row in DAY_EXAMPLES], ids=[row[0] for row in DAY_EXAMPLES]
)
def test_days_done_right(doses: list[Dose], expected: tuple[int, ...]) -> None:
    three_days = plan("08:00,20:00", until=march(11))
    sums = sum_counts(count([three_days], doses, "15 00:00").values())
    assert tuple(sums[name] for name in DAY_COUNTS) == expected


def test_a_day_counts_when_all_its_slots_do() -> None:
    doses = [dose("09 08:00"), dose("09 20:00")]
    assert sum_counts(count([TWICE], doses, "10 01:59").values())["expected_days"] == 0
    assert sum_counts(count([TWICE], doses, "10 02:00").values())["expected_days"] == 1


def test_days_without_slots_are_monitored_and_expect_nothing() -> None:
    weekly = plan("08:00", days=Days(weekdays=(0,)))
    days = count([weekly], [dose("09 08:00")], "16 07:00")
    assert [day.day for day, each in sorted(days.items()) if each.monitored] == list(range(9, 16))
    sums = sum_counts(days.values())
    # The 16th is still open: its slot is to come.
    assert said(sums, *DAY_COUNTS) == {
        "expected_days": 1,
        "exact_days": 1,
        "monitored_days": 7,
        "at_least_days": 7,
    }


def test_a_dose_on_a_day_that_expects_none_is_no_right_day_but_is_one_at_least() -> None:
    weekly = plan("08:00", days=Days(weekdays=(0,)))
    day = count([weekly], [dose("09 08:00"), dose("11 08:00")], "20 00:00")[march(11)]
    assert (day.expected, day.doses, day.extra, day.exact, day.at_least) == (0, 1, 1, False, True)


def test_held_and_unknown_leave_both_sides_and_their_days_the_day_measures() -> None:
    holds = [Held(at("10 12:00"), at("11 12:00"), "held"), Held(at("13 00:00"), at("14 00:00"), "unknown")]
    days = count([plan("08:00,20:00", until=march(14))], [], "20 00:00", holds)
    sums = sum_counts(days.values())
    # 9th: 2; 10th: morning; 11th: evening; 12th: 2; 14th: 2.
    assert said(sums, "expected", "missed") == {"expected": 8, "missed": 8}
    assert [day.day for day, each in days.items() if not each.monitored] == [10, 11, 13]
    assert said(sums, "expected_days", "monitored_days") == {"expected_days": 3, "monitored_days": 3}


def test_a_day_without_slots_in_a_pause_is_not_monitored() -> None:
    weekly = plan("08:00", days=Days(weekdays=(0,)))
    days = count([weekly], [], "20 00:00", [Held(at("10 00:00"), at("12 00:00"), "held")])
    assert [day.day for day, each in days.items() if each.excluded] == [10, 11]


def test_as_needed_doses_stand_apart() -> None:
    needed = Plan(2, "needed", 1, TABLET, AsNeeded("pain"), march(9))
    doses = [dose("09 08:00"), dose("09 20:00"), dose("09 12:00"), dose("10 08:00"), dose("10 12:00")]
    days = count([plan("08:00,20:00", until=march(10)), needed], doses, "15 00:00")
    sums = sum_counts(days.values())
    assert said(sums, "expected", "taken", "missed", "extra", "as_needed", "doses") == {
        "expected": 4, "taken": 3, "missed": 1, "extra": 0, "as_needed": 2, "doses": 5,
    }  # fmt: skip
    # Neither spoiling the right day nor repairing the wrong one.
    assert (days[march(9)].exact, days[march(9)].at_least) == (True, True)
    assert (days[march(10)].exact, days[march(10)].at_least) == (False, False)


def test_a_plan_that_begins_where_midnight_is_missing_begins_that_day() -> None:
    # Beirut skipped midnight on 29 March 2026: the day began at 01:00, before the usual 03:00.
    beirut = always("Asia/Beirut")
    days = count([plan("12:00", starts=29)], [], "30 12:00", zones=beirut)
    assert min(days) == march(29)
    assert beirut.local(at("28 22:00")) == datetime.fromisoformat("2026-03-29T01:00")


def test_the_start_of_a_day_is_a_setting() -> None:
    night = plan("02:00", starts=9, until=march(12))
    at_three = count([night], [], "20 00:00")
    at_midnight = count([night], [], "20 00:00", day_starts=time())
    assert sorted(day.day for day, each in at_three.items() if each.expected) == [8, 9, 10, 11]
    assert sorted(day.day for day, each in at_midnight.items() if each.expected) == [9, 10, 11, 12]


@pytest.mark.parametrize(
    ("local", "day"),
    [("2026-03-10T02:59", 9), ("2026-03-10T03:00", 10), ("2026-03-10T00:00", 9), ("2026-03-10T23:59", 10)],
)
def test_the_day_of_a_wall_time(local: str, day: int) -> None:
    assert day_of(datetime.fromisoformat(local), THREE) == march(day)


# --- several medications ---------------------------------------------------------------------------------------------


def made(expected: int, doses: int, *, is_open: bool = False) -> Day:
    day = Day()
    day.expected, day.doses, day.taken, day.open = expected, doses, min(expected, doses), is_open
    return day


def test_all_medications_together_are_a_product_of_days() -> None:
    one = {
        march(9): made(1, 1),
        march(10): made(1, 1),
        march(11): made(1, 1),
        march(12): made(1, 1, is_open=True),
    }
    two = {march(9): made(2, 2), march(10): made(2, 1), march(12): made(2, 2)}
    assert all_day_counts([one, two], sorted({*one, *two})) == {
        "expected_days": 3,
        "exact_days": 2,
        "monitored_days": 3,
        "at_least_days": 2,
    }


# --- measures ----------------------------------------------------------------------------------------------------------

HOLIDAYS = [
    # Per day: - missed, x taken, . nothing expected, h held.
    ("---", [(1, 3, 3)]),
    ("--x-", []),
    ("--.-", [(1, 4, 3)]),
    ("--h-", [(1, 4, 3)]),
    ("---x---", [(1, 3, 3), (5, 7, 3)]),
    ("x----", [(2, 5, 4)]),
    (".---.", [(2, 4, 3)]),
    ("hhhh", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), HOLIDAYS)
def test_drug_holidays(text: str, expected: list[tuple[int, int, int]]) -> None:
    days: dict[date, Day] = {}
    for number, sign in enumerate(text, 1):
        day = days[march(number)] = Day()
        day.expected = int(sign in "-x")
        day.doses = int(sign == "x")
        day.excluded = sign == "h"
    assert drug_holidays(days) == [
        Holiday(march(first), march(last), length) for first, last, length in expected
    ]


edges = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def days_of(hours: list[int], each: int) -> list[Day]:
    """Doses at these hours as days of that many of them each."""
    days = []
    for index in range(0, len(hours), each):
        day = Day()
        moments = [int((at("01 00:00") + hour * HOUR).timestamp()) for hour in hours[index : index + each]]
        day.first_taken, day.last_taken = moments[0], moments[-1]
        days += [Day(), day]
    return days


@given(
    moments=st.lists(st.integers(0, 90), max_size=6, unique=True).map(sorted),
    active=st.lists(edges, max_size=3),
    paused=st.lists(st.tuples(edges, st.booleans()), max_size=3),
    begins=st.sampled_from([None, -5]),
    ends=st.sampled_from([95, 120]),
)
@settings(max_examples=200, deadline=None)
def test_the_longest_gap_agrees_with_counting_hours(
    moments: list[int],
    active: list[tuple[int, int]],
    paused: list[tuple[tuple[int, int], bool]],
    begins: int | None,
    ends: int,
) -> None:
    start = at("01 00:00")
    holds = [
        Held(start + since * HOUR, None if is_open else start + until * HOUR, "held")
        for (since, until), is_open in paused
    ]
    first = None if begins is None else start - DAY
    found = longest_gap(
        days_of(moments, 1),
        start + (begins or 0) * HOUR,
        start + ends * HOUR,
        first=first,
        active=[(start + since * HOUR, start + until * HOUR) for since, until in active],
        holds=holds,
    )

    def runs(hour: int) -> bool:
        on = any(since <= hour < until for since, until in active)
        return on and not any(
            since <= hour and (is_open or hour < until) for (since, until), is_open in paused
        )

    edges = [*([] if begins is None else [begins]), *moments]
    edges += [ends] if edges else []
    gaps = [sum(runs(hour) for hour in range(earlier, later)) for earlier, later in pairwise(edges)]
    assert found == (max(gaps) * HOUR if gaps else None)


def test_capped_by_day_no_dose_too_many_repairs_another_day() -> None:
    days = [made(2, 2), made(2, 5), made(2, 0), made(0, 1), made(2, 2, is_open=True)]
    needed = made(1, 3)
    needed.as_needed = 3
    assert capped_adherence([*days, needed]) == (4, 7)
    assert capped_adherence([]) == (0, 0)
    assert capped_adherence([made(2, 2, is_open=True)]) == (0, 0)


def test_how_doses_were_written_down() -> None:
    late = dose("09 08:00", later=2 * DAY)
    reconstructed = dose("10 08:00", later=HOUR)._replace(certainty="reconstructed")
    both = dose("11 08:00", later=2 * DAY)._replace(certainty="reconstructed")
    assert entries([dose("12 08:00"), late, reconstructed, both]) == Entries(4, 2, 2, 3)
    assert entries([]) == Entries(0, 0, 0, 0)


@pytest.mark.parametrize(("by", "first"), [("day", march(11)), ("week", march(9)), ("month", march(1))])
def test_the_period_of_a_day(by: str, first: date) -> None:
    assert period_of(march(11), by) == first


def test_a_share_of_nothing_is_no_number() -> None:
    assert ratio(0, 0) is None
    assert ratio(0, 3) == 0
    assert ratio(4, 3) == Fraction(4, 3)


SHARES = [
    ("0", "0 %"), ("1", "100 %"), ("1/2", "50.0 %"), ("14/15", "93.3 %"), ("1999/2000", "99.9 %"),
    ("99999/100000", "99.9 %"), ("1/100000", "0.1 %"), ("1/2000", "0.1 %"), ("3/2", "150.0 %"),
    ("1000001/1000000", "100.1 %"), ("2345/10000", "23.5 %"), ("2", "200.0 %"),
]  # fmt: skip


@pytest.mark.parametrize(("share", "text"), SHARES)
def test_a_share_is_never_rounded_onto_all_or_nothing(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text


@given(st.fractions(min_value=0, max_value=2, max_denominator=5000))
@settings(max_examples=200, deadline=None)
def test_a_share_is_near_what_is_printed(share: Fraction) -> None:
    printed = Fraction(percent(share).removesuffix(" %")) / 100
    assert abs(printed - share) <= Fraction(1, 1000)
    assert (printed in (0, 1)) == (share in (0, 1))


# --- laws ----------------------------------------------------------------------------------------------------------------


@st.composite
def courses(draw: st.DrawFn) -> tuple[list[Plan], list[Dose], list[Held], Zones, str]:
    zones = always(draw(st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata"])))
    hours = st.sets(st.integers(0, 23), min_size=1, max_size=3)
    first = Clock(tuple(time(hour) for hour in sorted(draw(hours))), Days(every=draw(st.integers(1, 3))))
    second = Clock(tuple(time(hour) for hour in sorted(draw(hours))))
    change = march(draw(st.integers(4, 20)))
    plans = [
        Plan(1, "one", 1, TABLET, first, march(3), ended=change),
        Plan(2, "two", 1, TABLET, second, change, count=draw(st.one_of(st.none(), st.integers(1, 20)))),
    ]
    if draw(st.booleans()):
        plans.append(Plan(3, "needed", 1, TABLET, AsNeeded(), march(draw(st.integers(3, 20)))))
    doses = [
        dose(f"{day:02} {hour:02}:30", status, zones=zones)
        for day, hour, status in draw(
            st.lists(
                st.tuples(
                    st.integers(2, 25), st.integers(0, 23), st.sampled_from(["taken", "taken", "skipped"])
                ),
                max_size=25,
                unique_by=lambda each: each[:2],
            )
        )
    ]
    holds = [
        Held(at(f"{day:02} 12:00"), at(f"{day + length:02} 06:00"), state)
        for day, length, state in draw(
            st.lists(
                st.tuples(st.integers(1, 20), st.integers(1, 8), st.sampled_from(["held", "unknown"])),
                max_size=2,
            )
        )
    ]
    return plans, doses, holds, zones, f"{draw(st.integers(3, 28)):02} {draw(st.integers(0, 23)):02}:00"


@given(courses(), st.sampled_from([time(), THREE]))
@settings(max_examples=200, deadline=None)
def test_counts_add_up(
    course: tuple[list[Plan], list[Dose], list[Held], Zones, str], day_starts: time
) -> None:
    plans, doses, holds, zones, now = course
    days = count(plans, doses, now, holds, zones, day_starts)
    whole = sum_counts(days.values())
    for by in ("day", "week", "month"):
        periods: dict[date, list[Day]] = {}
        for date_, day in days.items():
            periods.setdefault(period_of(date_, by), []).append(day)
        parts = [sum_counts(each) for each in periods.values()]
        assert whole == {name: sum(part[name] for part in parts) for name in (*COUNTS, *DAY_COUNTS)}
    for day in days.values():
        assert day.taken + day.skipped + day.missed == day.expected
        assert day.early + day.on_time + day.late == day.taken
    assert whole["exact_days"] <= whole["expected_days"] <= whole["monitored_days"]
    assert whole["exact_days"] <= whole["at_least_days"] <= whole["monitored_days"]
    assert whole["doses"] == sum(each.status == "taken" for each in doses)
    assert doses_of_expected(whole) >= whole["taken"] + whole["extra"]
    capped, expected = capped_adherence(days.values())
    assert 0 <= capped <= expected <= whole["expected"]
    assert said(whole, *DAY_COUNTS) == all_day_counts([days], list(days))


@given(courses())
@settings(max_examples=100, deadline=None)
def test_what_was_once_expected_stays_expected(
    course: tuple[list[Plan], list[Dose], list[Held], Zones, str],
) -> None:
    plans, doses, holds, zones, now = course
    earlier = count(plans, doses, now, holds, zones)
    later = count(plans, doses, "30 00:00", holds, zones)
    for date_, day in earlier.items():
        assert day.expected <= later[date_].expected
        assert day.taken <= later[date_].taken
        if day.monitored:
            assert day.expected == later[date_].expected
