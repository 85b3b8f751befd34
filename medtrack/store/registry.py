"""What this machine remembers of the records it has seen, in the state directory beside no record.

One small text file per record: its path, this device's identity in it, and the head of this device's
chain. It tells a record that vanished from one that never was, and shows when a chain's tail was cut.
It is a courtesy: where it cannot be written, doses are recorded all the same.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from medtrack.domain.chain import digest


class Entry(NamedTuple):
    """What is remembered of one record."""

    path: str
    device: str
    head: str
    """The hash, in hex, of this device's last action there; empty before the first."""


class Registry(NamedTuple):
    """The records known to this machine; `folder` is None where there is no state directory."""

    folder: str | None

    def entry(self, path: str) -> Entry | None:
        """What is remembered of the record at this path, if anything."""
        if self.folder is None:
            return None
        try:
            with open(self._file(path), encoding="utf-8", errors="surrogateescape", newline="") as file:
                device, head, known = file.read().removesuffix("\n").split("\n", 2)
            bytes.fromhex(head)
        except (OSError, ValueError):
            return None
        return Entry(path, device, head) if known == path and device else None

    def paths(self) -> list[str]:
        """The path of every record that is remembered, in order."""
        if self.folder is None:
            return []
        try:
            files = [os.path.join(self.folder, name) for name in os.listdir(self.folder)]
        except OSError:
            return []
        found = []
        for name in files:
            try:
                with open(name, encoding="utf-8", errors="surrogateescape", newline="") as file:
                    path = file.read().removesuffix("\n").split("\n", 2)[2]
            except (OSError, IndexError):
                continue
            if self._file(path) == name:
                found.append(path)
        return sorted(found)

    def remember(self, entry: Entry) -> bool:
        """Keep an entry in place of the one before; False where the folder cannot be written."""
        return self._keep(entry, os.replace)

    def enroll(self, entry: Entry) -> Entry | None:
        """Keep the first entry of a record; gives the one kept, another process's if that was faster."""
        return entry if self._keep(entry, os.link) else self.entry(entry.path)

    def forget(self, path: str) -> None:
        """Know nothing of the record at this path any more."""
        _forget(self._file(path))

    def _keep(self, entry: Entry, put: Callable[[str, str], None]) -> bool:
        if self.folder is None:
            return False
        target = self._file(entry.path)
        draft = f"{target}.{os.urandom(8).hex()}"
        try:
            if not os.path.isdir(self.folder):
                from .files import make_private

                make_private(self.folder)
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        except OSError:
            return False
        try:
            with open(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                os.fchmod(handle, 0o600)
                file.write(f"{entry.device}\n{entry.head}\n{entry.path}\n")
            put(draft, target)
        except OSError:
            _forget(draft)
            return False
        if put is os.link:
            _forget(draft)
        return True

    def _file(self, path: str) -> str:
        name = digest(os.fsencode(path)).hex()[:32]
        return os.path.join(self.folder or "", name)


def _forget(draft: str) -> None:
    try:
        os.unlink(draft)
    except OSError:
        return
