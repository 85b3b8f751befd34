"""Plans in, slots out: placement, clock changes, journeys, bounds, and windows that join."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import AsNeeded, Bound, Clock, Days, Interval, Plan, Timing
from medtrack.domain.slots import (
    FAR,
    Edges,
    Planned,
    Slot,
    plan_span,
    planned_seconds,
    reach,
    real_span,
    slots_of,
    window_of,
)
from medtrack.domain.zones import Zones, always, load_zone

PARIS = always("Europe/Paris")
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
PAST = datetime(1990, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TABLET = Amount(Fraction(1), "tablet")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clocks(text: str) -> tuple[time, ...]:
    return tuple(time.fromisoformat(part) for part in text.split(","))


def bound(text: str) -> Bound:
    """A date, or an instant in UTC."""
    return date.fromisoformat(text) if len(text) == 10 else utc(text)


def plan(timing: Timing | str, starts: str, number: int = 1, **rest: Any) -> Plan:
    """A plan; the timing may be its clock times. Bounds are texts."""
    for name in ("until", "ended"):
        if rest.get(name) is not None:
            rest[name] = bound(rest[name])
    shape = Clock(clocks(timing)) if isinstance(timing, str) else timing
    return Plan(number, f"plan-{number}", 1, TABLET, shape, bound(starts), **rest)


def lived(first: str, *changes: tuple[str, str]) -> Zones:
    """A zone timeline: the first zone, then (from when in UTC, zone)."""
    return Zones(((PAST, first), *((utc(at), key) for at, key in changes)))


def expand(plans: Plan | list[Plan], zones: Zones, since: str, until: str, **rest: Any) -> Planned:
    found = slots_of([plans] if isinstance(plans, Plan) else plans, zones, utc(since), utc(until), **rest)
    assert [slot.planned_at for slot in found.slots] == sorted(slot.planned_at for slot in found.slots)
    return found


def shown(slots: list[Slot]) -> list[str]:
    """Local wall time, UTC time and flags: '03-29 03:30 = 01:30 gap'."""
    return [" ".join((f"{slot.local:%m-%d %H:%M} = {slot.planned_at:%H:%M}", *slot.flags)) for slot in slots]


def days_of(found: Planned) -> list[str]:
    return [f"{slot.local:%m-%d}" for slot in found.slots]


# --- changes of the clocks -----------------------------------------------------------------------------

CLOCK_CHANGES = [
    # Spring in Paris: 02:00 becomes 03:00 at 01:00 UTC.
    ("08:00", "2026-03-28", "2026-03-30", ["03-28 08:00 = 07:00", "03-29 08:00 = 06:00"]),
    (
        "02:30",
        "2026-03-28",
        "2026-03-31",
        ["03-28 02:30 = 01:30", "03-29 03:30 = 01:30 gap", "03-30 02:30 = 00:30"],
    ),
    ("02:00", "2026-03-29", "2026-03-30", ["03-29 03:00 = 01:00 gap"]),
    ("03:00", "2026-03-29", "2026-03-30", ["03-29 03:00 = 01:00"]),
    # Autumn: 03:00 becomes 02:00 at 01:00 UTC.
    (
        "02:30",
        "2026-10-24",
        "2026-10-27",
        ["10-24 02:30 = 00:30", "10-25 02:30 = 00:30 fold", "10-26 02:30 = 01:30"],
    ),
    (
        "01:00,02:00,03:00",
        "2026-10-25",
        "2026-10-26",
        ["10-25 01:00 = 23:00", "10-25 02:00 = 00:00 fold", "10-25 03:00 = 02:00 long-gap"],
    ),
    # Distances are measured in elapsed time: 3 h of clock are 2 h in spring, and 4 h in autumn.
    (
        "00:00,03:00,06:00",
        "2026-03-29",
        "2026-03-30",
        ["03-29 00:00 = 23:00", "03-29 03:00 = 01:00 short-gap", "03-29 06:00 = 04:00"],
    ),
    (
        "00:00,03:00,06:00",
        "2026-10-25",
        "2026-10-26",
        ["10-25 00:00 = 22:00", "10-25 03:00 = 02:00 long-gap", "10-25 06:00 = 05:00"],
    ),
    # Three quarters and five quarters exactly are not flagged (4 h as 3 h, and as 5 h).
    ("00:00,04:00", "2026-03-29", "2026-03-30", ["03-29 00:00 = 23:00", "03-29 04:00 = 02:00"]),
    ("00:00,04:00", "2026-10-25", "2026-10-26", ["10-25 00:00 = 22:00", "10-25 04:00 = 03:00"]),
]


@pytest.mark.parametrize(("times", "since", "until", "expected"), CLOCK_CHANGES)
def test_wall_times_over_a_clock_change(times: str, since: str, until: str, expected: list[str]) -> None:
    found = slots_of(
        [plan(times, "2026-01-01")], PARIS, utc(f"{since} 00:00") - DAY, utc(f"{until} 00:00") + DAY
    )
    assert shown([slot for slot in found.slots if since <= f"{slot.local:%Y-%m-%d}" < until]) == expected
    assert not found.dropped


DROPPED = [
    # The clock jumped over the one before: both would fall on the same instant, or the wrong way round.
    (
        "02:30,03:30",
        ["03-29 03:30 = 01:30 gap"],
        ["03-29 03:30: not after the dose before it, where 1 h were"],
    ),
    (
        "02:30,03:15",
        ["03-29 03:30 = 01:30 gap"],
        ["03-29 03:15: not after the dose before it, where 45 min were"],
    ),
    # 1 h 20 min of clock are 20 min: less than half.
    (
        "01:50,03:10",
        ["03-29 01:50 = 00:50"],
        ["03-29 03:10: 20 min after the dose before it, where 1 h 20 min were"],
    ),
    # Half exactly is kept: 2 h as 1 h.
    ("01:00,03:00", ["03-29 01:00 = 00:00", "03-29 03:00 = 01:00 short-gap"], []),
]


@pytest.mark.parametrize(("times", "kept", "lost"), DROPPED)
def test_a_slot_pushed_onto_its_neighbour_is_dropped_and_shown(
    times: str, kept: list[str], lost: list[str]
) -> None:
    found = expand(plan(times, "2026-03-01"), PARIS, "2026-03-28 23:00", "2026-03-29 22:00")
    assert shown(found.slots) == kept
    assert [
        f"{drop.local:%m-%d %H:%M}: {drop.reason.removesuffix(' planned: the clock or the zone changed')}"
        for drop in found.dropped
    ] == lost


def test_close_times_are_no_reason_to_drop() -> None:
    found = expand(plan("08:00,08:05,20:00", "2026-03-10"), PARIS, "2026-03-10 00:00", "2026-03-11 00:00")
    assert len(found.slots) == 3
    assert not found.dropped


def test_a_day_that_never_was() -> None:
    # Samoa had no 30 December 2011: its slots fall on those of the 31st, each once.
    apia = always("Pacific/Apia")
    found = slots_of(
        [plan("08:00,20:00", "2011-12-01")], apia, utc("2011-12-29 12:00"), utc("2012-01-01 12:00")
    )
    assert [f"{slot.local:%m-%d %H:%M}" for slot in found.slots] == [
        "12-29 08:00",
        "12-29 20:00",
        "12-31 08:00",
        "12-31 20:00",
        "01-01 08:00",
        "01-01 20:00",
    ]
    assert len(found.dropped) == 2


# --- journeys ------------------------------------------------------------------------------------------

EAST = "America/New_York", ("2026-01-10 11:00", "Europe/Paris")
"""Arrival at 12:00 in Paris, 06:00 in New York."""
JOURNEYS = [
    # West: the old 08:00 was 07:00 UTC; the new one comes 6 h later, which is too close once daily ...
    (
        "08:00",
        ("Europe/Paris", ("2026-01-10 12:00", "America/New_York")),
        ["01-09 08:00 = 07:00", "01-10 08:00 = 07:00", "01-11 08:00 = 13:00 zone-change"],
        ["01-10 08:00 = 13:00"],
    ),
    # ... and just far enough twice daily.
    (
        "08:00,20:00",
        ("Europe/Paris", ("2026-01-10 12:00", "America/New_York")),
        [
            "01-09 20:00 = 19:00",
            "01-10 08:00 = 07:00",
            "01-10 08:00 = 13:00 zone-change short-gap",
            "01-10 20:00 = 01:00",
            "01-11 08:00 = 13:00",
        ],
        [],
    ),
    # East: nobody's clock showed that day's 08:00; it is due at once, not lost.
    (
        "08:00",
        EAST,
        [
            "01-09 08:00 = 13:00",
            "01-10 08:00 = 07:00 overdue-on-arrival zone-change",
            "01-11 08:00 = 07:00",
        ],
        [],
    ),
    # That date's 08:00 was had before the journey, on the old clock.
    (
        "08:00",
        ("America/New_York", ("2026-01-10 14:00", "Europe/Paris")),
        ["01-09 08:00 = 13:00", "01-10 08:00 = 13:00", "01-11 08:00 = 07:00 zone-change"],
        [],
    ),
    # East, over 20:00, four hours after the 08:00 dose: too close to be due at once, so it is dropped.
    (
        "08:00,20:00",
        ("Europe/Paris", ("2026-01-10 12:00", "Asia/Tokyo")),
        ["01-09 20:00 = 19:00", "01-10 08:00 = 07:00", "01-11 08:00 = 23:00 zone-change long-gap"],
        ["01-10 20:00 = 11:00"],
    ),
    # Over the date line to the east a date is skipped: its dose falls on the one taken before, and is listed.
    (
        "21:00",
        ("Pacific/Honolulu", ("2026-01-11 03:00", "Pacific/Kiritimati")),
        ["01-08 21:00 = 07:00", "01-09 21:00 = 07:00", "01-11 21:00 = 07:00 zone-change"],
        ["01-10 21:00 = 07:00"],
    ),
    # A clock that went back jumped over nothing: 20:00 was had before the journey.
    (
        "08:00,20:00",
        ("Europe/Paris", ("2026-01-10 02:00", "America/New_York")),
        ["01-09 20:00 = 19:00", "01-10 08:00 = 13:00 zone-change long-gap", "01-10 20:00 = 01:00"],
        [],
    ),
    # There and back between two slots changes nothing.
    (
        "08:00",
        ("Europe/Paris", ("2026-01-10 10:00", "America/New_York"), ("2026-01-10 11:00", "Europe/Paris")),
        ["01-09 08:00 = 07:00", "01-10 08:00 = 07:00", "01-11 08:00 = 07:00"],
        [],
    ),
    # Over the date line to the west a date is lived twice, and holds two doses.
    (
        "08:00",
        ("Pacific/Kiritimati", ("2026-01-09 20:00", "Pacific/Honolulu")),
        [
            "01-09 08:00 = 18:00",
            "01-10 08:00 = 18:00",
            "01-10 08:00 = 18:00 zone-change",
            "01-11 08:00 = 18:00",
        ],
        [],
    ),
]


@pytest.mark.parametrize(("times", "zones", "kept", "lost"), JOURNEYS)
def test_clock_plans_follow_the_person(
    times: str, zones: tuple[Any, ...], kept: list[str], lost: list[str]
) -> None:
    found = slots_of(
        [plan(times, "2026-01-01")], lived(*zones), utc("2026-01-08 15:00"), utc("2026-01-11 20:00")
    )
    lines = shown(found.slots)
    begin = lines.index(kept[0])
    assert lines[begin : begin + len(kept)] == kept
    assert [f"{drop.local:%m-%d %H:%M} = {drop.planned_at:%H:%M}" for drop in found.dropped] == lost


def test_a_weekly_dose_survives_a_flight_over_its_hour() -> None:
    weekly = plan(Clock(clocks("08:00"), Days(weekdays=(0,))), "2026-01-01")
    zones = lived("America/New_York", ("2026-01-12 10:00", "Europe/Paris"))
    found = expand(weekly, zones, "2026-01-04 00:00", "2026-01-20 00:00")
    assert shown(found.slots) == [
        "01-05 08:00 = 13:00",
        "01-12 08:00 = 07:00 overdue-on-arrival zone-change",
        "01-19 08:00 = 07:00",
    ]


def test_a_pinned_plan_keeps_its_home_zone() -> None:
    pinned = plan("08:00", "2026-01-01", pinned_zone="Europe/Paris")
    zones = lived("Europe/Paris", ("2026-01-10 12:00", "Asia/Tokyo"))
    found = expand(pinned, zones, "2026-01-09 00:00", "2026-01-13 00:00")
    assert shown(found.slots) == [f"01-{day:02} 08:00 = 07:00" for day in range(9, 13)]
    assert {slot.zone for slot in found.slots} == {"Europe/Paris"}


def test_the_bounds_of_a_pinned_plan_are_days_at_home() -> None:
    pinned = plan("23:30", "2026-01-10", until="2026-01-10", pinned_zone="America/New_York")
    found = expand(pinned, always("Asia/Tokyo"), "2026-01-01 00:00", "2026-02-01 00:00")
    assert [slot.planned_at for slot in found.slots] == [utc("2026-01-11 04:30")]


def test_an_interval_does_not_notice_clocks_or_journeys() -> None:
    every = plan(Interval(8 * HOUR), "2026-03-28 06:00")
    zones = lived("Europe/Paris", ("2026-03-29 12:00", "America/New_York"))
    found = expand(every, zones, "2026-03-28 00:00", "2026-03-30 06:00")
    assert shown(found.slots) == [
        "03-28 07:00 = 06:00",
        "03-28 15:00 = 14:00",
        "03-28 23:00 = 22:00",
        "03-29 08:00 = 06:00",
        "03-29 10:00 = 14:00",
        "03-29 18:00 = 22:00",
    ]


# --- day patterns ----------------------------------------------------------------------------------------

PATTERNS: list[tuple[Days, str, str, list[str]]] = [
    (Days(), "2026-03-10", "2026-03-13", ["03-10", "03-11", "03-12"]),
    (Days(every=3), "2026-03-10", "2026-03-20", ["03-10", "03-13", "03-16", "03-19"]),
    (Days(every=14), "2026-03-10", "2026-04-08", ["03-10", "03-24", "04-07"]),
    (Days(weekdays=(0, 3)), "2026-03-10", "2026-03-20", ["03-12", "03-16", "03-19"]),
    # Every second week is counted from the week of the first slot, Monday first.
    (Days(weekdays=(0, 3), weeks=2), "2026-03-10", "2026-04-01", ["03-12", "03-23", "03-26"]),
    (Days(cycle=(3, 2)), "2026-03-10", "2026-03-20", ["03-10", "03-11", "03-12", "03-15", "03-16", "03-17"]),
    (Days(month_days=(1, 15)), "2026-03-10", "2026-05-02", ["03-15", "04-01", "04-15", "05-01"]),
    (Days(month_days=(31,)), "2026-01-15", "2026-06-01", ["01-31", "02-28", "03-31", "04-30", "05-31"]),
    (Days(month_days=(29, 30, 31)), "2026-02-01", "2026-03-31", ["02-28", "03-29", "03-30"]),
    (
        Days(year_day=(2, 29)),
        "2023-01-01",
        "2029-01-01",
        ["02-28", "02-29", "02-28", "02-28", "02-28", "02-29"],
    ),
    (Days(year_day=(12, 25)), "2026-03-10", "2028-01-01", ["12-25", "12-25"]),
    (Days(rrule="FREQ=MONTHLY;BYDAY=1MO"), "2026-03-10", "2026-06-30", ["04-06", "05-04", "06-01"]),
    (Days(rrule="FREQ=DAILY;INTERVAL=2;COUNT=3"), "2026-03-10", "2027-01-01", ["03-10", "03-12", "03-14"]),
    # Every condition that is set must hold, a rule among them.
    (Days(rrule="FREQ=DAILY", weekdays=(1,)), "2026-03-11", "2026-03-30", ["03-17", "03-24"]),
    (Days(weekdays=(4,), month_days=(13,)), "2026-01-01", "2027-01-01", ["02-13", "03-13", "11-13"]),
]


@pytest.mark.parametrize(("days", "starts", "until", "expected"), PATTERNS)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Auckland", "UTC"])
def test_day_patterns(days: Days, starts: str, until: str, expected: list[str], zone: str) -> None:
    found = expand(
        plan(Clock(clocks("08:00"), days), starts), always(zone), "2020-01-01 00:00", f"{until} 00:00"
    )
    assert [day for day in days_of(found) if day != until[5:]] == expected
    assert not found.dropped
    assert {slot.flags for slot in found.slots} == {()}


def test_a_twenty_eight_day_cycle_runs_over_a_clock_change() -> None:
    pill = plan(Clock(clocks("22:00"), Days(cycle=(21, 7))), "2026-03-02")
    found = expand(pill, PARIS, "2026-03-01 00:00", "2026-05-01 00:00")
    first = date(2026, 3, 2)
    assert [slot.local.date() for slot in found.slots] == [
        first + timedelta(day) for day in range(60) if day % 28 < 21
    ]
    assert {slot.local.time() for slot in found.slots} == {time(22)}
    assert found.slots[21].nominal == 8 * DAY


START_OF_DAY = [
    # The first slot at or after the start anchors the pattern.
    ("2026-03-10 07:00", "03-10"),  # 08:00 in Paris exactly
    ("2026-03-10 07:01", "03-11"),
    ("2026-03-09 23:00", "03-10"),
]


@pytest.mark.parametrize(("starts", "first"), START_OF_DAY)
def test_a_pattern_is_anchored_at_the_first_slot(starts: str, first: str) -> None:
    every = plan(Clock(clocks("08:00"), Days(every=2)), starts)
    days = days_of(expand(every, PARIS, "2026-03-01 00:00", "2026-03-20 00:00"))
    assert days[0] == first
    assert days[1] == f"03-{int(first[-2:]) + 2:02}"


def test_a_slot_carried_over_the_gap_still_anchors_its_day() -> None:
    # From 03:00 on 29 March, when 02:30 was jumped over and falls on 03:30.
    every = plan(Clock(clocks("02:30"), Days(every=2)), "2026-03-29 01:00")
    assert days_of(expand(every, PARIS, "2026-03-28 00:00", "2026-04-03 00:00")) == [
        "03-29",
        "03-31",
        "04-02",
    ]


def test_a_journey_on_the_first_day_still_gives_that_day_its_slot() -> None:
    every = plan(Clock(clocks("08:00"), Days(every=2)), "2026-01-10 09:00")
    zones = lived("Europe/Paris", ("2026-01-10 11:00", "America/New_York"))
    found = expand(every, zones, "2026-01-01 00:00", "2026-01-13 00:00")
    assert shown(found.slots) == ["01-10 08:00 = 13:00", "01-12 08:00 = 13:00"]


# --- bounds ------------------------------------------------------------------------------------------------

BOUNDS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("08:00,20:00", "2026-03-08", {"until": "2026-03-09"}, ["08 08", "08 20", "09 08", "09 20"]),
    ("08:00,20:00", "2026-03-08", {"until": "2026-03-09 07:00"}, ["08 08", "08 20"]),
    ("08:00,20:00", "2026-03-08", {"until": "2026-03-09 07:01"}, ["08 08", "08 20", "09 08"]),
    ("08:00,20:00", "2026-03-08 07:00", {"until": "2026-03-08"}, ["08 08", "08 20"]),
    ("08:00,20:00", "2026-03-08 07:01", {"until": "2026-03-08"}, ["08 20"]),
    # Where a change cut it short, a date means its first moment.
    ("08:00,20:00", "2026-03-08", {"ended": "2026-03-09"}, ["08 08", "08 20"]),
    ("08:00,20:00", "2026-03-08", {"ended": "2026-03-08 19:00"}, ["08 08"]),
    ("08:00,20:00", "2026-03-08", {"ended": "2026-03-01"}, []),
    ("08:00,20:00", "2026-03-08", {"count": 3}, ["08 08", "08 20", "09 08"]),
    ("08:00,20:00", "2026-03-08", {"count": 3, "ended": "2026-03-08 12:00"}, ["08 08"]),
    ("08:00,20:00", "2026-03-08", {"for_days": 2}, ["08 08", "08 20", "09 08", "09 20"]),
    # So many calendar days from the first slot: begun in the evening, it ends in the morning.
    ("08:00,20:00", "2026-03-08 12:00", {"for_days": 2}, ["08 20", "09 08", "09 20", "10 08"]),
    ("08:00,20:00", "2026-03-08", {"for_days": 5, "until": "2026-03-08"}, ["08 08", "08 20"]),
]


@pytest.mark.parametrize(("times", "starts", "bounds", "expected"), BOUNDS)
def test_bounds(times: str, starts: str, bounds: dict[str, Any], expected: list[str]) -> None:
    bounded = plan(times, starts, **bounds)
    found = expand(bounded, PARIS, "2026-01-01 00:00", "2026-12-01 00:00")
    assert [f"{slot.local:%d %H}" for slot in found.slots] == expected
    since, until = real_span(bounded, PARIS)
    assert all(since <= slot.planned_at < until for slot in found.slots)
    if "count" in bounds or "for_days" in bounds:
        assert until <= found.slots[-1].planned_at + timedelta(seconds=1)


@pytest.mark.parametrize("starts", ["2026-03-01", "2026-03-01 12:00", "2026-03-25", "2026-10-20"])
def test_twice_daily_for_ten_days_is_twenty_slots(starts: str) -> None:
    found = slots_of([plan("08:00,20:00", starts, for_days=10)], PARIS, PAST, FUTURE)
    assert len(found.slots) == 20


def test_days_are_counted_on_the_wall_clock_the_plan_names() -> None:
    # The first slot is carried from 02:30 to 03:30; five days are five doses all the same.
    found = slots_of([plan("02:30", "2026-03-29", for_days=5)], PARIS, PAST, FUTURE)
    assert days_of(found) == ["03-29", "03-30", "03-31", "04-01", "04-02"]


def test_a_count_counts_kept_slots() -> None:
    found = slots_of([plan("02:30,03:30", "2026-03-28", count=5)], PARIS, PAST, FUTURE)
    assert len(found.slots) == 5
    assert len(found.dropped) == 1
    later = slots_of([plan("02:30,03:30", "2026-03-28", count=5)], PARIS, utc("2026-03-30 00:00"), FUTURE)
    assert later.slots == found.slots[-2:]


INTERVAL_BOUNDS: list[tuple[dict[str, Any], int]] = [
    ({"count": 4}, 4),
    ({"for_days": 1}, 3),
    ({"for_days": 2}, 6),
    ({"until": "2026-03-09"}, 6),
    ({"until": "2026-03-09 22:00"}, 5),
    ({"until": "2026-03-09 22:01"}, 6),
    ({"ended": "2026-03-09"}, 3),
]


@pytest.mark.parametrize(("bounds", "number"), INTERVAL_BOUNDS)
def test_bounds_of_an_interval(bounds: dict[str, Any], number: int) -> None:
    every = plan(Interval(8 * HOUR), "2026-03-08 06:00", **bounds)
    slots = slots_of([every], PARIS, PAST, FUTURE).slots
    assert [slot.planned_at for slot in slots] == [
        utc("2026-03-08 06:00") + step * 8 * HOUR for step in range(number)
    ]


@pytest.mark.parametrize(
    "rest", [{}, {"until": "2026-03-12"}, {"for_days": 4}, {"ended": "2026-03-13"}], ids=str
)
@pytest.mark.parametrize("timing", ["08:00,20:00", Interval(8 * HOUR)], ids=str)
def test_a_plan_of_no_dose_has_no_slots_and_lasts_as_long(timing: Timing | str, rest: dict[str, Any]) -> None:
    some = plan(timing, "2026-03-10", **rest)
    none = some._replace(amount=Amount(Fraction(0), "tablet"))
    assert some.is_empty is False
    assert none.is_empty is True
    assert expand(none, PARIS, "2026-03-01", "2026-04-01") == ([], [], Edges({1: utc("2026-03-09T23:00")}))
    assert planned_seconds(none, PARIS, utc("2026-03-01"), utc("2026-04-01")) == []
    assert plan_span(none, PARIS) == plan_span(some, PARIS)
    assert real_span(none, PARIS) == real_span(some, PARIS)


def test_an_as_needed_plan_has_no_slots_but_a_span() -> None:
    needed = plan(AsNeeded("pain"), "2026-03-08", for_days=3)
    assert slots_of([needed], PARIS, PAST, FUTURE) == Planned([], [], Edges({}, {}))
    assert real_span(needed, PARIS) == (utc("2026-03-07 23:00"), utc("2026-03-10 23:00"))
    assert plan_span(plan(AsNeeded(), "2026-03-08"), PARIS)[1] == FAR


# --- one plan after another ----------------------------------------------------------------------------------


def test_a_change_of_plan_drops_nothing_and_says_so() -> None:
    old = plan("08:00", "2026-03-01", ended="2026-03-10 09:00")
    new = plan("12:00", "2026-03-10 09:00", number=2)
    found = expand([old, new], PARIS, "2026-03-09 00:00", "2026-03-12 00:00")
    assert shown(found.slots) == [
        "03-09 08:00 = 07:00",
        "03-10 08:00 = 07:00",
        "03-10 12:00 = 11:00 short-gap",
        "03-11 12:00 = 11:00",
    ]
    # The window makes no difference, also where it begins between the two.
    assert expand([old, new], PARIS, "2026-03-10 08:00", "2026-03-12 00:00").slots == found.slots[2:]


def test_plans_side_by_side_are_no_change_of_plan() -> None:
    morning, night = plan("08:00", "2026-03-01"), plan("20:00", "2026-03-01", number=2)
    found = expand([morning, night], PARIS, "2026-03-09 00:00", "2026-03-12 00:00")
    assert {slot.flags for slot in found.slots} == {()}
    assert [slot.plan_id for slot in found.slots] == [1, 2] * 3


# --- from the last dose ----------------------------------------------------------------------------------------

FROM_LAST = [
    # (doses, now, planned instants), every 8 h from 8 March 08:00 UTC.
    ([], "08 07:00", ["08 08:00"]),
    ([], "08 11:59", ["08 08:00"]),
    # Missed after half the distance: then the next one is planned.
    ([], "08 12:00", ["08 08:00", "08 16:00"]),
    (["08 08:10"], "08 08:10", ["08 08:00", "08 16:10"]),
    (["08 09:00", "08 17:30"], "08 18:00", ["08 08:00", "08 17:00", "09 01:30"]),
    # A quarter early fills it; earlier is a dose of its own, from which the wait begins anew.
    (["08 08:00", "08 14:00"], "08 14:00", ["08 08:00", "08 16:00", "08 22:00"]),
    (["08 08:00", "08 13:59"], "08 14:00", ["08 08:00", "08 21:59"]),
    # After a missed one, what came in between stays planned.
    (["08 08:00", "09 02:00"], "09 02:00", ["08 08:00", "08 16:00", "09 00:00", "09 10:00"]),
    # Doses before the plan, as far as they fill nothing of it.
    (["08 05:59"], "08 07:00", ["08 08:00"]),
    (["08 06:00"], "08 07:00", ["08 08:00", "08 14:00"]),
]


@pytest.mark.parametrize(("doses", "now", "expected"), FROM_LAST)
def test_one_open_slot_at_a_time(doses: list[str], now: str, expected: list[str]) -> None:
    every = plan(Interval(8 * HOUR, from_last_dose=True), "2026-03-08 08:00")
    taken = [utc(f"2026-03-{dose}") for dose in doses]
    found = slots_of([every], PARIS, PAST, FUTURE, taken=taken, now=utc(f"2026-03-{now}"))
    assert [f"{slot.planned_at:%d %H:%M}" for slot in found.slots] == expected


def test_a_weekly_interval_from_the_last_dose_is_early_by_a_day_at_most() -> None:
    # As its catchment: a dose 30 h early is one of its own and fills nothing.
    every = plan(Interval(168 * HOUR, from_last_dose=True), "2026-03-02 08:00")
    first = utc("2026-03-02 08:00")
    for early, planned in ((24 * HOUR, 3), (30 * HOUR, 2)):
        taken = [first, first + 168 * HOUR - early]
        found = slots_of([every], PARIS, PAST, FUTURE, taken=taken, now=taken[-1]).slots
        assert len(found) == planned
        assert found[-1].planned_at == taken[-1] + 168 * HOUR


def test_a_count_from_the_last_dose() -> None:
    every = plan(Interval(8 * HOUR, from_last_dose=True), "2026-03-08 08:00", count=2)
    taken = [utc("2026-03-08 08:00"), utc("2026-03-08 17:00")]
    found = slots_of([every], PARIS, PAST, FUTURE, taken=taken, now=utc("2026-03-09 00:00"))
    assert [f"{slot.planned_at:%d %H:%M}" for slot in found.slots] == ["08 08:00", "08 16:00"]


# --- windows ---------------------------------------------------------------------------------------------------

WINDOWS: list[tuple[Timing, dict[str, Any], float]] = [
    (Clock(clocks("08:00")), {}, 120),
    (Clock(clocks("08:00"), Days(weekdays=(0,))), {}, 120),
    (Clock(clocks("08:00,20:00")), {}, 60),
    (Interval(8 * HOUR), {}, 60),
    (Interval(24 * HOUR), {}, 120),
    (Interval(2 * HOUR), {}, 30),
    (Clock(clocks("08:00")), {"time_critical": True}, 30),
    (Clock(clocks("08:00,20:00")), {"window": timedelta(minutes=90)}, 90),
    (Clock(clocks("08:00,20:00")), {"window": timedelta(hours=9)}, 180),
    (Clock(clocks("08:00")), {"window": timedelta(minutes=5), "time_critical": True}, 5),
]


@pytest.mark.parametrize(("timing", "rest", "minutes"), WINDOWS)
def test_what_counts_as_on_time(timing: Timing, rest: dict[str, Any], minutes: float) -> None:
    slots = slots_of(
        [plan(timing, "2026-01-05", **rest)], PARIS, utc("2026-01-12 00:00"), utc("2026-02-01 00:00")
    )
    assert slots.slots[0].window == timedelta(minutes=minutes)


def test_a_window_is_never_wider_than_a_quarter_of_the_spacing() -> None:
    close = plan("08:00,08:40", "2026-01-05")
    assert window_of(close, timedelta(minutes=40)) == timedelta(minutes=10)


# --- laws ------------------------------------------------------------------------------------------------------

KEYS = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland", "UTC"]
KEYS += ["Pacific/Honolulu", "Pacific/Kiritimati", "America/St_Johns"]
BASE = datetime(2026, 1, 1, tzinfo=UTC)

minutes = st.integers(0, 24 * 60 - 1).map(lambda at: time(at // 60, at % 60))
times_of_day = st.lists(minutes, min_size=1, max_size=5, unique=True).map(lambda found: tuple(sorted(found)))


def tuples_of(low: int, high: int, most: int = 7) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(st.integers(low, high), min_size=1, max_size=most).map(lambda found: tuple(sorted(found)))


patterns = st.one_of(
    st.just(Days()),
    st.integers(1, 10).map(lambda every: Days(every=every)),
    st.tuples(tuples_of(0, 6), st.integers(1, 3)).map(lambda both: Days(weekdays=both[0], weeks=both[1])),
    st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda cycle: Days(cycle=cycle)),
    tuples_of(1, 31, 3).map(lambda days: Days(month_days=days)),
    st.sampled_from(["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA", "FREQ=MONTHLY;BYDAY=-1SU"]).map(
        lambda text: Days(rrule=text)
    ),
)
instants = st.integers(0, 400 * 24 * 60).map(lambda at: BASE + timedelta(minutes=at))
bounds_of_starts = st.one_of(instants, st.integers(0, 90).map(lambda day: date(2026, 1, 1) + timedelta(day)))


@st.composite
def timelines(draw: st.DrawFn) -> Zones:
    """A life in up to six zones, some changes within hours of each other."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6))
    at = BASE + timedelta(hours=draw(st.integers(0, 200 * 24)))
    changes = [(PAST, keys[0])]
    for key in keys[1:]:
        at += timedelta(minutes=draw(st.one_of(st.integers(1, 3000), st.integers(1, 60 * 24 * 60))))
        changes.append((at, key))
    return Zones(tuple(changes))


