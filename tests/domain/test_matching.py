"""Which dose filled which slot, and the state of a slot at every instant that changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.matching import (
    Dose,
    Held,
    Match,
    amount_differs,
    catchments,
    closes_at,
    held_spans,
    hold_over,
    is_as_needed,
    match,
    state_of,
    timing_of,
    total,
)
from medtrack.domain.regimen import AsNeeded, Clock, Days, Hold, Interval, Plan
from medtrack.domain.slots import Slot, slots_of
from medtrack.domain.zones import always

UTC_ALWAYS = always("UTC")
DAILY = Days()
TABLET = Amount(Fraction(1), "tablet")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """'10 08:00' is in March 2026, UTC."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def plan(times: str, number: int = 1, starts: str = "01", days: Days = DAILY, **rest: Any) -> Plan:
    clocks = tuple(time.fromisoformat(part) for part in times.split(","))
    return Plan(number, f"plan-{number}", 1, TABLET, Clock(clocks, days), date(2026, 3, int(starts)), **rest)


def slots(*plans: Plan, since: str = "01 00:00", until: str = "28 00:00") -> list[Slot]:
    return slots_of(plans, UTC_ALWAYS, at(since), at(until)).slots


def dose(text: str, uid: str = "", status: str = "taken", named: str | None = None, **rest: Any) -> Dose:
    taken_at = at(text)
    fields: dict[str, Any] = {
        "amount": TABLET, "certainty": "exact", "given_by": None, "note": None, "recorded_at": taken_at, **rest,
    }  # fmt: skip
    return Dose(
        id=0, uid=uid or text, medication_id=1, status=status, taken_at=taken_at, zone="UTC",
        local=taken_at.replace(tzinfo=None), for_slot=None if named is None else at(named), **fields,
    )  # fmt: skip


def filled(planned: list[Slot], *doses: Dose) -> tuple[dict[str, str], list[str]]:
    """By slot ('10 08:00') the uid that filled it, and the uids of the extras."""
    found = match(planned, doses)
    return (
        {
            f"{each.slot.planned_at:%d %H:%M}": each.dose.uid
            for each in found.matches
            if each.dose is not None
        },
        [extra.uid for extra in found.extras],
    )


# --- catchments ----------------------------------------------------------------------------------------------


def test_once_daily_at_eight_catches_from_two_to_two() -> None:
    planned = slots(plan("08:00"))
    for slot, (begins, ends) in zip(planned, catchments(planned), strict=True):
        assert begins == slot.planned_at - 6 * HOUR
        assert ends == slot.planned_at + 18 * HOUR


CATCHMENTS = [
    # (times, slot, begins, ends)
    ("08:00,20:00", "10 08:00", "10 05:00", "10 17:00"),
    ("08:00,20:00", "10 20:00", "10 17:00", "11 05:00"),
    ("08:00,14:00,20:00", "10 08:00", "10 05:00", "10 12:30"),
    ("08:00,14:00,20:00", "10 20:00", "10 18:30", "11 05:00"),
    ("23:45", "10 23:45", "10 17:45", "11 17:45"),
]


@pytest.mark.parametrize(("times", "planned_at", "begins", "ends"), CATCHMENTS)
def test_catchments(times: str, planned_at: str, begins: str, ends: str) -> None:
    planned = slots(plan(times))
    index = [slot.planned_at for slot in planned].index(at(planned_at))
    assert catchments(planned)[index] == (at(begins), at(ends))


def test_a_weekly_slot_catches_from_a_day_before() -> None:
    planned = slots(plan("08:00", days=Days(weekdays=(1,))))
    assert catchments(planned)[1] == (at("09 08:00"), at("16 08:00"))


def test_the_first_and_the_last_slot_use_their_own_spacing() -> None:
    planned = slots(plan("08:00,20:00", starts="10", count=3))
    assert catchments(planned)[0][0] == at("10 05:00")
    assert catchments(planned)[-1][1] == at("11 17:00")


def test_a_plan_followed_by_a_pause_catches_no_more_than_its_own_spacing() -> None:
    planned = slots(plan("08:00", until=date(2026, 3, 5)), plan("08:00", 2, "20"))
    assert catchments(planned)[4] == (at("05 02:00"), at("06 02:00"))
    assert filled(planned, dose("12 08:00")) == ({}, ["12 08:00"])


