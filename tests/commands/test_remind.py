"""Reminders as a script and two crons at once meet them: once each, on every channel, whatever fails."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import KEPT, Result, sealed

Run = Callable[..., Result]
EVENING = "2026-03-01T18:00[Europe/Paris]"
EIGHT = "2026-03-02T08:00[Europe/Paris]"


@pytest.fixture
def ann(run: Run, home: Path) -> Path:
    """A record with one medication, twice daily."""
    assert run("add apixaban --strength '5 mg' --amount '1 tablet' --at 08:00,20:00 --from 2026-03-02 --yes",
               now=EVENING).code == 0  # fmt: skip
    return home / "data" / "medtrack" / "records" / "me.db"


def spoken(result: Result) -> str:
    """The first line, without what to do next."""
    return result.out.partition("\n")[0]


def channel(run: Run, line: str) -> None:
    result = run(f"remind channel add {line}", now=EVENING)
    assert result.code == 0, result


def command(home: Path, name: str, body: str) -> Path:
    """A program of the person's that reads a reminder."""
    path = home / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o700)
    return path


def entries(record: Path) -> list[tuple[str, str, int, bool]]:
    with closing(sqlite3.connect(record)) as file:
        return [
            (step, name, tries, told is not None)
            for step, name, tries, told in file.execute(
                "select step, channel, tries, told_at from notice order by at, step, channel"
            )
        ]


