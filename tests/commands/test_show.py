"""What a medicine's card says of what the person has, and what it does not claim."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-10T09:00[Europe/Paris]"


@pytest.mark.parametrize(
    ("reason", "condition", "is_for"),
    [
        ("diabetes", "type 2 diabetes", True),
        ("high blood pressure", "hypertension", True),
        ("depression", "Depression", True),
        ("winter depression", "depression", True),
        ("sleep", "sleep apnoea", False),
        ("depression", "no depression", False),
        ("diabetes", "mother: diabetes", False),
        ("cold", "diabetes", False),
    ],
)
def test_a_condition_is_what_it_is_taken_for(run: Run, reason: str, condition: str, is_for: bool) -> None:
    run(f"add metformin --amount '1 tablet' --at 08:00 --for '{reason}'", now=NOW)
    run(f"condition add '{condition}' --note 'since 2020'", now=NOW)
    said = f"Condition: {condition} (since 2020). It is written down as taken for {reason}."
    assert (said in run("show metformin", now=NOW).out) == is_for
    found = json.loads(run("show metformin --json", now=NOW).out)["conditions"]
    assert [each["taken_for"] for each in found] == [reason if is_for else None]


def test_a_reason_of_a_plan_as_needed_counts(run: Run) -> None:
    run("add 'ibuprofen 400 mg tablet, 1 tablet as needed for migraine' --yes", now=NOW)
    run("condition add migraine", now=NOW)
    assert (
        "Condition: migraine. It is written down as taken for migraine." in run("show ibuprofen", now=NOW).out
    )


def test_a_rule_is_told_as_check_tells_it(run: Run) -> None:
    run("add metformin --amount '1 tablet' --at 08:00", now=NOW)
    run("condition add 'eGFR 28'", now=NOW)
    row = json.loads(run("check --json", now=NOW).out)["rows"][0]
    shown = run("show metformin", now=NOW).out
    assert f"Condition: eGFR 28. Contraindicated: {row['effect']} What to do: {row['what_to_do']}" in shown
    assert f"Source: {row['source']} ({row['source_date']})" in shown
    found = json.loads(run("show metformin --json", now=NOW).out)["conditions"][0]
    assert found["findings"] == [{key: row[key] for key in found["findings"][0]}]
    run("stop metformin", now="2026-03-11T09:00[Europe/Paris]")
    over = run("show metformin", now="2026-03-12T09:00[Europe/Paris]").out
    assert row["effect"] in over
    assert "What to do" not in over


def test_what_was_not_looked_at_is_said_and_silence_claims_nothing(run: Run) -> None:
    run("add metformin --amount '1 tablet' --at 08:00", now=NOW)
    run("add zorbamine --amount '1 tablet' --at 08:00", now=NOW)
    assert "Condition" not in run("show metformin", now=NOW).out
    run("condition add asthma", now=NOW)
    run("condition add 'cluster headache'", now=NOW)
    shown = run("show metformin", now=NOW).out
    assert "Not looked at: cluster headache, which no rule knows." in shown
    assert "asthma" not in shown
    shown = run("show zorbamine", now=NOW).out
    assert "Not looked at: asthma, since the name zorbamine is not known." in shown
