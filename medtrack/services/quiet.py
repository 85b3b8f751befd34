"""The hours in which no reminder sounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from medtrack.domain.candidates import reached_at
from medtrack.domain.reminders import Quiet, read_quiet
from medtrack.domain.report import UNDO, Column, Report
from medtrack.store.settings import add_setting

from .chart import Chart

_COLUMNS = (Column("quiet"),)


def quiet_of(chart: Chart) -> Quiet | None:
    """The person's quiet hours, if there are any."""
    return read_quiet(chart.settings.get("quiet", "off"))


def next_end(chart: Chart) -> Iterator[datetime]:
    """The instants after now at which quiet hours end."""
    quiet = quiet_of(chart)
    if quiet is None:
        return
    day = chart.local(chart.now).date()
    for each in (day, day + timedelta(days=1)):
        instant = reached_at(datetime.combine(each, quiet.until), chart.zones)
        if instant > chart.now:
            yield instant


def quiet(chart: Chart, text: str | None) -> Report:
    """Show the quiet hours, or set them: '22:00-07:00', 'off'. Raises UsageRefused and BadTiming."""
    if text is not None:
        wanted = read_quiet(text)
        value = "off" if wanted is None else str(wanted)
        with chart.writing("quiet") as work:
            add_setting(work, "quiet", value)
            work.summary = f"set quiet to {value}"
        chart.forget()
    hours = quiet_of(chart)
    said = (
        ["There are no quiet hours. For some: medtrack quiet 22:00-07:00"]
        if hours is None
        else [
            f"Quiet from {hours.since:%H:%M} to {hours.until:%H:%M}, on the clock of where you are:"
            " what is due then is told when they end.",
            "Time-critical doses are told all the same.",
        ]
    )
    if text is not None:
        said = [f"Recorded: {said[0][0].lower()}{said[0][1:]}", *said[1:], UNDO]
    return Report(
        "quiet",
        _COLUMNS,
        [{"quiet": None if hours is None else str(hours)}],
        {"recorded": text is not None},
        said,
    )
