"""Other programs that keep a list, with the same entries, for `python -m tests.bench`.

Each gets ten thousand entries, of which the next week holds 21, and does two things with them: it writes down one
more, and lists the week. Programs that are not on the path are left out: taskwarrior (`task`), todoman (`todo`), khal, watson,
sqlite3 and sqlite-utils. What they do is not the same as what medtrack does: none plans doses, and none proves what
it keeps.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.stopwatch import Stopwatch

ENTRIES = 10_000
AHEAD = 21
"""How many of them the next week holds."""


class Peer(NamedTuple):
    """A program with its entries, and the two jobs."""

    environ: dict[str, str]
    write: Sequence[str]
    week: Sequence[str]


def moments(now: datetime) -> Iterator[datetime]:
    """When the entries are: three a day up to now, and on through the next week."""
    first = now - timedelta(hours=8 * (ENTRIES - AHEAD))
    for number in range(ENTRIES):
        yield first + timedelta(hours=8 * number)


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def taskwarrior(folder: Path, now: datetime) -> Peer:
    """`task log` and `task list` of the week; what is past is completed."""
    environ = {"TASKDATA": str(folder), "TASKRC": str(folder / "taskrc")}
    (folder / "taskrc").write_text("confirmation=off\nverbose=nothing\n")
    rows = [
        {"description": "metformin", "entry": _stamp(at), "due": _stamp(at)}
        | ({"status": "completed", "end": _stamp(at)} if at <= now else {"status": "pending"})
        for at in moments(now)
    ]
    (folder / "rows.json").write_text(json.dumps(rows))
    _run(["task", "import", str(folder / "rows.json")], {**_home(folder), **environ})
    return Peer(environ, ("task", "log", "metformin"), ("task", "due.before:now+7d", "list"))


def _ics(folder: Path, kind: str, rows: Iterator[list[str]]) -> Path:
    where = folder / "meds"
    where.mkdir()
    for number, lines in enumerate(rows):
        page = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", f"BEGIN:{kind}", f"UID:{number}", *lines,
                "SUMMARY:metformin", f"END:{kind}", "END:VCALENDAR", ""]  # fmt: skip
        (where / f"{number}.ics").write_text("\r\n".join(page))
    return where


def todoman(folder: Path, now: datetime) -> Peer:
    """`todo new`, and `todo list` of what is due in the week."""

    def lines(at: datetime) -> list[str]:
        done = ["STATUS:COMPLETED", f"COMPLETED:{_stamp(at)}"] if at <= now else []
        return [f"DTSTAMP:{_stamp(at)}", f"DUE:{_stamp(at)}", *done]

    _ics(folder, "VTODO", map(lines, moments(now)))
    config = folder / "config.py"
    config.write_text(
        f"path = {str(folder / '*')!r}\ndefault_list = 'meds'\ncache_path = {str(folder / 'cache.db')!r}\n"
    )
    return Peer(
        {"TODOMAN_CONFIG": str(config)},
        ("todo", "new", "-l", "meds", "metformin"),
        ("todo", "list", "--due", "168"),
    )


def khal(folder: Path, now: datetime) -> Peer:
    """`khal new`, and `khal list` of seven days."""

    def lines(at: datetime) -> list[str]:
        return [
            f"DTSTAMP:{_stamp(at)}",
            f"DTSTART:{_stamp(at)}",
            f"DTEND:{_stamp(at + timedelta(minutes=5))}",
        ]

    where = _ics(folder, "VEVENT", map(lines, moments(now)))
    config = folder / "khal.conf"
    config.write_text(
        f"[calendars]\n[[meds]]\npath = {where}\n[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    base = ("khal", "-c", str(config))
    return Peer(
        {},
        (*base, "new", "-a", "meds", f"{now:%Y-%m-%d}", "09:00", "metformin"),
        (*base, "list", "today", "7d"),
    )


def watson(folder: Path, now: datetime) -> Peer:
    """`watson add`, and `watson log` of the last week: it plans nothing ahead."""
    rows = [
        [
            int(at.timestamp()),
            int(at.timestamp()) + 60,
            "metformin",
            f"{number:032x}",
            [],
            int(at.timestamp()),
        ]
        for number, at in enumerate(moments(now - timedelta(7)))
    ]
    (folder / "frames").write_text(json.dumps(rows))
    (folder / "state").write_text("{}")
    hour = f"{now:%Y-%m-%d}"
    return Peer(
        {"WATSON_DIR": str(folder)},
        ("watson", "add", "--from", f"{hour} 00:00", "--to", f"{hour} 00:01", "metformin"),
        ("watson", "log", "--no-pager", "--from", f"{now - timedelta(7):%Y-%m-%d}"),
    )


_TABLE = "create table dose (id integer primary key, at text, name text); create index by_time on dose (at)"


def _table(folder: Path, now: datetime) -> Path:
    file = folder / "doses.db"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(_TABLE)
        made.executemany(
            "insert into dose (at, name) values (?, 'metformin')", [(at.isoformat(),) for at in moments(now)]
        )
        made.commit()
    return file


def shell(folder: Path, now: datetime) -> Peer:
    """One insert and one select, of a table with an index, by the sqlite3 shell."""
    file = str(_table(folder, now))
    insert = f"insert into dose (at, name) values ('{now.isoformat()}', 'metformin')"
    return Peer(
        {}, ("sqlite3", file, insert), ("sqlite3", file, f"select * from dose where at > '{now.isoformat()}'")
    )


def sqlite_utils(folder: Path, now: datetime) -> Peer:
    """The same by the command of sqlite-utils."""
    file = str(_table(folder, now))
    (folder / "row.json").write_text(json.dumps({"at": now.isoformat(), "name": "metformin"}))
    program = _found("sqlite-utils") or ""
    return Peer(
        {},
        (program, "insert", file, "dose", str(folder / "row.json")),
        (program, "query", file, f"select * from dose where at > '{now.isoformat()}'", "--table"),
    )


PEERS: dict[str, Callable[[Path, datetime], Peer]] = {
    "sqlite3": shell,
    "task": taskwarrior,
    "sqlite-utils": sqlite_utils,
    "todo": todoman,
    "khal": khal,
    "watson": watson,
}


def _found(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def _home(folder: Path) -> dict[str, str]:
    path = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    return {**path, "LANG": "C.UTF-8", "TZ": "Europe/Paris", "TERM": "dumb"}


def _run(command: Sequence[str], environ: dict[str, str]) -> None:
    """Once, and all must be well: what it builds for itself the first time is not timed."""
    done = subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")


def beside_peers(mine: Stopwatch, jobs: Sequence[Sequence[str]], bare: Sequence[str]) -> None:
    """Print medtrack's two jobs, and those of each program that is installed."""
    print(f"{'program':<14} {'write x':>8} {'MB':>4} {'list x':>8} {'MB':>4}")
    print(_line("medtrack", mine, jobs, bare), flush=True)
    for program, prepare in PEERS.items():
        if _found(program) is None:
            print(f"{program:<14} is not here")
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  # it is their own clock that they go by
            peer = prepare(folder, now)
            watch = Stopwatch({**_home(folder), **peer.environ}, mine.runs)
            for job in (peer.write, peer.week):
                _run(job, watch.environ)
            print(_line(program, watch, [list(peer.write), list(peer.week)], bare), flush=True)


def _line(program: str, watch: Stopwatch, jobs: Sequence[Sequence[str]], bare: Sequence[str]) -> str:
    (write, writing), (week, listing) = (watch.ratio(job, bare) for job in jobs)
    return f"{program:<14} {writing:>8.2f} {write.megabytes:>4.0f} {listing:>8.2f} {week.megabytes:>4.0f}"
