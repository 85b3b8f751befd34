"""`medtrack doctor`: what is wrong, and what to do."""

import sys

import typer

from medtrack.errors import NoRecord
from medtrack.render import emit
from medtrack.render.screen import is_a_terminal

from ._params import Csv, Json, new_app

app = new_app()
FOUND = 4
"""The exit code where something needs a person's eyes."""


@app.command()
def doctor(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """What is wrong with the record or this machine, and what to do.

    When all is well it says so on a terminal, and nothing elsewhere. Keeps a backup a day beside the record.

    Exit code 4: something needs your eyes.

    Example: medtrack doctor
    """
    from medtrack.services import reminder_state
    from medtrack.services.examining import examine

    deps = ctx.obj
    people = deps.known_people() if deps.wants_everyone else None
    if people == []:
        raise NoRecord(path="nobody has one")
    report = examine(
        [deps.path] if people is None else [path for _, path in people],
        deps.registry,
        deps.moment,
        lambda chart: reminder_state.of_record(
            chart, deps.channels, deps.heartbeats, deps.calling.keys(chart.record.path)
        ),
        None if people is None else [name for name, _ in people],
    )
    # Cron mails what is printed; a person who asks is answered.
    if report.rows or json or csv or is_a_terminal(sys.stdout):
        emit(report, json=json, csv=csv)
    if report.rows:
        raise typer.Exit(FOUND)
