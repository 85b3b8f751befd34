"""`medtrack changes`: what changed in the regimen."""

from typing import Annotated

import typer

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def changes(
    ctx: typer.Context,
    span: Annotated[
        str | None, typer.Argument(metavar="[SPAN]", help="7d, 'last month', 2026-03; all.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What changed in the regimen, on whose word and why.

    Example: medtrack changes "last month"
    """
    from medtrack.services.changes import changes as changed

    listing(ctx, lambda chart: changed(chart, span), json=json, csv=csv)
