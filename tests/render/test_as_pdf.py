"""The PDF: everything the report says, whatever was typed, and a plain refusal where it cannot be made."""

from __future__ import annotations

import re
import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from medtrack.errors import ExtraMissing
from medtrack.packages import added
from medtrack.render import as_pdf
from medtrack.render.inert import inert
from tests.render.hostile import HOSTILE
from tests.render.pages import document, ends_of_pages, sections


def words(page: bytes) -> str:
    """The text of a PDF without its line ends and blanks, which are the paper's."""
    return re.sub(r"\s", "", "".join(each.extract_text() for each in PdfReader(BytesIO(page)).pages))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isascii() and len(text) < 1000], ids=ascii)
def test_what_was_typed_is_all_there_as_text(text: str) -> None:
    told = words(as_pdf.render(document(text)))
    assert told.count(re.sub(r"\s", "", inert(text))) >= 7


def test_letters_the_fonts_lack_are_shown_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_pdf, "_FONTS", ())
    told = words(as_pdf.render(document("Żółć 薬 ü ±")))
    assert "\\u017b\xf3\\u0142\\u0107\\u85ac\xfc\xb1" in told


def test_a_long_remark_is_whole_over_several_rows_and_pages() -> None:
    text = "word " * 600
    page = as_pdf.render(document(text, rows=1))
    assert words(page).count("word") >= 6 * 600
    assert len(PdfReader(BytesIO(page)).pages) > 2


def test_a_word_longer_than_a_page_is_broken() -> None:
    assert words(as_pdf.render(document("x" * 2_000, rows=1))).count("x") > 6 * 2_000


def test_pages_heads_and_foot() -> None:
    page = PdfReader(BytesIO(as_pdf.render(document("plain", rows=140))))
    assert len(page.pages) == 3
    assert page.metadata is not None
    assert page.metadata.title == "Report: plain"
    for number, each in enumerate(page.pages, start=1):
        text = each.extract_text()
        assert f"Page {number} of 3" in text
        assert "Report: plain, 2026-02-09 to 2026-03-10" in text
        assert bool(re.search(r"plain plain \d", text)) == ("Name" in text), "the heads of the table repeat"
        # A4 in points.
        assert [round(float(side)) for side in each.mediabox[2:]] == [595, 842]
        assert "/JS" not in each
    numbers = re.findall(r"plain plain (\d+)", "\n".join(each.extract_text() for each in page.pages))
    assert numbers == [str(number) for number in range(140)], "no row is cut or lost"


def test_no_page_ends_with_a_heading() -> None:
    pages = PdfReader(BytesIO(as_pdf.render(sections(80)))).pages
    ends = ends_of_pages(page.extract_text() for page in pages)
    assert len(ends) > 8
    for end in ends:
        assert not re.match("Heading|Caption|Name Note|all doses", end), ends


def test_without_fpdf2_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(ExtraMissing) as refused:
        as_pdf.render(document("plain"))
    assert str(refused.value) == (
        f"A PDF needs the package fpdf2, which is not installed. To add it: {added('fpdf2')}."
        " Or write --format html and print that from a browser. Nothing was written."
    )
