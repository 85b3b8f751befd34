"""Whether a dose fits its product, and whether what is said of one dose can hold together.

Each check refuses what contradicts itself: one of the two is a slip, and no program can say which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from fractions import Fraction
from itertools import combinations

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.regimen import Clock, Days, Interval
from medtrack.domain.strengths import kind_of, size_of
from medtrack.domain.wording import say_duration
from medtrack.errors import NotSettled

from .brackets import by_strength, mass_of, unit_of_strength
from .draft import MEALS_UNNAMED, Draft
from .meaning import Part
from .planning import gaps
from .terms import BODY

_WHOLE = frozenset(
    ["capsule", "suppository", "pessary", "puff", "spray", "drop", "ring", "pen", "injection", "nebule"]
)
_CUT = frozenset(["tablet", "pill", "lozenge", "gummy", "piece"])
_SOLID = frozenset(
    ["tablet", "capsule", "pill", "lozenge", "gummy", "suppository", "pessary", "patch", "film"]
)
_MEDICINE = frozenset(["mass", "units", "mmol", "mEq"])
_COUNTED_TOO = {
    "tablet": {"pill"}, "capsule": {"pill"}, "lozenge": {"piece"}, "gummy": {"piece"}, "drop": {"ml"},
    "patch": {"application"}, "spray": {"puff", "ml"}, "puff": {"spray"}, "film": {"piece"},
    "suppository": {"application"}, "pessary": {"application"},
}  # fmt: skip
"""In which other units, besides doses and what is in it, a product of this form is counted."""
_NO_SOLIDS = frozenset({
    "cream", "ointment", "gel", "lotion", "shampoo", "foam", "solution", "suspension", "syrup", "liquid",
    "elixir", "powder", "granules", "inhaler", "enema", "mouthwash", "infusion",
})  # fmt: skip
"""Forms of which no tablet is given."""
_MOST_AT_ONCE = 10
"""Tablets; more of the strength than this is a slip of a unit or of a zero at least as often as a dose."""
_MOST_ACROSS = 4
"""Tablets, where the strength is in mcg and the dose is not, or the other way round."""
_MOST_ML, _MOST_ML_ACROSS = 500, 100
"""The same of a liquid: a bag's worth, and a glass."""
_WRONG_ROUTES = {
    "inject": {
        "oral",
        "sublingual",
        "rectal",
        "vaginal",
        "topical",
        "transdermal",
        "nasal",
        "buccal",
        "inhaled",
    },
    "apply": {"intravenous", "intramuscular", "subcutaneous", "oral", "inhaled"},
    "inhale": {"intravenous", "intramuscular", "subcutaneous", "rectal", "vaginal", "topical", "transdermal"},
    "insert": {"intravenous", "intramuscular", "oral", "inhaled", "topical", "transdermal"},
}
_INJECTED = {"intravenous", "intramuscular", "subcutaneous"}
_WRONG_PLACES = {
    "tablet": _INJECTED | {"topical", "transdermal", "nasal", "inhaled"},
    "capsule": _INJECTED | {"topical", "transdermal", "nasal"},
    "cream": _INJECTED | {"oral", "inhaled", "sublingual"},
    "ointment": _INJECTED | {"oral", "inhaled", "sublingual"},
    "suppository": _INJECTED | {"oral", "inhaled", "sublingual", "buccal", "nasal", "topical"},
    "pessary": _INJECTED | {"oral", "inhaled", "sublingual", "buccal", "nasal", "topical"},
    "patch": _INJECTED | {"oral", "inhaled", "sublingual", "rectal", "vaginal"},
}
_ORGAN = re.compile(r"\b(?:(left|right|both|each|every|affected) )?(?:\w+ )?(eye|ear|nostril)s?\b")
_THE = r"(?:a |the |your |each )?"
_TAKEN_WITH = (
    (
        "with",
        rf"\bwith (?:or (?:just |immediately )?after )?{_THE}(?:food|meals?)|\bafter {_THE}(?:food|meal)",
    ),
    ("without", rf"empty stomach|\bwithout food|\bbefore {_THE}(?:food|meal|eating)"),
)


def check_fits(amount: Amount, high: Fraction | None, strength: str | None, form: str | None) -> None:
    """Raise NotSettled for a dose that its product cannot be measured in."""
    for value in (amount.value, high or amount.value):
        cut = value.denominator
        if (amount.unit in _WHOLE and cut > 1) or (amount.unit in _CUT and cut > 4):
            said = show_amount(Amount(value, amount.unit))
            raise NotSettled(
                what=f"'{said}': nobody can measure that part of one. Type a whole number, or the dose in "
                "mg or ml."
            )
    counted = (form or "").rpartition(" ")[2]
    is_other = counted in _COUNTED_TOO and not (
        amount.unit in {counted, "dose"} | _COUNTED_TOO[counted] or kind_of(amount.unit) in _MEDICINE
    )
    if is_other or (counted in _NO_SOLIDS and amount.unit in _SOLID - _capsules(counted)):
        raise NotSettled(
            what=f"The product is given as {counted}, and the dose in {amount.unit}. Type one of them again."
        )
    if strength is not None:
        _check_strength(amount, high, strength, form)


