"""`medtrack amend`: correct or void one dose, note or measure."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import Json, Reason, new_app

app = new_app()


@app.command()
def amend(
    ctx: typer.Context,
    dose: Annotated[
        str, typer.Argument(metavar="DOSE", help="Its id in 'log'; note:ID or measure:ID for one of those.")
    ],
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When it really was.")] = None,
    amount: Annotated[str | None, typer.Option(metavar="A", help="How much it really was.")] = None,
    med: Annotated[str | None, typer.Option(metavar="MED", help="Which medication it really was.")] = None,
    value: Annotated[str | None, typer.Option(metavar="V", help="What a measure really was.")] = None,
    void: Annotated[bool, typer.Option("--void", help="It did not happen.")] = False,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Correct or void one dose, note or measure; the original is kept.

    Exit code 20: there is no such note or value. 24: there is no such dose.

    Example: medtrack amend 12 --at "yesterday 22:00" --reason "typed the wrong time"
    """
    from medtrack.errors import UsageRefused
    from medtrack.services import amending, correcting

    chart = ctx.obj.chart()
    kind, _, number = dose.partition(":")
    flags = amending.Corrections(at=at, medication=med, value=value, void=void, reason=reason)
    if number and amount is not None:
        raise UsageRefused(what="--amount is for doses; a measure has its --value.")
    if kind == "measure" and number:
        report = amending.amend_measure(chart, ctx.obj.reference, number, flags)
    elif kind == "note" and number:
        report = amending.amend_note(chart, number, flags)
    elif value is not None:
        raise UsageRefused(what="--value is for measures, named measure:ID; a dose has its --amount.")
    else:
        report = correcting.amend(chart, dose, at=at, amount=amount, medication=med, void=void, reason=reason)
    receipt(ctx, chart, report, json=json)
