"""`medtrack remind rule`: how often, and who at last."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json


def add_to(app: typer.Typer) -> None:
    """Make it a command of the group."""
    app.command()(rule)


def rule(
    ctx: typer.Context,
    med: Annotated[
        str | None, typer.Argument(metavar="[MED|all]", help="The medication; none lists the rules.")
    ] = None,
    repeat: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="Again after: 15m, or 15m,1h from the planned time.")
    ] = None,
    times: Annotated[str | None, typer.Option(metavar="N", help="How often: 15m, 30m, 45m with 3.")] = None,
    then: Annotated[str | None, typer.Option(metavar="CHANNEL", help="Who is told at last.")] = None,
    after: Annotated[str | None, typer.Option(metavar="LENGTH", help="When that is, from the plan.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Tell it once, and nobody else.")] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """How a medication is told again while nothing is written down.

    Example: medtrack remind rule metformin --repeat 15m,1h
    """
    from medtrack.services import ruling

    is_set = once or repeat is not None or then is not None
    if med is None and not is_set and times is None and after is None:
        listing(ctx, ruling.rule_list, json=json, csv=csv)
        return
    if med is None or not is_set or (once and (repeat or then or times or after)):
        raise UsageRefused(
            what="It is 'remind rule', 'remind rule MED --repeat 15m --times 3 --then CHANNEL', or --once."
        )
    chart = ctx.obj.chart()
    report = ruling.rule(
        chart,
        med,
        repeat=repeat,
        times=times,
        then=then,
        after=after,
        channels=ctx.obj.channels.of(chart.record.path),
    )
    receipt(ctx, chart, report, json=json)
