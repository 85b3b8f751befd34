"""What every scheduler here is given and gives back, and how its program is asked."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import NamedTuple

from medtrack.errors import SchedulerFailed, SchedulerMissing, UsageRefused

from .session import session_environment

_MINUTE = timedelta(minutes=1)
_PATIENCE = 30.0
"""Seconds a scheduler's program is given."""


class Job(NamedTuple):
    """A command that is to be run again and again."""

    key: str
    """12 hex digits that stand for the record: by it the job is found again."""
    arguments: tuple[str, ...]
    """The program, absolute, and its arguments."""
    environment: tuple[tuple[str, str], ...]
    """Variables that must be set for it."""
    every: timedelta
    """Whole minutes, 1 to 60; under cron a divisor of 60."""


class Installed(NamedTuple):
    """A job as it stands in a scheduler."""

    scheduler: str
    every: timedelta | None
    """None where somebody changed it by hand, or switched it off."""
    text: str
    """The lines as they stand."""
    program: str
    """The program it runs; '' where that cannot be told."""


def minutes(job: Job) -> int:
    """How often a job is run, in minutes. Raises UsageRefused where a job cannot be written down."""
    count, rest = divmod(job.every, _MINUTE)
    if rest or not 1 <= count <= 60:
        raise UsageRefused(what="Reminders can be looked for every 1 to 60 whole minutes.")
    for word in (*job.arguments, *(part for pair in job.environment for part in pair)):
        # A line break would end the line and begin another, whatever the quoting.
        if any(sign < " " or sign == "\x7f" for sign in word):
            raise UsageRefused(
                what="A path with a line break or a control character in it cannot be put into a schedule."
            )
    if not all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) for name, _ in job.environment):
        raise UsageRefused(what="A variable whose name a shell cannot read cannot be put into a schedule.")
    return count


def ask(
    words: Sequence[str], content: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a scheduler's own program, in plain English, and give what it said.

    Raises SchedulerMissing where it is not there, and SchedulerFailed where it cannot be run or does not end.
    """
    try:
        return subprocess.run(
            words,
            input=content,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env=session_environment() | {"LC_ALL": "C", **(environment or {})},
        )
    except FileNotFoundError:
        raise SchedulerMissing(what=words[0]) from None
    except subprocess.TimeoutExpired:
        raise SchedulerFailed(
            what=words[0],
            why=f"it did not end within {_PATIENCE:g} seconds",
            outcome="'medtrack remind status' shows how it stands",
        ) from None
    except OSError as failure:
        raise SchedulerFailed(what=words[0], why=str(failure.strerror)) from None


def words_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """Why a program failed, in its own words: the first line it said, at most 200 characters."""
    said = (done.stderr or done.stdout).decode(errors="replace").strip()
    line = "".join(sign if sign.isprintable() else " " for sign in said.split("\n")[0])[:200].rstrip(" .")
    return line or f"exit code {done.returncode}"


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time change a scheduler's files, so that two at once lose neither's job.

    The home directory itself is what is locked: nothing is made. Where that cannot be done it goes on
    without.
    """
    try:
        handle = os.open(os.path.expanduser("~"), os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        # Some network file systems know no locks.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(path: str, content: bytes) -> None:
    """Put a file of this content in place, for its owner alone, whole or not at all. Raises OSError."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    draft = f"{path}.new-{os.urandom(8).hex()}"
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise


def read(path: str) -> bytes | None:
    """What a file holds; None where it is not there or cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def remove(path: str) -> None:
    """Have no file of this name. Raises OSError where that cannot be done."""
    if os.path.lexists(path):
        os.unlink(path)