def _capsules(form: str) -> set[str]:
    """Some inhalers are filled with capsules."""
    return {"capsule"} if form == "inhaler" else set()


def _check_strength(amount: Amount, high: Fraction | None, strength: str, form: str | None) -> None:
    held, per = unit_of_strength(strength)
    is_liquid = per in ("ml", "l") or "%" in strength
    kinds = {kind_of(amount.unit), kind_of(held or "")}
    if (is_liquid and amount.unit in _SOLID) or (len(kinds) == 2 and kinds <= _MEDICINE):
        raise NotSettled(
            what=f"The strength is {strength.replace(' / ', '/')}, and the dose is "
            f"{show_amount(amount)}: the one cannot be measured in the other. Type one of them again."
        )
    largest = amount._replace(value=high or amount.value)
    across = "mcg" in (amount.unit, held) and amount.unit != held
    each = mass_of(strength)
    if each is not None and kind_of(amount.unit) == "mass":
        number = size_of(largest) / size_of(each)
        if number > (_MOST_ACROSS if across else _MOST_AT_ONCE):
            taken = show_amount(Amount(number, form if form in _SOLID else "tablet"))
            raise NotSettled(
                what=f"{show_amount(largest)} is {taken} of {show_amount(each)} each. Check both units. "
                "If it is meant, type how many of them are taken."
            )
    measured = by_strength(largest, strength, form) if is_liquid else None
    if measured is None or measured.unit != "ml" or kind_of(amount.unit) != "mass":
        return
    if measured.value > (_MOST_ML_ACROSS if across else _MOST_ML):
        raise NotSettled(
            what=f"{show_amount(largest)} is {show_amount(measured)} of it. Check both units. "
            "If it is meant, type how many ml are taken."
        )


def doubt_of_strength(amount: Amount, strength: str | None, form: str | None) -> str | None:
    """What is odd about a dose in mg of a product of this strength, spelled out and so not refused.

    A person may hold tablets of several strengths, of which one was written down: it is a question only.
    """
    each = mass_of(strength)
    if each is None or kind_of(amount.unit) != "mass":
        return None
    counted = (form or "").rpartition(" ")[2]
    number, unit = size_of(amount) / size_of(each), counted if counted in _SOLID else "tablet"
    across = "mcg" in (amount.unit, each.unit) and amount.unit != each.unit
    if number > (_MOST_ACROSS if across else _MOST_AT_ONCE):
        taken = show_amount(Amount(number, unit))
        return f"{show_amount(amount)} is {taken} of {show_amount(each)}: compare both units with the packet."
    parts = 1 if unit in _WHOLE or unit not in _CUT else 4
    if (number * parts).denominator == 1:
        return None
    smaller = f", nor of their {'halves and quarters' if parts == 4 else 'parts'}"
    return (
        f"{show_amount(amount)} cannot be made of {show_amount(each)} {unit}s{smaller}: ask your pharmacist"
        " which strengths to use."
    )


def check_said(draft: Draft, amount: Amount | None, form: str | None, route: str | None) -> None:
    """Raise NotSettled for places, meals, routes and lengths that contradict each other in one dose."""
    _check_sides(draft.advice, form)
    relations = {code for code in draft.when if code in MEALS_UNNAMED}
    told = [*draft.advice, *({"AC": "before meals"}.get(code, "with food") for code in relations)]
    meals = {name for name, pattern in _TAKEN_WITH for advice in told if re.search(pattern, advice)}
    if len(relations) > 1 or (len(meals) > 1 and not any(" or " in advice for advice in told)):
        raise NotSettled(
            what="It says both with and without food, or before and after it. Type one: 'before food'."
        )
    last = (form or "").rpartition(" ")[2]
    if route in _WRONG_ROUTES.get(draft.verb or "", ()) or route in _WRONG_PLACES.get(last, ()):
        way = {"oral": "by mouth"}.get(route or "", route)
        thing = f"a {last}" if route in _WRONG_PLACES.get(last, ()) else f"'{draft.verb}'"
        raise NotSettled(what=f"'{way}' and {thing} do not go together. Type how it is taken again.")
    for advice in draft.advice:
        lasts = re.match(r"for [\d.~/]+ (?:min|hour)|for [\d.]+(?: to [\d.]+)? (?:min|hour|hr)", advice)
        is_hourly = any(rate.period_unit in ("h", "min") for rate in draft.rates)
        if lasts and (is_hourly or (amount is not None and amount.unit in _SOLID - {"patch"})):
            raise NotSettled(
                what=f"'{advice}' does not say what lasts so long. Type for how many days, 'for 5 days', or "
                "'x 2 doses'."
            )
    if draft.count and not draft.counts_cycles and (draft.bounds or draft.until):
        raise NotSettled(
            what="It gives a number of doses and a length, and they can end on different days. Type one: "
            "'for 7 days', or 'x 14 doses'."
        )


