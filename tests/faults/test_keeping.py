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
        verified = home.run("verify")
        if verified.code != 0:
            flaws.append(f"{where}: nothing is missing that was not replaced on purpose: {verified}")
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
    # There is room for one record and a little more, whatever a record of this format takes.
    room = kept.record.stat().st_size + 26_000
    mount(small, "-t", "tmpfs", "-o", f"size={room // 1024}k,mode=700", "none")
    with suppress(OSError), (small / "ballast").open("wb", buffering=0) as ballast:
        ballast.write(b"x" * (room - 100_000))
    for words in (("backup", str(small / "b.db")), ("export", "-o", str(small / "e.json"))):
        with suppress(OSError), (small / "more").open("wb", buffering=0) as more:
            while words[0] == "export":
                more.write(b"x" * 1024)
        done = kept.run(*words)
        assert done.code == 46, done
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


# --- a merge ---------------------------------------------------------------------------------------------

MERGE = ("restore", "other.db", "--merge", "--yes")
BOTH = {"first", "second", "theirs"}


@pytest.fixture
def apart(kept: Home) -> Home:
    """The same home with ~/other.db, which began as its copy and holds the dose 'theirs' instead of 'second'."""
    for words in (("--db", "other.db", "restore", "copy.db", "--yes"), ("--db", "other.db", *TAKE, "theirs")):
        done = kept.run(*words)
        assert done.code == 0, done
    return kept


@pytest.mark.usefixtures("traced")
def test_a_killed_merge_leaves_the_old_record_or_the_merged_one(apart: Home, tmp_path: Path) -> None:
    calls = apart.copy(tmp_path / "measured").calls(*MERGE)
    flaws, seen = [], set()
    for number, call in enumerate(chosen(calls, 6)):
        home = apart.copy(tmp_path / f"round-{number}")
        done = home.inject(call, "signal=KILL", *MERGE)
        where = f"{call.name} #{call.number}"
        # The next command comes first: it must not need anyone to mend the record before it.
        following = home.run(*TAKE, "after")
        held = notes(home.record) - {"after"}
        seen.add(frozenset(held))
        if held not in (OLD, BOTH) or (done.code == 0 and held != BOTH):
            flaws.append(f"{where}: it holds {held}, exit {done.code}")
        if following.code != 0 or soundness(home.record) != "ok":
            flaws.append(f"{where}: the next take: {following}")
        verified = home.run("verify")
        if verified.code != 0:
            flaws.append(f"{where}: {verified}")
        aside = [each for each in home.record.parent.glob("*.before-merge-*Z") if notes(each) == OLD]
        if held == BOTH and not aside:
            flaws.append(f"{where}: what was there is not kept")
        again = home.run(*MERGE)
        if again.code != 0 or notes(home.record) != BOTH | {"after"}:
            flaws.append(f"{where}: once more: {again}")
    assert flaws == []
    assert seen == {frozenset(OLD), frozenset(BOTH)}, "kills before and after the change were tried"


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("fault", [f"error={errno.errorcode[errno.EIO]}", "error=ENOSPC"])
def test_a_disk_that_fails_in_a_merge_is_told_truly(fault: str, apart: Home, tmp_path: Path) -> None:
    calls = apart.copy(tmp_path / "measured").calls(*MERGE)
    flaws = {}
    for number, call in enumerate(each for each in chosen(calls, 5) if each.name in WRITING):
        home = apart.copy(tmp_path / f"round-{number}")
        done = home.inject(call, fault, *MERGE)
        held = notes(home.record)
        expected = BOTH if done.code == 0 else OLD
        if TRACEBACK in done.err or "bug in medtrack" in done.err or held != expected:
            flaws[call.name, call.number] = done, held
        if soundness(home.record) != "ok" or home.run("verify").code != 0:
            flaws[call.name, call.number, "after"] = done, held
    assert flaws == {}


def test_writers_beside_a_merge_lose_nothing(apart: Home) -> None:
    """What is written between the rehearsal and the merge is in both what is kept aside and what comes of it."""
    import threading

    def write() -> None:
        for number in range(6):
            results.append(apart.run(*TAKE, f"n{number}"))

    results: list[Done] = []
    writer = threading.Thread(target=write)
    writer.start()
    merged = apart.run(*MERGE)
    writer.join()
    assert [done.code for done in (*results, merged)] == [0] * 7, (results, merged)
    assert notes(apart.record) == BOTH | {f"n{number}" for number in range(6)}
    assert apart.run("verify").code == 0


def test_two_merges_at_once_are_one(apart: Home) -> None:
    import threading

    results: list[Done] = []
    threads = [threading.Thread(target=lambda: results.append(apart.run(*MERGE))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done.code for done in results) == [0, 0], results
    assert notes(apart.record) == BOTH
    assert apart.run("verify").code == 0
    history = apart.run("history").out
    assert history.count("merged 1 dose") == 1, history
