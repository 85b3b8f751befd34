"""Where a dose belongs: the slot it goes to, the plan that is, and how much of it was meant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from shlex import quote

from medtrack.domain.amounts import Amount, read_amount, show_amount
from medtrack.domain.matching import Match
from medtrack.domain.regimen import AsNeeded, Medication, Plan
from medtrack.domain.slots import Slot, plan_span
from medtrack.domain.when import read_time, say_local
from medtrack.domain.wording import say_list
from medtrack.errors import BadAmount, BadTime, MedicationNotFound, NotSettled, UsageRefused

from .chart import Chart, Course


def medications_named(chart: Chart, typed: Sequence[str]) -> list[Medication]:
    """The medications of doses; an amount or a time among their names is told its option.

    Raises MedicationNotFound, MedicationAmbiguous.
    """
    found = []
    for number, word in enumerate(typed):
        try:
            found.append(chart.find(word))
        except MedicationNotFound:
            option = _option_of(chart, " ".join(typed[number:])) or _option_of(chart, word)
            if option is None:
                raise
            raise MedicationNotFound(typed=word, hint=f"For {option}.") from None
    return found


def _option_of(chart: Chart, words: str) -> str | None:
    with suppress(BadAmount):
        read_amount(words)
        return f"an amount taken type --amount {quote(words)}"
    with suppress(BadTime):
        read_time(words, now=chart.now, zone=chart.zone)
        return f"a time type --at {quote(words)}"
    return None


def target_of(chart: Chart, course: Course, taken_at: datetime, named: datetime | None) -> Match | None:
    """The slot a dose goes to: the one it is logged for, or the one whose catchment holds its time."""
    if named is None:
        return next((found for found in course.matches if found.begins <= taken_at < found.ends), None)
    for found in course.matches:
        if found.slot.planned_at == named:
            return found
    day = chart.local(named).date()
    planned = [f"{found.slot.local:%H:%M}" for found in course.matches if found.slot.local.date() == day]
    raise NotSettled(
        what=f"{course.medication.name} has no dose planned at {say_local(chart.shown(named))}. "
        + (f"Planned that day: {say_list(planned)}." if planned else "None is planned that day.")
    )


def check_not_ahead(chart: Chart, medication: Medication, slot: Slot, taken_at: datetime) -> None:
    """Raise NotSettled for a dose logged for a slot further ahead than its spacing: another one is meant."""
    if taken_at < slot.planned_at - slot.nominal:
        raise NotSettled(
            what=f"The {medication.name} of {chart.say(slot.planned_at)} is further ahead of "
            f"{chart.say(taken_at)} than one dose, so nothing was recorded. Say when it was taken with --at, "
            "or which planned time it was for."
        )


def plan_of(chart: Chart, course: Course, target: Match | None, taken_at: datetime) -> Plan | None:
    """The plan a dose belongs to: its slot's, else the one in force, else the last before it, or to come."""
    if target is not None:
        return next(plan for plan in course.plans if plan.id == target.slot.plan_id)
    # While nothing is planned, a dose is meant as it was planned before.
    plans = [plan for plan in course.plans if not plan.is_empty]
    in_force = [plan for plan in plans if covers(plan_span(plan, chart.zones), taken_at)]
    as_needed = [plan for plan in in_force if isinstance(plan.timing, AsNeeded)]
    begun = [plan for plan in plans if plan_span(plan, chart.zones)[0] <= taken_at]
    return next(iter((*as_needed, *in_force, *reversed(begun or plans))), None)


def covers(span: tuple[datetime, datetime], instant: datetime) -> bool:
    """Whether an instant lies in a span `[since, until)`."""
    return span[0] <= instant < span[1]


def amount_of(typed: str | None, medication: Medication, plan: Plan | None) -> Amount:
    """How much of a medication was taken: as typed, else as planned.

    Raises BadAmount, and UsageRefused where the plan gives a range.
    """
    if typed is not None:
        return read_amount(typed, plan.amount.unit if plan else None)
    if plan is None:
        return read_amount("1")
    if plan.amount_high is not None:
        said = show_amount(plan.amount, plan.amount_high)
        raise UsageRefused(
            what=f"Nothing was recorded: {medication.name} is planned as {said}, so say how much it was:"
            f" medtrack take {quote(medication.name)} --amount ..."
        )
    return plan.amount