def test_of_many_checks_at_once_one_speaks(ann: Path, home: Path) -> None:
    environ = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **sealed(home),
        "MEDTRACK_NOW": EIGHT,
    }
    crowd = [
        subprocess.Popen(
            [sys.executable, "-m", "medtrack", "remind"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    said = [process.communicate(timeout=60) for process in crowd]
    assert [process.returncode for process in crowd] == [0] * 8, said
    assert sorted(out for out, _ in said if out) == [
        "1 dose is due (08:00).\nTaken? medtrack take --all-due  Later? medtrack snooze NAME 15m\n"
    ]


def test_it_names_no_medication_unless_the_person_chose_so(ann: Path, run: Run) -> None:
    channel(run, "open --stdout --names")
    channel(run, "shut --stdout")
    assert run("remind", now=EIGHT).out.splitlines()[::2] == [
        "1 dose is due: apixaban 1 tablet (08:00).",
        "1 dose is due (08:00).",
    ]


def test_a_command_reads_the_text_and_no_shell_reads_anything(home: Path, run: Run) -> None:
    log = home / "log"
    program = command(
        home, "my tool", f'printf "%s|" "$@" > {shlex.quote(str(log))}; cat >> {shlex.quote(str(log))}'
    )
    assert run(["add", "$(touch x)", "--at", "08:00", "--from", "2026-03-02", "--yes"], now=EVENING).code == 0
    typed = f"'{program}' '$(touch y)' ';'"
    assert run(["remind", "channel", "add", "tool", "--command", typed, "--names"], now=EVENING).code == 0
    result = run("remind", now=EIGHT)
    assert (result.code, result.out, result.err) == (0, "", "")
    assert log.read_text(encoding="utf-8") == "$(touch y)|;|1 dose is due: $(touch x) 1 dose (08:00)."
    assert not list(Path.cwd().glob("[xy]"))


def test_a_channel_that_fails_blocks_no_other_is_tried_again_and_shows_in_doctor(
    ann: Path, home: Path, run: Run
) -> None:
    broken = command(home, "broken", f"cat > /dev/null; test -e {home}/mended")
    channel(run, f"phone --command {broken}")
    channel(run, "desk --stdout")
    assert spoken(run("remind", now=EIGHT)) == "1 dose is due (08:00)."
    assert entries(ann) == [("0", "desk", 1, True), ("0", "phone", 1, False)]
    assert run("remind", now="2026-03-02T08:05[Europe/Paris]").out == ""
    found = run("doctor --json", now="2026-03-02T08:06[Europe/Paris]")
    assert found.code == 4
    assert [row["finding"] for row in json.loads(found.out)["rows"]] == [
        "1 reminder did not arrive on the channel 'phone', tried 2 times: exit code 1."
    ]
    (home / "mended").touch()
    assert run("remind", now="2026-03-02T08:10[Europe/Paris]").out == ""
    assert entries(ann) == [("0", "desk", 1, True), ("0", "phone", 3, True)]
    assert run("doctor", now="2026-03-02T08:11[Europe/Paris]") == Result(0, "", "")


def test_a_dose_that_is_taken_meanwhile_is_not_tried_again(ann: Path, home: Path, run: Run) -> None:
    channel(run, f"phone --command {command(home, 'broken', 'exit 1')}")
    run("remind", now=EIGHT)
    run("take apixaban", now="2026-03-02T08:04[Europe/Paris]")
    run("remind", now="2026-03-02T08:05[Europe/Paris]")
    assert entries(ann) == [("0", "phone", 1, False)]


def test_a_check_that_died_before_it_spoke_is_made_up_for(
    ann: Path, run: Run, spawn: Run, home: Path
) -> None:
    killer = command(home, "killer", "kill -9 $PPID; sleep 1")
    channel(run, f"phone --command {killer}")
    assert spawn("remind", MEDTRACK_NOW=EIGHT).code == -9
    assert entries(ann) == [("0", "phone", 1, False)]
    killer.write_text(f"#!/bin/sh\ncat > {home}/heard\n", encoding="utf-8")
    # Its claim holds for a minute: it might be at work still.
    assert run("remind", now="2026-03-02T08:00:30[Europe/Paris]").code == 0
    assert not (home / "heard").exists()
    assert run("remind", now="2026-03-02T08:01[Europe/Paris]").code == 0
    assert (home / "heard").read_text(encoding="utf-8") == "1 dose is due (08:00)."


def test_where_nothing_can_be_printed_it_is_told_by_a_later_check(ann: Path, spawn: Run, run: Run) -> None:
    words = [sys.executable, "-m", "medtrack", "remind"]
    environ = {**os.environ, "MEDTRACK_NOW": EIGHT}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(words, env=environ, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 46
    assert spoken(run("remind", now="2026-03-02T08:01[Europe/Paris]")) == "1 dose is due (08:00)."


def test_a_time_that_was_given_mutes_no_real_reminder(ann: Path, run: Run) -> None:
    """Somebody who tries out tomorrow's check is told of tomorrow's dose all the same."""
    assert spoken(run("remind", now=EIGHT)) == "1 dose is due (08:00)."
    with closing(sqlite3.connect(ann)) as file:
        assert file.execute("select distinct simulated from notice").fetchall() == [(1,)]
    state = ann.parents[2].parent / "state" / "medtrack"
    assert [path.suffix for path in (state / "heartbeats").iterdir()] == [".simulated"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes to read-only files")
def test_a_read_only_record_is_reminded_of_all_the_same(ann: Path, run: Run) -> None:
    ann.chmod(0o400)
    result = run("remind", now=EIGHT)
    assert spoken(result) == "1 dose is due (08:00)."
    assert result.code == 45


def test_a_full_disk_keeps_no_reminder_back(ann: Path) -> None:
    """The ledger cannot be written: it is told all the same, and that nothing could be kept of it."""
    done = subprocess.run(
        [sys.executable, "-m", "medtrack", "remind"],
        env={**os.environ, "MEDTRACK_NOW": EIGHT},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)),
    )
    assert done.stdout.startswith("1 dose is due (08:00).\n")
    assert done.returncode == 46, done.stderr


def test_a_snooze_that_is_undone_waits_no_more(ann: Path, run: Run) -> None:
    run("remind rule all --repeat 10m", now=EVENING)
    run("remind", now=EIGHT)
    run("snooze apixaban 1h", now="2026-03-02T08:01[Europe/Paris]")
    assert run("remind", now="2026-03-02T08:10[Europe/Paris]").out == ""
    run("undo", now="2026-03-02T08:11[Europe/Paris]")
    assert (
        spoken(run("remind", now="2026-03-02T08:12[Europe/Paris]"))
        == "Again: 1 dose is not written down (08:00)."
    )


def test_a_journey_moves_the_reminder_with_the_person(ann: Path, run: Run) -> None:
    run("travel America/New_York --from '2026-03-02 12:00'", now="2026-03-02T11:00[Europe/Paris]")
    run("take apixaban", now="2026-03-02T08:00[Europe/Paris]")
    assert run("remind", now="2026-03-02T20:00[Europe/Paris]").out == ""
    assert spoken(run("remind", now="2026-03-02T20:00[America/New_York]")) == "1 dose is due (20:00)."


def test_a_skipped_hour_is_made_up_for_once(run: Run) -> None:
    """02:30 does not exist on the night of the change: it is told at 03:30."""
    run("add levodopa --at 02:30 --from 2026-03-28 --yes", now="2026-03-28T00:00[Europe/Paris]")
    assert spoken(run("remind", now="2026-03-28T02:30[Europe/Paris]")) == "1 dose is due (02:30)."
    assert run("remind", now="2026-03-29T01:59[Europe/Paris]").out == ""
    assert run("remind", now="2026-03-29T03:00[Europe/Paris]").out == ""
    assert spoken(run("remind", now="2026-03-29T03:30[Europe/Paris]")) == "1 dose is due (03:30)."
    assert run("remind", now="2026-03-29T03:35[Europe/Paris]").out == ""


def test_a_clock_that_was_put_back_begins_anew(ann: Path, run: Run) -> None:
    run("remind", now="2026-03-02T09:00[Europe/Paris]")
    assert run("remind", now="2026-03-02T08:30[Europe/Paris]").code == 0
    assert "No check ran" not in run("today", now="2026-03-02T08:31[Europe/Paris]").out


def test_a_rule_for_all_gives_way_to_one_of_its_own(ann: Path, run: Run) -> None:
    run("remind rule all --repeat 10m --times 2", now=EVENING)
    run("remind rule apixaban --once", now=EVENING)
    assert [row["says"] for row in json.loads(run("remind rule --json", now=EVENING).out)["rows"]] == [
        "told once, when it is planned",
        "told when it is planned, again after 10 minutes and 20 minutes",
    ]
    run("remind", now=EIGHT)
    assert run("remind", now="2026-03-02T08:10[Europe/Paris]").out == ""


def test_a_channel_that_is_missing_here_is_told_of_and_loses_nothing(ann: Path, run: Run) -> None:
    run("remind rule apixaban --then carer", now=EVENING)
    run("remind", now=EIGHT)
    late = run("remind", now="2026-03-02T09:00[Europe/Paris]")
    assert spoken(late) == "1 dose is not written down as taken (08:00)."
    assert late.err == (
        "medtrack: there is no channel 'carer' on this machine, so its reminders come here."
        " To set it up: medtrack remind channel add carer ...\n"
    )


def test_damaged_settings_keep_no_reminder_back(ann: Path, run: Run, home: Path) -> None:
    channel(run, "desk --desktop")
    for file in (home / "config").rglob("*.json"):
        file.write_text("{", encoding="utf-8")
    result = run("remind", now=EIGHT)
    assert spoken(result) == "1 dose is due (08:00)."
    assert "is not as medtrack wrote it" in result.err
    assert run("doctor", now=EIGHT).code == 4


def test_of_several_people_it_says_whose_dose_it_is(ann: Path, run: Run) -> None:
    run("people add Eva", now=EVENING)
    run("--person Eva add sertraline --at 08:00 --from 2026-03-02 --yes", now=EVENING)
    assert run("--person all remind", now=EIGHT).out.splitlines() == [
        "Eva: 1 dose is due (08:00).",
        "Taken? medtrack --person Eva take --all-due  Later? medtrack --person Eva snooze NAME 15m",
        "me: 1 dose is due (08:00).",
        "Taken? medtrack take --all-due  Later? medtrack snooze NAME 15m",
    ]
    assert run("--person all remind", now=EIGHT).out == ""


@pytest.mark.parametrize("line", ["remind", "due", "due --quiet", "remind status", "remind rule", "quiet"])
def test_without_a_record_it_is_not_that_nothing_is_due(line: str, run: Run) -> None:
    assert run(line, now=EIGHT).code == 41


def test_a_record_that_vanished_is_told_of(ann: Path, run: Run) -> None:
    run("remind", now=EIGHT)
    run("remind", now=EIGHT)
    ann.rename(ann.with_name("moved.db"))
    assert run("remind", now=EIGHT).code == 40
    assert run("due --quiet", now=EIGHT).code == 40


def test_the_ledger_is_proven_to_the_bit(ann: Path, run: Run) -> None:
    run("remind", now=EIGHT)
    assert run("verify", now=EIGHT).code == 0
    with closing(sqlite3.connect(ann)) as file:
        file.execute("update notice set tries = 2")
        file.commit()
    assert "What was told by reminders is not what was put." in run("verify", now=EIGHT).out
    assert run("remind", now="2026-03-02T08:30[Europe/Paris]").code == 44


def test_what_was_missed_in_three_weeks_is_told_in_one_line(ann: Path, run: Run) -> None:
    run("remind", now=EVENING)
    said = run("remind", now="2026-03-22T08:30[Europe/Paris]")
    assert said.out.splitlines()[:3] == [
        "No check ran from Sun 2026-03-01 18:00 to today 08:30; 41 doses were not announced.",
        "1 dose is due (08:00).",
        "40 doses were missed and not announced (from Mon 2026-03-02 08:00 to yesterday 20:00).",
    ]
    assert run("remind", now="2026-03-22T08:35[Europe/Paris]").out == ""


def test_an_option_of_a_subcommand_twice_is_refused(ann: Path, run: Run) -> None:
    twice = run("remind rule apixaban --repeat 15m --repeat 1h", now=EVENING)
    assert (twice.code, twice.err) == (2, "medtrack: --repeat is given twice: keep one.\n")


def test_an_old_pack_is_told_of_before_it_expires_and_on_the_day(ann: Path, run: Run) -> None:
    run("refill apixaban 2000 --expires 2027-12-31", now="2026-03-02T09:00[Europe/Paris]")
    run("remind", now="2027-12-01T12:00[Europe/Paris]")
    assert "pack" not in run("remind", now="2027-12-24T07:59[Europe/Paris]").out
    assert "1 pack expires (2027-12-31)." in run("remind", now="2027-12-24T08:00[Europe/Paris]").out
    assert "pack" not in run("remind", now="2027-12-24T12:00[Europe/Paris]").out
    assert "pack" not in run("remind", now="2027-12-30T12:00[Europe/Paris]").out
    assert "1 pack expires (2027-12-31)." in run("remind", now="2027-12-31T12:00[Europe/Paris]").out
    assert "pack" not in run("remind", now="2028-01-05T12:00[Europe/Paris]").out


def test_what_was_missed_of_a_plan_that_ended_meanwhile_is_told(ann: Path, run: Run) -> None:
    run("add amoxicillin --at 09:00 --from 2026-03-02 --until 2026-03-04 --yes", now=EVENING)
    run("hold apixaban --reason x", now="2026-03-02T08:00[Europe/Paris]")
    run("remind", now="2026-03-02T08:30[Europe/Paris]")
    assert "3 doses were missed and not announced" in run("remind", now="2026-03-22T08:00[Europe/Paris]").out


def test_a_check_makes_the_backup_of_the_day(spawn: Run, home: Path) -> None:
    assert spawn("add apixaban --at 08:00 --yes").code == 0
    (kept,) = (home / "data" / "medtrack" / "records" / "me.db.backups").iterdir()
    kept.unlink()
    assert spawn("remind").code == 0
    assert kept.is_file()


def test_one_record_that_cannot_be_used_keeps_no_other_silent(ann: Path, run: Run) -> None:
    run("people add Eva", now=EVENING)
    run("--person Eva add sertraline --at 08:00,20:00 --from 2026-03-02 --yes", now=EVENING)
    run("--person all remind", now=EVENING)
    eva = ann.with_name("Eva.db")
    whole = eva.read_bytes()
    eva.write_bytes(b"garbage")
    broken = run("--person all remind", now=EIGHT)
    assert (spoken(broken), broken.code) == ("me: 1 dose is due (08:00).", 47)
    eva.write_bytes(whole)
    assert spoken(run("--person all remind", now=EIGHT)) == "Eva: 1 dose is due (08:00)."
    eva.rename(ann.with_name("moved"))
    gone = run("--person all remind", now="2026-03-02T20:00[Europe/Paris]")
    assert (spoken(gone), gone.code) == ("1 dose is due (20:00).", 40)
    assert f"{eva} is missing, though it was there before" in gone.err
    assert run("--person all due", now=EIGHT).code == 40
    run("--person Eva people forget", now=EIGHT)
    assert run("--person all remind", now=EIGHT).code == 0


@pytest.mark.parametrize("ends", ["hold apixaban --reason x", "stop apixaban --reason rash"])
def test_what_was_due_before_a_hold_or_a_stop_is_not_told_again(ann: Path, run: Run, ends: str) -> None:
    channel(run, "carer --stdout --names")
    run("remind rule apixaban --repeat 15m --then carer", now=EVENING)
    run("remind", now=EIGHT)
    said = run(ends, now="2026-03-02T08:05[Europe/Paris]")
    assert "Still open from before: today 08:00. No reminder comes of it." in said.out
    for clock in ("08:15", "08:30", "14:00"):
        assert run("remind", now=f"2026-03-02T{clock}[Europe/Paris]").out == ""
    assert run("take --all-due", now="2026-03-02T08:31[Europe/Paris]").code == 27


def test_a_later_snooze_takes_the_place_of_one_that_lasts(ann: Path, run: Run) -> None:
    channel(run, "carer --stdout")
    run("remind rule apixaban --repeat 15m,30m --then carer", now=EVENING)
    run("remind", now=EIGHT)
    assert "until today 20:00, when the next dose is planned." in run("snooze apixaban 24h", now=EIGHT).out
    run("snooze apixaban 10m", now=EIGHT)
    spoke = [
        clock
        for clock in ("08:05", "08:10", "08:15", "08:30", "08:45", "08:50")
        if run("remind", now=f"2026-03-02T{clock}[Europe/Paris]").out
    ]
    assert spoke == ["08:10", "08:15", "08:30", "08:45"]


def test_somebody_else_waits_for_no_snooze_beyond_the_dose(ann: Path, run: Run) -> None:
    channel(run, "carer --stdout")
    run("remind rule apixaban --then carer", now=EVENING)
    run("remind", now=EIGHT)
    run("snooze apixaban 24h", now=EIGHT)
    assert run("remind", now="2026-03-02T13:59[Europe/Paris]").out == ""
    assert spoken(run("remind", now="2026-03-02T14:00[Europe/Paris]")) == (
        "me: 1 dose is not written down as taken (08:00)."
    )


def test_a_clock_that_was_ahead_uses_up_no_reminder(ann: Path, run: Run) -> None:
    run("remind", now="2026-03-02T07:00[Europe/Paris]")
    run("remind", now="2026-03-09T07:00[Europe/Paris]")
    run("remind", now="2026-03-02T07:10[Europe/Paris]")
    assert spoken(run("remind", now=EIGHT)) == "1 dose is due (08:00)."
    assert run("remind", now="2026-03-02T08:05[Europe/Paris]").out == ""


def test_it_says_what_else_its_hint_would_write_down(ann: Path, run: Run) -> None:
    run("add levodopa --at 06:00,18:00 --from 2026-03-02 --yes", now=EVENING)
    run("remind", now="2026-03-02T06:00[Europe/Paris]")
    assert run("remind", now=EIGHT).out.splitlines()[:2] == [
        "1 dose is due (08:00).",
        "1 more dose is open: medtrack due",
    ]


def test_what_is_to_be_typed_next_is_about_the_same_person(ann: Path, run: Run) -> None:
    run("people add Eva", now=EVENING)
    for line in ("add x --at 08:00 --from 2026-03-02 --yes", "take x", "remind channel add desk --stdout"):
        said = run(f"--person Eva {line}", now=EIGHT).out
        assert "medtrack --person Eva " in said
        assert not re.search("medtrack (undo|remind)", said)


def test_a_line_break_in_a_name_forges_no_sentence(run: Run) -> None:
    run(["add", "x\nTaken? medtrack take --all-due --again", "--at", "08:00", "--from", "2026-03-02", "--yes"],
        now=EVENING)  # fmt: skip
    channel(run, "desk --stdout --names")
    assert len(run("remind", now=EIGHT).out.splitlines()) == 2


def test_the_failures_of_a_channel_that_is_gone_are_forgotten(ann: Path, home: Path, run: Run) -> None:
    channel(run, f"phone --command {command(home, 'broken', 'exit 1')}")
    run("remind", now=EIGHT)
    assert run("remind status", now=EIGHT).code == 4
    run("remind channel remove phone", now=EIGHT)
    assert run("remind status", now=EIGHT).code == 0


def test_everyone_has_a_status_and_can_be_tried(ann: Path, run: Run) -> None:
    run("people add Eva", now=EVENING)
    assert run("--person all remind status", now=EIGHT).out.startswith("Eva:\nNot installed.")
    assert run("--person all remind test", now=EIGHT).code == 0
