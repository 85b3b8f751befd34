"""What is said of a command line that cannot be read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.usage import Words, nearest, unknown_command, unknown_option
from tests.conftest import KEPT, Result, sealed
from tests.shipped import commands, options

VERBS = Words().verbs("")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("taek", ["take"]), ("tka", ["take", "team"]), ("adh", ["adherence"]), ("SKIP", ["skip"]), ("unod", ["undo"]),
     ("x", []), ("", []), ("frobnicate", []), ("mesure", ["measure"]), ("can_take", ["can-take"])],
)  # fmt: skip
def test_the_nearest_are_offered(typed: str, meant: list[str]) -> None:
    assert nearest(typed, VERBS) == meant


def test_what_is_done_away_with_is_not_guessed() -> None:
    said = unknown_command("", "delete", VERBS)
    assert "Did you mean 'medtrack amend' or 'medtrack undo'?" in said


@given(name=st.sampled_from([verb for verb in VERBS if len(verb) > 3]), place=st.integers(0, 20))
def test_two_letters_that_changed_places_are_put_right(name: str, place: int) -> None:
    at = place % (len(name) - 1)
    typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert typed == name or typed in VERBS or name in nearest(typed, VERBS)


@pytest.mark.parametrize("path", [path for path in commands() if path])
def test_every_root_option_is_told_where_it_goes(path: str) -> None:
    for option in options(""):
        name = option.opts[-1]
        if "--help" in option.opts or name in Words().options(path):
            continue
        said = unknown_option(name, [*path.split(" "), name, "x y"], path)
        value = "" if option.is_flag else " 'x y'"
        assert said == f"{name} goes before the command: medtrack {name}{value} {path} ..."


@pytest.mark.parametrize("path", [path for path in commands() if path])
def test_every_option_before_its_command_is_told_where_it_goes(path: str) -> None:
    for name, has_value in Words().options(path).items():
        if name in Words().options(""):
            continue
        said = unknown_option(name, [name, *["x"] * has_value, *path.split(" ")], "")
        assert said == f"{name} goes after the command: medtrack {path} ... {name}{' x' * has_value}"


@given(typed=st.text(max_size=60), path=st.sampled_from(["", "remind", "remind channel"]))
def test_whatever_is_typed_a_sentence_is_said(typed: str, path: str) -> None:
    assert unknown_command(path, typed, Words().verbs(path)).endswith("--help' shows what there is.")
    assert unknown_option(f"-{typed}", [*path.split(), f"-{typed}"], path)
    assert unknown_option(f"-{typed}", [f"-{typed}", "take"], None)


@pytest.mark.parametrize(
    "environ", [{"COLUMNS": "0"}, {"COLUMNS": "-1"}, {"COLUMNS": "x"}, {"TERM": "dumb"}, {"TERM": ""}]
)
@pytest.mark.parametrize("line", ["today", "--help", "take --help", "meds"])
def test_a_terminal_that_says_little_of_itself(
    environ: dict[str, str], line: str, home: Path, run: Callable[..., Result]
) -> None:
    assert run("add metformin --at 08:00 --yes", now="2026-03-10T09:00[Europe/Paris]").code == 0
    shown, code = pexpect.run(
        f"{sys.executable} -m medtrack {line}", withexitstatus=True, encoding="utf-8", timeout=60,
        env={**{name: os.environ[name] for name in KEPT if name in os.environ}, **sealed(home), "TERM": "xterm", **environ},
    )  # fmt: skip
    assert code == 0, shown
    assert "\x1b" not in shown or "TERM" not in environ or environ["TERM"] != "dumb"
    assert max(len(each) for each in shown.splitlines()) > 20
    assert "bug in medtrack" not in shown
