"""`medtrack skip`: a dose was deliberately not taken."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import At, By, Json, Medications, Reason, new_app

app = new_app()


@app.command()
def skip(
    ctx: typer.Context,
    med: Medications = None,
    reason: Reason = None,
    slot: Annotated[
        str | None, typer.Option("--for", metavar="SLOT", help="The planned time it is for.")
    ] = None,
    at: At = "now",
    by: By = None,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="The same key twice is one entry.")] = None,
    json: Json = False,
) -> None:
    """Write down a dose deliberately not taken.

    Exit code 20: there is no such planned dose. 33: that dose was taken.

    Example: medtrack skip metformin --reason "fasting for a blood test"
    """
    from medtrack.services.taking import Wish
    from medtrack.services.taking import skip as record

    chart = ctx.obj.chart()
    report = record(chart, med or [], Wish(at=at, for_slot=slot, by=by), reason=reason, key=key)
    receipt(ctx, chart, report, json=json)
