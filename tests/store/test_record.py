"""Opening, making and writing a record, below the commands."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from medtrack.domain.chain import Value
from medtrack.errors import DiskTrouble, NoRecord, RecordDamaged, RecordVanished
from medtrack.store import connection, files
from medtrack.store.record import Birth, Record, Stamp
from medtrack.store.registry import Entry, Registry

STAMP = Stamp(datetime(2026, 3, 10, 7, tzinfo=UTC), "Europe/Paris", "ann", False)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "state" / "records"))


@pytest.fixture
def record(tmp_path: Path, registry: Registry) -> Record:
    made = Record.unmade(str(tmp_path / "me.db"), registry, Birth("ann", "Europe/Paris"))
    made.make(STAMP)
    return made


def add_setting(record: Record, value: str) -> None:
    with record.writing(STAMP, "settings") as work:
        work.add("setting", {"key": "k", "value": value})


def test_the_recipe_is_in_force(record: Record) -> None:
    def pragma(name: str) -> object:
        row = record.row(f"pragma {name}")
        return None if row is None else row[0]

    add_setting(record, "x")
    assert pragma("journal_mode") == "delete"
    assert pragma("synchronous") == 3
    assert pragma("foreign_keys") == 1
    assert pragma("trusted_schema") == 0
    assert pragma("cell_size_check") == 1
    assert pragma("busy_timeout") == 10_000
    assert pragma("application_id") == 0x4D454454
    assert pragma("user_version") == connection.SCHEMA
    assert pragma("integrity_check") == "ok"


def test_every_table_is_strict(record: Record) -> None:
    loose = record.rows(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and not strict"
        " and name not like 'sqlite_%'"
    )
    assert {row["name"] for row in loose} <= {"_sqlite_migrations"}


def test_a_record_that_was_left_in_wal_is_written_by_the_recipe(record: Record) -> None:
    record.close()
    with closing(sqlite3.connect(record.path)) as file:
        assert file.execute("pragma journal_mode = wal").fetchone()[0] == "wal"
    reopened = Record.open(record.path, record.registry)
    add_setting(reopened, "x")
    found = reopened.row("pragma journal_mode")
    assert found is not None
    assert found[0] == "delete"
    reopened.close()
    assert os.listdir(os.path.dirname(record.path)).count("me.db-wal") == 0


def test_a_body_that_fails_leaves_no_trace(record: Record) -> None:
    def fail() -> None:
        with record.writing(STAMP, "settings") as work:
            work.add("setting", {"key": "k", "value": "v"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert record.rows("select 1 from setting where key = 'k'") == []
    assert len(record.rows("select 1 from action")) == 1
    assert not record.has_written


def test_a_body_that_adds_nothing_leaves_no_action(record: Record) -> None:
    with record.writing(STAMP, "nothing"):
        pass
    assert len(record.rows("select 1 from action")) == 1


class FailingCommit:
    """A connection whose commit fails after, or before, the commit happened."""

    def __init__(self, real: sqlite3.Connection, *, stored: bool) -> None:
        self.real, self.stored = real, stored

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def execute(self, statement: str, *values: Sequence[Value]) -> object:
        if statement == "commit":
            self.real.execute("commit" if self.stored else "rollback")
            raise sqlite3.OperationalError("disk I/O error")
        return self.real.execute(statement, *values)


def test_an_error_at_commit_is_believed_only_after_looking(record: Record) -> None:
    record.connection = FailingCommit(record.connection, stored=True)  # type: ignore[assignment]
    add_setting(record, "stored all the same")
    assert record.has_written
    record.connection = FailingCommit(record.connection, stored=False)  # type: ignore[assignment]
    with pytest.raises(RecordDamaged):
        add_setting(record, "lost")
    assert [row["value"] for row in record.rows("select value from setting where key = 'k'")] == [
        "stored all the same"
    ]


def test_where_looking_fails_too_nothing_is_claimed(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> sqlite3.Connection:
        raise sqlite3.OperationalError("disk I/O error")

    record.connection = FailingCommit(record.connection, stored=True)  # type: ignore[assignment]
    monkeypatch.setattr("medtrack.store.record.connect", broken)
    with pytest.raises(DiskTrouble) as refusal:
        add_setting(record, "x")
    assert "cannot be told" in str(refusal.value)
    assert "Nothing was recorded" not in str(refusal.value)


def test_opening_tells_a_vanished_record_from_one_that_never_was(record: Record, tmp_path: Path) -> None:
    record.close()
    with pytest.raises(NoRecord):
        Record.open(str(tmp_path / "other.db"), record.registry)
    os.unlink(record.path)
    with pytest.raises(RecordVanished):
        Record.open(record.path, record.registry)


def test_a_symlink_planted_where_the_draft_will_be_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: b"\1" * size)
    treasure = tmp_path / "treasure"
    treasure.write_text("keep me")
    planted = tmp_path / f"me.db.new-{'01' * 8}"
    planted.symlink_to(treasure)
    with pytest.raises(FileExistsError):
        files.publish(str(tmp_path / "me.db"), b"content")
    assert treasure.read_text() == "keep me"
    assert planted.is_symlink()
    assert not (tmp_path / "me.db").exists()


def test_publishing_never_replaces_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "there"
    path.write_text("first")
    assert files.publish(str(path), b"second") is False

    def no_links(source: str, target: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert files.publish(str(path), b"third") is False
    assert path.read_text() == "first"
    assert files.publish(str(tmp_path / "new"), b"on a disk without links") is True
    assert sorted(found.name for found in tmp_path.iterdir() if found.is_file()) == ["new", "there"]


def test_what_is_remembered_of_a_record_is_read_back(registry: Registry) -> None:
    for path in ("/a/me.db", "/with\nnew\nlines.db\n", "/\udcff.db"):
        assert registry.entry(path) is None
        assert registry.enroll(Entry(path, "first", "")) == Entry(path, "first", "")
        assert registry.enroll(Entry(path, "second", "")) == Entry(path, "first", ""), "the first is kept"
        assert registry.remember(Entry(path, "first", "ab12"))
        assert registry.entry(path) == Entry(path, "first", "ab12")
    assert registry.folder is not None
    assert len(os.listdir(registry.folder)) == 3
    assert os.stat(registry.folder).st_mode & 0o777 == 0o700


def test_a_restore_of_which_nothing_is_known_yet_is_read_back(registry: Registry) -> None:
    before = Entry("/a b/me.db", "first", "ab12")
    announced = Entry("/a b/me.db", "second", "cd34", before)
    twice = Entry("/a b/me.db", "third", "", announced)
    for entry in (announced, twice):
        assert registry.remember(entry, durable=True)
        assert registry.entry(entry.path) == entry
        assert registry.paths() == [entry.path]
    assert twice.heads == ["cd34", "ab12"]


def test_after_a_restore_that_was_cut_short_the_record_says_whether_it_took_place() -> None:
    before = Entry("/me.db", "first", "ab")
    announced = Entry("/me.db", "second", "cd", before)
    after = Entry("/me.db", "second", "cd")
    for there, found in (("ab", before), ("cd", after), ("abcd", before), ("ef", None)):
        assert announced.fitting(lambda head, there=there: head in bytes.fromhex(there)) == found


def test_what_is_lost_is_remembered_until_it_is_settled_or_all_is_forgotten(registry: Registry) -> None:
    one, other = "a" * 64, "b" * 64
    registry.enroll(Entry("/me.db", "first", one))
    assert registry.lost("/me.db") == []
    assert registry.lose("/me.db", [one])
    assert registry.lose("/me.db", [one, other])
    assert registry.lost("/me.db") == [one, other]
    assert registry.paths() == ["/me.db"]
    registry.settle_lost("/me.db")
    assert registry.lost("/me.db") == []
    registry.lose("/me.db", [one])
    registry.forget("/me.db")
    assert (registry.entry("/me.db"), registry.lost("/me.db")) == (None, [])
    assert registry.folder is not None
    assert os.listdir(registry.folder) == []


def test_memory_that_is_damaged_is_no_memory(registry: Registry) -> None:
    registry.enroll(Entry("/a/me.db", "first", ""))
    assert registry.folder is not None
    file = Path(registry.folder) / os.listdir(registry.folder)[0]
    for content in (
        b"",
        b"\xff\xfe",
        b"first\n",
        b"first\nnot hex\n/a/me.db\n",
        b"first\n\n/b/me.db\n",
        b"first second\nab\n/a/me.db\n",
        b"first \nab cd\n/a/me.db\n",
        b"\n" * 9,
    ):
        file.write_bytes(content)
        assert registry.entry("/a/me.db") is None
    assert registry.enroll(Entry("/a/me.db", "second", "")) == Entry("/a/me.db", "second", "")
    assert registry.entry("/a/me.db") == Entry("/a/me.db", "second", "")


def test_a_memory_that_cannot_be_kept_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for registry in (Registry(None), Registry(str(tmp_path / "file" / "records"))):
        assert registry.enroll(Entry("/a", "x", "")) is None
        assert registry.remember(Entry("/a", "x", "")) is False
        assert registry.entry("/a") is None
        assert registry.lose("/a", ["a" * 64]) is False
        assert registry.lost("/a") == []
        registry.forget("/a")


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_MISMATCH,
    ],
)
def test_damage_is_told_without_sqlites_words(error: int) -> None:
    told = sqlite3.DatabaseError("it says 'dizzy'")
    told.sqlite_errorcode = error
    assert "dizzy" not in str(connection.refusal("/a/me.db", told))
