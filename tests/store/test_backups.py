"""Copies of a record: proven, one moment of it, and one a day thinned out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from medtrack.errors import DiskTrouble, FileExists, RecordDamaged, RecordLocked, UsageRefused
from medtrack.store import backups, connection, daily
from medtrack.store.record import Record
from medtrack.store.registry import Registry
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"


@pytest.fixture
def path(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(file))
    for line in ("add ibuprofen --as-needed --amount '1 tablet'", "take ibuprofen --note headache"):
        assert run(line, now=NOW).code == 0
    return file


@pytest.fixture
def record(path: Path, home: Path) -> Record:
    return Record.open(str(path), Registry(str(home / "state" / "medtrack" / "records")))


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return list(file.iterdump())


def test_a_backup_holds_the_record_and_is_its_owners_alone(
    record: Record, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    before = path.read_bytes()
    old = os.umask(0)
    try:
        found = backups.back_up(record, str(target))
    finally:
        os.umask(old)
    assert (found.actions, found.facts, found.doses) == (3, 5, 1)
    assert found.last.startswith("took ibuprofen 1 tablet, ")
    assert dump(target) == dump(path)
    assert target.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.db", "home", "me.db"]


def test_it_counts_the_doses_that_stand(record: Record, run: Callable[..., Result]) -> None:
    run("undo", now=NOW)
    assert backups.contents(record).doses == 0


@pytest.mark.parametrize("kind", ["file", "dangling", "link"])
def test_what_is_there_is_left_alone(kind: str, record: Record, tmp_path: Path) -> None:
    precious, target = tmp_path / "precious", tmp_path / "copy.db"
    if kind == "file":
        target.write_bytes(b"mine")
    else:
        target.symlink_to(precious)
    if kind == "link":
        precious.write_bytes(b"mine")
    with pytest.raises(FileExists):
        backups.back_up(record, str(target))
    if kind != "file":
        backups.back_up(record, str(target), replace=True)
        assert not target.is_symlink(), "the link is replaced, not its target"
        assert precious.exists() == (kind == "link")
    assert kind == "dangling" or (target if kind == "file" else precious).read_bytes() == b"mine"


@pytest.mark.parametrize("end", ["-journal", "-wal"])
def test_a_journal_beside_the_target_would_be_played_into_it(
    end: str, record: Record, tmp_path: Path
) -> None:
    (tmp_path / f"copy.db{end}").write_bytes(b"of another file")
    with pytest.raises(FileExists):
        backups.back_up(record, str(tmp_path / "copy.db"), replace=True)


@pytest.mark.parametrize("name", ["me.db", "me.db-journal", "link.db"])
def test_the_records_own_names_are_refused(name: str, record: Record, path: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(path)
    before = path.read_bytes()
    with pytest.raises(UsageRefused):
        backups.back_up(record, str(tmp_path / name), replace=True)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_not_made(record: Record, tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match="No backup was made"):
        backups.back_up(record, str(tmp_path / "typo" / "copy.db"))
    assert not (tmp_path / "typo").exists()


def test_a_damaged_record_is_not_backed_up(record: Record, path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("update dose set note = 'second'")
        file.commit()
    with pytest.raises(RecordDamaged, match="dose 1 is not what was written"):
        backups.back_up(record, str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_a_cut_tail_is_not_backed_up(
    path: Path, run: Callable[..., Result], tmp_path: Path, home: Path
) -> None:
    shutil.copy(path, tmp_path / "older.db")
    run("take ibuprofen --again", now=NOW)
    shutil.copy(tmp_path / "older.db", path)
    record = Record.open(str(path), Registry(str(home / "state" / "medtrack" / "records")))
    with pytest.raises(RecordDamaged, match="last action that this machine wrote is missing"):
        backups.back_up(record, str(tmp_path / "copy.db"))
    with backups.at_once(record) as (_, proof):
        assert len(proof.findings) == 1


def test_a_record_in_wal_is_backed_up_to_one_file(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("pragma journal_mode = wal")
        record = Record.open(str(path), Registry(None))
        with backups.at_once(record) as (_, proof):
            assert proof.findings == []
        backups.back_up(record, str(tmp_path / "copy.db"))
        record.close()
    assert [each.name for each in tmp_path.glob("copy.db*")] == ["copy.db"]
    with closing(sqlite3.connect(tmp_path / "copy.db")) as file:
        assert file.execute("pragma journal_mode").fetchone()[0] == "delete"


def test_a_lock_is_not_waited_for_for_ever(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    record = Record.open(str(path), Registry(None))
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("begin exclusive")
        with pytest.raises(RecordLocked):
            backups.back_up(record, str(tmp_path / "copy.db"))
        with pytest.raises(RecordLocked), backups.at_once(record):
            pass
    assert not (tmp_path / "copy.db").exists()
    backups.back_up(record, str(tmp_path / "copy.db"))


def test_a_record_that_is_written_to_meanwhile_is_copied_as_of_one_moment(
    path: Path, record: Record, tmp_path: Path, spawn: Callable[..., Result]
) -> None:
    over = threading.Event()

    def write() -> None:
        for number in range(6):
            spawn(f"take ibuprofen --again --note n{number}", MEDTRACK_DB=str(path))
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    number = 0
    while not over.is_set():
        backups.back_up(record, str(tmp_path / f"copy{number}.db"))
        with backups.at_once(record) as (_, proof):
            assert proof.findings == []
        number += 1
    writer.join()
    assert number > 3
    assert backups.contents(record).doses == 7


def test_the_daily_ones_are_thinned_and_others_left_alone(record: Record, path: Path) -> None:
    folder = Path(daily.folder_of(str(path)))
    first = Path(daily.keep_day(record, date(2026, 1, 1)))
    assert folder.stat().st_mode & 0o777 == 0o700
    for number in range(1, 60):
        shutil.copy(first, folder / f"{date(2026, 1, 1) + timedelta(number)}.db")
    for strange in ("mine.db", "2026-02-30.db", "20260101.db", "2026-01-01.txt"):
        (folder / strange).write_bytes(b"mine")
    daily.keep_day(record, date(2026, 3, 2))
    assert list(daily.kept_days(str(path))) == [
        date.fromisoformat(day)
        for day in (
            *("2026-03-02", "2026-03-01", "2026-02-28", "2026-02-27", "2026-02-26", "2026-02-25"),
            *("2026-02-24", "2026-02-22", "2026-02-15", "2026-01-31"),
        )
    ]
    assert (folder / "mine.db").exists()
    assert (folder / "20260101.db").exists()


def test_a_flipped_bit_in_a_backup_is_found(record: Record, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backups.back_up(record, str(target))
    assert backups.flaw_of(str(target)) is None
    content = target.read_bytes()
    target.write_bytes(content.replace(b"headache", b"deadache"))
    assert backups.flaw_of(str(target)) == "dose 1 is not what was written"
