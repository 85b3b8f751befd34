"""`medtrack due`: what is due now, and an exit code that says so."""

from typing import Annotated

import typer

from medtrack.domain.report import combined

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def due(
    ctx: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; only the exit code.")] = False,
    prompt: Annotated[bool, typer.Option("--prompt", help="One short line for a shell prompt.")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What is due now; the exit code says so to scripts.

    Exit code 0: nothing is due. 10: a dose is due. 11: a dose is overdue.

    Example: medtrack due || echo "time for a dose"
    """
    from medtrack.services.upcoming import due as due_now
    from medtrack.services.upcoming import prompt_line

    if quiet or prompt:
        charts = ctx.obj.charts()
        report = combined([(chart.person, due_now(chart)) for chart in charts])
        if prompt and not quiet and (line := prompt_line(report)):
            typer.echo(line)
    else:
        report = listing(ctx, due_now, json=json, csv=csv)
    if report.meta["overdue"]:
        raise typer.Exit(11)
    if report.meta["due"]:
        raise typer.Exit(10)
