"""Pictures on a real terminal: colour is added there and nowhere else, and nothing is cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import KEPT
from tests.sample_month import NOW

CALENDAR = ("adherence", "metformin", "--span", "30d", "--calendar", "--compare")


@pytest.fixture
def terminal(month: Path, home: Path) -> Terminal:
    assert "NO_COLOR" not in KEPT
    made = Terminal(home)
    made.environ |= {"MEDTRACK_DB": str(month), "MEDTRACK_NOW": NOW}
    return made


def plain(shown: str) -> str:
    """What is seen of it: no colour, and no blank at the end of a line."""
    return re.sub(r" +$", "", re.sub(r"\x1b\[[0-9;]*m", "", shown), flags=re.MULTILINE)


def test_colour_on_a_terminal_says_nothing_that_is_lost_without(terminal: Terminal) -> None:
    code, coloured = terminal(*CALENDAR, NO_COLOR="", COLUMNS="140")
    assert code == 0
    assert "\x1b[32m●" in coloured
    assert "\x1b[31m○" in coloured
    code, without = terminal(*CALENDAR, NO_COLOR="1", COLUMNS="140")
    assert code == 0
    assert "\x1b" not in without
    assert plain(coloured) == plain(without)


def test_the_calendar_on_a_terminal_is_that_of_a_pipe(terminal: Terminal, run) -> None:
    piped = run(list(CALENDAR)).out
    _, shown = terminal(*CALENDAR, COLUMNS="140")
    drawn = piped[piped.index("\nmetformin\n") : piped.index("\nBefore:")]
    assert drawn in shown
    assert "\x1b" not in piped


@pytest.mark.parametrize("columns", ["30", "80"])
def test_the_report_on_a_terminal_folds_and_cuts_nothing(columns: str, terminal: Terminal, run) -> None:
    code, shown = terminal("report", COLUMNS=columns)
    assert code == 0
    words = re.findall(r"[\w.%=-]+", run("report").out)
    told = re.sub(r"[\s─-]", "", plain(shown))
    for word in set(words):
        assert re.sub(r"[\s─-]", "", word) in told, word
