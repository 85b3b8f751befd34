"""`verify` finds any change anywhere, and says nothing where there is none."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from medtrack.store.record import FACTS
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"
WORK = (
    "add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01",
    "add ibuprofen --as-needed --max 3/24h",
    "take metformin --note breakfast",
    "take ibuprofen --key k",
    "undo",
    "redo",
    "undo",
    "amend 1 --at 07:50 --reason x",
    "hold ibuprofen --until 2026-03-12 --reason y",
    "resume ibuprofen",
    "change metformin --amount '2 tablets' --reason z",
    "travel Asia/Tokyo --from 2026-03-11",
    "note dizzy --grade 2",
    "settings bedtime 23:00",
    "redo",
)


@pytest.fixture
def record(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(path))
    for line in WORK:
        assert run(line, now=NOW).code in (0, 26), line
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


def facts(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every fact and action in the file, byte by byte."""
    with closing(sqlite3.connect(path)) as file:
        file.text_factory = bytes
        return {
            kind: file.execute(f"select * from {kind} order by 1").fetchall() for kind in (*FACTS, "action")
        }


def test_a_whole_record_is_said_to_be_whole(record: Path, run: Callable[..., Result]) -> None:
    shown = run("verify", now=NOW)
    assert shown.code == 0
    assert shown.out.endswith("Every one is as it was written, and none is missing.\n")
    before = record.read_bytes()
    run("verify", now=NOW)
    assert record.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "update dose set local_time = '2026-03-10T08:31:00' where id = 1",
            "Dose 1 is not what was written.",
        ),
        ("update medication set name = 'metfornin' where id = 1", "Medication 1 is not what was written."),
        ("update plan set amount = '3' where id = 1", "Plan 1 is not what was written."),
        ("delete from note", "wrote 1 facts, and 0 are there."),
        ("update action set who = 'eve' where id = 3", "does not follow from the one before it."),
        ("delete from action where id = 5", "Facts of action 5 are there, and the action is not."),
        ("delete from voided", "The list of what was taken back is not what the actions say."),
    ],
)
def test_a_changed_row_is_found(
    statement: str, finding: str, record: Path, run: Callable[..., Result]
) -> None:
    change(record, "pragma foreign_keys = off", statement)
    shown = run("verify", now=NOW)
    assert shown.code == 44
    assert finding in shown.out


def test_a_cut_tail_is_found(record: Path, run: Callable[..., Result], tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    shutil.copy(record, older)
    run("take metformin --at 08:20 --again", now=NOW)
    assert run("verify", now=NOW).code == 0
    shutil.copy(older, record)
    shown = run("verify", now=NOW)
    assert (shown.code, "The last action that this machine wrote is missing" in shown.out) == (44, True)


def test_every_flipped_bit_is_found(record: Path, run: Callable[..., Result]) -> None:
    """Or it lies where nothing is written: then the record still reads the same, to the last value."""
    whole = record.read_bytes()
    content = facts(record)
    generator = random.Random(7)
    written = [number for number, byte in enumerate(whole) if byte]
    missed = 0
    for _ in range(400):
        bit = generator.choice(written) * 8 + generator.randrange(8)
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << (bit % 8)
        record.write_bytes(flipped)
        shown = run("verify", now=NOW)
        assert shown.code in (0, 43, 44, 47), shown
        assert "bug" not in shown.err
        if shown.code == 0:
            missed += 1
            assert facts(record) == content, bit
    record.write_bytes(whole)
    assert missed < 100, "most of what is written must be covered"
