"""The house in order: lint, types, floors, start-up imports, and the command table."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from medtrack.app import TABLE, Stub, app
from tests.conftest import Result
from tests.test_errors import errors_table

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "medtrack").rglob("*.py"))
HEAVY = (
    "rich",
    "sqlite_utils",
    "pydantic",
    "dateutil",
    "difflib.no",
    "csv",
    "platformdirs",
    "click",
    "pyrage",
    "apprise",
)


def check(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_lint() -> None:
    check(sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    check(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")


def test_types() -> None:
    check(sys.executable, "-m", "mypy", "--cache-dir", "/dev/null")


def test_floors() -> None:
    check(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["--version"],
        ["take", "sertraline"],
        ["skip", "sertraline", "--reason", "ill"],
        ["due", "--quiet"],
        ["due"],
        ["today"],
        ["log", "--json"],
        ["schedule", "--json"],
        ["undo"],
        ["note", "dizzy"],
    ],
    ids=lambda words: " ".join(words),
)
def test_hot_verbs_import_nothing_heavy(command: list[str], spawn, home: Path) -> None:
    assert spawn("add sertraline --at 08:00 --from 2020-01-01").code == 0
    if command == ["undo"]:
        assert spawn("take sertraline").code == 0
    probe = (
        "import sys, medtrack.app as a\n"
        f"code = a.run({command!r})\n"
        f"loaded = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "print('LOADED', code, loaded, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    code, loaded = re.search(r"LOADED (\d+) (.*)", done.stderr).groups()  # type: ignore[union-attr]
    assert code in ("0", "10", "11"), done.stderr
    assert loaded == "[]"


NAMES = [name for rows in TABLE.values() for names in rows for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    stub = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert isinstance(stub, Stub)
    said = stub.load().help or ""
    assert 10 < len(said.split("\n\n")[0]) <= 80
    assert "Example: medtrack" in said


def test_help_fits_one_screen(run) -> None:
    help_ = run("--help")
    assert help_.code == 0
    assert len(help_.out.splitlines()) <= 48
    assert max(len(line) for line in help_.out.splitlines()) < 80


def test_every_command_file_has_a_row() -> None:
    files = {
        path.stem.rstrip("_").replace("_", "-") for path in (ROOT / "medtrack" / "commands").glob("[a-z]*.py")
    }
    assert sorted(files) == sorted(NAMES)


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (120 if "commands" in path.parts else 400)
    }
    assert long == {}


def test_sql_never_holds_a_value() -> None:
    """In a formatted statement only names of our own may stand: constants, or a column or table variable."""
    allowed = {"kind", "table", "marks", "column", "columns", "fields", "APPLICATION_ID", "SCHEMA",
               "SPELL_MS", "MOST_MS"}  # fmt: skip
    for path in (ROOT / "medtrack" / "store").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            source = ast.unparse(node)
            if not isinstance(node, ast.JoinedStr) or not re.search(
                r"\b(select|insert|delete|pragma)\b", source
            ):
                continue
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    names = {each.id for each in ast.walk(part.value) if isinstance(each, ast.Name)}
                    assert all(name in allowed or name.startswith("_") for name in names), (path.name, source)


def test_one_module_alone_reaches_other_machines() -> None:
    ways = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|http|urllib\.request|ftplib|smtplib|asyncio)\b", re.MULTILINE
    )
    found = {path.name for path in SOURCES if ways.search(path.read_text(encoding="utf-8"))}
    assert found == {"looking_up.py"}


def test_top_level_is_what_it_should_be() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    top = {name.split("/")[0] for name in listed if not name.startswith(".")}
    assert top <= {"medtrack", "tests", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}


def test_json_envelopes(run) -> None:
    run("add sertraline --at 08:00 --from 2026-03-01", now="2026-03-01T07:00[Europe/Paris]")
    listings = "today;due;schedule;log;meds;show sertraline;notes;stock;adherence;report;brief;history;people;settings;timeline"
    listings += ";check;profile list;allergy list;condition list"
    listings += (
        ";session list;session protocol spravato;tried list;team list;visit list;question list;card all"
    )
    for command in (*listings.split(";"), "parse 'sertraline 50 mg daily'", "take sertraline"):
        result: Result = run(f"{command} --json", now="2026-03-02T08:05[Europe/Paris]")
        document = json.loads(result.out)
        assert list(document)[:2] == ["version", "kind"], command
        assert document["version"] == 1
        assert isinstance(document["rows"], list)


def test_ci_runs_the_command_of_the_readme_and_nothing_hidden() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    command = script[-1]
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert script[:-1] == [
        "#!/usr/bin/env bash",
        "# Everything that must hold before a change lands: the README's test command, in a fresh checkout.",
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "# Some tests run other programs (cron, the shells, jq, valgrind), where this machine may have them; without them those",
        "# tests say why not.",
        '{ [ "$(id -u)" != 0 ] || ! apt-get update -qq || apt-get install -y -qq cron zsh fish mandoc jq valgrind; } > /dev/null 2>&1 || true',
    ]


def test_the_readme_has_the_table_of_refusals() -> None:
    assert errors_table() in (ROOT / "README.md").read_text(encoding="utf-8")
