"""`medtrack hold`: pause a medication."""

from typing import Annotated

import typer

from . import _plan_params as plan
from ._emit import receipt
from ._params import By, Json, Medication, Reason, Until, new_app

app = new_app()


@app.command()
def hold(
    ctx: typer.Context,
    med: Medication,
    since: plan.From = None,
    until: Until = None,
    unrecorded: Annotated[
        bool, typer.Option("--unrecorded", help="Nobody could record: what was taken is unknown.")
    ] = False,
    reason: Reason = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Pause a medication.

    Its doses are held, or unknown, and leave every percentage.

    Exit code 28: it has no plan.

    Example: medtrack hold metformin --until 2026-03-12 --reason "scan" --by "Dr Osei"
    """
    from medtrack.services.pausing import hold as record

    chart = ctx.obj.chart()
    report = record(chart, med, since=since, until=until, unrecorded=unrecorded, reason=reason, by=by)
    receipt(ctx, chart, report, json=json)
