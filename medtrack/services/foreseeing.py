"""Working out what is to be told when a dose is written down, from the findings about the regimen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.names import folded
from medtrack.domain.person import Watch
from medtrack.domain.regimen import AsNeeded, Medication
from medtrack.domain.safety.facts import DailyLimit
from medtrack.domain.safety.findings import Finding, rank
from medtrack.domain.safety.limits import PLAN, Regular, contents, label_limits, limits_of
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.slips import shortest_spacing, weekly_of
from medtrack.domain.slots import FAR, plan_span

from .assessing import age_of, country_of
from .cautioning import loud_about, say_finding
from .chart import Chart
from .looking import look
from .medicines import regimen, standing_plans

_EARLY = timedelta(hours=36)
"""How much sooner than its time a weekly dose may come without a word."""


def foresee(chart: Chart, pack: Pack) -> list[Watch]:
    """What is to be told of each medication's doses: findings nobody was asked about, and limits."""
    outcome = look(chart, pack, (), chart.now)
    by_name = {folded(each.name): each for each in chart.medications}
    found = []
    fresh = [each for each in outcome.findings if each not in outcome.asked]
    for label in dict.fromkeys(label for each in fresh for label in each.labels):
        for finding in loud_about(fresh, label):
            members = [by_name[folded(each)] for each in finding.labels if folded(each) in by_name]
            until = min((_ends(chart, each) for each in members), default=FAR)
            told = [each for each in _told_of(chart, members) if each.name == label]
            found += [Watch(each.id, say_finding(finding), None if until == FAR else until) for each in told]
    return [*found, *_spaced(chart, pack), *_limits(chart, pack, outcome.asked)]


def _spaced(chart: Chart, pack: Pack) -> list[Watch]:
    """The medicines of once in so many days, told where one was taken a short while before.

    A dose that is early by a day and a half is told of no more; nor one of parts that are planned apart.
    """
    country = country_of(chart)
    by_name = {folded(each.name): each for each in chart.medications}
    hours: dict[str, int] = {}
    found = []
    for each in regimen(chart, pack, country):
        for name in each.medicine.ingredients:
            weekly = weekly_of(pack, each, name)
            if weekly is None:
                continue
            period = timedelta(days=weekly.days) - _EARLY
            spacing = shortest_spacing(each.planned)
            if spacing is not None:
                period = min(period, spacing * 3 / 4)
            shortest = int(period / timedelta(hours=1))
            hours[name] = min(hours.get(name, shortest), shortest)
            called = pack.called(name, country)
            said = (
                f"{each.medicine.label}: {called} was taken less than {weekly.days} days away from this dose."
                f" {weekly.what_can_happen} Call your pharmacist now, before you take it, or before the next"
                f" dose ({weekly.source}, {weekly.source_date})."
            )
            found.append(Watch(by_name[folded(each.medicine.label)].id, said, ingredient=name))
    return [each._replace(hours=hours[each.ingredient or ""]) for each in found]


def _told_of(chart: Chart, members: list[Medication]) -> list[Medication]:
    """The medications whose doses are told: those taken as needed only, else all."""
    needed = [
        each
        for each in members
        if all(isinstance(plan.timing, AsNeeded) for plan in standing_plans(chart, each))
    ]
    return needed or members


def _ends(chart: Chart, medication: Medication) -> datetime:
    """When the last plan of a medication is over."""
    return max((plan_span(plan, chart.zones)[1] for plan in standing_plans(chart, medication)), default=FAR)


def _limits(chart: Chart, pack: Pack, asked: Iterable[Finding]) -> list[Watch]:
    """How much of each limited ingredient a unit of each medication holds, where that can be told.

    A dose over a limit that is not major is not told of where somebody was asked about it.
    """
    country = country_of(chart)
    asked_about = {each.key.split(":")[1] for each in asked if each.key.startswith("limit:")}
    by_name = {folded(each.name): each for each in chart.medications}
    age = age_of(chart)
    taken = regimen(chart, pack, country)
    labels = {(each.ingredient, each.hours): each for each in label_limits(pack, country, age)}
    found = []
    for limit in limits_of(pack, taken, country, age):
        # Asking about a plan is no leave for doses that are really over what is major.
        is_told = rank(limit.severity) <= rank("major") or limit.ingredient not in asked_about
        for each in taken:
            if limit.ingredient not in each.medicine.ingredients:
                continue
            unit, milligrams = _in_a_unit(each, limit.ingredient) or (None, None)
            found.append(
                Watch(
                    by_name[folded(each.medicine.label)].id,
                    _say_limit(limit, labels.get((limit.ingredient, limit.hours))),
                    None,
                    pack.called(limit.ingredient, country),
                    unit,
                    milligrams,
                    limit.most_mg,
                    limit.hours,
                    is_told,
                    len(each.medicine.ingredients) == 1,
                )
            )
    return found


def _say_limit(limit: DailyLimit, label: DailyLimit | None) -> str:
    """What the limit is and whose: of the plan, of the label, or the lower of the plan beside the label's."""
    said = [_of_plan(limit)] if limit.kind == PLAN else []
    if label is not None:
        what = "sold without prescription" if label.kind == "label" else "on its label"
        where = f"{label.source}, {label.source_date}"
        said.append(f"The most {what} is {show_amount(Amount(label.most, label.unit))} ({where}).")
    return " ".join([*said, "Call your pharmacist before the next dose."])


def _of_plan(limit: DailyLimit) -> str:
    return f"The plan of {limit.note} says at most {show_amount(Amount(limit.most, limit.unit))}."


def _in_a_unit(regular: Regular, ingredient: str) -> tuple[str, Fraction] | None:
    """The unit of a medication's doses, and the milligrams of an ingredient in one."""
    if regular.each is not None:
        amount = regular.each
        held = contents(regular.medicine.reading, regular.strength, Amount(Fraction(1), amount.unit))
        if held is not None:
            return amount.unit, held[ingredient]
    return None
