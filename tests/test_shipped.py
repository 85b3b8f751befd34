"""What is shipped beside the program tells of the program as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest

from medtrack.completions import SHELLS, script
from tests import manual, shipped

ROOT = shipped.PACKAGE.parent


def test_the_words_are_those_of_the_commands() -> None:
    assert shipped.WORDS.read_text(encoding="utf-8") == shipped.words(), "python -m tests.shipped"


def test_what_is_said_of_options_is_said_of_options_that_are_there() -> None:
    rows = {
        (row[0], name)
        for row in (line.split("\t") for line in shipped.words().splitlines())
        for name in row[2].lstrip("*").split(" ")
    }
    assert shipped.TAKES.keys() <= rows
    assert shipped.VERBS.keys() <= shipped.commands().keys()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_says_how_it_is_set_up(shell: str) -> None:
    assert f"medtrack completion {shell}" in script(shell)


def test_the_manual_is_that_of_the_commands() -> None:
    assert manual.PAGE.read_text(encoding="utf-8") == manual.manual(), "python -m tests.shipped"


@pytest.mark.parametrize("path", [path for path in shipped.commands() if path])
def test_every_command_with_every_option_is_in_the_manual(path: str) -> None:
    page = manual.PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    parts = [
        part
        for part in re.split(r"^\.S[SH] ", page, flags=re.MULTILINE)
        if part.startswith(f"medtrack {path}")
    ]
    (part,) = [each for each in parts if re.match(rf"medtrack {path}( [^a-z\n]| *\n| COMMAND)", each)]
    for option in shipped.options(path):
        assert "--help" in option.opts or all(f"\\fB{name}\\fR" in part for name in option.opts), option.opts
    assert f"\nmedtrack {path}" in part.partition("Example")[2]


@pytest.mark.parametrize(
    "command",
    [["mandoc", "-Tlint", "-W", "warning"], ["groff", "-man", "-Tutf8", "-ww", "-z"]],
    ids=lambda words: words[0],
)
def test_what_shows_the_manual_warns_of_nothing(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]} on this machine")
    done = subprocess.run([*command, str(manual.PAGE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_wheel_puts_it_where_it_is_looked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    placed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert all((ROOT / file).is_file() for file in placed)
    assert "share/man/man1/medtrack.1" in placed.values()


def test_the_readme_and_the_manual_say_the_same_of_the_codes_of_no_refusal() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Exit codes")[2].partition("\n\n")[2].partition("\n\n")[0]
    said = dict(row.strip("| ").split(" | ", 1) for row in table.splitlines()[2:])
    assert set(said) == {"0", "1", "2", "3", "4", "10, 11", "20-29", "30-39", "40-49", "130"}
    for code, meaning in manual.ANYWHERE.items():
        if code not in (10, 11):
            assert said[str(code)].partition(" (")[0] == meaning[0].lower() + meaning[1:].rstrip("."), code
