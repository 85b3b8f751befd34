"""`medtrack question`: questions for the next visit."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def question(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    word: Annotated[
        str | None, typer.Argument(metavar="[TEXT|ID]", help="The question; its id, to remove it.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Questions to ask at the next visit.

    Exit code 20: there is no such question.

    Example: medtrack question add "Can I take it in the evening?"
    """
    from medtrack.services import together

    if verb == "list" and word is None:
        listing(ctx, together.questions, json=json, csv=csv)
    elif verb == "add" and word is not None:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, together.add_question(chart, word), json=json)
    elif verb == "remove" and word is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, together.remove_question(chart, word), json=json)
    else:
        raise UsageRefused(what="It is 'question list', 'question add TEXT' or 'question remove ID'.")
