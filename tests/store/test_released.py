"""A record of every released schema opens, lists what it held, and keeps its bytes while it is only read.

`python -m tests.store.test_released FILE` makes such a record anew, for the schema of this tree. The files
of released versions are kept as they are.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from medtrack.store.connection import SCHEMA
from tests.conftest import Result, sealed
from tests.store.test_chain import breaks

FILES = Path(__file__).parents[1] / "files"
RELEASED = sorted(FILES.glob("v*.db"))
NOW = "2026-03-10T09:00[Europe/Paris]"
MAKING = (
    "add metformin --strength '500 mg' --at 08:00,20:00 --for diabetes --from 2026-03-08 --yes",
    "add ibuprofen --as-needed --amount '1 tablet' --max 4/24h --min-gap 6h --from 2026-03-08 --yes",
    "take metformin --at '2026-03-09 08:04'",
    "take metformin --at '2026-03-09 20:31' --about",
    "take ibuprofen --at '2026-03-09 22:00' --amount '1/2 tablet' --note 'head ache'",
    "skip metformin --reason 'blood test' --for 08:00",
    "note 'dizzy after standing up' --grade 1 --med metformin --at '2026-03-09 10:00'",
    "hold metformin --from '2026-03-11' --until 2026-03-12 --reason scan",
    "take ibuprofen --at '2026-03-10 08:30'",
    "undo",
)
OLDER = RELEASED[:-1]
READING = (
    "log --json",
    "meds --json",
    "schedule --json --days 3",
    "notes --json",
    "history --json",
    "today",
    "due",
)


def make(path: Path) -> None:
    """Make the record with the program, as at the time NOW."""
    from medtrack.app import run

    with tempfile.TemporaryDirectory() as home:
        os.environ |= {**sealed(Path(home)), "MEDTRACK_NOW": NOW, "MEDTRACK_DB": str(path)}
        for line in MAKING:
            code = run(shlex.split(line))
            if code != 0:
                raise SystemExit(f"{line}: exit {code}")


def format_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("pragma user_version").fetchone()[0])


@pytest.fixture(params=RELEASED, ids=lambda path: path.name)
def released(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    record = tmp_path / "me.db"
    shutil.copy(request.param, record)
    monkeypatch.setenv("MEDTRACK_DB", str(record))
    return record


def test_there_is_one_of_every_released_schema() -> None:
    assert [path.name for path in RELEASED] == [f"v{number:03}.db" for number in range(1, SCHEMA + 1)]


def test_it_lists_what_it_held(released: Path, run: Callable[..., Result]) -> None:
    said = run("log --json", now=NOW)
    assert said.code == 0, said
    rows = json.loads(said.out)["rows"]
    assert [
        (row["medication"], row["taken_at"], row["status"], row["amount"], row["certainty"], row["note"])
        for row in rows
    ] == [
        ("metformin", "2026-03-09T08:04:00+01:00", "taken", {"value": "1", "unit": "dose"}, "exact", None),
        ("metformin", "2026-03-09T20:31:00+01:00", "taken", {"value": "1", "unit": "dose"}, "about", None),
        (
            "ibuprofen",
            "2026-03-09T22:00:00+01:00",
            "taken",
            {"value": "0.5", "unit": "tablet"},
            "exact",
            "head ache",
        ),
        ("metformin", "2026-03-10T09:00:00+01:00", "skipped", None, "exact", "blood test"),
    ]
    assert "dizzy after standing up" in run("notes", now=NOW).out


def test_it_keeps_its_bytes_while_it_is_only_read(released: Path, run: Callable[..., Result]) -> None:
    run("log", now=NOW)
    before = released.read_bytes()
    for line in READING:
        assert run(line, now=NOW).code in (0, 10, 11), line
    assert released.read_bytes() == before


@pytest.mark.parametrize("released", OLDER, indirect=True, ids=lambda path: path.name)
def test_one_of_an_older_format_is_brought_to_this_one_and_kept(
    released: Path, run: Callable[..., Result]
) -> None:
    older = format_of(released)
    kept = released.with_name(f"me.db.format-{older}")
    said = run("log", now=NOW).err
    assert said.splitlines()[0] == (
        f"medtrack: the record was brought to a newer format; as it was it is kept in {kept}."
    )
    assert (format_of(released), format_of(kept)) == (SCHEMA, older)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert run("verify", now=NOW).code == 0
    assert "newer format" not in run("log", now=NOW).err


@pytest.mark.parametrize("released", OLDER, indirect=True, ids=lambda path: path.name)
def test_one_of_an_older_format_that_is_damaged_is_left_alone(
    released: Path, run: Callable[..., Result]
) -> None:
    content = released.read_bytes()
    released.write_bytes(content[:-4096] + bytes(4096))
    before = released.read_bytes()
    assert run("log", now=NOW).code == 44
    assert released.read_bytes() == before
    assert [path.name for path in released.parent.iterdir() if path.is_file()] == ["me.db"]


@pytest.mark.parametrize("released", OLDER, indirect=True, ids=lambda path: path.name)
def test_a_backup_of_an_older_format_is_restored_and_keeps_its_bytes(
    released: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    before = released.read_bytes()
    other = tmp_path / "other.db"
    assert run(f"--db {other} restore {released} --yes", now=NOW).code == 0
    assert run(f"--db {other} log --csv", now=NOW).out.count("\n") == 5
    assert released.read_bytes() == before
    assert format_of(other) == SCHEMA


def test_its_seals_and_links_hold(released: Path) -> None:
    assert list(breaks(released)) == []


def test_it_is_written_to(released: Path, run: Callable[..., Result]) -> None:
    assert run("take ibuprofen --again --note later", now="2026-03-10T10:00[Europe/Paris]").code == 0
    assert list(breaks(released)) == []
    with closing(sqlite3.connect(released)) as file:
        assert file.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert file.execute("pragma user_version").fetchone()[0] == SCHEMA


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
