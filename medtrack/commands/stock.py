"""`medtrack stock`: what is on hand, how long it lasts, and when to order."""

import typer

from ._emit import listing
from ._params import Csv, Json, Medications, new_app

app = new_app()


@app.command()
def stock(ctx: typer.Context, med: Medications = None, json: Json = False, csv: Csv = False) -> None:
    """What is on hand, how long it lasts, and when to order.

    Example: medtrack stock
    """
    from medtrack.services.supplying import stock_report

    listing(ctx, lambda chart: stock_report(chart, med or []), json=json, csv=csv)
