"""`medtrack measures`: scores and readings over time."""

import sys
from typing import Annotated

import typer

from medtrack.render import is_a_screen

from ._emit import listing
from ._params import Baseline, Csv, Json, Since, Span, Until, new_app

app = new_app()


@app.command()
def measures(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One measure; all where none is named.")
    ] = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    med: Annotated[
        str | None, typer.Option(metavar="MED", help="Mark the changes of this medication alone.")
    ] = None,
    baseline: Baseline = None,
    chart: Annotated[bool, typer.Option("--chart", help="Draw it also where it is no terminal.")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List scores and readings; one of them is drawn with the changes of doses on it.

    Response and remission are told against the first score ever, whatever days are listed, or against the
    last one up to the day of --baseline, or of the setting baseline.

    Example: medtrack measures phq9 --span 12w
    """
    from medtrack.services.outcomes import measures as measured

    is_drawn = chart or (name is not None and is_a_screen(sys.stdout))
    listing(
        ctx,
        lambda each: measured(
            each,
            ctx.obj.reference,
            name,
            since,
            until,
            span,
            medication=med,
            is_drawn=is_drawn,
            baseline=baseline,
        ),
        json=json,
        csv=csv,
    )
