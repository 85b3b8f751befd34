"""`medtrack restore`: a backup in the place of the record, or merged into it."""

import os
from typing import Annotated

import typer

from medtrack.render import emit

from ._emit import outcome, receipt
from ._params import Identity, Json, Yes, new_app

app = new_app()


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The backup.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Add what the record lacks instead of replacing it.")
    ] = False,
    identity: Identity = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Put a backup in the place of the record.

    The backup is verified and compared with what is there first, and what is there is kept aside.

    Exit code 29: a package is missing. 30: it wants to be confirmed: --yes. 37: it is another person's
    record. 38: the key is missing.

    Example: medtrack restore /media/stick/me.db
    """
    from medtrack.domain.report import Report
    from medtrack.services import keeping

    deps, file = ctx.obj, os.path.abspath(file)
    confirm, secret = deps.confirm, deps.ask_secret
    unlock = keeping.unlock(identity or (), secret)
    question = "Merge it?" if merge else "Restore it?"

    def ask(preview: Report) -> bool:
        emit(preview)
        return bool(confirm(f"{question} What is there now is kept aside."))

    if merge:
        from medtrack.services.merging import merge as merged

        chart = deps.chart()
        receipt(ctx, chart, merged(chart, file, unlock, yes=yes, ask=confirm and ask), json=json)
        return
    place = keeping.Place(deps.path, deps.path_as_named, deps.registry, deps.moment)
    outcome(keeping.restore(place, file, unlock, yes=yes, ask=confirm and ask), json=json)
