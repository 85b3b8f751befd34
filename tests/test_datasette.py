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
    "supplies": "id medication kind amount unit occurred_at local_time zone note",
    "sessions": "id protocol course_from started_at local_time zone note ended_at",
    "observations": "id session_id kind value before observed_at local_time zone note",
    "allergies": "id substance reaction severity",
    "conditions": "id name note",
}
"""The views with their columns: those of `doses` are promised, the others documented."""
PAGE = Path(__file__).parent / "transcripts" / "datasette-and-sqlite-utils.md"


def tool(name: str, *words: str) -> str:
    command = [Path(sys.executable).with_name(name), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def record(run: Callable[..., Result], home: Path) -> Path:
    """A record of some of everything."""
    for line in WRITING[: WRITING.index("backup ~/copy.db")]:
        assert run(line, now=NOW).code in (0, 4, 20, 30), line
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


def test_the_page_names_every_view_with_its_columns() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for view, columns in VIEWS.items():
        assert f"`{view}`" in page
        if view not in ("sessions", "observations", "allergies", "conditions"):
            assert f"`{', '.join(columns.split())}`" in page, view
