"""Opening a record: the gate every file passes, the storage recipe, and SQLite's errors in our words.

The recipe (DELETE journal, synchronous=EXTRA, BEGIN IMMEDIATE) keeps an acknowledged dose through a
power cut; SQLite's usual default can lose it, and WAL breaks in synced folders.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from medtrack.errors import (
    DiskTrouble,
    MedtrackError,
    NotARecord,
    RecordDamaged,
    RecordLocked,
    RecordNewer,
    RecordReadOnly,
)

SCHEMA = 6
"""The format this medtrack writes."""
APPLICATION_ID = 0x4D454454
"""'MEDT': what marks an SQLite file as a medication record."""
PATIENCE = 10.0
"""Seconds to wait for another writer."""
MOST_MS, SPELL_MS = 10_000, 50
"""The same in milliseconds, and those after which a writer looks anew."""
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~")
"""The bytes that stand for themselves in a URI's path."""


def connect(path: str) -> sqlite3.Connection:
    """Open an existing file by the recipe; nothing is created and nothing is checked yet."""
    connection = sqlite3.connect(_uri(path, "rw"), uri=True, timeout=PATIENCE, isolation_level=None)
    _configure(connection)
    return connection


def connect_to_read(path: str) -> sqlite3.Connection:
    """Open an existing file that is no record, for reading alone; nothing is checked yet."""
    connection = sqlite3.connect(_uri(path, "ro"), uri=True, timeout=PATIENCE, isolation_level=None)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma cell_size_check = on")
    return connection


def connect_in_passing(path: str, *, is_immutable: bool = False) -> sqlite3.Connection:
    """Open an existing record for one look at it: nothing is waited for and nothing is checked.

    As one that is immutable it is read without its log, and without a lock.
    """
    address = _uri(path, "ro") + "&immutable=1" * is_immutable
    connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)
    connection.execute("pragma trusted_schema = off")
    return connection


def _uri(path: str, mode: str) -> str:
    # Every byte that means something in a URI is escaped; the empty authority keeps '//x' a path.
    name = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in os.fsencode(path))
    return f"file://{name}?mode={mode}"


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma cell_size_check = on")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma synchronous = extra")


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin an action, other writers kept out; waits for them. Raises sqlite3.OperationalError.

    SQLite looks ever more rarely the longer it waits, so that whoever came last goes first and one of many
    writers may never get its turn. Waiting in short spells gives each the same chance.
    """
    connection.execute(f"pragma busy_timeout = {SPELL_MS}")
    try:
        for left in reversed(range(MOST_MS // SPELL_MS)):
            try:
                connection.execute("begin immediate")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                    raise
    finally:
        connection.execute(f"pragma busy_timeout = {MOST_MS}")


def open_record(path: str) -> sqlite3.Connection:
    """Open a record that exists, through the gate; one of an older format as a copy in memory.

    Raises NotARecord, RecordDamaged, RecordNewer, RecordLocked or RecordReadOnly; touches nothing.
    """
    return _in_this_format(path, *_passed(path))


def open_for_use(path: str) -> tuple[sqlite3.Connection, str | None]:
    """Open the record in use, and bring it to this format where it is of an older one.

    The second is where the file is kept as it was before, if it was brought. Raises what `open_record` does.
    """
    connection, version = _passed(path)
    if version == SCHEMA:
        return connection, None
    from .upgrading import upgrade

    return upgrade(path, connection)


def _in_this_format(path: str, connection: sqlite3.Connection, version: int) -> sqlite3.Connection:
    if version == SCHEMA:
        return connection
    from .upgrading import upgraded_copy

    return upgraded_copy(path, connection)


def _passed(path: str) -> tuple[sqlite3.Connection, int]:
    """The file open, and the number of its format, which is one that this medtrack knows."""
    check_file(path)
    with translated(path):
        connection = connect(path)
        try:
            version = _check_gate(path, connection)
        except BaseException:
            connection.close()
            raise
    return connection, version


def open_content(path: str, content: bytes) -> sqlite3.Connection:
    """Open a record that was read from `path` into memory, through the gate; nothing touches a disk.

    Raises what `open_record` does.
    """
    if not content:
        raise RecordDamaged(path=path, why="it is empty")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with translated(path):
        try:
            connection.deserialize(without_wal(content))
            _configure(connection)
            version = _check_gate(path, connection)
        except BaseException:
            connection.close()
            raise
    return _in_this_format(path, connection, version)


def without_wal(content: bytes) -> bytes:
    """A whole database without the mark that it is written in WAL (SQLite file format, section 1.3.3).

    A database in memory has no WAL, and cannot be opened with that mark.
    """
    return content[:18] + b"\1\1" + content[20:] if content[18:20] == b"\2\2" else content


def _check_gate(path: str, connection: sqlite3.Connection) -> int:
    """The number of the format, which is one that this medtrack knows."""
    application = connection.execute("pragma application_id").fetchone()[0]
    version = int(connection.execute("pragma user_version").fetchone()[0])
    if application != APPLICATION_ID:
        raise NotARecord(path=path, why="it is another program's database")
    if version > SCHEMA:
        raise RecordNewer(path=path, found=version, known=SCHEMA)
    if version < 1:
        raise RecordDamaged(path=path, why=f"its format number {version} was never released")
    return version


def check_file(path: str) -> None:
    """Refuse what cannot be a record before SQLite opens it: a directory, a pipe, a device, an empty file."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise NotARecord(path=path, why=(error.strerror or "it cannot be reached").lower()) from None
    if not stat.S_ISREG(found.st_mode):
        kind = "a directory" if stat.S_ISDIR(found.st_mode) else "not an ordinary file"
        raise NotARecord(path=path, why=f"it is {kind}")
    if found.st_size == 0:
        raise RecordDamaged(path=path, why="it is empty")


