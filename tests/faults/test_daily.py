"""The backup that the first write of a day makes, after its reply: it takes nothing from the dose."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Mount
from tests.faults.harness import TRACEBACK, Call, Done, Home, daily_backups, soundness, spread
from tests.faults.writing import TAKE

WORDS = (*TAKE, "the day's first")
REPLY = "Recorded: ibuprofen"


@pytest.fixture
def fresh(copied: Home) -> Home:
    """A home whose record was not written to yet today."""
    shutil.rmtree(copied.record.with_name("me.db.backups"))
    return copied


def notes(record: Path) -> list[str]:
    with closing(sqlite3.connect(record)) as file:
        return [row[0] for row in file.execute("select note from doses order by id")]


def after_the_reply(home: Home, *words: str) -> list[Call]:
    """The calls of a command on files of its home, from its reply on."""
    trace = home.folder.with_suffix(".trace")
    calls = home.calls(*words)
    lines = trace.read_text(errors="replace").splitlines()
    replied = next(number for number, line in enumerate(lines) if "write(1" in line and REPLY in line)
    later = set(lines[replied:])
    return [call for call in calls if call.said in later]


def test_the_first_write_of_a_day_makes_a_backup_with_it_in_and_says_nothing(fresh: Home) -> None:
    done = fresh.run(*WORDS)
    assert (done.code, done.err) == (0, "")
    (backup,) = daily_backups(fresh)
    assert notes(backup) == notes(fresh.record) == ["first", "the day's first"]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert backup.parent.stat().st_mode & 0o777 == 0o700
    again = fresh.run(*TAKE, "later")
    assert (again.code, again.err) == (0, "")
    assert daily_backups(fresh) == [backup]
    assert notes(backup) == ["first", "the day's first"]
    assert fresh.run("doctor") == Done(0, "", "")


@pytest.mark.usefixtures("traced")
def test_it_is_made_after_the_reply_and_a_later_write_takes_one_look(fresh: Home) -> None:
    first = fresh.calls(*WORDS)
    assert [call for call in first if ".backups" in call.said]
    replied = after_the_reply(fresh, *TAKE, "later")
    looks = [call.name for call in fresh.calls(*TAKE, "later still") if ".backups" in call.said]
    assert len(looks) == 1
    assert [call for call in replied if ".backups" in call.said], "also the look comes after the reply"


def test_what_writes_nothing_and_a_given_time_make_none(fresh: Home) -> None:
    for words in (("today",), ("log",), ("take", "metformin", "--for", "2001-01-01 08:00")):
        fresh.run(*words)
    assert fresh.run(*TAKE, "x", MEDTRACK_NOW="2031-03-10T09:00[Europe/Paris]").code == 0
    assert fresh.run("--now", "2031-03-11T09:00[Europe/Paris]", *TAKE, "y").code == 0
    assert daily_backups(fresh) == []


@pytest.mark.usefixtures("traced")
def test_a_kill_after_the_reply_loses_nothing_and_leaves_a_whole_backup_or_none(
    fresh: Home, tmp_path: Path
) -> None:
    calls = after_the_reply(fresh.copy(tmp_path / "measured"), *WORDS)
    named = [call for call in calls if call.name in ("link", "unlink", "mkdir", "fsync")]
    assert {call.name for call in named} == {"link", "unlink", "mkdir", "fsync"}
    # How often files are only looked at differs from run to run.
    written = [call for call in calls if call.name in ("pwrite64", "fchmod", "chmod")]
    made = 0
    for number, call in enumerate([*named, *spread(written, 8)]):
        home = fresh.copy(tmp_path / f"round-{number}")
        done = home.inject(call, "signal=KILL", *WORDS)
        assert done.code < 0 or done.code == 137, call
        assert REPLY in done.out, call
        assert notes(home.record) == ["first", "the day's first"], call
        for backup in daily_backups(home):
            made += 1
            assert (notes(backup), soundness(backup)) == (["first", "the day's first"], "ok"), call
        following = home.run(*TAKE, "after")
        assert (following.code, following.err) == (0, ""), call
        assert len(daily_backups(home)) == 1, "the next write makes it"
        assert home.run("verify").code == 0
    assert made, "some were killed after it was made"


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
def test_a_disk_that_fails_meanwhile_is_told_in_one_sentence_and_the_answer_stands(
    fault: str, fresh: Home, tmp_path: Path
) -> None:
    calls = after_the_reply(fresh.copy(tmp_path / "measured"), *WORDS)
    writing = [call for call in calls if call.name in ("pwrite64", "fsync", "link", "mkdir", "openat")]
    for number, call in enumerate(spread(writing, 8)):
        home = fresh.copy(tmp_path / f"round-{number}")
        done = home.inject(call, fault, *WORDS, onward=call.name == "pwrite64")
        assert (done.code, done.out.startswith(REPLY)) == (0, True), (call, done)
        assert TRACEBACK not in done.err
        assert "bug" not in done.err, (call, done)
        assert len(done.err.splitlines()) == (not daily_backups(home)), (call, done)
        assert notes(home.record) == ["first", "the day's first"]


def test_where_it_cannot_be_made_the_sentence_says_what_to_do(fresh: Home) -> None:
    fresh.record.with_name("me.db.backups").write_text("a file where the folder should be")
    done = fresh.run(*WORDS)
    assert (done.code, done.out.startswith(REPLY)) == (0, True)
    assert done.err == (
        f"medtrack: today's backup could not be made in {fresh.record}.backups (file exists); make one elsewhere:"
        f" medtrack --db {fresh.record} backup FILE\n"
    )


def test_a_full_disk(fresh: Home, tmp_path: Path, mount: Mount) -> None:
    folder = fresh.record.with_name("me.db.backups")
    folder.mkdir(mode=0o700)
    mount(folder, "-t", "tmpfs", "-o", "size=64k,mode=700", "none")
    done = fresh.run(*WORDS)
    assert (done.code, done.out.startswith(REPLY)) == (0, True)
    assert "no space left" in done.err or "full" in done.err
    assert len(done.err.splitlines()) == 1
    assert list(folder.iterdir()) == []


def test_a_damaged_record_is_not_backed_up_in_silence(fresh: Home) -> None:
    with closing(sqlite3.connect(fresh.record)) as file:
        file.execute("update dose set note = 'changed' where id = 1")
        file.commit()
    done = fresh.run("note", "x")
    assert done.code == 0
    assert "dose 1 is not what was written" in done.err
    assert daily_backups(fresh) == []


def test_many_first_writes_at_once_make_one(fresh: Home) -> None:
    results: list[Done] = []
    threads = [
        threading.Thread(target=lambda number=number: results.append(fresh.run(*TAKE, f"n{number}")))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(done.code, done.err) for done in results] == [(0, "")] * 6
    assert len(daily_backups(fresh)) == 1
    assert len(list(fresh.record.with_name("me.db.backups").iterdir())) == 1
