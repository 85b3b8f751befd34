"""What `due` and `remind` answer, and until when: so that the next one need not work it out.

An answer is good for one file as it was read, within `[since, until)`. It lies in the state directory and not
in the record, since a command that only reads does not write there, and it is read without SQLite: by the
file's identity and its change counter, which every commit raises (SQLite file format, 1.3.7). Whatever
else could change the answer stands in the file with its own time of change: the zone database.
"""

from __future__ import annotations

import os
from binascii import crc32

from .heartbeat import read_numbers, write_numbers

FORMAT = 1
"""Raised whenever what makes an answer changes."""
_ORDINARY = 0o100000
"""The kind of an ordinary file among its mode (stat.S_IFREG, whose module is not worth its import)."""
_JOURNALS = ("-journal", "-wal")
NUMBERS = 16


class Outlook:
    """Answers as they were worked out at `since`; instants are seconds since 1970."""

    __slots__ = ("due", "due_until", "given", "overdue", "quiet_until", "since")

    def __init__(
        self, since: int, due: int, overdue: int, due_until: int, quiet_until: int = 0, given: int = 0
    ) -> None:
        self.since = since
        self.due = due
        """How many doses are due, and how many overdue, until `due_until`."""
        self.overdue = overdue
        self.due_until = due_until
        self.quiet_until = quiet_until
        """Until when a check has nothing to say; 0 where that was not worked out."""
        self.given = given
        """What tells the text that `since` was given in from others; 0 where it is the time of the clock."""


class Outlooks:
    """The outlooks of this machine; `folder` is None where there is no state directory."""

    __slots__ = ("folder", "suffix")

    def __init__(self, folder: str | None, *, simulated: bool) -> None:
        self.folder = folder
        # What was told under a given time was not told really.
        self.suffix = ".simulated" if simulated else ""

    def of(self, path: str) -> Outlook | None:
        """What is known of the record at this path as it is now; None where that is nothing."""
        if self.folder is None:
            return None
        found = read_numbers(self._file(path), path, NUMBERS)
        if found is None or found[0] != FORMAT:
            return None
        return Outlook(*found[1:7]) if identity(path) == found[7:] else None

    def keep(self, path: str, outlook: Outlook, read: list[int] | None) -> None:
        """Keep what was worked out from a file that was like `read` before, if it is so still.

        What an earlier check found stays where this one did not ask: the record is the same.
        """
        if self.folder is None or read is None or identity(path) != read:
            return
        before = self.of(path)
        is_later = before is not None and before.since <= outlook.since
        quiet_until = outlook.quiet_until or (before.quiet_until if before is not None and is_later else 0)
        answers = (outlook.since, outlook.due, outlook.overdue, outlook.due_until, quiet_until, outlook.given)
        write_numbers(self._file(path), path, (FORMAT, *answers, *read))

    def _file(self, path: str) -> str:
        return os.path.join(self.folder or "", f"{crc32(os.fsencode(path)):08x}.outlook{self.suffix}")


def given(text: str) -> int:
    """A number that tells a time that was given, as it was typed, from others; 0 for none."""
    return crc32(text.encode(errors="surrogateescape")) + 1 if text else 0


def identity(path: str) -> list[int] | None:
    """What tells one state of a record from every other; None where it is being written, or is not there."""
    try:
        # Without O_NONBLOCK a pipe in its place would be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        head = os.read(handle, 100) if found.st_mode & 0o170000 == _ORDINARY else b""
    except OSError:
        return None
    finally:
        os.close(handle)
    if len(head) < 100:
        return None
    for journal in _JOURNALS:
        try:
            os.stat(path + journal)
        except FileNotFoundError:
            continue
        except OSError:
            return None
        return None
    return [
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        int.from_bytes(head[24:28], "big"),
        *_zones(),
    ]


def _zones() -> tuple[int, int, int]:
    """When the zone database of the machine, that of the package beside ours, and ours were changed.

    A package that lies elsewhere is not seen; no answer is kept for longer than a day.
    """
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    package = os.path.join(os.path.dirname(here), "tzdata", "__init__.py")
    files = ("/usr/share/zoneinfo/tzdata.zi", package, os.path.join(here, "__init__.py"))
    return _changed(files[0]), _changed(files[1]), _changed(files[2])


def _changed(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0
