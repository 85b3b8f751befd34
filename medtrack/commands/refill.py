"""`medtrack refill`: supply was received."""

import typer

from ._emit import receipt
from ._params import At, Json, Medication, Note, SupplyAmount, new_app

app = new_app()


@app.command()
def refill(
    ctx: typer.Context,
    med: Medication,
    amount: SupplyAmount,
    at: At = "now",
    note: Note = None,
    json: Json = False,
) -> None:
    """Write down supply received.

    Example: medtrack refill metformin 60
    """
    from medtrack.services.supplying import refill as written

    chart = ctx.obj.chart()
    receipt(ctx, chart, written(chart, med, amount, at=at, note=note), json=json)
