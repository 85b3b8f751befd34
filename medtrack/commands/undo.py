"""`medtrack undo`."""

import typer

from ._emit import receipt
from ._params import HowMany, Json, new_app

app = new_app()


@app.command()
def undo(
    ctx: typer.Context,
    number: HowMany = "1",
    json: Json = False,
) -> None:
    """Take back the last action, exactly.

    Only what was done on this device, and nothing is lost: 'medtrack history' keeps it all.

    Exit code 26: so much cannot be undone.

    Example: medtrack undo
    """
    from medtrack.services.history import undo as undone

    chart = ctx.obj.chart()
    receipt(ctx, chart, undone(chart, number), json=json)
