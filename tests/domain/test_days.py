"""Day patterns: which dates, anchored where, how far apart; dateutil.rrule is the second opinion."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.days import first_day, longest_spacing, pattern_days, previous_day, runs_on
from medtrack.domain.regimen import Clock, Days

YEARS = date(2035, 1, 1)
FIRST = date(2024, 1, 1)
origins = st.integers(0, 1500).map(lambda day: FIRST + timedelta(day))
weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))


def dates(rule: rrule, until: date) -> list[date]:
    """What dateutil makes of a rule, up to a day."""
    found = []
    for each in rule:
        if each.date() >= until:
            break
        found.append(each.date())
    return found


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@given(origin=origins, every=st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_every_n_days(origin: date, every: int) -> None:
    expected = dates(rrule(DAILY, interval=every, dtstart=at_midnight(origin)), YEARS)
    assert list(pattern_days(Days(every=every), origin, origin, YEARS)) == expected


@given(origin=origins, weeks=st.integers(1, 5), weekdays=weekday_sets)
@settings(max_examples=60, deadline=None)
def test_weekdays_every_n_weeks(origin: date, weeks: int, weekdays: tuple[int, ...]) -> None:
    rule = rrule(WEEKLY, interval=weeks, byweekday=weekdays, wkst=0, dtstart=at_midnight(origin))
    found = pattern_days(Days(weekdays=weekdays, weeks=weeks), origin, origin, YEARS)
    assert list(found) == dates(rule, YEARS)


@given(origin=origins, month_days=st.sets(st.integers(1, 28), min_size=1))
@settings(max_examples=30, deadline=None)
def test_month_days_that_every_month_has(origin: date, month_days: set[int]) -> None:
    rule = rrule(MONTHLY, bymonthday=sorted(month_days), dtstart=at_midnight(origin))
    found = pattern_days(Days(month_days=tuple(sorted(month_days))), origin, origin, YEARS)
    assert list(found) == dates(rule, YEARS)


@given(origin=origins, wanted=st.integers(29, 31))
@settings(max_examples=30, deadline=None)
def test_a_month_never_goes_without(origin: date, wanted: int) -> None:
    # The last of the days up to the one wanted, in each month.
    rule = rrule(
        MONTHLY, bymonthday=range(28, wanted + 1), bysetpos=-1, dtstart=at_midnight(origin.replace(day=1))
    )
    found = list(pattern_days(Days(month_days=(wanted,)), origin, origin, YEARS))
    assert found == [day for day in dates(rule, YEARS) if day >= origin]
    assert len({(day.year, day.month) for day in found}) == len(found)


def test_a_leap_day_falls_on_the_last_of_february() -> None:
    found = pattern_days(Days(year_day=(2, 29)), date(1999, 1, 1), date(1999, 1, 1), date(2005, 1, 1))
    assert [f"{day:%y-%m-%d}" for day in found] == [
        "99-02-28", "00-02-29", "01-02-28", "02-02-28", "03-02-28", "04-02-29",
    ]  # fmt: skip


@given(origin=origins, month=st.integers(1, 12), day=st.integers(1, 28))
@settings(max_examples=30, deadline=None)
def test_once_a_year(origin: date, month: int, day: int) -> None:
    rule = rrule(YEARLY, bymonth=month, bymonthday=day, dtstart=at_midnight(origin))
    assert list(pattern_days(Days(year_day=(month, day)), origin, origin, YEARS)) == dates(rule, YEARS)


@given(origin=origins, on=st.integers(1, 40), off=st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_cycles(origin: date, on: int, off: int) -> None:
    expected: list[date] = []
    day = origin
    while day < YEARS:
        expected += [day + timedelta(number) for number in range(on)]
        day += timedelta(on + off)
    found = pattern_days(Days(cycle=(on, off)), origin, origin, YEARS)
    assert list(found) == [day for day in expected if day < YEARS]


RULES = [
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "RRULE:FREQ=WEEKLY;BYDAY=SU",
]


@pytest.mark.parametrize("text", RULES)
@given(starts=origins, since=st.integers(0, 2000), length=st.integers(1, 400))
@settings(max_examples=10, deadline=None)
def test_rule_text_is_dateutils(text: str, starts: date, since: int, length: int) -> None:
    from dateutil.rrule import rrulestr

    days = Days(rrule=text)
    origin = first_day(Clock((time(8),), days), at_midnight(starts))
    assert origin is not None
    begin = starts + timedelta(since)
    end = begin + timedelta(length)
    expected = [day for day in dates(rrulestr(text, dtstart=at_midnight(starts)), end) if day >= begin]
    assert list(pattern_days(days, origin, max(begin, origin), end)) == expected


COMBINED = [
    (Days(weekdays=(0,), cycle=(14, 14)), lambda day, n: day.weekday() == 0 and n % 28 < 14),
    (Days(every=2, weekdays=(0, 1)), lambda day, n: n % 2 == 0 and day.weekday() < 2),
    (Days(rrule="FREQ=WEEKLY;BYDAY=MO,TU", every=2), lambda day, n: n % 2 == 0 and day.weekday() < 2),
    (Days(month_days=(1, 15), weekdays=(0,)), lambda day, n: day.day in (1, 15) and day.weekday() == 0),
]


@pytest.mark.parametrize(("days", "holds"), COMBINED)
def test_every_condition_that_is_set_must_hold(days: Days, holds) -> None:  # type: ignore[no-untyped-def]
    origin = date(2026, 3, 2)  # a Monday
    found = list(pattern_days(days, origin, origin, date(2027, 1, 1)))
    every = [origin + timedelta(number) for number in range((date(2027, 1, 1) - origin).days)]
    assert found == [day for number, day in enumerate(every) if holds(day, number)]


patterns = st.one_of(
    st.just(Days()),
    st.integers(1, 40).map(lambda every: Days(every=every)),
    st.tuples(weekday_sets, st.integers(1, 4)).map(lambda both: Days(weekdays=both[0], weeks=both[1])),
    st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda cycle: Days(cycle=cycle)),
    st.integers(1, 31).map(lambda day: Days(month_days=(day,))),
    st.tuples(weekday_sets, st.integers(1, 31)).map(lambda both: Days(weekdays=both[0], month_days=(both[1],))),
    st.tuples(st.integers(2, 9), weekday_sets).map(lambda both: Days(every=both[0], weekdays=both[1])),
    st.tuples(st.integers(2, 9), st.integers(1, 31)).map(lambda both: Days(every=both[0], month_days=(both[1],))),
    st.sampled_from([Days(year_day=(2, 29)), Days(weekdays=(0,), year_day=(7, 4)), Days(weekdays=(3,), cycle=(2, 3))]),
    st.tuples(weekday_sets, st.integers(2, 9)).map(lambda both: Days(weekdays=both[0], cycle=(both[1], 3))),
)  # fmt: skip


@given(days=patterns, starts=origins)
@settings(max_examples=60, deadline=None)
def test_no_two_days_are_farther_apart_than_the_bound(days: Days, starts: date) -> None:
    origin = first_day(Clock((time(8),), days), at_midnight(starts))
    assert origin is not None
    found = list(pattern_days(days, origin, origin, date(2050, 1, 1)))
    assert found[0] == origin
    assert all(later - earlier <= longest_spacing(days) for earlier, later in pairwise(found))


@given(days=patterns, starts=origins, since=st.integers(0, 800))
@settings(max_examples=80, deadline=None)
def test_the_previous_day_is_the_last_before(days: Days, starts: date, since: int) -> None:
    origin = first_day(Clock((time(8),), days), at_midnight(starts))
    assert origin is not None
    day = origin + timedelta(since)
    earlier = [found for found in pattern_days(days, origin, origin, day) if found < day]
    if earlier:
        assert previous_day(days, origin, day) == earlier[-1]
    else:
        assert previous_day(days, origin, day) < day


@given(days=patterns, starts=origins, cut=st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_spans_of_days_join(days: Days, starts: date, cut: int) -> None:
    middle, end = starts + timedelta(cut), starts + timedelta(900)
    whole = list(pattern_days(days, starts, starts, end))
    assert [*pattern_days(days, starts, starts, middle), *pattern_days(days, starts, middle, end)] == whole
    assert all(runs_on(days, starts, day) for day in whole)


FIRST_DAYS = [
    ("08:00", Days(), "2026-03-10T08:00", "2026-03-10"),
    ("08:00", Days(), "2026-03-10T08:01", "2026-03-11"),
    ("08:00,20:00", Days(), "2026-03-10T08:01", "2026-03-10"),
    ("08:00", Days(weekdays=(6,)), "2026-03-10T00:00", "2026-03-15"),
    ("08:00", Days(weekdays=(1,)), "2026-03-10T09:00", "2026-03-17"),
    ("08:00", Days(month_days=(31,)), "2026-02-10T00:00", "2026-02-28"),
    ("08:00", Days(cycle=(21, 7)), "2026-03-10T09:00", "2026-03-11"),
    # An interval of two from the day asked about, not from the day found.
    ("08:00", Days(rrule="FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1"), "2026-03-10T00:00", "2026-05-01"),
    ("08:00", Days(month_days=(30,), year_day=(2, 10)), "2026-03-10T00:00", None),
    ("08:00", Days(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "2026-03-10T00:00", None),
]


@pytest.mark.parametrize(("times", "days", "begins", "expected"), FIRST_DAYS)
def test_the_day_that_anchors_a_pattern(times: str, days: Days, begins: str, expected: str | None) -> None:
    timing = Clock(tuple(time.fromisoformat(part) for part in times.split(",")), days)
    found = first_day(timing, datetime.fromisoformat(begins))
    assert found == (None if expected is None else date.fromisoformat(expected))
