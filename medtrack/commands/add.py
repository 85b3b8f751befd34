"""`medtrack add`: a medication and how it is taken."""

from typing import Annotated

import typer

from . import _plan_params as plan
from ._emit import receipt
from ._params import By, Json, Until, Yes, new_app

app = new_app()


@app.command()
def add(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The prescription in words; or just the name, with flags.")
    ],
    strength: Annotated[str | None, typer.Option(metavar="S", help="Its strength: '500 mg'.")] = None,
    form: Annotated[str | None, typer.Option(metavar="F", help="Its form: tablet, capsule, drops.")] = None,
    route: Annotated[str | None, typer.Option(metavar="R", help="By which way: oral, nasal.")] = None,
    code: Annotated[str | None, typer.Option(metavar="SHORT", help="A short name to type.")] = None,
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
    why: Annotated[str | None, typer.Option("--for", metavar="WHY", help="What it is for.")] = None,
    by: By = None,
    typed: plan.Typed = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Write down a medication and how it is taken.

    In the words of the prescription, which are read back and confirmed, or spelled out with flags.

    Exit code 20: it cannot be read in one way. 22: several medications could be meant. 30: it wants to be
    confirmed: --yes. 31: there is a plan then: --yes keeps both. 36: it is planned at these times already.
    39: once a week is what it is known for: --typed.

    Example: medtrack add "metformin 500 mg, 1 tab twice daily with food, for diabetes"

    Example: medtrack add sertraline --strength "50 mg" --amount "1 tablet" --at 08:00
    """
    from medtrack.domain.timing_flags import TimingFlags
    from medtrack.services.cautioning import Caution
    from medtrack.services.planning import PlanFlags
    from medtrack.services.regimen import Details
    from medtrack.services.regimen import add as record

    chart = ctx.obj.chart(make=True, yes=yes)
    timing = TimingFlags(at, on, every, cycle, monthly, yearly, rrule, anchor, as_needed, most, min_gap)
    flags = PlanFlags(
        timing, amount, since, until, for_days, count, window, time_critical, pin, advice, by, why=why
    )
    details = Details(strength, form, route, code)
    confirm = None if yes else ctx.obj.confirm
    caution = Caution(ctx.obj.pack, typed, ctx.obj.ask)
    report = record(chart, text, flags, details, yes=yes, confirm=confirm, caution=caution)
    receipt(ctx, chart, report, json=json)
