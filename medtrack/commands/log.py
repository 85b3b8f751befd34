"""`medtrack log`: the doses as they were written down."""

import typer

from ._emit import listing
from ._params import Csv, Json, OneOrAll, Since, Span, Until, new_app

app = new_app()


@app.command()
def log(
    ctx: typer.Context,
    med: OneOrAll = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """The doses as they were written down.

    Each with the planned dose it fills. What was voided or undone is in 'medtrack history'.

    Example: medtrack log metformin --span 7d
    """
    from medtrack.services.journal import log as logged

    listing(ctx, lambda chart: logged(chart, med, since, until, span), json=json, csv=csv)
