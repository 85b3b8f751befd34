"""Format 1 of a record, as first released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import FACT, steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m001_record(db: sqlite_utils.Database) -> None:
    """The record as first released: regimen, doses, notes, settings, and the actions that wrote them."""
    for statement in (
        """
        create table action (
            id integer primary key,
            uid text not null unique,
            device text not null,
            recorded_at text not null,
            zone text not null,
            who text not null,
            command text not null,
            summary text not null,
            key text,
            simulated integer not null check (simulated in (0, 1)),
            facts integer not null,
            hash blob not null check (length(hash) = 32)
        ) strict
        """,
        "create index action_by_device on action (device, id)",
        "create index action_by_key on action (key) where key is not null",
        f"""
        create table medication (
            {FACT},
            name text not null,
            strength text,
            form text,
            route text,
            code text,
            reason text
        ) strict
        """,
        f"""
        create table plan (
            {FACT},
            medication_id integer not null references medication(id),
            kind text not null check (kind in ('clock', 'interval', 'as-needed')),
            amount text not null,
            amount_high text,
            unit text not null,
            times text,
            every_days integer,
            every_weeks integer,
            weekdays text,
            cycle text,
            counted_from text,
            month_days text,
            year_day text,
            rrule text,
            interval_seconds integer check (interval_seconds > 0),
            from_last_dose integer check (from_last_dose in (0, 1)),
            as_needed_for text,
            max_amount text,
            max_unit text,
            max_period_seconds integer check (max_period_seconds > 0),
            min_gap_seconds integer check (min_gap_seconds > 0),
            starts text not null,
            until text,
            for_days integer check (for_days > 0),
            count integer check (count > 0),
            window_seconds integer check (window_seconds > 0),
            time_critical integer not null check (time_critical in (0, 1)),
            pinned_zone text,
            advice text,
            decided_by text,
            reason text
        ) strict
        """,
        "create index plan_by_medication on plan (medication_id)",
        f"""
        create table plan_end (
            {FACT},
            plan_id integer not null references plan(id),
            ends text not null,
            reason text,
            decided_by text
        ) strict
        """,
        "create index plan_end_by_plan on plan_end (plan_id)",
        f"""
        create table hold (
            {FACT},
            medication_id integer not null references medication(id),
            since text not null,
            until text,
            unrecorded integer not null check (unrecorded in (0, 1)),
            reason text,
            decided_by text
        ) strict
        """,
        "create index hold_by_medication on hold (medication_id)",
        f"""
        create table hold_end (
            {FACT},
            hold_id integer not null references hold(id),
            ends text not null,
            reason text,
            decided_by text
        ) strict
        """,
        "create index hold_end_by_hold on hold_end (hold_id)",
        f"""
        create table dose (
            {FACT},
            medication_id integer not null references medication(id),
            status text not null check (status in ('taken', 'skipped')),
            taken_at text not null,
            zone text not null,
            local_time text not null,
            amount text,
            unit text,
            for_slot text,
            certainty text not null check (certainty in ('exact', 'about', 'reconstructed', 'told')),
            given_by text,
            note text,
            recorded_at text not null
        ) strict
        """,
        "create index dose_by_time on dose (medication_id, taken_at)",
        # For undo, and for SQLite itself: a deferred key looks for the rows that wait for an action.
        "create index dose_by_action on dose (action_id)",
        "create index dose_by_slot on dose (medication_id, for_slot) where for_slot is not null",
        f"""
        create table note (
            {FACT},
            medication_id integer references medication(id),
            text text not null,
            grade integer check (grade between 1 and 5),
            noted_at text not null,
            zone text not null,
            local_time text not null,
            ended_at text
        ) strict
        """,
        "create index note_by_time on note (noted_at)",
        f"""
        create table setting (
            {FACT},
            key text not null,
            value text not null
        ) strict
        """,
        f"""
        create table zone_change (
            {FACT},
            from_at text,
            zone text not null
        ) strict
        """,
        f"""
        create table void (
            {FACT},
            target text not null,
            reason text
        ) strict
        """,
        "create index void_by_action on void (action_id)",
        # Derived from void and action: the facts that no longer stand. Rebuilt whenever a void is written.
        # It keeps its rows beside their index, so that damage to either shows.
        "create table voided (uid text not null primary key) strict",
        """
        create view doses as
        select dose.id, medication.name as medication, taken_at, local_time, zone, amount, unit, status,
            for_slot as planned_at, certainty, given_by, note
        from dose join medication on medication.id = medication_id
        where dose.uid not in (select uid from voided)
        """,
        """
        create view medications as
        select id, name, strength, form, route, code, reason from medication
        where uid not in (select uid from voided)
        """,
        """
        create view notes as
        select note.id, text, grade, medication.name as medication, noted_at, note.local_time, note.zone,
            ended_at
        from note left join medication on medication.id = note.medication_id
        where note.uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)
