"""Pictures as data: a calendar of days with one state each, and the share of every week.

A picture holds what is drawn and no more; the render room draws it in signs, in SVG or on a page of a PDF,
each time beside the words, so that nobody needs to see a shape or a colour to read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .adherence import Day, ratio
from .wording import MONTHS, WEEKDAYS

STATES = {
    "full": "all doses",
    "part": "some doses",
    "none": "no dose",
    "extra": "more than planned",
    "held": "on hold or unknown",
    "nothing": "nothing planned",
    "open": "still open",
}
"""What a day of a calendar can be, with the words that explain its sign."""
MOST_WEEKS = 53
"""Weeks a calendar shows: a year, also one that begins in the middle of a week."""
_WEEK = timedelta(7)


class Share(NamedTuple):
    """A part of a whole in one span of days, both inside."""

    since: date
    until: date
    part: int
    whole: int
    started: bool = True
    """Whether anything had been taken by its end: not started is a state, not a share of 0."""

    @property
    def ratio(self) -> Fraction | None:
        """The share itself; None of nothing, and where nothing was started."""
        return ratio(self.part, self.whole) if self.started else None


class Calendar(NamedTuple):
    """The days `since` to `until`, both inside: weeks as columns, weekdays as rows."""

    title: str
    since: date
    until: date
    states: Mapping[date, str]
    """One of `STATES` for each day; days to come have none and stay blank."""
    weeks: Sequence[Share]
    """For every week, first to last: doses taken of those planned, or days right of those that count."""
    of: str
    """What the shares count: 'dose' or 'day'."""
    is_whole: bool = True
    """Whether it shows the whole span asked about, or its last year alone."""
    week_starts: int = 0
    """The weekday of the first row; 0 is Monday."""

    @property
    def weekdays(self) -> list[str]:
        """The names of the rows."""
        return [*WEEKDAYS[self.week_starts :], *WEEKDAYS[: self.week_starts]]

    def row_of(self, day: date) -> int:
        """The row a day stands in, from 0 on."""
        return (day.weekday() - self.week_starts) % 7

    @property
    def columns(self) -> list[date]:
        """The first day of every column."""
        first = self.since - timedelta(self.row_of(self.since))
        return [first + number * _WEEK for number in range((self.until - first).days // 7 + 1)]

    def state_on(self, day: date) -> str | None:
        """The state of a day; None outside the span and for days to come."""
        return self.states.get(day)

    @property
    def totals(self) -> dict[str, int]:
        """How many days there are of each state, in the order of `STATES`; none that does not occur."""
        found = list(self.states.values())
        return {state: found.count(state) for state in STATES if state in found}


def day_state(found: Sequence[Day]) -> str:
    """The state of one day, of one medication or of several together.

    Several are as good as all of them were: 'full' only where each was taken exactly as planned. Doses count
    on the day they were taken, as-needed ones never.
    """
    if any(day.excluded for day in found):
        return "held"
    # A day without any slot is open until it is over, but nothing of it is awaited.
    if any(day.open and day.windows for day in found):
        return "open"
    taken = [day.doses - day.as_needed for day in found]
    if not any(day.expected for day in found):
        return "extra" if any(taken) else "nothing"
    if all(day.exact for day in found):
        return "full"
    if all(day.at_least for day in found):
        return "extra"
    return "part" if any(taken) else "none"


def shown_from(since: date, until: date, week_starts: int = 0) -> date:
    """The first day of a calendar of this span: its own, unless that makes more than `MOST_WEEKS` weeks."""
    last_column = until - timedelta((until.weekday() - week_starts) % 7)
    return max(since, last_column - (MOST_WEEKS - 1) * _WEEK)


def month_names(columns: Sequence[date], since: date) -> dict[int, str]:
    """The short name of each month, by the number of the column that holds its first day in the span.

    A month that begins in the span's last days of a column still stands over that column; where two would
    stand over one column, the later does.
    """
    names: dict[int, str] = {}
    for number, first in enumerate(columns):
        for day in (first + timedelta(offset) for offset in range(7)):
            if day >= since and (day.day == 1 or day == since):
                names[number] = MONTHS[day.month - 1][:3]
    return names
