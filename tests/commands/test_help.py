"""What every command says of itself is true: its examples run, and it ends with the codes it tells."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medtrack.app import run as whole
from medtrack.commands._told import told
from medtrack.render import screen
from tests.commands.test_prompts import Terminal
from tests.conftest import Result, sealed
from tests.shipped import commands
from tests.test_errors import kinds
from tests.test_transcripts import DOCUMENTS
from tests.transcript import steps

COMMANDS = {path: command for path, command in commands().items() if path}
NOW = "2026-03-10T16:30[Europe/Paris]"
ANYWHERE = {1, 3, 130}
"""Stopped or the output was closed, a bug, interrupted: of every command, and told by the manual."""
RECORD = (
    "add metformin --strength '500 mg' --amount '1 tablet' --at 08:00,16:00 --from 2026-02-20",
    "add apixaban --at 09:00 --from 2026-02-20",
    "add sertraline --strength '50 mg' --amount '1 tablet' --at 08:00 --from 2026-02-20",
    "add prednisone --amount '40 mg' --at 08:00 --from 2026-02-20",
    "add prazosin --at 22:00 --from 2026-02-20",
    "add ibuprofen --strength '400 mg' --form tablet --amount '1 tablet' --as-needed --max 4/24h --from 2026-02-20",
    "add lorazepam --at 21:00 --from 2026-02-20",
    "backfill sertraline 2026-02-21..2026-03-08",
    "take ibuprofen --at 12:00",
    "remind channel add carer --stdout",
    "measure phq9 --items 1,2,0,1,0,1,1,0,0 --at 2026-03-01T10:00",
)
BEFORE = {
    "backup": ["people"],
    "brief": ["visit add --with 'Dr Osei' --on 2026-03-01"],
    "redo": ["take metformin", "undo"],
    "remind channel remove": ["remind channel add desk --stdout"],
    "restore": ["backup ~/stick/me.db"],
    "resume": ["hold metformin --reason scan"],
    "undo": ["take metformin"],
    "session end": ["session start spravato --dose '56 mg' --at 14:00"],
    "session observe": ["session start spravato --dose '56 mg' --at 14:00"],
    "session remove": [
        "session start spravato --dose '56 mg' --at 14:00",
        *[f"session observe spo2 9{number} --at 14:{10 + number}" for number in range(9)],
        "session observe bp 128/82 spo2 97 --at 15:40",
    ],
    "session show": [
        each
        for day in (4, 6, 9)
        for each in (
            f"session start spravato --dose '56 mg' --at '2026-03-0{day} 14:00'",
            f"session end --at '2026-03-0{day} 16:05'",
        )
    ],
}
"""What is done before the example of a command."""
ON_A_TERMINAL = {"session live"}
EXAMPLES = [
    pytest.param(path, example, id=example)
    for path, command in COMMANDS.items()
    for example in told(command).examples  # type: ignore[arg-type]
]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a record that the examples are about."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {**sealed(folder), "MEDTRACK_NOW": NOW}.items():
            patched.setenv(name, value)
        for line in RECORD:
            assert whole(shlex.split(line)) in (0, 4), line
    (folder / "stick").mkdir()
    (folder / "doses.csv").write_text("When,Drug\n2026-03-09 08:04,metformin\n", encoding="utf-8")
    return folder


@pytest.fixture
def call(
    begun: Path, home: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], Result]:
    """Run a command line as it is shown, in a copy of that home, with a crontab that is empty."""
    shutil.copytree(begun, home, dirs_exist_ok=True)
    monkeypatch.chdir(home)
    crontab = tmp_path / "programs" / "crontab"
    crontab.parent.mkdir()
    crontab.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    crontab.chmod(0o755)
    monkeypatch.setenv("PATH", str(crontab.parent))

    def called(line: str) -> Result:
        words = [re.sub(r"^(~|/media)/stick\b", f"{home}/stick", word) for word in shlex.split(line)]
        # What the others are about is in that record already.
        return run(["--db", f"{home}/new.db", *words] if words[0] == "add" else words, now=NOW)

    return called


@pytest.mark.parametrize("path", COMMANDS)
def test_it_says_what_it_is_for_and_shows_how(path: str) -> None:
    said = told(COMMANDS[path])  # type: ignore[arg-type]
    assert 10 < len(said.paragraphs[0]) <= 90
    assert said.paragraphs[0].endswith(".")
    assert said.examples
    assert all(each.startswith(f"medtrack {path}") for each in said.examples)
    assert not any("Exit code" in each or "Example:" in each for each in said.paragraphs)


@pytest.mark.parametrize("path", COMMANDS)
def test_its_help_is_readable(path: str, run: Callable[..., Result]) -> None:
    done = run(f"{path} --help", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if len(line) > 79] == []
    assert "..." not in done.out.partition("\nCommands:")[2].partition("\n\n")[0]
    assert done.out.startswith(f"Usage: medtrack {path} ")
    assert re.search(r"\n\nExamples?:\n  medtrack .*\n\nExit codes:\n  0 +\w", done.out, re.DOTALL)
    assert "{" not in done.out.splitlines()[0]


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_on_a_narrow_screen_no_line_goes_beyond_the_edge_and_no_word_is_cut(
    path: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_page = run(f"{path} --help", COLUMNS="80").out
    words = re.findall(r"\S+", whole_page)
    monkeypatch.setattr(screen, "is_a_terminal", lambda stream: stream is not None)
    for columns in (79, 70, 60, 40, 20, 12):
        done = run(f"{path} --help", COLUMNS=str(columns))
        assert (done.code, done.err) == (0, "")
        lines = [line for line in done.out.splitlines() if not line.startswith("  medtrack ")]
        assert max(map(len, lines)) <= columns
        kept = set(re.findall(r"\S+", done.out))
        assert [word for word in words if len(word) <= columns - 4 and word not in kept] == [], columns
        # A command to copy is one line, whatever the screen.
        assert re.findall(r"^  medtrack .*", done.out, re.MULTILINE) == re.findall(
            r"^  medtrack .*", whole_page, re.MULTILINE
        )


@pytest.mark.parametrize("path", ["", "add", "session", "remind channel add"])
def test_help_fits_a_real_terminal(path: str, home: Path) -> None:
    terminal = Terminal(home)
    for columns in (40, 20):
        for settings in ({}, {"TERM": "dumb"}, {"LC_ALL": "C"}):
            code, shown = terminal(*path.split(), "--help", COLUMNS=str(columns), **settings)
            assert code == 0
            assert "\x1b" not in shown
            assert (
                max(len(line) for line in shown.split("\n") if not line.startswith("  medtrack ")) <= columns
            )
    assert terminal(*path.split(), "--help", COLUMNS="0")[1] == terminal(*path.split(), "--help")[1]


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_an_example_works(path: str, example: str, call: Callable[[str], Result]) -> None:
    if path in ON_A_TERMINAL:
        pytest.skip("it needs a terminal; tests/commands/test_session.py gives it one")
    for line in BEFORE.get(path, []):
        assert call(line).code in (0, 4), line
    line = example.partition("; ")[0].removeprefix("medtrack ")
    done = call(line)
    if done.code == 30 and "--yes" in done.err:
        done = call(f"{line} --yes")
    own = {int(code) for code, _ in told(COMMANDS[path]).codes if code.isdigit()}  # type: ignore[arg-type]
    assert done.code in own & ({0, 30} if path == "can-take" else {0, 4, 10, 11}), done
    assert "Traceback" not in done.err


def _shown() -> Iterator[tuple[str, int, str]]:
    for document in DOCUMENTS:
        for step in steps(document.read_text(encoding="utf-8")):
            words = shlex.split(step.command)[1:]
            while words[:1] and words[0].startswith("--"):
                words = words[1:] if "=" in words[0] else words[2:]
            path = max(
                (each for each in COMMANDS if words[: each.count(" ") + 1] == each.split()),
                default="",
                key=len,
            )
            code = re.search(r"^\[(\d+)\]$", step.shown, re.MULTILINE)
            if path:
                yield path, int(code[1]) if code else 0, f"{document.name}:{step.line}"


def _is_told(code: int, codes: list[tuple[str, str]]) -> bool:
    parts = [part.partition("-") for each, _ in codes for part in each.split(", ")]
    return any(int(first) <= code <= int(last or first) for first, _, last in parts)


def test_every_code_that_is_shown_anywhere_is_told() -> None:
    untold = {
        (path, code, where)
        for path, code, where in _shown()
        if code not in ANYWHERE and not _is_told(code, told(COMMANDS[path]).codes)  # type: ignore[arg-type]
    }
    assert untold == set()


def test_every_code_that_is_told_can_be() -> None:
    real = {0, 2, 4, 10, 11} | {kind.exit_code for kind in kinds()}
    found = {
        code for command in COMMANDS.values() for each, _ in told(command).codes for code in each.split(", ")
    }  # type: ignore[arg-type]
    assert {int(code) for code in found if code.isdigit()} <= real
