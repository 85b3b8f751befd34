"""A copy of a record in memory without what tells whose it is.

Every column of text is empty in it but for those of a closed vocabulary and what `Redaction` gives a word
for: what a later format adds is left out until somebody says that it may be told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from medtrack.domain.chain import Value, link, seal

from .actions import check_chain
from .connection import translated
from .record import ACTION_FIELDS, FACTS, REFS, Record, check_seal, sealed

_TIMES = ("zone", "local_time")
_BESIDE = ("id", "uid", "action_id", "hash")
"""What every fact has beside what it says."""
KEPT: Mapping[str, tuple[str, ...]] = {
    "plan": (
        "kind", "amount", "amount_high", "times", "weekdays", "cycle", "counted_from", "month_days",
        "year_day", "rrule", "max_amount", "starts", "until", "pinned_zone",
    ),
    "plan_end": ("ends",),
    "hold": ("since", "until"),
    "hold_end": ("ends",),
    "dose": ("status", "taken_at", *_TIMES, "amount", "for_slot", "certainty", "recorded_at"),
    "note": ("noted_at", *_TIMES, "ended_at"),
    "note_end": ("ended_at", *_TIMES),
    "naranjo": ("answers", "answered_at"),
    "measure": ("value", "second", "comparator", "items", "normal", "measured_at", *_TIMES),
    "effect": ("rated_at", *_TIMES),
    "supply": ("kind", "amount", "occurred_at", *_TIMES, "expires_on"),
    "setting": ("key",),
    "zone_change": ("from_at", "zone"),
    "profile": ("key",),
    "allergy": ("severity", "certainty"),
    "session": ("course_from", "started_at", *_TIMES),
    "observation": ("observed_at", *_TIMES),
    "session_end": ("ended_at", *_TIMES),
    "visit": ("visited_on",),
    "question": ("asked_on",),
    "advice": ("topic",),
    "void": ("target",),
}  # fmt: skip
"""The columns of text that hold a number, a time, an identity or a word of medtrack's own, by kind."""
Telling = Callable[[str, Mapping[str, Value]], Mapping[str, Value] | None]


def redacted(record: Record, told: Telling) -> Record:
    """The copy; `told` gives the columns of a fact that may be told, or None where all of it is left out.

    Every fact is held to its seal before anything of it is told, and sealed anew. Raises RecordDamaged.
    """
    copy = Record.copied(record)
    check_chain(copy)
    with translated(record.path):
        change = copy.connection.execute
        change("begin")
        uids = {
            table: {row["id"]: row["uid"] for row in copy.rows(f"select id, uid from {table}")}
            for table in REFS.values()
        }
        for kind in FACTS:
            for row in copy.rows(f"select * from {kind} order by id"):
                _retell(copy, kind, row, told, uids)
        _relink(copy)
        change("delete from tallied")
        change("delete from tally")
        change("delete from notice")
        change("commit")
    return copy


def _retell(
    copy: Record, kind: str, row: sqlite3.Row, told: Telling, uids: dict[str, dict[int, str]]
) -> None:
    names = [name for name in row.keys() if name not in _BESIDE]  # noqa: SIM118
    refs = {name: uids[table].get(row[name]) for name, table in REFS.items() if name in names}
    check_seal(copy, kind, row, names, refs)
    given = told(kind, {name: row[name] for name in row.keys() if name != "hash"})  # noqa: SIM118
    if given is None:
        copy.connection.execute(f"delete from {kind} where id = ?", (row["id"],))
        return
    kept = KEPT.get(kind, ())
    fields: dict[str, Value] = {}
    for name in names:
        value = row[name]
        is_told = name in kept or not isinstance(value, str)
        fields[name] = value if is_told else given.get(name)
    needed = [column["name"] for column in copy.rows(f"pragma table_info({kind})") if column["notnull"]]
    fields |= {name: "" for name in needed if name in fields and fields[name] is None}
    digest = seal(kind, row["uid"], sealed(fields, refs))
    columns = ", ".join(f"{name} = ?" for name in fields)
    copy.connection.execute(
        f"update {kind} set {columns}, hash = ? where id = ?", (*fields.values(), digest, row["id"])
    )


def _relink(copy: Record) -> None:
    """Chain the actions anew. Who typed them, and what the history says of them, is on no page for others."""
    seals: dict[int, list[bytes]] = {}
    for kind in FACTS:
        for row in copy.rows(f"select action_id, hash from {kind}"):
            seals.setdefault(row["action_id"], []).append(row["hash"])
    heads: dict[str, bytes] = {}
    for row in copy.rows("select * from action order by id"):
        facts = sorted(seals.get(row["id"], []))
        fields: dict[str, Value] = {name: row[name] for name in ACTION_FIELDS}
        fields |= {"who": "", "summary": "", "key": None, "facts": len(facts)}
        head = link(heads.get(row["device"], b""), fields, facts)
        heads[row["device"]] = head
        copy.connection.execute(
            "update action set who = '', summary = '', key = null, facts = ?, hash = ? where id = ?",
            (len(facts), head, row["id"]),
        )
