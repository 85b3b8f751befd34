"""How even the time between doses was: too short, as planned, or too long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .matching import Held, Match

TOLERANCE = Fraction(1, 4)
"""How far from the planned interval is still as planned; customary, so it is printed with the measure."""


class Spaced(NamedTuple):
    """One dose taken, and how long after the one before it was planned."""

    taken_at: datetime
    nominal: timedelta


class Regularity(NamedTuple):
    """The intervals between doses that follow each other."""

    even: int
    short: int
    long: int

    @property
    def intervals(self) -> int:
        """All of them."""
        return self.even + self.short + self.long


def spaced(matches: Sequence[Match], extras: Sequence[datetime]) -> list[Spaced]:
    """The doses taken by time; one that fills no slot was to keep the distance of the slot before it.

    A dose before the first slot has no distance to keep and is left out.
    """
    nominals = [(found.slot.planned_at, found.slot.nominal) for found in matches]
    doses = [
        Spaced(found.dose.taken_at, found.slot.nominal)
        for found in matches
        if found.dose is not None and found.dose.status == "taken"
    ]
    for taken_at in extras:
        before = [nominal for planned_at, nominal in nominals if planned_at <= taken_at]
        if before:
            doses.append(Spaced(taken_at, before[-1]))
    return sorted(doses)


def regularity(doses: Sequence[Spaced], holds: Sequence[Held], tolerance: Fraction = TOLERANCE) -> Regularity:
    """The intervals between doses of a medication, ascending, against the planned ones.

    An interval is even from `tolerance` (a share) below the planned one to as much above it, both ends
    inside: with a quarter, 18 to 30 hours once daily and 9 to 15 twice daily. A missed dose makes one long
    interval, a doubled one a short one. Time is elapsed time, so a change of the clocks makes none longer.
    An interval into which a pause reaches is none of the three.

    Source: timing adherence by interval, as dose-monitoring studies count it (ABC: implementation; Vrijens
    et al., Br J Clin Pharmacol 2012;73:691). The tolerance is custom and no finding.
    """
    even = short = long = 0
    for earlier, later in pairwise(doses):
        if _is_paused(earlier.taken_at, later.taken_at, holds):
            continue
        interval = Fraction((later.taken_at - earlier.taken_at) // timedelta(seconds=1))
        planned = Fraction(later.nominal // timedelta(seconds=1))
        if interval < planned * (1 - tolerance):
            short += 1
        elif interval > planned * (1 + tolerance):
            long += 1
        else:
            even += 1
    return Regularity(even, short, long)


def _is_paused(since: datetime, until: datetime, holds: Sequence[Held]) -> bool:
    return any(held.since < until and (held.until is None or since < held.until) for held in holds)
