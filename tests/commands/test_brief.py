"""The brief as it is handed over: whose record its commands name, and what stands on it whatever else there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from medtrack.render.one_page import COLUMNS, LINES
from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-10T09:00[Europe/Paris]"


def words(page: str) -> str:
    """A page on one line."""
    return re.sub(r"\s+", " ", page)


@pytest.fixture
def two(run: Run) -> Run:
    """Two people, of whom each has more notes than a page has room for."""
    for person in ("me", "Ann"):
        if person != "me":
            run(f"people add {person}", now=NOW)
        for number in range(70):
            run(["--person", person, "note", f"n{number}"], now=NOW)
    return run


@pytest.mark.parametrize("face", ["text", "markdown", "html"])
def test_commands_name_the_person_where_they_must(two: Run, face: str) -> None:
    page = words(two(f"--person Ann brief --format {face}", now=NOW).out)
    assert re.search(r"more notes: (<code>|`)?medtrack --person Ann notes --since 2026-02-09", page)
    assert "medtrack notes" not in page
    assert "medtrack notes --since 2026-02-09" in words(two(f"brief --format {face}", now=NOW).out)


def test_of_everyone_each_page_names_its_own_person(two: Run) -> None:
    pages = words(two("--person all brief", now=NOW).out)
    assert "medtrack --person Ann notes --since" in pages
    assert "medtrack notes --since" in pages
    assert "--person all" not in pages


def test_a_page_for_others_names_nobody_in_a_command(two: Run) -> None:
    page = words(two("--person Ann brief --redact", now=NOW).out)
    assert "medtrack notes --since 2026-02-09" in page
    assert "Ann" not in page


def test_a_long_path_takes_no_room_of_the_page(run: Run, tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    for number in range(70):
        run(["--db", f"{deep}/kept.db", "note", f"n{number}"], now=NOW)
    page = run(["--db", f"{deep}/kept.db", "brief"], now=NOW).out
    assert len(page.splitlines()) <= LINES
    assert max(map(len, page.splitlines())) <= COLUMNS
    assert "medtrack --db FILE notes --since 2026-02-09" in words(page)


def test_who_helps_and_how_notes_lie_to_doses(run: Run) -> None:
    run("team add 'Dr Osei' --role prescriber --phone '555 0199'", now=NOW)
    run("team add Mother --role other", now=NOW)
    run("add prazosin --amount '1 mg' --at 08:00 --from 2026-03-01", now=NOW)
    for day in ("07", "08"):
        run(f"take prazosin --at '2026-03-{day} 08:00'", now=NOW)
        run(f"note 'dizzy, again' --at '2026-03-{day} 09:00'", now=NOW)
    page = words(run("brief", now=NOW).out)
    assert "Who helps Dr Osei (prescriber): 555 0199 Mother" in page
    assert "dizzy: 2 of 2 notes within" in page
    assert "Counts, never causes" in page
    bare = words(run("brief --redact", now=NOW).out)
    assert "Who helps the prescriber the helper" in bare
    assert "Patterns Left out: what a note is about is in its words." in bare
    assert "dizzy" not in bare


def test_the_country_is_told_to_be_left_in_where_one_is_known(run: Run) -> None:
    run("note ill", now=NOW)
    assert "country" not in run("brief --redact", now=NOW).out
    run("profile --country GB", now=NOW)
    assert "the country (in names of medicines and in whom to call)" in words(
        run("brief --redact", now=NOW).out
    )


def test_what_is_taken_allergies_and_where_to_get_help_are_on_the_fullest_page(run: Run) -> None:
    long = "words of a usual length, one after the other, " * 20
    run("profile --country GB --name Ann", now=NOW)
    for number in range(12):
        run(f"add drug{number} --amount '1 mg' --at 08:00 --from 2026-03-01", now=NOW)
    for number in range(8):
        run(f"allergy add substance{number}", now=NOW)
    for number in range(40):
        run(["note", f"{long} {number}", "--grade", "2"], now=NOW)
        run(["question", "add", f"{long} {number}"], now=NOW)
    run("measure phq9 --items 1,2,0,1,1,1,1,0,1", now=NOW)
    run("visit add --with 'Dr Osei' --on 2026-03-01 --decided '" + long + "'", now=NOW)
    page = run("brief", now=NOW).out
    assert len(page.splitlines()) <= LINES
    assert max(map(len, page.splitlines())) <= COLUMNS
    told = words(page)
    assert [number for number in range(12) if f" drug{number}: " not in told] == []
    assert [number for number in range(8) if f"substance{number}" not in told] == []
    assert "Item 9 of PHQ-9 is above zero" in told
    assert "999" in told
    assert "116 123" in told
    assert "more notes, 1 shortened here: medtrack notes --since" in told or "more notes" in told


def test_every_number_says_of_what_it_is(run: Run) -> None:
    run("add ibuprofen --amount '1 tablet' --as-needed --max '3 tablets/24h' --from 2026-03-01", now=NOW)
    for at in ("2026-03-08 08:00", "2026-03-08 13:30", "2026-03-09 08:00"):
        run(f"take ibuprofen --at '{at}'", now=NOW)
    run("add paracetamol --amount '1 tablet' --as-needed --from 2026-03-06", now=NOW)
    for day, value, score in ((6, "128/82", 4), (7, "131/80", 9), (8, "124/79", 7)):
        run(f"measure bp {value} --at '2026-03-{day:02} 08:00'", now=NOW)
        run(f"measure gad7 {score} --at '2026-03-{day:02} 08:00'", now=NOW)
        run(f"measure weight '11 st {value[2:3]} lb' --at '2026-03-{day:02} 08:00'", now=NOW)
        run(f"measure ferritin '{score} ug/l' --new --at '2026-03-{day:02} 08:00'", now=NOW)
    page = words(run("brief", now=NOW).out)
    assert (
        "ibuprofen: 3 doses in 10 days, on 2 of these days, at most 2 doses in any 24 hours, the two closest"
        " 5 hours 30 minutes apart, 0 of 3 doses beyond the rule."
    ) in page
    assert "paracetamol: 0 doses in 5 days." in page
    assert "3 readings in these days: systolic lowest 124, highest 131 mmHg." in page
    assert "3 scores in these days: lowest 4, highest 9 of 21." in page
    assert "3 readings in these days: lowest 11 st 1 lb, highest 11 st 8 lb." in page
    assert "3 readings in these days: lowest 4, highest 9 mcg/l." in page


def test_nothing_taken_is_never_read_as_taken(run: Run) -> None:
    run(
        "add metformin --amount '1 tablet' --at 08:00 --from 2026-03-10", now="2026-03-10T07:00[Europe/Paris]"
    )
    assert "No doses were due." in words(run("brief", now="2026-03-10T07:30[Europe/Paris]").out)
    assert "Taken 0 of 0 due, 1 still open." in words(run("brief", now=NOW).out)
    run("take metformin", now=NOW)
    assert "Taken 0 of 0 due, 1 taken already." in words(run("brief", now=NOW).out)


def test_what_is_held_is_not_read_as_taken(run: Run) -> None:
    run(
        "add metformin --amount '1 tablet' --at 08:00 --from 2026-03-09", now="2026-03-09T07:00[Europe/Paris]"
    )
    run("hold metformin", now="2026-03-09T07:00[Europe/Paris]")
    assert "Taken 0 of 0 due, 2 held or unknown." in words(run("brief", now=NOW).out)
    for line in ("adherence", "adherence --calendar", "report"):
        assert "0 of 0 due, 2 held or unknown" in run(line, now=NOW).out, line


def test_supply_that_cannot_be_is_told_as_stock_tells_it(run: Run) -> None:
    run(
        "add 'vitamin D' --amount '3 tablets' --at 08:00 --from 2026-03-09",
        now="2026-03-09T07:00[Europe/Paris]",
    )
    run("refill 'vitamin D' '2 tablets'", now="2026-03-09T07:00[Europe/Paris]")
    run("take 'vitamin D'", now="2026-03-09T08:00[Europe/Paris]")
    said = "vitamin D: 1 tablet more taken than there were by the log. Count it"
    page = words(run("brief", now=NOW).out)
    assert f"On hand {said}." in page
    assert "runs out" not in page
    command = "Count it: medtrack count 'vitamin D' AMOUNT"
    for line in ("stock", "today", "doctor"):
        shown = run(line, now=NOW).out
        assert said in shown, line
        assert command in shown, line
    assert "0 tablets on hand" not in run("today", now=NOW).out
