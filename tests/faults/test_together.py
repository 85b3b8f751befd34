"""Several processes at one record: nobody is refused, nothing is lost, and one dose is one record."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.faults.harness import Done, Home, doses_noted, heavy, program, soundness
from tests.faults.writing import ADD, TAKE

MANY = 16


def at_once(home: Home, commands: list[tuple[str, ...]], **environ: str) -> list[Done]:
    """Start all of these at the same time; what each said."""
    started = [
        subprocess.Popen(
            [*program(), *words],
            env={**home.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in commands
    ]
    said = []
    for process in started:
        out, err = process.communicate(timeout=60)
        said.append(Done(process.returncode, out, err))
    return said


def test_sixteen_doses_at_once_are_sixteen_doses(copied: Home) -> None:
    said = at_once(copied, [(*TAKE, f"of {number}") for number in range(MANY)])
    assert [done.code for done in said] == [0] * MANY, [done for done in said if done.code]
    assert [doses_noted(copied.record, f"of {number}") for number in range(MANY)] == [1] * MANY
    assert soundness(copied.record) == "ok"
    with closing(sqlite3.connect(copied.record)) as file:
        devices = {row[0] for row in file.execute("select device from action where command = 'take'")}
    assert len(devices) == 2, "the seed's and one of the copy: 16 processes agree on who they are"
    assert copied.run("history", "--json").code == 0, "the chain is whole"


def test_many_writers_and_readers_at_once_are_all_served() -> None:
    done = heavy("tests.faults.crowd", "--writers", "16", "--takes", "2", "--readers", "4")
    assert done.code == 0, done
    assert "0 refused, 0 lost, 0 doubled, 0 readings refused or stale" in done.out


def test_one_planned_dose_taken_sixteen_times_at_once_is_one_dose(copied: Home) -> None:
    assert copied.run("add", "sertraline", "--at", "08:00", "--from", "2026-01-01", "--yes").code == 0
    now = "2026-11-24T08:03[Europe/Paris]"
    said = at_once(copied, [("take", "sertraline", "--note", "the one")] * MANY, MEDTRACK_NOW=now)
    assert [done.code for done in said] == [0] * MANY, [done for done in said if done.code]
    assert doses_noted(copied.record, "the one") == 1
    assert sum("Recorded:" in done.out for done in said) == 1
    assert sum("lready" in done.out for done in said) == MANY - 1


def test_one_key_used_at_once_is_one_dose(copied: Home) -> None:
    said = at_once(copied, [(*TAKE, "keyed", "--key", "k1")] * 4)
    assert [done.code for done in said] == [0] * 4
    assert doses_noted(copied.record, "keyed") == 1


def test_two_processes_that_make_the_record_make_one(tmp_path: Path) -> None:
    for number in range(3):
        home = Home(tmp_path / f"home-{number}")
        said = at_once(
            home, [("add", name, "--at", "08:00", "--yes") for name in ("metformin", "sertraline")]
        )
        assert [done.code for done in said] == [0, 0], said
        listed = home.run("meds", "--csv").out
        assert "metformin" in listed
        assert "sertraline" in listed
        with closing(sqlite3.connect(home.record)) as file:
            assert file.execute("select count(*) from zone_change").fetchone()[0] == 1
        assert home.run("undo").code == 0
        assert home.run("undo").code == 0
        assert home.run("history").code == 0


def test_a_lock_held_for_nine_seconds_is_waited_for(copied: Home) -> None:
    holder = sqlite3.connect(copied.record, isolation_level=None, check_same_thread=False)
    holder.execute("begin exclusive")
    release = threading.Timer(9, lambda: holder.execute("rollback"))
    release.start()
    done = copied.run(*TAKE, "patient")
    assert release.finished.is_set(), "it waited"
    release.join()
    holder.close()
    assert done.code == 0, done
    assert doses_noted(copied.record, "patient") == 1


def test_a_lock_held_for_ever_is_told_within_twelve_seconds(copied: Home) -> None:
    with closing(sqlite3.connect(copied.record, isolation_level=None)) as holder:
        holder.execute("begin immediate")
        started = time.monotonic()
        # A reader is not in the way of a writer that has not begun to write.
        assert copied.run("log").code == 0
        done = copied.run(*TAKE, "locked out")
        assert time.monotonic() - started < 13
        holder.execute("rollback")
    assert done.code == 42, done
    assert "Nothing was recorded; try again." in done.err
    assert doses_noted(copied.record, "locked out") == 0


def test_the_first_add_of_two_people_at_once_makes_two_records(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    said = at_once(home, [("--person", name, *ADD) for name in ("ann", "bob")])
    assert [done.code for done in said] == [0, 0], said
