"""Before there is a record: what is typed next goes to the person who was named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
NAMED = [
    ("--person Ann", "--person Ann"),
    ("--person 'Ann Lee'", "--person 'Ann Lee'"),
    ("--db edith.db", "--db edith.db"),
    ("--db 'an edith.db'", "--db 'an edith.db'"),
]


@pytest.mark.parametrize(("root", "named"), NAMED)
def test_the_greeting_names_the_record_it_is_about(run: Run, root: str, named: str) -> None:
    greeted = run(f"{root} today")
    assert greeted.code == 0
    assert f"\n  medtrack {named} add " in greeted.out


@pytest.mark.parametrize(("root", "named"), NAMED)
@pytest.mark.parametrize("verb", ["due", "take metformin", "log", "remind", "report"])
def test_the_refusal_names_the_record_it_is_about(run: Run, root: str, named: str, verb: str) -> None:
    refused = run(f"{root} {verb}")
    assert refused.code == 41
    assert f"medtrack {named} add" in refused.err
    assert "medtrack add" not in refused.err


@pytest.mark.parametrize("root", ["", "--person Ann", "--db edith.db", "--person all"])
def test_a_prompt_is_kept_clean(spawn: Run, root: str) -> None:
    assert spawn(f"{root} due --prompt") == Result(41, "", "")
    for option in ("", "--quiet"):
        said = spawn(f"{root} due {option}")
        assert (said.code, said.out) == (41, "")
        assert "There is no record yet" in said.err


def test_the_quotes_of_a_hint_and_of_a_name_are_told_apart(run: Run) -> None:
    assert "The first \"medtrack --person 'Ann Lee' add\" makes one." in run("--person 'Ann Lee' due").err


def test_a_hint_for_everybody_names_nobody(run: Run) -> None:
    assert "\n  medtrack add " in run("--person all today").out
    assert "The first 'medtrack add' makes one." in run("--person all due").err


def test_for_everybody_an_empty_record_is_told_of_once_and_by_name(run: Run) -> None:
    for name in ("Ann", "Bob"):
        assert run(f"people add {name}").code == 0
    said = run("--person all today").out
    assert said.count("No medication is written down yet") == 2
    for name in ("Ann", "Bob"):
        assert f'No medication is written down yet. For one: medtrack --person {name} add "NAME' in said


def test_a_person_who_is_not_known_is_begun_by_name(run: Run) -> None:
    assert run("add zinc --at 09:00 --yes").code == 0
    refused = run("--person Ann add zinc --at 09:00")
    assert refused.code == 34
    assert "To make one: medtrack people add 'Ann', or --yes here." in refused.err


def test_a_record_that_vanished_is_forgotten_by_name(run: Run, home) -> None:
    assert run("--person Ann add zinc --at 09:00 --yes").code == 0
    (home / "data/medtrack/records/Ann.db").unlink()
    refused = run("--person Ann due")
    assert refused.code == 40
    assert "To begin anew in its place: medtrack --person Ann people forget." in refused.err
    for listing in ("due", "today"):
        everyone = run(f"--person all {listing}")
        assert everyone.code == 40
        assert f"medtrack --db {home}/data/medtrack/records/Ann.db people forget." in everyone.err


def test_any_other_refusal_names_the_record_it_is_about(run: Run) -> None:
    assert run("--person Ann add zinc --at 09:00 --yes").code == 0
    assert "'medtrack --person Ann log' lists" in run("--person Ann amend 99 --void --reason x").err
    assert "'medtrack --person Ann history' lists" in run("--person Ann undo 99").err
