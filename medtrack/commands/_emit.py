"""How every command ends: its report printed, its receipt completed, its exit code set."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from medtrack.domain.clock_face import on_twelve_hours
from medtrack.domain.report import Report, combined
from medtrack.errors import OutputFailed
from medtrack.render import emit, say

if TYPE_CHECKING:
    from medtrack.deps import Deps
    from medtrack.domain.document import Document
    from medtrack.services.chart import Chart

APP = "medtrack"
_HINT = re.compile(r"(?<=[?:] )medtrack(?= [a-z])|(?<=or )medtrack(?= [a-z])")
"""Where a sentence says what to type."""


def listing(
    ctx: typer.Context, build: Callable[["Chart"], Report], *, json: bool = False, csv: bool = False
) -> Report:
    """Print a listing of the one record, or of everyone's with --person all."""
    deps: Deps = ctx.obj
    charts = deps.charts()
    if deps.wants_everyone:
        report = combined([(chart.person, as_read(chart, build(chart))) for chart in charts])
    else:
        report = as_called(deps, as_read(charts[0], build(charts[0])))
    emit(report, json=json, csv=csv)
    return report


def as_read(chart: "Chart", report: Report) -> Report:
    """The report on the clock that the person reads; what scripts see of it stays as it is."""
    if not chart.is_on_twelve_hours:
        return report
    from medtrack.render.hours import report_on_twelve_hours

    return report_on_twelve_hours(report)


def as_read_document(chart: "Chart", document: "Document") -> "Document":
    """The document on the clock that the person reads."""
    if not chart.is_on_twelve_hours:
        return document
    from medtrack.render.hours import document_on_twelve_hours

    return document_on_twelve_hours(document)


def as_called(deps: "Deps", report: Report) -> Report:
    """The report with its hints for the record this command was about: 'medtrack undo' alone is another's."""
    called = deps.calling.now
    if called == APP:
        return report

    def said(line: str) -> str:
        # What a person wrote is theirs.
        return line if line.startswith("Noted") else _HINT.sub(lambda _: called, line)

    return report._replace(
        lines=[said(line) for line in report.lines],
        footer=[said(line) for line in report.footer],
        empty=said(report.empty),
    )


def receipt(ctx: typer.Context, chart: "Chart", report: Report, *, json: bool = False) -> None:
    """Print what was written down; where that cannot be printed, say on stderr that it was all the same."""
    deps: Deps = ctx.obj
    lines = list(report.lines)
    if deps.made is not None:
        lines.insert(0, f"A new record was made for {chart.person}: {deps.made}")
    elif deps.has_several_people:
        lines.insert(0, f"In the record of {chart.person}:")
    if report.meta.get("recorded", True):
        for doubt in (chart.clock_doubt(), chart.end_doubt()):
            if doubt is not None:
                say(doubt)
        if deps.clock.simulated:
            say("the time was given, not read from the clock; what was recorded is marked so.")
    try:
        emit(as_called(deps, as_read(chart, report._replace(lines=lines))), json=json)
    except OutputFailed as failure:
        # It is in the record: an error here would make a person write it down twice.
        say(f"{lines[0]} {failure}")
    warnings = report.meta.get("warnings")
    for warning in warnings if isinstance(warnings, list) else ():
        say(on_twelve_hours(warning) if chart.is_on_twelve_hours else warning)


def warned_receipt(ctx: typer.Context, chart: "Chart", report: Report, *, json: bool = False) -> None:
    """Print what was written down; exit code 4 where it wants somebody's eyes."""
    receipt(ctx, chart, report, json=json)
    if report.meta["warnings"]:
        raise typer.Exit(4)


def outcome(report: Report, *, json: bool = False) -> None:
    """Print what was done with files; where that cannot be printed, say on stderr that it was done."""
    try:
        emit(report, json=json)
    except OutputFailed as failure:
        say(f"{report.lines[0]} {failure}")
