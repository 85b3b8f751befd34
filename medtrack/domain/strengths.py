"""What a strength says of a dose: 4,000 mg of 500 mg tablets are 8, and 20 mg of 10 mg/5 ml are 10 ml."""

from __future__ import annotations

import re
from fractions import Fraction

from .amounts import MEASURED, Amount

_STRENGTH = re.compile(
    r"(?P<mass>\d+(?:\.\d+)?) ?(?P<unit>g|mg|mcg|units)"
    r"(?:/(?:(?P<per>\d+(?:\.\d+)?) ?)?(?P<per_unit>[a-z]+))?"
)
_MG = {"g": Fraction(1_000), "mg": Fraction(1), "mcg": Fraction(1, 1_000)}


def in_unit(amount: Amount, unit: str, strength: str | None) -> Amount:
    """The amount in another unit, where the strength says how much that is; else as it was."""
    if amount.unit == unit:
        return amount
    if amount.unit in _MG and unit in _MG:
        return Amount(amount.value * _MG[amount.unit] / _MG[unit], unit)
    found = _STRENGTH.fullmatch(strength or "")
    if found is None:
        return amount
    mass, per = Amount(Fraction(found["mass"]), found["unit"]), Fraction(found["per"] or 1)
    # A strength without 'per' is that of one of what is counted: tablets, capsules, puffs.
    counted = found["per_unit"] or (unit if unit not in MEASURED else amount.unit)
    if not mass.value or (found["per_unit"] is None and counted in MEASURED):
        return amount
    if unit == counted and _is_kind(amount.unit, mass.unit):
        return Amount(_size(amount) / _size(mass) * per, unit)
    if amount.unit == counted and _is_kind(unit, mass.unit):
        return Amount(amount.value / per * _size(mass) / _MG.get(unit, Fraction(1)), unit)
    return amount


def _is_kind(unit: str, other: str) -> bool:
    return unit == other or (unit in _MG and other in _MG)


def _size(amount: Amount) -> Fraction:
    return amount.value * _MG.get(amount.unit, Fraction(1))
