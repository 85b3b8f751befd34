"""`medtrack timeline`: changes, doses, side effects, measures and sessions on one axis."""

import sys
from typing import Annotated

import typer

from medtrack.render import is_a_screen

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def timeline(
    ctx: typer.Context,
    span: Annotated[
        str | None, typer.Argument(metavar="[SPAN]", help="12w, 'last month', 2026-03; twelve weeks.")
    ] = None,
    drawn: Annotated[
        bool | None,
        typer.Option("--chart/--list", help="Draw it, or list it; drawn on a terminal, else listed."),
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What changed, and what was before and after, on one axis.

    Doses by week, side effects, measures and sessions, and the 2 and 6 weeks around each change as counts.

    Example: medtrack timeline 12w
    """
    from medtrack.services.timeline import timeline as placed

    is_drawn = is_a_screen(sys.stdout) if drawn is None else drawn
    listing(
        ctx,
        lambda chart: placed(
            chart,
            ctx.obj.reference,
            span,
            is_drawn=is_drawn,
            # Scripts get the same weeks whoever reads.
            week_starts=0 if json or csv else chart.week_starts,
        ),
        json=json,
        csv=csv,
    )
