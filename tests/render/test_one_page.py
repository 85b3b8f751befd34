"""One page: whatever there is to say, it fits, and what does not is counted with the command that shows it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from rich.cells import cell_len

from medtrack.domain.document import Document, More, Section
from medtrack.domain.report import Column, Report
from medtrack.render import as_html, as_pdf
from medtrack.render.documents import page
from medtrack.render.one_page import COLUMNS, LINES, fitted, text
from tests.chromium import browser, printed
from tests.render.hostile import HOSTILE

LABELS = (
    "Decided", "Changed", "Takes", "As needed", "Side effects", "Scores", "Sessions", "On hand", "To ask", "Allergies",
    "Conditions", "Tried before",
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=400)


def document(entries: list[list[str]], footer: str = "", person: str = "Ann") -> Document:
    sections = [
        Section(
            f"s{number}",
            label,
            Report(
                f"s{number}",
                [Column("k")],
                [{"k": each} for each in of],
                lines=of,
                footer=[footer] * (footer != "" and number in (2, 5)),
            ),
            more=More("note", f"medtrack notes --of {number}"),
        )
        for number, (label, of) in enumerate(zip(LABELS, entries, strict=False))
    ]
    facts = [
        ("Person", person),
        ("Since", person),
        ("Next", person),
        ("Redacted", "Taken out: the name. " * 20),
    ]
    meta: dict[str, object] = {"made_at": datetime(2026, 3, 10, 9, tzinfo=UTC)}
    return Document("brief", "Brief", person, facts, sections, "s0", meta, is_one_page=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=15), min_size=1, max_size=12), WORDS)
def test_it_fits_and_counts_what_it_leaves_out(entries: list[list[str]], person: str) -> None:
    whole = document(entries, "A rule, long as it is. " * 30, person[:200])
    lines = text(whole, "utf-8").splitlines()
    assert len(lines) <= LINES
    assert max(map(cell_len, lines)) <= COLUMNS
    shown = fitted(whole)
    for number, (section, of) in enumerate(zip(shown.sections, entries, strict=True)):
        said = list(section.report.lines)
        more = re.fullmatch(
            rf"(?:(\d+)(?: more)? notes?)?(?:, )?(?:(\d+) shortened here)?: medtrack notes --of {number}",
            said[-1],
        )
        left, cut = (int(each or 0) for each in more.groups()) if more else (0, 0)
        kept = said[:-1] if more else said
        assert len(kept) + left == len(of)
        assert said, "every section says something"
        assert sum(a != b for a, b in zip(kept, of, strict=False)) == cut
        # Scripts have all of it.
        assert [row["k"] for row in section.report.rows] == of


def test_little_is_whole_with_air_between() -> None:
    page_ = text(document([["one", "two"], ["three"], ["four"]], "a rule"), "utf-8")
    assert "Decided       one\n              two\n\nChanged       three\n" in page_
    assert "Takes         four\n              a rule\n" in page_
    assert "more" not in page_


def test_what_is_taken_comes_first_and_each_other_section_gets_its_share() -> None:
    whole = document([[f"entry {n} of this section" for n in range(50)] for _ in LABELS])
    few = whole._replace(
        sections=[
            each._replace(report=each.report._replace(lines=each.report.lines[:9]))
            if each.key == whole.main
            else each
            for each in whole.sections
        ]
    )
    shown = fitted(few)
    lengths = {section.key: len(section.report.lines) for section in shown.sections}
    assert lengths.pop(whole.main) == 9
    assert max(lengths.values()) - min(lengths.values()) <= 1
    assert min(len(section.report.lines) for section in fitted(whole).sections) >= 1


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
@pytest.mark.parametrize("face", ["text", "markdown", "html"])
def test_what_was_typed_stays_text(typed: str, face: str) -> None:
    shown = page(document([[typed, typed]], "", typed[:50]), face)
    assert "\x1b" not in shown
    assert "<script" not in shown or face == "text"


def test_ascii_screens_lose_nothing() -> None:
    assert "Decided       " in text(document([["é" * 900]]), "ascii")
    assert max(map(len, text(document([["é" * 900]]), "ascii").splitlines())) <= COLUMNS


@pytest.mark.parametrize(
    "entry", ["short", "words of a usual length, one after the other, " * 9, "MANY CAPITALS " * 5]
)
def test_the_pdf_is_one_page(entry: str) -> None:
    made = as_pdf.render(fitted(document([[entry] * 40 for _ in LABELS], "A rule. " * 12)))
    assert len(PdfReader(BytesIO(made)).pages) == 1


@pytest.mark.skipif(browser() is None, reason="no chromium on the path")
@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize(
    "entry", ["short", "words of a usual length, one after the other, " * 9, "MANY CAPITALS " * 5]
)
def test_html_prints_on_one_page(size: str, entry: str, tmp_path: Path) -> None:
    file, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    whole = document([[entry] * 40 for _ in LABELS], "A rule. " * 12)
    file.write_text(as_html.render(fitted(whole)), encoding="utf-8")
    printed(file, pdf, size)
    sheets = PdfReader(pdf).pages
    assert len(sheets) == 1
    assert "Page 1 of 1" in sheets[0].extract_text()
    told = re.sub(r"\s+", " ", sheets[0].extract_text())
    assert re.search(r"more notes(, \d shortened here)?: medtrack notes --of 11", told)


def test_a_long_entry_is_whole_where_there_is_room() -> None:
    long = "words of a usual length, one after the other, " * 12
    shown = fitted(document([[long], ["two"], ["three"]]))
    assert list(shown.sections[0].report.lines) == [long]


def test_what_has_no_room_is_cut_no_more_than_it_must() -> None:
    long = "words of a usual length, one after the other, " * 200
    page_ = text(document([[long], ["two"], ["three"]]), "utf-8")
    assert len(page_.splitlines()) in (LINES - 1, LINES)
    assert "1 shortened here: medtrack notes --of 0" in page_
    assert "…" in page_


def test_no_line_that_says_what_was_cut_takes_the_room_of_what_was() -> None:
    two_lines = "words of a usual length, one after the other, " * 2
    shown = fitted(document([[two_lines, *["another"] * 20] for _ in LABELS], "A rule, long as it is. " * 12))
    for section in shown.sections:
        assert section.report.lines[0] == two_lines
