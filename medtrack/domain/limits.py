"""The limits of an as-needed plan: how much in a rolling period, and how long between doses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from .amounts import Amount, show_amount
from .matching import Dose
from .regimen import AsNeeded
from .strengths import in_unit
from .wording import say_duration, say_minutes

COUNTED = "dose"
"""The unit of a limit that counts doses, whatever each amounts to."""


def reach_of(limits: AsNeeded) -> timedelta:
    """How far around a dose the others matter to its limits."""
    return max(limits.max_period or timedelta(), limits.min_gap or timedelta())


def in_unit_of(limits: AsNeeded, amount: Amount, strength: str | None) -> Amount:
    """The amount in the unit of the limit, where the strength says how much that is; else as it was."""
    most = limits.max_amount
    return amount if most is None or most.unit == COUNTED else in_unit(amount, most.unit, strength)


def in_units_of(limits: AsNeeded, doses: Sequence[Dose], strength: str | None) -> list[Dose]:
    """The doses with their amounts in the unit of the limit, where the strength says how much that is."""
    return [
        dose if dose.amount is None else dose._replace(amount=in_unit_of(limits, dose.amount, strength))
        for dose in doses
    ]


def unchecked_limit(limits: AsNeeded, amount: Amount) -> Amount | None:
    """The limit that a dose cannot be held against, because it is in another unit."""
    most = limits.max_amount
    return most if most is not None and most.unit not in (amount.unit, COUNTED) else None


def _worth(amount: Amount | None, most: Amount) -> Fraction:
    """What a dose counts for in the unit of a limit: its amount, or one where doses are counted."""
    if amount is not None and amount.unit == most.unit:
        return amount.value
    return Fraction(most.unit == COUNTED)


def too_much(limits: AsNeeded, amount: Amount | None, at: datetime, doses: Sequence[Dose]) -> Fraction | None:
    """What a dose of this amount at this instant would make in a rolling period, where that is over the most.

    `doses` are the taken doses around it. Every rolling period that holds the dose counts, also those
    that end later, since doses may be written down out of order. Amounts add up in one unit only: doses in
    another unit than the limit's are not counted, unless the limit counts doses.
    """
    period, most = limits.max_period, limits.max_amount
    if period is None or most is None:
        return None
    worth = _worth(amount, most)
    made = largest_total([(dose.taken_at, _worth(dose.amount, most)) for dose in doses], worth, at, period)
    return made if worth and made > most.value else None


def largest_total(
    taken: Sequence[tuple[datetime, Fraction]], worth: Fraction, at: datetime, period: timedelta
) -> Fraction:
    """The most that any rolling period holds in which a dose of this worth at this instant lies.

    `taken` says when the others were and what they are worth. Periods are half-open, so of two doses exactly
    one period apart no period holds both.
    """
    together = [*taken, (at, worth)]
    ends = [end for end, _ in together if at <= end < at + period]
    return max(
        sum((each for then, each in together if end - period < then <= end), Fraction(0)) for end in ends
    )


def too_soon(limits: AsNeeded, at: datetime, doses: Sequence[Dose]) -> timedelta | None:
    """How far a dose at this instant is from the nearest other one, where that is less than the least."""
    if limits.min_gap is None:
        return None
    shortest = min((abs(dose.taken_at - at) for dose in doses), default=limits.min_gap)
    return shortest if shortest < limits.min_gap else None


def over_each(most: Amount, amount: Amount) -> str | None:
    """That one dose is more than the plan says to take each time, as a sentence; None where it is not."""
    if amount.unit != most.unit or amount.value <= most.value:
        return None
    return f"that is {show_amount(amount)} at once; the plan says {show_amount(most)}"


def broken_limits(limits: AsNeeded, amount: Amount, at: datetime, doses: Sequence[Dose]) -> list[str]:
    """What a dose of this amount at this instant would break, each as a sentence with both numbers."""
    found = []
    made, shortest = too_much(limits, amount, at, doses), too_soon(limits, at, doses)
    if made is not None and limits.max_amount is not None and limits.max_period is not None:
        found.append(
            f"that makes {show_amount(Amount(made, limits.max_amount.unit))}"
            f" in {say_duration(limits.max_period)}; the plan says at most {show_amount(limits.max_amount)}"
        )
    if shortest is not None and limits.min_gap is not None:
        found.append(
            f"that is {say_minutes(shortest)} from another dose;"
            f" the plan says at least {say_duration(limits.min_gap)} apart"
        )
    return found
