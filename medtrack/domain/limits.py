"""The limits of an as-needed plan: how much in a rolling period, and how long between doses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from .amounts import Amount, show_amount
from .matching import Dose, total
from .regimen import AsNeeded
from .wording import say_duration


def reach_of(limits: AsNeeded) -> timedelta:
    """How far around a dose the others matter to its limits."""
    return max(limits.max_period or timedelta(), limits.min_gap or timedelta())


def unchecked_limit(limits: AsNeeded, amount: Amount) -> Amount | None:
    """The limit that a dose cannot be held against, because it is in another unit."""
    most = limits.max_amount
    return most if most is not None and most.unit != amount.unit else None


def broken_limits(limits: AsNeeded, amount: Amount, at: datetime, doses: Sequence[Dose]) -> list[str]:
    """What a dose of this amount at this instant would break, each as a sentence with both numbers.

    `doses` are the taken doses around it. Every rolling period that holds the dose counts, also those
    that end later, since doses may be written down out of order. Amounts add up in one unit only: doses in
    another unit than the limit's are not counted.
    """
    found = []
    period, most = limits.max_period, limits.max_amount
    if period is not None and most is not None:
        near = [
            dose
            for dose in doses
            if abs(dose.taken_at - at) < period and dose.amount is not None and dose.amount.unit == most.unit
        ]
        ends = [at, *(dose.taken_at for dose in near if dose.taken_at > at)]
        largest = max(
            (total([dose for dose in near if end - period < dose.taken_at <= end]) for end in ends),
            default=Fraction(0),
        )
        sum_ = Amount(largest + amount.value, amount.unit)
        if amount.unit == most.unit and sum_.value > most.value:
            found.append(
                f"that makes {show_amount(sum_)} in {say_duration(period)};"
                f" the plan says at most {show_amount(most)}"
            )
    if limits.min_gap is not None:
        gaps = [abs(dose.taken_at - at) for dose in doses]
        shortest = min(gaps, default=limits.min_gap)
        if shortest < limits.min_gap:
            found.append(
                f"that is {say_duration(shortest)} from another dose;"
                f" the plan says at least {say_duration(limits.min_gap)} apart"
            )
    return found
