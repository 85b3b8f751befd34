"""Actions: the audit trail, and what undo and redo can reach."""

from __future__ import annotations

import sqlite3

from medtrack.domain.undoing import Step
from .record import Record


def listed_actions(record: Record) -> list[sqlite3.Row]:
    """Every action, newest first, with `undone` (1 where nothing of it stands any more)."""
    return record.rows(
        """
        select action.*, exists (
            select 1 from void where target = action.uid and uid not in (select uid from voided)
        ) as undone
        from action order by id desc
        """
    )


def steps(record: Record) -> list[Step]:
    """This device's actions, oldest first, but the one that made the record."""
    targets: dict[int, list[str]] = {}
    for row in record.rows(
        """
        select void.action_id, coalesce(earlier.target, void.target) as target
        from void join action on action.id = void.action_id
        left join void as earlier on earlier.uid = void.target
        where action.command in ('undo', 'redo') and action.device = ?
        order by void.id
        """,
        (record.device,),
    ):
        targets.setdefault(row["action_id"], []).append(row["target"])
    return [
        Step(row["uid"], row["command"], tuple(targets.get(row["id"], ())))
        for row in record.rows(
            "select id, uid, command from action where device = ? and command <> 'create' order by id",
            (record.device,),
        )
    ]


def action(record: Record, uid: str) -> sqlite3.Row:
    """One action by its uid."""
    found = record.row("select * from action where uid = ?", (uid,))
    if found is None:
        raise LookupError(uid)
    return found


def standing_void_on(record: Record, target: str) -> str | None:
    """The uid of the void that keeps a target void."""
    found = record.row(
        "select uid from void where target = ? and uid not in (select uid from voided) order by id desc limit 1",
        (target,),
    )
    return str(found["uid"]) if found else None


def action_of_key(record: Record, key: str) -> sqlite3.Row | None:
    """The action recorded under an idempotency key, if it stands."""
    return record.row(
        """
        select * from action where key = ? and not exists (
            select 1 from void where target = action.uid and uid not in (select uid from voided)
        ) order by id limit 1
        """,
        (key,),
    )
