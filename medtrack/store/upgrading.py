"""Bringing a record of an older format to this one: all or nothing, and the old file is kept beside it.

Imported only where a record of an older format is opened.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from medtrack.errors import RecordDamaged, RecordReadOnly

from .backups import copy_moment
from .connection import SCHEMA, connect, translated
from .files import drafted, settle
from .schema import migrate


def upgrade(path: str, connection: sqlite3.Connection) -> tuple[sqlite3.Connection, str | None]:
    """Bring the record open in `connection` to the newest format.

    Gives the connection to go on with, and where the file is kept as it was. Where nothing can be written
    there, the connection is of a copy in memory that refuses every write: reading goes on. Raises
    RecordLocked, RecordDamaged, DiskTrouble.
    """
    try:
        with translated(path):
            kept = _upgrade_file(path, connection)
    except RecordReadOnly:
        return upgraded_copy(path, connection), None
    connection.close()
    return connect(path), kept


def upgraded_copy(path: str, connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory in the newest format, which refuses every write; `connection` is closed."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with translated(path), closing(connection):
        _require_whole(path, connection)
        copy_moment(connection, memory)
        memory.execute("begin")
        migrate(memory)
        memory.execute("commit")
        memory.execute("pragma query_only = on")
    return memory


def _upgrade_file(path: str, connection: sqlite3.Connection) -> str | None:
    # SQLite asks for it of changes of the schema; the migration checks the keys itself.
    connection.execute("pragma foreign_keys = off")
    connection.execute("begin immediate")
    try:
        version = int(connection.execute("pragma user_version").fetchone()[0])
        # Another process may have been faster.
        kept = _keep(path, connection, version) if version < SCHEMA else None
        if kept is not None:
            migrate(connection)
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return kept


def _keep(path: str, connection: sqlite3.Connection, version: int) -> str:
    """Copy the file as it is to a name beside it; one that a try cut short left there is replaced."""
    _require_whole(path, connection)
    kept = f"{path}.format-{version}"
    with drafted(kept) as draft:
        # Through a connection of its own: a copy waits for ever for the one that holds the lock itself.
        with closing(connect(draft)) as file, closing(connect(path)) as source:
            file.execute("pragma journal_mode = off")
            copy_moment(source, file)
        settle(draft, kept, replace=True)
    return kept


def _require_whole(path: str, connection: sqlite3.Connection) -> None:
    found = [row[0] for row in connection.execute("pragma integrity_check")]
    if found != ["ok"]:
        raise RecordDamaged(path=path, why="its parts do not fit together")
