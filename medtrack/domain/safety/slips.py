"""Slips of writing that have killed: a weekly medicine planned daily, milligrams for micrograms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from medtrack.domain.amounts import Amount, show_amount

from .facts import Weekly
from .findings import Finding, Medicine
from .limits import Planned, Regular, contents
from .naming import name_key
from .pack import Pack

_SLIP = 50
"""A dose this many times outside of what is given is no unusual dose, but another unit."""
_PARTED = timedelta(hours=18)
"""Doses closer than this belong to one occasion: a weekly dose may be taken in parts 12 hours apart."""
_ONE_OCCASION = timedelta(hours=36)
_SPARE = timedelta(days=2)
"""How much sooner than its time a weekly dose may come: a change of weekday is no daily plan."""


def slip_findings(pack: Pack, regular: Sequence[Regular]) -> list[Finding]:
    """Weekly medicines planned more often, and doses a thousand times outside of what is given."""
    known = [each for each in regular if each.medicine.reading.is_known]
    return [*_weekly(pack, known), *_slips(pack, known)]


def _weekly(pack: Pack, regular: Sequence[Regular]) -> list[Finding]:
    found = []
    for each in regular:
        for name in each.medicine.ingredients:
            weekly = weekly_of(pack, each, name)
            if weekly is not None and _is_too_often(each, timedelta(days=weekly.days)):
                found.append(_too_often(each.medicine, name, weekly))
    return found


def weekly_of(pack: Pack, regular: Regular, name: str) -> Weekly | None:
    """That a medicine, of this kind and strength, is taken once in so many days; None where it is not."""
    weekly = pack.weekly(name)
    if weekly is None:
        return None
    reading = regular.medicine.reading
    said = [regular.medicine.label, "" if reading.meaning is None else reading.meaning.name]
    doses = [amount for _, amount in regular.planned[:1]]
    doses += [] if regular.each is None else [regular.each]
    text = f" {name_key(' '.join([*said, *(dose.unit for dose in doses)]))} "
    masses = {(contents(reading, regular.strength, dose) or {}).get(name) for dose in doses}
    masses |= {(contents(reading, regular.strength, Amount(Fraction(1), "dose")) or {}).get(name)}
    if any(f" {word} " in text for word in weekly.not_words) or masses & set(weekly.not_strengths):
        return None
    is_every = not weekly.only_words and not weekly.only_strengths
    is_this = any(f" {word} " in text for word in weekly.only_words) or masses & set(weekly.only_strengths)
    return weekly if is_every or is_this else None


def shortest_spacing(planned: Sequence[Planned]) -> timedelta | None:
    """The least time between two planned doses."""
    times = sorted(at for at, _ in planned)
    return min((later - at for at, later in pairwise(times) if later > at), default=None)


def _is_too_often(regular: Regular, spacing: timedelta) -> bool:
    if regular.is_as_needed and not _is_held_to(regular, spacing):
        return True
    if regular.most is not None and regular.most[1] < spacing:
        return True
    begin = last = None
    for at, _ in regular.planned:
        if last is None or begin is None or at - last > _PARTED:
            if begin is not None and at - begin < spacing - _SPARE:
                return True
            begin = at
        elif at - begin > _ONE_OCCASION:
            return True
        last = at
    return False


def _is_held_to(regular: Regular, spacing: timedelta) -> bool:
    """Whether a plan as needed allows one dose in the spacing, and no more."""
    if regular.most is None or regular.most[1] < spacing:
        return False
    amount, each = regular.most[0], regular.each
    return each is None or (amount.unit == each.unit and amount.value <= each.value)


def _too_often(medicine: Medicine, name: str, weekly: Weekly) -> Finding:
    return Finding(
        "limit",
        "contraindicated",
        medicine.label,
        None,
        f"{{{name}}} is planned more often than once in {weekly.days} days. {weekly.what_can_happen}",
        "Compare the plan with the packet and the prescription, and call your pharmacist before the next"
        " dose.",
        weekly.source,
        weekly.source_date,
        f"weekly:{name}",
        family="limit",
        labels=(medicine.label,),
    )


def _slips(pack: Pack, regular: Sequence[Regular]) -> list[Finding]:
    found = []
    for each in regular:
        amounts = [amount for _, amount in each.planned[:1]]
        for amount in amounts or ([each.most[0]] if each.most is not None else []):
            held = contents(each.medicine.reading, each.strength, amount) or {}
            found += [
                slip
                for name, mass in held.items()
                if (slip := slip_of(pack, each.medicine, name, mass)) is not None
            ]
    return found


def slip_of(pack: Pack, medicine: Medicine, name: str, mass: Fraction) -> Finding | None:
    """The finding that one dose of so many milligrams is far outside what is given: mg for mcg."""
    known = pack.dose_range(name)
    if known is None:
        return None
    mcg = mass * 1000
    if known.least / _SLIP <= mcg <= known.most * _SLIP:
        return None
    return Finding(
        "limit",
        "contraindicated",
        medicine.label,
        None,
        f"One dose would hold {_in_words(mcg)} of {{{name}}}; single doses are from"
        f" {_in_words(known.least)} to {_in_words(known.most)}."
        " Milligrams, micrograms and grams are easily taken for each other.",
        "Compare it with the packet before the next dose, and correct what was written down or call your"
        " pharmacist.",
        known.source,
        known.source_date,
        f"slip:{name}:{mcg}",
        family="limit",
        is_compared=False,
        labels=(medicine.label,),
    )


def _in_words(mcg: Fraction) -> str:
    for unit, size in (("g", 1_000_000), ("mg", 1000)):
        if mcg >= size:
            return show_amount(Amount(mcg / size, unit))
    return show_amount(Amount(mcg, "mcg"))
