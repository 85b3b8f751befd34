"""`medtrack schedule`: the doses planned from now on."""

from typing import Annotated

import typer

from ._emit import listing
from ._params import Csv, Json, Medications, new_app

app = new_app()


@app.command()
def schedule(
    ctx: typer.Context,
    med: Medications = None,
    days: Annotated[str | None, typer.Option(metavar="N", help="Days to show, today included (7).")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="TIME", help="From when; now.")] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="To this day, inside, or time.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """The doses planned from now on.

    Example: medtrack schedule --days 2
    """
    from medtrack.services.upcoming import schedule as planned

    listing(
        ctx,
        lambda chart: planned(chart, med or [], days=days, since=since, until=until),
        json=json,
        csv=csv,
    )
