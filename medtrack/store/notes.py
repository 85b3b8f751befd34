"""Notes: side effects and remarks, to rows and back."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from medtrack.domain.regimen import Medication
from .record import Record, Writing, check_seal
from .rows import instant_text

_FIELDS = ("medication_id", "text", "grade", "noted_at", "zone", "local_time", "ended_at")


def add_note(
    work: Writing,
    text: str,
    noted_at: datetime,
    zone: str,
    local: datetime,
    *,
    grade: int | None = None,
    medication: Medication | None = None,
    ended_at: datetime | None = None,
) -> int:
    """Append a note; gives its local id."""
    return work.add(
        "note",
        {
            "medication_id": None if medication is None else medication.id,
            "text": text,
            "grade": grade,
            "noted_at": instant_text(noted_at),
            "zone": zone,
            "local_time": local.isoformat(timespec="seconds"),
            "ended_at": None if ended_at is None else instant_text(ended_at),
        },
        {"medication_id": None if medication is None else medication.uid},
    )


def listed_notes(record: Record, since: datetime, until: datetime) -> list[sqlite3.Row]:
    """The standing notes in `[since, until)` by time, with `medication` (its name) and `recorded_at`; seals checked."""
    found = record.rows(
        "select note.*, medication.name as medication, medication.uid as medication_uid,"
        " action.recorded_at as recorded_at from note"
        " left join medication on medication.id = medication_id join action on action.id = note.action_id"
        " where note.uid not in (select uid from voided) and noted_at >= ? and noted_at < ?"
        " order by noted_at, note.id",
        (instant_text(since), instant_text(until)),
    )
    for row in found:
        check_seal(record, "note", row, _FIELDS, {"medication_id": row["medication_uid"]})
    return found
