"""The limits of an as-needed plan: how much in a rolling period, and how long between doses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from .amounts import Amount, show_amount
from .matching import Dose
from .regimen import AsNeeded
from .wording import say_duration

COUNTED = "dose"
"""The unit of a limit that counts doses, whatever each amounts to."""


def reach_of(limits: AsNeeded) -> timedelta:
    """How far around a dose the others matter to its limits."""
    return max(limits.max_period or timedelta(), limits.min_gap or timedelta())


def unchecked_limit(limits: AsNeeded, amount: Amount) -> Amount | None:
    """The limit that a dose cannot be held against, because it is in another unit."""
    most = limits.max_amount
    return most if most is not None and most.unit not in (amount.unit, COUNTED) else None


def _worth(amount: Amount | None, most: Amount) -> Fraction:
    """What a dose counts for in the unit of a limit: its amount, or one where doses are counted."""
    if amount is not None and amount.unit == most.unit:
        return amount.value
    return Fraction(most.unit == COUNTED)


def broken_limits(limits: AsNeeded, amount: Amount, at: datetime, doses: Sequence[Dose]) -> list[str]:
    """What a dose of this amount at this instant would break, each as a sentence with both numbers.

    `doses` are the taken doses around it. Every rolling period that holds the dose counts, also those
    that end later, since doses may be written down out of order. Amounts add up in one unit only: doses in
    another unit than the limit's are not counted, unless the limit counts doses.
    """
    found = []
    period, most = limits.max_period, limits.max_amount
    if period is not None and most is not None:
        near = [dose for dose in doses if abs(dose.taken_at - at) < period]
        ends = [at, *(dose.taken_at for dose in near if dose.taken_at > at)]
        largest = max(
            sum(
                (_worth(dose.amount, most) for dose in near if end - period < dose.taken_at <= end),
                Fraction(0),
            )
            for end in ends
        )
        worth = _worth(amount, most)
        if worth and largest + worth > most.value:
            found.append(
                f"that makes {show_amount(Amount(largest + worth, most.unit))} in {say_duration(period)};"
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
