"""The backups of each day, in a folder beside the record.

Every write asks whether there is one of today: that is one look at one name, and what makes one is imported
only where it is to be made.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from medtrack.errors import DiskTrouble

if TYPE_CHECKING:
    from .record import Record


def folder_of(path: str) -> str:
    """The folder of a record's daily backups; it need not exist."""
    return f"{path}.backups"


def is_kept(path: str, day: date) -> bool:
    """Whether there is a backup of this day, whole or not."""
    return os.path.lexists(_file(path, day))


def _file(path: str, day: date) -> str:
    return os.path.join(folder_of(path), f"{day.isoformat()}.db")


def kept_days(path: str) -> dict[date, str]:
    """The daily backups of a record, newest first, each with its file."""
    folder = folder_of(path)
    if os.path.islink(folder):
        # What is behind it is not medtrack's: nothing of it is written, removed or told about.
        return {}
    try:
        names = os.listdir(folder)
    except OSError:
        return {}
    found = {}
    for name in names:
        stem, end = os.path.splitext(name)
        try:
            day = date.fromisoformat(stem)
        except ValueError:
            continue
        if end == ".db" and stem == day.isoformat() and os.path.isfile(os.path.join(folder, name)):
            found[day] = os.path.join(folder, name)
    return dict(sorted(found.items(), reverse=True))


def keep_day(record: Record, day: date) -> str:
    """Make the backup of a day, and remove the daily ones that are no longer kept; gives its file.

    Raises what `backups.back_up` does, and DiskTrouble where the folder is a link.
    """
    from medtrack.domain.retention import kept

    from .backups import NOT_MADE, back_up, disk_told
    from .files import make_private

    folder, target = folder_of(record.path), _file(record.path, day)
    if os.path.islink(folder):
        raise DiskTrouble(path=target, why="the folder is a link, which is not followed", outcome=NOT_MADE)
    with disk_told(target, NOT_MADE):
        make_private(folder)
    back_up(record, target)
    there = kept_days(record.path)
    with disk_told(folder, "An old backup there could not be removed"):
        for old in there.keys() - kept(there) - {day}:
            os.unlink(there[old])
    return target
