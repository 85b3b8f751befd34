"""Exact amounts with their units; no floats anywhere in a dose.

What is printed follows ISMP's List of Error-Prone Abbreviations (2021) and the Joint Commission's
"Do Not Use" list: a leading zero, no trailing zero, a space before the unit, 'units' and 'mcg' in
full, a comma from 1,000 on, and halves in words rather than a fraction that reads as 12.
"""

import re
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from medtrack.errors import BadAmount

LARGEST = 1_000_000
"""No dose of anything is a million of its unit; more is a slip of the finger."""

_UNITS = {
    "tablet": "tablet tablets tab tabs",
    "capsule": "capsule capsules cap caps",
    "dose": "dose doses",
    "ml": "ml mL mls millilitre millilitres milliliter milliliters cc",
    "l": "l L litre litres liter liters",
    "mg": "mg mgs milligram milligrams",
    "mcg": "mcg mcgs ug µg μg microgram micrograms",
    "g": "g gram grams",
    "units": "units unit u iu international_units",
    "mmol": "mmol",
    "mEq": "meq",
    "puff": "puff puffs",
    "spray": "spray sprays",
    "drop": "drop drops",
    "patch": "patch patches",
    "suppository": "suppository suppositories",
    "sachet": "sachet sachets packet packets",
    "lozenge": "lozenge lozenges",
    "application": "application applications",
    "injection": "injection injections",
    "ampoule": "ampoule ampoules",
    "pill": "pill pills",
    "piece": "piece pieces",
    "ring": "ring rings",
    "pen": "pen pens",
    "spoonful": "spoonful spoonfuls",
    "film": "film films",
    "gummy": "gummy gummies",
    "pessary": "pessary pessaries",
    "nebule": "nebule nebules",
}
UNITS: dict[str, str] = {
    spelling.lower().replace("_", " "): unit
    for unit, spellings in _UNITS.items()
    for spelling in spellings.split()
}
"""Every spelling of a unit, lower case, to the one word medtrack uses for it."""

MEASURED = frozenset({"ml", "l", "mg", "mcg", "g", "mmol", "mEq"})
"""Units of measure, which take no plural and no 'half a'."""

HALVED = frozenset(
    {"tablet", "pill", "dose", "sachet", "piece", "lozenge", "gummy", "film", "patch", "application"}
)
"""Units of which people take a half; also the ampoule, the capsule and the suppository, by name, in words."""

_IRREGULAR = {"patch": "patches", "suppository": "suppositories", "gummy": "gummies", "pessary": "pessaries"}
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_GROUPED = "[1-9][0-9]{0,2}(?:,[0-9]{3})+"
_WHOLE = f"(?:{_GROUPED}|[0-9]+)"
_NUMBER = (
    rf"(?P<whole>{_WHOLE})[ ]+(?P<num>{_WHOLE})/(?P<den>{_WHOLE})"
    rf"|(?P<n>{_WHOLE})/(?P<d>{_WHOLE})"
    rf"|(?P<grouped>{_GROUPED}(?:\.[0-9]+)?)"
    r"|(?P<decimal>[0-9]*\.?[0-9]+)"
)


class Amount(NamedTuple):
    """So much of a unit; the value is exact, and above zero in every dose."""

    value: Fraction
    unit: str

    def __str__(self) -> str:
        return show_amount(self)


def read_number(text: str) -> Fraction:
    """Read '2', '0.5', '1/2', '1 1/2', '½' or '1,000' as an exact number above zero.

    Raises BadAmount for anything else, among it zero, a sign, 'nan', and a comma used as a decimal point.
    """
    typed = text.strip()
    plain = typed
    for sign, spelled in _VULGAR.items():
        plain = plain.replace(sign, f" {spelled}")
    plain = plain.strip()
    if len(plain) > 40:
        raise BadAmount(typed=typed[:40] + "…", why="it is too long")
    found = re.fullmatch(_NUMBER, plain)
    if found is None:
        why = "it has a comma; use a point" if re.fullmatch(r"[0-9]+,[0-9]+", plain) else "it is not a number"
        if plain.startswith("-"):
            why = "it is below zero"
        raise BadAmount(typed=typed, why=why)
    part = {name: said and said.replace(",", "") for name, said in found.groupdict().items()}
    try:
        if part["whole"]:
            value = int(part["whole"]) + Fraction(int(part["num"]), int(part["den"]))
        elif part["n"]:
            value = Fraction(int(part["n"]), int(part["d"]))
        else:
            value = Fraction(part["grouped"] or part["decimal"])
    except ZeroDivisionError:
        raise BadAmount(typed=typed, why="it divides by zero") from None
    if value <= 0:
        raise BadAmount(typed=typed, why="it is zero")
    if value > LARGEST:
        raise BadAmount(typed=typed, why=f"it is above {LARGEST:,}")
    return value


