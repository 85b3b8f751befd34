"""The names and doses in a record, for a shell that completes them: read in passing, and nothing is touched.

Not the way a record is read otherwise. Nothing is migrated, checked or waited for, and whatever stands in
the way (a format that is not known, a writer at work, a journal to be rolled back) makes the answer empty.
A record in WAL mode, as other programs leave it, is read as it was when the log last went into it: SQLite
makes files of its own beside one to read what is newer.
"""

from __future__ import annotations

import os
import sqlite3

from .connection import APPLICATION_ID, SCHEMA, connect_in_passing
from .outlook import identity

_WAL = b"\2\2"
"""The bytes 18 and 19 of a file in WAL mode (SQLite file format, 1.3.3)."""
_STANDING = "uid not in (select voided.uid from voided)"
_NAMES = (
    f"select id, name, code from medication where {_STANDING}"
    f" or exists (select 1 from dose where medication_id = medication.id and dose.{_STANDING})"
    f" or exists (select 1 from plan where medication_id = medication.id and plan.{_STANDING})"
    " order by name collate nocase, id"
)


_DOSES = (
    "select dose.id, medication.name, dose.status, dose.local_time from dose"
    f" join medication on medication.id = medication_id where dose.{_STANDING} order by dose.id desc limit 20"
)


def names(path: str) -> list[tuple[int, str, str | None]]:
    """The id, name and code of every medication in the record at `path`; [] where they cannot be told."""
    return [(row[0], row[1], row[2]) for row in _rows(path, _NAMES)]


def doses(path: str) -> list[tuple[int, str]]:
    """The id of each of the last doses, and what it was; [] where they cannot be told."""
    found = _rows(path, _DOSES)
    return [(row[0], f"{row[1]} {row[2]} {row[3].replace('T', ' ')[:16]}") for row in found]


def _rows(path: str, statement: str) -> list[sqlite3.Row]:
    head = _head(path)
    version, application = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    if application != APPLICATION_ID or not 1 <= version <= SCHEMA or head[18:20] not in (b"\1\1", _WAL):
        return []
    is_wal = head[18:20] == _WAL
    # What is being written, or has a journal beside it, is left alone.
    if not is_wal and identity(path) is None:
        return []
    try:
        connection = connect_in_passing(path, is_immutable=is_wal)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return []


def _head(path: str) -> bytes:
    """The header of an ordinary file; zeros where it is none."""
    if not os.path.isfile(path):
        return bytes(100)
    with open(path, "rb") as file:
        return file.read(100).ljust(100, b"\0")
