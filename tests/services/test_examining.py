"""`doctor`: silent when all is well; else each finding, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from medtrack.domain.moment import Moment
from medtrack.services.examining import examine
from medtrack.store import surroundings
from medtrack.store.registry import Registry
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"


@pytest.fixture
def record(run: Callable[..., Result], home: Path) -> Path:
    for line in ("add ibuprofen --as-needed", "take ibuprofen --note headache"):
        assert run(line, now=NOW).code == 0
    return home / "data" / "medtrack" / "records" / "me.db"


@pytest.fixture
def findings(run: Callable[..., Result]) -> Callable[..., list[dict[str, Any]]]:
    def call(line: str = "doctor", now: str = NOW) -> list[dict[str, Any]]:
        done = run(f"{line} --json", now=now)
        document = json.loads(done.out)
        assert document["kind"] == "doctor"
        assert done.code == (4 if document["rows"] else 0), done
        rows: list[dict[str, Any]] = document["rows"]
        keys = [*(["person"] if "--person all" in line else []), "finding", "what_to_do"]
        assert all(list(row) == keys and row["what_to_do"] for row in rows)
        return rows

    return call


def backups(record: Path) -> list[str]:
    return sorted(each.name for each in record.with_name("me.db.backups").iterdir())


def test_silent_when_all_is_well_and_a_backup_is_made_once_a_day(
    record: Path, run: Callable[..., Result]
) -> None:
    before = record.read_bytes()
    old = os.umask(0)
    try:
        assert run("doctor", now=NOW) == Result(0, "", "")
    finally:
        os.umask(old)
    made = record.with_name("me.db.backups") / "2026-03-10.db"
    identity = made.stat().st_ino
    assert run("doctor", now="2026-03-10T23:30[Europe/Paris]") == Result(0, "", "")
    assert made.stat().st_ino == identity
    assert run("doctor", now="2026-03-11T00:30[Europe/Paris]") == Result(0, "", "")
    assert backups(record) == ["2026-03-10.db", "2026-03-11.db"]
    assert made.stat().st_mode & 0o777 == 0o600
    assert record.read_bytes() == before
    assert run("doctor --json", now=NOW).out.endswith('"rows": []\n}\n')


def test_they_are_thinned_as_days_pass(record: Path, findings: Callable[..., list[Any]]) -> None:
    findings()
    first = record.with_name("me.db.backups") / "2026-03-10.db"
    for number in range(1, 30):
        shutil.copy(first, first.with_name(f"{date(2026, 3, 10) - timedelta(number)}.db"))
    assert findings(now="2026-03-11T09:00[Europe/Paris]") == []
    assert backups(record) == [
        *("2026-02-22.db", "2026-02-28.db", "2026-03-01.db", "2026-03-05.db", "2026-03-06.db"),
        *("2026-03-07.db", "2026-03-08.db", "2026-03-09.db", "2026-03-10.db", "2026-03-11.db"),
    ]


def test_damage_is_told_with_the_newest_backup_that_is_whole(
    record: Path, findings: Callable[..., list[Any]]
) -> None:
    findings(now="2026-03-08T09:00[Europe/Paris]")
    findings(now="2026-03-09T09:00[Europe/Paris]")
    newest = record.with_name("me.db.backups") / "2026-03-09.db"
    newest.write_bytes(newest.read_bytes().replace(b"headache", b"deadache"))
    with closing(sqlite3.connect(record)) as file:
        file.execute("update dose set note = 'second'")
        file.commit()
    rows = findings()
    assert [row["finding"] for row in rows] == ["Dose 1 is not what was written."]
    assert f"restore {record}.backups/2026-03-08.db" in rows[0]["what_to_do"]
    assert backups(record) == ["2026-03-08.db", "2026-03-09.db"], "no backup is made of a damaged record"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read (it is empty)"),
        (b"no database" * 99, "cannot be read (it is not a database)"),
        (None, "is missing, though it was there before"),
    ],
)
def test_a_record_that_cannot_be_opened(
    content: bytes | None, said: str, record: Path, findings: Callable[..., list[Any]]
) -> None:
    findings()
    record.unlink() if content is None else record.write_bytes(content)
    rows = findings(now="2026-03-11T09:00[Europe/Paris]")
    assert len(rows) == 1
    assert said in rows[0]["finding"]
    assert f"restore {record}.backups/2026-03-10.db" in rows[0]["what_to_do"]


def test_a_truncated_record(record: Path, findings: Callable[..., list[Any]]) -> None:
    record.write_bytes(record.read_bytes()[:20_000])
    rows = findings()
    assert "cannot be read" in rows[0]["finding"]
    assert rows[0]["what_to_do"].endswith("restore FILE")


def test_a_newer_record(record: Path, findings: Callable[..., list[Any]]) -> None:
    with closing(sqlite3.connect(record)) as file:
        file.execute("pragma user_version = 999")
    before = record.read_bytes()
    assert findings() == [
        {
            "finding": f"The record {record} was written by a newer medtrack.",
            "what_to_do": "Upgrade medtrack.",
        }
    ]
    assert record.read_bytes() == before


def test_modes(record: Path, findings: Callable[..., list[Any]], run: Callable[..., Result]) -> None:
    findings()
    record.chmod(0o644)
    record.parent.chmod(0o755)
    record.with_name("me.db.backups").chmod(0o750)
    assert [row["what_to_do"] for row in findings()] == [
        f"Close it: chmod 600 {record}",
        f"Close it: chmod 700 {record.parent}",
        f"Close it: chmod 700 {record}.backups",
    ]
    assert run("doctor", now=NOW).out.splitlines()[0] == (
        f"The file {record} is open to others (mode 0644). Close it: chmod 600 {record}"
    )


def test_more_names_than_one(record: Path, findings: Callable[..., list[Any]]) -> None:
    twin = record.with_name("twin")
    os.link(record, twin)
    (row,) = findings()
    assert f"is reached by 2 names, among them {twin}" in row["finding"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("me (Ann's conflicted copy 2026-03-09).db", "A sync program left"),
        ("me.sync-conflict-20260309-101112-ABCDEFG.db", "A sync program left"),
        (".stfolder", "is in a folder that a sync program keeps"),
        ("../../../.dropbox", "is in a folder that a sync program keeps"),
    ],
)
def test_signs_of_a_synced_folder(
    name: str, said: str, record: Path, findings: Callable[..., list[Any]]
) -> None:
    (record.parent / name).touch(mode=0o600)
    (row,) = findings()
    assert said in row["finding"]


def test_drafts_left_over(record: Path, findings: Callable[..., list[Any]]) -> None:
    findings()
    left = (
        record.with_name("me.db.new-0123456789abcdef"),
        record.with_name("me.db.backups") / "2026-03-09.db.new-0123456789abcdef",
    )
    for draft in left:
        draft.touch(mode=0o600)
    record.with_name("me.db.new-and-mine").touch(mode=0o600)
    assert [row["finding"].split()[0] for row in findings()] == [str(draft) for draft in left]


def test_a_backup_that_cannot_be_made(record: Path, findings: Callable[..., list[Any]]) -> None:
    record.with_name("me.db.backups").write_text("in the way")
    rows = findings()
    assert "could not be made" in rows[0]["finding"]
    assert "there is none" in rows[1]["finding"]
    record.with_name("me.db.backups").unlink()
    assert findings() == []
    record.with_name("me.db.backups").joinpath("2026-03-11.db").mkdir()
    rows = findings(now="2026-03-11T09:00[Europe/Paris]")
    assert len(rows) == 1, "yesterday's is there"
    record.with_name("me.db.backups").joinpath("2026-03-20.db").mkdir()
    rows = findings(now="2026-03-20T09:00[Europe/Paris]")
    assert "No backup" in rows[1]["finding"]
    assert "the newest is of 2026-03-10" in rows[1]["finding"]


def test_todays_backup_that_is_damaged(record: Path, findings: Callable[..., list[Any]]) -> None:
    findings()
    made = record.with_name("me.db.backups") / "2026-03-10.db"
    made.write_bytes(made.read_bytes().replace(b"headache", b"deadache"))
    (row,) = findings()
    assert "is not whole (dose 1 is not what was written)" in row["finding"]
    made.unlink()
    assert findings() == []


def test_another_record_that_vanished(
    record: Path, findings: Callable[..., list[Any]], run: Callable[..., Result]
) -> None:
    assert run("people add Ann", now=NOW).code == 0
    ann = record.with_name("Ann.db")
    ann.unlink()
    (row,) = findings()
    assert row["finding"] == f"The record {ann} is missing, though it was there before."
    assert run(row["what_to_do"].partition("medtrack ")[2], now=NOW).code == 0
    assert findings() == []


def test_everyone(record: Path, findings: Callable[..., list[Any]], run: Callable[..., Result]) -> None:
    assert run("people add Ann", now=NOW).code == 0
    assert findings("--person all doctor") == []
    assert record.with_name("Ann.db.backups").is_dir()
    assert record.with_name("me.db.backups").is_dir()
    record.chmod(0o640)
    record.with_name("Ann.db").chmod(0o640)
    assert [each["person"] for each in findings("--person all doctor")] == ["Ann", "me"]
    assert run("--person all doctor", now=NOW).out.startswith("Ann: The file ")
    assert all("person" not in each for each in findings("doctor"))
    aside = record.with_name("Ann.gone")
    record.with_name("Ann.db").rename(aside)
    last = findings("--person all doctor")[-1]
    assert (last["person"], "is missing" in last["finding"]) == (None, True)


@pytest.mark.parametrize(
    ("zone_data", "said"),
    [("2025b", None), ("2026f", None), ("2024z", "2 years old"), ("", "no time zone database that says")],
)
def test_zone_data(zone_data: str, said: str | None, record: Path) -> None:
    moment = Moment(datetime(2026, 3, 10, 8, tzinfo=UTC), None, "ann", True, zone_data)
    report = examine([str(record)], Registry(None), moment)
    assert [said in row["finding"] for row in report.rows if said] == ([True] if said else [])
    assert said is not None or report.rows == []


def test_an_old_sqlite(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    assert surroundings.old_sqlite() == "3.36.0"
    moment = Moment(datetime(2026, 3, 10, 8, tzinfo=UTC), None, "ann", True, "2026a")
    (row,) = examine([str(record)], Registry(None), moment).rows
    assert "SQLite is version 3.36.0" in row["finding"]


def test_no_record_yet(run: Callable[..., Result]) -> None:
    assert run("doctor", now=NOW).code == 41
    assert run("--person all doctor", now=NOW).code == 41


def test_a_backups_folder_that_is_a_link_is_not_followed(
    record: Path, findings: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    old = elsewhere / "2020-01-01.db"
    shutil.copyfile(record, old)
    record.with_name("me.db.backups").symlink_to(elsewhere)
    found = findings()
    assert "the folder is a link, which is not followed" in found[0]["finding"]
    assert not [row for row in found if "chmod" in row["what_to_do"]]
    assert list(elsewhere.iterdir()) == [old], "nothing is written there, and nothing is removed"


MOUNTS = r"""rootfs / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ann/local\040disk ext4 rw 0 0
//nas/share /mnt/nas cifs rw 0 0
proc /proc proc rw 0 0
ann@host: /home/ann/far fuse.sshfs rw 0 0
tmpfs /home/ann/far tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/me.db", None),
        ("/home/ann/me.db", "nfs4"),
        ("/home/ann/local disk/me.db", None),
        ("/homes/me.db", None),
        ("/mnt/nas/a/me.db", "cifs"),
        ("/home/ann/far/me.db", None),
    ],
)
def test_a_disk_of_another_machine_is_known_by_what_is_mounted(
    path: str, kind: str | None, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert surroundings.shared_file_system(path, str(mounts)) == kind
    assert surroundings.shared_file_system(path, str(tmp_path / "none")) is None


def test_a_record_on_another_machines_disk_is_told(
    record: Path,
    findings: Callable[..., list[dict[str, Any]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {record.parent} nfs rw 0 0\n")
    monkeypatch.setattr(surroundings, "_MOUNTS", str(mounts))
    (found,) = findings()
    assert "is on another machine's disk (nfs)" in found["finding"]
    assert "medtrack backup FILE" in found["what_to_do"]
