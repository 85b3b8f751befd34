"""Readings over time: blood pressure, pulse, weight, glucose, sleep, and any value of a lab.

Numbers are exact. What lies beyond the least and most of a reading is a slip of the finger; these are no
clinical limits, and nothing here says what is healthy. What a lab calls normal is kept with its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

from medtrack.errors import UsageRefused

from .amounts import exact
from .instruments import Answers
from .names import folded, read_text
from .pressure import LEAST, MOST, read_pressure

PRESSURE = "bp"
SLEEP = "sleep"
LONGEST_UNIT = 40
_NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?"
_HOURS = r"(?P<hours>[0-9]{1,2}) ?(?:h|:) ?(?P<minutes>[0-9]{1,2})(?: ?m(?:in)?)?"
_STONES = r"(?P<stones>[0-9]{1,3}) ?(?:st|stone|stones)\.?(?: ?(?P<pounds>[0-9]{1,2}) ?(?:lb|lbs|pounds?)?)?"
_IN_STONES = r"[0-9., ]+st.*"
_VALUE = (
    rf"(?P<comparator><=|>=|<|>)? ?(?P<number>{_NUMBER})(?![eE][-+]?[0-9])"
    r"(?: (?P<apart>.*[A-Za-zµμ%].*)| ?(?P<unit>[A-Za-zµμ%].*))?"
)
_RANGE = rf"(?P<low>{_NUMBER}) ?(?:-|\.\.) ?(?P<high>{_NUMBER})|(?P<sign><=|>=|<|>) ?(?P<bound>{_NUMBER})"
_SPELLED = {"µg": "mcg", "μg": "mcg", "ug": "mcg", "µmol": "micromol", "μmol": "micromol", "umol": "micromol"}
_SPELLED |= {"u": "units", "iu": "units", "unit": "units", "l": "l", "dl": "dl", "ml": "ml"}
"""Error-prone unit signs in the words that replace them (ISMP 2021)."""


class Kind(NamedTuple):
    """A reading that medtrack knows."""

    name: str
    title: str
    aliases: tuple[str, ...]
    units: Mapping[str, Fraction]
    """Each unit with how much of the first one it is."""
    spellings: Mapping[str, str]
    least: Fraction
    most: Fraction
    """In the first unit."""
    example: str
    places: Mapping[str, int]
    """Decimals to which a value that was worked out is shown, by unit."""
    needs_unit: bool = False
    meters: Mapping[str, tuple[Fraction, Fraction]] | None = None
    """The least and the most that meters show, in each unit: beyond it the unit may be another one."""


_ONE = Fraction(1)
WEIGHT = "weight"
_STONE = 14
"""Pounds in a stone (UK Weights and Measures Act 1985, schedule 1)."""
_POUND = Fraction(45359237, 100_000_000)
"""Kilograms in a pound, exactly (NIST Handbook 44)."""
_GLUCOSE = Fraction(18016, 1000)
"""Milligrams a decilitre in a millimole a litre of glucose, whose molar mass is 180.16 g (NIST WebBook)."""
_METERS = {
    "mg/dl": (Fraction(20), Fraction(900)),
    "mmol/l": (Fraction(11, 10), Fraction(50)),
}
"""What home meters show rather than LO and HI, at the widest: 20 to 900 mg/dl or 1.1 to 50 mmol/l (manual of
the GlucoDr Plus AGM-3000, p. 29). Most end at 600 mg/dl or 33.3 mmol/l (manual of the Dario, p. 34). A lab
may find more (5,600 mg/dl: Soni 1990, Diabetes Care 13:181), so it is asked about, not refused for good."""
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            PRESSURE, "blood pressure", ("blood pressure",), {"mmHg": _ONE}, {},
            Fraction(LEAST), Fraction(MOST), "128/82", {"mmHg": 0},
        ),
        Kind(
            "pulse", "pulse", ("heart rate", "hr"), {"a minute": _ONE},
            {"bpm": "a minute", "/min": "a minute", "a minute": "a minute"},
            Fraction(15), Fraction(350), "71", {"a minute": 0},
        ),
        Kind(
            WEIGHT, "weight", (), {"kg": _ONE, "lb": _POUND},
            {"kg": "kg", "kgs": "kg", "lb": "lb", "lbs": "lb", "pounds": "lb"},
            Fraction(3, 10), Fraction(650), "70.2 kg' or '154.8 lb", {"kg": 1, "lb": 1}, needs_unit=True,
        ),
        Kind(
            "glucose", "glucose", ("blood sugar", "sugar"), {"mg/dl": _ONE, "mmol/l": _GLUCOSE},
            {"mg/dl": "mg/dl", "mmol/l": "mmol/l"},
            Fraction(5), Fraction(2000), "104 mg/dl' or '5.8 mmol/l", {"mg/dl": 0, "mmol/l": 1},
            needs_unit=True, meters=_METERS,
        ),
        Kind(
            SLEEP, "sleep", (), {"h": _ONE}, {"h": "h", "hours": "h", "hour": "h"},
            Fraction(0), Fraction(24), "7.5' or '7h30", {"h": 2},
        ),
    )
}  # fmt: skip
"""By name, as they are stored."""


class Measure(NamedTuple):
    """One score or reading."""

    id: int
    uid: str
    name: str
    value: Fraction | None
    """None where an answer of an instrument is missing, so that there is no total."""
    second: Fraction | None
    """The diastolic pressure."""
    unit: str | None
    comparator: str | None
    """'<' and the like, as labs print a value beyond what they can tell."""
    items: Answers
    normal: str | None
    """What the lab calls normal: '0.6-1', '<5'."""
    measured_at: datetime
    """UTC."""
    zone: str
    local: datetime
    """The wall clock as lived, naive."""
    note: str | None
    in_stones: bool = False
    """A weight that was typed in stones and pounds, and is shown so; its value is in pounds."""


class Reading(NamedTuple):
    """What was typed as a value."""

    value: Fraction
    second: Fraction | None = None
    unit: str | None = None
    comparator: str | None = None
    in_stones: bool = False


# --- names ------------------------------------------------------------------------------------------


def read_name(text: str, known: Mapping[str, str]) -> str:
    """The name a measure is stored by: of `known` (folded spellings to names), or a new one as typed.

    A name that is nearly a known one is refused, since it would begin a second row of it. Raises BadText and
    UsageRefused.
    """
    typed = read_text(text, "name")
    key = folded(typed)
    if key in known:
        return known[key]
    near = get_close_matches(key, known, n=1, cutoff=0.75)
    if near:
        raise UsageRefused(
            what=f"There is no measure {typed!r} yet. Did you mean {known[near[0]]!r}?"
            " For a new one of that name: --new."
        )
    return typed


# --- values -----------------------------------------------------------------------------------------


def read_reading(name: str, text: str) -> Reading:
    """Read the value of a measure that is no scored instrument. Raises UsageRefused."""
    typed = " ".join(text.split())
    kind = KINDS.get(name)
    if kind is None:
        return _read_lab(name, typed)
    if kind.name == PRESSURE:
        high, low = read_pressure(typed)
        return Reading(Fraction(high), Fraction(low), "mmHg")
    if kind.name == SLEEP and (spelled := re.fullmatch(_HOURS, typed.lower())):
        if int(spelled["minutes"]) > 59:
            raise _refused(kind, typed)
        hours = int(spelled["hours"]) + Fraction(int(spelled["minutes"]), 60)
        return _within(kind, Reading(hours, unit="h"), typed)
    if kind.name == WEIGHT and re.fullmatch(_IN_STONES, typed.lower()):
        return _within(kind, _read_stones(typed), typed)
    found = re.fullmatch(_VALUE, typed)
    if found is None or found["comparator"]:
        raise _refused(kind, typed)
    unit = next(iter(kind.units)) if not kind.needs_unit else None
    typed_unit = found["unit"] or found["apart"]
    if typed_unit:
        unit = kind.spellings.get(typed_unit.strip().lower())
    if unit is None:
        raise _refused(kind, typed, "" if typed_unit else ", with its unit")
    return _within(kind, Reading(Fraction(found["number"]), unit=unit), typed)


def _read_stones(typed: str) -> Reading:
    """A weight like '11st 4lb', in pounds; 11.5 stone is refused, since 11 st 5 lb may be meant by it."""
    found = re.fullmatch(_STONES, typed.lower())
    if found is None or int(found["pounds"] or 0) >= _STONE:
        raise UsageRefused(
            what=f"A weight in stones is written like '11st 4lb', with 0 to 13 pounds, not {typed[:40]!r}."
        )
    return Reading(
        Fraction(int(found["stones"]) * _STONE + int(found["pounds"] or 0)), unit="lb", in_stones=True
    )


def _within(kind: Kind, reading: Reading, typed: str) -> Reading:
    base = reading.value * kind.units[reading.unit or ""]
    if not kind.least <= base <= kind.most:
        first = next(iter(kind.units))
        raise UsageRefused(
            what=f"{_begin(kind.title)} of {typed} cannot be: medtrack keeps {exact(kind.least)} to"
            f" {exact(kind.most)} {first}."
        )
    return reading


def doubt_of(name: str, reading: Reading) -> str | None:
    """Why a reading may be meant in another unit, and in which: 97 mmol/l of glucose. None if it is not."""
    kind = KINDS.get(name)
    if kind is None or kind.meters is None or reading.unit is None:
        return None
    least, most = kind.meters[reading.unit]
    if least <= reading.value <= most:
        return None
    typed = decimal(reading.value)
    others = [unit for unit, (low, high) in kind.meters.items() if low <= reading.value <= high]
    meant = "".join(f" Did you mean {typed} {unit}?" for unit in others)
    return (
        f"{_begin(kind.title)} of {typed} {reading.unit} is beyond what meters show, {decimal(least)} to"
        f" {decimal(most)} {reading.unit}.{meant}"
    )


def say_other_unit(name: str, reading: Reading, last: Measure | None) -> str | None:
    """That the last reading of this name was in another unit, and what comes of it; None where it was not."""
    if last is None or last.unit == reading.unit:
        return None
    was = f"in {last.unit}" if last.unit is not None else "without a unit"
    kind = KINDS.get(name)
    title = name if kind is None else kind.title
    apart = " It is drawn and counted apart from those." if kind is None else ""
    when = f"{last.local:%Y-%m-%d}"
    return f"{_begin(title)} was {was} before, {say_value(last)} on {when}: check the unit.{apart}"


def _read_lab(name: str, typed: str) -> Reading:
    found = re.fullmatch(_VALUE, typed)
    if found is None:
        raise UsageRefused(
            what=f"{typed[:40]!r} is not a value of {name}. Write a number with its unit, like '0.8 mmol/l'"
            " or '<0.5 mg/l', with a point and not a comma."
        )
    typed_unit = found["unit"] or found["apart"]
    unit = None if typed_unit is None else plain_unit(typed_unit)
    return Reading(Fraction(found["number"]), unit=unit, comparator=found["comparator"])


def _refused(kind: Kind, typed: str, more: str = "") -> UsageRefused:
    return UsageRefused(
        what=f"{_begin(kind.title)} is written like '{kind.example}'{more}, not {typed[:40]!r}."
    )


def plain_unit(text: str) -> str:
    """A unit as it is printed: no sign that is misread, 'mcg' for micrograms and 'units' in full.

    Raises BadText.
    """
    typed = read_text(text, "unit", LONGEST_UNIT)
    return "/".join(_SPELLED.get(part.strip().lower(), part.strip()) for part in typed.split("/"))


def read_normal(text: str) -> str:
    """Read what a lab calls normal: '0.6-1.0', '-2..2', '<5', '>=60'. Raises UsageRefused."""
    found = re.fullmatch(_RANGE, " ".join(text.split()))
    if found is None:
        raise UsageRefused(what=f"--range is like 0.6-1.0, -2..2, <5 or >=60, not {text[:40]!r}.")
    if found["sign"]:
        return f"{found['sign']}{exact(Fraction(found['bound']))}"
    low, high = Fraction(found["low"]), Fraction(found["high"])
    if low > high:
        raise UsageRefused(what=f"--range has its lower number first, not {text!r}.")
    between = ".." if low < 0 or high < 0 else "-"
    return f"{exact(low)}{between}{exact(high)}"


_Edge = tuple[Fraction, int] | None
"""A bound and which side of it is meant: -1 just below, 0 at it, 1 just above; None for no bound."""


def against_normal(value: Fraction, comparator: str | None, normal: str | None) -> str | None:
    """Whether a value is 'below', 'within' or 'above' what its lab calls normal; None where none can tell."""
    found = None if normal is None else re.fullmatch(_RANGE, normal)
    if found is None:
        return None
    low, high = _edges(Fraction(found["bound"]), found["sign"]) if found["sign"] else _between(found)
    least, most = _edges(value, comparator)
    if high is not None and least is not None and least > high:
        return "above"
    if low is not None and most is not None and most < low:
        return "below"
    is_above = low is None or (least is not None and least >= low)
    return "within" if is_above and (high is None or (most is not None and most <= high)) else None


def _between(found: re.Match[str]) -> tuple[_Edge, _Edge]:
    return (Fraction(found["low"]), 0), (Fraction(found["high"]), 0)


def _edges(bound: Fraction, sign: str | None) -> tuple[_Edge, _Edge]:
    """The least and the most that a number with this sign before it can be."""
    if sign is None:
        return (bound, 0), (bound, 0)
    beyond = 0 if sign.endswith("=") else 1
    return (None, (bound, -beyond)) if sign[0] == "<" else ((bound, beyond), None)


# --- words ------------------------------------------------------------------------------------------


def say_value(measure: Measure) -> str:
    """The value with its unit: '128/82 mmHg', '70.2 kg', '11 st 4 lb (71.7 kg)', '<0.5 mg/l'."""
    if measure.value is None:
        return ""
    kind = KINDS.get(measure.name)
    if measure.second is not None:
        return f"{exact(measure.value)}/{exact(measure.second)} mmHg"
    if kind is not None and kind.name == SLEEP:
        hours, minutes = divmod(round(measure.value * 60), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if measure.in_stones:
        said = say_stones(measure.value)
    else:
        said = f"{measure.comparator or ''}{decimal(measure.value)}{_gap(measure.unit)}"
    if kind is not None and len(kind.units) > 1 and measure.unit is not None:
        others = [unit for unit in kind.units if unit != measure.unit]
        said += f" ({', '.join(say_in(kind, measure, unit) for unit in others)})"
    return said


def say_stones(pounds: Fraction) -> str:
    """Pounds as stones and pounds: '11 st 4 lb'."""
    stones, rest = divmod(pounds, _STONE)
    return f"{stones} st {decimal(rest)} lb"


def say_in(kind: Kind, measure: Measure, unit: str) -> str:
    """A value worked out in another unit of its kind, to the decimals that unit is read with."""
    value = in_unit(kind, measure.value or Fraction(0), measure.unit or unit, unit)
    return f"{decimal(value, kind.places[unit])} {unit}"


def in_unit(kind: Kind, value: Fraction, unit: str, wanted: str) -> Fraction:
    """A value of a kind in another of its units, exactly."""
    return value * kind.units[unit] / kind.units[wanted]


def decimal(value: Fraction, places: int | None = None) -> str:
    """A number as people write it: rounded to some places, halves up, or exact where it is short."""
    if places is None:
        text = exact(value)
        if "/" not in text:
            return text
        places = 2
    scaled = value * 10**places
    whole = (2 * abs(scaled) + 1) // 2
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".") if places else digits)


def _gap(unit: str | None) -> str:
    return "" if unit is None else f" {unit}"


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
