"""`medtrack backfill`: past doses, reconstructed from the plan."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import By, Json, Medication, new_app

app = new_app()


@app.command()
def backfill(
    ctx: typer.Context,
    med: Medication,
    span: Annotated[str, typer.Argument(metavar="SPAN", help="7d, 'last week', 2026-03-01..2026-03-09.")],
    but: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="TIME", help="A day or a planned time to leave out; repeatable."),
    ] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Write down past doses as planned, marked as reconstructed.

    What was taken, skipped, held or is still to come stays as it is.

    Exit code 20: there is nothing to write down in that time.

    Example: medtrack backfill metformin 2026-03-01..2026-03-09 --except 2026-03-04
    """
    from medtrack.services.backfilling import backfill as record

    chart = ctx.obj.chart()
    receipt(ctx, chart, record(chart, med, span, but=but or [], by=by), json=json)
