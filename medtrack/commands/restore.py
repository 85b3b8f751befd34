"""`medtrack restore`: a backup in the place of the record."""

import os
from typing import Annotated

import typer

from medtrack.render import emit

from ._emit import outcome
from ._params import Json, Yes, new_app

app = new_app()


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The backup.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Put a backup in the place of the record.

    The backup is verified and compared with what is there first, and what is there is kept aside.

    Example: medtrack restore /media/stick/me.db
    """
    from medtrack.domain.report import Report
    from medtrack.services import keeping

    deps = ctx.obj
    confirm = deps.confirm

    def ask(preview: Report) -> bool:
        emit(preview)
        return bool(confirm("Restore it? What is there now is kept aside."))

    place = keeping.Place(deps.path, deps.path_as_named, deps.registry, deps.moment)
    report = keeping.restore(place, os.path.abspath(file), yes=yes, ask=confirm and ask)
    outcome(report, json=json)
