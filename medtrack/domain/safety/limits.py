"""How much of each ingredient comes together in a rolling day, over all products.

A limit of a label holds for adults. More than the label of what is sold without prescription allows is no
error where a prescriber ordered it, so that is asked. Doses are added over every rolling period, not over
calendar days: 22:00 and 02:00 are one night.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.amounts import UNITS, Amount, read_amount, show_amount, show_number
from medtrack.domain.strengths import MILLIGRAMS
from medtrack.errors import BadAmount

from .facts import DailyLimit
from .findings import LEADS, LEADS_ALONE, Finding, Medicine
from .naming import Reading
from .pack import Pack

_ADULT = 18
_FAR = 2
"""Over the label by more than so many times, a prescriber's order is no likely reason any more."""
_PATCH_RATE = re.compile(r"([\d.]+)\s*(?:mcg|µg|ug)\s*/\s*(?:h|hr|hour)\b", re.IGNORECASE)
PLAN = "plan"
"""The kind of a limit that a plan of the person sets; its note names the medicine."""
Planned = tuple[datetime, Amount]


class Regular(NamedTuple):
    """A medicine with what is planned of it."""

    medicine: Medicine
    strength: str | None
    """As it stands on the packet: '500 mg', '30 mg/500 mg', '125 mg/5 ml'."""
    planned: Sequence[Planned]
    """Its doses over the next two weeks, by time."""
    most: tuple[Amount, timedelta] | None = None
    """As needed: the most in a length of time, where the plan says so."""
    each: Amount | None = None
    """One dose by its plan."""
    is_as_needed: bool = False
    """Whether a plan says that it is taken as needed."""
    taken: Sequence[tuple[timedelta, Amount]] = ()
    """As needed: what was taken outside of its times, and how long ago."""


class Totals(NamedTuple):
    """What came out of adding up."""

    findings: list[Finding]
    not_counted: list[str]
    """The medicines whose amount of an ingredient with a limit could not be told."""


def contents(reading: Reading, strength: str | None, amount: Amount) -> dict[str, Fraction] | None:
    """The milligrams of each ingredient in an amount of a medicine; None where that cannot be told."""
    names = reading.ingredients
    if amount.unit in MILLIGRAMS:
        return {names[0]: amount.value * MILLIGRAMS[amount.unit]} if len(names) == 1 else None
    held = _in_one_unit(reading, strength)
    if held is None:
        return None
    masses, of = held
    if of.unit in ("ml", "l") or amount.unit in ("ml", "l"):
        if of.unit != amount.unit:
            return None
        times = amount.value / of.value
    else:
        times = amount.value
    return {name: mass * times for name, mass in zip(names, masses, strict=True)}


def _in_one_unit(reading: Reading, strength: str | None) -> tuple[list[Fraction], Amount] | None:
    """The masses of the ingredients, and in how much of the medicine they are."""
    one = Amount(Fraction(1), "dose")
    parts = _amounts(strength) if strength else []
    if parts and parts[-1].unit in ("ml", "l"):
        one, parts = parts[-1], parts[:-1]
    masses = [part.value * MILLIGRAMS[part.unit] for part in parts if part.unit in MILLIGRAMS]
    if len(masses) == len(parts) == len(reading.ingredients):
        return masses, one
    meaning = reading.meaning
    if strength is None and meaning is not None and len(meaning.strengths) == len(reading.ingredients):
        number, _, unit = meaning.per.partition(" ")
        return list(meaning.strengths), Amount(Fraction(number), UNITS.get(unit.lower(), "dose"))
    return None


def _amounts(strength: str) -> list[Amount]:
    try:
        return [read_amount(part if part[:1].isdigit() else f"1 {part}") for part in strength.split("/")]
    except BadAmount:
        return []


def limit_findings(
    pack: Pack, regular: Sequence[Regular], *, country: str | None = None, age: int | None = None
) -> Totals:
    """Amounts over a limit of their ingredient, and opioids together."""
    known = [each for each in regular if each.medicine.reading.is_known]
    totals = _totals(known, limits_of(pack, known, country, age), label_limits(pack, country, age))
    opioids = _opioids(pack, known)
    return Totals(
        [*totals.findings, *opioids.findings],
        sorted({*totals.not_counted, *opioids.not_counted}, key=str.casefold),
    )


# --- ingredients over a rolling period -------------------------------------------------------------------


class _Intake(NamedTuple):
    """One ingredient of one medicine: the doses planned, and the most that may come beside them."""

    label: str
    doses: list[tuple[datetime, Fraction]]
    as_needed: tuple[Fraction, timedelta] | None
    taken: Sequence[tuple[timedelta, Fraction]] = ()
    """How long ago, and how much."""


