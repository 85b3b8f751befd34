"""The report agrees with itself and with `adherence`, says what went otherwise, and is written safely."""

from __future__ import annotations

import json
import os
import re
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.chromium import PICTURE, in_view
from tests.conftest import Result
from tests.render.pages import Page

Run = Callable[..., Result]
NOW = "2026-03-12T12:00[Europe/Paris]"


@pytest.fixture
def document(run: Run) -> Callable[..., Any]:
    """A way to get the JSON of a command."""

    def ask(line: str, **environ: str) -> Any:
        done = run(f"{line} --json", **environ)
        assert done.code == 0, done
        return json.loads(done.out)

    return ask


# --- it adds up ----------------------------------------------------------------------------------------------


def test_every_dose_of_a_count_is_in_the_list(month: Path, document: Callable[..., Any]) -> None:
    report = document("report")
    listed = Counter((row["medication"], row["what"]) for row in report["deviations"])
    for row in report["rows"]:
        if row["medication"] == "all":
            continue
        assert row["expected"] == row["taken"] + row["skipped"] + row["missed"]
        assert row["taken"] == row["on_time"] + row["late"] + row["early"]
        for what in ("missed", "skipped", "late", "early", "extra"):
            assert listed[row["medication"], what] == row[what], (row["medication"], what)
    assert sum(listed.values()) == 19


def test_the_days_of_the_calendar_are_those_of_the_counts(month: Path, document: Callable[..., Any]) -> None:
    report = document("report")
    rows = {row["medication"]: row for row in report["rows"]}
    assert [each["medication"] for each in report["calendar"]] == [
        "all",
        "apixaban",
        "atorvastatin",
        "metformin",
    ]
    for each in report["calendar"]:
        row = rows[each["medication"]]
        found = Counter(day["state"] for day in each["days"])
        assert found["full"] == row["exact_days"]
        assert found["full"] + found["part"] + found["none"] + found["extra"] == row["expected_days"]
        assert [day["date"] for day in each["days"]][:: len(each["days"]) - 1] == ["2026-02-09", "2026-03-10"]


def test_the_weeks_are_those_of_the_listing_by_week(month: Path, document: Callable[..., Any]) -> None:
    listed = document("adherence --span 30d --by week")["rows"]
    for each in document("adherence --span 30d --calendar")["calendar"]:
        rows = [row for row in listed if row["medication"] == each["medication"]]
        keys = ("exact_days", "expected_days") if each["medication"] == "all" else ("taken", "expected")
        assert [(week["since"], week["until"], week["part"], week["whole"]) for week in each["weeks"]] == [
            (row["since"], row["until"], row[keys[0]], row[keys[1]]) for row in rows
        ]


def test_the_span_before_is_counted_by_the_same_rules(month: Path, document: Callable[..., Any]) -> None:
    compared = document("adherence --span 30d --compare")
    assert compared["before"] == {"since": "2026-01-10", "until": "2026-02-08"}
    before = {row["medication"]: row for row in document("adherence --span 2026-01-10..2026-02-08")["rows"]}
    now = {row["medication"]: row for row in document("adherence --span 30d")["rows"]}
    for row in compared["rows"]:
        there = row.pop("before")
        assert row == now[row["medication"]]
        if there is None:
            assert row["medication"] == "ibuprofen"
            continue
        assert there == {key: before[row["medication"]][key] for key in there}


def test_the_report_has_the_rows_of_adherence(month: Path, document: Callable[..., Any]) -> None:
    report = document("report --span 30d")
    assert report["rows"] == document("adherence --span 30d --compare")["rows"]
    assert report == document("report"), "thirty days up to today, where no span is asked for"
    assert list(report) == [
        "version", "kind", "person", "since", "until", "before", "made_at", "medtrack", "day_starts", "method",
        "zone_data", "help", "regimen", "changes", "calendar", "details", "pattern", "deviations", "as_needed", "notes", "measures", "sessions", "timeline", "supply",
        "data_quality",
        "rows",
    ]  # fmt: skip


def test_every_face_has_every_number(month: Path, run: Run, tmp_path: Path) -> None:
    shares = ("50 of 54 = 92.6 %", "53 of 60 = 88.3 %", "24 of 28 = 85.7 %", "18 of 26 days right")
    words = ("took it twice by mistake", "stomach bug", "tooth out", "HbA1c 62", "2 moderate", "1 of 5")
    text = run("report").out
    markdown = run("report --format markdown").out
    page = Page(run("report --format html").out).root.text.replace("\xa0", " ")
    for each in (*shares, *words):
        assert each in text
        assert each in markdown
        assert each in page


