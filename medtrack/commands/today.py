"""`medtrack today`: the board."""

import typer

from medtrack.domain.zones import load_zone
from medtrack.errors import NoRecord
from medtrack.render import emit

from ._emit import listing
from ._params import Csv, Json, new_app
from ._reader import as_called

app = new_app()


@app.command()
def today(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """The board: due, overdue, taken, next.

    Example: medtrack today
    """
    from medtrack.services.upcoming import today as board
    from medtrack.services.upcoming import welcome
    from medtrack.services.watchdog import watched

    beats = ctx.obj.heartbeats
    try:
        listing(
            ctx,
            lambda chart: watched(chart, board(chart), beats.of(chart.record.path)),
            json=json,
            csv=csv,
        )
    except NoRecord as none:
        deps = ctx.obj
        now = deps.clock.now.astimezone(load_zone(deps.first_zone))
        emit(as_called(deps, welcome(str(none.facts["path"]), now)), json=json, csv=csv)
