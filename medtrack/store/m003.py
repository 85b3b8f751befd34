"""Format 3 of a record: reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import FACT, steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m003_reminders(db: sqlite_utils.Database) -> None:
    """How a medication is reminded of, until when it is snoozed, when a pack expires; and what was told."""
    for statement in (
        f"""
        create table rule (
            {FACT},
            medication_id integer references medication(id),
            repeats text not null,
            then_channel text,
            then_seconds integer check (then_seconds > 0)
        ) strict
        """,
        f"""
        create table snooze (
            {FACT},
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
