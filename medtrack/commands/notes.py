"""`medtrack notes`: side effects and remarks."""

import typer

from ._emit import listing
from ._params import Csv, Json, OneOrAll, Since, Span, Until, new_app

app = new_app()


@app.command()
def notes(
    ctx: typer.Context,
    med: OneOrAll = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List the notes.

    Example: medtrack notes --span "last month"
    """
    from medtrack.services.noting import notes as noted

    listing(ctx, lambda chart: noted(chart, med, since, until, span), json=json, csv=csv)
