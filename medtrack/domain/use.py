"""How often something was taken as needed: how many in any stretch of time, and how close together."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise


def most_within(moments: Sequence[datetime], period: timedelta) -> int:
    """The most doses in any stretch of this length, wherever it begins; its end is no part of it.

    `moments` ascending. Two doses exactly one period apart are in no stretch together, as the limits count.
    """
    most = 0
    inside: deque[datetime] = deque()
    for moment in moments:
        inside.append(moment)
        while moment - inside[0] >= period:
            inside.popleft()
        most = max(most, len(inside))
    return most


def shortest_gap(moments: Sequence[datetime]) -> timedelta | None:
    """The shortest time between two doses that follow each other; None where there are not two."""
    return min((later - earlier for earlier, later in pairwise(moments)), default=None)
