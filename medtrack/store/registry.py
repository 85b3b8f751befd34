"""What this machine remembers of the records it has seen, in the state directory beside no record.

One small text file per record: its path, this device's identity in it, and its last action as far as this
machine knows. It tells a record that vanished from one that never was, and shows when its end was cut; what
was found missing is listed in a second file beside it. It is a courtesy: where it cannot be written, doses
are recorded all the same.

What a restore changes, and what is missing, is synced before anything rests on it. The action of every day
is not: after a power cut the file may still name an action before it, which the record holds as well, or be
unreadable, and then nothing is remembered. Neither gives a false alarm.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from medtrack.domain.chain import digest

_HEX = frozenset("0123456789abcdef")


class Entry(NamedTuple):
    """What is remembered of one record."""

    path: str
    device: str
    head: str
    """The hash, in hex, of the last action known to be in it; empty where none is."""
    before: "Entry | None" = None
    """What was so before a restore of which it is not known whether it took place."""

    def fitting(self, has: Callable[[bytes], bool]) -> "Entry | None":
        """What is so now, of a record that is asked whether it has an action; None where it has none of them.

        One that has the last action from before the restore goes on from there, whether or not that took
        place: nothing was taken from it.
        """
        before = None if self.before is None else self.before.fitting(has)
        if before is not None:
            return before
        return self._replace(before=None) if not self.head or has(bytes.fromhex(self.head)) else None

    @property
    def heads(self) -> list[str]:
        """The last action of the record, and what was it before a restore."""
        return [each.head for each in self.versions if each.head]

    @property
    def versions(self) -> list["Entry"]:
        """What may be so, the newest first."""
        return [self, *([] if self.before is None else self.before.versions)]


class Registry(NamedTuple):
    """The records known to this machine; `folder` is None where there is no state directory."""

    folder: str | None

    def entry(self, path: str) -> Entry | None:
        """What is remembered of the record at this path, if anything."""
        if self.folder is None:
            return None
        try:
            with open(self._file(path), encoding="utf-8", errors="surrogateescape", newline="") as file:
                devices, heads, known = file.read().removesuffix("\n").split("\n", 2)
            entry = None
            for device, head in reversed(list(zip(devices.split(" "), heads.split(" "), strict=True))):
                bytes.fromhex(head)
                entry = Entry(path, device, head, entry)
        except (OSError, ValueError):
            return None
        return entry if entry is not None and known == path and all(devices.split(" ")) else None

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

    def remember(self, entry: Entry, *, durable: bool = False) -> bool:
        """Keep an entry in place of the one before; False where the folder cannot be written."""
        return self._keep(entry, os.replace, durable=durable)

    def enroll(self, entry: Entry) -> Entry | None:
        """Keep the first entry of a record, durably; gives the one kept, that of whoever was faster."""
        if self._keep(entry, os.link, durable=True):
            return entry
        # One that cannot be read is as good as none.
        return self.entry(entry.path) or (entry if self.remember(entry, durable=True) else None)

    def forget(self, path: str) -> None:
        """Know nothing of the record at this path any more, not even after a power cut."""
        # In this order: what is left of it when the power goes between is the entry, which is told.
        self.settle_lost(path)
        self._clear(self._file(path))

    def lose(self, path: str, heads: list[str]) -> bool:
        """Remember, durably, that the record at this path lacks actions this machine knew in it."""
        if self.folder is None:
            return False
        known = self.lost(path)
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW
        try:
            handle = os.open(self._lost_file(path), flags, 0o600)
            with open(handle, "w", encoding="ascii") as file:
                file.writelines(f"{head}\n" for head in heads if head not in known)
                file.flush()
                os.fsync(handle)
            self._sync()
        except OSError:
            return False
        return True

    def lost(self, path: str) -> list[str]:
        """The hashes, in hex, of the actions that were found missing from the record at this path."""
        if self.folder is None:
            return []
        try:
            with open(self._lost_file(path), encoding="ascii", errors="replace") as file:
                return [line for line in file.read().split() if len(line) == 64 and set(line) <= _HEX]
        except OSError:
            return []

    def settle_lost(self, path: str) -> None:
        """Expect no more what was found missing from the record at this path, not even after a power cut."""
        self._clear(self._lost_file(path))

    def _keep(self, entry: Entry, put: Callable[[str, str], None], *, durable: bool) -> bool:
        if self.folder is None:
            return False
        target = self._file(entry.path)
        draft = f"{target}.{os.urandom(8).hex()}"
        devices = " ".join(each.device for each in entry.versions)
        heads = " ".join(each.head for each in entry.versions)
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
                file.write(f"{devices}\n{heads}\n{entry.path}\n")
                if durable:
                    file.flush()
                    os.fsync(handle)
            put(draft, target)
            if durable:
                self._sync()
        except OSError:
            _forget(draft)
            return False
        if put is os.link:
            _forget(draft)
        return True

    def _clear(self, file: str) -> None:
        """Remove a file, durably; one that cannot be removed is still there to be found."""
        if self.folder is None:
            return
        _forget(file)
        try:
            self._sync()
        except OSError:
            return

    def _sync(self) -> None:
        from .files import sync_directory

        sync_directory(self.folder or "")

    def _file(self, path: str) -> str:
        name = digest(os.fsencode(path)).hex()[:32]
        return os.path.join(self.folder or "", name)

    def _lost_file(self, path: str) -> str:
        return f"{self._file(path)}.lost"


def _forget(draft: str) -> None:
    try:
        os.unlink(draft)
    except OSError:
        return
