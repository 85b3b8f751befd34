"""A record of an older format: brought to this one whole or not at all, and read where it cannot be."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from medtrack.store.connection import SCHEMA
from tests.faults.conftest import Mount
from tests.faults.harness import TRACEBACK, Call, Done, Home, program, soundness, spread

OLDEST = Path(__file__).parents[1] / "files" / "v001.db"
NOW = "2026-03-10T09:00[Europe/Paris]"


@pytest.fixture
def older(tmp_path: Path) -> Home:
    """A home whose record is of the first format."""
    home = Home(tmp_path / "older")
    home.environ["MEDTRACK_NOW"] = NOW
    home.record.parent.mkdir(mode=0o700, parents=True)
    shutil.copy(OLDEST, home.record)
    return home


def format_of(record: Path) -> int:
    with closing(sqlite3.connect(record)) as file:
        return int(file.execute("pragma user_version").fetchone()[0])


def whole(home: Home, done: Done, call: Call) -> None:
    """What must hold after an upgrade was cut short: one format or the other, and the next command works."""
    assert TRACEBACK not in done.err, (call, done)
    assert soundness(home.record) == "ok", call
    assert format_of(home.record) in (1, SCHEMA), call
    following = home.run("log", "--csv")
    assert following.code == 0, (call, following)
    assert following.out.count("\n") == 5, (call, following)
    assert format_of(home.record) == SCHEMA
    assert home.run("verify").code == 0, call
    kept = home.record.with_name("me.db.format-1")
    assert (format_of(kept), soundness(kept)) == (1, "ok"), call


@pytest.mark.usefixtures("traced")
def test_killed_at_a_system_call_it_is_one_format_or_the_other(older: Home, tmp_path: Path) -> None:
    calls = older.copy(tmp_path / "listed").calls("log")
    for number, call in enumerate(spread(calls, 30)):
        home = older.copy(tmp_path / f"killed{number}")
        home.environ["MEDTRACK_NOW"] = NOW
        whole(home, home.inject(call, "signal=KILL", "log"), call)


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC", "error=EINTR"])
def test_an_error_leaves_one_format_or_the_other(fault: str, older: Home, tmp_path: Path) -> None:
    listed = older.copy(tmp_path / "listed").calls("log")
    calls = [call for call in listed if call.name in ("pwrite64", "fsync", "fdatasync", "openat", "unlink")]
    for number, call in enumerate(spread(calls, 12)):
        home = older.copy(tmp_path / f"{fault[6:]}{number}")
        home.environ["MEDTRACK_NOW"] = NOW
        whole(home, home.inject(call, fault, "log"), call)


def test_eight_that_open_it_at_once_bring_it_once(older: Home) -> None:
    command = [*program(), "log", "--csv"]
    started = [
        subprocess.Popen(
            command, env=older.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    ended = [(*process.communicate(), process.returncode) for process in started]
    assert {code for _, _, code in ended} == {0}
    assert len({out for out, _, _ in ended}) == 1
    assert format_of(older.record) == SCHEMA
    assert format_of(older.record.with_name("me.db.format-1")) == 1
    assert older.run("verify").code == 0


def test_on_a_read_only_file_system_it_is_read_and_not_written(older: Home, mount: Mount) -> None:
    folder = older.record.parent
    mount(folder, "--bind", str(folder))
    remounted = subprocess.run(
        ["mount", "-o", "remount,ro,bind", str(folder)], capture_output=True, text=True, check=False
    )
    if remounted.returncode != 0:
        pytest.skip(f"a read-only mount is not permitted here: {remounted.stderr.strip()}")
    before = older.record.read_bytes()
    for words in (("log",), ("today",), ("adherence",), ("verify",)):
        done = older.run(*words)
        assert done.code == 0, (words, done)
    done = older.run("take", "ibuprofen", "--again")
    assert done.code == 45, done
    assert "Nothing was recorded." in done.err
    assert older.record.read_bytes() == before
