"""`medtrack export`: the whole record as JSON."""

import os
from typing import Annotated

import typer

from medtrack.render import emit

from ._emit import outcome
from ._params import Force, new_app

app = new_app()


@app.command()
def export(
    ctx: typer.Context,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to this file.")
    ] = None,
    force: Force = False,
) -> None:
    """The whole record as JSON.

    Every action and every fact, also those that were taken back, which are marked.

    Example: medtrack export -o me.json
    """
    from medtrack.services import exporting

    report = exporting.export(ctx.obj.chart())
    if output is None:
        emit(report, json=True)
        return
    from medtrack.render.as_json import render

    outcome(exporting.save(report, render(report), os.path.abspath(output), force=force))
