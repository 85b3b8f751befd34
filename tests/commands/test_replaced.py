"""A record that another process replaces while a command is at work on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from medtrack.store import record as module
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"


@pytest.fixture
def path(run: Callable[..., Result], home: Path) -> Path:
    assert run("add ibuprofen --as-needed", now=NOW).code == 0
    return home / "data" / "medtrack" / "records" / "me.db"


def replace_before_writing(path: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a copy in the record's place, as a restore does, just before each of the next writes begins."""
    begin, left = module.begin_writing, [times]

    def late(connection: sqlite3.Connection) -> None:
        if left[0]:
            left[0] -= 1
            shutil.copy(path, path.with_name("new.db"))
            os.replace(path.with_name("new.db"), path)
        begin(connection)

    monkeypatch.setattr(module, "begin_writing", late)


def noted(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("select note from doses")]


def test_a_dose_goes_into_the_record_that_is_there_then(
    path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_before_writing(path, 2, monkeypatch)
    done = run("take ibuprofen --note once", now=NOW)
    assert done.code == 0, done
    assert noted(path) == ["once"]


def test_one_that_is_replaced_again_and_again_is_told_truly(
    path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_before_writing(path, 100, monkeypatch)
    done = run("take ibuprofen --note never", now=NOW)
    assert done.code == 46
    assert "another file was put in its place meanwhile. Nothing was recorded; try again." in done.err
    assert noted(path) == []
