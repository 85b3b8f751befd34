"""`medtrack quiet`: hours without a reminder."""

from typing import Annotated

import typer

from medtrack.render import emit

from ._emit import receipt
from ._params import Json, new_app
from ._reader import as_read

app = new_app()


@app.command()
def quiet(
    ctx: typer.Context,
    hours: Annotated[
        str | None, typer.Argument(metavar="[HOURS]", help="22:00-07:00, or off; none shows them.")
    ] = None,
    json: Json = False,
) -> None:
    """The hours in which no reminder sounds.

    Example: medtrack quiet 22:00-07:00
    """
    from medtrack.services.quiet import quiet as quiet_hours

    chart = ctx.obj.chart()
    report = quiet_hours(chart, hours)
    if hours is None:
        emit(as_read(chart, report), json=json)
    else:
        receipt(ctx, chart, report, json=json)
