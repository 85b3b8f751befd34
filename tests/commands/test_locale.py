"""What programs read is UTF-8 in every locale; what people read is in the letters of theirs."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import KEPT, Result, sealed

NOW = "2026-03-10T08:30[Europe/Paris]"
Run = Callable[..., Result]
Bytes = Callable[[str], bytes]
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="session")
def western(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a locale whose letters are ISO-8859-1, made for the tests."""
    if shutil.which("localedef") is None or not os.path.exists("/usr/share/i18n/locales/de_DE"):
        pytest.skip("localedef, or the source of the locale, is not installed")
    folder = tmp_path_factory.mktemp("locales")
    made = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", f"{folder}/de_DE.ISO-8859-1"]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    return {"LOCPATH": str(folder), "LC_ALL": "de_DE.ISO-8859-1"}


@pytest.fixture(params=["ISO-8859-1", "C"])
def declared(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a locale that is not UTF-8."""
    return BARE if request.param == "C" else request.getfixturevalue("western")


@pytest.fixture
def record(run: Run) -> None:
    for line in (
        "add ibuprofène --as-needed --yes",
        "take ibuprofène --note 'müde \U0001f600'",
        "note 'müde 薬'",
    ):
        assert run(line, now=NOW).code == 0


@pytest.fixture
def printed(record: None, home: Path, declared: dict[str, str]) -> Bytes:
    """The bytes a command leaves in a file, in that locale."""

    def call(line: str) -> bytes:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        file = home / "printed"
        with file.open("wb") as out:
            subprocess.run(
                [sys.executable, "-m", "medtrack", *shlex.split(line)],
                stdin=subprocess.DEVNULL, stdout=out, timeout=60, check=True,
                env={**kept, **sealed(home), "MEDTRACK_NOW": NOW, **declared},
            )  # fmt: skip
        return file.read_bytes()

    return call


def test_json_is_utf_8(printed: Bytes) -> None:
    page = printed("log --json")
    assert json.loads(page)["rows"][0]["note"] == "müde \U0001f600"
    assert "ibuprofène".encode() in page
    assert "ibuprofène".encode() in printed("export")


def test_csv_is_utf_8(printed: Bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(printed("notes --csv").decode())))
    assert "müde 薬" in rows[0].values()
    logged = list(csv.DictReader(io.StringIO(printed("log --csv").decode())))
    assert logged[0]["note"] == "müde \U0001f600"


@pytest.mark.parametrize(
    "line", ["report --format html", "report --format markdown", "card all --format html"]
)
def test_a_page_is_utf_8(printed: Bytes, line: str) -> None:
    page = printed(line).decode()
    assert "ibuprofène" in page
    assert "\\x" not in page


def test_people_get_the_letters_of_their_locale(printed: Bytes, declared: dict[str, str]) -> None:
    expected = b"ibuprof\\xe8ne" if declared is BARE else "ibuprofène".encode("latin-1")
    for line in ("log", "report", "card all"):
        assert expected in printed(line), line


def test_a_screen_gets_json_that_reads_back_and_csv_that_can_be_read(
    record: None, home: Path, declared: dict[str, str]
) -> None:
    terminal = Terminal(home)
    terminal.environ |= {"MEDTRACK_NOW": NOW, **declared}
    code, page = terminal("log", "--json", TERM="dumb")
    assert (code, page.isascii()) == (0, True)
    assert json.loads(page)["rows"][0]["note"] == "müde \U0001f600"
    code, page = terminal("log", "--csv", TERM="dumb")
    assert code == 0
    assert "\\U0001f600" in page


def test_text_alone_can_stand_in_for_the_output(record: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from medtrack.app import run

    stand_in = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stand_in)
    assert run(["log", "--json"]) == 0
    assert json.loads(stand_in.getvalue())["rows"][0]["note"] == "müde \U0001f600"


def test_bytes_of_a_name_that_are_no_letters_are_no_crash(record: None, home: Path) -> None:
    strange = os.fsdecode(b"a\xff.db")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    for line in (
        ["backup", strange, "--json"],
        ["--db", strange, "log", "--json"],
        ["--db", strange, "log", "--csv"],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "medtrack", *line],
            capture_output=True, timeout=60, check=False, cwd=home, env={**kept, **sealed(home), "MEDTRACK_NOW": NOW},
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, b""), line
        assert ran.stdout.decode(), line
