"""Putting a backup in the place of a record, all or nothing; the record that was there is kept aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from medtrack.errors import NotARecord, RecordLocked, UsageRefused

from .backups import JOURNALS, Contents, disk_told, fill, opened, put
from .connection import connect, open_record, refusal
from .device import new_name
from .encryption import NO_KEY, Unlock
from .files import drafted, make_private, publish, sync_directory
from .record import Record
from .registry import Entry, Registry

UNCHANGED = "The record was left as it was"


class Replacement:
    """A proven copy of a backup beside the record, ready to take its place."""

    def __init__(self, path: str, draft: str, registry: Registry, contents: Contents) -> None:
        self.path = path
        self.contents = contents
        """What the record will hold."""
        self.record = Record(path, open_record(draft), Registry(None))
        """The copy, to be read before it is put."""
        self._draft = draft
        self._registry = registry

    def put(self, now: datetime) -> str | None:
        """Put the copy in the record's place; gives where what was there is kept now, if anything was.

        A process killed at any moment of it, and a power cut, leave the old record or the new one under the
        name, and what is remembered is true of either. Raises RecordLocked, FileExists where a record appears
        meanwhile, and DiskTrouble.
        """
        # What is remembered is true of the record that is set aside; this one begins as a new device.
        after = Entry(self.path, new_name(), self.record.head.hex())
        self.record.close()
        with _held(self.path) as old, disk_told(self.path, UNCHANGED):
            aside = _set_aside(self.path, old, now)
            # Names reach the disk in any order: the second name first, or a power cut loses what was there.
            sync_directory(os.path.dirname(self.path))
            with self._announced(after):
                put(self._draft, self.path, replace=aside is not None, outcome=UNCHANGED)
        return aside

    @contextmanager
    def _announced(self, after: Entry) -> Iterator[None]:
        """Remember, from before the record's content changes, that it may; and in the end that it did.

        What is remembered between is true of both, so that it may stay where the change fails.
        """
        before = self._registry.entry(self.path)
        if before is not None:
            self._registry.remember(after._replace(before=before), durable=True)
        yield
        self._registry.remember(after, durable=True)
        # It was lost from what is set aside now, and whoever restores knows what to expect.
        self._registry.settle_lost(self.path)


@contextmanager
def replacement(
    path: str, named: str, file: str, registry: Registry, unlock: Unlock = NO_KEY
) -> Iterator[Replacement]:
    """Copy a backup beside the record at `path` and prove the copy; nothing is replaced before `put`.

    `named` is the record's path as it was typed. Raises InputUnreadable where the file is missing,
    UsageRefused where it is the record itself, what opening it raises in the file's name, and DiskTrouble.
    """
    refuse_itself(path, file)
    # A link to a file that is not there may be a disk not mounted: nothing is made through it.
    if os.path.islink(named) and not os.path.lexists(path):
        raise NotARecord(path=named, why=f"it is a link, and {path} is missing")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise NotARecord(path=path, why="it is not an ordinary file")
    with opened(file, unlock) as source, disk_told(path, UNCHANGED):
        make_private(os.path.dirname(path))
        with drafted(path) as draft:
            ready = Replacement(path, draft, registry, fill(source, draft, path, UNCHANGED))
            try:
                yield ready
            finally:
                ready.record.close()


def refuse_itself(path: str, file: str) -> None:
    """Refuse a backup that is the record itself, by whatever name. Raises UsageRefused."""
    if os.path.exists(path) and os.path.exists(file) and os.path.samefile(file, path):
        raise UsageRefused(what=f"{file} is the record itself: name a backup.")


def aside_name(path: str, before: str, now: datetime) -> str:
    """A free name for what was there before something was done to a record."""
    return _free_name(f"{path}.before-{before}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")


@contextmanager
def _held(path: str) -> Iterator[sqlite3.Connection | None]:
    """Keep other programs from writing to the record there; one that cannot be read cannot be held.

    A program that waits meanwhile finds its file moved, and is refused by SQLite itself. Raises RecordLocked.
    """
    connection = None
    try:
        if os.path.lexists(path) and os.path.getsize(path):
            connection = connect(path)
            # An unfinished write is rolled back and a WAL is taken in: the file is then all there is.
            connection.execute("pragma journal_mode = delete")
            connection.execute("begin exclusive")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        refused = refusal(path, error)
        if isinstance(refused, RecordLocked):
            raise refused from None
        connection = None
    try:
        yield connection
    finally:
        if connection is not None:
            connection.close()


def _set_aside(path: str, old: sqlite3.Connection | None, now: datetime) -> str | None:
    """Give what is at `path` a second name, which it keeps; None where nothing is there.

    A journal belongs to the old file and would be played into the new one: it goes along.
    """
    aside = aside_name(path, "restore", now)
    is_there = os.path.lexists(path)
    if is_there:
        try:
            os.link(path, aside)
        except OSError:
            # Some filesystems have no hard links. To open the file and close it would let go of the lock.
            publish(aside, _content(path) if old is None else old.serialize())
        os.chmod(aside, 0o600)
    for end in JOURNALS:
        if os.path.lexists(path + end):
            os.rename(path + end, aside + end)
    return aside if is_there else None


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _free_name(wanted: str) -> str:
    name, number = wanted, 1
    while any(os.path.lexists(name + end) for end in ("", *JOURNALS)):
        number += 1
        name = f"{wanted}-{number}"
    return name
