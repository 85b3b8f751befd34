"""The page as a real browser shows and prints it. Skipped where there is none: `apt-get install chromium`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from medtrack.render import as_html
from tests.chromium import browse, browser, printed
from tests.render.pages import Page, document, ends_of_pages, sections

pytestmark = pytest.mark.skipif(
    browser() is None, reason="no chromium on the path; the README's developer section says how to get it"
)
SIZES = {"A4": (595, 842), "Letter": (612, 792)}


@pytest.mark.parametrize("size", SIZES)
def test_it_prints_whole_rows_under_repeated_heads_on_numbered_pages(size: str, tmp_path: Path) -> None:
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(as_html.render(document("plain", rows=220)), encoding="utf-8")
    printed(page, pdf, size)
    sheets = PdfReader(pdf).pages
    texts = [sheet.extract_text() for sheet in sheets]
    assert len(sheets) > 3
    for number, (sheet, text) in enumerate(zip(sheets, texts, strict=True), start=1):
        assert tuple(round(float(side)) for side in sheet.mediabox[2:]) == SIZES[size]
        assert f"Page {number} of {len(sheets)}" in text
        assert "Report: plain, 2026-02-09 to 2026-03-10" in text
    rows = [re.findall(r"plain\s+plain\s+(\d+)", text) for text in texts]
    assert [number for found in rows for number in found] == [str(number) for number in range(220)]
    for text, found in zip(texts, rows, strict=True):
        assert bool(found) == bool(re.search(r"Name\s+Note", text)), "a head with its rows, on every page"


@pytest.mark.parametrize("size", SIZES)
def test_no_page_ends_with_a_heading(size: str, tmp_path: Path) -> None:
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(as_html.render(sections(80)), encoding="utf-8")
    printed(page, pdf, size)
    ends = ends_of_pages(sheet.extract_text() for sheet in PdfReader(pdf).pages)
    assert len(ends) > 8
    for end in ends:
        assert not re.match("Heading|Caption|Name|Number|all doses", end), ends


@pytest.mark.parametrize("size", SIZES)
def test_a_month_of_four_medications_is_a_few_pages(size: str, month: Path, run, tmp_path: Path) -> None:
    page, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    assert run(["report", "-o", str(page)]).code == 0
    printed(page, pdf, size)
    sheets = PdfReader(pdf).pages
    # Two in Liberation Sans or Arial; a machine with wider letters alone takes a third.
    assert len(sheets) in (2, 3)
    text = re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in sheets))
    for words in ("50 of 54 = 92.6 %", "took it twice by mistake", "Dr Osei", "Days start at 03:00."):
        assert words in text, words


def test_nothing_typed_runs(tmp_path: Path) -> None:
    evil = (
        "</title></style></svg><img src=x onerror=\"document.title='broken'\">"
        "<script>document.title='broken'</script><svg onload=\"document.title='broken'\">"
    )
    page = tmp_path / "page.html"
    page.write_text(as_html.render(document(evil)), encoding="utf-8")
    shown = Page(browse(page, "--dump-dom"))
    assert next(each for each in shown.everything if each.tag == "title").text == f"Report: {evil}"
    assert not {"img", "script"} & {each.tag for each in shown.everything}


def test_it_fills_a_screen_and_a_telephone(month: Path, run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert run(["report", "-o", str(page)]).code == 0
    for size in ((1000, 1200), (500, 2600)):
        shot = tmp_path / "shot.png"
        browse(page, f"--screenshot={shot}", f"--window-size={size[0]},{size[1]}")
        with Image.open(shot) as picture:
            assert picture.size == size
            colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
        # The calendars are on it in all their colours.
        assert {(255, 255, 255), (0x1B, 0x6E, 0x3C), (0x33, 0x47, 0x5B)} <= colours
