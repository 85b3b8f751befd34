"""Copies of a record that are proven whole.

A copy is made by SQLite's backup API, so that it is one moment of the record whoever writes meanwhile. It
is opened through the gate and gone through before it gets its name.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import NamedTuple

from medtrack.errors import (
    DiskTrouble,
    FileExists,
    InputUnreadable,
    RecordDamaged,
    RecordReadOnly,
    UsageRefused,
)

from .connection import check_file, connect, open_content, open_record, refusal, translated, without_wal
from .device import END_LOST, Known
from .encryption import Unlock, decrypted, is_encrypted
from .files import drafted, settle
from .proof import Proof, prove
from .record import FACTS, Record
from .registry import Registry
from .rows import instant_of

JOURNALS = ("-journal", "-wal", "-shm")
"""The files that SQLite takes for part of a database, by their names."""
NOT_MADE = "No backup was made"
_STRANGER = Registry(None)
"""What is remembered of a file that is not a record in use: nothing."""


class Contents(NamedTuple):
    """What a record holds, in numbers."""

    actions: int
    facts: int
    doses: int
    """Those that stand."""
    last_at: datetime | None
    last: str
    """The last action, as the history says it."""


def contents(record: Record) -> Contents:
    """Count what a record holds. Raises RecordDamaged where it cannot be read."""
    counts = [record.row(f"select count(*) from {kind}") for kind in (*FACTS, "action", "doses")]
    *facts, actions, doses = [0 if count is None else int(count[0]) for count in counts]
    last = record.row("select recorded_at, summary from action order by id desc limit 1")
    try:
        last_at = None if last is None else instant_of(last["recorded_at"])
    except (ValueError, TypeError):
        raise RecordDamaged(path=record.path, why="its last action has no time") from None
    return Contents(actions, sum(facts), doses, last_at, "" if last is None else str(last["summary"]))


@contextmanager
def at_once(record: Record) -> Iterator[tuple[Record, Proof]]:
    """The record as it is at one moment, whoever writes to it meanwhile: a copy in memory, and its proof.

    Raises RecordDamaged where SQLite itself cannot read it, and RecordLocked.
    """
    known = Known.of(record)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        with translated(record.path):
            copy_moment(record.connection, memory)
        copy = Record(record.path, memory, _STRANGER)
        yield copy, _with_end(prove(copy), copy, known)


@contextmanager
def proven(record: Record) -> Iterator[Record]:
    """A copy in memory of a record at one moment, every seal and link of it proven. Raises RecordDamaged."""
    with at_once(record) as (copy, proof):
        if proof.findings:
            raise RecordDamaged(path=record.path, why=quoted(proof.findings))
        yield copy


def fill(record: Record, draft: str, target: str, outcome: str) -> Contents:
    """Copy a record into an empty file, the draft of `target`, and prove the copy; what it holds.

    Raises RecordDamaged, in the record's name, where it is not what was written; RecordLocked; DiskTrouble,
    with the outcome, where the copy cannot be written.
    """
    known = Known.of(record)
    try:
        with closing(connect(draft)) as file:
            # Whoever is cut short here leaves a draft, which nobody reads: no journal is needed.
            file.execute("pragma journal_mode = off")
            file.execute("pragma synchronous = off")
            copy_moment(record.connection, file)
    except sqlite3.Error as error:
        refused = refusal(record.path, error)
        if isinstance(refused, DiskTrouble | RecordReadOnly):
            raise DiskTrouble(path=target, why=refused.facts["why"], outcome=outcome) from None
        raise refused from None
    copy = Record(record.path, open_record(draft), _STRANGER)
    try:
        with translated(record.path):
            # Of a record that another program left in WAL; it would make files beside the copy.
            copy.connection.execute("pragma journal_mode = delete")
        findings = _with_end(prove(copy), copy, known).findings
        if findings:
            raise RecordDamaged(path=record.path, why=quoted(findings))
        return contents(copy)
    finally:
        copy.close()


def put(draft: str, target: str, *, replace: bool, outcome: str) -> None:
    """Give a finished draft its name. Raises FileExists, and DiskTrouble that says what became of it."""
    made = os.stat(draft).st_ino
    try:
        is_put = settle(draft, target, replace=replace)
    except OSError as error:
        if os.path.lexists(target) and os.lstat(target).st_ino == made:
            outcome = "It has its new content, but a power cut now may undo that"
        raise DiskTrouble(path=target, why=(error.strerror or str(error)).lower(), outcome=outcome) from None
    if not is_put:
        raise FileExists(path=target, hint="; to write over it: --force")


def back_up(
    record: Record,
    target: str,
    *,
    replace: bool = False,
    encrypt: Callable[[bytes], bytes] | None = None,
) -> Contents:
    """Copy a record to a file of its own, proven before it gets its name; what it holds.

    With `encrypt` only what that makes of it is written; the copy itself stays in memory. Raises
    FileExists where there is one, unless `replace`; UsageRefused for a name that is the record's own;
    DiskTrouble; RecordDamaged.
    """
    _refuse_own_name(record.path, target)
    taken = [] if replace else [target]
    for name in (*taken, *(target + end for end in JOURNALS)):
        if os.path.lexists(name):
            raise FileExists(path=name, hint="; to write over it: --force")
    with disk_told(target, NOT_MADE), drafted(target) as draft:
        if encrypt is None:
            found = fill(record, draft, target, NOT_MADE)
        else:
            found = _fill_encrypted(record, draft, encrypt)
        put(draft, target, replace=replace, outcome=NOT_MADE)
        return found


def _fill_encrypted(record: Record, draft: str, encrypt: Callable[[bytes], bytes]) -> Contents:
    with proven(record) as copy, open(draft, "wb") as file:
        file.write(encrypt(without_wal(copy.connection.serialize())))
        return contents(copy)


def _refuse_own_name(path: str, target: str) -> None:
    own = [path + end for end in ("", *JOURNALS)]
    is_same = os.path.exists(target) and os.path.samefile(target, path)
    if is_same or os.path.realpath(target) in own:
        raise UsageRefused(what=f"{target} belongs to the record itself: name another file.")


@contextmanager
def opened(file: str, unlock: Unlock) -> Iterator[Record]:
    """A backup, to be read; one that is encrypted is decrypted in memory and nowhere else.

    Raises InputUnreadable where it is missing, KeyNeeded, ExtraMissing, and what opening a file raises.
    """
    if not os.path.lexists(file):
        raise InputUnreadable(path=file, why="there is no such file")
    check_file(file)
    connection = open_content(file, decrypted(file, unlock)) if is_encrypted(file) else open_record(file)
    backup = Record(file, connection, _STRANGER)
    try:
        yield backup
    finally:
        backup.close()


def flaw_of(file: str) -> str | None:
    """Why a backup is not whole; None where it is. Raises what opening a file raises."""
    backup = Record(file, open_record(file), _STRANGER)
    try:
        findings = prove(backup).findings
    finally:
        backup.close()
    return quoted(findings) if findings else None


def quoted(findings: list[str]) -> str:
    """The first finding as part of a sentence, and how many there are."""
    first = findings[0].rstrip(".")
    more = f", and {len(findings) - 1:,} more" if len(findings) > 1 else ""
    return f"{first[0].lower()}{first[1:]}{more}"


@contextmanager
def disk_told(path: str, outcome: str) -> Iterator[None]:
    """The system's errors, said as a refusal about this file and what became of it."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DiskTrouble(path=path, why=why, outcome=outcome) from None


# --- underneath ---------------------------------------------------------------------------------------


def copy_moment(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy one moment of a database into another, whoever writes to it meanwhile. Raises sqlite3.Error."""
    # The backup API waits for a lock for ever; a read waits ten seconds, and keeps writers out after it.
    source.execute("begin")
    try:
        source.execute("select 1 from sqlite_schema limit 1").fetchone()
        source.backup(target)
    finally:
        source.execute("rollback")


def _with_end(proof: Proof, copy: Record, known: Known) -> Proof:
    """The proof, with what this machine knew before the copy was made: a cut tail shows."""
    is_there = known.is_end_there(copy)
    if is_there is False:
        proof.findings.append(END_LOST)
    return proof._replace(is_end_known=bool(is_there))