def test_days_after_the_end_of_a_medication_hold_nothing_planned(
    run: Run, document: Callable[..., Any]
) -> None:
    """They are over like any other; only days to come are blank."""
    run("add metformin --at 08:00 --from 2026-03-02", now=NOW)
    run("stop metformin --at 2026-03-06 --reason done", now=NOW)
    (found,) = document("adherence --calendar --span 'this month'", now=NOW)["calendar"]
    states = [(day["date"][8:], day["state"]) for day in found["days"]]
    assert states == [
        ("01", "nothing"), *((f"0{day}", "none") for day in range(2, 6)),
        *((f"{day:02}", "nothing") for day in range(6, 13)),
    ]  # fmt: skip
    future = document("adherence --calendar --span 2026-04", now=NOW)
    assert (future["calendar"], future["rows"]) == ([], [])


def test_a_year_of_a_longer_span_is_drawn_and_it_says_so(month: Path, run: Run) -> None:
    page = run("adherence metformin --calendar --span 2020-01-01..2026-03-10").out
    assert "\nOnly the last year of the span is drawn, from 2025-03-10 on.\n" in page
    assert "\nmetformin\n" in page
    assert "Only the last year" not in run("adherence metformin --calendar --span 365d").out


def test_the_picture_in_the_readme_is_of_this_report(month: Path, run: Run) -> None:
    """Where it is not any more: `python -m tests.chromium` draws it anew."""
    with Image.open(PICTURE) as picture:
        assert picture.size == (1000, 1260)
        assert picture.info["Page"] == in_view(run("report --format html").out)


# --- the details ---------------------------------------------------------------------------------------------


def test_the_details_are_those_of_the_listing_in_detail(month: Path, document: Callable[..., Any]) -> None:
    report = document("report")
    listed = {
        (row["medication"], row["measure"], row["part"]): row
        for row in document("adherence --detail --span 30d")["rows"]
    }
    assert [row["medication"] for row in report["details"]] == ["apixaban", "atorvastatin", "metformin"]
    for row in report["details"]:
        name = row["medication"]
        for key, measure, part in (
            ("early", "early", None), ("on_time", "on_time", None), ("late", "late", None),
            ("other_amount", "other_amount", None), ("even_intervals", "intervals", "even"),
            ("short_intervals", "intervals", "too short"), ("long_intervals", "intervals", "too long"),
            ("late_entries", "entries", "late"), ("reconstructed", "entries", "reconstructed"),
        ):  # fmt: skip
            assert row[key] == listed[name, measure, part]["number"], (name, key)
        assert row["taken"] == listed[name, "late", None]["of"]
        assert row["intervals"] == listed[name, "intervals", "even"]["of"]
        assert row["initiation_lag"] == listed[name, "initiation", None]["length"]
        assert row["persistence"] == listed[name, "persistence", None]["length"]
        assert len(row["holidays"]) == listed[name, "drug_holidays", None]["number"]
    for row in report["pattern"]:
        for key, part in row.items():
            found = listed.get((row["medication"], "weekday", key.capitalize())) or listed.get(
                (row["medication"], "time_of_day", key)
            )
            if key != "medication":
                told = None if found is None else {"taken": found["number"], "expected": found["of"]}
                assert part == told, (row["medication"], key)


