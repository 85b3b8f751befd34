"""Limits of as-needed plans, against every rolling window there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.limits import broken_limits, reach_of
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import AsNeeded

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def dose(at: datetime, value: Fraction = Fraction(1), unit: str = "tablet", number: int = 0) -> Dose:
    return Dose(
        number, f"dose-{number}", 1, "taken", at, "UTC", at.replace(tzinfo=None), Amount(value, unit),
        None, "exact", None, None, at,
    )  # fmt: skip


def tablets(value: int | Fraction) -> Amount:
    return Amount(Fraction(value), "tablet")


FOUR_A_DAY = AsNeeded(None, tablets(4), 24 * HOUR, 4 * HOUR)
EXAMPLES = [
    # (hours from noon of the other doses, sentences)
    ([], []),
    ([-4, -8, -12], []),
    ([-4, -8, -12, -16], ["that makes 5 tablets in 24 hours; the plan says at most 4 tablets"]),
    # A day later to the second is outside the rolling day.
    ([-4, -8, -12, -24], []),
    ([-3.5], ["that is 3 hours 30 minutes from another dose; the plan says at least 4 hours apart"]),
    ([3.5], ["that is 3 hours 30 minutes from another dose; the plan says at least 4 hours apart"]),
    ([0], ["that is 0 minutes from another dose; the plan says at least 4 hours apart"]),
    # Written down out of order: the doses after it count too.
    ([4, 8, 12, 16], ["that makes 5 tablets in 24 hours; the plan says at most 4 tablets"]),
    ([-12, -8, 8, 12], []),
    ([-11, -7, 8, 12], ["that makes 5 tablets in 24 hours; the plan says at most 4 tablets"]),
]


@pytest.mark.parametrize(("others", "said"), EXAMPLES)
def test_what_a_dose_would_break(others: list[float], said: list[str]) -> None:
    doses = [dose(NOON + hours * HOUR, number=number) for number, hours in enumerate(others)]
    assert broken_limits(FOUR_A_DAY, tablets(1), NOON, doses) == said


def test_a_dose_alone_may_be_too_much() -> None:
    assert broken_limits(FOUR_A_DAY, tablets(5), NOON, []) == [
        "that makes 5 tablets in 24 hours; the plan says at most 4 tablets"
    ]


def test_no_limit_breaks_nothing() -> None:
    assert broken_limits(AsNeeded("pain"), tablets(50), NOON, [dose(NOON)]) == []
    assert reach_of(AsNeeded()) == timedelta(0)
    assert reach_of(FOUR_A_DAY) == 24 * HOUR


def test_amounts_of_another_unit_are_not_added_up() -> None:
    assert broken_limits(FOUR_A_DAY, tablets(1), NOON, [dose(NOON - 5 * HOUR, Fraction(500), "mg")]) == []


@given(
    others=st.lists(st.tuples(st.integers(-40, 40), st.integers(1, 6)), max_size=10),
    value=st.integers(1, 6),
    most=st.integers(1, 20),
    period=st.integers(1, 30),
    gap=st.integers(1, 10),
)
@settings(max_examples=200, deadline=None)
def test_agrees_with_every_rolling_window(
    others: list[tuple[int, int]], value: int, most: int, period: int, gap: int
) -> None:
    limits = AsNeeded(None, tablets(Fraction(most, 2)), period * HOUR, gap * HOUR)
    doses = [dose(NOON + hours * HOUR, Fraction(half, 2), number=n) for n, (hours, half) in enumerate(others)]
    broken = broken_limits(limits, tablets(Fraction(value, 2)), NOON, doses)
    # Every window [start, start + period) on the half hour that holds the dose.
    heaviest = max(
        value + sum(half for hours, half in others if start <= 2 * hours < start + 2 * period)
        for start in range(1 - 2 * period, 1)
    )
    assert any(line.startswith("that makes") for line in broken) == (heaviest > most)
    if heaviest > most:
        number = Fraction(heaviest, 2)
        assert f"that makes {tablets(number)} in " in broken[0]
    nearest = min((abs(hours) for hours, _ in others), default=gap)
    assert any(line.startswith("that is") for line in broken) == (nearest < gap)