def create_record(path: str, content: bytes) -> sqlite3.Connection:
    """Make a new record of a whole database; where another process was faster, open its record."""
    from .files import publish

    with translated(path):
        publish(path, content)
    return open_record(path)


@contextmanager
def translated(path: str) -> Iterator[None]:
    """SQLite's and the system's errors, said as refusals of ours about this record."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # a mistake in a statement is ours, not the file's
    except sqlite3.Error as error:
        raise refusal(path, error) from None
    except UnicodeDecodeError:
        # SQLite's own message quoted a damaged table.
        raise RecordDamaged(path=path, why="text in it cannot be read") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        if isinstance(error, PermissionError) or "read-only" in why:
            raise RecordReadOnly(path=path, why=why) from None
        raise DiskTrouble(path=path, why=why) from None


def refusal(path: str, error: sqlite3.Error) -> MedtrackError:
    """The refusal that says an SQLite error in plain words."""
    extended = getattr(error, "sqlite_errorcode", 0)
    if extended == sqlite3.SQLITE_READONLY_DBMOVED:
        moved = "another file was put in its place meanwhile"
        return DiskTrouble(path=path, why=moved, outcome="Nothing was recorded; try again", is_replaced=True)
    code = extended & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return RecordLocked(path=path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return RecordReadOnly(path=path, why="it is read-only")
    if code == sqlite3.SQLITE_CANTOPEN:
        return RecordReadOnly(path=path, why="it or its folder does not allow it")
    if code == sqlite3.SQLITE_FULL:
        return DiskTrouble(path=path, why="the disk is full")
    if code == sqlite3.SQLITE_IOERR:
        return DiskTrouble(path=path, why="the disk reports an error")
    if code == sqlite3.SQLITE_NOTADB:
        return NotARecord(path=path, why="it is not a database")
    # SQLite's own words may quote what the record holds.
    why = {sqlite3.SQLITE_ERROR: "its tables are not as they were made", 0: "text in it cannot be read"}
    return RecordDamaged(path=path, why=why.get(code, "its parts do not fit together"))
