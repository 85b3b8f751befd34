"""The medicines a check is about: what is taken now, or what was named, each read by the knowledge pack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from medtrack.domain.amounts import Amount, read_amount
from medtrack.domain.limits import COUNTED
from medtrack.domain.regimen import AsNeeded, Medication, Plan
from medtrack.domain.safety.findings import Medicine
from medtrack.domain.safety.limits import Planned, Regular
from medtrack.domain.safety.naming import read_name, strength_in, strengths_in
from medtrack.domain.safety.pack import Pack
from medtrack.domain.slots import plan_span

from .chart import Chart

AHEAD = timedelta(days=15)
"""How far ahead planned doses are looked at: two weekly doses fit in."""
_DAY = timedelta(days=1)
BEHIND = timedelta(days=7)
"""How far back what was taken as needed is looked at."""
_BARE = re.compile(r"[\d.]+(?:/[\d.]+)+")
"""A strength without units, which only the name of a product explains: '30/500'."""


def regimen(
    chart: Chart,
    pack: Pack,
    country: str | None,
    instead: tuple[Medication, Sequence[Plan]] | None = None,
    *,
    logged: bool = False,
) -> list[Regular]:
    """Every medication with a plan that runs or is to come, with the doses planned of it.

    `instead` gives one medication, new or known, plans that are about to be written down. With `logged` what
    was taken as needed of late comes with it.
    """
    taken = {each.id: (each, standing_plans(chart, each)) for each in chart.medications}
    if instead is not None:
        taken[instead[0].id] = (instead[0], list(instead[1]))
    return [
        _regular(chart, pack, medication, plans, country, logged)
        for medication, plans in taken.values()
        if plans
    ]


def standing_plans(chart: Chart, medication: Medication) -> list[Plan]:
    """The plans of a medication by which something is or will be taken."""
    spans = ((plan, plan_span(plan, chart.zones)) for plan in chart.plans(medication) if not plan.is_empty)
    return [plan for plan, (since, until) in spans if until > chart.now and since < until]


def _regular(
    chart: Chart,
    pack: Pack,
    medication: Medication,
    plans: Sequence[Plan],
    country: str | None,
    logged: bool,
) -> Regular:
    strength = medication.strength or strength_in(medication.name)
    any_needed = any(isinstance(plan.timing, AsNeeded) for plan in plans)
    begins = max(chart.now, min(plan_span(plan, chart.zones)[0] for plan in plans))
    course = chart.course(medication, begins, begins + AHEAD, list(plans))
    # By the person's clock: the night the clocks go forward makes no third dose a day of two.
    planned = [
        (
            each.slot.local.replace(tzinfo=UTC),
            Amount(each.slot.amount_high or each.slot.amount.value, each.slot.amount.unit),
        )
        for each in course.matches
    ]
    taken = _taken(chart, medication) if logged and any_needed else []
    return Regular(
        read_medicine(pack, medication, country),
        None if _is_of_name(medication) else strength,
        planned,
        _most(plans),
        plans[0].amount,
        any_needed,
        taken,
    )


def read_medicine(pack: Pack, medication: Medication, country: str | None) -> Medicine:
    """A medication as every check reads it."""
    # A strength belongs to some names (co-codamol 30/500), a form to the reading of what it reaches.
    words = (
        medication.name,
        medication.strength if _is_of_name(medication) else None,
        medication.form,
    )
    named = " ".join(word for word in words if word)
    return Medicine(medication.name, read_name(pack, named, country)._replace(typed=medication.name))


def _is_of_name(medication: Medication) -> bool:
    return medication.strength is not None and _BARE.fullmatch(medication.strength) is not None


def _taken(chart: Chart, medication: Medication) -> list[tuple[timedelta, Amount]]:
    """What was taken of late and fills no planned dose, and how long ago."""
    extras = chart.course(medication, chart.now - BEHIND, chart.now + timedelta(seconds=1)).extras
    return [
        (chart.now - dose.taken_at, dose.amount)
        for dose in extras
        if dose.status == "taken" and dose.amount is not None and dose.taken_at <= chart.now
    ]


def _most(plans: Sequence[Plan]) -> tuple[Amount, timedelta] | None:
    """The most that may be taken as needed, where a plan says so."""
    for plan in plans:
        if not isinstance(plan.timing, AsNeeded):
            continue
        limits = plan.timing
        each = Amount(plan.amount_high or plan.amount.value, plan.amount.unit)
        if limits.max_amount is not None and limits.max_period is not None:
            if limits.max_amount.unit in (COUNTED, each.unit):
                times = limits.max_amount.value if limits.max_amount.unit == COUNTED else None
                value = limits.max_amount.value if times is None else each.value * times
                return Amount(value, each.unit), limits.max_period
            return limits.max_amount, limits.max_period
        if limits.min_gap is not None:
            return Amount(each.value * -(-_DAY // limits.min_gap), each.unit), max(_DAY, limits.min_gap)
    return None


def named(pack: Pack, typed: Sequence[str], country: str | None, now: datetime) -> list[Regular]:
    """Medicines by name alone; a strength in the name is held to be one dose.

    Several named in one breath are several, unless a product holds just these.
    """
    found = []
    for name in typed:
        reading = read_name(pack, name, country)
        several = [Medicine(part.typed, part) for part in reading.parts] or [Medicine(name, reading)]
        strengths = strengths_in(reading) if reading.parts else [strength_in(name)]
        for medicine, strength in zip(several, strengths, strict=True):
            one: list[Planned] = [] if strength is None else [(now, read_amount("1"))]
            found.append(Regular(medicine, strength, one))
    return found
