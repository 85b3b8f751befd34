"""What is to be known of a person before a medication is started: age, country, allergies, conditions."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

SEVERITIES = ("mild", "moderate", "severe")
"""How bad an allergic reaction was."""
RULED_OUT = "ruled-out"
CERTAINTIES = {"confirmed": "confirmed", "suspected": "unconfirmed", RULED_OUT: "refuted"}
"""How sure an allergy is, each with its code in FHIR R4 AllergyIntolerance.verificationStatus.

Confirmed: a test or a doctor has said so. Suspected: something happened, and nobody has tested it. Ruled out:
it was thought to be one, and a test or a doctor has said that it is none.
"""


class KnownAllergy(NamedTuple):
    """What the person reacts to, in their own words."""

    id: int
    uid: str
    substance: str
    reaction: str | None = None
    severity: str | None = None
    certainty: str | None = None
    """One of `CERTAINTIES`; None where nobody said."""


class Condition(NamedTuple):
    """A diagnosis or a state, in the person's own words."""

    id: int
    uid: str
    name: str
    note: str | None = None


class Tried(NamedTuple):
    """An earlier treatment, in the person's own words."""

    id: int
    uid: str
    name: str
    dose: str | None = None
    """The last one it was taken at."""
    weeks: int | None = None
    """How long at that dose."""
    response: str | None = None
    why: str | None = None
    """Why it was ended."""


ROLES = ("prescriber", "pharmacy", "therapist", "carer", "other")
"""What those who help do."""


class Helper(NamedTuple):
    """Somebody of the team around the person."""

    id: int
    uid: str
    name: str
    role: str
    phone: str | None = None


class Visit(NamedTuple):
    """A visit or a check-in, with what was decided."""

    id: int
    uid: str
    with_whom: str
    visited_on: date
    decided: str | None = None


class Question(NamedTuple):
    """What to ask at the next visit."""

    id: int
    uid: str
    text: str
    asked_on: date


class Acknowledgement(NamedTuple):
    """That somebody was asked about a finding, so that it need not be told again until something changes."""

    finding: str
    """The key of the finding."""
    basis: str
    """What it rested on: where this is another, the finding speaks again."""
    note: str
    """Who was asked and what they said."""
    asked_at: datetime


class Watch(NamedTuple):
    """What is to be told when a dose of a medication is written down: always, or over an amount."""

    medication_id: int
    sentence: str
    until: datetime | None = None
    """When a plan it rests on is over."""
    ingredient: str | None = None
    """For an amount: of what."""
    unit: str | None = None
    """The unit of the medication's doses that was counted with."""
    milligrams: Fraction | None = None
    """How much of the ingredient is in one unit; None where that cannot be told."""
    most: Fraction | None = None
    """Milligrams; more than that in `hours` is told."""
    hours: int | None = None
    """With no amount: told where a medicine of the ingredient was taken within so many hours."""
    is_told: bool = True
    """False for an amount that somebody was asked about: it is added up only for whoever asks."""
    is_alone: bool = True
    """Whether the medication holds nothing else, so that its doses in mg are of this ingredient."""


def age_on(born: date, today: date) -> int:
    """The age in whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
