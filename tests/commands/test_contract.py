"""What scripts may rely on: keys, formats and exit codes of the machine faces."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tests.conftest import Result

MORNING = "2026-03-10T08:10[Europe/Paris]"


@pytest.fixture
def record(run: Callable[..., Result]) -> Callable[..., Any]:
    """A record of two medications, and a way to get a command's JSON."""
    for line in (
        "add metformin --strength '500 mg' --form tablet --amount '1 tablet' --at 08:00,20:00 --from 2026-03-08",
        "add ibuprofen --amount '1/3 tablet' --as-needed --max 4/24h --from 2026-03-08",
        "take metformin --at '2026-03-08 08:20' --by Ben --note 'with toast'",
        "take metformin --at '2026-03-08 23:00' --about",
        "take ibuprofen --at '2026-03-09 10:00'",
        "skip metformin --for '2026-03-09 08:00' --at '2026-03-09 09:00' --reason ill",
    ):
        assert run(line, now=MORNING).code == 0, line

    def document(line: str, now: str = MORNING, code: int = 0) -> Any:
        result = run(f"{line} --json", now=now)
        assert result.code == code, result
        return json.loads(result.out)

    return document


def test_log(record: Callable[..., Any]) -> None:
    found = record("log")
    assert (found["version"], found["kind"]) == (1, "log")
    first = found["rows"][0]
    uid, recorded_at = first.pop("uid"), first.pop("recorded_at")
    assert len(uid) == 36
    assert recorded_at == "2026-03-10T08:10:00+01:00"
    assert first == {
        "id": 1,
        "medication": "metformin",
        "taken_at": "2026-03-08T08:20:00+01:00",
        "local_time": "2026-03-08T08:20:00",
        "zone": "Europe/Paris",
        "amount": {"value": "1", "unit": "tablet"},
        "amount_differs": False,
        "status": "taken",
        "timing": "on time",
        "slot": {"planned_at": "2026-03-08T08:00:00+01:00", "local_time": "2026-03-08T08:00:00"},
        "certainty": "exact",
        "given_by": "Ben",
        "note": "with toast",
        "helped": None,
    }
    late, skipped, as_needed = found["rows"][1:]
    assert (late["timing"], late["certainty"]) == ("late", "about")
    assert (as_needed["timing"], as_needed["slot"], as_needed["amount"]["value"]) == (None, None, "1/3")
    assert (skipped["status"], skipped["amount"], skipped["timing"], skipped["note"]) == (
        "skipped",
        None,
        None,
        "ill",
    )
    assert skipped["slot"]["planned_at"] == "2026-03-09T08:00:00+01:00"
    assert record("log --since 2027-01-01")["rows"] == []


def test_take(record: Callable[..., Any]) -> None:
    first = record("take metformin")
    assert first["recorded"] is True
    row = first["rows"][0]
    assert (row["recorded"], row["already"], row["dose"]["id"]) == (True, False, 5)
    assert row["slot"]["planned_at"] == "2026-03-10T08:00:00+01:00"
    again = record("take metformin")
    assert again["recorded"] is False
    row = again["rows"][0]
    assert (row["recorded"], row["already"], row["dose"]["id"]) == (False, True, 5)
    over = record("take ibuprofen --amount '5 tablets'", code=4)
    assert over["recorded"] is True
    assert over["warnings"] == [
        "ibuprofen: that makes 5 1/3 tablets in 24 hours; the plan says at most 4 tablets. Ask your pharmacist."
    ]


def test_schedule(record: Callable[..., Any]) -> None:
    found = record("schedule --days 2")
    assert found["kind"] == "schedule"
    assert found["dropped"] == []
    assert found["rows"][0] == {
        "medication": "metformin",
        "planned_at": "2026-03-10T20:00:00+01:00",
        "local_time": "2026-03-10T20:00:00",
        "zone": "Europe/Paris",
        "amount": {"value": "1", "unit": "tablet"},
        "amount_high": None,
        "state": "upcoming",
        "flags": [],
    }
    assert [row["local_time"][5:16] for row in found["rows"]] == ["03-10T20:00", "03-11T08:00", "03-11T20:00"]
    night = record("schedule --from 2026-03-29 --to 2026-03-29")["rows"]
    assert [row["planned_at"] for row in night] == ["2026-03-29T08:00:00+02:00", "2026-03-29T20:00:00+02:00"]


