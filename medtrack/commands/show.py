"""`medtrack show`: one medication's card."""

import typer

from ._emit import listing
from ._params import Csv, Json, Medication, new_app

app = new_app()


@app.command()
def show(ctx: typer.Context, med: Medication, json: Json = False, csv: Csv = False) -> None:
    """One medication's card, with its whole history.

    Example: medtrack show metformin
    """
    from medtrack.services.listing import show as card

    listing(ctx, lambda chart: card(chart, med, ctx.obj.pack), json=json, csv=csv)
