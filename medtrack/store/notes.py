"""Notes: side effects and remarks, their ends, and Naranjo's questions about them, to rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from medtrack.domain.chain import Value
from medtrack.domain.regimen import Medication, Note

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_STANDING = "uid not in (select voided.uid from voided)"
_FIELDS = ("medication_id", "text", "grade", "noted_at", "zone", "local_time", "ended_at", "did")
_END = ("note_id", "ended_at", "zone", "local_time")
_NARANJO = ("note_id", "answers", "answered_at")


def add_note(work: Writing, note: Note, medication: Medication | None) -> int:
    """Append a note; gives its local id."""
    fields: dict[str, Value] = {
        "medication_id": note.medication_id,
        "text": note.text,
        "grade": note.grade,
        "noted_at": instant_text(note.noted_at),
        "zone": note.zone,
        "local_time": note.local.isoformat(timespec="seconds"),
        "ended_at": None if note.ended_at is None else instant_text(note.ended_at),
        "did": note.did,
    }
    return work.add("note", fields, {"medication_id": None if medication is None else medication.uid})


def add_note_end(work: Writing, note: Note, ended_at: datetime, zone: str, local: datetime) -> None:
    """Append that a note's side effect was over."""
    fields: dict[str, Value] = {
        "note_id": note.id,
        "ended_at": instant_text(ended_at),
        "zone": zone,
        "local_time": local.isoformat(timespec="seconds"),
    }
    work.add("note_end", fields, {"note_id": note.uid})


def add_naranjo(work: Writing, note: Note, answers: str, answered_at: datetime) -> None:
    """Append the answers to Naranjo's questions about a note."""
    fields: dict[str, Value] = {
        "note_id": note.id,
        "answers": answers,
        "answered_at": instant_text(answered_at),
    }
    work.add("naranjo", fields, {"note_id": note.uid})


def listed_notes(record: Record, since: datetime, until: datetime) -> Iterator[Note]:
    """The standing notes of `[since, until)` by time, seals checked: what is printed is what was written."""
    record.check("note", "note_end", "voided")
    ends = _latest(record, "note_end", _END)
    for row in record.rows(
        f"select * from note where {_STANDING} and noted_at >= ? and noted_at < ? order by noted_at, id",
        (instant_text(since), instant_text(until)),
    ):
        check_seal(record, "note", row, _FIELDS)
        yield _note(row, ends.get(row["id"]))


def find_note(record: Record, typed: str) -> Note | None:
    """The standing note with this local id, if there is one."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        return None
    row = record.row(f"select * from note where {_STANDING} and id = ?", (int(typed),))
    if row is None:
        return None
    check_seal(record, "note", row, _FIELDS)
    return _note(row, _latest(record, "note_end", _END).get(row["id"]))


def naranjo_answers(record: Record) -> dict[int, str]:
    """The last answers to Naranjo's questions about each note, by its local id, seals checked."""
    record.check("naranjo", "voided")
    return {number: row["answers"] for number, row in _latest(record, "naranjo", _NARANJO).items()}


def _latest(record: Record, kind: str, names: tuple[str, ...]) -> dict[int, sqlite3.Row]:
    """The last standing row about each note, by the note's local id, seals checked."""
    found: dict[int, sqlite3.Row] = {}
    for row in record.rows(
        f"select {kind}.*, note.uid as note_uid from {kind} join note on note.id = note_id"
        f" where {kind}.{_STANDING} order by {kind}.id"
    ):
        check_seal(record, kind, row, names, {"note_id": row["note_uid"]})
        found[row["note_id"]] = row
    return found


def _note(row: sqlite3.Row, end: sqlite3.Row | None) -> Note:
    ended_at = row["ended_at"] if end is None else end["ended_at"]
    return Note(
        row["id"],
        row["text"],
        row["grade"],
        row["medication_id"],
        instant_of(row["noted_at"]),
        row["zone"],
        datetime.fromisoformat(row["local_time"]),
        None if ended_at is None else instant_of(ended_at),
        row["did"],
        row["uid"],
    )
