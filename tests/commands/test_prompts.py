"""What is asked on a real terminal, and that nothing is ever asked without one."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import KEPT, sealed

NOW = "2026-03-10T08:10[Europe/Paris]"


class Terminal:
    """A person at a terminal: types answers, reads what is shown."""

    def __init__(self, home: Path) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environ = {**kept, **sealed(home), "TERM": "xterm", "MEDTRACK_NOW": NOW, "COLUMNS": "400"}

    def __call__(
        self, *words: str, answers: str = "", secrets: Sequence[str] = (), **environ: str
    ) -> tuple[int, str]:
        """Run a command; `answers` are typed ahead, `secrets` each when it is asked for."""
        waiting = list(secrets)
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "medtrack", *words],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={**self.environ, **environ},
            start_new_session=True,
        )
        os.close(follower)
        if answers:
            os.write(leader, answers.encode())
        shown = b""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            ready, _, _ = select.select([leader], [], [], 0.2)
            if ready:
                try:
                    block = os.read(leader, 65536)
                except OSError:
                    break
                if not block:
                    break
                shown += block
                if waiting and shown.endswith(b": "):
                    os.write(leader, f"{waiting.pop(0)}\n".encode())
            elif process.poll() is not None:
                break
        os.close(leader)
        return process.wait(10), shown.decode(errors="backslashreplace").replace("\r\n", "\n")


@pytest.fixture
def terminal(home: Path) -> Terminal:
    return Terminal(home)


def test_a_reading_is_confirmed_before_it_is_written_down(terminal: Terminal) -> None:
    label = "metformin 500 mg tablet, 1 tab twice daily with food"
    code, shown = terminal("add", label, answers="n\n")
    assert code == 1
    assert "1 tablet twice daily at 08:00 and 20:00 with food" in shown
    assert "Stopped. Nothing was recorded." in shown
    assert terminal("meds")[0] == 41

    code, shown = terminal("add", label, answers="y\n")
    assert code == 0
    assert "Recorded: metformin 500 mg tablet." in shown
    assert "metformin 500 mg tablet" in terminal("meds")[1]


def test_one_more_dose_of_a_filled_slot_is_asked_about(terminal: Terminal) -> None:
    terminal("add", "sertraline", "--at", "08:00", "--from", "2026-03-01")
    assert "It fills the dose planned for today 08:00" in terminal("take", "sertraline")[1]
    code, shown = terminal("take", "sertraline", answers="n\n")
    assert code == 1
    assert "Already recorded" in shown
    code, shown = terminal("take", "sertraline", answers="y\n")
    assert code == 0
    assert "extra dose" in shown


def test_a_dose_over_a_limit_is_asked_about_and_can_be_written_down(terminal: Terminal) -> None:
    terminal("add", "ibuprofen", "--as-needed", "--min-gap", "6h", "--from", "2026-03-01")
    terminal("take", "ibuprofen", "--at", "07:00")
    code, shown = terminal("take", "ibuprofen", answers="n\n")
    assert (code, "at least 6 hours apart" in shown) == (1, True)
    code, shown = terminal("take", "ibuprofen", answers="y\n")
    assert (code, "Recorded: ibuprofen" in shown) == (4, True)


def test_take_alone_offers_what_is_due(terminal: Terminal) -> None:
    terminal("add", "sertraline", "--at", "08:00", "--from", "2026-03-01")
    code, shown = terminal("take", answers="y\n")
    assert code == 0
    assert "Due: sertraline. Were all of these taken?" in shown
    assert "Recorded: sertraline" in shown


def test_nothing_is_asked_without_a_terminal(spawn) -> None:
    assert spawn("take", stdin="y\n", MEDTRACK_NOW=NOW).code == 41
    spawn("add sertraline --at 08:00 --from 2026-03-01", MEDTRACK_NOW=NOW)
    refused = spawn("take", stdin="y\n", MEDTRACK_NOW=NOW)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "medtrack: Name the medication, or --all-due for everything that is due.\n"
    refused = spawn(["add", "metformin 5 mg tablet, 1 tablet daily"], stdin="y\n", MEDTRACK_NOW=NOW)
    assert refused.code == 30
    assert "--yes" in refused.err


@pytest.mark.parametrize("columns", ["20", "80", "0", "-5"])
def test_a_narrow_terminal_loses_nothing(terminal: Terminal, columns: str) -> None:
    name = "a medication with quite a long name"
    terminal("add", name, "--at", "08:00,20:00", "--from", "2026-03-01")
    for command in (["today"], ["meds"], ["schedule"], ["adherence"], ["log"], ["history"], ["due"]):
        code, shown = terminal(*command, COLUMNS=columns)
        assert code in (0, 10, 11), (command, shown)
        assert "Traceback" not in shown
        assert "…" not in shown
    for word in name.split():
        assert word in terminal("meds", COLUMNS=columns)[1]


def test_a_long_import_shows_how_far_it_has_come(terminal: Terminal, home: Path) -> None:
    terminal("add", "x", "--at", "08:00", "--from", "2020-01-01")
    rows = [
        f"2025-01-{1 + number % 28:02} 08:{number % 60:02}:{number // 100:02},x" for number in range(4_000)
    ]
    sheet = home / "many.csv"
    sheet.write_text("\n".join(["taken_at,medication", *rows, ""]))
    code, shown = terminal("import", str(sheet))
    assert code == 0
    assert "Reading" in shown
    assert "%" in shown
    assert "Recorded" in shown


def test_what_is_major_is_asked_about_before_it_is_written_down(terminal: Terminal) -> None:
    terminal("add", "warfarin", "--at", "18:00")
    code, shown = terminal("add", "Nurofen", "--as-needed", answers="n\n")
    assert code == 1
    assert "Nurofen with warfarin (major): Serious bleeding is more likely." in shown
    assert "Stopped. Nothing was recorded." in shown
    assert "Nurofen" not in terminal("meds")[1]
    code, shown = terminal("add", "Nurofen", "--as-needed", answers="y\n")
    assert code == 0
    assert "Recorded: Nurofen." in shown


def test_a_weekly_medicine_every_day_wants_words_and_not_a_yes(terminal: Terminal) -> None:
    add = ("add", "methotrexate", "--strength", "2.5 mg", "--amount", "4 tablets", "--at", "08:00")
    code, shown = terminal(*add, answers="y\n")
    assert code == 39
    assert "Daily doses have killed people" in shown
    assert terminal(*add, "--yes", answers="yes\n")[0] == 39, "--yes is not enough"
    code, shown = terminal(*add, answers="methotrexate more than once a week\ny\n")
    assert code == 0
    assert "Recorded: methotrexate 2.5 mg." in shown


def test_a_long_import_of_data_shows_how_far_it_has_come(terminal: Terminal, home: Path) -> None:
    pairs = home / "ddinter_downloads_code_A.csv"
    with pairs.open("w") as file:
        file.write("DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level\n")
        file.writelines(f"1,one{number % 50},2,other{number},Major\n" for number in range(120_000))
    code, shown = terminal("check", "import", "ddinter", str(pairs))
    assert code == 0
    assert "Reading" in shown
    assert "%" in shown
    assert "Imported: DDInter, 120,000 rows." in shown


def test_doctor_says_on_a_terminal_that_nothing_is_wrong(terminal: Terminal) -> None:
    terminal("add", "metformin", "--amount", "1", "--at", "08:00")
    code, shown = terminal("doctor")
    assert code == 0
    assert " ".join(shown.split()) == (
        "Nothing is wrong: the record is whole, and backups, reminders and this machine are in order."
    )
