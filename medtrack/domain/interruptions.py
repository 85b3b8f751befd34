"""Stretches without a dose: drug holidays in whole days, and the longest gap to the second.

Source: ABC (Vrijens et al., Br J Clin Pharmacol 2012;73:691), implementation.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .adherence import Day
from .gaps import longest_between
from .matching import Held

HOLIDAY_DAYS = 3
"""A drug holiday is this many whole days with doses expected and none taken (customary)."""


class Holiday(NamedTuple):
    """A run of whole days with doses expected and none taken; both dates inside."""

    since: date
    until: date
    days: int


def drug_holidays(days: Mapping[date, Day]) -> list[Holiday]:
    """The maximal runs of at least three days with doses expected and none taken.

    Days with nothing expected, held or still open neither extend nor break a run. Source: the custom of
    dose-monitoring studies (ABC: implementation); the number of days is no finding.
    """
    holidays: list[Holiday] = []
    run: list[date] = []

    def close() -> None:
        if len(run) >= HOLIDAY_DAYS:
            holidays.append(Holiday(run[0], run[-1], len(run)))
        run.clear()

    for date_ in sorted(days):
        day = days[date_]
        if day.doses:
            close()
        elif day.monitored and day.expected:
            run.append(date_)
    close()
    return holidays


def longest_gap(
    days: Iterable[Day],
    begins: datetime,
    ends: datetime,
    *,
    first: datetime | None,
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
) -> timedelta | None:
    """The longest time without a dose from `begins` to `ends`, without what was paused or unplanned.

    `days` in order; `first` is when the medication was first taken, ever: time before it is no gap. One that
    reaches over an edge counts up to the edge, so that none falls between two periods. None without a dose.
    """
    pairs: list[tuple[int, int]] = []
    within: int | None = None
    latest = int(begins.timestamp()) if first is not None and first < begins else None
    for day in days:
        if day.first_taken is None or day.last_taken is None:
            continue
        if latest is not None:
            pairs.append((latest, day.first_taken))
        if day.longest_gap is not None and (within is None or day.longest_gap > within):
            within = day.longest_gap
        latest = day.last_taken
    if latest is not None:
        pairs.append((latest, max(int(ends.timestamp()), latest)))
    found = longest_between(pairs, active, holds, within)
    return None if found is None else timedelta(seconds=found)