@st.composite
def plans_of(draw: st.DrawFn, number: int = 1) -> Plan:
    timing: Timing = draw(
        st.one_of(
            st.tuples(times_of_day, patterns).map(lambda both: Clock(*both)),
            times_of_day.map(lambda times: Clock(times)),
            st.integers(1, 100).map(lambda hours: Interval(hours * HOUR)),
        )
    )
    limit: dict[str, Any] = draw(
        st.one_of(
            st.just({}),
            st.integers(1, 60).map(lambda number: {"count": number}),
            st.integers(1, 60).map(lambda number: {"for_days": number}),
            bounds_of_starts.map(lambda bound: {"until": bound}),
            bounds_of_starts.map(lambda bound: {"ended": bound}),
        )
    )
    if isinstance(timing, Clock) and draw(st.integers(0, 4)) == 0:
        limit["pinned_zone"] = draw(st.sampled_from(KEYS))
    return Plan(number, f"plan-{number}", 1, TABLET, timing, draw(bounds_of_starts), **limit)


@given(plans=st.lists(plans_of(), min_size=1, max_size=3), zones=timelines(), data=st.data())
@settings(max_examples=250, deadline=None)
def test_adjoining_windows_join(plans: list[Plan], zones: Zones, data: st.DataObject) -> None:
    numbered = [each._replace(id=number) for number, each in enumerate(plans, 1)]
    edges = [*data.draw(st.lists(instants, min_size=3, max_size=6)), *(at for at, _ in zones.changes[1:3])]
    edges.sort()
    whole = slots_of(numbered, zones, edges[0], edges[-1])
    parts = [slots_of(numbered, zones, since, until) for since, until in pairwise(edges)]
    assert [slot for part in parts for slot in part.slots] == whole.slots
    assert [drop for part in parts for drop in part.dropped] == whole.dropped


