"""Which of the daily backups are kept: of the newest days, of the newest weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

DAYS, WEEKS, MONTHS = 7, 4, 12


def kept(days: Iterable[date]) -> set[date]:
    """The days whose backups are kept, at most 7 + 4 + 12, the newest always among them.

    The newest 7 days that have one; the newest day of each of the newest 4 weeks (from Monday on), and of
    each of the newest 12 months, that have one. They are counted from the newest backup, not from today,
    so that a pause or a clock that was wrong loses none.
    """
    newest_first = sorted(set(days), reverse=True)
    rules: tuple[tuple[int, Callable[[date], tuple[int, int]]], ...] = (
        (WEEKS, lambda day: day.isocalendar()[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    )
    chosen = set(newest_first[:DAYS])
    for number, period in rules:
        newest_of = {period(day): day for day in reversed(newest_first)}
        chosen.update(newest_of[each] for each in sorted(newest_of, reverse=True)[:number])
    return chosen
