"""`medtrack stop`: end a medication."""

import typer

from ._emit import receipt
from ._params import By, FromWhen, Json, Medication, Reason, new_app

app = new_app()


@app.command()
def stop(
    ctx: typer.Context,
    med: Medication,
    at: FromWhen = None,
    reason: Reason = None,
    by: By = None,
    json: Json = False,
) -> None:
    """End a medication.

    Its record stays: what was taken, and why it was stopped.

    Exit code 28: it has no plan to end.

    Example: medtrack stop ibuprofen --reason "no longer needed" --by "Dr Osei"
    """
    from medtrack.services.regimen import stop as record

    chart = ctx.obj.chart()
    receipt(ctx, chart, record(chart, med, at=at, reason=reason, by=by), json=json)
