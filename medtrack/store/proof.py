"""Proof that a record is what was written: every seal, every link of every chain, and the derived tables."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from medtrack.domain.chain import Chains, seal
from medtrack.domain.undoing import Void, standing_targets
from medtrack.errors import RecordDamaged

from .connection import translated
from .record import ACTION_FIELDS, FACTS, REFS, UNREADABLE, Record
from .reminders import flawed_notices
from .tallies import flawed_tallies
from .watches import are_watches_whole

_OUTSIDE = ("id", "uid", "action_id", "hash")
"""What every fact carries beside the fields that are sealed."""


class Proof(NamedTuple):
    """What was looked at, and what is not as it was written."""

    actions: int
    facts: int
    findings: list[str]
    """Each a sentence; empty where all is well."""
    is_end_known: bool = False
    """Whether the last action that this machine knew in it was looked for, and is there."""


def prove(record: Record) -> Proof:
    """Go through the whole record. Raises RecordDamaged where it cannot even be read."""
    try:
        return _prove(record)
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="some of it cannot be read") from None


def _prove(record: Record) -> Proof:
    with translated(record.path):
        findings = [
            f"SQLite says: {row[0]}."
            for row in record.connection.execute("pragma integrity_check")
            if row[0] != "ok"
        ]
        findings += [
            f"A row of {row[0]} refers to a {row[2]} that is not there."
            for row in record.connection.execute("pragma foreign_key_check")
        ]
        findings += _tables(record)
        seals: dict[int, list[bytes]] = {}
        for kind in FACTS:
            findings += _facts(record, kind, seals)
        facts = sum(len(each) for each in seals.values())
        actions = record.connection.execute("select * from action order by id").fetchall()
        findings += _chains(actions, seals)
        findings += _derived(record)
        if not are_watches_whole(record):
            findings.append("What is to be told at a dose is not what was put.")
        if flawed_notices(record):
            findings.append("What was told by reminders is not what was put.")
        findings += [
            f"The tallies of medication {number} are not what was put." for number in flawed_tallies(record)
        ]
    return Proof(len(actions), facts, findings)


def _tables(record: Record) -> Iterator[str]:
    """Compare the tables, views and indexes, and what made them, with those of a record made anew."""
    from .schema import migrate

    fresh = sqlite3.connect(":memory:", isolation_level=None)
    migrate(fresh)

    def differing(statement: str) -> list[tuple[object, ...]]:
        both = [{tuple(row) for row in each.execute(statement)} for each in (fresh, record.connection)]
        return sorted(both[0] ^ both[1], key=str)

    for name, *_ in differing("select name, type, tbl_name, sql from sqlite_schema"):
        yield f"The definition of {name} is not medtrack's."
    for name, *_ in differing("select name, migration_set, id from _sqlite_migrations"):
        yield f"The step {name} of its making is not medtrack's."
    fresh.close()


def _facts(record: Record, kind: str, seals: dict[int, list[bytes]]) -> Iterator[str]:
    """Work out the seal of every fact of a kind; `seals` gathers them by action."""
    found = record.connection.execute(f"select * from {kind} order by id")
    names = {column[0] for column in found.description}
    uids = {
        column: {row["id"]: row["uid"] for row in record.connection.execute(f"select id, uid from {table}")}
        for column, table in REFS.items()
        if column in names
    }
    for row in found:
        fields = {name: row[name] for name in row.keys() if name not in _OUTSIDE}  # noqa: SIM118
        for column, known in uids.items():
            if fields[column] is not None:
                fields[column] = known.get(fields[column])
        if seal(kind, row["uid"], fields) != row["hash"]:
            yield f"{kind.replace('_', ' ').capitalize()} {row['id']} is not what was written."
        seals.setdefault(row["action_id"], []).append(row["hash"])


def _chains(actions: list[sqlite3.Row], seals: dict[int, list[bytes]]) -> Iterator[str]:
    """Work out the link of every action from the one before it on the same device."""
    chains = Chains()
    for row in actions:
        facts = sorted(seals.pop(row["id"], []))
        if len(facts) != row["facts"]:
            yield f"Action {row['id']} wrote {row['facts']} facts, and {len(facts)} are there."
        fields = {name: row[name] for name in ACTION_FIELDS}
        if not chains.has_next(row["device"], fields, facts, row["hash"]):
            yield f"Action {row['id']} ({row['command']}) does not follow from the one before it."
    for number in sorted(seals):
        yield f"Facts of action {number} are there, and the action is not."


def _derived(record: Record) -> Iterator[str]:
    """Work out again which facts no longer stand."""
    actions = {row["uid"]: row["id"] for row in record.connection.execute("select id, uid from action")}
    by_id = {number: uid for uid, number in actions.items()}
    voids = [
        Void(row["uid"], by_id.get(row["action_id"], ""), row["target"])
        for row in record.connection.execute("select uid, action_id, target from void")
    ]
    wanted: set[str] = set()
    for target in standing_targets(voids):
        if target not in actions:
            wanted.add(target)
            continue
        for kind in FACTS:
            found = record.connection.execute(
                f"select uid from {kind} where action_id = ?", (actions[target],)
            )
            wanted.update(row["uid"] for row in found)
    there = {row["uid"] for row in record.connection.execute("select voided.uid from voided")}
    if there != wanted:
        yield "The list of what was taken back is not what the actions say."