def test_times_in_json_stay_in_the_persons_zone(
    record: Callable[..., Any], run: Callable[..., Result]
) -> None:
    there = json.loads(run("--tz Asia/Tokyo schedule --days 1 --json", now=MORNING).out)["rows"]
    assert there[0]["planned_at"] == "2026-03-10T20:00:00+01:00"
    assert "2026-03-11 04:00" in run("--tz Asia/Tokyo schedule --days 1", now=MORNING).out


def test_adherence(record: Callable[..., Any]) -> None:
    found = record("adherence")
    ibuprofen, metformin = found["rows"]
    assert metformin == {
        "medication": "metformin",
        "since": "2026-03-08",
        "until": "2026-03-10",
        "expected": 4,
        "taken": 2,
        "on_time": 1,
        "skipped": 1,
        "missed": 1,
        "extra": 0,
        "pending": 1,
        "held": 0,
        "doses": 2,
        "doses_open": 0,
        "as_needed": 0,
        "late": 1,
        "early": 0,
        "other_amount": 0,
        "late_entries": 2,
        "expected_days": 2,
        "monitored_days": 2,
        "at_least_days": 1,
        "exact_days": 1,
        "adherence": 0.5,
        "adherence_uncapped": 0.5,
        "longest_gap_hours": pytest.approx(33 + 10 / 60),
        "holidays": [],
        "method": "dose log",
        "on_time_window": "± 1 hour",
        "started": True,
    }
    assert (ibuprofen["expected"], ibuprofen["doses"], ibuprofen["adherence"]) == (0, 1, None)
    daily = record("adherence metformin --by day")["rows"]
    assert [date.fromisoformat(row["since"]).day for row in daily] == [8, 9, 10]
    for key in ("expected", "taken", "skipped", "missed", "doses", "expected_days", "exact_days"):
        assert sum(row[key] for row in daily) == metformin[key]


def test_a_medication_never_begun_is_said_in_words(run: Callable[..., Result]) -> None:
    run("add statin --at 22:00 --from 2026-03-01", now="2026-03-01T07:00[Europe/Paris]")
    shown = run("adherence", now="2026-03-08T12:00[Europe/Paris]").out
    assert "0 of 7, not started" in shown
    assert "%" not in shown
    for flags in ("--detail", "--calendar", "--by week --calendar"):
        told = run(f"adherence {flags}", now="2026-03-08T12:00[Europe/Paris]").out
        assert " = 0 %" not in told, flags
        assert "0 % in" not in told, flags
        assert "ot started" in told, flags
    (row,) = json.loads(run("adherence --json", now="2026-03-08T12:00[Europe/Paris]").out)["rows"]
    assert (row["expected"], row["taken"], row["started"]) == (7, 0, False)
    assert (row["adherence"], row["adherence_uncapped"], row["holidays"]) == (None, None, [])
    detail = json.loads(run("adherence --detail --json", now="2026-03-08T12:00[Europe/Paris]").out)["rows"]
    assert {row["ratio"] for row in detail} == {None}
    assert [row["number"] for row in detail if row["measure"] == "drug_holidays"] == [0]
    run("take statin --at '2026-03-08 22:00'", now="2026-03-10T12:00[Europe/Paris]")
    (row,) = json.loads(run("adherence --json", now="2026-03-10T12:00[Europe/Paris]").out)["rows"]
    assert (row["taken"], row["expected"], row["holidays"]) == (1, 9, []), "the days before the first dose"
    future = run("adherence --since 2027-01-01 --until 2027-01-31", now="2026-03-08T12:00[Europe/Paris]")
    assert (future.code, future.out) == (
        0,
        "Adherence of me, 2027-01-01 to 2027-01-31, 31 days\n"
        "No doses were due from 2027-01-01 to 2027-01-31.\n",
    )


def test_due_tells_scripts_by_its_exit_code(run: Callable[..., Result]) -> None:
    run("add metformin --at 08:00,20:00 --from 2026-03-10", now="2026-03-10T06:00[Europe/Paris]")
    for clock, code, prompt in (
        ("07:59", 0, ""),
        ("08:00", 10, "1 dose due\n"),
        ("08:59", 10, "1 dose due\n"),
        ("09:00", 11, "1 dose overdue\n"),
        ("13:59", 11, "1 dose overdue\n"),
        ("14:00", 0, ""),
    ):
        now = f"2026-03-10T{clock}[Europe/Paris]"
        assert run("due", now=now).code == code, clock
        assert run("due --quiet", now=now) == Result(code, "", ""), clock
        assert run("due --prompt", now=now) == Result(code, prompt, ""), clock


