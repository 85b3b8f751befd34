"""`medtrack backup`: a verified copy of the record."""

import os
from typing import Annotated

import typer

from ._emit import outcome
from ._params import Force, Json, new_app

app = new_app()


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to.")],
    force: Force = False,
    json: Json = False,
) -> None:
    """Copy the record to a file, verified.

    Example: medtrack backup /media/stick/me.db
    """
    from medtrack.services.keeping import back_up

    outcome(back_up(ctx.obj.chart(), os.path.abspath(file), force=force), json=json)
