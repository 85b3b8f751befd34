"""`medtrack due`: what is due now, and an exit code that says so."""

from typing import Annotated

import typer

from medtrack.errors import NoRecord, UsageRefused

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

    Exit code 0: nothing is due. 10: a dose is due. 11: a dose is overdue. 41: there is no record yet, which
    --prompt does not say.

    Example: medtrack due --quiet; case $? in 10|11) echo "time for a dose";; esac
    """
    from medtrack.domain.prompt import prompt_line
    from medtrack.services.outlook import outlook_of
    from medtrack.services.upcoming import due as due_now
    from medtrack.services.watchdog import watched

    if (quiet or prompt) and (json or csv):
        raise UsageRefused(
            what=f"--{'quiet' if quiet else 'prompt'} and --{'json' if json else 'csv'} cannot go together:"
            " choose one."
        )
    deps = ctx.obj
    if not quiet and not prompt:
        report = listing(
            ctx,
            lambda chart: watched(chart, due_now(chart), deps.heartbeats.of(chart.record.path)),
            json=json,
            csv=csv,
        )
        overdue, due = report.meta["overdue"], report.meta["due"]
    else:
        try:
            charts = deps.charts()
        except NoRecord as none:
            if not prompt:
                raise
            # A shell asks before every line that is typed, and would say it each time.
            raise typer.Exit(none.exit_code) from None
        known = [outlook_of(chart) for chart in charts]
        overdue, due = sum(each.overdue for each in known), sum(each.due for each in known)
        if prompt and not quiet and (line := prompt_line(due, overdue)):
            typer.echo(line)
        for chart, outlook in zip(charts, known, strict=True):
            deps.keep_outlook(chart, outlook)
    if overdue:
        raise typer.Exit(11)
    if due:
        raise typer.Exit(10)
