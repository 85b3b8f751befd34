"""`backup` and `restore` as people and scripts use them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.transcript import CLOCK_WAS_SET

NOW = "2026-03-10T08:30[Europe/Paris]"
LATER = "2026-03-11T08:30[Europe/Paris]"


@pytest.fixture
def record(run: Callable[..., Result], home: Path) -> Path:
    """A record of two doses, and ~/copy.db, a backup with the first alone."""
    for line in ("add ibuprofen --as-needed", "take ibuprofen --note first", f"backup {home}/copy.db"):
        assert run(line, now=NOW).code == 0
    assert run("take ibuprofen --note second", now=LATER).code == 0
    return home / "data" / "medtrack" / "records" / "me.db"


def notes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("select note from doses order by id")]


def test_json(record: Path, run: Callable[..., Result], home: Path) -> None:
    made = json.loads(run(f"backup {home}/more.db --json", now=LATER).out)
    assert made["kind"] == "backup"
    assert made["rows"] == [
        {
            "file": f"{home}/more.db",
            "actions": 4,
            "facts": 6,
            "doses": 2,
            "verified": True,
            "encrypted": False,
        }
    ]
    put = json.loads(run(f"restore {home}/copy.db --yes --json", now=LATER).out)
    assert put["kind"] == "restore"
    assert put["kept"] == f"{record}.before-restore-20260311T073000Z"
    assert put["rows"] == [
        {
            "record": "before",
            "state": "readable",
            "actions": 4,
            "doses": 2,
            "last_at": "2026-03-11T08:30:00+01:00",
            "last": "took ibuprofen 1 dose, 2026-03-11 08:30 (dose 2)",
        },
        {
            "record": "after",
            "state": "whole",
            "actions": 3,
            "doses": 1,
            "last_at": "2026-03-10T08:30:00+01:00",
            "last": "took ibuprofen 1 dose, 2026-03-10 08:30 (dose 1)",
        },
    ]
    assert notes(record) == ["first"]
    assert notes(Path(put["kept"])) == ["first", "second"]


def test_a_restored_record_is_whole_and_goes_on_as_a_new_device(
    record: Path, run: Callable[..., Result], home: Path
) -> None:
    run(f"restore {home}/copy.db --yes", now=LATER)
    assert run("verify", now=LATER).code == 0
    assert run("undo", now=LATER).code == 26, "undo reaches this device's own actions only"
    assert run("take ibuprofen --note third", now=LATER).code == 0
    assert run("verify", now=LATER).code == 0
    assert run("doctor", now=LATER) == Result(0, "", "")
    with closing(sqlite3.connect(record)) as file:
        assert file.execute("select count(distinct device) from action").fetchone()[0] == 2


def test_without_a_terminal_it_needs_yes(record: Path, run: Callable[..., Result], home: Path) -> None:
    before = record.read_bytes()
    refused = run(f"restore {home}/copy.db", now=LATER)
    assert (refused.code, refused.out) == (30, "")
    assert "4 actions and 2 doses, the last 2026-03-11 08:30" in refused.err
    assert "3 actions and 1 dose, the last 2026-03-10 08:30" in refused.err
    assert record.read_bytes() == before
    assert sorted(each.name for each in record.parent.iterdir()) == ["me.db"]


def test_on_a_terminal_it_shows_both_and_asks(record: Path, run: Callable[..., Result], home: Path) -> None:
    terminal = Terminal(home)
    code, shown = terminal("restore", f"{home}/copy.db", answers="n\n")
    assert code == 1
    assert "before" in shown
    assert "after" in shown
    assert notes(record) == ["first", "second"]
    code, shown = terminal("restore", f"{home}/copy.db", answers="y\n")
    assert code == 0
    assert "What was there before is kept" in shown
    assert notes(record) == ["first"]
    assert sorted(each.name for each in record.parent.iterdir())[0] == "me.db"


@pytest.mark.parametrize(
    "state", ["vanished", "folder vanished", "empty", "text", "truncated", "flipped", "newer"]
)
def test_it_works_whatever_became_of_the_record(
    state: str, record: Path, run: Callable[..., Result], home: Path
) -> None:
    content = record.read_bytes()
    if "vanished" in state:
        record.unlink()
        if state == "folder vanished":
            record.parent.rmdir()
    else:
        record.write_bytes(
            {
                "empty": b"",
                "text": b"no database",
                "truncated": content[:5000],
                "flipped": content.replace(b"second", b"secund"),
                "newer": content[:60] + b"\0\0\x03\xe7" + content[64:],
            }[state]
        )
    refused = run(f"restore {home}/copy.db", now=LATER)
    assert refused.code == 30, refused
    done = run(f"restore {home}/copy.db --yes", now=LATER)
    assert (done.code, done.err) == (0, ""), done
    assert notes(record) == ["first"]
    assert run("verify", now=LATER).code == 0
    kept = list(record.parent.glob("me.db.before-restore-*"))
    assert len(kept) == ("vanished" not in state)


def test_it_works_on_a_machine_that_never_had_one(
    record: Path, run: Callable[..., Result], home: Path, tmp_path: Path
) -> None:
    other = {"XDG_DATA_HOME": str(tmp_path / "new"), "XDG_STATE_HOME": str(tmp_path / "new state")}
    done = run(f"restore {home}/copy.db --yes", now=LATER, **other)
    assert done.code == 0, done
    assert run("take ibuprofen", now=LATER, **other).code == 0
    assert run("doctor", now=LATER, **other) == Result(0, "", "")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("missing", 49),
        ("folder", 47),
        ("text", 47),
        ("empty", 44),
        ("other", 47),
        ("newer", 43),
        ("flipped", 44),
        ("itself", 2),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_touched(
    kind: str, code: int, record: Path, run: Callable[..., Result], home: Path
) -> None:
    file = home / "copy.db"
    content = file.read_bytes()
    if kind in ("missing", "folder"):
        file.unlink()
    if kind == "folder":
        file.mkdir()
    elif kind == "itself":
        file = record
    elif kind == "other":
        file.unlink()
        with closing(sqlite3.connect(file)) as made:
            made.execute("create table t (a)")
    elif kind != "missing":
        file.write_bytes(
            {
                "text": b"no database",
                "empty": b"",
                "newer": content[:60] + b"\0\0\x03\xe7" + content[64:],
                "flipped": content.replace(b"first", b"girst"),
            }[kind]
        )
    before = record.read_bytes(), file.read_bytes() if file.is_file() else b""
    refused = run(f"restore {file} --yes", now=LATER)
    assert (refused.code, refused.out) == (code, ""), refused
    assert (record.read_bytes(), file.read_bytes() if file.is_file() else b"") == before
    assert [each.name for each in record.parent.iterdir()] == ["me.db"]


def test_a_wide_umask_opens_nothing(record: Path, spawn: Callable[..., Result], home: Path) -> None:
    old = os.umask(0)
    try:
        for line in (
            f"backup {home}/b.db",
            f"export -o {home}/e.json",
            "doctor",
            f"restore {home}/b.db --yes",
        ):
            assert spawn(line, MEDTRACK_NOW=LATER).code == 0, line
    finally:
        os.umask(old)
    for path in (home / "b.db", home / "e.json", *(home / "data").rglob("*"), *(home / "state").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_force_replaces_a_file(record: Path, run: Callable[..., Result], home: Path) -> None:
    refused = run(f"backup {home}/copy.db", now=LATER)
    assert (refused.code, refused.out) == (35, "")
    assert notes(home / "copy.db") == ["first"]
    assert run(f"backup {home}/copy.db --force", now=LATER).code == 0
    assert notes(home / "copy.db") == ["first", "second"]


def test_an_answer_that_cannot_be_printed_does_not_look_like_a_failure(
    record: Path, home: Path, spawn: Callable[..., Result]
) -> None:
    import subprocess
    import sys

    from tests.faults.harness import Home

    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "medtrack", "restore", f"{home}/copy.db", "--yes"],
            env={**Home(home).environ, "MEDTRACK_NOW": LATER},
            stdout=full,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    assert done.returncode == 0
    assert "Restored from" in done.stderr
    assert notes(record) == ["first"]


def test_a_lost_end_is_told_until_it_is_brought_back_or_settled(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "me.db"
    assert run(f"--db {path} add metformin --at 08:00,20:00 --from 2026-03-01 --yes", now=NOW).code == 0
    older = path.read_bytes()
    assert run(f"--db {path} take metformin", now=NOW).code == 0
    newer = tmp_path / "newer.db"
    newer.write_bytes(path.read_bytes())
    path.write_bytes(older)
    assert run(f"--db {path} verify", now=NOW).code == 44
    # A write goes on as another device, and does not wipe away what is known of the one before.
    said = run(f"--db {path} note later", now=NOW)
    assert (said.code, "is not in this record" in said.err) == (0, True)
    assert run(f"--db {path} verify", now=NOW).code == 44
    found = run(f"--db {path} doctor", now=NOW)
    assert (found.code, "restore FILE --merge" in found.out) == (4, True)
    kept = path.read_bytes()
    assert run(f"--db {path} restore {newer} --merge --yes", now=NOW).code == 0
    assert run(f"--db {path} verify", now=NOW).code == 0
    assert run(f"--db {path} note again", now=NOW).err == CLOCK_WAS_SET
    # Or it was meant: then it is settled.
    path.write_bytes(kept)
    run(f"--db {path} note meant", now=NOW)
    assert run(f"--db {path} verify", now=NOW).code == 44
    assert run(f"--db {path} people forget", now=NOW).code == 0
    assert run(f"--db {path} verify", now=NOW).code == 0
