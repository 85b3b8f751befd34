"""Holding a medication for a while, and taking it up again."""

from __future__ import annotations

from datetime import datetime
from shlex import quote

from medtrack.domain.names import read_given
from medtrack.domain.regimen import Bound, Hold
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_bound
from medtrack.errors import NoPlan, ReasonNeeded, UsageRefused
from medtrack.store import regimen as regimen_rows

from .chart import BACKDATED, Chart
from .held_doses import taken_lines
from .planning import read_own_words
from .receipts import open_lines
from .succession import say_bound

_COLUMNS = tuple(
    Column(key) for key in ("medication", "since", "until", "unrecorded", "reason", "decided_by")
)


def hold(
    chart: Chart,
    typed: str,
    *,
    since: str | None = None,
    until: str | None = None,
    unrecorded: bool = False,
    reason: str | None = None,
    by: str | None = None,
) -> Report:
    """Pause a medication: its slots are held, or unknown where nobody could record.

    They leave every percentage. A hold that is back-dated needs a reason; that nobody could record is
    one. Raises ReasonNeeded, UsageRefused, NoPlan.
    """
    medication = chart.find(typed)
    begins: Bound = chart.now if since is None else read_bound(since, now=chart.now, zone=chart.zone)
    reason = read_own_words(reason, "reason")
    ends = None if until is None else read_bound(until, now=chart.now, zone=chart.zone)
    if ends is not None and chart.end(ends) <= chart.begin(begins):
        raise UsageRefused(what="The hold would end before it begins: check --from and --until.")
    if reason is None and not unrecorded and chart.begin(begins) < chart.now - BACKDATED:
        raise ReasonNeeded(what="A hold that is back-dated")
    paused = Hold(
        0,
        "",
        medication.id,
        begins,
        ends,
        unrecorded,
        reason,
        read_given(by, "name"),
    )
    if not chart.plans(medication):
        raise NoPlan(medication=medication.name, why="has no plan, so there is nothing to hold")
    with chart.writing("hold") as work:
        regimen_rows.add_hold(work, paused, medication)
        what = "not recorded" if unrecorded else "on hold"
        work.summary = f"{medication.name} {what}" + (f": {reason}" if reason else "")
    lines = [f"Recorded: {medication.name} is {what} from {say_bound(chart, begins)}{_say_end(chart, ends)}."]
    if ends is None:
        lines.append(f"To take it up again: medtrack resume {quote(medication.name)}")
    if not unrecorded:
        chart.forget()
        lines += taken_lines(
            chart, medication, chart.begin(begins), None if ends is None else chart.end(ends)
        )
    lines += open_lines(chart, medication)
    return Report("hold", _COLUMNS, [_row(chart, medication.name, paused)], lines=[*lines, UNDO])


def resume(
    chart: Chart, typed: str, *, at: str | None = None, reason: str | None = None, by: str | None = None
) -> Report:
    """End the holds of a medication that are in force. Raises NoPlan where there is none."""
    medication = chart.find(typed)
    reason, by = read_own_words(reason, "reason"), read_given(by, "name")
    ends = chart.now if at is None else chart.begin(read_bound(at, now=chart.now, zone=chart.zone))
    if reason is None and ends < chart.now - BACKDATED:
        raise ReasonNeeded(what="Resuming back-dated")
    with chart.writing("resume") as work:
        open_holds = [
            each
            for each in chart.holds(medication)
            if chart.begin(each.since) <= ends and (each.until is None or chart.end(each.until) > ends)
        ]
        if not open_holds:
            raise NoPlan(medication=medication.name, why="is not on hold, so there is nothing to resume")
        for each in open_holds:
            regimen_rows.end_hold(work, each, ends, reason, by)
        work.summary = f"resumed {medication.name}"
    rows = [_row(chart, medication.name, each._replace(until=ends)) for each in open_holds]
    lines = [
        f"Recorded: {medication.name} is taken again from {chart.say(ends)}.",
        UNDO,
    ]
    return Report("resume", _COLUMNS, rows, lines=lines)


def _say_end(chart: Chart, ends: Bound | None) -> str:
    if ends is None:
        return " until it is resumed"
    included = "" if isinstance(ends, datetime) else ", that day included"
    return f" until {say_bound(chart, ends)}{included}"


def _row(chart: Chart, name: str, paused: Hold) -> Cells:
    return {
        "medication": name,
        "since": chart.zones.shown(chart.begin(paused.since)),
        "until": None if paused.until is None else chart.zones.shown(chart.end(paused.until)),
        "unrecorded": paused.unrecorded,
        "reason": paused.reason,
        "decided_by": paused.decided_by,
    }
