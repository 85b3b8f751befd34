"""What a check found: one row for each worry, in words for the person, with its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .facts import SEVERITIES
from .naming import Reading

KINDS = ("allergy", "condition", "limit", "interaction", "duplicate", "stack")
"""What a worry can be about; of those as bad the first is told first."""
LEADS = {
    "contraindicated": "Do not take them together unless your doctor planned it: call your doctor or"
    " pharmacist now.",
    "major": "Call your pharmacist before the next dose.",
    "moderate": "Ask at your next pharmacy visit.",
    "minor": "Good to know.",
}
"""What each severity asks for, before what is special to the finding."""
LEADS_ALONE = {**LEADS, "contraindicated": "Call your doctor or pharmacist now, before the next dose."}
"""The same where it is about one medicine."""
APART = "Do not take them at the same time."
"""What comes instead where taking them apart mends it: it is the schedule that has to change."""


class Medicine(NamedTuple):
    """Something that is taken, or may be: its name as the person knows it, and what that was read as."""

    label: str
    reading: Reading

    @property
    def ingredients(self) -> tuple[str, ...]:
        """What is in it."""
        return self.reading.ingredients


class Finding(NamedTuple):
    """One thing worth a word."""

    kind: str
    severity: str
    a: str
    """The medicine, as the person named it."""
    b: str | None
    """The other medicine, the allergy or the other members."""
    effect: str
    """What can happen. `{ingredient}` in it, and in what to do, is said as the person's country calls it."""
    what_to_do: str
    source: str
    source_date: str
    key: str
    """What it is about, the same on every day: by it an acknowledgement stays with it."""
    watch_for: str = ""
    hours_apart: str = ""
    family: str = ""
    is_compared: bool = True
    """Whether the row of the pack was found in a public table too."""
    labels: tuple[str, ...] = ()
    """Every medicine it is about, as the person named them."""


def rank(severity: str) -> int:
    """0 for the worst."""
    return SEVERITIES.index(severity)


def worst(severities: Iterable[str]) -> str:
    """The worst of some severities."""
    return min(severities, key=rank)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The right ones first: by severity, then allergies before pairs, then by name."""
    return sorted(
        findings,
        key=lambda each: (
            rank(each.severity),
            KINDS.index(each.kind),
            each.a.casefold(),
            each.b or "",
            each.key,
        ),
    )


def advice(severity: str, special: str) -> str:
    """What to do: what the severity asks for, and what is special to it."""
    return " ".join(part for part in (LEADS[severity], special) if part)


def pair(one: Medicine, other: Medicine) -> tuple[Medicine, Medicine]:
    """Two medicines in one order, whichever was named first."""
    first, second = sorted((one, other), key=lambda each: (each.label.casefold(), each.label))
    return first, second
