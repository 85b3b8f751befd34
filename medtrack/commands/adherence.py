"""`medtrack adherence`: the numbers, with their denominators."""

from typing import Annotated

import typer

from ._emit import listing
from ._params import Csv, Json, Medications, Since, Span, Until, new_app

app = new_app()


@app.command()
def adherence(
    ctx: typer.Context,
    med: Medications = None,
    by: Annotated[str | None, typer.Option(metavar="PERIOD", help="A row per day, week or month.")] = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    method: Annotated[
        str | None,
        typer.Option(metavar="METHOD", help="By supply instead of doses: pdc, mpr, cma1 to cma9."),
    ] = None,
    detail: Annotated[bool, typer.Option("--detail", help="Every measure on a row of its own.")] = False,
    calendar: Annotated[bool, typer.Option("--calendar", help="Draw every day, weeks as columns.")] = False,
    compare: Annotated[bool, typer.Option("--compare", help="Beside as many days before.")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Doses taken of doses planned, with every denominator.

    From the first plan to today, or over the span given. --calendar draws every day as a sign that is
    readable without colour, and every week as a bar.

    Example: medtrack adherence --span "last month" --calendar --compare
    """
    from medtrack.services.methods import adherence_by

    listing(
        ctx,
        lambda chart: adherence_by(
            chart,
            med or [],
            method=method,
            detail=detail,
            calendar=calendar,
            compare=compare,
            by=by,
            since=since,
            until=until,
            span=span,
            # Scripts get the same weeks whoever reads.
            week_starts=0 if json or csv else chart.week_starts,
        ),
        json=json,
        csv=csv,
    )
