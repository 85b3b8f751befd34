"""A clock plan walked from slot to slot: which stand, and which a clock change or a journey drops."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .candidates import FAR, Candidate, candidates, origin_of, reached_at, walk_from
from .regimen import Clock, Plan
from .runs import Run, runs_of
from .zones import Flag, Zones

DAY = timedelta(days=1)
_AHEAD = timedelta(hours=26)
"""How far a wall time that the clocks jumped over may be carried past the ones that follow it."""


class Step(NamedTuple):
    """A slot that was looked at by itself: kept, or dropped."""

    last: Candidate | None
    """The kept slot before it."""
    found: Candidate
    is_kept: bool


def walk(
    plan: Plan, timing: Clock, home: Zones, span: tuple[datetime, datetime], since: datetime, until: datetime
) -> Iterator[Run | Step]:
    """What a clock plan holds in `[since, until)`: whole runs of days, and slot by slot what lies between.

    `home` are the zones whose wall clock it follows, `span` the instants `[since, until)` of its bounds.
    """
    begins, ends = span
    origin = origin_of(timing, home, begins)
    if origin is None:
        return
    wall_ends = _wall_end(plan, timing, origin, home, begins)
    if wall_ends is not None:
        ends = min(ends, reached_at(wall_ends, home))

    def between(start: datetime, end: datetime) -> Iterator[Candidate]:
        for found in candidates(timing, origin, home, start, end):
            if wall_ends is None or found.wall < wall_ends:
                yield found

    # A count is kept slots from the first one, so such a plan is walked from its start; it is short.
    is_counted = plan.count is not None
    start = begins if is_counted else walk_from(timing, origin, home, begins, since)
    runs = () if is_counted else runs_of(timing, origin, home, max(since, begins), min(until, ends, FAR))
    last: Candidate | None = None
    for run in runs:
        for step in _steps(between(start, run.since), last):
            if step.found.instant >= since:
                yield step
        yield run
        last, start = run.last, run.until
    kept = 0
    for step in _steps(between(start, min(ends, until + _AHEAD)), last):
        if since <= step.found.instant < until:
            yield step
        kept += step.is_kept
        if kept == plan.count:
            break


def _wall_end(plan: Plan, timing: Clock, origin: date, home: Zones, begins: datetime) -> datetime | None:
    """The wall time, exclusive, at which its days from the first slot on are over; None where not bounded."""
    if plan.for_days is None:
        return None
    first = next(candidates(timing, origin, home, begins, FAR), None)
    return None if first is None else first.wall + plan.for_days * DAY


def _steps(found: Iterable[Candidate], last: Candidate | None) -> Iterator[Step]:
    """Each slot with the kept one before it; one less than half its spacing after that is dropped."""
    for each in found:
        is_kept = last is None or each.instant - last.instant >= each.nominal / 2
        yield Step(last, each, is_kept)
        if is_kept:
            last = each


def spacing_flags(last: Candidate | None, found: Candidate) -> Iterator[Flag]:
    """What a journey or a clock change did to the distance from the kept slot before."""
    if last is None:
        return
    if last.zone is not found.zone:
        yield "zone-change"
    elapsed = found.instant - last.instant
    if elapsed > found.nominal * 5 / 4:
        yield "long-gap"
    elif elapsed < found.nominal * 3 / 4:
        yield "short-gap"
