"""`adherence` in words: nothing that was taken is left out of it without a word, and nothing said of nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
MONDAY = "2026-03-16"


def at(day: str, time: str = "09:00") -> str:
    return f"{day}T{time}[Europe/Paris]"


def document(run: Run, line: str, now: str) -> Any:
    return json.loads(run(f"{line} --json", now=now).out)


def test_a_dose_taken_before_its_time_is_over_is_said(run: Run) -> None:
    run("add alendronate --amount '1 tablet' --at 07:00 --on mon --from 2026-03-11", now=at("2026-03-11"))
    run("take alendronate", now=at("2026-03-15", "20:00"))
    said = "Taken already, and counted once the time for it is over: 1 dose (alendronate 1)."
    for now in (at("2026-03-15", "21:00"), at(MONDAY), at("2026-03-19")):
        shown = run("adherence", now=now).out
        assert said in shown, now
        assert "no doses were due" not in shown
        found = document(run, "adherence", now)
        assert (found["doses_open"], found["rows"][0]["doses_open"]) == (1, 1)
        assert said in run("report", now=now).out
        detail = document(run, "adherence --detail", now)["rows"]
        assert [row["number"] for row in detail if row["measure"] == "taken_already"] == [1]
    # From Thursday evening on, half a week after its time, it is in every count.
    later = at("2026-03-20")
    assert "Taken already" not in run("adherence", now=later).out
    assert "1 of 1 = 100 %" in run("adherence", now=later).out
    assert document(run, "adherence", later)["doses_open"] == 0


@pytest.mark.parametrize("is_tallied", [False, True])
def test_doses_of_another_amount_are_counted(run: Run, tmp_path: Path, is_tallied: bool) -> None:
    run("add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-01-01", now=at("2026-01-01", "06:00"))
    doses = [f"2026-01-{day:02} {hour}:00" for day in range(1, 31) for hour in ("08", "20")]
    amounts = {3: "2 tablets", 10: "1/2 tablet", 58: "2 tablets"}
    sheet = tmp_path / "doses.csv"
    lines = [f"{taken},metformin,{amounts.get(number, '')}" for number, taken in enumerate(doses)]
    sheet.write_text("\n".join(["taken_at,medication,amount", *lines]) + "\n")
    now = at("2026-03-20")
    assert run(f"import {sheet}", now=now).code == 0
    if is_tallied:
        assert run("doctor", now=now).code in (0, 4)
    line = "adherence --span 2026-01"
    assert "Taken in another amount than planned: 3 of 60 (metformin 3)." in run(line, now=now).out
    assert [row["other_amount"] for row in document(run, line, now)["rows"]] == [3]
    by_day = document(run, f"{line} --by day", now)["rows"]
    assert [row["since"][8:] for row in by_day if row["other_amount"]] == ["02", "06", "30"]
    detail = {row["measure"]: row for row in document(run, f"{line} --detail", now)["rows"]}
    assert (detail["other_amount"]["number"], detail["other_amount"]["of"]) == (3, 60)
    report = run("report --span 2026-01", now=now).out
    assert "Taken in another amount than planned: 3 of 60 (metformin 3)." in report
    assert run("verify", now=now).code == 0


def test_times_off_are_said_in_minutes(run: Run, tmp_path: Path) -> None:
    run("add a --amount '1 tablet' --at 08:00 --from 2026-03-01", now=at("2026-03-01", "06:00"))
    run("add b --amount '1 tablet' --as-needed --from 2026-03-01", now=at("2026-03-01", "06:00"))
    sheet = tmp_path / "doses.csv"
    sheet.write_text(
        "taken_at,medication\n2026-03-02 11:30:41,a\n2026-03-03 09:00:07,b\n2026-03-03 13:20:59,b\n"
        "2026-03-04 08:00:13,a\n"
    )
    now = at("2026-03-06")
    assert run(f"import {sheet}", now=now).code == 0
    for line in ("report", "adherence", "adherence --detail", "report --format markdown"):
        assert "second" not in run(line, now=now).out, line
    assert "taken 11:30, 3 hours 30 minutes late" in run("report", now=now).out
    assert "4 hours 20 minutes" in run("report", now=now).out


def test_a_dose_of_this_minute_makes_no_gap(run: Run) -> None:
    run("add a --amount '1 tablet' --at 08:00 --from 2026-03-20", now=at("2026-03-20", "07:00"))
    run("take a", now=at("2026-03-20", "08:00:02"))
    for now in (at("2026-03-20", "08:00:02"), at("2026-03-20", "08:00:40")):
        assert "0 minutes" not in run("adherence", now=now).out
        assert document(run, "adherence", now)["rows"][0]["longest_gap_hours"] is None
    assert document(run, "adherence", at("2026-03-20", "08:30"))["rows"][0][
        "longest_gap_hours"
    ] == pytest.approx(29 / 60)


def test_a_dose_taken_while_nothing_is_planned_is_as_much_as_before(run: Run, tmp_path: Path) -> None:
    run("add a --amount '2 tablets' --at 08:00 --from 2026-03-01", now=at("2026-03-01", "06:00"))
    run("refill a 40", now=at("2026-03-01", "06:00"))
    steps = "nothing 5d -> 1 tablet"
    assert run(f"taper a '{steps}' --from 2026-03-10", now=at("2026-03-09")).code == 0
    run("take a", now=at("2026-03-12"))
    sheet = tmp_path / "doses.csv"
    sheet.write_text("taken_at,medication\n2026-03-13 08:00,a\n")
    assert run(f"import {sheet}", now=at("2026-03-16")).code == 0
    rows = document(run, "log", at("2026-03-16"))["rows"]
    assert [(row["amount"]["value"], row["timing"]) for row in rows] == [("2", "extra")] * 2
    # Nobody needs supply on these five days.
    row = document(run, "adherence --method pdc", at("2026-03-20"))["rows"][0]
    assert (row["days"], row["held_days"]) == (15, 5)
    assert run("can-take a", now=at("2026-03-12")).code == 28
    assert run("check", now=at("2026-03-12")).code in (0, 20)
    assert run("doctor", now=at("2026-03-20")).code in (0, 4)


def test_a_correction_is_said_of_its_own_medication_alone(run: Run) -> None:
    begun = at("2026-03-01", "07:00")
    for name in ("metformin", "sertraline"):
        run(f"add {name} --amount '1 tablet' --at 08:00", now=begun)
    run("take metformin --at 08:00 --yes", now=at("2026-03-01"))
    later = at("2026-03-05")
    assert run("hold metformin --from 2026-03-02 --until 2026-03-04 --reason surgery", now=later).code == 0
    dose = json.loads(run("log --json", now=later).out)["rows"][0]["id"]
    assert run(f"amend {dose} --at '2026-03-01 08:10' --reason clock", now=later).code == 0
    for line in ("adherence", "adherence metformin"):
        shown = run(line, now=later).out
        assert "Corrected after the fact: metformin on hold" in shown
        assert "1 in this span was corrected or voided" in shown
    shown = run("adherence sertraline", now=later).out
    assert "orrected" not in shown
    found = document(run, "adherence sertraline", later)
    assert (found["corrections"], found["amended"]) == ([], 0)


def test_a_medication_named_twice_is_told_once(run: Run) -> None:
    run("add metformin --amount '1 tablet' --at 08:00 --code met", now=at("2026-03-01", "07:00"))
    assert len(document(run, "adherence metformin met", at("2026-03-05"))["rows"]) == 1


def test_a_day_with_nothing_planned_awaits_nothing_in_the_calendar(run: Run) -> None:
    run("add alendronate --amount '1 tablet' --at 07:00 --on mon --from 2026-03-16", now=at(MONDAY, "06:00"))
    run("take alendronate", now=at(MONDAY))
    states = document(run, "adherence --calendar", at("2026-03-20"))["calendar"][0]["days"]
    assert states[-1] == {"date": "2026-03-20", "state": "nothing"}


def test_everyone_is_told_by_name_over_which_days_and_who_has_nothing(run: Run) -> None:
    for name in ("Ann", "Ben"):
        run(f"people add {name}", now=at(MONDAY, "06:00"))
    run("--person Ann add metformin --amount '1 tablet' --at 08:00 --yes", now=at(MONDAY, "06:00"))
    shown = run("--person all adherence", now=at("2026-03-18")).out.splitlines()
    assert shown[:3] == [
        "Adherence of Ann, 2026-03-16 to 2026-03-18, 3 days",
        "Adherence of Ben, 2026-03-18 to 2026-03-18, 1 day",
        "Ben: No doses were due from 2026-03-18 to 2026-03-18.",
    ]


def test_a_gap_without_its_pauses_says_so(run: Run) -> None:
    run("add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01", now=at("2026-03-01", "06:00"))
    run("take metformin", now=at("2026-03-01", "20:00"))
    run("hold metformin --until 16:00", now=at("2026-03-02", "07:00"))
    run("take metformin", now=at("2026-03-02", "20:00"))
    said = "Longest gap: the time without a dose, less what of it was on hold or unknown."
    for line in ("adherence", "adherence --calendar", "adherence --by day", "report"):
        assert said in run(line, now=at("2026-03-03")).out.replace("\n", " "), line
        apart = "--span 2026-03-03..2026-03-04"
        assert said not in run(f"{line} {apart}", now=at("2026-03-04")).out.replace("\n", " "), line
    assert said not in run("adherence", now=at("2026-03-02", "06:30")).out
