"""`medtrack note`: a side effect or a remark."""

from typing import Annotated

import typer

from ._emit import receipt
from ._params import At, Json, new_app

app = new_app()


@app.command()
def note(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was noticed.")],
    grade: Annotated[
        str | None,
        typer.Option(
            metavar="1-5", help="1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 fatal (CTCAE)."
        ),
    ] = None,
    med: Annotated[str | None, typer.Option(metavar="MED", help="The medication it may come from.")] = None,
    at: At = "now",
    ended: Annotated[str | None, typer.Option(metavar="TIME", help="When it was over.")] = None,
    json: Json = False,
) -> None:
    """Write down a side effect or a remark.

    Example: medtrack note "dizzy on standing up" --grade 2 --med prazosin
    """
    from medtrack.services.noting import note as record

    chart = ctx.obj.chart(make=True)
    report = record(chart, text, grade=grade, medication=med, at=at, ended=ended)
    receipt(ctx, chart, report, json=json)