@given(one=plans_of(), zones=timelines())
@settings(max_examples=150, deadline=None)
def test_every_slot_is_planned_once_inside_the_plan_and_keeps_its_distance(one: Plan, zones: Zones) -> None:
    since, until = plan_span(one, zones)
    found = slots_of([one], zones, BASE - 100 * DAY, BASE + 500 * DAY)
    at = [slot.planned_at for slot in found.slots]
    assert len(set(at)) == len(at)
    assert all(since <= each < until for each in at)
    for before, slot in pairwise(found.slots):
        assert slot.planned_at - before.planned_at >= slot.nominal / 2
        assert timedelta(0) < slot.window <= slot.nominal / 4
    if one.count is not None:
        assert len(at) <= one.count
    for slot in found.slots:
        assert slot.local == slot.planned_at.astimezone(load_zone(slot.zone)).replace(tzinfo=None)


@given(one=plans_of(), zones=timelines(), since=instants, length=st.integers(1, 800))
@settings(max_examples=250, deadline=None)
def test_planned_seconds_are_the_instants_of_the_slots(
    one: Plan, zones: Zones, since: datetime, length: int
) -> None:
    until = since + length * DAY
    slots = slots_of([one], zones, since, until).slots
    assert planned_seconds(one, zones, since, until) == [slot.planned_at.timestamp() for slot in slots]


