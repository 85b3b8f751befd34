"""Other programs read a record: the real Datasette over HTTP, and the real sqlite-utils, both beside medtrack."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.conftest import Result
from tests.documents import NOW, WRITING

VIEWS = {
    "doses": "id medication taken_at local_time zone amount unit status planned_at certainty given_by note",
    "medications": "id name strength form route code reason",
    "notes": "id text grade medication noted_at local_time zone ended_at did",
    "measures": "id name value second unit comparator items normal measured_at local_time zone note",
    "supplies": "id medication kind amount unit occurred_at local_time zone note expires_on",
    "sessions": "id protocol course_from started_at local_time zone note ended_at",
    "observations": "id session_id kind value before observed_at local_time zone note",
    "allergies": "id substance reaction severity certainty",
    "conditions": "id name note",
    "adherence_by_day": "medication day expected taken skipped missed held extra doses as_needed on_time late"
    " early counted_through counted_at actions_since",
    "adherence_by_month": "medication month since until taken expected adherence skipped missed held extra"
    " doses as_needed on_time late early counted_through counted_at actions_since",
}
"""The views with their columns: those of `doses` are promised, the others documented."""
SUMS = ("taken", "expected", "skipped", "missed", "extra", "doses", "on_time", "late", "early")
PAGE = Path(__file__).parent / "transcripts" / "datasette-and-sqlite-utils.md"


def tool(name: str, *words: str) -> str:
    command = [Path(sys.executable).with_name(name), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def record(run: Callable[..., Result], home: Path) -> Path:
    """A record of some of everything."""
    for line in WRITING[: WRITING.index("backup ~/copy.db")]:
        assert run(line, now=NOW).code in (0, 4, 20, 30), line
    assert run("doctor", now=NOW).code in (0, 4)
    return home / "data" / "medtrack" / "records" / "me.db"


@pytest.fixture
def served(record: Path) -> Iterator[Callable[[str], Any]]:
    """What Datasette answers on this machine."""
    command = [Path(sys.executable).with_name("datasette"), record, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            said = iter(server.stderr or ())
            address = next(
                found[0] for line in said if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
            )

            def get(path: str) -> Any:
                with urlopen(f"{address}{path}", timeout=30) as answer:
                    return json.load(answer)

            yield get
        finally:
            server.terminate()


def rows_of(record: Path, view: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(record)) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute(f"select * from {view}")]


def test_datasette_reads_every_view_while_medtrack_goes_on(
    served: Callable[[str], Any], record: Path, run: Callable[..., Result]
) -> None:
    assert {view["name"] for view in served("/me.json")["views"]} == set(VIEWS)
    for view, columns in VIEWS.items():
        page = served(f"/me/{view}.json?_size=max&_shape=objects")
        assert page["columns"] == columns.split(), view
        assert page["rows"] == rows_of(record, view), view
        assert page["rows"], view
    log = json.loads(run("log --json", now=NOW).out)["rows"]
    there = served("/me/doses.json?_shape=array&_size=max")
    assert sorted(row["id"] for row in there) == sorted(row["id"] for row in log)
    assert run("take ibuprofen --at 20:55 --again", now=NOW).code in (0, 4)
    newest = served("/me/doses.json?_shape=array&_sort_desc=id&_size=1")
    assert [row["local_time"] for row in newest] == ["2026-03-11T20:55:00"]
    assert run("verify", now=NOW).code == 0


def test_sqlite_utils_reads_every_view_and_leaves_the_file_as_it_is(record: Path) -> None:
    before = record.read_bytes()
    for view in VIEWS:
        assert json.loads(tool("sqlite-utils", "rows", str(record), view)) == rows_of(record, view)
    listed = json.loads(tool("sqlite-utils", "views", str(record)))
    assert {each["view"] for each in listed} == set(VIEWS)
    assert record.read_bytes() == before


def test_the_views_count_days_as_the_command_does_through_the_day_they_say(
    record: Path, run: Callable[..., Result]
) -> None:
    for by, since in (("day", "day"), ("month", "since")):
        rows = rows_of(record, f"adherence_by_{by}")
        through = {row["medication"]: row["counted_through"] for row in rows}
        assert max(through.values()) == "2026-03-10"
        told = json.loads(run(f"adherence --by {by} --until 2026-03-10 --json", now=NOW).out)["rows"]
        kept = {(row["medication"], row[since][:7] if by == "month" else row["day"]): row for row in rows}
        compared = 0
        for each in told:
            row = kept.get((each["medication"], each["since"][:7] if by == "month" else each["since"]))
            if each["medication"] == "all" or each["until"] > through.get(each["medication"], ""):
                continue
            assert row is not None, each
            assert {name: row[name] for name in SUMS} == {name: each[name] for name in SUMS}, each
            compared += 1
        assert compared > 2
        assert {row["actions_since"] for row in rows} == {0}


def test_the_views_say_that_they_do_not_know_of_what_was_written_since(
    record: Path, run: Callable[..., Result]
) -> None:
    assert run("take ibuprofen --at '2026-03-09 20:00' --again", now=NOW).code in (0, 4)
    before = rows_of(record, "adherence_by_day")
    assert {row["actions_since"] for row in before} == {1}
    assert run("doctor", now=NOW).code in (0, 4)
    after = rows_of(record, "adherence_by_day")
    assert {row["actions_since"] for row in after} == {0}
    first, second = (
        {row["day"]: row["as_needed"] for row in rows if row["medication"] == "ibuprofen"}
        for rows in (before, after)
    )
    assert second["2026-03-09"] == first.get("2026-03-09", 0) + 1


def test_a_medication_that_was_taken_back_is_in_no_view(record: Path, run: Callable[..., Result]) -> None:
    assert run("add zinc --amount '1 tablet' --at 08:00 --from 2026-03-01 --yes", now=NOW).code == 0
    assert run("doctor", now=NOW).code in (0, 4)
    assert "zinc" in {row["medication"] for row in rows_of(record, "adherence_by_month")}
    assert run("undo", now=NOW).code == 0
    for view, columns in VIEWS.items():
        if "medication" in columns.split():
            assert "zinc" not in {row["medication"] for row in rows_of(record, view)}, view


def test_the_page_names_every_view_with_its_columns() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for view, columns in VIEWS.items():
        assert f"`{view}`" in page
        if view not in ("sessions", "observations", "allergies", "conditions"):
            assert f"`{', '.join(columns.split())}`" in page, view
