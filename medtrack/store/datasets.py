"""Data sets that a person brought along: one SQLite file each, beside the records, for all people here.

They hold public facts and nothing of a person; they are private files all the same, since which are there
tells something. A file is written as a draft under a name that nobody can foresee and takes its place whole
or not at all. It is read in its own format only: one that is damaged or of another format is not used, and
says so.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any

from medtrack.domain.safety.datasets import About, Pairing
from medtrack.domain.safety.facts import SEVERITIES
from medtrack.domain.safety.naming import name_key
from medtrack.errors import ImportRefused, InputUnreadable

from .connection import connect_to_read
from .files import drafted, make_private, settle

NAMES = ("ansm", "ddinter", "rxnorm", "ndc")
"""The data sets there can be."""
OF_NAMES = ("rxnorm", "ndc")
"""Those that hold names; the others hold pairs."""
_APPLICATION_ID = 0x4D454453
"""'MEDS'."""
_FORMAT = 1
_MOST_ROWS = 5_000_000
"""No edition has nearly so many; a file that goes on and on would fill the disk."""
_BLOCK = 5_000
"""Rows that are written at once."""
_TABLES = """
    create table about (key text primary key, value text not null) strict, without rowid;
    create table member (substance text, part text, primary key (substance, part)) strict, without rowid;
    create table rule (
        a text, b text, severity text, level text, words text, is_sure integer not null,
        primary key (a, b, severity, level, words)
    ) strict, without rowid;
    create table called (name text, substances text, primary key (name, substances)) strict, without rowid;