ALL_KEYS = sorted(key for key in available_timezones() if key[0].isupper() and key != "Factory")


@given(
    times=times_of_day,
    days=patterns,
    keys=st.lists(st.sampled_from(ALL_KEYS), min_size=1, max_size=3),
    year=st.integers(1990, 2036),
    data=st.data(),
)
@settings(max_examples=200, deadline=None)
def test_runs_made_by_arithmetic_are_what_a_walk_gives(
    times: tuple[time, ...], days: Days, keys: list[str], year: int, data: st.DataObject
) -> None:
    # A plan with a count is walked slot by slot; a count that is never reached changes nothing else.
    begins = datetime(year, 1, 1, tzinfo=UTC)
    moves = sorted(
        data.draw(st.sets(st.integers(1, 700 * 24), min_size=len(keys) - 1, max_size=len(keys) - 1))
    )
    zones = Zones(
        ((PAST, keys[0]), *((begins + at * HOUR, key) for at, key in zip(moves, keys[1:], strict=True)))
    )
    length = data.draw(st.one_of(st.none(), st.integers(1, 500)))
    one = Plan(1, "p", 1, TABLET, Clock(times, days), begins.date(), for_days=length)
    since = begins + data.draw(st.integers(-20, 400)) * DAY
    until = since + data.draw(st.integers(1, 400)) * DAY
    assert slots_of([one], zones, since, until) == slots_of(
        [one._replace(count=1_000_000)], zones, since, until
    )


