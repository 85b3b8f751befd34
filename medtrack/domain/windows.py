"""The weeks before and after a change of a plan: which instants they hold, and what was counted in them.

Windows are half-open. The moment of the change ends the one before and begins the one after, so that
nothing of the day of the change is counted twice. They are counts and no more: what came after a change need
not come from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from .wording import say_number_of
from .zones import Zones, place

WEEKS = (2, 6)
"""How long the windows are: side effects show early, an antidepressant is judged after six weeks or so."""
SIDES = ("before", "after")
_DAY = timedelta(1)
_SECOND = timedelta(seconds=1)


class Window(NamedTuple):
    """The instants `[since, until)` of so many weeks on one side of a change, as far as there is a record."""

    side: str
    weeks: int
    since: datetime
    until: datetime
    days: int
    """Whole days of it for which there is a record."""
    is_over: bool
    """Whether it has ended by now."""

    @property
    def of_days(self) -> int:
        """How many days it is when it is whole."""
        return 7 * self.weeks

    @property
    def is_whole(self) -> bool:
        """Whether there is a record of all of it."""
        return self.days == self.of_days

    def has(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.since <= at < self.until

    @property
    def reads_as(self) -> str:
        """'2 weeks before'; where it is not whole: '6 weeks after, 9 of 42 days so far'."""
        said = f"{say_number_of(self.weeks, 'week')} {self.side}"
        if self.is_whole:
            return said
        said += f", {self.days} of {self.of_days} days"
        return f"{said} on record" if self.is_over else f"{said} so far"


def windows_around(at: datetime, zones: Zones, begins: datetime, now: datetime) -> list[Window]:
    """The windows before and after an instant: of each length, the one before first.

    None reaches further back than the record, which `begins` then, nor beyond `now`; what is written down at
    this very second is in it. Days are those of the person's wall clock.
    """
    found = []
    for weeks in WEEKS:
        length = timedelta(weeks=weeks)
        for side, low, high in (
            ("before", _moved(at, -length, zones), at),
            ("after", at, _moved(at, length, zones)),
        ):
            since = min(max(low, begins), high)
            until = max(min(high, now + _SECOND), since)
            days = 7 * weeks
            if (since, until) != (low, high):
                lived = until if until == high else max(until - _SECOND, since)
                days = min(_days(since, lived, zones), days - 1)
            found.append(Window(side, weeks, since, until, days, is_over=until == high))
    return found


def _moved(at: datetime, by: timedelta, zones: Zones) -> datetime:
    """The same time of day so many days on or back."""
    return place(zones.local(at) + by, zones.at(at + by))[0]


def _days(since: datetime, until: datetime, zones: Zones) -> int:
    return max((zones.local(until) - zones.local(since)) // _DAY, 0)


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The value in the middle, or half-way between the two in the middle; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
