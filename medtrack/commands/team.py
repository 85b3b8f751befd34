"""`medtrack team`: who helps."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def team(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    word: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Who it is.")] = None,
    role: Annotated[
        str | None, typer.Option(metavar="ROLE", help="prescriber, pharmacy, therapist, carer or other.")
    ] = None,
    phone: Annotated[str | None, typer.Option(metavar="NUMBER", help="How to reach them.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Who helps: prescriber, pharmacy, therapist, carer.

    Exit code 20: nobody of that name or number is written down.

    Example: medtrack team add "Dr Osei" --role prescriber --phone "555 0100"
    """
    from medtrack.services import together

    if verb == "list" and word is None:
        listing(ctx, together.team, json=json, csv=csv)
    elif verb == "add" and word is not None:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, together.add_helper(chart, word, role, phone), json=json)
    elif verb == "remove" and word is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, together.remove_helper(chart, word), json=json)
    else:
        raise UsageRefused(what="It is 'team list', 'team add NAME --role ROLE' or 'team remove NAME'.")
