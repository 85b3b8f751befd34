"""As-needed use: how much, how close together, and which limits were passed when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.as_needed import Use, use
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import AsNeeded

START = datetime(2026, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = 3
FOUR_A_DAY = AsNeeded(None, Amount(Fraction(4), "tablet"), 24 * HOUR, 4 * HOUR)
ALWAYS = [(START - 1000 * HOUR, START + 1000 * HOUR, FOUR_A_DAY)]


def dose(hour: float, value: int = 1, unit: str | None = "tablet") -> Dose:
    at = START + hour * HOUR
    amount = None if unit is None else Amount(Fraction(value), unit)
    return Dose(
        0, str(hour), 1, "taken", at, "UTC", at.replace(tzinfo=None), amount, None, "exact", None, None, at
    )


# (hours, most in 24 hours, shortest hours, over the most, too soon)
EXAMPLES: list[tuple[list[float], int, float | None, int, int]] = [
    ([], 0, None, 0, 0),
    ([5], 1, None, 0, 0),
    ([0, 6, 12, 18, 24], 4, 6, 0, 0),
    ([0, 6, 12, 18, 23.5], 5, 5.5, 1, 0),
    ([0, 3], 2, 3, 0, 1),
    ([0, 4], 2, 4, 0, 0),
    ([0, 0], 2, 0, 0, 1),
    # Six in a day: the fifth and the sixth are over, and two came too soon.
    ([0, 4, 8, 12, 15, 18], 6, 3, 2, 2),
]


@pytest.mark.parametrize(("hours", "most", "shortest", "over", "soon"), EXAMPLES)
def test_use(hours: list[float], most: int, shortest: float | None, over: int, soon: int) -> None:
    found = use([dose(hour) for hour in hours], START, DAYS, ALWAYS)
    gap = None if shortest is None else shortest * HOUR
    assert found[:-1] == (len(hours), DAYS, most, gap, over, soon)
    assert max(over, soon) <= found.beyond <= over + soon
    assert found.per_day == Fraction(len(hours), DAYS)


def test_what_came_before_is_in_no_count_but_weighs_on_what_followed() -> None:
    found = use([dose(hour) for hour in (-12, -8, -4, 0, 2)], START, DAYS, ALWAYS)
    assert found == Use(2, DAYS, 5, 2 * HOUR, 1, 1, 1)


def test_amounts_weigh_by_what_they_are() -> None:
    assert use([dose(0, 3), dose(6, 2)], START, DAYS, ALWAYS).over == 1
    assert use([dose(0, 3), dose(6, 2, "ml")], START, DAYS, ALWAYS).over == 0
    assert use([dose(0, 9, None)], START, DAYS, ALWAYS).over == 0


def test_each_dose_is_held_against_the_plan_of_its_time() -> None:
    limits = [(START, START + 10 * HOUR, AsNeeded(None, None, None, 6 * HOUR))]
    assert use([dose(0), dose(5), dose(10)], START, DAYS, limits).too_soon == 1
    assert use([dose(0), dose(5)], START, DAYS, []).too_soon == 0


def test_a_period_of_the_plan_may_be_longer_than_a_day() -> None:
    rule = AsNeeded(None, Amount(Fraction(2), "tablet"), 7 * 24 * HOUR, None)
    limits = [(START, START + 1000 * HOUR, rule)]
    assert use([dose(0), dose(48), dose(96)], START, DAYS, limits).over == 1
    assert use([dose(0), dose(48), dose(168)], START, DAYS, limits).over == 0


def test_no_days_have_no_number_a_day() -> None:
    assert use([], START, 0, ALWAYS).per_day is None


@given(st.lists(st.integers(-48, 96), max_size=14).map(sorted))
@settings(max_examples=200, deadline=None)
def test_use_agrees_with_looking_at_every_hour(hours: list[int]) -> None:
    found = use([dose(hour) for hour in hours], START, DAYS, ALWAYS)
    inside = [hour for hour in hours if hour >= 0]
    windows = [sum(end - 24 < hour <= end for hour in hours) for end in range(97)]
    assert found.doses == len(inside)
    # A window that ends where no dose was taken holds no more than the one that ends at its last dose.
    assert found.most == max((windows[end] for end in inside), default=0)
    over = [
        number
        for number, hour in enumerate(hours)
        if hour >= 0 and number - 4 >= 0 and hours[number - 4] > hour - 24
    ]
    assert found.over == len(over)
    gaps = [later - earlier for earlier, later in pairwise(hours) if later >= 0]
    assert found.shortest == (min(gaps) * HOUR if gaps else None)
    assert found.too_soon == sum(
        hour >= 0 and number > 0 and hour - hours[number - 1] < 4 for number, hour in enumerate(hours)
    )
