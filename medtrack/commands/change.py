"""`medtrack change`: a new plan from a moment on."""

from typing import Annotated

import typer

from . import _plan_params as plan
from ._emit import receipt
from ._params import By, Json, Medication, Reason, Until, Yes, new_app

app = new_app()


@app.command()
def change(
    ctx: typer.Context,
    med: Medication,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="The new plan in words; or use flags.")
    ] = None,
    amount: plan.Amount = None,
    at: plan.Times = None,
    on: plan.On = None,
    every: plan.Every = None,
    cycle: plan.Cycle = None,
    monthly: plan.Monthly = None,
    yearly: plan.Yearly = None,
    rrule: plan.Rrule = None,
    anchor: plan.Anchor = None,
    as_needed: plan.AsNeeded = False,
    most: plan.Most = None,
    min_gap: plan.MinGap = None,
    since: plan.From = None,
    until: Until = None,
    for_days: plan.ForDays = None,
    count: plan.Count = None,
    window: plan.Window = None,
    time_critical: plan.TimeCritical = False,
    pin: plan.Pin = None,
    advice: plan.Advice = None,
    reason: Reason = None,
    by: By = None,
    typed: plan.Typed = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """A new plan for a medication from a moment on.

    What is not said stays as it was; the plan before ends there, and the past is left alone. A change
    that begins in the past needs a --reason.

    Exit code 20: it cannot be read in one way. 28: there is no plan to change. 30: it wants to be
    confirmed: --yes. 39: once a week is what it is known for: --typed.

    Example: medtrack change metformin --amount "2 tablets" --reason "HbA1c 62"
    """
    from medtrack.domain.timing_flags import TimingFlags
    from medtrack.services.cautioning import Caution
    from medtrack.services.planning import PlanFlags
    from medtrack.services.regimen import change as record

    chart = ctx.obj.chart()
    timing = TimingFlags(at, on, every, cycle, monthly, yearly, rrule, anchor, as_needed, most, min_gap)
    flags = PlanFlags(
        timing, amount, since, until, for_days, count, window, time_critical, pin, advice, by, reason
    )
    confirm = None if yes else ctx.obj.confirm
    caution = Caution(ctx.obj.pack, typed, ctx.obj.ask)
    report = record(chart, med, text, flags, yes=yes, confirm=confirm, caution=caution)
    receipt(ctx, chart, report, json=json)
