"""Plain English for timings, plans and lengths of time."""

import re
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import AsNeeded, Clock, Days, Interval, Plan, Timing
from medtrack.domain.wording import say_duration, say_list, say_minutes, say_plan, say_timing

EIGHT, TWENTY = time(8), time(20)
TABLET = Amount(Fraction(1), "tablet")
ERROR_PRONE = re.compile(
    r"\b(?:[QqTtBb][DdIi][DdWw]?|[Qq]\d+[Hh]|HS|hs|U|IU|cc|ug|prn|PRN)\b|(?<!\d)\.\d|\d\.0\b|µ"
)


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        (Clock((EIGHT,)), "daily at 08:00"),
        (Clock((EIGHT, TWENTY)), "twice daily at 08:00 and 20:00"),
        (Clock((EIGHT, time(14), TWENTY)), "three times daily at 08:00, 14:00 and 20:00"),
        (
            Clock(tuple(time(hour) for hour in range(8, 13))),
            "5 times daily at 08:00, 09:00, 10:00, 11:00 and 12:00",
        ),
        (Clock((EIGHT,), Days(weekdays=(0, 3))), "on Monday and Thursday at 08:00"),
        (Clock((EIGHT,), Days(weekdays=(0,))), "every Monday at 08:00"),
        (Clock((EIGHT,), Days(weekdays=(0,), weeks=2)), "every 2 weeks on Monday at 08:00"),
        (Clock((EIGHT,), Days(every=2)), "every 2 days at 08:00"),
        (Clock((EIGHT,), Days(every=7)), "weekly at 08:00"),
        (Clock((EIGHT,), Days(every=21)), "every 3 weeks at 08:00"),
        (Clock((EIGHT,), Days(cycle=(21, 7))), "21 days on, 7 days off, at 08:00"),
        (Clock((EIGHT,), Days(month_days=(1, 15))), "monthly on day 1 and 15 at 08:00"),
        (Clock((EIGHT,), Days(year_day=(2, 29))), "yearly on 29 February at 08:00"),
        (Clock((EIGHT,), Days(rrule="FREQ=DAILY;BYMONTH=1")), "by the rule FREQ=DAILY;BYMONTH=1, at 08:00"),
        (Interval(timedelta(hours=8)), "every 8 hours"),
        (Interval(timedelta(hours=1)), "every hour"),
        (Interval(timedelta(hours=72)), "every 72 hours"),
        (Interval(timedelta(minutes=90)), "every 90 minutes"),
        (Interval(timedelta(seconds=90)), "every 1 minute 30 seconds"),
        (Interval(timedelta(hours=8), from_last_dose=True), "every 8 hours from the last dose"),
        (AsNeeded(), "as needed"),
        (
            AsNeeded("pain", Amount(Fraction(4), "tablet"), timedelta(hours=24), timedelta(hours=6)),
            "as needed for pain, at most 4 tablets in 24 hours, at least 6 hours apart",
        ),
    ],
)
def test_timings_in_words(timing: Timing, words: str) -> None:
    assert say_timing(timing) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=8), "8 hours"),
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(days=1), "24 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=2, hours=3), "2 days 3 hours"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(seconds=-45), "45 seconds"),
        (timedelta(0), "0 minutes"),
    ],
)
def test_durations_in_words(length: timedelta, words: str) -> None:
    assert say_duration(length) == words


def test_a_plan_with_food_until_a_day() -> None:
    plan = Plan(
        1, "u", 1, TABLET, Clock((EIGHT, TWENTY)), date(2026, 3, 1), date(2026, 3, 8), advice="with food"
    )
    assert say_plan(plan) == "1 tablet twice daily at 08:00 and 20:00 with food, until 2026-03-08"


def test_a_plan_with_every_bound_and_a_home_zone() -> None:
    plan = Plan(
        1, "u", 1, TABLET, Clock((EIGHT,)), date(2026, 3, 1), datetime(2026, 3, 8, 12, tzinfo=UTC),
        for_days=10, count=4, amount_high=Fraction(2), pinned_zone="Europe/London",
    )  # fmt: skip
    assert say_plan(plan) == (
        "1 to 2 tablets daily at 08:00, on Europe/London time, for 10 days, for 4 doses,"
        " until 2026-03-08 12:00 UTC"
    )


def test_a_single_dose_is_once() -> None:
    plan = Plan(1, "u", 1, TABLET, Clock((EIGHT,)), date(2026, 3, 1), count=1)
    assert say_plan(plan) == "1 tablet as a single dose at 08:00"


def test_advice_on_an_as_needed_plan_stands_apart_from_its_reason() -> None:
    plan = Plan(1, "u", 1, TABLET, AsNeeded("pain"), date(2026, 3, 1), advice="with food")
    assert say_plan(plan) == "1 tablet as needed for pain, with food"


def test_lists() -> None:
    assert [say_list(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@given(
    st.lists(st.times(), min_size=1, max_size=6, unique=True),
    st.integers(1, 60),
    st.sampled_from([(), (0,), (1, 3)]),
)
def test_a_clock_plan_never_prints_an_error_prone_abbreviation(
    times: list[time], every: int, weekdays: tuple[int, ...]
) -> None:
    words = say_timing(Clock(tuple(sorted(times)), Days(every=every, weekdays=weekdays)))
    assert not ERROR_PRONE.search(words)


@given(st.timedeltas(timedelta(minutes=15), timedelta(days=30)), st.booleans())
def test_an_interval_never_prints_an_error_prone_abbreviation(every: timedelta, from_last_dose: bool) -> None:
    assert not ERROR_PRONE.search(say_timing(Interval(every, from_last_dose)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 minutes"),
        (20, "20 seconds"),
        (60, "1 minute"),
        (12_629, "3 hours 30 minutes"),
        (-12_659, "3 hours 30 minutes"),
        (2 * 86_400 + 59, "2 days"),
    ],
)
def test_time_that_passed_is_said_in_whole_minutes(seconds: int, words: str) -> None:
    assert say_minutes(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "nothing"),
        ({"until": date(2026, 3, 8)}, "nothing, until 2026-03-08"),
        ({"for_days": 3}, "nothing, for 3 days"),
    ],
)
def test_a_plan_of_no_dose_is_said_without_a_number(bounds: dict[str, Any], words: str) -> None:
    none = Plan(0, "", 0, Amount(Fraction(0), "tablet"), Clock((EIGHT,)), date(2026, 3, 1), **bounds)
    assert say_plan(none) == words
