"""Runs of days on which every slot of a clock plan stands as planned, made by arithmetic.

Where the clocks do not change, one subtraction places a wall time; so the days around a change of the
clocks or a journey are left out, to be placed one by one.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .candidates import Candidate
from .days import pattern_ordinals
from .regimen import Clock
from .zones import Zones

DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_EPOCH = date(1970, 1, 1).toordinal()
_AROUND = 2
"""Days to either side of a change that are left out: no change moves a wall time as far."""
_SHORTEST = 5 * DAY
"""Shorter spans are not worth looking for runs in."""


class Run(NamedTuple):
    """Days of a pattern on which every slot is kept, unflagged, at its nominal distance to the one before."""

    times: tuple[time, ...]
    zone: ZoneInfo
    offset: timedelta
    """From UTC, on all of these days."""
    days: Sequence[int]
    """Their ordinals, after that of the day of the pattern before them."""

    @property
    def since(self) -> datetime:
        """The instant at which the first day begins."""
        return self.midnight(self.days[1])

    @property
    def until(self) -> datetime:
        """The instant at which the last day ends."""
        return self.midnight(self.days[-1] + 1)

    def midnight(self, day: int) -> datetime:
        """The instant at which a day begins."""
        return datetime.combine(date.fromordinal(day), time(), UTC) - self.offset

    @property
    def offsets(self) -> list[timedelta]:
        """The clock times as lengths of time since midnight."""
        return [timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in self.times]

    def nominals(self, step: int) -> list[timedelta]:
        """The nominal spacing at each clock time of a day that comes `step` days after the one before."""
        offsets = self.offsets
        return [
            step * DAY + offsets[0] - offsets[-1],
            *(later - earlier for earlier, later in pairwise(offsets)),
        ]

    @property
    def seconds(self) -> list[int]:
        """The instants of its slots, in seconds since 1970."""
        offsets = [(at - self.offset) // _SECOND - _EPOCH * 86_400 for at in self.offsets]
        return [day * 86_400 + at for day in self.days[1:] for at in offsets]

    @property
    def last(self) -> Candidate:
        """Its last slot."""
        before, day = self.days[-2:]
        wall = datetime.combine(date.fromordinal(day), self.times[-1])
        instant = self.midnight(day) + self.offsets[-1]
        return Candidate(instant, wall, self.zone, self.nominals(day - before)[-1], ())


def runs_of(timing: Clock, origin: date, home: Zones, since: datetime, until: datetime) -> Iterator[Run]:
    """The runs of days of the pattern that lie in `[since, until)` as a whole, in order.

    RRULE text has none: dateutil walks it day by day anyway.
    """
    if timing.days.rrule is not None:
        return
    for opens, closes, zone in home.segments():
        lower = since if opens is None else max(since, opens + _AROUND * DAY)
        upper = until if closes is None else min(until, closes - _AROUND * DAY)
        if upper - lower < _SHORTEST:
            continue
        first = max(lower.astimezone(zone).date() + DAY, origin)
        for begins, ends, offset in _steady_spans(zone, first, upper.astimezone(zone).date()):
            days = pattern_ordinals(timing.days, origin, begins, ends)
            # The second slot stands a full spacing after the first, so it is kept whatever came before.
            if len(days) > 2:
                yield Run(timing.times, zone, offset, days[1:])


def _steady_spans(zone: ZoneInfo, since: date, until: date) -> Iterator[tuple[date, date, timedelta]]:
    """The spans `[since, until)` of days with one offset, away from its changes, and that offset."""
    around = _AROUND * DAY
    marks: list[tuple[date, timedelta | None]] = []
    for year in range((since - around).year, (until + around).year + 1):
        for mark in offsets_in(zone, year):
            if not marks or marks[-1][1] != mark[1]:
                marks.append(mark)
    marks.append((until + around + DAY, None))
    for (begins, offset), (ends, _) in pairwise(marks):
        first, last = max(since, begins + around), min(until, ends - around - DAY)
        if first < last and offset is not None:
            yield first, last, offset


@lru_cache(maxsize=256)
def offsets_in(zone: ZoneInfo, year: int) -> list[tuple[date, timedelta]]:
    """The offset from UTC at the first midnight of a year, and at each one where it is not the last one's."""
    found: list[tuple[date, timedelta]] = []
    last: timedelta | None = None
    midnight = datetime.combine(date(year, 1, 1), time())
    while midnight.year == year:
        offset = zone.utcoffset(midnight)
        if offset != last:
            found.append((midnight.date(), offset or timedelta()))
            last = offset
        midnight += DAY
    return found
