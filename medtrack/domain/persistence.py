"""When a medication was begun, how long it was kept up, and whether it still is.

The terms are those of ABC (Vrijens et al., Br J Clin Pharmacol 2012;73:691): initiation is the first dose
taken, persistence the time from it to the last one before discontinuation. That a plan ends, by whoever's
decision, is an end too, but none that is held against anybody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from .gaps import planned_time
from .matching import Held

PERMISSIBLE = timedelta(days=30)
"""A longer time without a dose is a discontinuation; customary, so it is printed with the measure."""


class Persistence(NamedTuple):
    """The time a medication was kept up, from the first dose to the last."""

    since: datetime
    until: datetime
    """The last dose before it ended; the last one so far where it has not."""
    ended: str | None
    """`gap` where none followed for longer than permissible, `plan` where the plans are over, else None."""

    @property
    def length(self) -> timedelta:
        """From the first dose to the last."""
        return self.until - self.since


def initiation_lag(planned_at: datetime, taken_at: datetime | None) -> timedelta | None:
    """The time from the first planned dose to the first one taken; none where that came before it.

    None where the medication was never taken: not started is a state, not a number. Source: ABC.
    """
    return None if taken_at is None else max(timedelta(), taken_at - planned_at)


def persistence(
    taken: Sequence[datetime],
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
    now: datetime,
    permissible: timedelta = PERMISSIBLE,
) -> Persistence | None:
    """How long a medication was kept up from its first dose on.

    `taken` are all its doses up to `now`, ascending, `active` the instants `[since, until)` of its plans. It
    ended at the dose after which none followed for longer than `permissible` (days outside of a plan and
    paused ones are not in it), or at the last one where the plans are over. Doses taken up again later are
    another beginning and not in it. None where it was never taken. Source: ABC.
    """
    if not taken:
        return None
    planned_until = max((until for _, until in active), default=now)
    for earlier, later in pairwise([*taken, max(taken[-1], now)]):
        # What was planned of a gap is no longer than the gap: most need not be looked into.
        if later - earlier > permissible and planned_time(earlier, later, active, holds) > permissible:
            return Persistence(taken[0], earlier, "gap")
    return Persistence(taken[0], taken[-1], "plan" if planned_until <= now else None)
