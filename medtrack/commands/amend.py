"""`medtrack amend`: correct or void one dose."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import Json, Reason, new_app

app = new_app()


@app.command()
def amend(
    ctx: typer.Context,
    dose: Annotated[str, typer.Argument(metavar="DOSE", help="Its id in 'medtrack log'.")],
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When it really was.")] = None,
    amount: Annotated[str | None, typer.Option(metavar="A", help="How much it really was.")] = None,
    med: Annotated[str | None, typer.Option(metavar="MED", help="Which medication it really was.")] = None,
    void: Annotated[bool, typer.Option("--void", help="It did not happen.")] = False,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Correct or void one dose; the original is kept.

    Example: medtrack amend 12 --at "yesterday 22:00" --reason "typed the wrong time"
    """
    from medtrack.services.correcting import amend as correct

    chart = ctx.obj.chart()
    report = correct(chart, dose, at=at, amount=amount, medication=med, void=void, reason=reason)
    receipt(ctx, chart, report, json=json)
