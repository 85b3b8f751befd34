"""`medtrack meds`: what is taken."""

from typing import Annotated

import typer

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def meds(
    ctx: typer.Context,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="As it was at the end of this day.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What is taken now, or was on a date.

    Example: medtrack meds --as-of 2026-01-31
    """
    from medtrack.services.listing import meds as listed

    listing(ctx, lambda chart: listed(chart, as_of=as_of, every=every), json=json, csv=csv)
