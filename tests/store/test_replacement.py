"""A backup in the place of a record: what is there is kept, and nothing else is written to."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from medtrack.errors import (
    DiskTrouble,
    FileExists,
    InputUnreadable,
    NotARecord,
    RecordLocked,
    UsageRefused,
)
from medtrack.store import connection
from medtrack.store import replacement as module
from medtrack.store.backups import back_up
from medtrack.store.device import Known
from medtrack.store.record import Record, Stamp
from medtrack.store.registry import Entry, Registry
from medtrack.store.replacement import replacement
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"
AT = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
ASIDE = "me.db.before-restore-20260310T080000Z"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "known"))


@pytest.fixture
def path(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record with a dose 'old', and beside it copy.db, a backup with a dose 'backed' instead."""
    folder = tmp_path / "records"
    folder.mkdir(mode=0o700)
    file = folder / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(file))
    run("add ibuprofen --as-needed", now=NOW)
    run("take ibuprofen --note backed", now=NOW)
    back_up(Record.open(str(file), Registry(None)), str(tmp_path / "copy.db"))
    run("undo", now=NOW)
    run("take ibuprofen --again --note old", now=NOW)
    return file


@pytest.fixture
def put(path: Path, registry: Registry, tmp_path: Path) -> Callable[..., str | None]:
    def call(file: Path = tmp_path / "copy.db", named: Path = path, at: datetime = AT) -> str | None:
        with replacement(str(path), str(named), str(file), registry) as ready:
            return ready.put(at)

    return call


def notes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("select note from doses order by id")]


def test_it_takes_the_place_and_what_was_there_is_kept(
    put: Callable[..., str | None], path: Path, registry: Registry
) -> None:
    registry.remember(Entry(str(path), "device", "00"))
    before = path.read_bytes()
    path.chmod(0o644)
    assert put() == str(path.with_name(ASIDE))
    assert notes(path) == ["backed"]
    assert path.stat().st_mode & 0o777 == 0o600
    aside = path.with_name(ASIDE)
    assert aside.read_bytes() == before
    assert (aside.stat().st_mode & 0o777, aside.stat().st_nlink) == (0o600, 1)
    entry = registry.entry(str(path))
    assert entry is not None
    newest = Record.open(str(path), Registry(None)).head.hex()
    assert (entry.device == "device", entry.head, entry.before) == (False, newest, None)
    assert sorted(each.name for each in path.parent.iterdir()) == ["me.db", ASIDE]


def test_twice_in_a_second_keeps_both(put: Callable[..., str | None], path: Path) -> None:
    put()
    assert put() == str(path.with_name(f"{ASIDE}-2"))
    assert notes(path.with_name(ASIDE)) == ["old"]


def test_nothing_is_replaced_before_it_is_put(path: Path, registry: Registry, tmp_path: Path) -> None:
    before = path.read_bytes()
    with replacement(str(path), str(path), str(tmp_path / "copy.db"), registry) as ready:
        assert (ready.contents.doses, notes(path)) == (1, ["old"])
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["me.db"]


def test_a_writer_that_waits_meanwhile_is_told_that_nothing_was_recorded(
    put: Callable[..., str | None], path: Path
) -> None:
    waiting = Record.open(str(path), Registry(None))
    put()
    with (
        pytest.raises(DiskTrouble, match="put in its place meanwhile"),
        waiting.writing(Stamp(AT, "UTC", "ann", False), "settings") as work,
    ):
        work.add("setting", {"key": "bedtime", "value": "23:00"})
    waiting.close()
    assert notes(path) == ["backed"]
    assert notes(path.with_name(ASIDE)) == ["old"]


def test_a_writer_that_is_late_does_not_forget_the_restore(
    put: Callable[..., str | None], path: Path, registry: Registry
) -> None:
    """It committed before the restore began, and comes to remember it only after that is done."""
    late = Record.open(str(path), registry)
    assert late.device
    put()
    kept = registry.entry(str(path))
    late.bearer.remember(late.device, b"\xab" * 32)
    late.close()
    assert registry.entry(str(path)) == kept


