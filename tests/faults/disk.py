"""A disk that loses its power: what a command did to it, call by call, and what may be left of that.

The model. A write, a new size and a changed name are first in memory alone. `fsync` and `fdatasync` of a file
make all of its writes and its size durable, `fsync` of a folder all of its names; a file's own sync does
not make its name durable, though most file systems do that too. What is not durable when the power goes is
there or not, each write, size and name for itself and in any order: so the second of two writes without the first,
a journal's removal without the write before it, a name without content. A write may also be torn, at any
sector of 512 bytes or at any byte, its sectors there in any combination, or the file be grown by it and
hold zeros. Only what POSIX promises is kept: a rename or a link is there whole or not at all.

Its limits. Bytes outside of a write are never harmed (SQLite calls that powersafe overwrite), a lost block reads as
zeros or as what was there before, never as another file's, and the disk does not lie: what it said is durable
is. A drive that answers a flush before it is done can lose anything; no program can help that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

SECTOR = 512
FOLDER = -1
"""Stands for the content of a name that is a folder's."""
TRACED = (
    "trace=openat,open,creat,close,read,pread64,write,pwrite64,writev,pwritev,lseek,ftruncate,truncate,fallocate,fsync,"
    "fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "chdir,dup,dup2,dup3,copy_file_range,sendfile,exit_group"
)
_LINE = re.compile(r"^(\d+\s+)?(\w+)\((.*)\)\s+=\s+(-?\d+|\?)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Write(NamedTuple):
    """Bytes written to a file; one without bytes gives it a size."""

    file: int
    at: int
    data: bytes | None


class Name(NamedTuple):
    """A name of a folder that means another file now, or none."""

    folder: str
    name: str
    file: int | None


class Names(NamedTuple):
    """Names that change together: a rename takes one away and gives another."""

    changes: tuple[Name, ...]


class Sync(NamedTuple):
    """A file, by its number, or a folder, by its path, that is durable now."""

    what: int | str


class Told(NamedTuple):
    """The person was told that it is done."""


Event = Write | Names | Sync | Told
Tree = dict[str, bytes | None]
"""What a folder holds, by the path within it; None for a folder."""


def tree_of(folder: Path) -> Tree:
    """What a folder holds."""
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


def lay_out(tree: Tree, folder: Path) -> None:
    """Make a folder hold exactly this."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, content in sorted(tree.items()):
        path = folder / name
        if content is None:
            path.mkdir(mode=0o700, exist_ok=True)
        else:
            path.write_bytes(content)
            path.chmod(0o600)


class Log:
    """What a command did to a folder, read from what strace wrote with -xx.

    The person is told by the first output, or only by the exit code 0 where output comes before that.
    """

    def __init__(self, trace: Path, folder: Path, before: Tree, *, by_output: bool = True) -> None:
        self._by_output = by_output
        self.events: list[Event] = []
        self.numbers: dict[str, int] = {}
        """The file of each path that is there now; its number stands for it whatever it is called."""
        self._folder, self._cwd = str(folder), str(folder)
        self._open: dict[int, tuple[int | str, int]] = {}
        """By descriptor: the file or the folder, and the place in it."""
        self._sizes: dict[int, int] = {}
        for number, (path, content) in enumerate(before.items()):
            self.numbers[path] = FOLDER if content is None else number
            self._sizes[number] = len(content or b"")
        self._next = len(before)
        lines = trace.read_text().splitlines()
        first = _LINE.match(lines[0])
        for line in lines:
            found = _LINE.match(line)
            if found is not None:
                # A helper that a program starts tells the person nothing by its end.
                self._is_main = first is None or found[1] == first[1]
                if not found[4].startswith("-"):
                    self._read(found[2], found[3], int(found[4].replace("?", "0")))
            elif line.rstrip().endswith("unfinished ...>"):
                raise ValueError(f"two threads at once: {line}")

    def _read(self, name: str, said: str, result: int) -> None:
        texts = [bytes.fromhex(text.replace(r"\x", "")) for text in _TEXT.findall(said)]
        plain = [part.strip() for part in _TEXT.sub("", said).split(",")]
        first = int(plain[0]) if plain[0].lstrip("-").isdigit() else -1
        if name in ("openat", "open", "creat"):
            self._on_open(self._inside(texts[0]), said, result)
        elif name == "exit_group" and plain[0] == "0":
            self._tell()
        elif name == "chdir":
            self._cwd = os.path.normpath(os.path.join(self._cwd, os.fsdecode(texts[0])))
        elif name in ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir",
                      "mkdir", "mkdirat"):  # fmt: skip
            self._on_names(name, [self._inside(text) for text in texts])
        elif first == 1 and name.startswith("write") and self._by_output:
            self._tell()
        elif first in self._open:
            self._on_descriptor(name, first, plain, texts, result)

    def _inside(self, path: bytes) -> str | None:
        """A path within the folder, or None for one elsewhere."""
        whole = os.path.normpath(os.path.join(self._cwd, os.fsdecode(path)))
        if whole == self._folder:
            return ""
        return os.path.relpath(whole, self._folder) if whole.startswith(self._folder + "/") else None

    def _tell(self) -> None:
        if self._is_main and Told() not in self.events:
            self.events.append(Told())

    def _on_open(self, path: str | None, said: str, handle: int) -> None:
        self._open.pop(handle, None)
        if path is None:
            return
        if path == "" or self.numbers.get(path) == FOLDER:
            self._open[handle] = (path, 0)
            return
        if path not in self.numbers:
            self.numbers[path] = self._next
            self._sizes[self._next] = 0
            self._next += 1
            self.events.append(Names((Name(*os.path.split(path), self.numbers[path]),)))
        file = self.numbers[path]
        if "O_TRUNC" in said and self._sizes[file]:
            self._size(file, 0)
        self._open[handle] = (file, self._sizes[file] if "O_APPEND" in said else 0)

    def _on_descriptor(
        self, name: str, handle: int, plain: list[str], texts: list[bytes], result: int
    ) -> None:
        what, at = self._open[handle]
        if name == "close":
            del self._open[handle]
        elif name in ("fsync", "fdatasync"):
            self.events.append(Sync(what))
        elif isinstance(what, str) or name == "pread64":
            return
        elif name == "lseek":
            self._open[handle] = (what, result)
        elif name == "read":
            self._open[handle] = (what, at + result)
        elif name == "write":
            self._write(what, at, texts[0][:result])
            self._open[handle] = (what, at + result)
        elif name == "pwrite64":
            self._write(what, int(plain[-1]), texts[0][:result])
        elif name == "ftruncate":
            self._size(what, int(plain[1]))
        else:
            raise ValueError(f"not understood: {name}")

    def _write(self, file: int, at: int, data: bytes) -> None:
        self.events.append(Write(file, at, data))
        self._sizes[file] = max(self._sizes[file], at + len(data))

    def _size(self, file: int, size: int) -> None:
        self.events.append(Write(file, size, None))
        self._sizes[file] = size

    def _on_names(self, name: str, paths: list[str | None]) -> None:
        if None in paths:
            if set(paths) != {None}:
                raise ValueError(f"{name} out of the folder: {paths}")
            return
        first, *rest = [path for path in paths if path is not None]
        if name.startswith(("rename", "link")):
            changes = [Name(*os.path.split(rest[0]), self.numbers[first])]
            self.numbers[rest[0]] = self.numbers[first]
            if name.startswith("rename"):
                changes.append(Name(*os.path.split(first), None))
                del self.numbers[first]
        elif name.startswith("mkdir"):
            self.numbers[first] = FOLDER
            changes = [Name(*os.path.split(first), FOLDER)]
        else:
            del self.numbers[first]
            changes = [Name(*os.path.split(first), None)]
        self.events.append(Names(tuple(changes)))


class Disk:
    """What is durable after some events, and what is not yet."""

    def __init__(self, before: Tree) -> None:
        self.contents = {number: content or b"" for number, content in enumerate(before.values())}
        self.names = {
            path: FOLDER if content is None else number
            for number, (path, content) in enumerate(before.items())
        }
        self.writes: list[Write] = []
        self.changes: list[Names] = []
        self.told = False

    def copy(self) -> Disk:
        """The same disk, to go on with."""
        other = Disk({})
        other.contents, other.names = dict(self.contents), dict(self.names)
        other.writes, other.changes, other.told = list(self.writes), list(self.changes), self.told
        return other

    def add(self, event: Event) -> None:
        """One more event."""
        if isinstance(event, Write):
            self.writes.append(event)
        elif isinstance(event, Names):
            self.changes.append(event)
        elif isinstance(event, Told):
            self.told = True
        elif isinstance(event.what, str):
            self._settle_names(event.what)
        else:
            for write in [write for write in self.writes if write.file == event.what]:
                self.contents[write.file] = applied(self.contents.get(write.file, b""), write)
            self.writes = [write for write in self.writes if write.file != event.what]

    def _settle_names(self, folder: str) -> None:
        kept = []
        for names in self.changes:
            if any(change.folder == folder for change in names.changes):
                _rename(self.names, names)
            else:
                kept.append(names)
        self.changes = kept

    def extremes(self) -> Iterator[Tree]:
        """What is left where none, or all, of what is not durable yet is there."""
        for names in (self.changes, []):
            for writes in (self.writes, []):
                yield self._left(names, writes)

    def loss(self, chance: Random) -> Tree:
        """What is left where each thing that is not durable yet is there, torn or lost by chance."""
        # Most file systems keep the order of names; none has to.
        if chance.random() < 0.5:
            names = self.changes[: chance.randint(0, len(self.changes))]
        else:
            names = [each for each in self.changes if chance.random() < 0.5]
        likely = chance.choice((0.1, 0.5, 0.9, 1.0))
        writes: list[Write] = []
        for write in self.writes:
            if chance.random() < likely:
                writes += torn(write, chance) if chance.random() < 0.3 else [write]
        return self._left(names, writes)

    def whole(self) -> Tree:
        """What the program itself sees."""
        return next(self.extremes())

    def _left(self, changes: list[Names], writes: list[Write]) -> Tree:
        names, contents = dict(self.names), dict(self.contents)
        for each in changes:
            _rename(names, each)
        for write in writes:
            contents[write.file] = applied(contents.get(write.file, b""), write)
        tree: Tree = {}
        for path, file in sorted(names.items()):
            above = os.path.dirname(path)
            if above and above not in tree:
                continue  # what lies in a folder that is not there is not there
            tree[path] = None if file == FOLDER else contents.get(file, b"")
        return tree


def _rename(names: dict[str, int], change: Names) -> None:
    for folder, name, file in change.changes:
        path = os.path.join(folder, name)
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def applied(content: bytes, write: Write) -> bytes:
    """A file's content after a write to it."""
    if write.data is None:
        return content[: write.at].ljust(write.at, b"\0")
    return content[: write.at].ljust(write.at, b"\0") + write.data + content[write.at + len(write.data) :]


def torn(write: Write, chance: Random) -> list[Write]:
    """Parts of a write: some of its sectors, its beginning to any byte, or no more than the room for it."""
    if not write.data:
        return [write]
    way = chance.randrange(3)
    end = write.at + len(write.data)
    if way == 0:
        return [Write(write.file, write.at, write.data[: chance.randrange(len(write.data))])]
    if way == 1:
        return [Write(write.file, end, b"")]
    edges = [write.at, *range((write.at // SECTOR + 1) * SECTOR, end, SECTOR), end]
    return [
        Write(write.file, start, write.data[start - write.at : stop - write.at])
        for start, stop in pairwise(edges)
        if chance.random() < 0.5
    ]
