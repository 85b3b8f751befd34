"""`medtrack tried`: what was tried before."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def tried(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    word: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A medicine or another treatment.")
    ] = None,
    dose: Annotated[str | None, typer.Option(metavar="DOSE", help="The last one.")] = None,
    weeks: Annotated[str | None, typer.Option(metavar="N", help="How long at that dose.")] = None,
    response: Annotated[str | None, typer.Option(metavar="TEXT", help="What it did.")] = None,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it ended.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What was tried before: dose, weeks, response, why it ended.

    Exit code 20: that is not written down.

    Example: medtrack tried add citalopram --dose "20 mg" --weeks 6 --response "no change"
    """
    from medtrack.services import together

    if verb == "list" and word is None:
        listing(ctx, together.tried, json=json, csv=csv)
    elif verb == "add" and word is not None:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, together.add_tried(chart, word, dose, weeks, response, why), json=json)
    elif verb == "remove" and word is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, together.remove_tried(chart, word), json=json)
    else:
        raise UsageRefused(what="It is 'tried list', 'tried add NAME' or 'tried remove NAME'.")
