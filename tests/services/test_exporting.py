"""The export holds the whole record: from it the tables can be written again, to the last value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from medtrack.store.record import FACTS
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"
WORK = (
    "add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01 --strength '500 mg' --for diabetes",
    "add ibuprofen --amount '1/3 tablet' --as-needed --max 3/24h --min-gap 6h",
    "add 'vitamin D' --amount '1 capsule' --every 2d --at 09:00 --count 10 --pin Asia/Tokyo",
    "add apixaban --amount '5 mg' --every 12h --anchor last-dose --window 30m --time-critical",
    "take metformin --note 'breakfast ☕ \"quoted\"' --by Ben --key k",
    "take ibuprofen --amount '1/7 tablet'",
    "undo",
    "redo",
    "undo",
    "skip apixaban --reason ill",
    "helped metformin 6",
    "amend 1 --at 07:50 --reason x",
    "hold ibuprofen --until 2026-03-12 --reason y",
    "resume ibuprofen",
    "change metformin --amount '2 tablets' --reason z",
    "travel Asia/Tokyo --from 2026-03-11",
    "note dizzy --grade 2 --med metformin --did 'sat down'",
    "note --over 1",
    "notes --naranjo 1 --answers y,y,?,?,n,?,?,y,n,n",
    "measure phq9 --items 1,2,0,1,-,1,1,0,0",
    "measure lithium '<0.5 mmol/l' --range 0.6-1.0 --note fasting",
    "refill metformin 60 --note 'from the corner'",
    "count ibuprofen 0",
    "remind rule metformin --repeat 15m --then carer",
    "snooze metformin 12h",
    "settings bedtime 23:00",
    "profile --country GB --born 1950-01-31",
    "allergy add penicillin --reaction hives --severity severe --certainty suspected",
    "condition add gout --note 'since 2019'",
    "check --asked 'my pharmacist'",
    "session start spravato --dose '56 mg' --at 07:00 --hold metformin",
    "session observe bp 128/82 --at 07:40",
    "session end",
    "tried add citalopram --dose '20 mg' --weeks 6 --response none --why 'no change'",
    "team add 'Dr Osei' --role prescriber --phone 555-0100",
    "visit add --with 'Dr Osei' --on 2026-03-09 --decided 'go on'",
    "question add 'how long?'",
    "advise metformin --missed 'leave it out' --by leaflet",
)
REFS = {
    "medication_id": "medication",
    "plan_id": "plan",
    "hold_id": "hold",
    "dose_id": "dose",
    "note_id": "note",
    "session_id": "session",
    "action_id": "action",
}
UNITS = {"amount": "unit", "amount_high": "unit", "max_amount": "max_unit"}


@pytest.fixture
def record(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "me.db"
    monkeypatch.setenv("MEDTRACK_DB", str(path))
    for line in WORK:
        done = run(line, now=NOW)
        assert done.code in (0, 4), (line, done)  # 4: recorded, and worth a call to the pharmacist
    return path


def table(file: sqlite3.Connection, kind: str) -> list[dict[str, object]]:
    """A table as the export tells it, worked out from the columns alone."""
    file.row_factory = sqlite3.Row
    rows = [dict(row) for row in file.execute(f"select * from {kind} order by id")]
    for row in rows:
        row["hash"] = row["hash"].hex()
        for column, other in REFS.items():
            if column in row:
                found = file.execute(f"select uid from {other} where id = ?", (row.pop(column),)).fetchone()
                row[other] = found and found[0]
        # A measure's unit is not that of an amount.
        units = {unit: row.pop(unit) for column, unit in UNITS.items() if column in row and unit in row}
        for column, unit in UNITS.items():
            if column in row:
                value = row[column]
                row[column] = None if value is None else {"value": value, "unit": units[unit]}
    return rows


def test_everything_is_there_exactly(record: Path, run: Callable[..., Result]) -> None:
    document = json.loads(run("export", now=NOW).out)
    assert list(document) == ["version", "kind", "person", "exported_at", "format", "counts", "rows"]
    assert (document["version"], document["kind"], document["person"]) == (1, "export", "me")
    assert document["exported_at"] == "2026-03-10T08:30:00+01:00"
    with closing(sqlite3.connect(record)) as file:
        file.row_factory = None
        voided = {row[0] for row in file.execute("select uid from voided")}
        for kind in ("action", *FACTS):
            exported = [row for row in document["rows"] if row["type"] == kind]
            assert len(exported) == document["counts"][kind]
            if kind != "action":
                assert {row["uid"] for row in exported if row["voided"]} == voided & {
                    row["uid"] for row in exported
                }
            plain = [
                {key: value for key, value in row.items() if key not in ("type", "voided")}
                for row in exported
            ]
            # 1 == True in Python, as in SQLite, which has no other truth.
            assert plain == table(file, kind), kind
            assert exported, f"no {kind} was tested"
    assert sum(document["counts"].values()) == len(document["rows"])
    undone = [row["command"] for row in document["rows"] if row["type"] == "action" and row["voided"]]
    assert undone == ["take"]


def test_to_a_file_whole_and_its_owners_alone(
    record: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    target = tmp_path / "me.json"
    done = run(f"export -o {target}", now=NOW)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(f"facts to {target}.\n")
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_text(encoding="utf-8") == run("export", now=NOW).out
    again = run(f"export -o {target}", now=NOW)
    assert (again.code, again.out) == (35, "")
    assert run(f"export -o {target} --force", now=NOW).code == 0
    missing = run(f"export -o {tmp_path}/typo/me.json", now=NOW)
    assert missing.code == 46
    assert "no such file or directory" in missing.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "me.db", "me.json"]


def test_a_link_planted_at_the_target_is_not_followed(
    record: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    precious, link = tmp_path / "precious", tmp_path / "me.json"
    precious.write_text("mine")
    link.symlink_to(precious)
    assert run(f"export -o {link}", now=NOW).code == 35
    assert run(f"export -o {link} --force", now=NOW).code == 0
    assert (precious.read_text(), link.is_symlink()) == ("mine", False)


def test_a_damaged_record_is_not_exported_as_if_it_were_whole(
    record: Path, run: Callable[..., Result]
) -> None:
    with closing(sqlite3.connect(record)) as file:
        file.execute("update dose set amount = '9' where id = 1")
        file.commit()
    done = run("export", now=NOW)
    assert (done.code, done.out) == (44, "")
    assert "dose 1 is not what was written" in done.err
