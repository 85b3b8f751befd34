"""Which device this machine is in a record, and whether what it knew there is still in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .connection import translated
from .registry import Entry

if TYPE_CHECKING:
    from .record import Record

END_LOST = (
    "The last action that this machine wrote is missing: the end of the record was cut, or an older copy was"
    " put in its place."
)
"""Said of a record until what it lacks is brought back, or settled on purpose."""


class Device:
    """This machine as the writer of one open record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._name: str | None = None
        self._seen: str | None = None
        """The device that was remembered when the name was looked up."""

    @property
    def name(self) -> str:
        """Its name in the record: remembered, or new for a record first seen here.

        A file that lacks the last action that was in it is another one under the same name, a copy or a
        backup brought back: going on as the same device would fork its chain.
        """
        if self._name is None:
            record = self._record
            known = record.registry.entry(record.path)
            entry = None if known is None else known.fitting(record.has_action)
            self._seen = None if known is None else known.device
            self._name = self._begin(known) if entry is None else entry.device
        return self._name

    def _begin(self, known: Entry | None) -> str:
        record = self._record
        entry = Entry(record.path, new_name(), record.head.hex())
        if known is None:
            kept = record.registry.enroll(entry)
        else:
            # In this order: what is missing must not be forgotten for what is there.
            is_kept = record.registry.lose(record.path, known.heads) and record.registry.remember(entry)
            kept = entry if is_kept else None
        self._seen = None if kept is None else kept.device
        if kept is not None:
            return kept.device
        # Nowhere to remember it: the file itself tells one copy from another well enough to undo.
        with translated(record.path):
            found = os.stat(record.path)
        return f"{found.st_dev:x}-{found.st_ino:x}"

    def rename(self, name: str | None) -> None:
        """Go on under this name; without one, under what is remembered."""
        self._name = name

    def enroll(self, head: bytes) -> None:
        """Remember a record that was just made, under the name it was made with.

        Another process of this device may have been faster, in making it or in giving the device a name.
        """
        record, kept = self._record, None
        if record.has_action(head):
            kept = record.registry.enroll(Entry(record.path, self.name, head.hex()))
        self._name = None if kept is None else kept.device

    def remember(self, name: str, head: bytes) -> None:
        """Remember the last action it wrote, unless a restore has put another file here since."""
        record = self._record
        known = record.registry.entry(record.path)
        if known is None or known.device in (name, self._seen):
            record.registry.remember(Entry(record.path, name, head.hex()))


def new_name() -> str:
    """A name that no device has."""
    return os.urandom(8).hex()


class Known(NamedTuple):
    """What this machine knows of a record, before that is looked at."""

    entry: Entry | None
    lost: list[str]

    @classmethod
    def of(cls, record: Record) -> Known:
        """What is remembered of a record now."""
        return cls(record.registry.entry(record.path), record.registry.lost(record.path))

    def is_end_there(self, record: Record) -> bool | None:
        """Whether the record has the last action that was known in it; None where none is known."""
        if self.entry is None:
            return None
        found = self.entry.fitting(record.has_action)
        return False if found is None else bool(found.head) or None

    def is_anything_lost(self, record: Record) -> bool:
        """Whether the record lacks what was found missing before."""
        return any(not record.has_action(bytes.fromhex(head)) for head in self.lost)


def is_anything_lost(record: Record) -> bool:
    """Whether something that this machine knew in the record was found missing, and is so still."""
    return Known.of(record).is_anything_lost(record)


def settle_lost(record: Record) -> bool:
    """Expect no more what the record lacks; False where it lacks nothing."""
    known = Known.of(record)
    is_there = known.is_end_there(record)
    if is_there is not False and not known.is_anything_lost(record):
        return False
    if is_there is False:
        record.registry.forget(record.path)
    else:
        record.registry.settle_lost(record.path)
    return True
