"""`check` as scripts see it: exit codes, keys, what was not checked, and never a word of reassurance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result

NOW = "2026-03-10T08:00[Europe/Paris]"
Run = Callable[..., Result]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check warfarin ibuprofen", 4),
        ("check amoxicillin microgynon", 0),
        ("check paracetamol", 0),
        ("check warfarin ibuprofen Xyzzyqol", 4),
        ("check warfarin Xyzzyqol", 20),
        ("check Xyzzyqol", 20),
        ("check MTX", 20),
        ("check ''", 2),
        ("check", 41),
    ],
)
def test_exit_codes_without_a_record(run: Run, line: str, code: int) -> None:
    assert run(line, now=NOW).code == code


def test_the_json_of_a_check(run: Run) -> None:
    document = json.loads(run("check coumadin Advil Xyzzyqol sertaline --json", now=NOW).out)
    assert document["kind"] == "check"
    assert [(each["typed"], each["ingredients"]) for each in document["checked"]] == [
        ("coumadin", ["warfarin"]),
        ("Advil", ["ibuprofen"]),
    ]
    assert [(each["typed"], each["suggestions"][:1]) for each in document["not_checked"]] == [
        ("Xyzzyqol", []),
        ("sertaline", ["sertraline"]),
    ]
    assert isinstance(document["rules"], int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", document["rules_date"])
    (row,) = document["rows"]
    assert (row["kind"], row["severity"], row["a"], row["b"]) == ("interaction", "major", "Advil", "coumadin")
    assert all(row[key] for key in ("effect", "what_to_do", "source", "source_date"))


def test_nothing_that_is_printed_says_safe(run: Run) -> None:
    for line in ("check paracetamol", "check warfarin ibuprofen", "check Xyzzyqol", "check --help"):
        said = run(line, now=NOW)
        assert "safe" not in (said.out + said.err).lower(), line


@pytest.mark.parametrize(
    "name", ["$(touch /tmp/x)", "'; drop table dose; --", "<script>x</script>", "[red]x[/]", "\x1b[31mx"]
)
def test_a_name_is_only_a_name(run: Run, name: str) -> None:
    said = run(["check", name], now=NOW)
    assert said.code == 20
    assert "NOT checked: " in said.out
    assert "\x1b" not in said.out


def test_the_regimen_is_checked_as_it_stands(run: Run) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    run("add ibuprofen --strength '200 mg' --as-needed --yes", now=NOW)
    assert run("check", now=NOW).code == 4
    run("stop ibuprofen", now="2026-03-10T09:00[Europe/Paris]")
    assert run("check", now="2026-03-10T10:00[Europe/Paris]").code == 0
    run("undo", now="2026-03-10T10:01[Europe/Paris]")
    assert run("check", now="2026-03-10T10:02[Europe/Paris]").code == 4


def test_an_empty_regimen_is_said_to_be_empty(run: Run) -> None:
    run("condition add gout", now=NOW)
    said = run("check", now=NOW)
    assert said.code == 0
    assert said.out.startswith("Nothing is taken now and nothing was named, so nothing was checked.")


def test_a_plan_to_come_is_checked_before_it_begins(run: Run) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    run("add ibuprofen --strength '200 mg' --at 08:00 --from 2026-05-01", now=NOW)
    assert run("check", now=NOW).code == 4


def test_what_was_asked_speaks_again_when_a_plan_changes(run: Run) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    run("add ibuprofen --strength '200 mg' --at 08:00", now=NOW)

    def asked() -> list[str | None]:
        return [row["asked"] for row in json.loads(run("check --json", now=NOW).out)["rows"]]

    assert asked() == [None]
    assert run("check --asked 'my pharmacist'", now=NOW).code == 0
    assert asked() == ["my pharmacist"]
    run("change ibuprofen --amount 2 --at 08:00", now=NOW)
    assert asked() == [None]
    run("undo", now=NOW)
    assert asked() == ["my pharmacist"]


def test_there_must_be_something_to_ask_about(run: Run) -> None:
    run("add paracetamol --strength '500 mg' --at 18:00", now=NOW)
    said = run("check --asked 'my pharmacist'", now=NOW)
    assert said.code == 2
    assert "no finding about that" in said.err


def test_a_record_that_vanished_is_no_reason_to_forget_the_allergies(run: Run, home: Path) -> None:
    run("allergy add penicillin", now=NOW)
    (record,) = home.rglob("*.db")
    record.unlink()
    assert run("check amoxicillin", now=NOW).code == 40


def test_what_is_known_of_the_person_is_in_the_export(run: Run) -> None:
    run("profile --country GB --born 1950-01-01", now=NOW)
    run("allergy add penicillin --reaction hives", now=NOW)
    run("condition add gout", now=NOW)
    rows = json.loads(run("export", now=NOW).out)["rows"]
    kinds = [row["type"] for row in rows]
    assert (kinds.count("profile"), kinds.count("allergy"), kinds.count("condition")) == (2, 1, 1)
    assert run("verify", now=NOW).code == 0


def test_a_card_in_full_has_the_allergies_and_what_was_tried(run: Run) -> None:
    now = "2026-03-10T09:00[Europe/Paris]"
    run("add amoxicillin --at 08:00 --from 2026-03-10 --yes", now=now)
    run("tried add Amoxicillin --dose '500 mg' --weeks 1 --response 'it helped'", now=now)
    run("allergy add penicillin --reaction rash --certainty suspected", now=now)
    shown = run("show amoxicillin", now=now).out
    assert (
        "Allergy: penicillin (rash, suspected). What that means for it: medtrack check amoxicillin --mine"
        in shown
    )
    assert "Tried before: Amoxicillin 500 mg, 1 week; it helped." in shown
    run("allergy add penicillin --certainty ruled-out", now=now)
    assert "Allergy: penicillin (rash, ruled out)." in run("show amoxicillin", now=now).out
    found = json.loads(run("check --json", now=now).out)
    assert found["allergies_ruled_out"] == [{"substance": "penicillin", "medicines": ["amoxicillin"]}]
    assert (found["allergies"], found["rows"]) == ([], [])
    run("undo", now=now)
    assert json.loads(run("check --json", now=now).out)["allergies"] == ["penicillin"]
