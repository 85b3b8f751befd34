"""`medtrack settings`: the person's own clock times."""

from typing import Annotated

import typer

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def settings(
    ctx: typer.Context,
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="One setting.")] = None,
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="What it shall be.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """The person's own clock times.

    They are used when words like 'twice daily' are read; plans that are there stay as they are.

    Example: medtrack settings bedtime 23:00
    """
    from medtrack.services.settings import settings as setting

    if value is None:
        listing(ctx, lambda chart: setting(chart, key, None), json=json, csv=csv)
    else:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, setting(chart, key, value), json=json)
