"""Files made for their owner alone, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

_STALE = 60.0
"""Seconds after which a draft belongs to a process that ended before it was done."""


def make_private(directory: str) -> None:
    """Make a directory, and those above it that are missing, for its owner alone (0700), to stay.

    One that exists is left as it is. Raises OSError.
    """
    if os.path.isdir(directory):
        return
    above = os.path.dirname(directory)
    make_private(above)
    try:
        os.mkdir(directory, 0o700)
    except FileExistsError:
        # Somebody else may have made it just now.
        if os.path.isdir(directory):
            return
        raise
    # A umask can only take away; the owner must be able to enter it.
    os.chmod(directory, 0o700)
    sync_directory(above)


def sync_directory(directory: str) -> None:
    """Have the names in a directory survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def drafted(path: str) -> Iterator[str]:
    """An empty file beside `path`, 0600, under a name nobody can foresee, to be filled and then settled.

    What is left of it at the end is removed, and so are drafts that a process cut short left here earlier.
    Raises OSError.
    """
    draft = f"{path}.new-{os.urandom(8).hex()}"
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        # A umask can only take away; the owner must be able to open it.
        os.fchmod(handle, 0o600)
        begun = os.fstat(handle).st_mtime
        yield draft
    finally:
        os.close(handle)
        if os.path.lexists(draft):
            os.unlink(draft)
    _clear(path, begun)


def settle(draft: str, path: str, *, replace: bool = False) -> bool:
    """Give a finished draft its name, durably; False where a file has it, which is left alone.

    With `replace` it takes that file's place in one step; where that is a link, the link's, not its
    target's. A device, a pipe or a folder keeps its name. Raises OSError.
    """
    if replace and os.path.exists(path) and not os.path.isfile(path):
        # Root could put a file in the place of /dev/null, for every program of the machine.
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    if replace:
        os.replace(draft, path)
    elif not _link(draft, path):
        return False
    if os.path.lexists(draft):
        os.unlink(draft)
    sync_directory(os.path.dirname(path))
    return True


def publish(path: str, content: bytes, *, replace: bool = False) -> bool:
    """Make a file of this content, 0600, durably; False where there is one already, which is left alone.

    A process cut short leaves no part of a file under `path`. Raises OSError.
    """
    make_private(os.path.dirname(path))
    with drafted(path) as draft:
        with open(draft, "wb") as file:
            file.write(content)
        return settle(draft, path, replace=replace)


def _link(draft: str, path: str) -> bool:
    """Give a finished draft its name, never over a file that is there; whether it got it."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:
        # Some filesystems have no hard links.
        if os.path.lexists(path):
            return False
        os.rename(draft, path)
    return True


def drafts(path: str) -> list[str]:
    """The drafts of this file that are there. Raises OSError."""
    directory, name = os.path.split(path)
    mark = f"{name}.new-"
    return [
        os.path.join(directory, found)
        for found in sorted(os.listdir(directory))
        if found.startswith(mark) and len(found) == len(mark) + 16 and found[len(mark) :].isalnum()
    ]


def _clear(path: str, begun: float) -> None:
    """Remove the drafts of this file that were left behind; one that cannot be removed does no harm."""
    try:
        there = drafts(path)
    except OSError:
        return
    for left in there:
        try:
            if begun - os.lstat(left).st_mtime > _STALE:
                os.unlink(left)
        except OSError:
            continue
