"""Initiation and persistence: begun, kept up, ended by a gap or by the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.matching import Held
from medtrack.domain.persistence import PERMISSIBLE, initiation_lag, persistence

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
ALWAYS = [(START, START + 1000 * DAY)]


def at(day: float) -> datetime:
    return START + day * DAY


def test_initiation() -> None:
    assert initiation_lag(at(0), at(3)) == 3 * DAY
    assert initiation_lag(at(0), at(-1)) == timedelta()
    assert initiation_lag(at(0), None) is None


# (days with a dose, today, spans of the plan, holds, first, last, ended)
EXAMPLES: list[tuple[list[int], int, list[tuple[int, int]], list[tuple[int, int | None]], tuple[int, int, str | None]]] = [
    ([0, 1, 2], 3, [(0, 1000)], [], (0, 2, None)),
    ([0, 1, 2], 32, [(0, 1000)], [], (0, 2, None)),
    ([0, 1, 2], 33, [(0, 1000)], [], (0, 2, "gap")),
    # Taken up again later is another beginning.
    ([0, 1, 40, 41], 42, [(0, 1000)], [], (0, 1, "gap")),
    # Paused days are not in the gap, nor those between two plans.
    ([0, 1, 40, 41], 42, [(0, 1000)], [(5, 20)], (0, 41, None)),
    ([0, 1, 40, 41], 42, [(0, 2), (35, 1000)], [], (0, 41, None)),
    ([0, 1, 2], 90, [(0, 1000)], [(3, None)], (0, 2, None)),
    # The plan was over, so nothing was left out.
    ([0, 1, 9], 90, [(0, 10)], [], (0, 9, "plan")),
    ([0, 1], 90, [(0, 60)], [], (0, 1, "gap")),
    ([0, 1, 9], 10, [(0, 10)], [], (0, 9, "plan")),
    ([0, 1, 9], 9, [(0, 10)], [], (0, 9, None)),
    ([0], 0, [(0, 1000)], [], (0, 0, None)),
    # A dose after the end of the plan.
    ([0, 12], 90, [(0, 10)], [], (0, 12, "plan")),
]  # fmt: skip


@pytest.mark.parametrize(("days", "today", "spans", "holds", "expected"), EXAMPLES)
def test_persistence(
    days: list[int],
    today: int,
    spans: list[tuple[int, int]],
    holds: list[tuple[int, int | None]],
    expected: tuple[int, int, str | None],
) -> None:
    held = [Held(at(since), None if until is None else at(until), "held") for since, until in holds]
    found = persistence(
        [at(day) for day in days], [(at(since), at(until)) for since, until in spans], held, at(today)
    )
    first, last, ended = expected
    assert found is not None
    assert found == (at(first), at(last), ended)
    assert found.length == (last - first) * DAY


def test_never_begun_is_no_persistence() -> None:
    assert persistence([], ALWAYS, [], at(90)) is None


@given(st.lists(st.integers(0, 300), min_size=1, unique=True).map(sorted), st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_no_gap_inside_is_longer_than_permissible(days: list[int], permissible: int) -> None:
    found = persistence([at(day) for day in days], ALWAYS, [], at(400), permissible * DAY)
    assert found is not None
    kept = [day for day in days if at(day) <= found.until]
    assert all(later - earlier <= permissible for earlier, later in pairwise(kept))
    following = [day for day in days if at(day) > found.until]
    assert (found.ended == "gap") == ((following or [400])[0] - kept[-1] > permissible)
    assert PERMISSIBLE == 30 * DAY
