"""A damaged file: an error, or exactly what was written; never a row that differs, never a changed byte."""

from __future__ import annotations

import random
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result, sealed
from tests.faults.damage import HOT, LISTINGS, NOW, SAID, whole_record, wrong
from tests.faults.harness import heavy

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a record of 100 doses, with everything in it that is listed."""
    from medtrack.app import run

    folder = tmp_path_factory.mktemp("whole")
    record = folder / "me.db"

    def run_quietly(line: str) -> Result:
        return Result(run(shlex.split(line)), "", "")

    with pytest.MonkeyPatch.context() as patched:
        for name, value in {**sealed(folder), "MEDTRACK_DB": str(record), "MEDTRACK_NOW": NOW}.items():
            patched.setenv(name, value)
        return whole_record(run_quietly, folder, record)


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


def test_a_flipped_bit_in_the_name_of_a_column_prints_nothing_wrong(
    run: Run, damaged: Callable[[bytes], Path], whole: bytes, expected: dict[str, Result]
) -> None:
    found = {}
    names = [match.start(1) for match in re.finditer(rb"[\n(] *([a-z_]+) (?:integer|text|blob)", whole)]
    assert len(names) > 100
    for place in names:
        content = bytearray(whole)
        content[place] ^= 1  # a letter still
        flaws = list(wrong(run, damaged(bytes(content)), expected, (*LISTINGS, *HOT)))
        flaws += ["verify did not find it"] * (run("verify").code == 0)
        if flaws:
            found[whole[place : place + 20]] = flaws
    assert found == {}


def test_every_damage_is_found_by_verify() -> None:
    done = heavy("tests.faults.damage", "--flips", "60", "--step", "2003", "--workers", "1")
    assert done.code == 0, done
    assert "60 flipped bits" in done.out
    assert "0 tracebacks, 0 with wrong rows, 0 not found by verify, 0 other flaws" in done.out


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