@given(times=times_of_day, key=st.sampled_from(KEYS), first=st.integers(0, 360), length=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_clock_plans_agree_with_a_walk_by_the_minute(
    times: tuple[time, ...], key: str, first: int, length: int
) -> None:
    """An oracle that never subtracts offsets: the first minute at which the clock shows the time."""
    zone = load_zone(key)
    starts = date(2026, 1, 1) + timedelta(first)
    since = datetime.combine(starts, time(), tzinfo=UTC) - 26 * HOUR
    seen: dict[tuple[date, time], datetime] = {}
    for minute in range((length + 3) * 24 * 60):
        instant = since + timedelta(minutes=minute)
        local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        seen.setdefault((local.date(), local.time()), instant)
    wanted = [(starts + timedelta(day), at) for day in range(length) for at in times]
    # Times jumped over and times too close to tell apart have examples of their own.
    assume(all(wall in seen for wall in wanted))
    expected = [seen[wall] for wall in wanted]
    assume(all(later - earlier >= 2 * HOUR for earlier, later in pairwise(expected)))
    daily = Plan(1, "p", 1, TABLET, Clock(times), starts, starts + timedelta(length - 1))
    assert [slot.planned_at for slot in slots_of([daily], always(key), PAST, FUTURE).slots] == expected


@given(one=plans_of(), key=st.sampled_from(KEYS), since=instants)
@settings(max_examples=60, deadline=None)
def test_the_reach_holds_the_slot_on_either_side(one: Plan, key: str, since: datetime) -> None:
    far = reach([one])
    every = slots_of([one], always(key), PAST, since + 2 * far).slots
    before = [slot for slot in every if slot.planned_at < since]
    after = [slot for slot in every if slot.planned_at >= since]
    if before and after:
        assert after[0].planned_at - before[-1].planned_at <= far


def test_overlapping_instants_keep_both_plans() -> None:
    both = [plan("08:00", "2026-03-01"), plan("08:00", "2026-03-01", number=2)]
    assert [slot.plan_id for slot in expand(both, PARIS, "2026-03-09 00:00", "2026-03-10 00:00").slots] == [
        1,
        2,
    ]
