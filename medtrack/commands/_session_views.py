"""`medtrack session show`, `list`, `live`, `protocol`, `remove`: sessions looked at and corrected."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from medtrack.errors import UsageRefused
from medtrack.render import emit

from ._emit import listing, receipt
from ._params import Csv, Json, Reason
from ._reader import as_read

if TYPE_CHECKING:
    from medtrack.domain.report import Report


def add_to(app: typer.Typer) -> None:
    """Make them commands of the group."""
    app.command()(show)
    app.command("list")(list_)
    app.command()(live)
    app.command()(protocol)
    app.command()(remove)


def show(
    ctx: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help="The session; the one that is open, or the last.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """One session in full.

    Exit code 20: there is no such session.

    Example: medtrack session show 3
    """
    from medtrack.services.session_views import show as full

    listing(ctx, lambda chart: full(chart, number), json=json, csv=csv)


def list_(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """Every session, with its place in its course.

    Example: medtrack session list
    """
    from medtrack.services.courses import listed

    listing(ctx, listed, json=json, csv=csv)


def live(ctx: typer.Context) -> None:
    """The clock of the open session and what is due next, on a terminal, until it ends.

    Example: medtrack session live
    """
    from medtrack.render.live import can_be_live, shown_live
    from medtrack.services.session_views import live_board

    if not can_be_live():
        raise UsageRefused(what="The live board needs a terminal. Without one: medtrack session show")
    chart = ctx.obj.chart()
    board = live_board(chart)

    def read(elapsed: timedelta) -> "Report | None":
        report = board(elapsed)
        return None if report is None else as_read(chart, report)

    shown_live(read)


def protocol(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="PROTOCOL", help="spravato, or ./clinic.toml.")],
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What a protocol says, each line with its source; nothing is written down.

    Exit code 20: there is no such protocol.

    Example: medtrack session protocol spravato
    """
    from medtrack.services.courses import protocol as told

    # It can be read before there is a record: nothing is written, so none is made.
    chart = ctx.obj.chart(make=True)
    emit(told(chart, ctx.obj.protocol(chart, name), ctx.obj.pack), json=json, csv=csv)


def remove(
    ctx: typer.Context,
    observation: Annotated[
        str | None, typer.Argument(metavar="[OBSERVATION]", help="Its id in 'session show', a dose's too.")
    ] = None,
    number: Annotated[
        str | None, typer.Option("--session", metavar="NUMBER", help="The whole session instead.")
    ] = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Take out an observation, or a whole session; it stays in the history.

    Exit code 20: there is no such session or observation.

    Example: medtrack session remove 12 --reason "the wrong cuff"
    """
    from medtrack.services.observing import remove as take_out

    chart = ctx.obj.chart()
    receipt(ctx, chart, take_out(chart, observation, number, reason), json=json)
