"""`medtrack import`: doses from a CSV file."""

from typing import Annotated

import typer

from medtrack.errors import InputUnreadable, UsageRefused

from ._emit import receipt
from ._params import Json, Yes, new_app

app = new_app()


@app.command(name="import")
def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; - for standard input.")],
    form: Annotated[str, typer.Option("--format", metavar="csv", help="The only format so far.")] = "csv",
    columns: Annotated[
        str | None, typer.Option("--map", metavar="MAP", help="taken_at=COL,medication=COL,amount=COL,...")
    ] = None,
    medication: Annotated[
        str | None, typer.Option(metavar="MED", help="The medication of every row.")
    ] = None,
    tz: Annotated[str | None, typer.Option(metavar="ZONE", help="The zone of times without one.")] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out rows that cannot be read.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be recorded.")] = False,
    yes: Yes = False,  # noqa: ARG001  # accepted from scripts that pass it to every write
    json: Json = False,
) -> None:
    """Write down doses from a CSV file.

    All of them or none; a dose that is there already is left out.

    Example: medtrack import doses.csv --map taken_at=When,medication=Drug --dry-run
    """
    from medtrack.render.progress import tracked
    from medtrack.services.importing import Source, import_doses, read_map

    if form != "csv":
        raise UsageRefused(what=f"--format {form!r} is not known; the formats are: csv.")
    chart = ctx.obj.chart()
    source = Source(read_map(columns), medication, tz)
    try:
        with open(0 if file == "-" else file, encoding="utf-8-sig", newline="") as lines:
            report = import_doses(chart, lines, source, skip_bad=skip_bad, dry_run=dry_run, progress=tracked)
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()
        raise InputUnreadable(path=file, why=why) from None
    receipt(ctx, chart, report, json=json)
    if report.meta["refused"]:
        raise typer.Exit(UsageRefused.exit_code)
