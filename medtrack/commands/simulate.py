"""`medtrack simulate`: what would happen if."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from medtrack.domain.timing_flags import TimingFlags
from medtrack.render import emit

from . import _plan_params as plan
from ._params import Csv, Json, Medication, Until, new_app
from ._reader import as_read

if TYPE_CHECKING:
    from medtrack.domain.report import Report
    from medtrack.services.chart import Chart

app = new_app()
_WHY = "simulated"
Act = Callable[["Chart"], "Report"]
Days = Annotated[str | None, typer.Option(metavar="N", help="Days to show (7).")]


@app.callback()
def simulate() -> None:
    """What a journey, a shift, a hold or a taper would do; write nothing.

    Example: medtrack simulate travel Asia/Tokyo --from "2026-04-02 11:30"
    """


def _show(ctx: typer.Context, act: Act, since: str | None, days: str | None, json: bool, csv: bool) -> None:
    from medtrack.services.simulating import simulate as tried

    chart = ctx.obj.chart()
    emit(as_read(chart, tried(chart, act, since=since, days=days)), json=json, csv=csv)


@app.command()
def travel(
    ctx: typer.Context,
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="Where to: Asia/Tokyo.")],
    since: plan.From = None,
    days: Days = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Live in another zone from a moment on.

    Example: medtrack simulate travel Asia/Tokyo --from "2026-04-02 11:30"
    """
    from medtrack.services.travelling import travel as journey

    _show(ctx, lambda chart: journey(chart, zone, since=since, reason=_WHY), since, days, json, csv)


@app.command()
def hold(
    ctx: typer.Context,
    med: Medication,
    since: plan.From = None,
    until: Until = None,
    days: Days = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Pause a medication.

    Exit code 28: it has no plan.
    Example: medtrack simulate hold metformin --until 2026-03-12
    """
    from medtrack.services.pausing import hold as pause

    _show(ctx, lambda chart: pause(chart, med, since=since, until=until, reason=_WHY), since, days, json, csv)


@app.command()
def shift(
    ctx: typer.Context,
    med: Medication,
    at: Annotated[str, typer.Option("--at", metavar="TIMES", help="The new clock times: 09:00,21:00.")],
    since: plan.From = None,
    days: Days = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Take a medication at other clock times.

    Exit code 28: it has no plan to change.
    Example: medtrack simulate shift metformin --at 09:00,21:00
    """
    from medtrack.services.planning import PlanFlags
    from medtrack.services.regimen import change

    flags = PlanFlags(TimingFlags(at), since=since, reason=_WHY)
    _show(ctx, lambda chart: change(chart, med, None, flags), since, days, json, csv)


@app.command()
def taper(
    ctx: typer.Context,
    med: Medication,
    steps: plan.Steps,
    at: plan.Times = None,
    since: plan.From = None,
    days: Days = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Step a dose down, or up.

    Exit code 20: a step cannot be read in one way. 28: it has no plan to taper.
    Example: medtrack simulate taper sertraline "1 tablet 7d -> 1/2 tablet 7d -> stop"
    """
    from medtrack.services.planning import PlanFlags
    from medtrack.services.tapering import taper as chain

    flags = PlanFlags(TimingFlags(at), since=since, reason=_WHY)
    _show(ctx, lambda chart: chain(chart, med, steps, flags), since, days, json, csv)