def test_the_details_are_on_every_page(month: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    assert run(["report", "-o", str(file)]).code == 0
    page = Page(run("report --format html").out)
    sheets = " ".join(each.extract_text() for each in PdfReader(file).pages)
    for shown in (run("report").out, run("report --format markdown").out, page.root.text, sheets):
        told = re.sub(r"[\s|\xa0]+", " ", shown)
        for words in (
            "Timing, intervals and how long",
            "47 of 50 = 94.0 %",
            "41 of 48 = 85.4 %",
            "58 days, goes on",
            "20 minutes",
            "By weekday and time of day",
            "26 of 27",
            "5 in 30 days",
        ):
            assert words in told, words
    assert "████▇▆█" not in run("report").out
    assert "█▇██▇▆█" in run("report").out
    drawn = [each.attributes["aria-label"] for each in page.everything if "aria-label" in each.attributes]
    assert any(label.startswith("100 %, 83.3 %, 100 %, 100 %, 87.5 %, 75.0 %") for label in drawn)


def test_the_ordinary_month_is_two_pages(month: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    assert run(["report", "-o", str(file)]).code == 0
    assert len(PdfReader(file).pages) == 2


def test_a_month_with_scores_has_its_timeline_on_paper(month: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    title = "What changed, and what followed"
    assert run(["report", "-o", str(file)]).code == 0
    assert title not in " ".join(page.extract_text() for page in PdfReader(file).pages)
    assert run(["measure", "pain", "4", "--at", "2026-03-01 08:00"]).code == 0
    assert run(["report", "-o", str(file), "--force"]).code == 0
    assert title in " ".join(page.extract_text() for page in PdfReader(file).pages)


def test_drug_holidays_and_what_was_never_begun_are_said(run: Run, document: Callable[..., Any]) -> None:
    run("add metformin --at 08:00 --from 2026-03-01", now=NOW)
    run("add apixaban --at 08:00 --from 2026-03-01", now=NOW)
    run(
        "backfill metformin 2026-03-01..2026-03-10 --except 2026-03-04 --except 2026-03-05 --except 2026-03-06",
        now=NOW,
    )
    never, begun = document("report --span 2026-03-01..2026-03-10", now=NOW)["details"]
    assert (never["started"], never["initiation_lag"], never["persistence"]) == (False, None, None)
    assert begun["holidays"] == [{"since": "2026-03-04", "until": "2026-03-06", "days": 3}]
    assert (begun["reconstructed"], begun["doses"]) == (7, 7)
    shown = run("report --span 2026-03-01..2026-03-10", now=NOW).out
    assert "2026-03-04 to 2026-03-06, 3 days" in shown
    assert re.search(r"\napixaban .*not started", shown)
    assert "7 of 7" in shown


# --- what went otherwise -------------------------------------------------------------------------------------


@pytest.fixture
def small(run: Run) -> Run:
    """Three days of one medication, each dose otherwise than planned."""
    for line in (
        "add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-03-08",
        "take metformin --at '2026-03-08 08:00' --amount '2 tablets'",
        "take metformin --at '2026-03-08 18:30'",
        "take metformin --at '2026-03-09 11:00' --amount '1/2 tablet' --by Ben --note 'slept in'",
        "take metformin --at '2026-03-09 12:00' --again --certainty told",
        "take metformin --at '2026-03-10 03:30' --for '2026-03-09 20:00' --about",
        "hold metformin --from 2026-03-10 --until 2026-03-10 --reason scan",
        "take metformin --at '2026-03-10 08:10'",
        "skip metformin --for '2026-03-11 08:00' --reason sick",
        "take metformin --at '2026-03-12 07:00'",
        "amend 2 --at '2026-03-08 18:00' --reason 'read the clock wrong'",
    ):
        assert run(line, now=NOW).code in (0, 4), (line, run(line, now=NOW))
    return run


def test_each_way_a_dose_goes_otherwise(small: Run, document: Callable[..., Any]) -> None:
    rows = document("report", now=NOW)["deviations"]
    assert [(row["at"][5:16], row["what"], row["reason"], row["given_by"]) for row in rows] == [
        ("03-08T08:00", "other amount", None, None),
        ("03-08T20:00", "early", None, None),
        ("03-09T08:00", "late", "slept in", "Ben"),
        ("03-09T12:00", "extra", None, None),
        ("03-09T20:00", "late", None, None),
        ("03-10T08:00", "while on hold", None, None),
        ("03-11T08:00", "skipped", "sick", None),
        ("03-11T20:00", "missed", None, None),
    ]
    text = small("report", now=NOW).out
    for words in (
        "2 tablets taken 08:00, not 1 tablet\n",
        "taken 18:00, 2 hours early\n",
        "half a tablet taken 11:00, not 1 tablet, 3 hours late   slept in          Ben\n",
        "not planned       metformin   1 tablet taken 2026-03-09 12:00, one more than planned\n",
        "taken 2026-03-10 03:30, 7 hours 30 minutes late\n",
        "taken 08:10 while on hold\n",
        "skipped                                                 sick\n",
        "2026-03-11 20:00  metformin   missed\n",
    ):
        assert words in "\n".join(line.rstrip() for line in text.split("\n")), words


def test_how_surely_and_how_late_it_was_written_down(small: Run, document: Callable[..., Any]) -> None:
    (found,) = document("report", now=NOW)["data_quality"]
    corrections = found.pop("corrections")
    assert found == {
        "doses": 7,
        "late_entries": 6,
        "exact": 5,
        "about": 1,
        "reconstructed": 0,
        "told": 1,
        "amended": 1,
    }
    assert [row["what"] for row in corrections] == ["on hold"]
    text = small("report", now=NOW).out
    assert "Written down more than 24 hours later: 6 of 7 doses = 85.7 %.\n" in text
    assert "From memory: 1 at about that time and 1 told by somebody.\n" in text
    assert "Of the doses written down, 1 in this span was corrected or voided afterwards.\n" in text


def test_as_needed_use(run: Run, document: Callable[..., Any]) -> None:
    run("add ibuprofen --amount '1 tablet' --as-needed --max 2/24h --min-gap 6h --from 2026-02-01", now=NOW)
    run("add cream --as-needed --from 2026-02-01", now=NOW)
    for at in ("2026-03-03 23:30", "2026-03-04 01:00", "2026-03-04 22:00", "2026-03-11 09:00"):
        assert run(f"take ibuprofen --at '{at}' --again --yes", now=NOW).code in (0, 4)
    cream, ibuprofen = document("report --span 2026-03-04..2026-03-12", now=NOW)["as_needed"]
    # The days of a report start at 03:00, so the dose of 01:00 is one of the day before; it is in no count,
    # but in the 24 hours that end with the first dose of the window.
    assert ibuprofen == {
        "medication": "ibuprofen",
        "doses": 2,
        "of_days": 9,
        "days": 2,
        "weeks": [{"since": "2026-03-04", "doses": 1}, {"since": "2026-03-09", "doses": 1}],
        "most_in_24_hours": 3,
        "shortest_gap": "PT21H",
        "beyond_rule": 1,
        "rule": "1 tablet as needed, at most 2 tablets in 24 hours, at least 6 hours apart",
    }
    assert (cream["doses"], cream["shortest_gap"], cream["beyond_rule"]) == (0, None, None)
    assert "no limit is written down" in run("report", now=NOW).out


def test_the_regimen_is_that_of_the_end_of_the_window(
    month: Path, document: Callable[..., Any], run: Run
) -> None:
    def amounts(span: str) -> dict[str, str]:
        return {
            row["medication"]: row["amount"]["value"] for row in document(f"report --span {span}")["regimen"]
        }

    assert amounts("2026-02-01..2026-02-19")["metformin"] == "1"
    assert amounts("2026-02-01..2026-02-20")["metformin"] == "2"
    assert "\nRegimen at the end of 2026-02-19\n" in run("report --span 2026-02-01..2026-02-19").out
    assert "\nRegimen now\n" in run("report").out


# --- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", b"<!DOCTYPE html>"),
        ("r.HTM", b"<!DOCTYPE html>"),
        ("r.pdf", b"%PDF-"),
        ("r.md", b"# Adherence report: Edith Nowak\n"),
        ("r.txt", b"Adherence report: Edith Nowak\n="),
        ("r", b"Adherence report: Edith Nowak\n="),
        ("r.json", b'{\n  "version": 1,\n  "kind": "report",\n'),
        ("r.csv", b"medication,since,"),
    ],
)
def test_the_end_of_the_name_chooses_the_format(
    name: str, begins: bytes, month: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / name
    done = run(["report", "-o", str(file)])
    assert (done.code, done.out, done.err) == (0, f"Written: {file}\n", "")
    assert file.read_bytes().startswith(begins)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_printed_is_what_is_written(month: Path, run: Run, tmp_path: Path) -> None:
    for face in ("text", "markdown", "html", "json", "csv"):
        file = tmp_path / "report"
        assert run(["report", "--format", face, "-o", str(file), "--force"]).code == 0
        assert file.read_text(encoding="utf-8") == run(["report", "--format", face]).out


def test_a_file_that_is_there_is_left_alone_without_force(month: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    file.write_text("mine")
    done = run(["report", "-o", str(file)])
    assert (done.code, done.out) == (35, "")
    assert done.err == f"medtrack: {file} is there already and was left alone; to write over it: --force.\n"
    assert file.read_text() == "mine"
    assert run(["report", "-o", str(file), "--force"]).code == 0
    assert file.read_text().startswith("<!DOCTYPE html>")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("r")] == ["r.html"]


def test_into_a_folder_that_is_not_there(month: Path, run: Run, tmp_path: Path) -> None:
    done = run(["report", "-o", str(tmp_path / "typo" / "r.html")])
    assert done.code == 46
    assert "no such file or directory" in done.err
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("--format pdf", "PDF goes to a file: name one with -o, or a folder for everyone."),
        ("--format docx", "--format is text, markdown, html, pdf, json or csv, not 'docx'."),
        ("--format html --json", "html and json cannot go together: choose one format."),
        ("--json --csv", "csv and json cannot go together: choose one format."),
        ("--span 1900-01-01..2026-01-01", "The span is longer than a hundred years: choose a shorter one."),
    ],
)
def test_what_is_refused(flags: str, says: str, month: Path, run: Run) -> None:
    done = run(f"report {flags}")
    assert (done.code, done.out, done.err) == (2, "", f"medtrack: {says}\n")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "x.docx",
            "No format ends in .docx: name the file .txt, .md, .html, .pdf, .json, .csv, or choose one with --format.",
        ),
        ("", "-o names a file or a folder; without -o it goes to the screen."),
        ("-", "-o names a file or a folder; without -o it goes to the screen."),
    ],
)
def test_a_file_that_says_no_format_is_refused(
    name: str, says: str, month: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    done = run(["report", "-o", name])
    assert (done.code, done.out, done.err) == (2, "", f"medtrack: {says}\n")
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "clinic.d").mkdir()
    assert run(["report", "--format", "text", "-o", "x.docx"]).code == 0, "the format was said"
    assert run(["report", "-o", "clinic.d"]).code == 0, "a folder"


