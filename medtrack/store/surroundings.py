"""What lies around a record: who may read it, what it is reached by, and what is beside it."""

from __future__ import annotations

import fnmatch
import os
import sqlite3
import stat
from typing import NamedTuple

from .daily import folder_of, kept_days
from .files import drafts

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_TWINS = ("*conflicted copy*", "*.sync-conflict*")
"""What sync programs call the file that lost (Dropbox and Nextcloud; Syncthing)."""
_SYNC_MARKS = (".stfolder", ".dropbox")
"""What sync programs put into the folders they keep."""


def old_sqlite() -> str | None:
    """SQLite's version where it is too old for a record."""
    return sqlite3.sqlite_version if sqlite3.sqlite_version_info < OLDEST_SQLITE else None


_SHARED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.davfs")
"""File systems that lie on another machine, as Linux names them."""
_MOUNTS = "/proc/self/mounts"


class Open(NamedTuple):
    """A file or folder that others than its owner may use."""

    path: str
    mode: int
    is_folder: bool


def open_to_others(path: str, *folders: str | None) -> list[Open]:
    """What of a record, its folder, its daily backups and these folders others may use."""
    own = [] if os.path.islink(folder_of(path)) else [folder_of(path)]
    wanted = [path, os.path.dirname(path), *own, *kept_days(path).values(), *filter(None, folders)]
    found = []
    for each in wanted:
        try:
            mode = os.stat(each).st_mode
        except OSError:
            continue
        if stat.S_IMODE(mode) & 0o077:
            found.append(Open(each, stat.S_IMODE(mode), stat.S_ISDIR(mode)))
    return found


def links_of(path: str) -> int:
    """By how many names a file is reached; 0 where it is missing."""
    try:
        return os.stat(path).st_nlink
    except OSError:
        return 0


def other_names(path: str) -> list[str]:
    """The other files of its folder that are the same file."""
    return [other for other in _siblings(path) if other != path and _is_same(other, path)]


def twins(path: str) -> list[str]:
    """The files beside it that a sync program made where two copies disagreed."""
    return [
        other
        for other in _siblings(path)
        if any(fnmatch.fnmatch(os.path.basename(other), mark) for mark in _TWINS)
    ]


def synced_folder(path: str) -> str | None:
    """The nearest folder above it that a sync program keeps."""
    above = os.path.dirname(path)
    while True:
        if any(os.path.lexists(os.path.join(above, mark)) for mark in _SYNC_MARKS):
            return above
        if above == os.path.dirname(above):
            return None
        above = os.path.dirname(above)


def shared_file_system(path: str, mounts: str | None = None) -> str | None:
    """The kind of the file system it is on, where that lies on another machine.

    `mounts` is the table of what is mounted (fstab(5)), Linux's own where none is named. Where there is no
    such table nothing is known.
    """
    try:
        with open(mounts or _MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            rows = [line.split(" ") for line in file]
    except OSError:
        return None
    above = {os.sep}
    while path != os.path.dirname(path):
        above.add(path)
        path = os.path.dirname(path)
    # The table has a space in a path as \\040; what lies deepest hides the others, and the last the first.
    there = [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    holding = [(len(place), number, kind) for number, (place, kind) in enumerate(there) if place in above]
    kind = max(holding)[2] if holding else ""
    return kind if kind in _SHARED else None


def left_drafts(path: str) -> list[str]:
    """The drafts of a record and of its daily backups, finished by nobody."""
    folder = folder_of(path)
    there = [] if os.path.islink(folder) else _names(folder)
    days = {name.partition(".new-")[0] for name in there if ".new-" in name}
    names = [path, *(os.path.join(folder, day) for day in sorted(days))]
    return [draft for name in names if os.path.isdir(os.path.dirname(name)) for draft in drafts(name)]


def is_missing(path: str) -> bool:
    """Whether nothing has this name."""
    return not os.path.lexists(path)


def _siblings(path: str) -> list[str]:
    directory = os.path.dirname(path)
    return [os.path.join(directory, name) for name in _names(directory)]


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
