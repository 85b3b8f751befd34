"""A dose beside a strength, or given twice in two units: when that is settled, and when it is two things.

'100 mg (4 ml)' is how hospitals write a liquid: the medicine, and what to measure. '3 tablets (6 mg)' can
be the strength of each tablet or the sum, so only the strength on the same line settles it, or the words
'each time'. NHS England's list of instructions that must not be mapped by machine has '1 tablet (500mg)'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.wording import WEEKDAYS, say_list
from medtrack.errors import NotSettled

from .draft import Draft, Said
from .terms import COUNTABLE, UNIT, UNIT_NAMES, Match, N

EQUAL = re.compile(
    rf"(?:(?P<bracket>\( )(?:= )?(?P<n>{N}) (?P<unit>{UNIT}) \)"
    rf"|(?P<n_each>{N}) (?P<unit_each>{UNIT}) every time)(?![^\s])"
)
_STRENGTH = re.compile(rf"(?P<n>{N}) (?P<unit>[a-z]+)(?: / (?:(?P<per>{N}) )?(?P<per_unit>[a-z]+))?$")
_GRAMS = {"g": Fraction(1), "mg": Fraction(1, 1_000), "mcg": Fraction(1, 1_000_000)}


def say_equal(draft: Draft, match: Match) -> None:
    """Note the dose in its other unit; raises NotSettled for a third."""
    if draft.equals is not None:
        raise NotSettled(what="It gives one dose in three ways. Type the amount once.")
    number, unit = match["n"] or match["n_each"], match["unit"] or match["unit_each"]
    draft.equals = Said(Fraction(number), None, UNIT_NAMES[unit])
    draft.equals_each_time = match["bracket"] is None
    draft.amount_may_be_strength = False


def settle_equal(draft: Draft, amount: Amount, strength: str | None, form: str | None) -> str | None:
    """How the second amount is said, '4 ml each time', or None; `form` is the unit that counts the form.

    Raises NotSettled where it can be the amount in each tablet or in all of them, or differs from what the
    strength makes of the first.
    """
    if draft.equals is None:
        return None
    other = Amount(draft.equals.low, draft.equals.unit or "")
    implied = _by_strength(amount, strength, form)
    said = f"{show_amount(amount)} ({show_amount(other)})"
    if implied is not None and _kind(implied.unit) == _kind(other.unit):
        if _size(implied) != _size(other):
            raise NotSettled(
                what=f"'{said}' does not agree with the strength: it would be {show_amount(implied)}. "
                "Ask the prescriber or pharmacist, and type the amount once."
            )
    elif not draft.equals_each_time and not (_is_medicine(amount.unit) and other.unit == "ml"):
        raise NotSettled(
            what=f"In '{said}' the second amount can be in each of them, in all of them, or the strength. "
            f"Type the strength before the amount, or '{show_amount(amount)}' and "
            f"'{show_amount(other)} each time'."
        )
    if _kind(other.unit) == _kind(amount.unit) or draft.amount != Said(amount.value, None, amount.unit):
        raise NotSettled(what=f"'{said}' gives the amount twice. Type it once.")
    return f"{show_amount(other)} each time"


def check_made_of(amount: Amount, strength: str | None, form: str | None) -> None:
    """Raise NotSettled for a dose that whole, half and quarter tablets of the strength cannot make.

    '3 mg, 4 mg on Sundays' is no 4 mg of a 3 mg tablet: the first amount was a dose too, or is a misprint.
    """
    each = _mass_of(strength)
    if each is None or form not in (None, "tablet", "capsule") or _kind(amount.unit) != "mass":
        return
    number = _size(amount) / _size(each) * (4 if form != "capsule" else 1)
    if number.denominator != 1:
        what = f"{show_amount(amount)} cannot be made of {show_amount(each)} {form or 'tablet'}s."
        raise NotSettled(what=f"{what} {_OF_THEIR_OWN}")


def check_is_strength(
    amount: Amount | None, strength: str | None, form: str | None, weekdays: Sequence[int]
) -> None:
    """Raise NotSettled where a bare strength before a dose of some weekdays may be the other days' dose."""
    each = _mass_of(strength)
    if amount is None or each is None or form is not None or not weekdays:
        return
    if _kind(amount.unit) == "mass" and _size(amount) != _size(each):
        days = say_list(WEEKDAYS[day] for day in weekdays)
        raise NotSettled(
            what=f"Is {show_amount(each)} the strength, or what is taken on the days other than {days}? "
            f"{_OF_THEIR_OWN}"
        )


_OF_THEIR_OWN = (
    "Type each dose with its own days ('5 mg daily except Sunday' and '10 mg every Sunday'), "
    "or the strength with its form ('5 mg tablet')."
)


def _mass_of(strength: str | None) -> Amount | None:
    """A strength that is a plain mass, '5 mg'; None for any other."""
    found = _STRENGTH.match(strength or "")
    if found is None or found["per_unit"] is not None:
        return None
    each = Amount(Fraction(found["n"]), UNIT_NAMES.get(found["unit"], found["unit"]))
    return each if each.value and _kind(each.unit) == "mass" else None


def _by_strength(amount: Amount, strength: str | None, form: str | None) -> Amount | None:
    """The dose in the strength's other unit: 3 tablets of '2 mg' are 6 mg, 5 mg of '10 mg / 5 ml' 2.5 ml."""
    found = _STRENGTH.match(strength or "")
    if found is None:
        return None
    each = Amount(Fraction(found["n"]), UNIT_NAMES.get(found["unit"], found["unit"]))
    if found["per_unit"] is None:
        if amount.unit in COUNTABLE:
            return Amount(amount.value * each.value, each.unit)
        if form in COUNTABLE and _kind(amount.unit) == _kind(each.unit):
            return Amount(_size(amount) / _size(each), form)
        return None
    per = Amount(Fraction(found["per"] or 1), UNIT_NAMES.get(found["per_unit"], found["per_unit"]))
    if amount.unit == per.unit:
        return Amount(amount.value / per.value * each.value, each.unit)
    if _kind(amount.unit) == _kind(each.unit):
        return Amount(_size(amount) / _size(each) * per.value, per.unit)
    return None


def _is_medicine(unit: str) -> bool:
    return unit in _GRAMS or unit in ("units", "mmol", "mEq")


def _kind(unit: str) -> str:
    return "mass" if unit in _GRAMS else unit


def _size(amount: Amount) -> Fraction:
    return amount.value * _GRAMS.get(amount.unit, Fraction(1))