def read_amount(text: str, unit: str | None = None) -> Amount:
    """Read '1/2 tablet', 'half a tablet', '2.5 ml', or a bare number in the unit given, else of doses.

    Raises BadAmount where the number or the unit cannot be read.
    """
    typed = text.strip()
    spelled = re.sub(r"^(?:a )?half(?: an?)? (?=\S)", "1/2 ", typed, flags=re.IGNORECASE)
    found = re.fullmatch(r"(?P<number>[-+0-9., /½¼¾⅓⅔⅛]*)\s*(?P<unit>[^\W\d_][\w %/-]*)?", spelled)
    if found is None or not found["number"]:
        raise BadAmount(typed=typed, why="it does not begin with a number")
    value = read_number(found["number"])
    known = UNITS.get(" ".join(found["unit"].lower().split())) if found["unit"] else unit or "dose"
    if known is None:
        raise BadAmount(typed=typed, why=f"{found['unit']!r} is not a unit medtrack knows")
    if spelled == typed and not is_one_number(found["number"], known):
        raise BadAmount(typed=typed, why="it can be a fraction, or two doses; type one dose with a point")
    return Amount(value, known)


def is_one_number(typed: str, unit: str | None) -> bool:
    """Whether a fraction typed with a stroke can only be one number: '1/2 tablet', '1/3 ml'.

    '5/10 ml' and '3/4 mg' are also how two doses are written, one for each time or each day. Only a part
    of one thing that people halve, and a part that has no decimal, are always a fraction.
    """
    found = re.fullmatch(r"\s*([0-9]+)/([0-9]+)\s*", typed)
    if found is None:
        return True
    above, below = map(int, found.groups())
    if not 0 < above < below or gcd(above, below) != 1:
        return False
    return unit in HALVED or "/" in exact(Fraction(above, below))


def tidy_strength(text: str) -> str:
    """A strength as medtrack writes it: '.5mg' as '0.5 mg', '100U/ml' as '100 units/ml'; else as typed.

    'U-100' is the name that insulins of 100 units in 1 ml have.
    """
    text = re.sub(r"(?i)\bU-?([1-9][0-9]{1,2})\b", r"\1 units/ml", text)
    if not any(letter.isalpha() for letter in text):
        return text  # '8/500' says of two ingredients how much, and not in what
    held, *per = text.split("/")
    try:
        parts = [show_amount(read_amount(held))]
        for part in per:
            parts.append(UNITS.get(part.strip().lower()) or show_amount(read_amount(part)))
    except BadAmount:
        return text
    return "/".join(parts)


def exact(value: Fraction) -> str:
    """The number as JSON and the record carry it: an exact decimal, or '1/3' where none exists."""
    if value < 0:
        return f"-{exact(-value)}"
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    scaled = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return f"{scaled[:-digits]}.{scaled[-digits:]}" if digits else scaled


def show_number(value: Fraction) -> str:
    """The number as people read it: '0.5', '1,000', '5 1/3'."""
    text = exact(value)
    if "/" in text:
        whole_part, rest_part = divmod(value, 1)
        fraction = f"{rest_part.numerator:,}/{rest_part.denominator:,}"
        return f"{whole_part:,} {fraction}" if whole_part else fraction
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def show_unit(unit: str, value: Fraction) -> str:
    """The unit in the singular up to one, else in the plural; 'no' of it is '0 tablets'."""
    if unit in MEASURED:
        return unit
    if unit == "units":
        return "unit" if value == 1 else "units"
    return unit if 0 < value <= 1 else _IRREGULAR.get(unit, unit + "s")


def show_amount(amount: Amount, high: Fraction | None = None) -> str:
    """The amount in words: 'half a tablet', '2 tablets', '2.5 ml', '1 to 2 tablets'."""
    value, unit = amount
    if high is not None:
        return f"{show_number(value)} to {show_number(high)} {show_unit(unit, high)}"
    if value == Fraction(1, 2) and unit not in MEASURED and unit != "units":
        return f"half {'an' if unit[0] in 'aeiou' else 'a'} {unit}"
    return f"{show_number(value)} {show_unit(unit, value)}"
