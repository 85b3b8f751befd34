"""`medtrack snooze`: not now."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import Json, Medication, new_app

app = new_app()


@app.command()
def snooze(
    ctx: typer.Context,
    med: Medication,
    length: Annotated[str, typer.Argument(metavar="[LENGTH]", help="How long: 15m, 1h.")] = "15m",
    json: Json = False,
) -> None:
    """Wait with the reminders of a medication that is due.

    Exit code 27: nothing of it is due.

    Example: medtrack snooze metformin 15m
    """
    from medtrack.services.snoozing import snooze as snoozed

    chart = ctx.obj.chart()
    receipt(ctx, chart, snoozed(chart, med, length), json=json)
