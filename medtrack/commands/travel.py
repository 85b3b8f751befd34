"""`medtrack travel`: the zone the person lives in."""

from typing import Annotated

import typer

from . import _plan_params as plan
from ._emit import listing, receipt
from ._params import Csv, Json, Reason, new_app

app = new_app()


@app.command()
def travel(
    ctx: typer.Context,
    zone: Annotated[str | None, typer.Argument(metavar="[ZONE]", help="Where to: Asia/Tokyo.")] = None,
    since: plan.From = None,
    reason: Reason = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Live in another time zone from a moment on.

    Clock times follow the person; what is pinned to a zone, or every so many hours, does not. Without a
    zone: the zones so far.

    Example: medtrack travel Asia/Tokyo --from "2026-04-02 11:30"
    """
    from medtrack.services.travelling import travel as journey

    if zone is None:
        listing(ctx, lambda chart: journey(chart, None), json=json, csv=csv)
    else:
        chart = ctx.obj.chart()
        receipt(ctx, chart, journey(chart, zone, since=since, reason=reason), json=json)
