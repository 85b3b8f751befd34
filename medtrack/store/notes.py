"""Notes: side effects and remarks, to rows and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from medtrack.domain.regimen import Medication, Note

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_FIELDS = ("medication_id", "text", "grade", "noted_at", "zone", "local_time", "ended_at")


def add_note(work: Writing, note: Note, medication: Medication | None) -> int:
    """Append a note; gives its local id."""
    return work.add(
        "note",
        {
            "medication_id": note.medication_id,
            "text": note.text,
            "grade": note.grade,
            "noted_at": instant_text(note.noted_at),
            "zone": note.zone,
            "local_time": note.local.isoformat(timespec="seconds"),
            "ended_at": None if note.ended_at is None else instant_text(note.ended_at),
        },
        {"medication_id": None if medication is None else medication.uid},
    )


def listed_notes(record: Record, since: datetime, until: datetime) -> Iterator[Note]:
    """The standing notes of `[since, until)` by time, seals checked: what is printed is what was written."""
    record.check("note", "voided")
    for row in record.rows(
        "select * from note where uid not in (select voided.uid from voided)"
        " and noted_at >= ? and noted_at < ? order by noted_at, id",
        (instant_text(since), instant_text(until)),
    ):
        check_seal(record, "note", row, _FIELDS)
        yield Note(
            row["id"],
            row["text"],
            row["grade"],
            row["medication_id"],
            instant_of(row["noted_at"]),
            row["zone"],
            datetime.fromisoformat(row["local_time"]),
            None if row["ended_at"] is None else instant_of(row["ended_at"]),
        )
