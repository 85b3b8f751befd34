"""What is observed in a session: how each kind is typed, within which bounds, and how it is said.

Bounds are those of what can be at all (a cuff, an oximeter, the scale itself), never of what is normal.
"""

from __future__ import annotations

from collections.abc import Mapping

from medtrack.errors import UsageRefused

from .names import LONGEST_NOTE, read_text
from .pressure import read_pressure

RANGES: Mapping[str, tuple[int, int, str]] = {
    "pulse": (15, 350, "beats a minute"),
    "spo2": (50, 100, "%"),
    "sedation": (0, 5, "of 5 (MOAA/S)"),
    "dissociation": (0, 10, "of 10"),
    "cadss": (0, 92, "of 92 (CADSS)"),
    "nausea": (0, 10, "of 10"),
}
"""The least, the most, and the unit.

MOAA/S, the modified observer's assessment of alertness and sedation, goes from 0 to 5 (Chernik 1990).
The total of CADSS is that of 23 items from 0 to 4; only the total is kept. Dissociation and nausea are the
person's own rating, 0 not at all, 10 as strong as can be.
"""
ALERTNESS = {
    5: "answers readily to the name",
    4: "answers slowly to the name",
    3: "answers only when called loudly or repeatedly",
    2: "answers only to mild prodding or shaking",
    1: "answers only to a painful squeeze",
    0: "does not answer",
}
"""MOAA/S in plain words (Chernik 1990)."""


def read_value(kind: str, text: str) -> str:
    """The value of an observation as it is kept: '128/82', '97', or words. Raises UsageRefused and BadText.

    A dose is read by `session_doses.read_dose`.
    """
    if kind == "bp":
        systolic, diastolic = read_pressure(text)
        return f"{systolic}/{diastolic}"
    if kind in RANGES:
        return str(_number(kind, text))
    return read_text(text, kind, LONGEST_NOTE)


def _number(kind: str, text: str) -> int:
    least, most, unit = RANGES[kind]
    typed = text.strip().removesuffix("%").strip() if kind == "spo2" else text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 5 and least <= int(typed) <= most):
        said = f" {unit}" if kind in ("pulse", "spo2") else ""
        raise UsageRefused(
            what=f"{NAMES[kind]} is a whole number from {least} to {most}{said}, not {text[:40]!r}."
        )
    return int(typed)


NAMES = {
    "bp": "blood pressure",
    "pulse": "pulse",
    "spo2": "SpO2",
    "sedation": "sedation",
    "dissociation": "dissociation",
    "cadss": "CADSS total",
    "nausea": "nausea",
}
"""What each kind is called."""


def say_kind(kind: str) -> str:
    """A kind in words: 'blood pressure', 'SpO2', 'nasal spray'."""
    return NAMES.get(kind, kind.replace("-", " "))


def say_value(kind: str, value: str) -> str:
    """A kept value in words: '128/82', '97 %', '4 of 5 (MOAA/S): answers slowly to the name'."""
    if kind not in RANGES:
        return value
    unit = RANGES[kind][2]
    meaning = f": {ALERTNESS[int(value)]}" if kind == "sedation" and value.isdigit() else ""
    return f"{value} {unit}{meaning}"
