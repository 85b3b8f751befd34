"""How the plans of one medication follow each other: what runs, what is ended, and what lies between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from medtrack.domain.amounts import show_amount
from medtrack.domain.names import folded
from medtrack.domain.reading import Reading
from medtrack.domain.regimen import Bound, Medication, Plan
from medtrack.domain.slots import FAR, plan_span, real_span
from medtrack.domain.wording import say_list
from medtrack.errors import NotSettled, ReasonNeeded
from medtrack.store import regimen as regimen_rows
from medtrack.store.record import Writing

from .chart import BACKDATED, Chart
from .planning import PlanFlags


def plan_to_change(chart: Chart, medication: Medication, flags: PlanFlags, starts: Bound) -> Plan | None:
    """The plan that flags change: the one in force then, else the last one before.

    Raises NotSettled where several run side by side and differ in what the flags leave out: it could be taken
    from any of them, and all of them end.
    """
    at = chart.begin(starts)
    running = [
        plan
        for plan in chart.plans(medication)
        if chart.begin(plan.starts) <= at and plan_span(plan, chart.zones)[1] > at and not plan.is_empty
    ]
    amounts = {(plan.amount, plan.amount_high) for plan in running}
    timings = {plan.timing for plan in running}
    has_times = flags.timing != PlanFlags().timing
    leaves_open = (flags.amount is None and len(amounts) > 1) or (not has_times and len(timings) > 1)
    if leaves_open:
        said = say_list(f"'{chart.describe(plan)}'" for plan in running)
        raise NotSettled(
            what=f"{medication.name} has {len(running)} plans side by side ({said}), and a change ends them "
            "all. Say the new plan as a whole, in words or with both its amount and its times."
        )
    return latest_plan(chart, medication, at)


def check_same_product(reading: Reading, medication: Medication) -> None:
    """Raise NotSettled where the words name another medicine, or another strength than is written down."""
    name, said = medication.name, reading.strength
    if reading.name is not None and folded(reading.name) != folded(name):
        raise NotSettled(
            what=f"The words are about {reading.name}, and {name} would change. Leave the name out if it is "
            f"the same medicine; else stop {name} and add {reading.name}."
        )
    doses = {show_amount(part.amount) for part in reading.parts if part.amount is not None}
    if said is not None and said != medication.strength and said not in doses:
        raise NotSettled(
            what=f"{name} is written down with {medication.strength or 'no strength'}, and the words say "
            f"{said}. Say the dose itself ('100 mg daily'); or, for another packet, stop this one and add "
            "the other."
        )


def latest_plan(chart: Chart, medication: Medication, at: datetime) -> Plan | None:
    """The plan in force at an instant, else the last one that began before it; none of no dose."""
    begun = [plan for plan in chart.plans(medication) if chart.begin(plan.starts) <= at and not plan.is_empty]
    in_force = [plan for plan in begun if plan_span(plan, chart.zones)[1] > at]
    return next(reversed(in_force or begun), None)


def end_plans(
    chart: Chart, work: Writing, medication: Medication, at: Bound, reason: str | None, by: str | None
) -> tuple[list[Plan], list[Plan]]:
    """End whatever runs at an instant or begins after it: the plans that were running, and those to come."""
    instant = chart.begin(at)
    running: list[Plan] = []
    to_come: list[Plan] = []
    for plan in chart.plans(medication):
        since, until = plan_span(plan, chart.zones)
        if until <= instant or since == until:
            continue
        regimen_rows.end_plan(work, plan, at if since <= instant else plan.starts, reason, by)
        (running if since <= instant else to_come).append(plan)
    return running, to_come


def need_reason(chart: Chart, what: str, since: Bound, reason: str | None) -> None:
    """What begins before now re-plans the past, so it says why."""
    begins_today = not isinstance(since, datetime) and since == chart.local(chart.now).date()
    if reason is None and not begins_today and chart.begin(since) < chart.now - BACKDATED:
        raise ReasonNeeded(what=what)


def say_all(chart: Chart, plans: Sequence[Plan]) -> str:
    """Plans that follow each other, in words."""
    return "; then ".join(chart.describe(plan) for plan in plans)


def say_cancelled(chart: Chart, plans: Sequence[Plan]) -> list[str]:
    """The plans that were to come and now are not."""
    return [f"Cancelled: {chart.describe(plan)}, from {say_bound(chart, plan.starts)} on." for plan in plans]


def say_gap(chart: Chart, before: Plan | None, ended: Sequence[Plan], starts: Bound) -> list[str]:
    """That nothing was planned between the plan before and this one, where it was over already."""
    if before is None or ended:
        return []
    over, begins = real_span(before, chart.zones)[1], chart.begin(starts)
    return _say_between(chart, over, begins)


def say_neighbours(chart: Chart, medication: Medication, plans: Sequence[Plan]) -> list[str]:
    """Which plans run beside new ones, and for how long nothing was planned before them."""
    lines: list[str] = []
    new = [plan_span(plan, chart.zones) for plan in plans]
    begins = min(since for since, _ in new)
    others = [plan for plan in chart.plans(medication) if plan.uid not in {each.uid for each in plans}]
    spans = [(plan, real_span(plan, chart.zones)) for plan in others]
    for plan, (since, until) in spans:
        if since < until and any(since < ends and starts < until for starts, ends in new):
            end = "" if until >= FAR else f" to {chart.say(until)}"
            lines.append(f"Beside it runs: {chart.describe(plan)}, from {chart.say(since)}{end}.")
    before = [until for _, (since, until) in spans if since < until <= begins]
    if before and not any(since <= begins < until for _, (since, until) in spans):
        lines += _say_between(chart, max(before), begins)
    return lines


def _say_between(chart: Chart, over: datetime, begins: datetime) -> list[str]:
    if over >= begins:
        return []
    return [f"Nothing was planned from {chart.say(over)} to {chart.say(begins)}."]


def say_bound(chart: Chart, bound: Bound) -> str:
    """A bound in words: a date as itself, an instant as the chart says it."""
    return chart.say(bound) if isinstance(bound, datetime) else bound.isoformat()
