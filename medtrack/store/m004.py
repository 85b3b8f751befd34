"""Format 4 of a record: measures, and more about side effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import FACT, steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m004_measures(db: sqlite_utils.Database) -> None:
    """Scores and readings; what was done about a side effect, its end, and Naranjo's questions."""
    for statement in (
        f"""
        create table measure (
            {FACT},
            name text not null,
            value text,
            second text,
            unit text,
            comparator text check (comparator in ('<', '<=', '>', '>=')),
            items text,
            normal text,
            measured_at text not null,
            zone text not null,
            local_time text not null,
            note text
        ) strict
        """,
        "create index measure_by_time on measure (name, measured_at)",
        "alter table note add column did text",
        f"""
        create table note_end (
            {FACT},
            note_id integer not null references note(id),
            ended_at text not null,
            zone text not null,
            local_time text not null
        ) strict
        """,
        "create index note_end_by_note on note_end (note_id)",
        f"""
        create table naranjo (
            {FACT},
            note_id integer not null references note(id),
            answers text not null,
            answered_at text not null
        ) strict
        """,
        "create index naranjo_by_note on naranjo (note_id)",
        """
        create view measures as
        select id, name, value, second, unit, comparator, items, normal, measured_at, local_time, zone, note
        from measure where uid not in (select uid from voided)
        """,
        "drop view notes",
        """
        create view notes as
        select note.id, text, grade, medication.name as medication, noted_at, note.local_time, note.zone,
            coalesce(
                (select note_end.ended_at from note_end
                where note_id = note.id and note_end.uid not in (select uid from voided)
                order by note_end.id desc limit 1),
                note.ended_at
            ) as ended_at,
            did
        from note left join medication on medication.id = note.medication_id
        where note.uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)
