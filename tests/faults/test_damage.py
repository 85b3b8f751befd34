"""A damaged file: an error, or exactly what was written; never a row that differs, never a changed byte."""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Result, sealed

Run = Callable[..., Result]
NOW = "2026-03-10T09:00:00+01:00[Europe/Paris]"
LISTINGS = (
    "log --csv",
    "log --json --since 2026-03-01",
    "meds --all --csv",
    "show metformin --json",
    "show ibuprofen --json",
    "schedule --csv --days 3",
    "notes --csv",
    "history --csv",
    "changes --csv",
    "report --json --span 2026-03",
)
HOT = ("today --json", "due --json", "adherence --json --span 2026-03")
"""Sums and the board rely on `verify` for what they do not print row by row; they end in plain words too."""
SAID = (0, 4, 10, 11, 20, 21, 22, 40, 43, 44, 45, 46, 47)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a record of 100 doses, with everything in it that is listed."""
    from medtrack.app import run

    folder = tmp_path_factory.mktemp("whole")
    record = folder / "me.db"
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {**sealed(folder), "MEDTRACK_DB": str(record), "MEDTRACK_NOW": NOW}.items():
            patched.setenv(name, value)
        rows = io.StringIO()
        table = csv.writer(rows)
        table.writerow(["taken_at", "medication", "note"])
        start = datetime(2026, 1, 20, 7, tzinfo=UTC)
        for number in range(96):
            at = start + timedelta(hours=12 * number, minutes=number % 7)
            table.writerow([at.isoformat(), "metformin" if number % 9 else "ibuprofen", f"note {number}"])
        (folder / "doses.csv").write_text(rows.getvalue())
        for line in (
            ["add", "metformin 500 mg tablet", "--at", "08:00,20:00", "--from", "2026-01-20", "--yes"],
            ["add", "ibuprofen", "--as-needed", "--amount", "1 tablet", "--from", "2026-01-20", "--yes"],
            ["add", "prednisone", "--at", "08:00", "--amount", "1 tablet", "--from", "2026-03-01", "--yes"],
            ["import", str(folder / "doses.csv")],
            ["take", "prednisone", "--note", "with food"],
            ["take", "ibuprofen", "--note", "head ache"],
            ["undo"],
            ["redo"],
            ["amend", "3", "--at", "2026-01-21 08:31", "--reason", "looked at the clock"],
            ["hold", "prednisone", "--from", "now", "--until", "2026-03-12", "--reason", "operation"],
            ["resume", "prednisone", "--reason", "called off"],
            ["stop", "prednisone", "--reason", "done"],
            ["note", "dizzy in the morning", "--grade", "2", "--med", "metformin"],
            ["note", "slept well"],
            ["helped", "ibuprofen", "7"],
            ["settings", "day-starts", "04:00"],
        ):
            code = run(line)
            assert code in (0, 4), (line, code)
    return record.read_bytes()


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Path]:
    """Put bytes where the record is."""
    record = tmp_path / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(record))
    monkeypatch.setenv("MEDTRACK_NOW", NOW)

    def put(content: bytes) -> Path:
        record.write_bytes(content)
        return record

    return put


def wrong(run: Run, record: Path, expected: dict[str, Result], lines: tuple[str, ...]) -> Iterator[str]:
    """What the listings of a damaged record do wrong."""
    before = record.read_bytes()
    for line in lines:
        got = run(line)
        if got.code not in SAID or "Traceback" in got.err or "bug in medtrack" in got.err:
            yield f"{line}: exit {got.code}: {got.err}"
        if got.code == expected[line].code and line not in HOT and got.out != expected[line].out:
            yield f"{line}: other rows with exit {got.code}"
        if got.code >= 20 and got.out:
            yield f"{line}: rows beside an error"
    if record.read_bytes() != before:
        yield "the bytes changed"
    for beside in ("-journal", "-wal", "-shm"):
        if os.path.exists(f"{record}{beside}"):
            os.unlink(f"{record}{beside}")
            yield f"{beside} was left beside it"


@pytest.fixture
def expected(run: Run, damaged: Callable[[bytes], Path], whole: bytes) -> dict[str, Result]:
    damaged(whole)
    found = {line: run(line) for line in (*LISTINGS, *HOT)}
    assert all(result.code in SAID and result.code < 20 for result in found.values()), found
    return found


def test_the_whole_record_has_something_of_everything(whole: bytes, expected: dict[str, Result]) -> None:
    assert expected["log --csv"].out.count("\n") > 98
    assert all(result.out.count("\n") > 1 for result in expected.values())


def test_truncated_anywhere_nothing_wrong_is_printed(
    run: Run, damaged: Callable[[bytes], Path], whole: bytes, expected: dict[str, Result]
) -> None:
    found = {}
    for length in range(0, len(whole), 512):
        record = damaged(whole[:length])
        # Every length with one listing, in turn; each of them with each in the course of the test.
        lines = (LISTINGS[(length // 512) % len(LISTINGS)],)
        flaws = list(wrong(run, record, expected, lines))
        if flaws:
            found[length] = flaws
    assert found == {}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_flipped_bit_anywhere_prints_nothing_wrong(
    seed: int,
    run: Run,
    damaged: Callable[[bytes], Path],
    whole: bytes,
    expected: dict[str, Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if seed == 3:
        monkeypatch.setattr("medtrack.store.doses._MANY", -1)  # as a record of many years is checked
    chance = random.Random(seed)
    used = [place for place, byte in enumerate(whole) if byte]
    found = {}
    for _ in range(100):
        # Mostly where something is written: most of a small file is empty space.
        place = chance.choice(used) if chance.random() < 0.8 else chance.randrange(len(whole))
        bit = 1 << chance.randrange(8)
        content = bytearray(whole)
        content[place] ^= bit
        flaws = list(wrong(run, damaged(bytes(content)), expected, (*LISTINGS, *HOT)))
        if flaws:
            found[place, bit] = flaws
    assert found == {}


def test_a_page_of_zeros_prints_nothing_wrong(
    run: Run, damaged: Callable[[bytes], Path], whole: bytes, expected: dict[str, Result]
) -> None:
    found = {}
    for start in range(0, len(whole), 4096):
        content = whole[:start] + bytes(4096) + whole[start + 4096 :]
        flaws = list(wrong(run, damaged(content), expected, LISTINGS))
        if flaws:
            found[start] = flaws
    assert found == {}


def test_what_is_said_of_damage_never_quotes_the_record(
    run: Run, damaged: Callable[[bytes], Path], whole: bytes
) -> None:
    place = whole.index(b"dizzy in the morning")
    content = bytearray(whole)
    content[place] = 0xFF  # not UTF-8
    damaged(bytes(content))
    said = run("notes")
    assert said.code == 44
    assert "izzy" not in said.err
