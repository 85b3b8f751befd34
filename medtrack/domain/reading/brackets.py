"""A dose beside a strength, or given twice in two units: when that is settled, and when it is two things.

'100 mg (4 ml)' is how hospitals write a liquid: the medicine, and what to measure. '3 tablets (6 mg)' can
be the strength of each tablet or the sum, so only the strength on the same line settles it, or the words
'each time'. NHS England's list of instructions that must not be mapped by machine has '1 tablet (500mg)'.
"""

from __future__ import annotations

import re
from fractions import Fraction

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.strengths import MILLIGRAMS, kind_of, size_of
from medtrack.domain.wording import WEEKDAYS, say_list
from medtrack.errors import NotSettled

from .draft import Draft, Said
from .meaning import Repeat
from .terms import COUNTABLE, UNIT, UNIT_NAMES, Match, N

EQUAL = re.compile(
    rf"(?:(?P<bracket>\( )(?:= )?(?P<n>{N}) (?P<unit>{UNIT}) \)"
    rf"|(?P<n_each>{N}) (?P<unit_each>{UNIT}) every time)(?![^\s])"
)
_STRENGTH = re.compile(rf"(?P<n>{N}) (?P<unit>[a-z]+)(?: / (?:(?P<per>{N}) )?(?P<per_unit>[a-z]+))?$")


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
    implied = by_strength(amount, strength, form)
    said = f"{show_amount(amount)} ({show_amount(other)})"
    if implied is not None and kind_of(implied.unit) == kind_of(other.unit):
        if size_of(implied) != size_of(other):
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
    if kind_of(other.unit) == kind_of(amount.unit) or draft.amount != Said(amount.value, None, amount.unit):
        raise NotSettled(what=f"'{said}' gives the amount twice. Type it once.")
    return f"{show_amount(other)} each time"


def check_made_of(amount: Amount, strength: str | None, form: str | None) -> None:
    """Raise NotSettled for a dose that whole, half and quarter tablets of the strength cannot make.

    '3 mg, 4 mg on Sundays' is no 4 mg of a 3 mg tablet: the first amount was a dose too, or is a misprint.
    """
    each = mass_of(strength)
    if each is None or form not in (None, "tablet", "capsule") or kind_of(amount.unit) != "mass":
        return
    number = size_of(amount) / size_of(each) * (4 if form != "capsule" else 1)
    if number.denominator != 1:
        what = f"{show_amount(amount)} cannot be made of {show_amount(each)} {form or 'tablet'}s."
        raise NotSettled(what=f"{what} {_OF_THEIR_OWN}")


def check_is_strength(
    amount: Amount | None, strength: str | None, form: str | None, repeat: Repeat, *, says_rate: bool
) -> None:
    """Raise NotSettled where a bare strength before another dose may be what is taken on other days or times.

    'levothyroxine 100 mcg, 125 mcg on alternate days' is a dose of the days between, or a strength.
    """
    each = mass_of(strength)
    if amount is None or each is None or form is not None:
        return
    if says_rate:
        repeat = repeat._replace(times=(), when=(), offset=None)  # '100 mg daily at 08:00' is the whole day's
    is_whole = repeat._replace(frequency=None, period=None, period_unit=None) == Repeat() and (
        repeat.period in (None, 1) or repeat.period_unit in ("h", "min")
    )
    if not is_whole and kind_of(amount.unit) == "mass" and size_of(amount) != size_of(each):
        days = say_list(WEEKDAYS[day] for day in repeat.weekdays)
        other = f"on the days other than {days}" if days else "on other days or at other times"
        raise NotSettled(
            what=f"Is {show_amount(each)} the strength, or what is taken {other}? {_OF_THEIR_OWN}"
        )


_OF_THEIR_OWN = (
    "Type each dose with its own days ('5 mg daily except Sunday' and '10 mg every Sunday'), "
    "or the strength with its form ('5 mg tablet')."
)


def mass_of(strength: str | None) -> Amount | None:
    """A strength that is a plain mass, '5 mg'; None for any other."""
    found = _STRENGTH.match(strength or "")
    if found is None or found["per_unit"] is not None:
        return None
    each = Amount(Fraction(found["n"]), UNIT_NAMES.get(found["unit"], found["unit"]))
    return each if each.value and kind_of(each.unit) == "mass" else None


def unit_of_strength(strength: str) -> tuple[str | None, str | None]:
    """What a strength is in, and per what: 'mg' and 'ml' of '10 mg / 5 ml'; None where it has none."""
    found = _STRENGTH.match(strength)
    units = (found["unit"], found["per_unit"]) if found else (None, None)
    held, per = (UNIT_NAMES.get(unit, unit) if unit else None for unit in units)
    return held, per


def by_strength(amount: Amount, strength: str | None, form: str | None) -> Amount | None:
    """The dose in the strength's other unit: 3 tablets of '2 mg' are 6 mg, 5 mg of '10 mg / 5 ml' 2.5 ml."""
    found = _STRENGTH.match(strength or "")
    if found is None:
        return None
    each = Amount(Fraction(found["n"]), UNIT_NAMES.get(found["unit"], found["unit"]))
    if found["per_unit"] is None:
        if amount.unit in COUNTABLE:
            return Amount(amount.value * each.value, each.unit)
        if form in COUNTABLE and kind_of(amount.unit) == kind_of(each.unit):
            return Amount(size_of(amount) / size_of(each), form)
        return None
    per = Amount(Fraction(found["per"] or 1), UNIT_NAMES.get(found["per_unit"], found["per_unit"]))
    if amount.unit == per.unit:
        return Amount(amount.value / per.value * each.value, each.unit)
    if kind_of(amount.unit) == kind_of(each.unit):
        return Amount(size_of(amount) / size_of(each) * per.value, per.unit)
    return None


def _is_medicine(unit: str) -> bool:
    return unit in MILLIGRAMS or unit in ("units", "mmol", "mEq")
