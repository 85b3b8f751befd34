"""`medtrack note`: a side effect or a remark."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import receipt
from ._params import At, Json, new_app

app = new_app()


@app.command()
def note(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What was noticed.")] = None,
    grade: Annotated[
        str | None,
        typer.Option(
            metavar="1-5",
            help="1 mild; 2 limits shopping, cooking and the like; 3 hospital, or limits washing, eating;"
            " 4 life-threatening; 5 fatal (CTCAE).",
        ),
    ] = None,
    med: Annotated[str | None, typer.Option(metavar="MED", help="The medication it may come from.")] = None,
    did: Annotated[str | None, typer.Option(metavar="TEXT", help="What was done about it.")] = None,
    at: At = "now",
    ended: Annotated[str | None, typer.Option(metavar="TIME", help="When it was over.")] = None,
    over: Annotated[
        str | None, typer.Option(metavar="ID", help="Only say that this note's side effect is over.")
    ] = None,
    json: Json = False,
) -> None:
    """Write down a side effect or a remark.

    Exit code 20: there is no such note.

    Example: medtrack note "dizzy on standing" --grade 2 --med metformin --did "sat down"
    """
    from medtrack.services import noting

    if over is not None:
        if any(each is not None for each in (text, grade, med, did, ended)):
            raise UsageRefused(what="--over ID goes with --at alone: it says when that note was over.")
        chart = ctx.obj.chart()
        receipt(ctx, chart, noting.over(chart, over, at=at), json=json)
        return
    if text is None:
        raise UsageRefused(what="Say what was noticed: medtrack note TEXT.")
    chart = ctx.obj.chart(make=True)
    known = ctx.obj.reference.helplines
    report = noting.note(
        chart, text, grade=grade, medication=med, did=did, at=at, ended=ended, helplines=known
    )
    receipt(ctx, chart, report, json=json)
