"""What `due` answers, and until when it does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from medtrack.domain.matching import state_of
from medtrack.domain.reminders import Rule, changes_of
from medtrack.store.outlook import Outlook

from .chart import Chart, Course

_DAY = timedelta(days=1)
"""No answer is kept for longer."""


def seconds(instant: datetime) -> int:
    """An instant as seconds since 1970."""
    return int(instant.timestamp())


def outlook(chart: Chart, courses: Iterable[Course], quiet_until: int = 0) -> Outlook:
    """How many doses are due and overdue by these courses, and the first instant at which that may change."""
    counts = {"due": 0, "overdue": 0}
    until = chart.now + _DAY
    for course in courses:
        for found in course.matches:
            state = state_of(found, course.holds, chart.now)
            if state in counts:
                counts[state] += 1
        changes = changes_of(course.matches, course.holds, Rule(), ())
        until = min([until, *(at for at in changes if at > chart.now)])
    return Outlook(seconds(chart.now), counts["due"], counts["overdue"], seconds(until), quiet_until)


def outlook_of(chart: Chart) -> Outlook:
    """The same, of every medication of the record."""
    return outlook(chart, [chart.current(medication) for medication in chart.medications])
