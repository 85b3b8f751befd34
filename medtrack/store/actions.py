"""Actions: the audit trail, and what undo and redo can reach."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from medtrack.domain.chain import Chains, follows
from medtrack.domain.undoing import Action, Step
from medtrack.errors import RecordDamaged

from .record import ACTION_FIELDS, FACTS, UNREADABLE, Record, check_seal
from .rows import instant_of

_ACTION = """
    select action.*, exists (
        select 1 from void where void.target = action.uid and void.uid not in (select voided.uid from voided)
    ) as is_undone
    from action
"""


def _action(row: sqlite3.Row) -> Action:
    return Action(
        row["id"],
        row["uid"],
        row["device"],
        instant_of(row["recorded_at"]),
        row["zone"],
        row["who"],
        row["command"],
        row["summary"],
        row["key"],
        bool(row["simulated"]),
        row["facts"],
        bool(row["is_undone"]),
    )


def written_later(record: Record, instant: datetime) -> datetime | None:
    """When the action before the last was written, if that is later than an instant; by a real clock only."""
    rows = record.rows("select recorded_at from action where simulated = 0 order by id desc limit 2")
    try:
        before = [instant_of(row["recorded_at"]) for row in rows[1:]]
    except UNREADABLE:
        return None
    return before[0] if before and before[0] > instant else None


def listed_actions(record: Record) -> list[Action]:
    """Every action, newest first, the chain checked: what is printed is what was written."""
    check_chain(record)
    return [_action(row) for row in record.rows(f"{_ACTION} order by id desc")]


def check_chain(record: Record) -> None:
    """Work out the link of every action again, each device's from its first; raises RecordDamaged.

    It takes the seals of the facts as they are stored; but for the voids, which say what was undone, those
    are held to the facts where these are read.
    """
    record.check("action", "void", "voided")
    try:
        bad = _first_bad(record)
    except UNREADABLE:
        bad = "an action in it cannot be read"
    if bad is not None:
        raise RecordDamaged(path=record.path, why=bad)
    for row in record.rows("select * from void"):
        check_seal(record, "void", row, ("target", "reason"))


def check_actions(record: Record, numbers: Iterable[int]) -> None:
    """Work out the links of some actions again, by local id; raises RecordDamaged."""
    record.check("action")
    try:
        bad = _unlinked(record, list(numbers))
    except UNREADABLE:
        bad = [0]
    if bad:
        raise RecordDamaged(path=record.path, why="an action in it is not what was written")


def _unlinked(record: Record, numbers: Sequence[int]) -> list[int]:
    """Those of the actions, by local id, whose link does not hold."""
    seals: dict[int, list[bytes]] = {number: [] for number in numbers}
    for kind in FACTS:
        written = f"select action_id, hash from {kind} where action_id in (select value from json_each(?))"
        for fact in record.rows(written, [repr(list(numbers))]):
            seals[fact["action_id"]].append(fact["hash"])
    return [number for number, facts in seals.items() if not _is_linked(record, number, facts)]


def _is_linked(record: Record, number: int, seals: Sequence[bytes]) -> bool:
    row = record.row("select * from action where id = ?", (number,))
    if row is None:
        return False
    earlier = "select hash from action where device = ? and id < ? order by id desc"
    fields = {name: row[name] for name in ACTION_FIELDS}
    before = (row["device"], number)
    # All but always it is the one before; only where a device's chain forks is it an older one.
    return len(seals) == row["facts"] and any(
        follows([each["hash"] for each in record.rows(statement, before)], fields, sorted(seals), row["hash"])
        for statement in (f"{earlier} limit 1", earlier)
    )


def _first_bad(record: Record) -> str | None:
    seals: dict[int, list[bytes]] = {}
    for kind in FACTS:
        for row in record.rows(f"select action_id, hash from {kind}"):
            seals.setdefault(row["action_id"], []).append(row["hash"])
    chains = Chains()
    for row in record.rows("select * from action order by id"):
        facts = sorted(seals.pop(row["id"], []))
        fields = {name: row[name] for name in ACTION_FIELDS}
        is_next = chains.has_next(row["device"], fields, facts, row["hash"])
        if not is_next or len(facts) != row["facts"]:
            return f"action {row['id']} is not what was written"
    return "it holds facts that no action wrote" if seals else None


def actions_of(record: Record, uids: list[str]) -> list[Action]:
    """The actions with these uids, in the order given."""
    found = [record.row(f"{_ACTION} where action.uid = ?", (uid,)) for uid in uids]
    return [_action(row) for row in found if row is not None]


def action_of_key(record: Record, key: str) -> Action | None:
    """The action recorded under an idempotency key, if it stands."""
    found = [_action(row) for row in record.rows(f"{_ACTION} where key = ? order by id", (key,))]
    return next((action for action in found if not action.is_undone), None)


def steps(record: Record) -> list[Step]:
    """This device's actions, oldest first, but the one that made the record and merges.

    A merge is not undone: to void what came with it would void it for those it came from, too, at the next
    merge back. What was there before is kept aside instead.
    """
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
            "select id, uid, command from action where device = ? and command not in ('create', 'merge')"
            " order by id",
            (record.device,),
        )
    ]


def standing_void_on(record: Record, target: str) -> str | None:
    """The uid of the void that keeps a target void."""
    found = record.row(
        "select uid from void where target = ? and uid not in (select voided.uid from voided)"
        " order by id desc limit 1",
        (target,),
    )
    return str(found["uid"]) if found else None
