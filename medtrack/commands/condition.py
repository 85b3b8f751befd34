"""`medtrack condition`: what the person has."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def condition(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A diagnosis or a state.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="More about it.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What the person has: diagnoses and states.

    Exit code 20: that condition is not written down.

    Example: medtrack condition add "kidney disease" --note "stage 3"
    """
    from medtrack.services import assessing

    if verb == "list" and name is None:
        listing(ctx, assessing.conditions, json=json, csv=csv)
    elif verb == "add" and name is not None:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, assessing.add_condition(chart, ctx.obj.pack, name, note), json=json)
    elif verb == "remove" and name is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, assessing.remove_condition(chart, name), json=json)
    else:
        raise UsageRefused(what="It is 'condition list', 'condition add NAME' or 'condition remove NAME'.")
