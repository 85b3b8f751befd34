"""A command killed at any moment: what was acknowledged is there once, and the next command works.

A sample of the calls; `python -m tests.faults.kill` takes them all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.harness import Home, spread, strays
from tests.faults.kill import ADD, TAKE, judge, kill_after, kill_at, kill_first_add

pytestmark = pytest.mark.usefixtures("traced")
WRITING = ("pwrite64", "fdatasync", "fsync", "unlink", "rename", "link", "ftruncate", "mkdir", "write")


def test_take_killed_at_a_system_call_loses_and_doubles_nothing(copied: Home) -> None:
    copied.run(*TAKE, "a device of its own")
    calls = copied.calls(*TAKE, "measured")
    written = [call for call in calls if call.name in WRITING]
    chosen = sorted({*spread(calls, 14), *spread(written, 14)}, key=calls.index)
    flaws = {
        (call.name, call.number): verdict.flaws
        for number, call in enumerate(chosen)
        if (verdict := kill_at(copied, call, f"round {number}")).flaws
    }
    assert flaws == {}


def test_take_killed_after_some_milliseconds_loses_and_doubles_nothing(copied: Home) -> None:
    verdicts = [kill_after(copied, moment / 1000, f"after {moment}") for moment in range(20, 140, 15)]
    assert [verdict.flaws for verdict in verdicts if verdict.flaws] == []


def test_a_killed_first_add_leaves_no_record_or_a_whole_one(tmp_path: Path) -> None:
    calls = Home(tmp_path / "measured").calls(*ADD)
    made = next(number for number, call in enumerate(calls) if call.name == "link")
    chosen = [*spread(calls[:made], 6), *calls[made : made + 3], *spread(calls[made + 3 :], 6)]
    assert {
        (call.name, call.number): flaws for call, flaws in kill_first_add(tmp_path, chosen) if flaws
    } == {}


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
    assert judge(copied, "torn", done).flaws == []
