"""Taking into a record what another record of the same person holds and it lacks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from medtrack.domain.merging import Contradiction, Linked, missing, renumbered
from medtrack.errors import RecordDamaged

from .backups import back_up, proven, quoted
from .connection import open_record, translated
from .proof import prove
from .record import FACTS, UNREADABLE, Record, Stamp, Writing
from .registry import Registry
from .replacement import aside_name
from .rows import instant_of


class Added(NamedTuple):
    """What came to a record."""

    actions: int
    facts: int
    is_twin: bool
    """Whether some of it was written under this device's own name: its machine or its memory was copied."""


class Standing(NamedTuple):
    """One fact that stands."""

    kind: str
    """Its table; of the plans that one stop ended, the first is the `stop`, and the others are not listed."""
    medication: str | None
    """The uid of the medication it is about, if it is about one."""


@contextmanager
def as_it_is(path: str) -> Iterator[Record]:
    """A proven copy in memory of the record at a path, also while this process is writing to it.

    What this machine remembers does not count: a record whose end was lost gets it back by merging. Raises
    RecordDamaged.
    """
    # SQLite alone opens the file: closing it by any other way would let go of the lock on it.
    record = Record(path, open_record(path), Registry(None))
    try:
        with proven(record) as copy:
            yield copy
    finally:
        record.close()


def rehearse(copy: Record, stamp: Stamp, source: Record) -> Added:
    """Merge into a copy in memory, and prove what comes of it. Raises RecordDamaged."""
    with copy.writing(stamp, "merge") as work:
        added = absorb(work, source)
    findings = prove(copy).findings
    if findings:
        raise RecordDamaged(path=source.path, why=quoted(findings))
    return added


def keep_aside(path: str, now: datetime) -> str:
    """Keep the record as it is now beside itself; gives its file. Raises RecordDamaged and DiskTrouble."""
    aside = aside_name(path, "merge", now)
    record = Record(path, open_record(path), Registry(None))
    try:
        back_up(record, aside)
    finally:
        record.close()
    return aside


def lacks(record: Record, source: Record) -> list[Linked]:
    """The actions of the source that a record lacks; none where all that they wrote is there.

    An action without facts says that a merge was made. If nothing else is new, nothing is: otherwise two
    records that are merged in turn would never be done. Raises RecordDamaged, in the source's name, where
    the two contradict each other.
    """
    try:
        lacked = missing(_linked(record), _linked(source))
    except Contradiction:
        raise _contradiction(source) from None
    facts = {row["id"]: row["facts"] for row in source.rows("select id, facts from action")}
    return lacked if any(facts[action.id] for action in lacked) else []


def shares(record: Record, source: Record) -> bool:
    """Whether both hold one same action, so that they began as one record."""
    there = {action.uid for action in _linked(record)}
    return any(action.uid in there for action in _linked(source))


def absorb(work: Writing, source: Record) -> Added:
    """Add the actions and facts of a proven source that the record lacks, as they were sealed.

    Local ids are given anew and references follow them; an action keeps its device and its link, so each
    device's chain goes on from where it is here. Where this device's own name is among what is added,
    another machine bears it too, and this one goes on under a new one. Raises RecordDamaged.
    """
    record = work.record
    lacked = lacks(record, source)
    if not lacked:
        return Added(0, 0, is_twin=False)
    is_twin = work.device in {action.device for action in lacked}
    if is_twin:
        work.go_on_as_another()
    with translated(record.path):
        # A kind may refer to one that comes after it; everything is there at the end.
        record.connection.execute("pragma defer_foreign_keys = on")
        ids, new = {}, {}
        for kind in ("action", *FACTS):
            known = {row["uid"]: row["id"] for row in record.rows(f"select id, uid from {kind}")}
            theirs = [
                (row["id"], row["uid"]) for row in source.rows(f"select id, uid from {kind} order by id")
            ]
            ids[kind], new[kind] = renumbered(known, theirs, max(known.values(), default=0))
        written = {action.id for action in lacked}
        facts = 0
        for kind in ("action", *FACTS):
            wanted = {number for number, _ in new[kind]}
            rows = [row for row in source.rows(f"select * from {kind} order by id") if row["id"] in wanted]
            if kind != "action" and any(row["action_id"] not in written for row in rows):
                raise _contradiction(source)
            _insert(record, kind, rows, ids)
            facts += len(rows) if kind != "action" else 0
    promised = {row["id"]: row["facts"] for row in source.rows("select id, facts from action")}
    if facts != sum(promised[number] for number in written):
        raise _contradiction(source)
    work.absorbed()
    return Added(len(lacked), facts, is_twin)


