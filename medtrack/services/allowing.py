"""Whether a dose may be taken now by the rules written down, and if not, when; nothing is written."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from medtrack.domain.amounts import Amount, exact, read_amount, show_amount
from medtrack.domain.limits import (
    COUNTED,
    broken_limits,
    in_unit_of,
    in_units_of,
    over_each,
    reach_of,
)
from medtrack.domain.matching import Dose, state_of, total
from medtrack.domain.regimen import AsNeeded, Medication, Plan
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.slots import plan_span
from medtrack.domain.wording import say_duration, say_list
from medtrack.errors import NoPlan
from medtrack.store.doses import doses_about

from .chart import Chart
from .watching import IngredientUse, Watching

NOT_LOOKED_AT = "Not looked at: interactions and allergies; 'medtrack check' does."
_COLUMNS = tuple(
    Column(key)
    for key in (
        "medication", "amount", "allowed", "not_before", "reasons", "rule", "rule_since", "ingredients",
    )
)  # fmt: skip


def can_take(chart: Chart, typed: str, amount: str | None, watching: Watching) -> Report:
    """Whether a medication may be taken now: its limits as needed, or the planned dose that is open.

    What it holds is added up over all medicines that hold it. The row's `allowed` is the answer,
    `not_before` the next instant at which it would be yes (None where it never would). Raises
    MedicationNotFound, BadAmount, NoPlan.
    """
    medication = chart.find(typed)
    in_force = [
        plan
        for plan in chart.plans(medication)
        if plan_span(plan, chart.zones)[0] <= chart.now < plan_span(plan, chart.zones)[1]
        and not plan.is_empty
    ]
    if not in_force:
        raise NoPlan(medication=medication.name, why="has no plan now, so no rule says whether to take it")
    limited = [plan for plan in in_force if isinstance(plan.timing, AsNeeded)]
    if limited:
        return _as_needed(chart, medication, limited[0], amount, watching)
    return _scheduled(chart, medication, in_force[0], watching)


def _as_needed(
    chart: Chart, medication: Medication, plan: Plan, typed: str | None, watching: Watching
) -> Report:
    limits = plan.timing
    if not isinstance(limits, AsNeeded):
        raise TypeError(limits)
    asked = plan.amount if typed is None else read_amount(typed, plan.amount.unit)
    amount = in_unit_of(limits, asked, medication.strength)
    reach = reach_of(limits)
    near = doses_about(chart.record, medication.id, chart.now - reach, chart.now + timedelta(seconds=1))
    taken = in_units_of(limits, [dose for dose in near if dose.status == "taken"], medication.strength)
    uses = watching.uses(chart, medication, asked, chart.now)
    each = over_each(plan.amount._replace(value=plan.amount_high or plan.amount.value), asked)
    broken = [*broken_limits(limits, amount, chart.now, taken), *_too_much(chart, uses)]
    unknown = [] if broken else _not_known(chart, limits, amount, taken, uses)
    not_before = _next_safe(limits, amount, chart.now, taken, uses) if broken else None
    paused = _paused(chart, medication)
    reasons = [*paused, *broken, *unknown]
    rule, by = chart.describe(plan), f", by {plan.decided_by}" if plan.decided_by else ""
    since = plan_span(plan, chart.zones)[0]
    of = f"{medication.name} {show_amount(asked)}"
    lines = [
        f"No: {medication.name} is on hold." if paused else _answer(chart, of, broken, unknown, not_before),
        *([] if each is None else [f"Mind: {each} each time. Ask your pharmacist."]),
        *(f"Because {why.rstrip('.')}." for why in reasons),
        _so_far(chart, limits, taken),
        f"Rule: {rule}, written down for {chart.say(since)} on{by}.",
        *_say_shared(medication, uses),
        NOT_LOOKED_AT,
    ]
    row: Cells = {
        "medication": medication.name,
        "amount": asked,
        "allowed": not reasons,
        "not_before": None if not_before is None or paused else chart.zones.shown(not_before),
        "reasons": reasons,
        "rule": rule,
        "rule_since": chart.zones.shown(since),
        "ingredients": _shared_cells(chart, uses),
    }
    return Report("can-take", _COLUMNS, [row], {"allowed": not reasons}, lines=lines)


def _paused(chart: Chart, medication: Medication) -> list[str]:
    """That the medication is on hold now, on whose word, why and until when."""
    found = []
    for hold in chart.holds(medication):
        begins = chart.begin(hold.since)
        ends = None if hold.until is None else chart.end(hold.until)
        if not hold.unrecorded and begins <= chart.now and (ends is None or chart.now < ends):
            by = f" by {hold.decided_by}" if hold.decided_by else ""
            why = f": {hold.reason}" if hold.reason else ""
            until = "" if ends is None else f" until {chart.say(ends)}"
            found.append(f"it is on hold{by}{until}{why}")
    return found


def _not_known(
    chart: Chart, limits: AsNeeded, amount: Amount, taken: Sequence[Dose], uses: Sequence[IngredientUse]
) -> list[str]:
    """What could not be added up: the answer may be no."""
    most = limits.max_amount
    found = []
    if most is not None and most.unit != COUNTED:
        units = {dose.amount.unit for dose in taken if dose.amount} | {amount.unit}
        others = sorted(units - {most.unit})
        if others:
            found.append(
                f"a dose is in {say_list(others)} and the limit in {most.unit}s, so it could not be added up"
            )
    numbers = {number for use in uses for number in use.not_counted}
    left = [each.name for each in chart.medications if each.id in numbers]
    if left:
        found.append(
            f"how much is in a dose of {say_list(left)} could not be told, so it could not be added up"
        )
    return found


def _answer(
    chart: Chart, of: str, broken: Sequence[str], unknown: Sequence[str], not_before: datetime | None
) -> str:
    if unknown:
        return f"That cannot be told, so do not take it for a yes: {of}. Ask your pharmacist."
    if not broken:
        return f"Yes, by its rule: {of} may be taken now."
    if not_before is None:
        return f"No: {of} is more than its rule ever allows."
    return f"Not before {chart.say(not_before)}: {of}."


def _so_far(chart: Chart, limits: AsNeeded, taken: Sequence[Dose]) -> str:
    if not taken:
        period = limits.max_period or limits.min_gap
        return (
            f"None was taken in the last {say_duration(period)}." if period else "No limit is written down."
        )
    last = max(dose.taken_at for dose in taken)
    line = f"Last taken {chart.say(last)}"
    if limits.max_period is not None and limits.max_amount is not None:
        inside = [dose for dose in taken if dose.taken_at > chart.now - limits.max_period]
        counted = [dose for dose in inside if dose.amount and dose.amount.unit == limits.max_amount.unit]
        if counted:
            sum_ = show_amount(Amount(total(counted), limits.max_amount.unit))
            line += f"; {sum_} in the last {say_duration(limits.max_period)}"
    return f"{line}."


def _too_much(chart: Chart, uses: Sequence[IngredientUse]) -> list[str]:
    return [use.say(chart.now) for use in uses if use.total(chart.now) > use.most]


def _say_shared(medication: Medication, uses: Sequence[IngredientUse]) -> list[str]:
    """What was added up over all medicines, or that nothing was."""
    if not uses:
        of = medication.name
        return [f"Not added up: other medicines with the same ingredient; no limit is known for {of}."]
    names = say_list(dict.fromkeys(str(use.limit.ingredient) for use in uses))
    return [f"Added up over all medicines that hold it: {names}."]


def _shared_cells(chart: Chart, uses: Sequence[IngredientUse]) -> list[Cells]:
    return [
        {
            "ingredient": use.limit.ingredient,
            "milligrams": exact(use.total(chart.now)),
            "most": exact(use.most),
            "hours": use.limit.hours,
            "is_complete": not use.not_counted,
        }
        for use in uses
    ]


def _next_safe(
    limits: AsNeeded, amount: Amount, now: datetime, taken: Sequence[Dose], uses: Sequence[IngredientUse]
) -> datetime | None:
    """The first instant from now on at which the dose would break no limit; None where it always would."""
    ends = {now}
    for dose in taken:
        if limits.min_gap is not None:
            ends.add(dose.taken_at + limits.min_gap)
        if limits.max_period is not None:
            ends.add(dose.taken_at + limits.max_period)
    ends.update(then + use.period for use in uses for then, _ in use.taken)
    for instant in sorted(end for end in ends if end >= now):
        is_within = all(use.total(instant) <= use.most for use in uses)
        if is_within and not broken_limits(limits, amount, instant, taken):
            return instant
    return None


def _scheduled(chart: Chart, medication: Medication, plan: Plan, watching: Watching) -> Report:
    course = chart.current(medication)
    standing = [(found, state_of(found, course.holds, chart.now)) for found in course.matches]
    due = [found for found, state in standing if state in ("due", "overdue")]
    open_ = due or [
        found
        for found, state in standing
        if state == "upcoming" and found.begins <= chart.now < found.ends and found.dose is None
    ]
    following = next((found for found, state in standing if state == "upcoming"), None)
    uses = watching.uses(chart, medication, plan.amount, chart.now)
    paused = _paused(chart, medication)
    over = [*paused, *_too_much(chart, uses)]
    allowed = bool(open_) and not over
    if paused:
        lines = [f"No: {medication.name} is on hold.", *(f"Because {why.rstrip('.')}." for why in over)]
    elif open_ and over:
        of = f"{medication.name} {show_amount(plan.amount)}"
        lines = [f"Ask your pharmacist first: {of}.", *(f"Because {why}" for why in over)]
    elif allowed:
        lines = [f"Yes, by its plan: the dose of {chart.say(open_[0].slot.planned_at)} is open."]
    elif following is not None:
        lines = [
            f"No: no planned dose is open. The next is planned for {chart.say(following.slot.planned_at)}."
        ]
    else:
        lines = ["No: no planned dose is open, and none is to come."]
    not_before = None if allowed or following is None else following.begins
    if open_ and over:
        not_before = _next_safe(AsNeeded(), plan.amount, chart.now, (), uses)
    rule = chart.describe(plan)
    lines += [f"Plan: {rule}.", *_say_shared(medication, uses), NOT_LOOKED_AT]
    row: Cells = {
        "medication": medication.name,
        "amount": plan.amount,
        "allowed": allowed,
        "not_before": None if not_before is None else chart.zones.shown(not_before),
        "reasons": over or ([] if allowed else ["no planned dose is open"]),
        "rule": rule,
        "rule_since": chart.zones.shown(plan_span(plan, chart.zones)[0]),
        "ingredients": _shared_cells(chart, uses),
    }
    return Report("can-take", _COLUMNS, [row], {"allowed": allowed}, lines=lines)
