"""Every slot of a clock plan before anything is dropped: dates of a day pattern, placed in a zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from .days import first_day, pattern_days, previous_day
from .regimen import Clock
from .zones import Flag, Zones, place

DAY = timedelta(days=1)
FAR = datetime(2300, 1, 1, tzinfo=UTC)
"""Later than any slot: where an open span ends."""
_FARTHEST = timedelta(hours=26)
"""The most by which a journey puts the clock on: from UTC-12 to UTC+14."""
ON_ARRIVAL: Final = "overdue-on-arrival"
"""The flag of a slot of the new zone that was past already when the person arrived there."""


class Candidate(NamedTuple):
    """One slot as the plan names it."""

    instant: datetime
    """UTC."""
    wall: datetime
    """The wall time the plan names, naive; it may be one that the clocks jumped over."""
    zone: ZoneInfo
    nominal: timedelta
    """The plan's ideal wall-clock distance to the slot before it."""
    flags: tuple[Flag, ...]

    @property
    def local(self) -> datetime:
        """The wall time the clock shows at the instant, naive."""
        if "gap" not in self.flags:
            return self.wall
        return self.instant.astimezone(self.zone).replace(tzinfo=None, fold=0)


def origin_of(timing: Clock, home: Zones, begins: datetime) -> date | None:
    """The day that anchors the pattern: that of the first slot at or after the plan's start, unless told."""
    if timing.days.counted_from is not None:
        return timing.days.counted_from
    daily = Clock(timing.times)
    eve = home.local(begins).date() - DAY
    first = next(candidates(daily, eve, home, begins, FAR), None)
    return None if first is None else first_day(timing, datetime.combine(first.wall.date(), time()))


def in_rhythm(timing: Clock, home: Zones, begins: datetime) -> Clock:
    """The timing so that a later plan goes on counting its days from where this one began."""
    days = timing.days
    counts = days.every > 1 or days.weeks > 1 or days.cycle is not None or days.rrule is not None
    if not counts:
        return timing
    return timing._replace(days=days._replace(counted_from=origin_of(timing, home, begins)))


def reached_at(wall: datetime, home: Zones) -> datetime:
    """The instant at which the person's wall clock first reaches a wall time."""
    moment = FAR
    for opens, closes, zone in home.segments():
        moment = place(wall, zone)[0]
        if opens is not None:
            moment = max(moment, opens)
        if closes is None or moment < closes:
            break
    return moment


def walk_from(timing: Clock, origin: date, home: Zones, begins: datetime, since: datetime) -> datetime:
    """From where the slots must be walked so that those from `since` on are what a walk from the start gives.

    Whether a slot is kept depends on the one before it, but a journey or a clock change is forgotten after
    two slots in a row at their proper distance.
    """
    if since <= begins:
        return begins
    day = home.local(since).date() - DAY
    for _ in range(2):
        if day <= origin:
            return begins
        day = previous_day(timing.days, origin, day)
    start = place(datetime.combine(day, time()), home.at(since))[0] - 2 * DAY
    steady = since - start
    for opens, _, _ in reversed(home.segments()):
        if opens is not None and start - steady < opens < start + steady:
            start = opens - steady
    return max(begins, start)


def candidates(
    timing: Clock, origin: date, home: Zones, since: datetime, until: datetime
) -> Iterator[Candidate]:
    """Every slot of the pattern in `[since, until)`, in the plan's order, before anything is dropped.

    That is the order of instants but where the clocks jumped over a wall time: it comes before the wall
    times after the gap. Slots of a new zone count from the arrival on, and before it where the clock of
    the old zone had yet to show them: a flight to the east jumps over them, so they are due at once, or too
    close to the dose before the journey.
    """
    times = timing.times
    gaps = [
        datetime.combine(origin, later) - datetime.combine(origin, earlier)
        for earlier, later in pairwise(times)
    ]
    overnight = datetime.combine(origin, times[0]) - datetime.combine(origin, times[-1])
    shown: set[datetime] = set()
    left: ZoneInfo | None = None
    for opens, closes, zone in home.segments():
        arrival = opens if opens is not None and opens > since else since
        lower = arrival
        if arrival > since:
            lower = max(since, arrival - _FARTHEST)
        upper = until if closes is None else min(until, closes)
        came_from, left = left, zone
        if arrival >= upper:
            continue
        first = max(lower.astimezone(zone).date() - DAY, origin)
        before = previous_day(timing.days, origin, first)
        for day in pattern_days(timing.days, origin, first, upper.astimezone(zone).date() + 2 * DAY):
            for index, clock_time in enumerate(times):
                wall = datetime.combine(day, clock_time)
                instant, flag = place(wall, zone)
                if not lower <= instant < upper:
                    continue
                flags: tuple[Flag, ...] = (flag,) if flag else ()
                if instant < arrival:
                    is_lived = came_from is None or wall in shown or place(wall, came_from)[0] < arrival
                    if is_lived:
                        continue
                    flags = (*flags, ON_ARRIVAL)
                shown.add(wall)
                nominal = gaps[index - 1] if index else (day - before) + overnight
                yield Candidate(instant, wall, zone, nominal, flags)
            before = day
