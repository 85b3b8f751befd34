"""Supply as scripts see it: keys, exact amounts, run-out dates by the real schedule, adherence by method."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from medtrack.domain.supply import Fill, cma, mpr, pdc
from tests.conftest import Result

START = "2026-03-01T07:00[Europe/Paris]"
NOW = "2026-03-10T09:00[Europe/Paris]"


@pytest.fixture
def record(run: Callable[..., Result]) -> Callable[..., Any]:
    """A record of one medication taken twice daily, and a way to get a command's JSON."""
    assert run("add metformin --amount '1 tablet' --at 08:00,20:00", now=START).code == 0

    def document(line: str, now: str = NOW) -> Any:
        result = run(f"{line} --json", now=now)
        assert result.code == 0, result
        return json.loads(result.out)

    return document


def test_a_refill(record: Callable[..., Any]) -> None:
    found = record("refill metformin '28.5 tablets' --at '2026-03-02 10:00' --note spare")
    assert found["kind"] == "refill"
    assert found["rows"] == [
        {
            "id": 1,
            "medication": "metformin",
            "amount": {"value": "28.5", "unit": "tablet"},
            "occurred_at": "2026-03-02T10:00:00+01:00",
            "note": "spare",
            "expires_on": None,
        }
    ]


def test_a_count_carries_what_the_log_says_and_how_it_differs(record: Callable[..., Any]) -> None:
    first = record("count metformin 20 --at '2026-03-02 10:00'")["rows"][0]
    assert (first["by_the_log"], first["drift"]) == (None, None)
    second = record("count metformin 16.5")["rows"][0]
    assert second["by_the_log"] == {"value": "20", "unit": "tablet"}
    assert second["drift"] == {"value": "-3.5", "unit": "tablet"}
    other = record("count metformin '100 ml'")["rows"][0]
    assert (other["by_the_log"], other["drift"]) == ({"value": "16.5", "unit": "tablet"}, None)


def test_stock_and_its_undo(record: Callable[..., Any], run: Callable[..., Result]) -> None:
    run("refill metformin 10 --at '2026-03-10 07:00'", now=NOW)
    assert run("take metformin --at '2026-03-10 08:00'", now=NOW).code == 0
    row = record("stock")["rows"][0]
    assert row == {
        "medication": "metformin",
        "amount": {"value": "9", "unit": "tablet"},
        "short": None,
        "since_kind": "received",
        "since": "2026-03-10T07:00:00+01:00",
        "doses_since": 1,
        "doses_not_counted": 0,
        # Nine more: the evening of the 10th, the 11th to the 14th.
        "runs_out_on": "2026-03-15",
        "order_by": "2026-03-08",
        "why": None,
    }
    assert record("today")["low"] == ["metformin"]
    run("undo 2", now=NOW)
    assert record("stock")["rows"] == []
    assert record("today")["low"] == []
    run("redo 2", now=NOW)
    assert record("stock")["rows"] == [row]


RUN_OUTS = [
    # (timing, what is on hand, the day of the first dose without, why there is none)
    ("--at 08:00", 10, "2026-03-21", None),
    ("--at 08:00 --every 2d", 10, "2026-03-31", None),
    ("--at 08:00 --on mon,thu", 3, "2026-03-23", None),
    ("--at 08:00 --cycle 2/5", 3, "2026-03-19", None),
    ("--every 8h", 4, "2026-03-12", None),
    ("--every 8h --anchor last-dose", 4, "2026-03-12", None),
    ("--at 08:00 --until 2026-03-15", 5, None, "enough until its plan ends"),
    ("--at 08:00 --until 2026-03-15", 4, "2026-03-15", None),
    ("--monthly 1", 200, None, "enough for ten years"),
    ("--as-needed", 4, None, "not known: taken as needed"),
]


