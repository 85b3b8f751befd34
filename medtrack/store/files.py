"""Files made for their owner alone, whole or not at all."""

from __future__ import annotations

import os

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


def publish(path: str, content: bytes) -> bool:
    """Make a file of this content, 0600, durably; False where there is one already, which is left alone.

    It is written under a name nobody can foresee and linked into place, so a process cut short leaves no
    part of a file under `path`; what it does leave is cleared away by the next. Raises OSError.
    """
    directory = os.path.dirname(path)
    make_private(directory)
    draft = f"{path}.new-{os.urandom(8).hex()}"
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        with open(handle, "wb") as file:
            # A umask can only take away; the owner must be able to open it.
            os.fchmod(handle, 0o600)
            file.write(content)
            file.flush()
            os.fsync(handle)
            begun = os.fstat(handle).st_mtime
        is_new = _link(draft, path)
    finally:
        if os.path.lexists(draft):
            os.unlink(draft)
    _clear(path, begun)
    sync_directory(directory)
    return is_new


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


def _clear(path: str, begun: float) -> None:
    """Remove the drafts of this file that were left behind; one that cannot be removed does no harm."""
    directory, name = os.path.split(path)
    for found in os.listdir(directory):
        mark = found.removeprefix(f"{name}.new-")
        if len(mark) != len(found) - len(name) - 5 or len(mark) != 16 or not mark.isalnum():
            continue
        left = os.path.join(directory, found)
        try:
            if begun - os.lstat(left).st_mtime > _STALE:
                os.unlink(left)
        except OSError:
            continue
