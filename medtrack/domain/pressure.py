"""One reader of a blood pressure, for readings at home, for sessions and for the limits of a protocol."""

from __future__ import annotations

import re

from medtrack.errors import UsageRefused

LEAST, MOST = 20, 350
"""Millimetres of mercury beyond which a number is a slip of the finger; no clinical limits."""


def read_pressure(text: str) -> tuple[int, int]:
    """Read a blood pressure like '128/82': systolic, diastolic, in mmHg. Raises UsageRefused."""
    typed = " ".join(text.split())
    found = re.fullmatch(r"([0-9]{1,4}) ?/ ?([0-9]{1,4})(?: ?mm ?hg)?", typed.lower())
    if found is None:
        raise UsageRefused(what=f"Blood pressure is written like '128/82', not {typed[:40]!r}.")
    high, low = int(found[1]), int(found[2])
    if not (low >= LEAST and high <= MOST):
        raise UsageRefused(
            what=f"A blood pressure of {typed} cannot be: medtrack keeps {LEAST} to {MOST} mmHg, the upper"
            " number first, like 128/82."
        )
    if high <= low:
        raise UsageRefused(what=f"A blood pressure has its higher number first, like 128/82, not {typed}.")
    return high, low
