"""`medtrack count`: supply was counted."""

import typer

from ._emit import receipt
from ._params import At, Json, Medication, Note, SupplyAmount, new_app

app = new_app()


@app.command()
def count(
    ctx: typer.Context,
    med: Medication,
    amount: SupplyAmount,
    at: At = "now",
    note: Note = None,
    json: Json = False,
) -> None:
    """Write down what was counted; say how the log differs.

    Example: medtrack count metformin 17
    """
    from medtrack.services.supplying import count as written

    chart = ctx.obj.chart()
    receipt(ctx, chart, written(chart, med, amount, at=at, note=note), json=json)