"""


def file_of(folder: str, name: str) -> str:
    """Where a data set is kept."""
    return os.path.join(folder, f"{name}.db")


def installed(folder: str) -> list[StoredSet]:
    """The data sets that are there, in order of their names."""
    return [StoredSet(file_of(folder, name), name) for name in NAMES if os.path.isfile(file_of(folder, name))]


def stamp(folder: str) -> str:
    """What changes when a data set of names is imported or removed: what follows from names rests on it."""
    found = []
    for name in OF_NAMES:
        try:
            about = os.stat(file_of(folder, name))
        except OSError:
            continue
        found.append(f"{name}-{about.st_mtime_ns}-{about.st_size}")
    return " ".join(found)


def remove(folder: str, name: str) -> bool:
    """Remove a data set; False where there is none. Raises InputUnreadable."""
    path = file_of(folder, name)
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InputUnreadable(path=path, why=(error.strerror or "it cannot be removed").lower()) from None
    return True


# --- writing -----------------------------------------------------------------------------------------


class Draft:
    """A data set that is being written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._put_so_far = 0

    def count(self, table: str) -> int:
        """How many rows a table has so far."""
        found = self._connection.execute(f"select count(*) from {table}").fetchone()
        return int(found[0])

    def say(self, about: About) -> None:
        """Write down what it is."""
        facts = {
            "title": about.title,
            "version": about.version,
            "licence": about.licence,
            "imported_on": about.imported_on.isoformat(),
            "rows": str(about.rows),
            "holes": json.dumps(about.holes),
        }
        self._connection.executemany("insert into about values (?, ?)", facts.items())

    def add_members(self, members: Iterable[tuple[str, str]]) -> None:
        """Append substances with what the rules call them, all as names are compared."""
        self._put("insert or ignore into member values (?, ?)", members)

    def add_members_of_rules(self) -> None:
        """Append what the rules name, each as a substance of its own."""
        self._connection.execute(
            "insert or ignore into member select a, a from rule union select b, b from rule"
        )

    def add_rules(self, rules: Iterable[tuple[str, str, str, str, str, bool]]) -> None:
        """Append rules: a, b, severity, level, words, whether it is sure."""
        self._put("insert or ignore into rule values (?, ?, ?, ?, ?, ?)", rules)

    def add_names(self, names: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Append names with the substances they stand for."""
        self._put(
            "insert or ignore into called values (?, ?)",
            ((name_key(name), json.dumps(held)) for name, held in names if name_key(name)),
        )

    def _put(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        block: list[tuple[object, ...]] = []
        for row in rows:
            block.append(row)
            if len(block) == _BLOCK:
                self._flush(statement, block)
        self._flush(statement, block)

    def _flush(self, statement: str, block: list[tuple[object, ...]]) -> None:
        self._connection.executemany(statement, block)
        self._put_so_far += len(block)
        block.clear()
        if self._put_so_far > _MOST_ROWS:
            raise ImportRefused(what=f"it holds more than {_MOST_ROWS:,} rows, more than any edition does.")


@contextmanager
def writing(folder: str, name: str) -> Iterator[Draft]:
    """A data set to be filled, which takes its place when it is whole; nothing is changed where it fails.

    Raises InputUnreadable where the folder cannot be written or the disk is full.
    """
    path = file_of(folder, name)
    try:
        make_private(folder)
        with drafted(path) as draft:
            connection = sqlite3.connect(draft, isolation_level=None)
            try:
                # A draft is thrown away whole, and made durable whole, so no journal is kept of it.
                connection.execute("pragma journal_mode = off")
                connection.execute("pragma synchronous = off")
                connection.execute(f"pragma application_id = {_APPLICATION_ID}")
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute("begin")
                yield Draft(connection)
                connection.execute(f"pragma user_version = {_FORMAT}")
                connection.execute("commit")
            finally:
                connection.close()
            settle(draft, path, replace=True)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputUnreadable(path=path, why=f"it could not be written: {why.lower()}") from None


# --- reading -----------------------------------------------------------------------------------------


class StoredSet:
    """A data set that is there, opened on first use; one that cannot be read says why and knows nothing."""

    def __init__(self, path: str, name: str) -> None:
        self._path = path
        self.name = name
        self.problem = ""
        """Why it is not used; empty where it is."""
        self._connection: sqlite3.Connection | None = None
        self._parts: dict[tuple[str, ...], list[str]] = {}

    @property
    def holds_names(self) -> bool:
        """Whether it holds names, not pairs."""
        return self.name in OF_NAMES

    @cached_property
    def about(self) -> About:
        """What it is; with nothing but its name where it cannot be read."""
        found = {row[0]: row[1] for row in self._rows("select key, value from about")}
        try:
            return About(
                self.name,
                found["title"],
                found["version"],
                found["licence"],
                date.fromisoformat(found["imported_on"]),
                int(found["rows"]),
                tuple(json.loads(found["holes"])),
            )
        except (KeyError, ValueError, TypeError):
            self.problem = self.problem or "it is damaged"
            return About(self.name, self.name, "", "", date.min, 0, ())

    @property
    def title(self) -> str:
        """Its title with its version."""
        return " ".join(part for part in (self.about.title, self.about.version) if part)

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether one of some names, as names are compared, is in it."""
        return bool(self._parts_of(tuple(keys)))

    def pairings(self, some: Iterable[str], others: Iterable[str]) -> list[Pairing]:
        """What it says of two medicines, each by all of its names."""
        left, right = self._parts_of(tuple(some)), self._parts_of(tuple(others))
        found = []
        for one, other in ((left, right), (right, left)):
            marks = (", ".join("?" * len(one)), ", ".join("?" * len(other)))
            found += self._rows(
                "select severity, level, words, is_sure from rule"
                f" where a in ({marks[0]}) and b in ({marks[1]})",
                (*one, *other),
            )
        return [Pairing(row[0], row[1], row[2], bool(row[3])) for row in found if row[0] in SEVERITIES]

    def meanings(self, key: str) -> list[tuple[str, ...]]:
        """The substances that a name stands for; several where it is of several products."""
        found = self._rows("select substances from called where name = ? order by substances", (key,))
        try:
            return [tuple(str(each) for each in json.loads(row[0])) for row in found]
        except (ValueError, TypeError):
            self.problem = "it is damaged"
            return []

    def _parts_of(self, keys: tuple[str, ...]) -> list[str]:
        if keys not in self._parts:
            marks = ", ".join("?" * len(keys))
            found = self._rows(f"select distinct part from member where substance in ({marks})", keys)
            self._parts[keys] = [row[0] for row in found]
        return self._parts[keys]

    def _rows(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        if self.problem:
            return []
        try:
            if self._connection is None:
                self._connection = _opened(self._path)
            return self._connection.execute(statement, values).fetchall()
        except (sqlite3.Error, ValueError):
            self.problem = "it is damaged, or of another version of medtrack"
            return []


def _opened(path: str) -> sqlite3.Connection:
    """Open a data set for reading. Raises ValueError where it is none, and sqlite3.Error."""
    connection = connect_to_read(path)
    application = connection.execute("pragma application_id").fetchone()[0]
    version = connection.execute("pragma user_version").fetchone()[0]
    if (application, version) != (_APPLICATION_ID, _FORMAT):
        connection.close()
        raise ValueError
    return connection
