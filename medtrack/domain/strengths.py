"""What a strength says of a dose: 4,000 mg of 500 mg tablets are 8, and 20 mg of 10 mg/5 ml are 10 ml."""

from __future__ import annotations

import re
from fractions import Fraction

from .amounts import MEASURED, Amount

_STRENGTH = re.compile(
    r"(?P<mass>\d+(?:\.\d+)?) ?(?P<unit>g|mg|mcg|units)"
    r"(?:/(?:(?P<per>\d+(?:\.\d+)?) ?)?(?P<per_unit>[a-z]+))?"
)
MILLIGRAMS = {"g": Fraction(1_000), "mg": Fraction(1), "mcg": Fraction(1, 1_000)}
"""How much each unit of mass is."""


def in_unit(amount: Amount, unit: str, strength: str | None) -> Amount:
    """The amount in another unit, where the strength says how much that is; else as it was."""
    if amount.unit == unit:
        return amount
    if kind_of(amount.unit) == kind_of(unit):
        return Amount(amount.value * MILLIGRAMS[amount.unit] / MILLIGRAMS[unit], unit)
    found = _STRENGTH.fullmatch(strength or "")
    if found is None:
        return amount
    mass, per = Amount(Fraction(found["mass"]), found["unit"]), Fraction(found["per"] or 1)
    # A strength without 'per' is that of one of what is counted: tablets, capsules, puffs.
    counted = found["per_unit"] or (unit if unit not in MEASURED else amount.unit)
    if not mass.value or (found["per_unit"] is None and counted in MEASURED):
        return amount
    if unit == counted and kind_of(amount.unit) == kind_of(mass.unit):
        return Amount(size_of(amount) / size_of(mass) * per, unit)
    if amount.unit == counted and kind_of(unit) == kind_of(mass.unit):
        return Amount(amount.value / per * size_of(mass) / MILLIGRAMS.get(unit, Fraction(1)), unit)
    return amount


def content_of(amount: Amount, strength: str | None) -> Amount | None:
    """How much of the medicine is in an amount: 2 mg in 2 capsules of 1 mg.

    None where the strength does not say, or where it is no number of three decimals.
    """
    found = _STRENGTH.fullmatch(strength or "")
    if found is None or amount.unit not in ("tablet", "capsule", found["per_unit"]):
        return None
    content = in_unit(amount, found["unit"], strength)
    if content.unit != found["unit"] or (content.value * 1_000).denominator != 1:
        return None
    return content


def kind_of(unit: str) -> str:
    """'mass' for every unit of mass, which can be compared with each other; else the unit."""
    return "mass" if unit in MILLIGRAMS else unit


def size_of(amount: Amount) -> Fraction:
    """The amount in milligrams where its unit is one of mass, else in its unit."""
    return amount.value * MILLIGRAMS.get(amount.unit, Fraction(1))
