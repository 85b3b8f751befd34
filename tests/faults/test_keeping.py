"""A backup or a restore that is killed, or whose disk fails or is full: the old or the new, and a true answer."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.faults.conftest import Mount
from tests.faults.harness import TRACEBACK, Call, Done, Home, soundness, spread
from tests.faults.writing import TAKE

WRITING = (
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "link",
    "rename",
    "unlink",
    "fchmod",
    "chmod",
    "ftruncate",
)
OLD, NEW = {"first", "second"}, {"first"}


@pytest.fixture
def kept(copied: Home) -> Home:
    """A home whose record holds the doses 'first' and 'second', with a backup of the first in ~/copy.db."""
    for words in (("backup", "copy.db"), (*TAKE, "second")):
        done = copied.run(*words)
        assert done.code == 0, done
    return copied


def notes(record: Path) -> set[str]:
    with closing(sqlite3.connect(record)) as file:
        return {row[0] for row in file.execute("select note from doses")}


def chosen(calls: Sequence[Call], wanted: int) -> list[Call]:
    """Some of the calls: every one that gives a name or takes one away, others that write, and a few more."""
    named = [call for call in calls if call.name in ("link", "rename", "unlink")]
    written = [call for call in calls if call.name in WRITING]
    return sorted({*named, *spread(written, wanted), *spread(calls, wanted // 2)}, key=calls.index)


@pytest.mark.usefixtures("traced")
def test_a_killed_restore_leaves_the_old_record_or_the_new_one(kept: Home, tmp_path: Path) -> None:
    words = ("restore", "copy.db", "--yes")
    calls = kept.copy(tmp_path / "measured").calls(*words)
    flaws, seen = [], set()
    for number, call in enumerate(chosen(calls, 10)):
        home = kept.copy(tmp_path / f"round-{number}")
        done = home.inject(call, "signal=KILL", *words)
        where = f"{call.name} #{call.number}"
        if not home.record.exists():
            flaws.append(f"{where}: no record is left")
            continue
        held = notes(home.record)
        seen.add(frozenset(held))
        if held not in (OLD, NEW) or (done.code == 0 and held != NEW):
            flaws.append(f"{where}: it holds {held}, exit {done.code}")
        aside = [each for each in home.record.parent.glob("*.before-restore-*Z") if notes(each) == OLD]
        if held == NEW and not aside:
            flaws.append(f"{where}: what was there is lost")
        following = home.run(*TAKE, "after")
        if following.code != 0 or notes(home.record) != held | {"after"} or soundness(home.record) != "ok":
            flaws.append(f"{where}: the next take: {following}")
    assert flaws == []
    assert seen == {frozenset(OLD), frozenset(NEW)}, "kills before and after the change were tried"


@pytest.mark.usefixtures("traced")
def test_a_killed_restore_of_a_vanished_record_can_be_run_again(kept: Home, tmp_path: Path) -> None:
    kept.record.unlink()
    words = ("restore", "copy.db", "--yes")
    calls = kept.copy(tmp_path / "measured").calls(*words)
    for number, call in enumerate(chosen(calls, 4)):
        home = kept.copy(tmp_path / f"round-{number}")
        home.inject(call, "signal=KILL", *words)
        assert not home.record.exists() or notes(home.record) == NEW, call
        again = home.run(*words)
        assert (again.code, notes(home.record)) == (0, NEW), (call, again)


@pytest.mark.usefixtures("traced")
def test_a_killed_backup_leaves_none_or_a_whole_one(kept: Home, tmp_path: Path) -> None:
    words = ("backup", "more.db")
    target = kept.folder / "more.db"
    calls = kept.calls(*words)
    target.unlink()
    before = kept.record.read_bytes()
    for call in chosen(calls, 8):
        done = kept.inject(call, "signal=KILL", *words)
        if target.exists():
            assert (notes(target), soundness(target)) == (OLD, "ok"), call
            target.unlink()
        else:
            assert done.code != 0, call
        for draft in kept.folder.glob("more.db.new-*"):
            assert draft.stat().st_mode & 0o077 == 0
            draft.unlink()
    assert kept.record.read_bytes() == before
    assert kept.run(*words).code == 0


def judged(home: Home, done: Done) -> str | None:
    """What is not true in the answer of a restore."""
    held = notes(home.record)
    if TRACEBACK in done.err or "bug in medtrack" in done.err:
        return done.err
    if done.code == 0:
        return None if held == NEW else f"exit 0, and it holds {held}"
    expected = NEW if "has its new content" in done.err else OLD
    return None if held == expected else f"{done.err}, and it holds {held}"


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("fault", [f"error={errno.errorcode[errno.EIO]}", "error=ENOSPC"])
def test_a_disk_that_fails_in_a_restore_is_told_truly(fault: str, kept: Home, tmp_path: Path) -> None:
    words = ("restore", "copy.db", "--yes")
    calls = kept.copy(tmp_path / "measured").calls(*words)
    flaws = {}
    for number, call in enumerate(each for each in chosen(calls, 6) if each.name in WRITING):
        home = kept.copy(tmp_path / f"round-{number}")
        flaw = judged(home, home.inject(call, fault, *words))
        if flaw is not None:
            flaws[call.name, call.number] = flaw
    assert flaws == {}


def test_a_full_disk(kept: Home, tmp_path: Path, mount: Mount) -> None:
    small = tmp_path / "small"
    small.mkdir(mode=0o700)
    mount(small, "-t", "tmpfs", "-o", "size=300k,mode=700", "none")
    with suppress(OSError), (small / "ballast").open("wb", buffering=0) as ballast:
        ballast.write(b"x" * 200_000)
    for words in (("backup", str(small / "b.db")), ("export", "-o", str(small / "e.json"))):
        with suppress(OSError), (small / "more").open("wb", buffering=0) as more:
            while words[0] == "export":
                more.write(b"x" * 1024)
        done = kept.run(*words)
        assert done.code == (46 if words[0] == "backup" else 1), done
        assert "full" in done.err or "no space left" in done.err
        (small / "more").unlink()
    assert [each.name for each in small.iterdir()] == ["ballast"]

    (small / "ballast").unlink()
    record = small / "me.db"
    assert kept.run("--db", str(record), "restore", "copy.db", "--yes").code == 0
    before = record.read_bytes()
    full = kept.run("--db", str(record), "restore", "copy.db", "--yes")
    assert full.code == 46
    assert "The record was left as it was." in full.err
    assert record.read_bytes() == before
    assert [each.name for each in small.iterdir()] == ["me.db"]
    told = kept.run("--db", str(record), "doctor")
    assert told.code == 4
    assert "Today's backup could not be made" in told.out
    assert kept.run("--db", str(record), "log").code == 0