@pytest.mark.parametrize(("timing", "amount", "day", "why"), RUN_OUTS)
def test_it_runs_out_by_the_real_schedule(
    timing: str,
    amount: int,
    day: str | None,
    why: str | None,
    record: Callable[..., Any],
    run: Callable[..., Result],
) -> None:
    at = "--at 08:00 " if timing.startswith("--monthly") else ""
    assert run(f"add other --amount '1 tablet' {at}{timing} --from '2026-03-11 00:00'", now=NOW).code == 0
    assert run(f"refill other {amount}", now=NOW).code == 0
    row = record("stock other")["rows"][0]
    assert (row["runs_out_on"], row["why"]) == (day, why)


def test_a_plan_in_another_unit_says_so(record: Callable[..., Any], run: Callable[..., Result]) -> None:
    run("add syrup --amount '5 ml' --at 08:00", now=NOW)
    run("refill syrup '2 pieces'", now=NOW)
    row = record("stock syrup")["rows"][0]
    assert (row["runs_out_on"], row["why"]) == (None, "not known: its plan is in ml")
    assert record("adherence syrup --method pdc")["not_counted"] == ["syrup"]


def test_a_pause_without_an_end_needs_nothing(record: Callable[..., Any], run: Callable[..., Result]) -> None:
    run("refill metformin 4", now=NOW)
    run("hold metformin --reason scan", now=NOW)
    row = record("stock")["rows"][0]
    assert (row["runs_out_on"], row["why"]) == (None, "not known: on hold without an end")


@pytest.mark.parametrize("method", ["pdc", "mpr", *(f"cma{n}" for n in range(1, 10))])
def test_adherence_by_method_is_that_of_its_fills(
    method: str, record: Callable[..., Any], run: Callable[..., Result]
) -> None:
    for line in (
        "refill metformin 10 --at '2026-03-01 09:00'",
        "refill metformin 12 --at '2026-03-03 09:00'",
        "refill metformin 3 --at '2026-03-20 09:00'",
    ):
        assert run(line, now="2026-03-31T09:00[Europe/Paris]").code == 0
    fills = [
        Fill(date(2026, 3, 1), 5, "metformin", 2),
        Fill(date(2026, 3, 3), 6, "metformin", 2),
        Fill(date(2026, 3, 20), Fraction(3, 2), "metformin", 2),
    ]
    since, until = date(2026, 3, 2), date(2026, 4, 1)
    if method == "pdc":
        expected = pdc(fills, since, until)
    elif method == "mpr":
        expected = mpr(fills, since, until)
    else:
        expected = cma(int(method[3:]), fills, since=1, days=30, followup_days=31)
    found = record(f"adherence --method {method} --since 2026-03-02", now="2026-03-31T09:00[Europe/Paris]")
    assert (found["kind"], found["method"]) == ("adherence", method)
    row = found["rows"][0]
    assert row["adherence"] == (None if expected is None else pytest.approx(float(expected), abs=1e-12))
    assert (row["since"], row["until"], row["days"], row["supplies"]) == ("2026-03-02", "2026-03-31", 30, 2)
    # What is divided is what is said to be.
    assert row["adherence"] is None or row["of_days"] > 0
    if row["adherence"] is not None and method not in ("cma3", "cma4"):
        assert row["adherence"] == pytest.approx(row["counted_days"] / row["of_days"], abs=1e-12)
    assert row["of_days"] == {
        "cma1": 17,
        "cma3": 17,
        "cma5": 17,
        "cma2": 29,
        "cma4": 29,
        "cma6": 29,
        "cma8": 26,
    }.get(method, 30)


