"""`medtrack allergy`: what the person reacts to."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def allergy(
    ctx: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="[list|add|remove]", help="What to do.")] = "list",
    substance: Annotated[
        str | None, typer.Argument(metavar="[SUBSTANCE]", help="A medicine, a brand, or a word like sulfa.")
    ] = None,
    reaction: Annotated[str | None, typer.Option(metavar="TEXT", help="What happened.")] = None,
    severity: Annotated[str | None, typer.Option(metavar="WORD", help="mild, moderate, severe.")] = None,
    certainty: Annotated[
        str | None, typer.Option(metavar="WORD", help="confirmed, suspected, ruled-out.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What the person is allergic to, and how sure that is.

    Confirmed: a test or a doctor said so. Suspected: nobody has tested it. Ruled out: it is none after all,
    and every check still names it. Adding an allergy again corrects it.

    Exit code 20: that allergy is not written down.

    Example: medtrack allergy add penicillin --reaction hives --severity severe
    """
    from medtrack.services import assessing

    if verb == "list" and substance is None:
        listing(ctx, assessing.allergies, json=json, csv=csv)
    elif verb == "add" and substance is not None:
        chart = ctx.obj.chart(make=True)
        report = assessing.add_allergy(chart, ctx.obj.pack, substance, reaction, severity, certainty)
        receipt(ctx, chart, report, json=json)
    elif verb == "remove" and substance is not None:
        chart = ctx.obj.chart()
        receipt(ctx, chart, assessing.remove_allergy(chart, substance), json=json)
    else:
        raise UsageRefused(
            what="It is 'allergy list', 'allergy add SUBSTANCE' or 'allergy remove SUBSTANCE'."
        )
