"""`medtrack adherence`: the numbers, with their denominators."""

from typing import TYPE_CHECKING, Annotated

import typer

from ._emit import listing
from ._params import Csv, Json, Medications, Since, Span, Until, new_app

if TYPE_CHECKING:
    from medtrack.domain.report import Report
    from medtrack.services.chart import Chart

app = new_app()


@app.command()
def adherence(
    ctx: typer.Context,
    med: Medications = None,
    by: Annotated[str | None, typer.Option(metavar="PERIOD", help="A row per day, week or month.")] = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
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
    from medtrack.services.adherence import adherence as measured

    def build(chart: "Chart") -> "Report":
        if not (calendar or compare):
            return measured(chart, med or [], by=by, since=since, until=until, span=span)
        from medtrack.services.calendar import adherence_in_pictures

        return adherence_in_pictures(
            chart,
            med or [],
            by=by,
            since=since,
            until=until,
            span=span,
            calendar=calendar,
            compare=compare,
        )

    listing(ctx, build, json=json, csv=csv)
