"""Sessions where a transcript does not reach: a terminal, a kill, files that are none, two devices, undo."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KEPT, Result, sealed

Run = Callable[..., Result]
DAY = "2026-03-10T"


def at(clock: str) -> str:
    return f"{DAY}{clock}[Europe/Paris]"


def rows(run: Run, line: str, now: str) -> list[dict[str, Any]]:
    done = run(f"{line} --json", now=now)
    assert done.code in (0, 10, 11), done
    found: list[dict[str, Any]] = json.loads(done.out)["rows"]
    return found


def do(run: Run, clock: str, *lines: str) -> None:
    for line in lines:
        done = run(line, now=at(clock))
        assert done.code == 0, (line, done)


class Board:
    """The live board on a terminal of its own."""

    def __init__(self, home: Path, now: str, size: tuple[int, int] = (140, 60)) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        environ = {
            **kept,
            **sealed(home),
            "TERM": "xterm",
            "MEDTRACK_NOW": now,
            "COLUMNS": str(size[0]),
            "LINES": str(size[1]),
        }
        self.leader, follower = pty.openpty()
        termios.tcsetwinsize(follower, (size[1], size[0]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "medtrack", "session", "live"],
            stdin=follower, stdout=follower, stderr=follower, env=environ, start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self.shown = ""

    def until(self, *words: str) -> str:
        """Read until the words have been shown, in this order."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            place = 0
            for word in words:
                place = self.shown.find(word, place)
                if place < 0:
                    break
            else:
                return self.shown
            if select.select([self.leader], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.leader, 65536).decode(errors="replace")
                except OSError:
                    break
        raise AssertionError(f"{words} not in {self.shown[-3000:]!r}")

    def end(self, number: int | None = None) -> int:
        """Signal it, if so, and read until it is gone: a terminal nobody reads would hold it up."""
        if number is not None:
            self.process.send_signal(number)
        end = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.leader], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.leader, 65536).decode(errors="replace")
                except OSError:
                    break
        code = self.process.wait(10)
        os.close(self.leader)
        return code


def test_the_live_board_ticks_shows_what_others_write_and_is_left_without_a_trace(
    home: Path, run: Run
) -> None:
    do(run, "13:40", "session start spravato", "session observe food 11:00 drink 13:00 nasal-spray none")
    do(run, "13:41", "session observe bp 120/70 medicines yes")
    do(run, "14:00", "session observe dose '56 mg'")
    # Some seconds before the minute, for a machine that is busy.
    board = Board(home, at("14:39:54"))
    board.until("0:39:5", "since the dose (56 mg).", "in 1 minute", "0:40:00", "due now (minute 40)", "\a")
    do(run, "14:40", "session observe bp 141/85 note '[red]floating'")
    board.until("141/85", "[red]floating")
    assert board.end(signal.SIGINT) == 0
    assert "Traceback" not in board.shown
    assert run("verify", now=at("14:41")).code == 0


def test_the_board_ends_with_the_session_and_a_kill_loses_nothing(home: Path, run: Run) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    killed = Board(home, at("14:10:00"))
    killed.until("0:10:0")
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    board = Board(home, at("14:20:00"))
    board.until("0:20:0", "Next: blood pressure at minute 40, in 20 minutes.")
    do(run, "16:05", "session end")
    assert board.end() == 0


@pytest.mark.parametrize("term", ["dumb", ""])
def test_without_a_terminal_that_can_draw_the_board_names_what_to_type(
    home: Path, run: Run, term: str
) -> None:
    do(run, "14:00", "session start spravato")
    done = run("session live", now=at("14:01"), TERM=term)
    assert (done.code, done.out) == (2, "")
    assert "medtrack session show" in done.err


def hostile(folder: Path) -> dict[str, Path]:
    """Files that are no protocol, by what they are."""
    found = {
        name: folder / f"{name}.toml"
        for name in ("pipe", "folder", "binary", "huge", "deep", "link", "empty")
    }
    os.mkfifo(found["pipe"])
    found["folder"].mkdir()
    found["binary"].write_bytes(bytes(range(256)))
    found["huge"].write_text("# " + "x" * 70_000)
    found["deep"].write_text("a = " + "[" * 30_000)
    found["link"].symlink_to("/dev/zero")
    found["empty"].write_text("")
    return found


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("pipe", 49, "cannot be read (it is not a file)"),
        ("folder", 49, "cannot be read"),
        ("binary", 49, "cannot be read (it is not UTF-8 text)"),
        ("huge", 49, "cannot be read (it has more than 65,536 bytes, which no protocol has)"),
        ("deep", 2, "it is no TOML that can be read"),
        ("link", 49, "cannot be read (it is not a file)"),
        ("empty", 2, "name is missing"),
    ],
)
def test_a_file_that_is_no_protocol_is_a_sentence_and_nothing_is_recorded(
    name: str, code: int, said: str, tmp_path: Path, run: Run, home: Path
) -> None:
    done = run(["session", "start", str(hostile(tmp_path)[name])], now=at("14:00"))
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert not (home / "data").exists()


