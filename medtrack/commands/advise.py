"""`medtrack advise`: what is to be known of a medication."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import Json, Medication, new_app

app = new_app()


@app.command()
def advise(
    ctx: typer.Context,
    med: Medication,
    reason: Annotated[str | None, typer.Option("--for", metavar="TEXT", help="What it is for.")] = None,
    how: Annotated[str | None, typer.Option(metavar="TEXT", help="How to take it.")] = None,
    watch: Annotated[str | None, typer.Option(metavar="TEXT", help="What to watch for.")] = None,
    missed: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What to do about a missed dose, by leaflet or doctor.")
    ] = None,
    call: Annotated[str | None, typer.Option(metavar="TEXT", help="Who to call.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who said so: the leaflet, Dr Osei.")] = None,
    drop: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="Take out: for, how, watch, missed or call.")
    ] = None,
    json: Json = False,
) -> None:
    """Write down what is to be known of a medication.

    It stands on its card: medtrack show MED, medtrack card MED.

    Example: medtrack advise sertraline --missed "leave it out, never two" --by leaflet
    """
    from medtrack.services.teaching import advise as record

    chart = ctx.obj.chart()
    flags = {"for": reason, "how": how, "watch": watch, "missed": missed, "call": call}
    receipt(ctx, chart, record(chart, med, flags, by=by, drop=drop), json=json)
