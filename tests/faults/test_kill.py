"""A command killed at any moment: what was acknowledged is there once, and the next command works.

A sample of the calls; `python -m tests.faults.kill --rounds 10000` takes them all.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.faults.harness import TRACEBACK, Home, doses_noted, heavy, soundness, strays
from tests.faults.writing import ADD, TAKE

pytestmark = pytest.mark.usefixtures("traced")


def test_every_writing_command_killed_at_its_system_calls_loses_and_doubles_nothing() -> None:
    done = heavy("tests.faults.kill", "--rounds", "184", "--workers", "1")
    assert done.code == 0, done
    assert "0 lost, 0 doubled, 0 other flaws" in done.out


def test_take_killed_after_some_milliseconds_loses_and_doubles_nothing(copied: Home) -> None:
    for moment in range(20, 140, 15):
        note = f"after {moment}"
        done = copied.signalled(signal.SIGKILL, moment / 1000, *TAKE, note)
        assert copied.run(*TAKE, f"{note} next").code == 0
        assert soundness(copied.record) == "ok"
        assert doses_noted(copied.record, note) in ((1,) if done.code == 0 else (0, 1)), done
        assert doses_noted(copied.record, f"{note} next") == 1


def test_a_draft_left_behind_is_cleared_away_by_the_next_first_add(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.record.parent.mkdir(parents=True)
    old = home.record.with_name("me.db.new-0123456789abcdef")
    other = home.record.with_name("me.db.new-and-mine")
    for file in (old, other):
        file.write_bytes(b"part of a record")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    assert home.run(*ADD).code == 0
    assert not old.exists()
    assert other.exists(), "only its own drafts are cleared away"
    assert not [name for name in strays(home) if "state" in name]


def test_a_journal_left_hot_is_rolled_back_by_a_reader(copied: Home) -> None:
    copied.run(*TAKE, "a device of its own")
    calls = [
        call for call in copied.calls(*TAKE, "measured") if call.name == "pwrite64" and "me.db>" in call.said
    ]
    done = copied.inject(calls[2], "signal=KILL", *TAKE, "torn")
    journal = copied.record.with_name("me.db-journal")
    assert done.code != 0
    assert journal.exists()
    listed = copied.run("log", "--csv")
    assert listed.code == 0, listed
    assert "measured" in listed.out
    assert "torn" not in listed.out
    assert not journal.exists()
    assert doses_noted(copied.record, "torn") == 0


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("fate", ["deleted", "another's"])
def test_a_hot_journal_that_is_lost_or_anothers_is_never_wrong_in_silence(
    fate: str, copied: Home, tmp_path: Path
) -> None:
    """A sync program may take the journal away, or bring that of another machine."""
    home = copied.copy(tmp_path / "measured")
    home.run(*TAKE, "a device of its own")
    calls = [
        call for call in home.calls(*TAKE, "measured") if call.name == "pwrite64" and "me.db>" in call.said
    ]
    assert len(calls) > 3
    for number, call in enumerate(calls):
        home = copied.copy(tmp_path / f"round-{number}")
        home.run(*TAKE, "a device of its own")
        home.inject(call, "signal=KILL", *TAKE, "torn")
        journal = home.record.with_name("me.db-journal")
        assert journal.exists(), call
        if fate == "deleted":
            journal.unlink()
        else:
            journal.write_bytes(journal.read_bytes()[:512] + b"\x5a" * 8192)
        for words in (("verify",), ("log",), (*TAKE, "after")):
            done = home.run(*words)
            assert TRACEBACK not in done.err
            assert done.code in (0, 44, 47), (call, done)
            if words[0] == "verify":
                is_whole = done.code == 0
        if is_whole:
            assert soundness(home.record) == "ok"
            assert doses_noted(home.record, "torn") in (0, 1)
            assert doses_noted(home.record, "after") == 1
