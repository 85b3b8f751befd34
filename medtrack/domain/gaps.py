"""How long a person went without a dose: only what was planned then and not paused counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from .matching import Held


def longest_between(
    pairs: Iterable[tuple[datetime, datetime]],
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
    longest: timedelta | None = None,
) -> timedelta | None:
    """The longest time between the moments of a pair, at least `longest`; None where there is no pair."""
    for earlier, later in pairs:
        if longest is None or later - earlier > longest:
            longest = max(longest or timedelta(), planned_time(earlier, later, active, holds))
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