def test_the_same_format_twice_is_no_quarrel(month: Path, run: Run) -> None:
    assert run("report --format json --json").code == 0


# --- everyone ------------------------------------------------------------------------------------------------


@pytest.fixture
def family(run: Run) -> Run:
    """Two people with a medication each."""
    assert run("people add Ann", now=NOW).code == 0
    assert run("people add Ben", now=NOW).code == 0
    assert run("--person Ann add metformin --at 08:00 --from 2026-03-10", now=NOW).code == 0
    assert run("--person Ben add apixaban --at 08:00 --from 2026-03-10", now=NOW).code == 0
    return run


def test_everyone_gets_a_file_each_or_nobody_does(family: Run, tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    folder.mkdir()
    line = ["--person", "all", "report", "--format", "html", "-o", str(folder)]
    done = family(line, now=NOW)
    assert (done.code, done.out) == (0, f"Written: {folder}/Ann.html\nWritten: {folder}/Ben.html\n")
    assert "apixaban" not in (folder / "Ann.html").read_text()
    assert "apixaban" in (folder / "Ben.html").read_text()
    (folder / "Ann.html").unlink()
    assert family(line, now=NOW).code == 35
    assert os.listdir(folder) == ["Ben.html"]
    refused = family([*line[:-1], str(tmp_path / "one.html")], now=NOW)
    assert refused.code == 2
    assert refused.err.startswith("medtrack: --person all writes a file for each: -o names a folder that is")


def test_one_person_into_a_folder(family: Run, tmp_path: Path) -> None:
    done = family(["--person", "Ann", "report", "--format", "pdf", "-o", str(tmp_path)], now=NOW)
    assert (done.code, done.out) == (0, f"Written: {tmp_path}/Ann.pdf\n")


def test_everyone_on_the_screen(family: Run) -> None:
    text = family("--person all report", now=NOW).out
    assert text.index("Adherence report: Ann") < text.index("metformin") < text.index("Adherence report: Ben")
    refused = family("--person all report --format html", now=NOW)
    assert (refused.code, refused.out) == (2, "")
    found = json.loads(family("--person all report --json", now=NOW).out)
    assert found["people"] == ["Ann", "Ben"]
    assert [(row["person"], row["medication"]) for row in found["rows"]] == [
        ("Ann", "metformin"),
        ("Ben", "apixaban"),
    ]
    for key in ("regimen", "calendar", "deviations", "data_quality"):
        assert [row["person"] for row in found[key]] == sorted(row["person"] for row in found[key])
        assert {row["person"] for row in found[key]} == {"Ann", "Ben"}, key


def test_the_calendars_of_everyone_say_whose_they_are(family: Run) -> None:
    text = family("--person all adherence --calendar", now=NOW).out
    assert "\nAnn: metformin\n" in text
    assert "\nBen: apixaban\n" in text


def test_the_end_of_a_hold_is_said(run: Run, document: Callable[..., Any]) -> None:
    run("add metformin --at 08:00 --from 2026-03-02", now=NOW)
    run("hold metformin --from 2026-03-05 --until 2026-03-07 --reason scan", now=NOW)
    assert [row["until"] for row in document("changes", now=NOW)["rows"]] == [None, "2026-03-07"]
    assert "on hold until 2026-03-07" in run("changes", now=NOW).out
    assert "on hold until 2026-03-07" in run("report", now=NOW).out
    assert document("report", now=NOW)["changes"][1]["until"] == "2026-03-07"