def test_what_is_typed_into_a_session_comes_out_as_text(run: Run) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    assert run(["session", "observe", "note", "a\x1b[31m\nb"], now=at("14:05")).code == 0
    assert run(["session", "observe", "escort", "=1+1"], now=at("14:06")).code == 0
    for line in ("session show", "session show --csv", "session show --json", "today", "history"):
        assert "\x1b" not in run(line, now=at("14:07")).out
    assert "'=1+1" in run("session show --csv", now=at("14:07")).out
    assert r"a\x1b[31m\nb" in run("session show", now=at("14:07")).out


def test_a_hold_ends_by_itself_moves_with_the_dose_and_undo_is_exact(run: Run) -> None:
    do(run, "08:00", "add lorazepam --amount '1 mg' --every 1h --from '2026-03-10 13:00' --yes")
    do(run, "13:30", "session start spravato --hold lorazepam")

    def held(now: str = "13:30") -> list[str]:
        listed = rows(run, "schedule --from '2026-03-10 13:00' --to '2026-03-10 18:00'", at(now))
        return [row["local_time"][11:16] for row in listed if row["state"] == "held"]

    assert held() == ["14:00", "15:00"]
    do(run, "14:10", "session observe dose '56 mg'")
    assert held() == ["14:00", "15:00", "16:00"]
    do(run, "14:11", "undo")
    assert held() == ["14:00", "15:00"]
    do(run, "14:11", "redo")
    assert held() == ["14:00", "15:00", "16:00"]
    (dose,) = json.loads(run("session show --json", now=at("14:20")).out)["observations"]
    do(run, "14:20", f"session remove {dose['id']} --reason 'not given yet'")
    assert held("14:20") == ["14:00", "15:00"]
    do(run, "14:21", "undo")
    do(run, "16:20", "session end")
    do(run, "16:20", "session remove --session 1 --reason 'somebody else'")
    assert held("16:20") == []
    do(run, "16:21", "undo 5")
    assert rows(run, "session list", at("16:22")) == []
    assert run("verify", now=at("16:22")).code == 0


def test_a_hold_that_was_resumed_or_given_an_end_is_left_alone(run: Run) -> None:
    do(run, "08:00", "add a --at 15:00 --from 2026-03-10 --yes", "add b --at 15:00 --from 2026-03-10 --yes")
    do(run, "13:00", "session start spravato --hold a --hold b --hold-until 'tomorrow 06:00'")
    do(run, "14:00", "session observe dose '56 mg'")
    shown = run("session show", now=at("14:01")).out
    assert "On hold: a and b from today 13:00 until tomorrow 06:00." in shown
    do(run, "14:02", "session end", "undo 3")
    do(run, "13:00", "session start spravato --hold a")
    do(run, "13:30", "resume a")
    do(run, "14:00", "session observe dose '56 mg'")
    assert "until today 13:30" in run("session show", now=at("14:01")).out


def test_a_dose_given_late_and_observations_written_down_out_of_order_count_from_the_dose(run: Run) -> None:
    do(run, "16:30", "session start spravato --at 13:40")
    do(run, "16:30", "session observe bp 131/80 --at 14:41", "session observe bp 120/70 --at 13:45")
    do(run, "16:31", "session observe dose '56 mg' --at 14:00", "session end --at 16:05")
    filled = {
        (row["part"], row["due_minute"]): row["value"]
        for row in rows(run, "session show", at("16:32"))
        if row["key"] == "bp"
    }
    assert filled == {("before", None): "120/70", ("during", 40): "131/80", ("during", 120): None}


