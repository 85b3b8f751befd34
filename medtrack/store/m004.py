"""Format 4 of a record: scores, side effects, supervised sessions, and the people who help."""

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


@steps()
def m004_sessions(db: sqlite_utils.Database) -> None:
    """Sessions with what was observed; visits, questions, people who help; advice about a medication."""
    for statement in (
        # The protocol is kept as it was on that day: a clinic's file may change, or be gone.
        f"""
        create table session (
            {FACT},
            protocol text not null,
            content text not null,
            course_from text not null,
            started_at text not null,
            zone text not null,
            local_time text not null,
            note text
        ) strict
        """,
        f"""
        create table observation (
            {FACT},
            session_id integer not null references session(id),
            kind text not null,
            value text not null,
            before integer not null check (before in (0, 1)),
            observed_at text not null,
            zone text not null,
            local_time text not null,
            note text
        ) strict
        """,
        f"""
        create table session_end (
            {FACT},
            session_id integer not null references session(id),
            ended_at text not null,
            zone text not null,
            local_time text not null,
            note text
        ) strict
        """,
        # Which holds a session brought along: they end with its rest time.
        f"""
        create table session_hold (
            {FACT},
            session_id integer not null references session(id),
            hold_id integer not null references hold(id)
        ) strict
        """,
        f"""
        create table tried (
            {FACT},
            name text not null,
            dose text,
            weeks integer check (weeks > 0),
            response text,
            why text
        ) strict
        """,
        f"""
        create table team (
            {FACT},
            name text not null,
            role text not null,
            phone text
        ) strict
        """,
        f"""
        create table visit (
            {FACT},
            with_whom text not null,
            visited_on text not null,
            decided text
        ) strict
        """,
        f"""
        create table question (
            {FACT},
            text text not null,
            asked_on text not null
        ) strict
        """,
        f"""
        create table advice (
            {FACT},
            medication_id integer not null references medication(id),
            topic text not null check (topic in ('for', 'how', 'watch', 'missed', 'call')),
            text text,
            said_by text
        ) strict
        """,
        """
        create view sessions as
        select session.id, protocol, course_from, started_at, local_time, zone, note,
            (select ended_at from session_end where session_id = session.id
                and session_end.uid not in (select uid from voided) order by session_end.id desc limit 1)
                as ended_at
        from session where session.uid not in (select uid from voided)
        """,
        """
        create view observations as
        select observation.id, session_id, kind, value, before, observed_at, local_time, zone, note
        from observation where uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)
