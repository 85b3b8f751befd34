"""`medtrack parse`: how a prescription is read."""

from typing import Annotated

import typer

from medtrack.render import emit

from ._params import Json, new_app
from ._reader import as_read

app = new_app()


@app.command()
def parse(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The prescription as written.")],
    json: Json = False,
) -> None:
    """Show how a prescription is read; write nothing.

    Exit code 20: the words can be read in several ways, or not at all.

    Example: medtrack parse "prednisone 40 mg daily for 3 days then 30 mg for 3 days"
    """
    from medtrack.errors import NoRecord
    from medtrack.services.parsing import parse as read

    try:
        chart = ctx.obj.chart()
    except NoRecord:
        chart = None
    report = read(chart, text, ctx.obj.clock.now)
    emit(report if chart is None else as_read(chart, report), json=json)