def test_sessions_of_two_devices_come_together_and_two_that_are_open_are_told_apart(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    do(run, "08:00", f"--db {ours} add lorazepam --at 08:00 --from 2026-03-10 --yes")
    do(run, "08:01", f"--db {ours} backup {theirs}")
    do(run, "13:00", f"--db {ours} session start spravato --dose '56 mg' --hold lorazepam")
    do(run, "14:00", f"--db {theirs} session start spravato --dose '84 mg'")
    do(run, "14:10", f"--db {theirs} session observe bp 128/82")
    do(run, "15:00", f"--db {ours} restore {theirs} --merge --yes")
    done = run(f"--db {ours} session observe bp 130/80", now=at("15:01"))
    assert done.code == 20
    assert "say which with --session" in done.err
    numbers = [row["id"] for row in rows(run, f"--db {ours} session list", at("15:01"))]
    for number in numbers:
        do(run, "16:30", f"--db {ours} session end --session {number}")
    assert run(f"--db {ours} verify", now=at("16:31")).code == 0
    do(run, "16:32", f"--db {theirs} restore {ours} --merge --yes")
    assert len(rows(run, f"--db {theirs} session list", at("16:33"))) == 2


def test_a_session_taken_back_stands_while_another_device_observed_in_it(run: Run, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    do(run, "13:00", f"--db {ours} session start spravato --dose '56 mg'", f"--db {ours} backup {theirs}")
    do(run, "14:10", f"--db {theirs} session observe bp 128/82")
    do(run, "14:11", f"--db {ours} undo")
    assert rows(run, f"--db {ours} session list", at("14:12")) == []
    do(run, "14:13", f"--db {ours} restore {theirs} --merge --yes")
    (session,) = rows(run, f"--db {ours} session list", at("14:14"))
    assert session["state"] == "open"
    assert "128/82" in run(f"--db {ours} session show", now=at("14:14")).out
    assert run(f"--db {ours} verify", now=at("14:15")).code == 0


def test_the_course_counts_by_the_calendar_where_the_clocks_change(run: Run) -> None:
    for day, number in (("2026-03-24", 1), ("2026-03-31", 2)):
        now = f"{day}T14:00[Europe/Paris]"
        assert run("session start spravato --dose '56 mg'", now=now).code == 0
        assert run("session end", now=f"{day}T16:10[Europe/Paris]").code == 0
        assert rows(run, "session list", f"{day}T17:00[Europe/Paris]")[-1]["week"] == number
    assert (
        run("session start spravato --course-from 2027-01-01", now="2026-04-01T09:00[Europe/Paris]").code == 2
    )
    now = "2026-06-10T14:00[Europe/Paris]"
    assert run("session start spravato --course-from today", now=now).code == 0
    assert [row["number"] for row in rows(run, "session list", now)] == [1, 2, 1]


def test_a_session_over_midnight_and_over_the_change_of_the_clocks_counts_elapsed_minutes(run: Run) -> None:
    night = "2026-03-29T{}[Europe/Paris]"
    assert run("session start spravato --dose '56 mg'", now=night.format("01:30")).code == 0
    assert run("session observe bp 128/82", now=night.format("03:10")).code == 0
    (found,) = [
        each
        for each in json.loads(run("session show --json", now=night.format("03:11")).out)["observations"]
        if each["kind"] == "bp"
    ]
    assert found["minute"] == 40


def test_an_observation_of_another_day_fills_nothing_and_is_told_with_what_is_missing(run: Run) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    do(run, "14:41", "session observe bp 149/91")
    later = "2026-03-17T09:20[Europe/Paris]"
    said = run("session observe bp 128/82", now=later).out
    assert "It is not one of the planned ones; the one planned for minute 120 has not been recorded." in said
    assert "medtrack session remove 3 --reason WHY" in said
    ended = run("session end", now=later).out
    assert "blood pressure at minute 120" in ended
    assert "After all that is planned, so it counts for none of it: blood pressure 128/82" in ended
    assert "Did it end before? medtrack session end --session 1 --at TIME --reason WHY" in ended
    shown = run("session show", now=later).out
    assert "After all that is planned, so it counts for none of it: blood pressure 128/82" in shown
    assert "Also: blood pressure 128/82" not in shown
    assert run("session remove 3 --reason typo", now=later).code == 0
    now = "--at '2026-03-10 16:05' --session 1"
    assert "It is the one for minute 120." in run(f"session observe bp 127/80 {now}", now=later).out
    assert "After all" not in run("session show", now=later).out


def test_a_dose_that_the_protocol_does_not_have_is_warned_of_and_written_down(run: Run) -> None:
    for slip in ("56", "84 tablets", "56 g"):
        done = run(["session", "start", "spravato", "--dose", slip], now=at("14:00"))
        assert (done.code, done.out) == (2, ""), slip
    done = run("session start spravato --dose '5600 mg' --json", now=at("14:00"))
    assert done.code == 4
    (warning,) = json.loads(done.out)["warnings"]
    assert warning in done.err
    assert rows(run, "session list", at("14:01"))[0]["doses"] == ["5,600 mg"]
    done = run("session observe bp 131/80 dose '57 mg'", now=at("14:05"))
    assert done.code == 4
    assert "57 mg is none of the doses of Spravato (28 mg, 56 mg and 84 mg" in done.err
    assert run("session observe dose 28", now=at("14:10")).code == 2
    assert run("session observe dose '28 mg'", now=at("14:10")).code == 0
    assert rows(run, "session list", at("14:11"))[0]["doses"] == ["5,600 mg", "57 mg", "28 mg"]


def test_what_the_team_is_to_see_at_once_is_said_with_its_source(run: Run) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    done = run("session observe spo2 62 sedation 0 bp 230/140 nausea 3", now=at("14:30"))
    assert done.code == 4
    for words in (
        "SpO2 62 % (minute 30)",
        "No answer to the name",
        "+90/+50 against 140/90",
        "call 911, 999 or 112",
    ):
        assert words in done.err
    assert done.err.count("Source: ") == 3
    assert "Recorded: SpO2 62 %" in done.out
    again = run("session observe nausea 2 --json", now=at("14:31"))
    assert (again.code, json.loads(again.out)["warnings"]) == (0, [])
    assert "SpO2 62 % (minute 30). Below 90 %" in run("session show", now=at("14:32")).out


def test_food_or_drink_after_the_dose_is_said_to_be_after_it_wherever_it_is_told(run: Run) -> None:
    do(run, "13:00", "session start spravato")
    do(run, "13:05", "session observe dose '56 mg'")
    written = run("session observe drink 14:55", now=at("15:00"))
    assert (
        "Recorded: drink today 14:55, 1 hour 50 minutes after the dose (observation 2). It was after the dose, so"
        " it says nothing of the time before it."
    ) in written.out
    ended = run("session end", now=at("15:10"))
    shown = run("session show", now=at("15:11"))
    told = run("session show --json", now=at("15:11"))
    brief = run("brief", now=at("15:12"))
    for done in (written, ended, shown, told, brief):
        assert "before the dose; the protocol asks" not in done.out, done
    assert "drink before the dose" in ended.out
    assert "Also: drink today 14:55, 1 hour 50 minutes after the dose (observation 2)." in shown.out
    states = {row["key"]: row["state"] for row in json.loads(told.out)["rows"] if row["part"] == "before"}
    assert states["drink"] == "unfinished"


def test_the_true_end_can_be_written_after_what_was_told_a_day_later(run: Run) -> None:
    later = "2026-03-11T08:00[Europe/Paris]"
    do(run, "13:00", "session start spravato --dose '56 mg'")
    told = run(
        ["session", "observe", "food", "yesterday 12:00", "drink", "yesterday 12:30", "medicines", "yes"],
        now=later,
    )
    assert told.code == 0, told
    assert run("session end", now=later).code == 0
    line = "session end --session 1 --at '2026-03-10 15:00'"
    assert run(f"{line} --reason forgot", now=later).code == 0
    # What was before the dose can be told after the end, and what came after the end cannot.
    assert run("session observe nasal-spray none food 'yesterday 11:00' --session 1", now=later).code == 0
    refused = run("session observe food 'yesterday 16:00' --session 1", now=later)
    assert (refused.code, refused.out) == (2, "")
    assert "Session 1 ended yesterday 15:00" in refused.err


def test_an_end_before_what_was_observed_is_refused_with_what_that_was(run: Run) -> None:
    do(run, "13:00", "session start spravato --dose '56 mg'")
    do(run, "14:30", "session observe bp 128/82")
    refused = run("session end --at 14:00", now=at("15:00"))
    assert (refused.code, refused.out) == (2, "")
    assert "blood pressure 128/82, today 14:30 (minute 90): it ends after that" in refused.err
    assert "medtrack session remove 2 --reason WHY" in refused.err


def test_on_a_low_screen_the_board_has_what_is_urgent_due_and_next_and_counts_the_rest(
    home: Path, run: Run
) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    for clock, values in (
        ("14:20", "bp 200/130"),
        ("14:25", "spo2 85"),
        ("14:30", "sedation 1 note a note b"),
    ):
        assert run(f"session observe {values}", now=at(clock)).code == 4
    board = Board(home, at("14:45:00"), (80, 24))
    board.until("Ctrl-C leaves this board")
    assert board.end(signal.SIGINT) == 0
    page = board.shown.partition("Ctrl-C leaves this board")[0]
    assert len(page.splitlines()) <= 23, page
    for words in (
        "911, 999 or",
        "SpO2 85 %",
        "Sedation 1 of 5",
        "Blood pressure 200/130",
        "Not on this screen: 5 unfinished, 2 done.",
    ):
        assert words in page, (words, page)
    assert "blood pressure; Due: 120; State: to come" in page


def test_what_was_urgent_is_told_in_short_at_the_end_and_in_the_brief(run: Run) -> None:
    do(run, "14:00", "session start spravato --dose '56 mg'")
    assert run("session observe spo2 85 sedation 1", now=at("14:30")).code == 4
    for line in ("session end", "session show", "brief"):
        said = " ".join(run(line, now=at("16:10")).out.split())
        assert "SpO2 85 % (minute 30). Below 90 %: show the staff the number now." in said, line
        assert "(minute 30). No answer to the name: tell the staff now." in said, line
        assert "Chernik" not in said
    again = run("session observe spo2 84 --at 15:00 --session 1", now=at("16:11"))
    assert again.code == 4
    assert "SpO2 84 % (minute 60). Below" in again.err
    assert "Below 90 %" not in again.out


def test_each_dose_has_a_row_with_its_id_and_time_by_which_it_can_be_taken_out(run: Run) -> None:
    do(run, "13:00", "session start spravato --dose '28 mg'")
    do(run, "13:10", "session observe dose '28 mg'")
    assert "Dose: 28 mg today 13:00 and 28 mg today 13:10." in run("session show", now=at("13:20")).out
    doses = [row for row in rows(run, "session show", at("13:20")) if row["part"] == "dose"]
    assert [(row["value"], row["observed_at"][11:16], row["minute"]) for row in doses] == [
        ("28 mg", "13:00", 0), ("28 mg", "13:10", 10),
    ]  # fmt: skip
    do(run, "13:21", f"session remove {doses[1]['observation']} --reason 'given once'")
    assert "Dose: 28 mg, today 13:00." in run("session show", now=at("13:22")).out


@pytest.mark.parametrize(("file", "name"), [("Spravato", "Ours"), ("ours", "SPRAVATO")])
def test_a_clinics_own_cannot_be_called_as_one_that_ships(
    file: str, name: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / f"{file}.toml"
    path.write_text(f'name = "{name}"\nrest = {{minutes = 60}}\n')
    for line in (["session", "start", str(path)], ["session", "protocol", str(path)]):
        done = run(line, now=at("14:00"))
        assert (done.code, done.out) == (2, "")
        assert "'spravato' comes with medtrack" in done.err
        assert "another, like 'spravato-clinic'" in done.err


def test_ready_too_early_an_end_too_early_and_a_session_over_another_are_said_at_once(run: Run) -> None:
    do(run, "13:00", "session start spravato --dose '56 mg'")
    assert (
        "The protocol asks for at least 2 hours from the dose."
        in run("session observe ready yes", now=at("13:45")).out
    )
    do(run, "13:50", "session end")
    refused = run("session observe bp 128/82 --session 1", now=at("14:00"))
    assert refused.code == 2
    assert "medtrack session end --session 1 --at TIME --reason WHY (just now: medtrack undo)" in refused.err
    said = run("session start spravato --at 13:30", now=at("14:01"))
    assert "It lies over session 1 (Spravato), today 13:00 to today 13:50: check the times." in said.out
    assert "It lies over session 1" in run("session end", now=at("14:02")).out


def test_after_a_long_gap_the_protocols_remark_is_shown_and_a_name_typed_twice_holds_once(run: Run) -> None:
    do(
        run,
        "08:00",
        "add lorazepam --at 20:00 --from 2026-03-10 --yes",
        "session start spravato",
        "session end",
    )
    later = "2026-04-02T13:00[Europe/Paris]"
    said = run("session start spravato --hold lorazepam --hold Lorazepam", now=later).out
    assert "Missed sessions: where the depression is not worse" in said
    assert said.count("On hold: lorazepam") == 1
    assert run("session end", now=later).code == 0
    assert "Missed sessions" not in run("session start spravato", now="2026-04-05T13:00[Europe/Paris]").out
