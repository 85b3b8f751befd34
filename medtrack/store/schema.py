"""The tables of a record: made new, or brought from an older format to this one.

Imported only when a record is made or its format is older than this one: sqlite_utils is slow to start.
"""

from __future__ import annotations

import sqlite3

import sqlite_utils

from . import m001, m002, m003, m004, m005, m006
from .connection import APPLICATION_ID, SCHEMA
from .migrations import steps

FORMATS = (m001, m002, m003, m004, m005, m006)
"""Each adds its steps to `steps` when it is imported, in this order."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a record to the newest format inside the caller's transaction.

    Foreign keys must be off, as SQLite asks of schema changes; they are checked before the end.
    """
    database = sqlite_utils.Database(connection, execute_plugins=False)
    steps.apply(database)
    broken = connection.execute("pragma foreign_key_check").fetchall()
    if broken:
        raise sqlite3.IntegrityError(f"{len(broken)} rows refer to nothing")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.execute(f"pragma user_version = {SCHEMA}")
