"""`medtrack taper`: a chain of plans."""

import typer

from . import _plan_params as plan
from ._emit import receipt
from ._params import By, Json, Medication, Reason, Yes, new_app

app = new_app()


@app.command()
def taper(
    ctx: typer.Context,
    med: Medication,
    steps: plan.Steps,
    at: plan.Times = None,
    on: plan.On = None,
    every: plan.Every = None,
    since: plan.From = None,
    advice: plan.Advice = None,
    reason: Reason = None,
    by: By = None,
    typed: plan.Typed = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Step a dose down, or up, in one go.

    What runs ends where the first step begins. A last step without a length goes on.

    Exit code 20: a step cannot be read in one way. 28: there is no plan to change. 39: once a week is what
    it is known for: --typed.

    Example: medtrack taper sertraline "1 tablet 7d -> 1/2 tablet 7d -> stop"
    """
    from medtrack.domain.timing_flags import TimingFlags
    from medtrack.services.cautioning import Caution
    from medtrack.services.planning import PlanFlags
    from medtrack.services.tapering import taper as record

    chart = ctx.obj.chart()
    flags = PlanFlags(TimingFlags(at, on, every), since=since, advice=advice, by=by, reason=reason)
    caution = Caution(ctx.obj.pack, typed, ctx.obj.ask)
    confirm = None if yes else ctx.obj.confirm
    report = record(chart, med, steps, flags, yes=yes, confirm=confirm, caution=caution)
    receipt(ctx, chart, report, json=json)
