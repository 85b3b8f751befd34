"""`medtrack refill`: supply was received."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import At, Json, Medication, Note, new_app

app = new_app()


@app.command()
def refill(
    ctx: typer.Context,
    med: Medication,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much: 60, '60 tablets', '100 ml'.")],
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