def test_a_new_plan_soon_after_the_old_does_not_take_its_dose() -> None:
    planned = slots(plan("08:00", until=date(2026, 3, 10)), plan("10:00", 2, "10"))
    found, extras = filled(planned, dose("10 08:10"), dose("10 10:05"))
    assert found == {"10 08:00": "10 08:10", "10 10:00": "10 10:05"}
    assert extras == []


# --- matching --------------------------------------------------------------------------------------------------

ONCE = plan("08:00")
TWICE = plan("08:00,20:00")
MATCHED: list[tuple[str, Plan, list[Dose], dict[str, str], list[str]]] = [
    ("on time", ONCE, [dose("10 08:05", "a")], {"10 08:00": "a"}, []),
    ("the evening dose is today's, late", ONCE, [dose("10 20:30", "a")], {"10 08:00": "a"}, []),
    ("the first second of the catchment", ONCE, [dose("10 02:00", "a")], {"10 08:00": "a"}, []),
    ("the second before it is yesterday's", ONCE, [dose("10 01:59:59", "a")], {"09 08:00": "a"}, []),
    ("after midnight", plan("23:45"), [dose("11 00:10", "a")], {"10 23:45": "a"}, []),
    ("before midnight", plan("00:15"), [dose("09 23:50", "a")], {"10 00:15": "a"}, []),
    ("two close together", TWICE, [dose("10 08:00", "a"), dose("10 08:01", "b")], {"10 08:00": "a"}, ["b"]),
    ("at the same instant, by uid", TWICE, [dose("10 08:00", "b"), dose("10 08:00", "a")], {"10 08:00": "a"}, ["b"]),
    ("an extra repairs no other day", ONCE, [dose("11 08:00", "a"), dose("11 09:00", "b")], {"11 08:00": "a"}, ["b"]),
    (
        "one logged for a slot comes first",
        TWICE,
        [dose("10 08:00", "a"), dose("10 09:00", "b", named="10 08:00")],
        {"10 08:00": "b"},
        ["a"],
    ),
    ("for a slot far away", TWICE, [dose("12 12:00", "a", named="10 08:00")], {"10 08:00": "a"}, []),
    (
        "two for the same slot",
        TWICE,
        [dose("10 09:00", "b", named="10 08:00"), dose("10 08:00", "a", named="10 08:00")],
        {"10 08:00": "a"},
        ["b"],
    ),
    (
        "for a slot that a later change took away",
        TWICE,
        [dose("10 08:05", "a", named="10 09:00")],
        {"10 08:00": "a"},
        [],
    ),
    ("a skip", ONCE, [dose("10 09:00", "s", "skipped")], {"10 08:00": "s"}, []),
    (
        "a take replaces a skip",
        ONCE,
        [dose("10 09:00", "s", "skipped"), dose("10 12:00", "a")],
        {"10 08:00": "a"},
        [],
    ),
    (
        "also one that was named",
        ONCE,
        [dose("10 09:00", "s", "skipped", named="10 08:00"), dose("10 12:00", "a", named="10 08:00")],
        {"10 08:00": "a"},
        [],
    ),
    ("a second skip is no extra", ONCE, [dose("10 09:00", "s", "skipped"), dose("10 10:00", "t", "skipped")], {"10 08:00": "s"}, []),
    ("any amount fills", ONCE, [dose("10 08:00", "a", amount=Amount(Fraction(1, 4), "tablet"))], {"10 08:00": "a"}, []),
    ("before the first slot's catchment", plan("08:00", starts="10"), [dose("10 01:59", "a")], {}, ["a"]),
    ("in the first slot's catchment", plan("08:00", starts="10"), [dose("10 02:00", "a")], {"10 08:00": "a"}, []),
    # The plan ended that morning, after its slot.
    ("on a plan that ended that morning", plan("08:00", ended=at("10 09:00")), [dose("10 13:00", "a")], {"10 08:00": "a"}, []),
    ("the day after it ended", plan("08:00", ended=at("10 09:00")), [dose("11 02:00", "a")], {}, ["a"]),
    ("before its slot, which it took away", plan("08:00", ended=at("10 07:00")), [dose("10 08:00", "a")], {}, ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("timed", "doses", "expected", "extras"), [row[1:] for row in MATCHED], ids=[row[0] for row in MATCHED]
)
def test_which_dose_fills_which_slot(
    timed: Plan, doses: list[Dose], expected: dict[str, str], extras: list[str]
) -> None:
    assert filled(slots(timed), *doses) == (expected, extras)
    assert filled(slots(timed), *reversed(doses)) == (expected, extras)


def test_from_the_last_dose_every_dose_fills_its_own_slot() -> None:
    taken = [at("10 08:00"), at("10 17:30"), at("11 01:00")]
    every = Plan(1, "p", 1, TABLET, Interval(8 * HOUR, from_last_dose=True), at("10 08:00"))
    planned = slots_of(
        [every], UTC_ALWAYS, at("01 00:00"), at("20 00:00"), taken=taken, now=at("11 02:00")
    ).slots
    found = match(planned, [dose(f"{instant:%d %H:%M}") for instant in taken])
    assert [each.dose is not None for each in found.matches] == [True, True, True, False]
    assert found.extras == []


def test_as_needed_where_such_a_plan_runs() -> None:
    needed = Plan(2, "n", 1, TABLET, AsNeeded("pain"), date(2026, 3, 10), until=date(2026, 3, 12))
    assert not is_as_needed([ONCE], UTC_ALWAYS, at("10 09:00"))
    for text, expected in (("09 23:59", False), ("10 00:00", True), ("12 23:59", True), ("13 00:00", False)):
        assert is_as_needed([ONCE, needed], UTC_ALWAYS, at(text)) == expected
    short = needed._replace(until=None, for_days=2)
    assert is_as_needed([ONCE, short], UTC_ALWAYS, at("11 23:59"))
    assert not is_as_needed([ONCE, short], UTC_ALWAYS, at("12 00:00"))


def test_where_no_plan_has_times_no_dose_is_extra() -> None:
    needed = Plan(2, "n", 1, TABLET, AsNeeded("pain"), date(2026, 3, 10), until=date(2026, 3, 12))
    for text in ("01 08:00", "11 08:00", "20 08:00"):
        assert is_as_needed([needed], UTC_ALWAYS, at(text))
    assert not is_as_needed([], UTC_ALWAYS, at("11 08:00"))


# --- states ------------------------------------------------------------------------------------------------------

STATES = [
    # Once daily at 08:00: ± 2 h, missed after 12 h.
    ("08:00", "10 07:59:59", "upcoming"),
    ("08:00", "10 08:00", "due"),
    ("08:00", "10 09:59:59", "due"),
    ("08:00", "10 10:00", "overdue"),
    ("08:00", "10 19:59:59", "overdue"),
    ("08:00", "10 20:00", "missed"),
    # Twice: ± 1 h, missed after 6 h.
    ("08:00,20:00", "10 08:59:59", "due"),
    ("08:00,20:00", "10 09:00", "overdue"),
    ("08:00,20:00", "10 13:59:59", "overdue"),
    ("08:00,20:00", "10 14:00", "missed"),
]


def slot_at(planned: list[Slot], text: str, *doses: Dose) -> Match:
    return next(each for each in match(planned, doses).matches if each.slot.planned_at == at(text))


@pytest.mark.parametrize(("times", "now", "state"), STATES)
def test_the_state_at_every_boundary(times: str, now: str, state: str) -> None:
    assert state_of(slot_at(slots(plan(times)), "10 08:00"), [], at(now)) == state


def test_a_monthly_slot_is_overdue_for_seven_days() -> None:
    found = slot_at(slots(plan("08:00", days=Days(month_days=(10,)))), "10 08:00")
    assert state_of(found, [], at("17 07:59:59")) == "overdue"
    assert state_of(found, [], at("17 08:00")) == "missed"


@pytest.mark.parametrize("now", ["10 07:00", "10 08:00", "11 01:00", "20 00:00"])
def test_taken_and_skipped_stay_so(now: str) -> None:
    planned = slots(ONCE)
    assert state_of(slot_at(planned, "10 08:00", dose("10 06:30")), [], at(now)) == "taken"
    assert (
        state_of(slot_at(planned, "10 08:00", dose("10 06:30", status="skipped")), [], at(now)) == "skipped"
    )


def test_a_dose_logged_after_it_was_missed_still_counts() -> None:
    found = slot_at(slots(ONCE), "10 08:00", dose("11 01:30"))
    assert state_of(found, [], at("11 02:00")) == "taken"
    assert found.dose is not None
    assert timing_of(found.slot, found.dose) == "late"


TIMINGS = [
    ("10 05:59:59", "early"),
    ("10 06:00", "on time"),
    ("10 08:00", "on time"),
    ("10 10:00", "on time"),
    ("10 10:00:01", "late"),
]


@pytest.mark.parametrize(("taken", "timing"), TIMINGS)
def test_on_time_has_both_ends(taken: str, timing: str) -> None:
    assert timing_of(slot_at(slots(ONCE), "10 08:00").slot, dose(taken)) == timing


HOLDS = [
    (Held(at("10 08:00"), at("11 08:00"), "held"), "10 08:00", "held"),
    (Held(at("10 08:00"), at("11 08:00"), "held"), "11 08:00", "upcoming"),
    (Held(at("10 08:01"), None, "held"), "10 08:00", "upcoming"),
    (Held(at("10 08:01"), None, "unknown"), "20 08:00", "unknown"),
]


@pytest.mark.parametrize(("held", "planned_at", "state"), HOLDS)
def test_a_hold_covers_the_slots_planned_in_it(held: Held, planned_at: str, state: str) -> None:
    found = slot_at(slots(ONCE), planned_at)
    assert state_of(found, [held], at("09 12:00")) == state


def test_nobody_could_record_outweighs_an_order() -> None:
    holds = [Held(at("01 00:00"), None, "held"), Held(at("10 00:00"), at("11 00:00"), "unknown")]
    for order in (holds, holds[::-1]):
        found = hold_over(order, at("10 08:00"))
        assert found is not None
        assert found.state == "unknown"
    assert hold_over([], at("10 08:00")) is None


def test_a_hold_given_in_dates_includes_its_last_day() -> None:
    paris = always("Europe/Paris")
    hold = Hold(1, "h", 1, date(2026, 3, 29), date(2026, 3, 29), True, None, None)
    assert held_spans([hold, hold._replace(until=None, unrecorded=False)], paris) == [
        Held(at("28 23:00"), at("29 22:00"), "unknown"),
        Held(at("28 23:00"), None, "held"),
    ]


DIFFERING = [
    (Amount(Fraction(1), "tablet"), None, False),
    (Amount(Fraction(2), "tablet"), None, True),
    (Amount(Fraction(1), "ml"), None, True),
    (None, None, False),
    (Amount(Fraction(2), "tablet"), Fraction(2), False),
    (Amount(Fraction(3, 2), "tablet"), Fraction(2), False),
    (Amount(Fraction(5, 2), "tablet"), Fraction(2), True),
]


@pytest.mark.parametrize(("amount", "high", "differs"), DIFFERING)
def test_an_amount_that_differs_is_told(amount: Amount | None, high: Fraction | None, differs: bool) -> None:
    slot = slots(ONCE)[0]._replace(amount_high=high)
    assert amount_differs(slot, dose("01 08:00", amount=amount)) == differs


def test_the_sum_of_doses() -> None:
    assert total([dose("10 08:00"), dose("10 09:00", amount=None), dose("10 10:00")]) == 2
    assert total([]) == 0


# --- laws ----------------------------------------------------------------------------------------------------------

clock_times = st.integers(0, 24 * 4 - 1).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def sequences(draw: st.DrawFn) -> list[Slot]:
    """The slots of one to three plans that follow each other, some with a gap between them."""
    plans: list[Plan] = []
    begin = at("01 00:00")
    for number in range(1, draw(st.integers(1, 3)) + 1):
        end = begin + draw(st.integers(1, 200)) * HOUR
        times = tuple(sorted(draw(st.sets(clock_times, min_size=1, max_size=4))))
        every = draw(st.integers(1, 3))
        plans.append(Plan(number, str(number), 1, TABLET, Clock(times, Days(every=every)), begin, ended=end))
        begin = end + draw(st.sampled_from([0, 0, 30])) * HOUR
    return slots_of(plans, UTC_ALWAYS, at("01 00:00"), at("01 00:00") + 40 * DAY).slots


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Slot], list[Dose]]:
    planned = draw(sequences())
    doses: list[Dose] = []
    for number in range(draw(st.integers(0, 14))):
        taken_at = at("01 00:00") + draw(st.integers(-1000, 40_000)) * MINUTE
        named = (
            draw(st.sampled_from(planned)).planned_at if planned and draw(st.integers(0, 3)) == 0 else None
        )
        status = draw(st.sampled_from(["taken", "taken", "taken", "skipped"]))
        doses.append(
            dose("01 00:00", f"u{number}", status)._replace(
                taken_at=taken_at, local=taken_at.replace(tzinfo=None), for_slot=named
            )
        )
    return planned, doses


