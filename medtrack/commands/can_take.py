"""`medtrack can-take`: may it be taken now?"""

from typing import Annotated

import typer

from medtrack.render import emit

from ._params import Json, Medication, new_app
from ._reader import as_read

app = new_app()


@app.command(name="can-take")
def can_take(
    ctx: typer.Context,
    med: Medication,
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="How much; else as planned.")
    ] = None,
    json: Json = False,
) -> None:
    """Whether it may be taken now by its rule, or when; write nothing.

    Exit code 0: yes. 28: it has no plan now. 30: no, or not yet.

    Example: medtrack can-take ibuprofen "2 tablets"
    """
    from medtrack.services.allowing import can_take as asked
    from medtrack.services.watching import Watching

    chart = ctx.obj.chart()
    report = asked(chart, med, amount, Watching(lambda: ctx.obj.pack, ctx.obj.knowledge))
    emit(as_read(chart, report), json=json)
    if not report.meta["allowed"]:
        raise typer.Exit(30)
