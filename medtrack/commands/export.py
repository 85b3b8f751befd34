"""`medtrack export`: the whole record as JSON."""

import os

import typer

from medtrack.render import emit

from ._emit import outcome
from ._params import Force, Output, new_app

app = new_app()


@app.command()
def export(
    ctx: typer.Context,
    output: Output = None,
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