@given(sequences())
@settings(max_examples=150, deadline=None)
def test_catchments_never_overlap_and_hold_their_slot(planned: list[Slot]) -> None:
    spans = catchments(planned)
    for slot, (begins, ends) in zip(planned, spans, strict=True):
        assert begins <= slot.planned_at < ends or any(
            other.planned_at == slot.planned_at for other in planned if other is not slot
        )
        assert slot.planned_at - begins <= min(slot.nominal / 4, DAY)
    for (_, ends), (begins, _) in pairwise(spans):
        assert ends <= begins


@given(logs(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_no_dose_is_lost_or_used_twice_and_the_order_of_typing_does_not_matter(
    log: tuple[list[Slot], list[Dose]],
    chance,  # type: ignore[no-untyped-def]
) -> None:
    planned, doses = log
    found = match(planned, doses)
    shuffled = list(doses)
    chance.shuffle(shuffled)
    assert match(planned, shuffled) == found
    taken = [each.dose.uid for each in found.matches if each.dose is not None and each.dose.status == "taken"]
    used = taken + [extra.uid for extra in found.extras]
    assert sorted(used) == sorted(each.uid for each in doses if each.status == "taken")
    assert [each.slot for each in found.matches] == planned


@given(logs())
@settings(max_examples=200, deadline=None)
def test_matching_agrees_with_the_rules_read_one_by_one(log: tuple[list[Slot], list[Dose]]) -> None:
    planned, doses = log
    if len({slot.planned_at for slot in planned}) < len(planned):
        return
    spans = catchments(planned)
    expected: dict[datetime, str] = {}
    taken = sorted((each for each in doses if each.status == "taken"), key=lambda d: (d.taken_at, d.uid))
    for named in (True, False):
        for each in taken:
            if (each.for_slot is not None) != named:
                continue
            if each.for_slot is not None:
                wanted = [each.for_slot]
            else:
                wanted = [
                    slot.planned_at
                    for slot, (begins, ends) in zip(planned, spans, strict=True)
                    if begins <= each.taken_at < ends
                ]
            assert len(wanted) <= 1
            if wanted and wanted[0] not in expected:
                expected[wanted[0]] = each.uid
    found = match(planned, doses)
    assert {
        each.slot.planned_at: each.dose.uid
        for each in found.matches
        if each.dose is not None and each.dose.status == "taken"
    } == expected
    for each in found.matches:
        if each.dose is not None and each.dose.status == "skipped":
            assert each.slot.planned_at not in expected


@given(sequences(), st.integers(-100, 50_000))
@settings(max_examples=100, deadline=None)
def test_states_follow_each_other_in_time(planned: list[Slot], minutes: int) -> None:
    order = ["upcoming", "due", "overdue", "missed"]
    now = at("01 00:00") + minutes * MINUTE
    for found in match(planned, []).matches:
        before, after = state_of(found, [], now), state_of(found, [], now + MINUTE)
        assert order.index(before) <= order.index(after)
        closes = closes_at(found.slot)
        assert state_of(found, [], closes - SECOND) == "overdue"
        assert state_of(found, [], closes) == "missed"


@given(
    times=st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True).map(sorted),
    new=st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True).map(sorted),
    weekdays=st.sampled_from([(), (1,), (0, 3), (1, 2, 5)]),
    taken=st.lists(st.integers(0, 20 * 24 - 1), max_size=30, unique=True),
    cut=st.integers(5 * 24, 20 * 24),
    follows=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_a_change_from_now_on_alters_no_dose_of_before(
    times: list[int],
    new: list[int],
    weekdays: tuple[int, ...],
    taken: list[int],
    cut: int,
    follows: bool,
) -> None:
    begun = at("01 00:00")
    now = begun + cut * HOUR
    written = ",".join(f"{hour:02}:10" for hour in times)
    before = plan(written, days=Days(weekdays=weekdays))
    changed = [before._replace(ended=now)]
    if follows:
        changed.append(plan(",".join(f"{hour:02}:40" for hour in new), 2)._replace(starts=now))
    doses = [
        dose("01 00:00", f"{hour:03}")._replace(taken_at=begun + hour * HOUR)
        for hour in taken
        if begun + hour * HOUR < now
    ]

    def of(plans: list[Plan]) -> dict[datetime, str | None]:
        found = slots_of(plans, UTC_ALWAYS, begun, at("28 00:00"))
        matching = match(found.slots, doses, found.edges)
        return {
            each.slot.planned_at: None if each.dose is None else each.dose.uid
            for each in matching.matches
            if each.slot.planned_at < now
        }

    assert of(changed) == of([before])
