"""What was taken as needed: how often, how close together, and where a limit was passed.

None of it is ever in a denominator of adherence: nothing was planned.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .limits import reach_of, too_much, too_soon
from .matching import Dose
from .regimen import AsNeeded

DAY = timedelta(hours=24)


class Use(NamedTuple):
    """The doses taken as needed in some days."""

    doses: int
    days: int
    most: int
    """The largest number of doses in any 24 hours."""
    shortest: timedelta | None
    """The shortest time between two doses; None where there are not two."""
    over: int
    """Doses that made more than the plan allows in its period, at the time they were taken."""
    too_soon: int
    """Doses taken sooner after the one before than the plan allows."""
    beyond: int
    """Doses that did either or both."""

    @property
    def per_day(self) -> Fraction | None:
        """Doses a day; None of no days."""
        return Fraction(self.doses, self.days) if self.days else None


def use(
    doses: Sequence[Dose], since: datetime, days: int, limits: Sequence[tuple[datetime, datetime, AsNeeded]]
) -> Use:
    """How the doses from `since` on were used, over so many days.

    `doses` are taken ones by time; those before `since` only matter to the ones after it. `limits` are those
    in force in `[since, until)`. A dose is held against the doses before it alone: what it was when it was
    taken, whatever followed. Rolling windows are half-open, so a dose exactly 24 hours later is outside.
    Source: the plan's own limits; as-needed use has a denominator in none of the measures of ABC.
    """
    counted = [number for number, dose in enumerate(doses) if dose.taken_at >= since]
    over = early = beyond = 0
    for number in counted:
        dose = doses[number]
        for begins, ends, rule in limits:
            if begins <= dose.taken_at < ends:
                before = doses[_first_within(doses, number, reach_of(rule)) : number]
                is_over = too_much(rule, dose.amount, dose.taken_at, before) is not None
                is_early = too_soon(rule, dose.taken_at, before) is not None
                over += is_over
                early += is_early
                beyond += is_over or is_early
    # Twenty-four hours may begin before `since`: what was taken then is part of what was taken at once.
    most = [number + 1 - _first_within(doses, number, DAY) for number in counted]
    gaps = [
        later.taken_at - earlier.taken_at for earlier, later in pairwise(doses) if later.taken_at >= since
    ]
    return Use(len(counted), days, max(most, default=0), min(gaps, default=None), over, early, beyond)


def _first_within(doses: Sequence[Dose], number: int, length: timedelta) -> int:
    """The number of the first dose less than `length` before one, which may be that one itself."""
    first = number
    while first and doses[first - 1].taken_at > doses[number].taken_at - length:
        first -= 1
    return first
