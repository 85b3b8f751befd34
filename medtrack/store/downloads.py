"""Files that a person downloaded, read piece by piece: as they are, or as the members of a zip archive.

However large a file is, no more than one line of it is in memory, or one document of a bounded size.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from medtrack.errors import ImportRefused, InputUnreadable

LONGEST_LINE = 1 << 16
"""Bytes; no line of any format is so long."""
LARGEST_DOCUMENT = 64 << 20
"""Bytes of a JSON document: the largest edition of the ANSM has three megabytes."""
Progress = Callable[[Iterable[bytes], int], Iterable[bytes]]
"""Passes lines on and shows how far they have come of so many bytes."""


class Piece(NamedTuple):
    """A file, or a member of a zip archive."""

    name: str
    """Without folders."""
    path: str
    """The file as it was named, for messages."""
    size: int
    """Bytes; of a member what the archive says."""
    open: Callable[[], IO[bytes]]


def are_files(paths: Sequence[str]) -> Iterator[bool]:
    """Whether each of some words names a file that is there."""
    return (os.path.isfile(path) for path in paths if "\0" not in path)


def pieces(paths: Sequence[str]) -> list[Piece]:
    """The files named, zip archives taken apart. Raises InputUnreadable."""
    found: list[Piece] = []
    for path in paths:
        with _translated(path):
            about = os.stat(path)
            if stat.S_ISDIR(about.st_mode):
                raise InputUnreadable(path=path, why="it is a folder")
            if not stat.S_ISREG(about.st_mode):
                raise InputUnreadable(path=path, why="it is no regular file")
            if zipfile.is_zipfile(path):
                found += _members(path)
            else:
                found.append(Piece(os.path.basename(path), path, about.st_size, _opener(path)))
    return found


def _opener(path: str) -> Callable[[], IO[bytes]]:
    return lambda: open(path, "rb")  # whoever reads it closes it


def _members(path: str) -> list[Piece]:
    with zipfile.ZipFile(path) as archive:
        return [
            Piece(os.path.basename(each.filename), path, each.file_size, _member_opener(path, each.filename))
            for each in archive.infolist()
            if not each.is_dir()
        ]


def _member_opener(path: str, name: str) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        # The archive stays open for as long as its member is read.
        return zipfile.ZipFile(path).open(name)

    return open_member


def lines(piece: Piece, progress: Progress | None = None, *, fallback: str | None = None) -> Iterator[str]:
    """The lines of a text file in UTF-8, or each in `fallback` where it is not.

    Raises InputUnreadable, and ImportRefused for what is no text in lines.
    """
    raw = _raw(piece)
    for number, line in enumerate(raw if progress is None else progress(raw, piece.size), 1):
        if number == 1:
            if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise ImportRefused(what=f"{piece.name} is in UTF-16: save it as UTF-8 first.")
            line = line.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in line:
            raise ImportRefused(what=f"line {number} of {piece.name} holds a zero byte: it is no text.")
        try:
            yield line.decode()
        except UnicodeDecodeError:
            if fallback is None:
                raise ImportRefused(what=f"line {number} of {piece.name} is not in UTF-8.") from None
            yield line.decode(fallback, errors="replace")


def _raw(piece: Piece) -> Iterator[bytes]:
    with _translated(piece.path), piece.open() as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise ImportRefused(
                    what=f"line {number} of {piece.name} has more than {LONGEST_LINE:,} bytes: no text."
                )
            yield line


def content(piece: Piece) -> bytes:
    """A whole document. Raises InputUnreadable, and ImportRefused for one that is too large."""
    with _translated(piece.path), piece.open() as file:
        found = file.read(LARGEST_DOCUMENT + 1)
    if len(found) > LARGEST_DOCUMENT:
        raise ImportRefused(what=f"{piece.name} is larger than any edition of this format.")
    return found


@contextmanager
def _translated(path: str) -> Iterator[None]:
    """What goes wrong with a file, in our words."""
    try:
        yield
    except OSError as error:
        raise InputUnreadable(path=path, why=(error.strerror or "it cannot be read").lower()) from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise InputUnreadable(path=path, why="the archive is damaged or cut") from None
    except (RuntimeError, NotImplementedError):
        raise InputUnreadable(path=path, why="the archive is encrypted or packed in an unknown way") from None
    except ValueError:
        raise InputUnreadable(path=path, why="it is no path") from None
