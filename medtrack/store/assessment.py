"""What is to be known of the person: facts, allergies, conditions, and what was asked about a finding."""

from __future__ import annotations

import sqlite3

from medtrack.domain.person import Acknowledgement, Condition, KnownAllergy

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_STANDING = "uid not in (select voided.uid from voided)"
_PROFILE = ("key", "value")
_ALLERGY = ("substance", "reaction", "severity", "certainty")
_CONDITION = ("name", "note")
_ACKNOWLEDGEMENT = ("finding", "basis", "note", "asked_at")


def standing(record: Record, kind: str, names: tuple[str, ...]) -> list[sqlite3.Row]:
    """The facts of a kind that stand, in the order they were written down, seals checked."""
    record.check(kind, "voided")
    found = record.rows(f"select * from {kind} where {_STANDING} order by id")
    for row in found:
        check_seal(record, kind, row, names)
    return found


def profile(record: Record) -> dict[str, str]:
    """Every fact about the person, by key: the latest that stands."""
    return {row["key"]: row["value"] for row in standing(record, "profile", _PROFILE)}


def add_profile(work: Writing, key: str, value: str) -> None:
    """Append a fact about the person."""
    work.add("profile", {"key": key, "value": value})


def allergies(record: Record) -> list[KnownAllergy]:
    """The allergies that stand."""
    return [
        KnownAllergy(row["id"], row["uid"], *(row[name] for name in _ALLERGY))
        for row in standing(record, "allergy", _ALLERGY)
    ]


def add_allergy(work: Writing, allergy: KnownAllergy) -> int:
    """Append an allergy; gives its local id."""
    return work.add("allergy", {name: getattr(allergy, name) for name in _ALLERGY})


def conditions(record: Record) -> list[Condition]:
    """The conditions that stand."""
    return [
        Condition(row["id"], row["uid"], row["name"], row["note"])
        for row in standing(record, "condition", _CONDITION)
    ]


def add_condition(work: Writing, condition: Condition) -> int:
    """Append a condition; gives its local id."""
    return work.add("condition", {name: getattr(condition, name) for name in _CONDITION})


def acknowledgements(record: Record) -> list[Acknowledgement]:
    """What was asked about findings, in the order it was written down."""
    return [
        Acknowledgement(row["finding"], row["basis"], row["note"], instant_of(row["asked_at"]))
        for row in standing(record, "acknowledgement", _ACKNOWLEDGEMENT)
    ]


def add_acknowledgement(work: Writing, known: Acknowledgement) -> None:
    """Append what was asked about a finding."""
    fields = {"finding": known.finding, "basis": known.basis, "note": known.note}
    work.add("acknowledgement", {**fields, "asked_at": instant_text(known.asked_at)})
