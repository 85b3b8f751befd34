"""`medtrack remind install`, `uninstall`, `status`, `test`: having the checks run, and seeing it."""

from typing import TYPE_CHECKING, Annotated

import typer

from medtrack.render import emit

from ._emit import listing, outcome
from ._params import Csv, Json
from ._reader import as_called, as_read

if TYPE_CHECKING:
    from medtrack.domain.report import Report, Row
    from medtrack.services.chart import Chart

FOUND = 4
"""The exit code where something needs a person's eyes."""
_TARGETS = ("cron", "systemd", "launchd")


def add_to(app: typer.Typer) -> None:
    """Make them commands of the group."""
    for command in (install, uninstall, status):
        app.command()(command)
    app.command("test")(try_out)


def install(
    ctx: typer.Context,
    cron: Annotated[bool, typer.Option("--cron", help="By your crontab.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="By a systemd user timer.")] = False,
    launchd: Annotated[bool, typer.Option("--launchd", help="By a launchd agent.")] = False,
    every: Annotated[str, typer.Option(metavar="LENGTH", help="How often: 1m to 1h.")] = "5m",
    show: Annotated[bool, typer.Option("--print", help="Only show what would be written.")] = False,
) -> None:
    """Have the checks run every few minutes.

    Example: medtrack remind install --print
    """
    from medtrack.services import installing

    deps = ctx.obj
    files = [chart.record.path for chart in deps.charts()]
    chosen = [name for name, is_set in zip(_TARGETS, (cron, systemd, launchd), strict=True) if is_set]
    name = installing.chosen(chosen)
    job = deps.calling.job._replace(every=installing.read_every(every))
    if show:
        emit(installing.shown(name, job))
        return
    channels = [channel for file in files for channel in deps.channels.of(file)]
    keys = [key for file in files for key in deps.calling.keys(file)]
    report = installing.install(name, job, files, deps.heartbeats, deps.moment.now, channels, keys)
    outcome(as_called(deps, report))


def uninstall(ctx: typer.Context) -> None:
    """Have the checks run no more.

    Example: medtrack remind uninstall
    """
    from medtrack.services import installing

    deps = ctx.obj
    # A record that is gone or moved has its line taken away all the same.
    files = [path for _, path in deps.known_people()] if deps.wants_everyone else [deps.path]
    keys = [key for file in files for key in deps.calling.keys(file)]
    outcome(as_called(deps, installing.uninstall(deps.calling.job, files, deps.heartbeats, keys)))


def status(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """Whether the checks run, and what is wrong.

    Exit code 4: something needs your eyes.

    Example: medtrack remind status
    """
    from medtrack.services.reminder_state import installed_for
    from medtrack.services.reminder_state import status as state

    deps = ctx.obj

    def build(chart: "Chart") -> "Report":
        path = chart.record.path
        found = installed_for(deps.calling.keys(path))
        return state(chart, deps.channels.of(path), deps.heartbeats.of(path), found)

    if deps.wants_everyone and not json and not csv:
        rows: list[Row] = []
        for chart in deps.charts():
            report = build(chart)
            emit(as_read(chart, report._replace(lines=[f"{chart.person}:", *report.lines])))
            rows += report.rows
    else:
        rows = list(listing(ctx, build, json=json, csv=csv).rows)
    if rows:
        raise typer.Exit(FOUND)


def try_out(
    ctx: typer.Context,
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]", help="Which; all.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Send a word to the channels, to see whether it arrives.

    Exit code 4: one of them failed.

    Example: medtrack remind test
    """
    from medtrack.services.channels import chosen
    from medtrack.services.reminder_state import tested

    deps = ctx.obj
    report = listing(
        ctx, lambda chart: tested(chosen(deps.channels.of(chart.record.path), channel)), json=json, csv=csv
    )
    if report.meta["failed"]:
        raise typer.Exit(FOUND)
