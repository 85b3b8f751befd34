"""`medtrack resume`: take a paused medication up again."""

import typer

from ._emit import receipt
from ._params import By, FromWhen, Json, Medication, Reason, new_app

app = new_app()


@app.command()
def resume(
    ctx: typer.Context,
    med: Medication,
    at: FromWhen = None,
    reason: Reason = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Take a paused medication up again.

    Exit code 28: it is not on hold.

    Example: medtrack resume metformin
    """
    from medtrack.services.pausing import resume as record

    chart = ctx.obj.chart()
    receipt(ctx, chart, record(chart, med, at=at, reason=reason, by=by), json=json)