def test_the_follow_up_of_a_window_that_is_long_over(
    record: Callable[..., Any], run: Callable[..., Result]
) -> None:
    """Patient 37 of AdhereR's vignette, from the first fill on, days 182 to 547: CMA9 is 41.30 %."""
    later = "2040-01-01T09:00[Europe/Paris]"
    fills = [
        Fill(date.fromisoformat(on), days, "metformin", 2)
        for on, days in (
            ("2036-04-10", 50), ("2036-07-30", 50), ("2036-09-15", 50), ("2037-01-02", 30),
            ("2037-01-31", 30), ("2037-05-09", 30), ("2037-08-13", 30), ("2037-11-09", 30),
        )
    ]  # fmt: skip
    for fill in fills:
        assert run(f"refill metformin {2 * fill.days} --at '{fill.on} 09:00'", now=later).code == 0
    window = "--since 2036-10-09 --until 2037-10-08"
    for number, told in enumerate(["40.36", "42.86", "40.36", "42.86", "40.36", "42.86", "40.82"], start=1):
        row = record(f"adherence --method cma{number} {window}", now=later)["rows"][0]
        assert f"{100 * row['adherence']:.2f}" == told
    row = record(f"adherence --method cma9 {window}", now=later)["rows"][0]
    assert f"{100 * row['adherence']:.2f}" == "41.30"
    assert row["followed_until"] == "2038-04-09"
    # Asked before these two years are over, it goes to the day of the question: nothing later is known.
    row = record(f"adherence --method cma9 {window}", now="2037-12-01T09:00[Europe/Paris]")["rows"][0]
    since = (date(2036, 10, 9) - fills[0].on).days
    followed = (date(2037, 12, 2) - fills[0].on).days
    assert row["adherence"] == pytest.approx(
        float(cma(9, fills, since=since, days=365, followup_days=followed) or 0), abs=1e-12
    )
    assert row["followed_until"] == "2037-12-01"


def test_the_row_of_all_is_the_days_with_everything(
    record: Callable[..., Any], run: Callable[..., Result]
) -> None:
    assert run("add ramipril --amount '1 tablet' --at 08:00 --from 2026-03-01", now=NOW).code == 0
    run("refill metformin 10 --at '2026-03-01 09:00'", now=NOW)
    run("refill ramipril 8 --at '2026-03-03 09:00'", now=NOW)
    rows = record("adherence --method pdc")["rows"]
    assert [(row["medication"], row["covered_days"], row["days"]) for row in rows] == [
        ("metformin", 5, 10), ("ramipril", 8, 8), ("all", 3, 8),
    ]  # fmt: skip
    assert [row["medication"] for row in record("adherence --method mpr")["rows"]] == [
        "metformin",
        "ramipril",
    ]


def test_supply_of_everyone(record: Callable[..., Any], run: Callable[..., Result]) -> None:
    run("refill metformin 10", now=NOW)
    assert run("people add bo", now=NOW).code == 0
    found = record("--person all stock")
    assert [(row["person"], row["medication"]) for row in found["rows"]] == [("me", "metformin")]


def test_a_day_of_many_zones_is_that_of_the_person(
    record: Callable[..., Any], run: Callable[..., Result]
) -> None:
    """A box bought late on the 3rd of March there is of that day, whatever the day at home."""
    assert run("travel America/New_York --from '2026-03-02 12:00'", now=NOW).code == 0
    assert run("refill metformin 4 --at '2026-03-03 23:00'", now=NOW).code == 0
    assert record("adherence --method pdc")["rows"][0]["since"] == "2026-03-03"


def test_a_window_without_supply_is_said_in_words(run: Callable[..., Result]) -> None:
    now = "2026-03-12T09:00[Europe/Paris]"
    run("add ramipril --amount '1 tablet' --at 08:00 --from 2026-01-01", now=now)
    run("refill ramipril 30 --at '2026-01-02 09:00'", now=now)
    run("stop ramipril --at 2026-01-26 --reason cough", now=now)
    for method, span, begins, ends in (
        ("pdc", "2027-01", "2027-01-01", "2027-01-31"),
        ("cma7", "2027-01", "2027-01-01", "2027-01-31"),
        ("cma7", "2026-02", "2026-02-01", "2026-02-28"),
        ("pdc", "2025-01", "2025-01-01", "2025-01-31"),
    ):
        line = f"adherence --method {method} --span {span}"
        assert run(line, now=now).out == f"No supply is known from {begins} to {ends}.\n", line
        assert json.loads(run(f"{line} --json", now=now).out)["rows"] == []
    assert run("adherence --method pdc --since 2027-01-01", now=now).out == (
        "No supply is known from 2027-01-01 on.\n"
    )
    assert (
        run("adherence --method pdc --until 2025-01-31", now=now).out
        == "No supply is known up to 2025-01-31.\n"
    )
