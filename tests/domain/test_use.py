"""As-needed use, held against a reading that tries every stretch of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.use import most_within, shortest_gap

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
MOMENTS = st.lists(st.integers(0, 100), max_size=12).map(
    lambda hours: sorted(NOON + timedelta(hours=hour) for hour in hours)
)


@given(MOMENTS)
def test_the_most_in_a_day_is_that_of_some_stretch_and_of_none_more(moments: list[datetime]) -> None:
    starts = [NOON + timedelta(hours=hour) for hour in range(-24, 101)]
    counts = [sum(start <= moment < start + DAY for moment in moments) for start in starts]
    assert most_within(moments, DAY) == max(counts)


def test_doses_a_whole_day_apart_are_in_no_stretch_together() -> None:
    assert most_within([NOON, NOON + DAY], DAY) == 1
    assert most_within([NOON, NOON + DAY - timedelta(seconds=1)], DAY) == 2
    assert most_within([], DAY) == 0


@given(MOMENTS)
def test_the_shortest_gap(moments: list[datetime]) -> None:
    gaps = [later - earlier for at, earlier in enumerate(moments) for later in moments[at + 1 :]]
    assert shortest_gap(moments) == (min(gaps) if gaps else None)
