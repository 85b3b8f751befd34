"""The names a record holds, for a shell that completes them: read in passing, and nothing is touched.

Not the way a record is read otherwise. Nothing is migrated, checked or waited for, and whatever stands in
the way (a format that is not known, a writer at work, a journal to be rolled back) makes the answer empty.
"""

from __future__ import annotations

import sqlite3

from .connection import APPLICATION_ID, SCHEMA, connect_in_passing
from .outlook import identity

_STANDING = "uid not in (select voided.uid from voided)"
_NAMES = (
    f"select id, name, code from medication where {_STANDING}"
    f" or exists (select 1 from dose where medication_id = medication.id and dose.{_STANDING})"
    f" or exists (select 1 from plan where medication_id = medication.id and plan.{_STANDING})"
    " order by name collate nocase, id"
)


def names(path: str) -> list[tuple[int, str, str | None]]:
    """The id, name and code of every medication in the record at `path`; [] where they cannot be told."""
    # What is being written, is no ordinary file, or has a journal beside it is left alone.
    if identity(path) is None:
        return []
    with open(path, "rb") as file:
        head = file.read(100)
    version, application = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    if application != APPLICATION_ID or not 1 <= version <= SCHEMA or head[18:20] != b"\1\1":
        return []
    try:
        connection = connect_in_passing(path)
        try:
            return [(row[0], row[1], row[2]) for row in connection.execute(_NAMES)]
        finally:
            connection.close()
    except sqlite3.Error:
        return []
