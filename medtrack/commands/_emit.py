"""How every command ends: its report printed, its receipt completed, its exit code set."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from medtrack.domain.clock_face import on_twelve_hours
from medtrack.domain.report import Report, combined
from medtrack.errors import OutputFailed
from medtrack.render import emit, say

from ._reader import as_called, as_called_where_empty, as_read

if TYPE_CHECKING:
    from medtrack.deps import Deps
    from medtrack.services.chart import Chart


def listing(
    ctx: typer.Context, build: Callable[["Chart"], Report], *, json: bool = False, csv: bool = False
) -> Report:
    """Print a listing of the one record, or of everyone's with --person all."""
    deps: Deps = ctx.obj
    charts = deps.charts()
    if deps.wants_everyone:
        each = [as_called_where_empty(deps, chart, as_read(chart, build(chart))) for chart in charts]
        report = combined([(chart.person, told) for chart, told in zip(charts, each, strict=True)])
    else:
        report = as_called(deps, as_read(charts[0], build(charts[0])))
    emit(report, json=json, csv=csv)
    if csv:
        say_help(report)
    return report


def say_help(*reports: Report) -> None:
    """Say on stderr where to get help now, where what was printed has no room for it: a table for scripts."""
    for report in reports:
        if report.meta.get("help"):
            say(" ".join(report.meta["help"]))


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
