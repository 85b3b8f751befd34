"""When the regimen changed: every fact that begins or ends something, with the action that wrote it."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from medtrack.domain.regimen import Bound
from medtrack.errors import RecordDamaged

from .actions import check_actions
from .record import UNREADABLE, Record
from .regimen import check_regimen
from .rows import bound_of, instant_of


class Event(NamedTuple):
    """One fact that changes what is planned from a moment on."""

    kind: str
    """`plan`, `plan_end`, `hold`, `hold_end` or `zone_change`."""
    fact_id: int
    medication_id: int | None
    at: Bound
    """From when on it changes what is planned."""
    reason: str | None
    decided_by: str | None
    action_uid: str
    command: str
    recorded_at: datetime


# What ends something that was taken back, on another device perhaps, ends nothing.
_EVENTS = """
    select 'plan' as kind, plan.id, medication_id, starts as at, reason, decided_by, action_id from plan
    where uid not in (select voided.uid from voided)
    union all
    select 'plan_end', plan_id, medication_id, ends, ending.reason, ending.decided_by, ending.action_id
    from plan_end as ending join plan on plan.id = plan_id
    where ending.uid not in (select voided.uid from voided)
        and plan.uid not in (select voided.uid from voided)
    union all
    select 'hold', id, medication_id, since, reason, decided_by, action_id from hold
    where uid not in (select voided.uid from voided)
    union all
    select 'hold_end', hold_id, medication_id, ends, ending.reason, ending.decided_by, ending.action_id
    from hold_end as ending join hold on hold.id = hold_id
    where ending.uid not in (select voided.uid from voided)
        and hold.uid not in (select voided.uid from voided)
    union all
    select 'zone_change', id, null, from_at, null, null, action_id from zone_change
    where from_at is not null and uid not in (select voided.uid from voided)
"""


def events(record: Record) -> list[Event]:
    """Every event that stands, in the order it was written down."""
    check_regimen(record)
    record.check("zone_change")
    found = record.rows(
        f"select event.*, action.uid, action.command, action.recorded_at from ({_EVENTS}) as event"
        " left join action on action.id = action_id order by action_id, kind desc"
    )
    check_actions(record, {row["action_id"] for row in found})
    try:
        return [_event(row) for row in found]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="a change in it cannot be read") from None


def _event(row: sqlite3.Row) -> Event:
    return Event(
        row["kind"],
        row["id"],
        row["medication_id"],
        bound_of(row["at"]),
        row["reason"],
        row["decided_by"],
        row["uid"],
        row["command"],
        instant_of(row["recorded_at"]),
    )
