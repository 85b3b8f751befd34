"""Format 6 of a record: what its days count for, to be read with SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m006_adherence(db: sqlite_utils.Database) -> None:
    """The tallies by day and by month; each row says through which day, when, and what was written since."""
    for statement in (
        """
        create view adherence_by_day as
        select name as medication, day, expected, taken, skipped, missed, held, extra, doses, as_needed,
            on_time, late, early, date(until, '-1 day') as counted_through, counted_at,
            (select count(*) from action where action.id > through_action) as actions_since
        from tally join tallied using (medication_id) join medication on medication.id = medication_id
        where medication.uid not in (select uid from voided)
        """,
        """
        create view adherence_by_month as
        select medication, substr(day, 1, 7) as month, min(day) as since, max(day) as until,
            sum(taken) as taken, sum(expected) as expected,
            cast(sum(taken) as real) / nullif(sum(expected), 0) as adherence,
            sum(skipped) as skipped, sum(missed) as missed, sum(held) as held, sum(extra) as extra,
            sum(doses) as doses, sum(as_needed) as as_needed, sum(on_time) as on_time, sum(late) as late,
            sum(early) as early, counted_through, counted_at, actions_since
        from adherence_by_day group by medication, month
        """,
    ):
        db.execute(statement)


@steps()
def m006_whole_views(db: sqlite_utils.Database) -> None:
    """How sure an allergy is, and when a pack expires, were not in their views."""
    for statement in (
        "drop view allergies",
        """
        create view allergies as
        select id, substance, reaction, severity, certainty from allergy
        where uid not in (select uid from voided)
        """,
        "drop view supplies",
        """
        create view supplies as
        select supply.id, medication.name as medication, kind, amount, unit, occurred_at, local_time, zone,
            note, expires_on
        from supply join medication on medication.id = medication_id
        where supply.uid not in (select uid from voided)
        """,
    ):
        db.execute(statement)