@pytest.mark.parametrize("is_put", [False, True], ids=["not put", "put"])
def test_a_restore_that_fails_leaves_a_memory_that_is_true(
    is_put: bool,
    put: Callable[..., str | None],
    path: Path,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = Record.open(str(path), registry)
    device = before.device
    before.close()

    def broken(draft: str, target: str, **options: object) -> None:
        if is_put:
            os.replace(draft, target)
        raise DiskTrouble(path=target, why="the disk reports an error", outcome="")

    monkeypatch.setattr(module, "put", broken)
    for _ in range(2):
        with pytest.raises(DiskTrouble):
            put()
    announced = registry.entry(str(path))
    assert announced is not None
    assert [each.device for each in announced.versions][2:] == [device]
    record = Record.open(str(path), registry)
    assert Known.of(record).is_end_there(record) is True
    assert (record.device == device) == (not is_put)
    with record.writing(Stamp(AT, "UTC", "ann", False), "settings") as work:
        work.add("setting", {"key": "bedtime", "value": "23:00"})
    entry = registry.entry(str(path))
    assert entry is not None
    assert (entry.device, entry.head, entry.before) == (record.device, record.head.hex(), None)
    assert registry.lost(str(path)) == []
    record.close()


def test_what_was_lost_before_a_restore_is_settled_by_it(
    put: Callable[..., str | None], path: Path, registry: Registry
) -> None:
    registry.lose(str(path), ["a" * 64])
    put()
    assert registry.lost(str(path)) == []


def test_a_record_in_use_is_not_replaced(
    put: Callable[..., str | None], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("begin immediate")
        with pytest.raises(RecordLocked):
            put()
    assert notes(path) == ["old"]
    assert [each.name for each in path.parent.iterdir()] == ["me.db"]


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_a_journal_goes_aside_with_its_file(
    content: bytes | None, put: Callable[..., str | None], path: Path
) -> None:
    """Left beside the new record, SQLite would play it into that."""
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    for end in ("-journal", "-wal"):
        path.with_name(f"me.db{end}").write_bytes(b"of the old one")
    assert put() == (None if content is None else str(path.with_name(ASIDE)))
    assert notes(path) == ["backed"]
    for end in ("-journal", "-wal"):
        assert not path.with_name(f"me.db{end}").exists()
        # To look into the old file, SQLite itself clears away a journal that holds nothing.
        if (content, end) != (b"no database", "-journal"):
            assert path.with_name(f"{ASIDE}{end}").read_bytes() == b"of the old one"
    assert content is None or path.with_name(ASIDE).read_bytes() == content


def test_a_wal_is_taken_in_before_the_record_is_kept_aside(
    put: Callable[..., str | None], path: Path
) -> None:
    copy = path.with_name("crashed.db")
    with closing(sqlite3.connect(path)) as file:
        file.execute("pragma journal_mode = wal")
        file.execute("pragma wal_autocheckpoint = 0")
        file.execute("update dose set note = 'in the wal' where note = 'old'")
        file.commit()
        for end in ("", "-wal"):
            copy.with_name(f"crashed.db{end}").write_bytes(path.with_name(f"me.db{end}").read_bytes())
    for end in ("", "-wal"):
        os.replace(copy.with_name(f"crashed.db{end}"), path.with_name(f"me.db{end}"))
    put()
    assert sorted(each.name for each in path.parent.iterdir()) == ["me.db", ASIDE]
    assert notes(path.with_name(ASIDE)) == ["in the wal"]


@pytest.mark.parametrize("damage", ["none", "unreadable"])
def test_without_hard_links_what_was_there_is_copied(
    damage: str, put: Callable[..., str | None], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*names: object, **options: object) -> None:
        raise OSError(errno.EPERM, "operation not permitted")

    if damage == "unreadable":
        path.write_bytes(b"no database")
    before = path.read_bytes()
    monkeypatch.setattr(os, "link", refuse)
    put()
    assert notes(path) == ["backed"]
    assert path.with_name(ASIDE).read_bytes() == before


def test_a_record_made_meanwhile_is_left_alone(
    path: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.unlink()
    with replacement(str(path), str(path), str(tmp_path / "copy.db"), registry) as ready:
        real = os.link

        def slow(draft: str, target: str) -> None:
            path.write_bytes(b"somebody else's")
            real(draft, target)

        monkeypatch.setattr(os, "link", slow)
        with pytest.raises(FileExists):
            ready.put(AT)
    assert path.read_bytes() == b"somebody else's"


def test_what_cannot_be_a_backup_or_a_place_is_refused(
    put: Callable[..., str | None], path: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputUnreadable):
        put(tmp_path / "nothing.db")
    link = tmp_path / "link.db"
    link.symlink_to(path)
    for itself in (path, link):
        with pytest.raises(UsageRefused):
            put(itself)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotARecord):
        put(tmp_path / "pipe")
    assert notes(path) == ["old"]
    path.unlink()
    with pytest.raises(NotARecord, match="it is a link"):
        put(named=link)
    path.mkdir()
    with pytest.raises(NotARecord):
        put()
