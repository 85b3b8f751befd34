"""The tables of a record, as numbered migrations; a released step is never edited.

Imported only when a record is made or its format is older than this one: sqlite_utils is slow to start.
"""

from __future__ import annotations

import sqlite3

import sqlite_utils

from .connection import APPLICATION_ID, SCHEMA

steps = sqlite_utils.Migrations("medtrack")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a record to the newest format inside the caller's transaction.

    Foreign keys must be off, as SQLite asks of schema changes; they are checked before the end.
    """
    database = sqlite_utils.Database(connection, execute_plugins=False)
    steps.apply(database)
    broken = connection.execute("pragma foreign_key_check").fetchall()
    if broken:
        raise sqlite3.IntegrityError(f"{len(broken)} rows refer to nothing")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.execute(f"pragma user_version = {SCHEMA}")


_FACT = """
    id integer primary key,
    uid text not null unique,
    action_id integer not null references action(id) deferrable initially deferred,
    hash blob not null check (length(hash) = 32)
"""
"""What every fact carries: a local id, its identity on every device, its action, its seal."""


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
            {_FACT},
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
            {_FACT},
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
            {_FACT},
            plan_id integer not null references plan(id),
            ends text not null,
            reason text,
            decided_by text
        ) strict
        """,
        "create index plan_end_by_plan on plan_end (plan_id)",
        f"""
        create table hold (
            {_FACT},
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
            {_FACT},
            hold_id integer not null references hold(id),
            ends text not null,
            reason text,
            decided_by text
        ) strict
        """,
        "create index hold_end_by_hold on hold_end (hold_id)",
        f"""
        create table dose (
            {_FACT},
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
            {_FACT},
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
            {_FACT},
            key text not null,
            value text not null
        ) strict
        """,
        f"""
        create table zone_change (
            {_FACT},
            from_at text,
            zone text not null
        ) strict
        """,
        f"""
        create table void (
            {_FACT},
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


@steps()
def m002_tallies(db: sqlite_utils.Database) -> None:
    """How much doses helped; and, derived, what each day that is over counts for."""
    for statement in (
        f"""
        create table effect (
            {_FACT},
            dose_id integer not null references dose(id),
            score integer not null check (score between 0 and 10),
            rated_at text not null,
            zone text not null,
            local_time text not null
        ) strict
        """,
        "create index effect_by_dose on effect (dose_id)",
        # Derived from the regimen and the doses: one row a medication and day, as domain.adherence counts it.
        """
        create table tally (
            medication_id integer not null references medication(id),
            day text not null,
            expected integer not null,
            taken integer not null,
            skipped integer not null,
            missed integer not null,
            held integer not null,
            extra integer not null,
            doses integer not null,
            as_needed integer not null,
            on_time integer not null,
            late integer not null,
            early integer not null,
            late_entries integer not null,
            excluded integer not null check (excluded in (0, 1)),
            first_taken integer,
            last_taken integer,
            longest_gap integer,
            windows text not null,
            primary key (medication_id, day)
        ) strict, without rowid
        """,
        # What the rows of a medication rest on: they are used only where all of it still holds.
        """
        create table tallied (
            medication_id integer primary key references medication(id),
            until text not null,
            counted_at text not null,
            through_action integer not null,
            day_starts text not null,
            zone_data text not null,
            digest blob not null check (length(digest) = 32)
        ) strict
        """,
    ):
        db.execute(statement)


@steps()
def m002_supply(db: sqlite_utils.Database) -> None:
    """What was received and what was counted of a medication."""
    for statement in (
        f"""
        create table supply (
            {_FACT},
            medication_id integer not null references medication(id),
            kind text not null check (kind in ('received', 'counted')),
            amount text not null,
            unit text not null,
            occurred_at text not null,
            zone text not null,
            local_time text not null,
            note text
        ) strict
        """,
        "create index supply_by_time on supply (medication_id, occurred_at)",
        """
        create view supplies as
        select supply.id, medication.name as medication, kind, amount, unit, occurred_at, local_time, zone,
            note
        from supply join medication on medication.id = medication_id
        where supply.uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)


@steps()
def m002_assessment(db: sqlite_utils.Database) -> None:
    """What is to be known of the person before a medication: facts, allergies, conditions, what was asked."""
    for statement in (
        f"""
        create table profile (
            {_FACT},
            key text not null,
            value text not null
        ) strict
        """,
        f"""
        create table allergy (
            {_FACT},
            substance text not null,
            reaction text,
            severity text check (severity in ('mild', 'moderate', 'severe'))
        ) strict
        """,
        f"""
        create table condition (
            {_FACT},
            name text not null,
            note text
        ) strict
        """,
        f"""
        create table acknowledgement (
            {_FACT},
            finding text not null,
            basis text not null,
            note text not null,
            asked_at text not null
        ) strict
        """,
        # Derived from the facts by what the knowledge pack says of them: what is to be told when a dose is
        # written down, and since which facts. Worked out anew whenever these are others.
        """
        create table watch (
            medication_id integer not null,
            sentence text not null,
            until_at text,
            ingredient text,
            unit text,
            milligrams text,
            most text,
            hours integer,
            is_told integer not null check (is_told in (0, 1)),
            is_alone integer not null check (is_alone in (0, 1))
        ) strict
        """,
        """
        create table watched_since (
            basis text not null,
            digest blob not null check (length(digest) = 32)
        ) strict
        """,
        """
        create view allergies as
        select id, substance, reaction, severity from allergy where uid not in (select uid from voided)
        """,
        """
        create view conditions as
        select id, name, note from condition where uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)


@steps()
def m003_reminders(db: sqlite_utils.Database) -> None:
    """How a medication is reminded of, until when it is snoozed, when a pack expires; and what was told."""
    for statement in (
        f"""
        create table rule (
            {_FACT},
            medication_id integer references medication(id),
            repeats text not null,
            then_channel text,
            then_seconds integer check (then_seconds > 0)
        ) strict
        """,
        f"""
        create table snooze (
            {_FACT},
            medication_id integer not null references medication(id),
            since text not null,
            until text not null
        ) strict
        """,
        "alter table supply add column expires_on text",
        # Not a fact: what this machine's checks told. Two of them at once take turns by its key.
        """
        create table notice (
            kind text not null check (kind in ('dose', 'refill', 'expiry', 'check-in')),
            subject text not null,
            at text not null,
            step text not null,
            channel text not null,
            simulated integer not null check (simulated in (0, 1)),
            tried_at text not null,
            tries integer not null,
            told_at text,
            failure text,
            seal blob not null check (length(seal) = 32),
            primary key (kind, subject, at, step, channel, simulated)
        ) strict, without rowid
        """,
        "create index notice_by_time on notice (at)",
    ):
        db.execute(statement)
