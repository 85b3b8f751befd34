"""`medtrack redo`."""

import typer

from ._emit import receipt
from ._params import HowMany, Json, new_app

app = new_app()


@app.command()
def redo(
    ctx: typer.Context,
    number: HowMany = "1",
    json: Json = False,
) -> None:
    """Bring back what was undone.

    Only what was done on this device, and nothing is lost: 'medtrack history' keeps it all.

    Exit code 26: so much cannot be brought back.

    Example: medtrack redo
    """
    from medtrack.services.history import redo as redone

    chart = ctx.obj.chart()
    receipt(ctx, chart, redone(chart, number), json=json)
