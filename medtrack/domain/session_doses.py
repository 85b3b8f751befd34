"""The dose of a session as it is typed, held against what its protocol says of doses.

What is written down is what was given, whatever it was: another amount is warned about. Refused is only what
has no unit, and what no dose of the protocol can be counted in: that is a slip of the fingers.
"""

from __future__ import annotations

from typing import NamedTuple

from medtrack.errors import UsageRefused

from .amounts import MEASURED, Amount, read_amount, show_amount
from .protocols import Doses, Protocol
from .strengths import kind_of
from .wording import say_list

_SOLID = frozenset(
    {
        "tablet", "capsule", "pill", "patch", "suppository", "sachet", "lozenge", "piece", "ring", "film",
        "gummy", "pessary",
    }
)  # fmt: skip
"""What is counted by the piece, and is no way to tell a dose that the protocol measures."""


class SessionDose(NamedTuple):
    """A dose as it is kept, and what is to be said before it is."""

    value: str
    """'56 mg'."""
    warning: str | None


def read_dose(protocol: Protocol, text: str) -> SessionDose:
    """Read a dose: a number with its unit.

    Raises BadAmount, and UsageRefused for a bare number and for a unit the protocol's dose cannot have.
    """
    amount = read_amount(text)
    unit = None if protocol.dose is None else protocol.dose.unit
    if not any(letter.isalpha() for letter in text):
        such = "mg" if unit is None else unit
        raise UsageRefused(
            what=f"The dose {text.strip()[:40]!r} has no unit: add it, like '{text.strip()[:40]} {such}'."
            " Nothing was recorded."
        )
    said = show_amount(amount)
    if protocol.dose is None:
        return SessionDose(said, None)
    if _cannot_be(amount.unit, protocol.dose.unit):
        raise UsageRefused(
            what=f"A dose of {protocol.name} is counted in {protocol.dose.unit}, so it cannot be {said}."
            " Nothing was recorded."
        )
    return SessionDose(said, _doubt(protocol, protocol.dose, amount))


def _cannot_be(unit: str, asked: str) -> bool:
    """Another unit of mass is wrong a thousandfold; a tablet is no infusion and no spray."""
    if unit == asked:
        return False
    return kind_of(unit) == kind_of(asked) or (asked in MEASURED and unit in _SOLID)


def _doubt(protocol: Protocol, doses: Doses, amount: Amount) -> str | None:
    said = show_amount(amount)
    if amount.unit != doses.unit:
        return f"A dose of {protocol.name} is counted in {doses.unit}; {said} is held against no dose of it."
    if not doses.amounts or amount.value in doses.amounts:
        return None
    there = say_list(show_amount(Amount(value, doses.unit)) for value in doses.amounts)
    source = f"; {doses.source}" if doses.source else ""
    return f"{said} is none of the doses of {protocol.name} ({there}{source}): check it with the clinic."
