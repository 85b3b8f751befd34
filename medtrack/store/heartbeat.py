"""When `remind` last ran for a record: one small file each in the state directory.

It is not an action: a check every five minutes would drown the history. It is read and written before
anything heavy is imported, so it is plain numbers: seconds since 1970. Checks under a given time keep one
of their own, which says nothing about the real ones.
"""

from __future__ import annotations

import os
from binascii import crc32

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 15 * 60
"""Seconds between two checks beyond which there is a gap; with a longer interval, three of it."""


class Heartbeat:
    """The checks of one record: the first, the last, and the newest gap between two."""

    __slots__ = ("every", "first", "gap", "last")

    def __init__(self, first: int, last: int, every: int, gap: tuple[int, int] | None) -> None:
        self.first = first
        self.last = last
        self.every = every
        """Seconds between two checks as they were set up; 0 where nobody said."""
        self.gap = gap
        """From the last check before to the first after."""

    @property
    def slack(self) -> int:
        """How many seconds may lie between two checks."""
        return max(SLACK, 3 * self.every)

    def is_gap(self, now: int) -> bool:
        """Whether nothing ran for longer than there should lie between two checks."""
        return now - self.last > self.slack

    def beaten(self, now: int) -> Heartbeat:
        """The same after one more check."""
        gap = (self.last, now) if self.is_gap(now) else self.gap
        # A clock that was put back begins anew: what lies ahead of it is not known to have run.
        first = min(self.first, now)
        return Heartbeat(first, now, self.every, gap)


class Heartbeats:
    """The heartbeats of this machine; `folder` is None where there is no state directory."""

    __slots__ = ("folder", "suffix")

    def __init__(self, folder: str | None, *, simulated: bool) -> None:
        self.folder = folder
        self.suffix = ".simulated" if simulated else ""

    def of(self, path: str) -> Heartbeat | None:
        """The heartbeat of the record at this path; None where no check ran."""
        if self.folder is None:
            return None
        found = read_numbers(self._file(path), path, 5)
        if found is None:
            return None
        first, last, every, gap_since, gap_until = found
        return Heartbeat(first, last, every, (gap_since, gap_until) if gap_until else None)

    def keep(self, path: str, beat: Heartbeat) -> bool:
        """Keep a heartbeat; False where it cannot be written."""
        gap_since, gap_until = beat.gap or (0, 0)
        numbers = (beat.first, beat.last, beat.every, gap_since, gap_until)
        return self.folder is not None and write_numbers(self._file(path), path, numbers)

    def paths(self) -> list[str]:
        """The path of every record of which a check ran."""
        try:
            names = os.listdir(self.folder or "")
        except OSError:
            return []
        found = []
        for name in names:
            try:
                with open(os.path.join(self.folder or "", name), "rb") as opened:
                    found.append(os.fsdecode(opened.read(70_000).partition(b"\n")[2].removesuffix(b"\n")))
            except OSError:
                continue
        return found

    def is_kept(self) -> bool:
        """Whether heartbeats can be kept here."""
        return self.folder is not None and (
            os.access(self.folder, os.W_OK | os.X_OK) or not os.path.exists(self.folder)
        )

    def forget(self, path: str) -> None:
        """Expect no more checks of this record."""
        try:
            os.unlink(self._file(path))
        except OSError:
            return

    def _file(self, path: str) -> str:
        return os.path.join(self.folder or "", f"{crc32(os.fsencode(path)):08x}{self.suffix}")


def read_numbers(file: str, path: str, count: int) -> list[int] | None:
    """The numbers of a file of this record; None where it is not there, another's, or not whole."""
    try:
        with open(file, "rb") as opened:
            line, _, rest = opened.read(70_000).partition(b"\n")
        numbers = [int(word) for word in line.split()]
    except (OSError, ValueError):
        return None
    return numbers if len(numbers) == count and rest == os.fsencode(path) + b"\n" else None


def write_numbers(file: str, path: str, numbers: Sequence[int]) -> bool:
    """Write such a file, 0600, whole or not at all; False where it cannot be written."""
    draft = f"{file}.{os.getpid()}"
    try:
        try:
            handle = _new(draft)
        except FileNotFoundError:
            from .files import make_private

            make_private(os.path.dirname(file))
            handle = _new(draft)
        try:
            os.write(handle, b" ".join(b"%d" % each for each in numbers) + b"\n" + os.fsencode(path) + b"\n")
        finally:
            os.close(handle)
        os.replace(draft, file)
    except OSError:
        return False
    return True


def _new(draft: str) -> int:
    return os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
