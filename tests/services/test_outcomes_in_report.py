"""Scores, readings and sessions stand in the report in each of its formats, and their curves where one is drawn."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import Result

Run = Callable[..., Result]
LATER = "2026-03-12T12:00[Europe/Paris]"


@pytest.fixture
def clinic(run: Run) -> Run:
    """A record of two sessions and three scores, and a medicine whose dose changed between them."""
    for at, line in (
        ("2026-03-01T09:00", "add sertraline --amount '1 tablet' --at 08:00 --from 2026-03-01"),
        ("2026-03-01T09:00", "measure gad7 --items 2,2,2,2,2,2,2"),
        ("2026-03-03T14:00", "session start spravato --dose '56 mg'"),
        ("2026-03-03T14:00", "session observe bp 128/82 --at 13:50 --before"),
        ("2026-03-03T14:40", "session observe bp 149/91 dissociation 7 sedation 4"),
        ("2026-03-03T14:50", "session observe bp 98/91 dissociation 2"),
        ("2026-03-03T16:00", "session observe bp 126/80"),
        ("2026-03-03T16:05", "session end --note 'walked home <b>'"),
        ("2026-03-05T08:00", "change sertraline --amount '2 tablets' --reason 'as agreed'"),
        ("2026-03-06T09:00", "measure gad7 --items 1,1,1,1,1,1,1"),
        ("2026-03-09T09:00", "measure gad7 --items 1,1,1,0,0,0,0"),
        ("2026-03-10T14:00", "session start spravato"),
    ):
        done = run(line, now=f"{at}[Europe/Paris]")
        assert done.code in (0, 4), (line, done)
    return run


def test_a_session_is_a_row_with_what_a_clinic_asks_of_it(clinic: Run) -> None:
    first, second = json.loads(clinic("report --json", now=LATER).out)["sessions"]
    assert {key: first[key] for key in (
        "number", "phase", "given", "pressure_before", "pressure_highest", "pressure_last", "strongest", "minutes", "note",
    )} == {
        "number": 1, "phase": "induction", "given": ["56 mg"], "pressure_before": "128/82", "pressure_highest": "149/91",
        "pressure_last": "126/80", "strongest": {"dissociation": 7, "sedation": 4}, "minutes": 125,
        "note": "walked home <b>",
    }  # fmt: skip
    assert "escort" in first["unfinished"]
    assert (second["ended_at"], second["given"], second["days_since_last"]) == (None, [], 7)


@pytest.mark.parametrize("face", ["text", "markdown", "html", "json", "csv"])
def test_both_are_in_every_format(clinic: Run, face: str) -> None:
    page = clinic(f"report --format {face}", now=LATER).out
    for words in ("GAD-7" if face not in ("json", "csv") else "gad7", "149/91", "128/82"):
        assert words in page, (face, words)
    assert "<b>" not in page or face in ("text", "csv", "json")


def test_the_pdf_has_them_with_the_curve(clinic: Run, tmp_path: Path) -> None:
    assert clinic(["report", "-o", str(tmp_path / "r.pdf")], now=LATER).code == 0
    told = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages))
    for words in (
        "149/91",
        "3 values: 14 on 2026-03-01, 3 on 2026-03-09; lowest 3, highest 14.",
        "A: 2026-03-05, sertraline changed: 2 tablets daily",
    ):
        assert words in told, words


def test_one_table_says_whose_each_row_is(clinic: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(clinic("report --csv", now=LATER).out)))
    assert [row["section"] for row in rows] == ["adherence", *["measures"] * 3, *["sessions"] * 2]
    assert [row["value"] for row in rows if row["section"] == "measures"] == ["14", "7", "3"]
    assert [row["given"] for row in rows if row["section"] == "sessions"] == ['["56 mg"]', "[]"]
    assert (rows[0]["medication"], rows[0]["given"], rows[-1]["medication"]) == ("sertraline", "", "")


def test_days_outside_the_window_are_left_out(clinic: Run) -> None:
    page = json.loads(clinic("report --json --span 2026-03-04..2026-03-09", now=LATER).out)
    assert page["sessions"] == []
    assert [row["value"] for row in page["measures"]] == ["7", "3"]