def test_csv_is_a_table_of_the_same_keys(record: Callable[..., Any], run: Callable[..., Result]) -> None:
    for command in (
        "log",
        "meds",
        "schedule",
        "adherence",
        "history",
        "notes",
        "due",
        "today",
        "settings",
        "timeline",
    ):
        keys = next(csv.reader(io.StringIO(run(f"{command} --csv", now=MORNING).out)), [])
        rows = record(command, code=run(command, now=MORNING).code)["rows"]
        assert keys, command
        assert all(list(row) == keys for row in rows), command


def test_own_csv_can_be_imported_again(
    record: Callable[..., Any], run: Callable[..., Result], tmp_path: Any
) -> None:
    sheet = tmp_path / "log.csv"
    sheet.write_text(run("log --csv", now=MORNING).out, encoding="utf-8")
    before = record("log")["rows"]
    found = record(f"import {sheet}")
    assert (found["recorded"], found["already"]) == (0, 4)
    for command in ("undo 6",):
        assert run(command, now=MORNING).code == 0
    run("redo 2", now=MORNING)
    found = record(f"import {sheet}")
    assert found["recorded"] == 4
    after = record("log")["rows"]
    same = ("medication", "taken_at", "amount", "status", "slot", "note")
    assert [[row[key] for key in same] for row in after] == [[row[key] for key in same] for row in before]


def test_parse(record: Callable[..., Any]) -> None:
    row = record("parse 'metformin 500 mg tablet, 1 tab twice daily with food, for diabetes'")["rows"][0]
    assert row["name"] == "metformin"
    assert (row["strength"], row["form"], row["reason"]) == ("500 mg", "tablet", "diabetes")
    assert row["amount"]["value"] == "1"
    assert (row["timing"]["frequency"], row["timing"]["period"], row["timing"]["periodUnit"]) == (2, 1, "d")


def test_times_are_iso_8601_with_offset(record: Callable[..., Any]) -> None:
    for command, keys in (("history", ["recorded_at"]), ("meds", ["starts"]), ("today", ["at"])):
        for row in record(command)["rows"]:
            for key in keys:
                assert datetime.fromisoformat(row[key]).tzinfo is not None


def test_a_dose_counts_on_its_day_though_its_slot_lies_before_the_span(run: Callable[..., Result]) -> None:
    run("add alendronate --on mon --at 07:00 --from 2026-03-01", now="2026-03-01T07:00[Europe/Paris]")
    now = "2026-03-20T12:00[Europe/Paris]"
    run("take alendronate --at '2026-03-12 09:00'", now=now)
    row = json.loads(run("adherence --since 2026-03-11 --until 2026-03-13 --json", now=now).out)["rows"][0]
    assert (row["expected"], row["taken"], row["doses"]) == (0, 0, 1)


def test_a_limit_in_another_unit_is_said_to_be_unchecked(run: Callable[..., Result]) -> None:
    now = "2026-03-20T12:00[Europe/Paris]"
    run("add paracetamol --amount '1 tablet' --as-needed --max '4 g/24h'", now=now)
    shown = run("take paracetamol", now=now)
    assert (
        shown.code,
        "Not checked: the limit of 4 g, because the dose is in another unit." in shown.out,
    ) == (0, True)


def test_a_record_that_was_deleted_on_purpose_can_be_forgotten(run: Callable[..., Result], home: Any) -> None:
    run("add x --at 08:00", now=MORNING)
    refused = run("people forget", now=MORNING)
    assert (refused.code, "is there and lacks nothing, so there is nothing to forget" in refused.err) == (
        2,
        True,
    )
    (home / "data" / "medtrack" / "records" / "me.db").unlink()
    assert run("add x --at 08:00", now=MORNING).code == 40
    assert run("people forget", now=MORNING).code == 0
    assert run("add x --at 08:00", now=MORNING).code == 0
    assert run("people forget Nobody", now=MORNING).code == 41


def test_an_as_needed_plan_is_not_written_down_twice(run: Callable[..., Result]) -> None:
    assert run("add x --as-needed --max 4/24h --yes", now=MORNING).code == 0
    assert run("add x --as-needed --max 8/24h --yes", now=MORNING).code == 36


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("take metformin --at 07:00 --at 08:00", "--at"),
        ("take metformin --amount 1 --amount=3", "--amount"),
        ("--tz UTC --tz Europe/Paris today", "--tz"),
        ("add x --as-needed --max 3/24h --max 10/7d", "--max"),
    ],
)
def test_an_option_given_twice_is_refused(line: str, option: str, run: Callable[..., Result]) -> None:
    done = run(line, now="2026-03-10T09:00[Europe/Paris]")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"medtrack: {option} is given twice: keep one.\n"