def _insert(record: Record, kind: str, rows: list[sqlite3.Row], ids: dict[str, dict[int, int]]) -> None:
    if not rows:
        return
    refs = _references(record, kind)
    names = rows[0].keys()
    columns, marks = ", ".join(names), ", ".join("?" * len(names))
    record.connection.executemany(
        f"insert into {kind} ({columns}) values ({marks})",
        (
            [
                ids[kind][row["id"]]
                if name == "id"
                else ids[refs[name]][row[name]]
                if name in refs and row[name] is not None
                else row[name]
                for name in names
            ]
            for row in rows
        ),
    )


def _references(record: Record, kind: str) -> dict[str, str]:
    """The columns of a kind that hold local ids, each with the table these are of."""
    return {row["from"]: row["table"] for row in record.rows(f"pragma foreign_key_list({kind})")}


def _linked(record: Record) -> list[Linked]:
    found = record.rows("select id, uid, device, hash from action order by id")
    return [Linked(row["id"], row["uid"], row["device"], row["hash"]) for row in found]


def _contradiction(source: Record) -> RecordDamaged:
    return RecordDamaged(path=source.path, why="an action in it is not the one that the other record has")


def standing(record: Record) -> dict[str, Standing]:
    """Every fact that stands, by uid; voids are no news of their own."""
    found: dict[str, Standing] = {}
    owners: dict[str, dict[int, str]] = {}
    stops = {row["id"] for row in record.rows("select id from action where command = 'stop'")}
    stopped: set[tuple[int, str | None]] = set()
    for kind in FACTS:
        if kind == "void":
            continue
        refs = _references(record, kind)
        through = next((column for column in refs if refs[column] in owners), None)
        owners[kind] = {}
        for row in record.rows(f"select *, uid in (select voided.uid from voided) as is_void from {kind}"):
            if kind == "medication":
                owner = row["uid"]
            else:
                owner = None if through is None else owners[refs[through]].get(row[through])
            if owner is not None:
                owners[kind][row["id"]] = owner
            if row["is_void"]:
                continue
            if kind == "plan_end" and row["action_id"] in stops:
                if (row["action_id"], owner) not in stopped:
                    found[row["uid"]] = Standing("stop", owner)
                stopped.add((row["action_id"], owner))
            else:
                found[row["uid"]] = Standing(kind, owner)
    return found


class Written(NamedTuple):
    """One standing taken dose, and how it was written down."""

    medication_id: int
    taken_at: datetime
    action_id: int
    who: str


def written_doses(record: Record) -> dict[str, Written]:
    """The standing taken doses of every medication of which several devices wrote some, by uid."""
    found = record.rows(
        """
        with taken as (
            select dose.uid, medication_id, taken_at, action_id, who, device
            from dose join action on action.id = action_id
            where status = 'taken' and dose.uid not in (select voided.uid from voided)
        )
        select uid, medication_id, taken_at, action_id, who from taken where medication_id in (
            select medication_id from taken group by medication_id having count(distinct device) > 1
        )
        """
    )
    try:
        return {uid: Written(number, instant_of(taken_at), *rest) for uid, number, taken_at, *rest in found}
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="the time of a dose in it cannot be read") from None
