"""Real faults for real processes: kill or fail any system call of a command that touches its home.

strace runs the command once to list its calls, then again with a signal or an error injected at one of
them. What was recorded is afterwards read from the file with sqlite3 alone, not through medtrack.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.conftest import KEPT, sealed

STRACE = shutil.which("strace")
ROOT = Path(__file__).parents[2]
TRACEBACK = "Traceback (most recent call last)"
_CALL = re.compile(r"^(?:\d+\s+)?(\w+)\(")
_DECIDED = ("execve", "mmap", "munmap", "exit_group")
"""Calls that end or begin the process itself: nothing of a command happens there."""


class Call(NamedTuple):
    """One system call: its name, and the how-manieth of that name it is."""

    name: str
    number: int
    said: str
    """The line strace wrote."""


class Done(NamedTuple):
    """What a command printed, and its exit code (negative: the signal that ended it)."""

    code: int
    out: str
    err: str


class Home:
    """A person's home in a folder, and the program run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.environ = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **sealed(folder),
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(ROOT),
        }
        self.record = folder / "data" / "medtrack" / "records" / "me.db"

    def run(self, *words: str, **environ: str) -> Done:
        """Run one command to its end."""
        return self.start([*program(), *words], **environ)

    def start(self, command: Sequence[str], **environ: str) -> Done:
        """Run a program in this home."""
        done = subprocess.run(
            list(command),
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
            cwd=self.folder,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def signalled(self, number: signal.Signals, seconds: float, *words: str) -> Done:
        """Run a command, and send it a signal so many seconds after it started."""
        with subprocess.Popen(
            [*program(), *words],
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            time.sleep(seconds)
            process.send_signal(number)
            out, err = process.communicate()
        return Done(process.returncode, out, err)

    def calls(self, *words: str) -> list[Call]:
        """Run a command, and list its system calls that touch this home, in order."""
        trace = self.folder.with_suffix(".trace")
        done = self.start([STRACE or "", "-f", "-y", "-o", str(trace), *program(), *words])
        if done.code != 0:
            raise AssertionError(done)
        return [call for call in calls_in(trace, self.folder) if call.name not in _DECIDED]

    def inject(self, call: Call, fault: str, *words: str, onward: bool = False) -> Done:
        """Run a command with a fault ('signal=KILL', 'error=EIO') at one call, or at each from it on."""
        when = f"{call.number}+" if onward else str(call.number)
        strace = [STRACE or "", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call.name}"]
        return self.start([*strace, "-e", f"inject={call.name}:{fault}:when={when}", *program(), *words])

    def copy(self, folder: Path) -> Home:
        """The same home in another folder, byte for byte."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder)


def calls_in(trace: Path, folder: Path) -> list[Call]:
    """The system calls that strace wrote down and that touch a folder, in order."""
    seen: Counter[str] = Counter()
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        named = _CALL.match(line)
        if named is None:
            continue
        seen[named[1]] += 1
        if f"{folder}/" in line:
            found.append(Call(named[1], seen[named[1]], line))
    return found


def program() -> list[str]:
    """How medtrack is started: the modules of this tree, whatever is installed."""
    return [sys.executable, "-m", "medtrack"]


def heavy(module: str, *options: str) -> Done:
    """Run one of the heavy runs, in a small version."""
    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def soundness(record: Path) -> str:
    """What SQLite's own check says of a file: 'ok', or what is wrong."""
    with closing(sqlite3.connect(record)) as file:
        said = [str(row[0]) for row in file.execute("pragma integrity_check")]
        said += [f"dangling: {tuple(row)}" for row in file.execute("pragma foreign_key_check")]
    return "ok" if said == ["ok"] else "; ".join(said)


def doses_noted(record: Path, note: str) -> int:
    """How many whole doses with this note stand in a record."""
    with closing(sqlite3.connect(record)) as file:
        return int(
            file.execute(
                "select count(*) from dose join action on action.id = action_id where note = ?", (note,)
            ).fetchone()[0]
        )


def spread(calls: Sequence[Call], wanted: int) -> Iterator[Call]:
    """About so many of the calls, evenly spread, the first and the last among them."""
    if len(calls) <= wanted:
        yield from calls
        return
    for number in range(wanted):
        yield calls[round(number * (len(calls) - 1) / (wanted - 1))]


def daily_backups(home: Home) -> list[Path]:
    """The backups of days beside the record of a home, by name."""
    found = home.record.with_name("me.db.backups").glob("*")
    return sorted(path for path in found if re.fullmatch(r"\d{4}-\d\d-\d\d\.db", path.name))


def strays(home: Home) -> list[str]:
    """The files of a home that are neither its record, nor what is remembered of it, nor its daily backups."""
    kept = {home.record, home.record.with_name("me.db-journal"), *daily_backups(home)}
    files = [path for path in home.folder.rglob("*") if not path.is_dir() and path not in kept]
    return [
        str(path.relative_to(home.folder)) for path in files if not re.fullmatch(r"[0-9a-f]{32}", path.name)
    ]
