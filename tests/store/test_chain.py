"""The chain and the seals, worked out from the file alone: nothing here is shared with the program."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-10T08:03[Europe/Paris]"
KINDS = (
    "medication",
    "plan",
    "plan_end",
    "hold",
    "hold_end",
    "dose",
    "note",
    "note_end",
    "naranjo",
    "measure",
    "effect",
    "session",
    "observation",
    "session_end",
    "session_hold",
    "tried",
    "team",
    "visit",
    "question",
    "advice",
    "setting",
    "zone_change",
    "void",
)
REFS = {
    "medication_id": "medication",
    "plan_id": "plan",
    "hold_id": "hold",
    "dose_id": "dose",
    "note_id": "note",
    "session_id": "session",
}
"""The columns that hold a local id, and the table whose uid is sealed in its stead."""
OUTSIDE = ("id", "uid", "action_id", "hash")
LINKED = ("uid", "device", "recorded_at", "zone", "who", "command", "summary", "key", "simulated", "facts")


def written(value: object) -> bytes:
    if value is None:
        return b"~"
    if isinstance(value, int):
        return f"i{value},".encode()
    text = str(value).encode()
    return f"{len(text)}:".encode() + text + b","


def joined(fields: dict[str, object]) -> bytes:
    return b"".join(written(name) + written(fields[name]) for name in sorted(fields))


def breaks(record: Path) -> Iterator[str]:
    """Every fact whose seal, and every action whose link, is not what its row says."""
    with closing(sqlite3.connect(record)) as file:
        file.row_factory = sqlite3.Row
        there = {row["name"] for row in file.execute("select name from sqlite_schema where type = 'table'")}
        uids = {
            table: {row["id"]: row["uid"] for row in file.execute(f"select id, uid from {table}")}
            for table in REFS.values()
            if table in there
        }
        seals: dict[int, list[bytes]] = {}
        # A record of an older format has no table of what came later.
        for kind in (kind for kind in KINDS if kind in there):
            for row in file.execute(f"select * from {kind}"):
                fields = {name: row[name] for name in row.keys() if name not in OUTSIDE}  # noqa: SIM118
                for column, table in REFS.items():
                    if fields.get(column) is not None:
                        fields[column] = uids[table][fields[column]]
                fields = {name: value for name, value in fields.items() if value is not None}
                whole = b"medtrack fact 1\n" + written(kind) + written(row["uid"]) + joined(fields)
                if hashlib.sha256(whole).digest() != row["hash"]:
                    yield f"{kind} {row['id']}"
                seals.setdefault(row["action_id"], []).append(row["hash"])
        heads: dict[str, list[bytes]] = {}
        for row in file.execute("select * from action order by id"):
            facts = sorted(seals.pop(row["id"], []))
            if len(facts) != row["facts"]:
                yield f"action {row['id']} wrote {row['facts']} facts, {len(facts)} are there"
            fields = {name: row[name] for name in LINKED}
            earlier = heads.setdefault(row["device"], [b""])
            rest = joined(fields) + b"".join(facts)
            # The one before it; in a merged record, where a machine was copied, an older one.
            wholes = [b"medtrack action 1\n" + previous + rest for previous in earlier]
            if row["hash"] not in [hashlib.sha256(whole).digest() for whole in wholes]:
                yield f"action {row['id']}"
            earlier.append(row["hash"])
        yield from (f"facts of no action: {number}" for number in seals)


def column(record: Path, statement: str) -> list[object]:
    with closing(sqlite3.connect(record)) as file:
        return [row[0] for row in file.execute(statement)]


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(path))
    return path


def do(run: Run, *lines: str) -> None:
    for line in lines:
        done = run(line, now=NOW)
        assert done.code in (0, 4), (line, done)


WORK = (
    "add metformin --at 08:00,20:00 --from 2026-03-01 --yes",
    "add ibuprofen --as-needed --amount '1 tablet' --max 4/24h --min-gap 4h --from 2026-03-01 --yes",
    "take metformin --note 'é=~i3,'",
    "take ibuprofen --again --amount '1/3 tablet' --key k",
    "skip metformin --for 'yesterday 20:00' --reason ill",
    "undo 2",
    "redo",
    "redo",
    "undo",
    "redo",
    "amend 1 --at 07:50 --reason 'wrong clock'",
    "amend 2 --void --reason spat",
    "change metformin --at 09:00 --from now --amount 2",
    "hold metformin --from now --until 2026-03-12 --reason operation",
    "resume metformin",
    "stop ibuprofen --reason done",
    "note 'dizzy' --grade 2 --med metformin --did 'sat down'",
    "note 'slept well'",
    "note --over 1",
    "notes --naranjo 1 --answers y,y,?,?,n,?,?,y,n,n",
    "measure phq9 --items 1,2,0,1,-,1,1,0,0",
    "measure lithium '<0.5 mmol/l' --range 0.6-1.0",
    "helped metformin 6",
    "settings day-starts 04:00",
    "session start spravato --dose '56 mg' --at 07:00 --hold metformin",
    "session observe bp 128/82 spo2 97 --at 07:40",
    "session end",
    "tried add citalopram --dose '20 mg' --weeks 6 --response none --why 'no change'",
    "team add 'Dr Osei' --role prescriber --phone 555-0100",
    "visit add --with 'Dr Osei' --on 2026-03-09 --decided 'go on'",
    "question add 'how long?'",
    "advise metformin --missed 'leave it out' --by leaflet",
)


def test_every_seal_and_every_link_can_be_worked_out_from_the_file(run: Run, record: Path) -> None:
    for line in WORK:
        do(run, line)
        assert list(breaks(record)) == [], line


@pytest.mark.parametrize("kind", [*KINDS, "action"])
def test_a_changed_row_breaks_its_seal_or_link(kind: str, run: Run, record: Path) -> None:
    do(run, *WORK)
    named = {"medication": "name", "plan": "unit", "dose": "note", "note": "text", "setting": "value"}
    named |= {"note_end": "zone", "naranjo": "answers", "measure": "name"}
    named |= {"effect": "zone", "zone_change": "zone", "void": "target", "action": "summary"}
    named |= {"session": "content", "observation": "value", "session_end": "zone", "tried": "name"}
    named |= {"team": "name", "visit": "decided", "question": "text", "advice": "text", "session_hold": "uid"}
    with closing(sqlite3.connect(record)) as file:
        target = named.get(kind, "reason")
        file.execute(f"update {kind} set {target} = 'changed' where id = (select min(id) from {kind})")
        file.commit()
    assert list(breaks(record)) != []


def test_a_lost_fact_and_a_lost_action_show(run: Run, record: Path) -> None:
    do(run, *WORK[:4])
    for statement in ("delete from dose where id = 1", "delete from action where id = 3"):
        copy = record.with_name("copy.db")
        shutil.copy(record, copy)
        with closing(sqlite3.connect(copy)) as file:
            file.execute(statement)
            file.commit()
        assert list(breaks(copy)) != []


def test_history_checks_the_chain(run: Run, record: Path) -> None:
    do(run, *WORK)
    with closing(sqlite3.connect(record)) as file:
        file.execute("update action set who = 'somebody else' where id = 4")
        file.commit()
    said = run("history")
    assert said.code == 44
    assert "action 4 is not what was written" in said.err


def test_every_action_of_this_machine_is_one_chain_and_simulated_ones_are_marked(
    run: Run, record: Path
) -> None:
    do(run, *WORK[:3])
    assert run("note 'by the clock'").code == 0
    assert len(set(column(record, "select device from action"))) == 1
    assert column(record, "select simulated from action order by id")[-2:] == [1, 0]
    assert list(breaks(record)) == []


def test_two_records_of_one_machine_are_two_devices_each_with_its_chain(
    run: Run, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(run, *WORK[:3])
    other = record.with_name("other.db")
    monkeypatch.setenv("MEDTRACK_DB", str(other))
    do(run, *WORK[:3])
    assert column(record, "select device from action") != column(other, "select device from action")
    assert list(breaks(record)) == list(breaks(other)) == []


def test_a_copied_record_gets_a_device_of_its_own(
    run: Run, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(run, *WORK[:3])
    copy = record.with_name("copy.db")
    shutil.copy(record, copy)
    monkeypatch.setenv("MEDTRACK_DB", str(copy))
    assert run("undo", now=NOW).code == 26, "what another device did is not undone here"
    do(run, "take ibuprofen --again")
    devices = column(copy, "select device from action order by id")
    assert devices[-1] not in devices[:-1]
    assert list(breaks(copy)) == []


def test_a_restored_record_does_not_fork_the_chain_of_this_device(run: Run, record: Path) -> None:
    do(run, *WORK[:3])
    backup = record.with_name("backup.db")
    shutil.copy(record, backup)
    do(run, "take ibuprofen --again --note lost")
    shutil.copy(backup, record)
    do(run, "take ibuprofen --again --note after", "take ibuprofen --again --at '5m ago' --note 'once more'")
    devices = column(record, "select device from action order by id")
    assert devices[-1] == devices[-2] != devices[0]
    assert list(breaks(record)) == []


def test_an_action_cut_off_from_what_is_remembered_stays_the_same_device(
    run: Run, record: Path, tmp_path: Path
) -> None:
    do(run, *WORK[:3])
    memory = next((tmp_path / "home" / "state").rglob("records/*"))
    before = memory.read_bytes()
    do(run, "note 'recorded, then killed before it was remembered'")
    memory.write_bytes(before)
    do(run, "note after")
    assert len(set(column(record, "select device from action"))) == 1


def test_undo_refuses_to_void_what_is_not_all_there(run: Run, record: Path) -> None:
    do(run, *WORK[:3])
    with closing(sqlite3.connect(record)) as file:
        file.execute("pragma foreign_keys = off")
        file.execute("update dose set action_id = 1")
        file.commit()
    said = run("undo", now=NOW)
    assert said.code == 44
    assert "is not all there" in said.err
