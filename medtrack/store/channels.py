"""The channels of a record on this machine: one file for each record, in the directory of settings.

They are this machine's, not the record's: a desktop or a program here means nothing on another, and the
secret in an address must not travel with every copy of the record.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from typing import NamedTuple

from medtrack.domain.chain import digest
from medtrack.domain.channels import KINDS, Channel, read_channel_name, read_url
from medtrack.errors import BadText, DiskTrouble, InputUnreadable, NoHome, UsageRefused

from .files import publish

_VERSION = 1
_LARGEST = 1 << 20
"""Bytes: a file beyond this was not written here."""


class Channels(NamedTuple):
    """The channels kept in a folder; `folder` is None where there is no directory of settings."""

    folder: str | None

    def of(self, path: str) -> list[Channel]:
        """The channels of the record at this path, in the order they were added; [] where there are none.

        Raises InputUnreadable where the file is there and cannot be read; it never repeats what it holds.
        """
        if self.folder is None:
            return []
        file = self._file(path)
        try:
            content = _content(file)
        except FileNotFoundError:
            return []
        except OSError as failure:
            raise InputUnreadable(path=file, why=failure.strerror) from None
        try:
            return _channels(json.loads(content), path)
        except (ValueError, TypeError, KeyError, RecursionError, BadText, UsageRefused):
            raise InputUnreadable(
                path=file,
                why="it is not as medtrack wrote it; mend it, or remove it and add the channels again",
            ) from None

    def keep(self, path: str, channels: Sequence[Channel]) -> None:
        """Keep these channels in place of those before, durably, readable by their owner alone.

        Raises NoHome without a folder, and DiskTrouble.
        """
        if self.folder is None:
            raise NoHome
        file = self._file(path)
        rows = [
            {"name": each.name, "kind": each.kind, "target": list(each.target), "names": each.names}
            for each in channels
        ]
        document = {"version": _VERSION, "path": path, "channels": rows}
        try:
            publish(file, f"{json.dumps(document, indent=1)}\n".encode(), replace=True)
        except OSError as failure:
            # The last step, making the new name durable, may fail after the file was replaced.
            outcome = "'medtrack remind channel list' shows which channels are kept"
            raise DiskTrouble(path=file, why=failure.strerror, outcome=outcome) from None

    def _file(self, path: str) -> str:
        return os.path.join(self.folder or "", f"{digest(os.fsencode(path)).hex()[:32]}.json")


def _content(file: str) -> bytes:
    """The bytes of a regular file. Raises OSError, also for a pipe or a folder in its place."""
    # Without O_NONBLOCK a pipe that somebody put here would be waited for.
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with open(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "it is not a file")
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError(0, "it is too large")
    return content


def _channels(document: dict[str, object], path: str) -> list[Channel]:
    """The channels of a file's document. Raises ValueError, TypeError, KeyError, BadText and UsageRefused."""
    if document["version"] != _VERSION or document["path"] != path:
        raise ValueError
    rows = document["channels"]
    if not isinstance(rows, list):
        raise TypeError
    channels = [_channel(row) for row in rows]
    if len({each.name for each in channels}) < len(channels):
        raise ValueError
    return channels


def _channel(row: dict[str, object]) -> Channel:
    name, kind, target, names = row["name"], row["kind"], row["target"], row["names"]
    if not (isinstance(name, str) and isinstance(kind, str) and isinstance(target, list)):
        raise TypeError
    words = tuple(word for word in target if isinstance(word, str) and "\0" not in word)
    if not isinstance(names, bool) or len(words) < len(target) or read_channel_name(name) != name:
        raise TypeError
    fits = {"command": len(words) >= 1, "url": len(words) == 1}.get(kind, not words)
    if kind not in KINDS or not fits or (kind == "url" and read_url(words[0]) != words[0]):
        raise ValueError
    # What cannot be handed to a program as an argument was put here by hand.
    [os.fsencode(word) for word in words]
    return Channel(name, kind, words, names)
