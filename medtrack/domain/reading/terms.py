"""The terms that phrases are built of: units, forms, days, meals, and numbers in the one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

from medtrack.domain.amounts import MEASURED, UNITS
from medtrack.errors import NotSettled

from .draft import Draft
from .meaning import Repeat

UNIT_OF_TIME = {"min": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
LONG = {"wk": 7, "mo": 28, "a": 365}
"""Periods longer than a day, and the fewest days in one."""
ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "hourly": "hour"}
LENGTH = {
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MEALS = {"breakfast": "M", "lunch": "D", "dinner": "V", "meal": "", "food": "", "eating": ""}
MEALS |= {"morning meal": "M", "midday meal": "D", "main meal": "", "evening meal": "V"}
EVENTS = {
    "morning": "MORN",
    "noon": "NOON",
    "afternoon": "AFT",
    "evening": "EVE",
    "night": "NIGHT",
    "bedtime": "HS",
}
EVENTS |= {"waking": "WAKE"}
UNIT_NAMES = {unit.lower(): unit for unit in UNITS.values()}

N = r"\d+(?:\.\d+|/\d+)?"
R = rf"{N}(?:~{N})?"
MEASURE = "|".join(sorted((unit.lower() for unit in MEASURED | {"units"}), key=len, reverse=True))
COUNTED = "|".join(
    sorted((unit for unit in UNIT_NAMES if unit not in MEASURE.split("|")), key=len, reverse=True)
)
UNIT = rf"{MEASURE}|{COUNTED}"
KIND = (
    r"(?:chewable|coated|film coated|film-coated|enteric-coated|gastro-resistant|effervescent|soluble|"
    r"dispersible|"
    r"orodispersible|sublingual|modified-release|modified release|extended-release|extended release|"
    r"sustained-release|sustained release|prolonged-release|prolonged release|slow-release|slow "
    r"release|delayed-release|"
    r"immediate-release|oral|nasal|eye|ear|vaginal|rectal|transdermal|topical|metered "
    r"dose|er|xr|sr|mr|cr|xl|dr|ec|ir)"
)
FORM = (
    r"cream|ointment|gel|lotion|shampoo|foam|solution|suspension|syrup|liquid|elixir|powder|granules|inhaler|"
    r"nebuliser solution|vial|prefilled pen|pre-filled pen|pre-filled "
    r"syringe|syringe|caplet|enema|mouthwash|gum|"
    r"implant|infusion"
)
WEEKDAY = "|".join(DAY_NAMES)
CLOCK_TIME = r"t\d\d:\d\d"
LIST = r"(?: , and | and | , | or )"
EVENT = r"(?:night time|night|morning|noon|afternoon|evening|bedtime|breakfast|lunch|dinner)"
MEAL = r"(?:morning meal|midday meal|evening meal|main meal|breakfast|lunch|dinner|meal|food|eating)"
THE = r"(?:(?:the|a|your|every|main) )*"
BODY = (
    r"(?:eye|ear|nostril|nose|arm|leg|skin|scalp|face|hand|foot|feet|area|vagina|rectum|mouth|cheek|tongue|thigh|"
    r"abdomen|stomach|shoulder|back|chest|neck|knee|elbow|nail|lip|gum|buttock|forehead|wrist|ankle|groin)s?"
)

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

COUNTABLE = frozenset(COUNTED.split("|"))
"""Units that are counted, which are forms too: tablet, capsule, patch ..."""

Match = re.Match[str]
Say = Callable[[Draft, Match], None]


def number(text: str) -> Fraction:
    """A number in the one spelling."""
    return Fraction(text)


def range_of(text: str) -> tuple[Fraction, Fraction | None]:
    """A number or a range; raises NotSettled where the upper end is not above the lower."""
    low, _, high = text.partition("~")
    if not high:
        return number(low), None
    if number(high) <= number(low):
        raise NotSettled(
            what=f"'{low} to {high}' is no range: its second number is not the larger one. Type one number."
        )
    return number(low), number(high)


def whole(value: Fraction, what: str) -> int:
    """A whole number above zero; raises NotSettled for any other."""
    if value.denominator != 1 or value < 1:
        raise NotSettled(what=f"'{value} {what}' is not a whole number. Type one.")
    return int(value)


def _check_rate(times: Fraction, period: Fraction, unit: str) -> None:
    """Refuse a part of a day, and what is more often than anything is taken."""
    if unit not in LENGTH or LENGTH[unit] >= _DAY:
        whole(period, f"{unit}s")
    least = _HOUR if times > 1 else 5 * _MINUTE
    if unit in LENGTH and times * (least // _MINUTE) > period * (LENGTH[unit] // _MINUTE):
        raise NotSettled(what="That is more often than anything is taken. Type it like 'every 8 hours'.")


def rate(frequency: str | None, period: str, unit: str, period_max: Fraction | None = None) -> Repeat:
    """A frequency over a period; the frequency is None for one dose each period."""
    low, high = range_of(frequency) if frequency else (Fraction(1), None)
    _check_rate(high or low, number(period), unit)
    if period_max is not None:
        _check_rate(high or low, period_max, unit)
    return Repeat(
        frequency=whole(low, "times"),
        frequency_max=whole(high, "times") if high is not None else None,
        period=number(period) * (2 if unit == "fortnight" else 1),
        period_max=period_max,
        period_unit=UNIT_OF_TIME["week" if unit == "fortnight" else unit],
    )
