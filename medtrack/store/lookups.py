"""Answers of public services that were asked, kept in the state directory with the day they came.

They say what was looked up, so the file is its owner's alone. It can be done without: where it cannot be
written or read, everything is asked anew.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from typing import NamedTuple

from .connection import connect, connect_to_read
from .files import drafted, make_private, settle
from .rows import instant_of, instant_text

_TABLE = """
    create table if not exists answer (
        address text primary key, fetched_at text not null, status integer not null, body text not null
    ) strict
"""


class Kept(NamedTuple):
    """An answer, and when it came."""

    status: int
    body: str
    fetched_at: datetime


class Lookups(NamedTuple):
    """The answers that are kept; `path` is None where there is no state directory."""

    path: str | None

    def answer(self, address: str) -> Kept | None:
        """What came from an address, if it is kept."""
        if self.path is None or not os.path.isfile(self.path):
            return None
        try:
            connection = connect_to_read(self.path)
            try:
                row = connection.execute(
                    "select status, body, fetched_at from answer where address = ?", (address,)
                ).fetchone()
            finally:
                connection.close()
            return None if row is None else Kept(int(row[0]), str(row[1]), instant_of(row[2]))
        except (sqlite3.Error, ValueError, TypeError):
            return None

    def keep(self, address: str, kept: Kept) -> bool:
        """Keep an answer in place of the one before; False where that cannot be."""
        if self.path is None:
            return False
        try:
            _make_file(self.path)
            connection = connect(self.path)
            try:
                connection.execute(_TABLE)
                connection.execute(
                    "insert or replace into answer values (?, ?, ?, ?)",
                    (address, instant_text(kept.fetched_at), kept.status, kept.body),
                )
            finally:
                connection.close()
        except (OSError, sqlite3.Error):
            return False
        return True

    def forget(self) -> bool:
        """Remove every answer; False where there is none."""
        if self.path is None:
            return False
        try:
            os.unlink(self.path)
        except OSError:
            return False
        return True


def _make_file(path: str) -> None:
    """Make an empty file, its owner's alone, where there is none."""
    if os.path.isfile(path):
        return
    make_private(os.path.dirname(path))
    with drafted(path) as draft:
        settle(draft, path)
