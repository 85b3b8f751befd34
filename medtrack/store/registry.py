"""What this machine remembers of the records it has seen, in the state directory beside no record.

One small text file per record: its path, this device's identity in it, and the head of this device's
chain. It tells a record that vanished from one that never was, and shows when a chain's tail was cut.
It is a courtesy: where it cannot be written, doses are recorded all the same.
"""

import os
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
            with open(self._file(path), encoding="utf-8", errors="surrogateescape") as file:
                known = file.read().split("\n")
        except OSError:
            return None
        return Entry(*known[:3]) if len(known) >= 3 and known[0] == path else None

    def remember(self, entry: Entry) -> None:
        """Keep an entry in place of the one before; silently not, where the folder cannot be written."""
        if self.folder is None:
            return
        target = self._file(entry.path)
        draft = f"{target}.{os.getpid()}"
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
            with open(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write("\n".join((*entry, "")))
            os.replace(draft, target)
        except OSError:
            return

    def _file(self, path: str) -> str:
        name = digest(os.fsencode(path)).hex()[:32]
        return os.path.join(self.folder or "", name)
