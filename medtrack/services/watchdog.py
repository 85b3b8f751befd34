"""Whether the checks run: what was not announced because none did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from medtrack.domain.matching import hold_over
from medtrack.domain.report import Cells, Report
from medtrack.domain.wording import say_number_of
from medtrack.store.heartbeat import Heartbeat
from medtrack.store.reminders import Ledger

from .chart import Chart

_SECOND = timedelta(seconds=1)
RECENT = timedelta(days=1)
"""How long after it ended a gap is still told of."""


class Gap(NamedTuple):
    """A time `[since, until)` in which no check ran."""

    since: datetime
    until: datetime
    planned: int
    """How many doses were planned in it."""
    doses: int
    """How many of them were not announced."""
    is_over: bool


def instant(seconds: int) -> datetime:
    """Seconds since 1970 as an instant."""
    return datetime.fromtimestamp(seconds, UTC)


def gap_of(chart: Chart, beat: Heartbeat) -> Gap | None:
    """The gap that is to be told of: one that goes on, or one with doses in it that ended within a day."""
    now = int(chart.now.timestamp())
    if beat.is_gap(now):
        found = _gap(chart, instant(beat.last), chart.now, is_over=False)
        # Who set up no checks that run by themselves is told of what was missed alone.
        return found if found.doses or (beat.every and not found.planned) else None
    if beat.gap is None or chart.now - instant(beat.gap[1]) > RECENT or beat.gap[1] > now:
        return None
    found = _gap(chart, instant(beat.gap[0]), instant(beat.gap[1]), is_over=True)
    return found if found.doses else None


def _gap(chart: Chart, since: datetime, until: datetime, *, is_over: bool) -> Gap:
    ledger = Ledger(chart.record, simulated=chart.moment.simulated)
    # Where a check ran and could not say so, what it told says it.
    told = {
        (entry.told.subject, entry.told.at)
        for entry in ledger.entries(since)
        if entry.told_at is not None and entry.told_at < until
    }
    planned = [
        (medication.uid, found.slot.planned_at)
        for medication in chart.medications
        # What was planned at the very time of a check was announced by it.
        for course in [chart.course(medication, since + _SECOND, until)]
        for found in course.matches
        if hold_over(course.holds, found.slot.planned_at) is None
    ]
    return Gap(since, until, len(planned), sum(each not in told for each in planned), is_over)


def say_gap(chart: Chart, gap: Gap) -> str:
    """That no check ran, from when to when, and what was not announced."""
    since, until = chart.say(gap.since), chart.say(gap.until)
    if since.startswith("today ") and until.startswith("today "):
        since, until = since.removeprefix("today "), until.removeprefix("today ")
    doses = "no dose was" if not gap.doses else say_number_of(gap.doses, "dose")
    verb = "" if not gap.doses else " was" if gap.doses == 1 else " were"
    tail = "planned then" if not gap.doses else "not announced"
    return f"No check ran from {since} to {until}; {doses}{verb} {tail}."


def watched(chart: Chart, report: Report, beat: Heartbeat | None) -> Report:
    """A listing with a word about the checks: when one last ran, and what was not announced."""
    if beat is None:
        return report._replace(meta={**report.meta, "reminders": None})
    gap = gap_of(chart, beat)
    cells: Cells = {
        "last_check_at": chart.zones.shown(instant(beat.last)),
        "gap": None
        if gap is None
        else {
            "since": chart.zones.shown(gap.since),
            "until": chart.zones.shown(gap.until),
            "doses": gap.doses,
            "is_over": gap.is_over,
        },
    }
    said = [] if gap is None else [say_gap(chart, gap)]
    if gap is not None and not gap.is_over:
        said.append(
            "Do the reminders still run? medtrack remind status. Not wanted any more? medtrack remind"
            " uninstall"
        )
    elif report.kind == "today":
        said.append(f"Reminders last ran {chart.say(instant(beat.last))}.")
    return report._replace(meta={**report.meta, "reminders": cells}, footer=[*report.footer, *said])
