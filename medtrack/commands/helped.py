"""`medtrack helped`: how much a dose did."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import At, Json, Medication, new_app

app = new_app()


@app.command()
def helped(
    ctx: typer.Context,
    med: Medication,
    score: Annotated[str, typer.Argument(metavar="0-10", help="0 not at all, 10 as much as could be.")],
    dose: Annotated[
        str | None, typer.Option(metavar="DOSE", help="Another than the last one: its id in 'log'.")
    ] = None,
    at: At = "now",
    json: Json = False,
) -> None:
    """Write down how much a dose helped.

    The last dose of the last 24 hours, or the one named.

    Exit code 24: there is no such dose. 28: no dose of it is written down.

    Example: medtrack helped ibuprofen 7
    """
    from medtrack.services.rating import helped as record

    chart = ctx.obj.chart()
    receipt(ctx, chart, record(chart, med, score, dose=dose, at=at), json=json)
