"""`medtrack refill`: supply was received."""

from typing import Annotated

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
    expires: Annotated[
        str | None, typer.Option(metavar="DAY", help="How long it may be used: 2027-03, 2027-03-15.")
    ] = None,
    json: Json = False,
) -> None:
    """Write down supply received.

    Example: medtrack refill metformin 60
    """
    from medtrack.services.supplying import refill as written

    chart = ctx.obj.chart()
    receipt(ctx, chart, written(chart, med, amount, at=at, note=note, expires=expires), json=json)
