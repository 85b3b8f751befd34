"""`medtrack people`: whose records are kept here."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused
from medtrack.render import emit

from ._emit import receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def people(
    ctx: typer.Context,
    verb: Annotated[
        str | None, typer.Argument(metavar="[add|forget]", help="Begin a record, or forget what is gone.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Whose.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Whose records are kept here.

    Exit code 35: that person has a record already.

    Example: medtrack people add Ann
    """
    from medtrack.services import people as service

    if verb is None:
        emit(service.people(ctx.obj.known_people()), json=json, csv=csv)
    elif verb == "add" and name is not None:
        chart = ctx.obj.new_person(name)
        receipt(ctx, chart, service.begin(chart), json=json)
    elif verb == "forget":
        is_there = ctx.obj.forget(name)
        emit(service.forgotten(ctx.obj.path, is_there), json=json)
    else:
        raise UsageRefused(what="It is 'medtrack people', 'people add NAME' or 'people forget [NAME]'.")
