"""How long a person went without a dose: only what was planned then and not paused counts."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from .matching import Held


def longest_between(
    pairs: Iterable[tuple[int, int]],
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
    longest: int | None = None,
) -> int | None:
    """The most seconds between the moments of a pair, at least `longest`; None where there is no pair.

    Moments are POSIX seconds: a report of years compares many thousands of them.
    """
    for earlier, later in pairs:
        if longest is None or later - earlier > longest:
            since, until = (datetime.fromtimestamp(moment, UTC) for moment in (earlier, later))
            longest = max(longest or 0, int(planned_time(since, until, active, holds).total_seconds()))
    return longest


def planned_time(
    since: datetime,
    until: datetime,
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
) -> timedelta:
    """How much of `[since, until)` lies inside a plan and outside every pause.

    `active` are the instants `[since, until)` of the plans.
    """
    paused = [(held.since, held.until if held.until is not None else until) for held in holds]
    edges = sorted(
        {since, until, *(edge for span in (*active, *paused) for edge in span if since < edge < until)}
    )
    total = timedelta()
    for earlier, later in pairwise(edges):
        inside = any(begin <= earlier < end for begin, end in active)
        if inside and not any(begin <= earlier < end for begin, end in paused):
            total += later - earlier
    return total
