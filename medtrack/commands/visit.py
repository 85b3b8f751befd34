"""`medtrack visit`: visits and what was decided."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def visit(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    word: Annotated[str | None, typer.Argument(metavar="[ID]", help="Which one, to remove it.")] = None,
    with_whom: Annotated[str | None, typer.Option("--with", metavar="NAME", help="With whom.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Which day.")] = None,
    decided: Annotated[str | None, typer.Option(metavar="TEXT", help="What was decided.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Visits and check-ins, with what was decided.

    Exit code 20: there is no such visit.

    Example: medtrack visit add --with "Dr Osei" --on 2026-03-09 --decided "stay at 50 mg"
    """
    from medtrack.services import together

    if verb == "list" and word is None:
        listing(ctx, together.visits, json=json, csv=csv)
    elif verb == "add" and word is None:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, together.add_visit(chart, with_whom, on, decided), json=json)
    elif verb == "remove" and word is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, together.remove_visit(chart, word), json=json)
    else:
        raise UsageRefused(what="It is 'visit list', 'visit add --with NAME --on DATE' or 'visit remove ID'.")