def _intakes(regular: Sequence[Regular], ingredient: str) -> tuple[list[_Intake], list[str]]:
    found, unknown = [], []
    for each in regular:
        if ingredient not in each.medicine.ingredients:
            continue
        doses = [(at, _held(each, amount, ingredient)) for at, amount in each.planned]
        needed = None
        if each.most is not None:
            needed = _held(each, each.most[0], ingredient)
        if any(mass is None for _, mass in doses) or (each.most is not None and needed is None):
            unknown.append(each.medicine.label)
            continue
        most = None if each.most is None or needed is None else (needed, each.most[1])
        taken = [(ago, _held(each, amount, ingredient)) for ago, amount in each.taken]
        if (not each.planned and most is None) or any(mass is None for _, mass in taken):
            unknown.append(each.medicine.label)
        found.append(
            _Intake(
                each.medicine.label,
                [(at, mass) for at, mass in doses if mass is not None],
                most,
                [(ago, mass) for ago, mass in taken if mass is not None],
            )
        )
    return found, unknown


def _held(regular: Regular, amount: Amount, ingredient: str) -> Fraction | None:
    held = contents(regular.medicine.reading, regular.strength, amount)
    return None if held is None else held[ingredient]


def _highest(intakes: Iterable[_Intake], period: timedelta) -> Fraction:
    """The most in any rolling period, with what may come or was taken as needed at its most."""
    intakes = list(intakes)
    doses = sorted((at, mass) for intake in intakes for at, mass in intake.doses)
    highest = running = Fraction(0)
    first = 0
    for at, mass in doses:
        running += mass
        while doses[first][0] <= at - period:
            running -= doses[first][1]
            first += 1
        highest = max(highest, running)
    for intake in intakes:
        allowed = Fraction(0)
        if intake.as_needed is not None:
            most, over = intake.as_needed
            allowed = most * max(1, -(-period // over)) if over < period else most
        # More than its plan allows may have been taken already, or no plan says how much.
        highest += max(allowed, sum((mass for ago, mass in intake.taken if ago < period), Fraction(0)))
    return highest


def label_limits(pack: Pack, country: str | None, age: int | None) -> list[DailyLimit]:
    """The limit of each ingredient in a country; the lowest there is where the country is not known.

    They are those of adults: of a child there are none.
    """
    if age is not None and age < _ADULT:
        return []
    lowest: dict[tuple[str, int], DailyLimit] = {}
    for limit in pack.limits:
        if country and limit.country not in ("", country):
            continue
        key = (limit.ingredient, limit.hours)
        if key not in lowest or limit.most < lowest[key].most:
            lowest[key] = limit
    return list(lowest.values())


def limits_of(
    pack: Pack, regular: Sequence[Regular], country: str | None, age: int | None
) -> list[DailyLimit]:
    """The limit of each ingredient of some medicines: of its labels, or the lower one of a plan.

    What a prescriber allowed of one medicine as needed counts over every other that holds the same. The
    limits of labels are those of adults; those of plans hold for whoever they were made for.
    """
    found = {(each.ingredient, each.hours): each for each in label_limits(pack, country, age)}
    for own in _of_plans(pack, regular):
        label = found.get((own.ingredient, own.hours))
        if label is None or own.most_mg < label.most_mg:
            found[own.ingredient, own.hours] = own
    return list(found.values())


def _of_plans(pack: Pack, regular: Sequence[Regular]) -> list[DailyLimit]:
    """The lowest limit of a plan for an ingredient that a second medicine holds, too."""
    found: dict[tuple[str, int], DailyLimit] = {}
    for each in regular:
        names = each.medicine.ingredients
        if each.most is None or len(names) != 1:
            continue
        others = [other for other in regular if other is not each and names[0] in other.medicine.ingredients]
        held = contents(each.medicine.reading, each.strength, each.most[0])
        hours = int(each.most[1] / timedelta(hours=1))
        if not others or held is None or not hours:
            continue
        label = each.medicine.label
        source = f"the plan of {label} as it was written down"
        limit = DailyLimit(
            names[0], "", "mg", held[names[0]], hours, PLAN, "moderate", label, source,
            pack.date.isoformat(), "yes",
        )  # fmt: skip
        known = found.get((names[0], hours))
        if known is None or limit.most < known.most:
            found[names[0], hours] = limit
    return list(found.values())


def _totals(regular: Sequence[Regular], limits: Sequence[DailyLimit], labels: Sequence[DailyLimit]) -> Totals:
    findings, not_counted = [], []
    by_label = {(each.ingredient, each.hours): each for each in labels}
    for limit in limits:
        intakes, unknown = _intakes(regular, limit.ingredient)
        not_counted += unknown
        total = _highest(intakes, timedelta(hours=limit.hours))
        if total > limit.most_mg:
            # What is over the label, too, is the worse of the two.
            label = by_label.get((limit.ingredient, limit.hours), limit)
            told = label if total > label.most_mg else limit
            names = tuple(sorted({each.label for each in intakes}, key=str.casefold))
            findings.append(_over(told, total, names))
    return Totals(findings, not_counted)


def _over(limit: DailyLimit, total: Fraction, labels: tuple[str, ...]) -> Finding:
    said = _say(total / MILLIGRAMS[limit.unit], limit.unit)
    most = _say(limit.most, limit.unit)
    period = f"{limit.hours} hours" if limit.hours < 48 else f"{limit.hours // 24} days"
    if limit.kind == PLAN:
        what = f"the plan of {limit.note} says at most {most}"
        special = "Ask whether that limit counts all of them."
    elif limit.kind == "label":
        what = f"the label of what is sold without prescription says at most {most}"
        special = "That may be right where a prescriber ordered it: ask whether this amount was."
        if total > _FAR * limit.most_mg:
            special = (
                f"That is more than {_FAR} times as much: ask whether the amounts are written down right."
            )
    else:
        what = f"the highest on its label is {most}"
        special = "Ask whether this amount was ordered."
    note = f" ({limit.note})" if limit.note and limit.kind != PLAN else ""
    return Finding(
        "limit",
        limit.severity,
        labels[0],
        ", ".join(labels[1:]) or None,
        f"Up to {said} of {{{limit.ingredient}}} come together in {period}; {what}{note}.",
        f"{LEADS_ALONE[limit.severity]} {special}",
        limit.source,
        limit.source_date,
        f"limit:{limit.ingredient}:{limit.hours}:{said}",
        family="limit",
        is_compared=limit.checked == "yes",
        labels=labels,
    )


def _say(value: Fraction, unit: str) -> str:
    return show_amount(Amount(value, unit))


# --- opioids ---------------------------------------------------------------------------------------------


def _opioids(pack: Pack, regular: Sequence[Regular]) -> Totals:
    """Opioids together in milligrams of morphine (CDC 2022): from 50 on a reason to ask about naloxone."""
    factors = pack.opioid_factors
    threshold = factors["(threshold)"]
    intakes: list[_Intake] = []
    unknown: list[str] = []
    constant = Fraction(0)
    labels: set[str] = set()
    for each in regular:
        for name in each.medicine.ingredients:
            factor = factors.get(name)
            if factor is None or factor.factor is None:
                continue
            if factor.unit != "mg":
                rate = _PATCH_RATE.search(f"{each.strength or ''} {each.medicine.label}")
                if rate is None:
                    unknown.append(each.medicine.label)
                    continue
                constant += Fraction(rate[1]) * factor.factor
                labels.add(each.medicine.label)
                continue
            found, missing = _intakes([each], name)
            unknown += missing
            intakes += [_in_morphine(intake, factor.factor) for intake in found]
            labels.update(intake.label for intake in found)
    total = _highest(intakes, timedelta(hours=24)) + constant
    if threshold.factor is None or total < threshold.factor:
        return Totals([], unknown)
    ordered = tuple(sorted(labels, key=str.casefold))
    finding = Finding(
        "limit",
        "moderate",
        ordered[0],
        ", ".join(ordered[1:]) or None,
        f"The opioids come to {show_number(total.limit_denominator(100))} mg of morphine in 24 hours (MME)."
        f" From {show_number(threshold.factor)} on, slowed breathing is more likely.",
        f"{LEADS['moderate']} Ask about naloxone to keep at hand. The number is no limit, and must not be"
        " used to change from one opioid to another.",
        threshold.source,
        threshold.source_date,
        f"mme:{'+'.join(ordered)}:{total}",
        watch_for="slow breathing, blue lips, being hard to wake",
        family="limit",
        labels=ordered,
    )
    return Totals([finding], unknown)


def _in_morphine(intake: _Intake, factor: Fraction) -> _Intake:
    needed = intake.as_needed
    return intake._replace(
        doses=[(at, mass * factor) for at, mass in intake.doses],
        as_needed=None if needed is None else (needed[0] * factor, needed[1]),
        taken=[(ago, mass * factor) for ago, mass in intake.taken],
    )
