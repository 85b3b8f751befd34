"""Which daily backups are kept."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.retention import kept

DAYS = st.sets(st.dates(date(2020, 1, 1), date(2030, 12, 31)), max_size=80)
NEAR = st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 30)), max_size=80)
START = date(2025, 1, 1)


@given(DAYS | NEAR)
def test_the_newest_is_kept_and_never_too_many(days: set[date]) -> None:
    chosen = kept(days)
    assert chosen <= days
    assert len(chosen) <= 7 + 4 + 12
    assert not days or max(days) in chosen
    assert set(sorted(days)[-7:]) <= chosen


@given(DAYS | NEAR)
def test_thinning_twice_is_thinning_once(days: set[date]) -> None:
    assert kept(kept(days)) == kept(days)


@given(NEAR)
def test_every_recent_week_and_month_that_had_one_still_has_one(days: set[date]) -> None:
    chosen = kept(days)
    weeks = sorted({day.isocalendar()[:2] for day in days})[-4:]
    assert set(weeks) <= {day.isocalendar()[:2] for day in chosen}
    months = sorted({(day.year, day.month) for day in days})[-12:]
    assert set(months) <= {(day.year, day.month) for day in chosen}


def test_two_years_of_a_backup_a_day() -> None:
    there: set[date] = set()
    for number in range(730):
        there = kept(there | {START + timedelta(number)})
    newest = max(there)
    assert there >= {newest - timedelta(back) for back in range(7)}
    assert {(day.year, day.month) for day in there} == {(2026, month) for month in range(1, 13)}
    assert len(there) == 7 + 2 + 11, "the newest two weeks and the newest month are among the days"
    month_ends = {day for day in there if (day + timedelta(1)).day == 1}
    assert len(month_ends) == 12, "of a month that is over, its last day is kept"


def test_nothing_is_chosen_of_nothing() -> None:
    assert kept([]) == set()