def _check_sides(advice: Sequence[str], form: str | None) -> None:
    places = [(found[1] or "", found[2]) for said in advice for found in _ORGAN.finditer(said)]
    if len({side for side, _ in places}) > 1 or len({organ for _, organ in places}) > 1:
        raise NotSettled(
            what="It names more than one place. Type each as a line of its own, or one: 'in the left eye', "
            "'in both eyes'."
        )
    meant = {found[2] for found in _ORGAN.finditer(form or "")}
    if places and meant and not meant & {organ for _, organ in places}:
        raise NotSettled(
            what=f"It is for the {meant.pop()}, but goes into the {places[0][1]}. Type one again."
        )


def check_parts(parts: Sequence[Part], strength: str | None, form: str | None) -> None:
    """Raise NotSettled where doses of one step fall together, come too close, or exceed their own limit."""
    for step in sorted({part.step for part in parts}):
        shares = [part for part in parts if part.step == step]
        for one, other in combinations(shares, 2):
            _check_apart(one, other)
        limited = next((part for part in shares if part.max_amount and part.max_period), None)
        if limited and limited.max_amount and limited.max_period:
            _check_limit(shares, limited.max_amount, limited.max_period, strength, form)
        for gap in (part.min_gap for part in shares if part.min_gap and not part.as_needed):
            _check_gap(shares, gap)


def _check_apart(one: Part, other: Part) -> None:
    if not (isinstance(one.timing, Clock) and isinstance(other.timing, Clock)):
        return
    days, others = one.timing.days, other.timing.days
    apart = days.weekdays and others.weekdays and not set(days.weekdays) & set(others.weekdays)
    places = [re.search(rf"\b(?:{BODY})\b", part.advice or "") for part in (one, other)]
    at_once = set(one.timing.times) & set(other.timing.times)
    if at_once and not apart and not (all(places) and one.advice != other.advice):
        raise NotSettled(
            what=f"It gives two doses at {min(at_once):%H:%M} of the same day. Type each dose with days and "
            "times of its own, or the two as one dose."
        )


def _times(parts: Sequence[Part]) -> list[time]:
    return [moment for part in parts if isinstance(part.timing, Clock) for moment in part.timing.times]


def _check_gap(shares: Sequence[Part], gap: timedelta) -> None:
    closest = [part.timing.every for part in shares if isinstance(part.timing, Interval)]
    is_daily = all(isinstance(part.timing, Clock) and part.timing.days == Days() for part in shares)
    apart = gaps(_times(shares))
    closest += apart if is_daily else apart[:-1]
    if closest and min(closest) < gap:
        raise NotSettled(
            what=f"Doses are to be at least {say_duration(gap)} apart, and these would be "
            f"{say_duration(min(closest))} apart. Type 'every {say_duration(gap)}', or the times: "
            "'at 06:00, 14:00 and 22:00'."
        )


def _check_limit(
    shares: Sequence[Part], most: Amount, period: timedelta, strength: str | None, form: str | None
) -> None:
    """Compare what the plan gives within the period with the most that is to be taken in it."""
    given = Fraction(0)
    for part in shares:
        if part.amount is None:
            return
        doses = part.amount._replace(value=part.amount_high or part.amount.value)
        if kind_of(doses.unit) != kind_of(most.unit):
            doses = (strength and by_strength(doses, strength, form)) or doses
        if kind_of(doses.unit) != kind_of(most.unit):
            return
        given += size_of(doses) * (1 if part.as_needed else _number_within(part, period))
    if given > size_of(most):
        raise NotSettled(
            what=f"The doses come to more than the limit of {show_amount(most)} in {say_duration(period)}. "
            "Type both again."
        )


def _number_within(part: Part, period: timedelta) -> int:
    """How many doses of a plan fall within the period, at the most that any day has."""
    if isinstance(part.timing, Interval):
        return -(-period // part.timing.every)
    if not isinstance(part.timing, Clock):
        return 1
    day = timedelta(days=1)
    days = period // day if part.timing.days == Days() else 1
    if period >= day:
        return len(part.timing.times) * days
    return max(_in_row(gaps(part.timing.times), period))


def _in_row(apart: Sequence[timedelta], period: timedelta) -> Iterator[int]:
    for first in range(len(apart)):
        passed, number = timedelta(), 0
        for gap in [*apart[first:], *apart[:first]]:
            if passed < period:
                number += 1
            passed += gap
        yield number
