"""Format 2 of a record: how doses helped, tallies, supply, and what is known of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import FACT, steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m002_tallies(db: sqlite_utils.Database) -> None:
    """How much doses helped; and, derived, what each day that is over counts for."""
    for statement in (
        f"""
        create table effect (
            {FACT},
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
            {FACT},
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
            {FACT},
            key text not null,
            value text not null
        ) strict
        """,
        f"""
        create table allergy (
            {FACT},
            substance text not null,
            reaction text,
            severity text check (severity in ('mild', 'moderate', 'severe'))
        ) strict
        """,
        f"""
        create table condition (
            {FACT},
            name text not null,
            note text
        ) strict
        """,
        f"""
        create table acknowledgement (
            {FACT},
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
