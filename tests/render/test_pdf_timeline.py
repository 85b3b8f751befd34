"""The timeline in a PDF: on one page, every lane and letter of it, drawn as paths and said in words."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PageObject, PdfReader

from medtrack.domain.timeline import Event, Lane, Timeline, lettered
from medtrack.render import as_pdf, svg_timeline
from tests.domain.test_timeline import DAY, SINCE, START, lanes, picture
from tests.render.hostile import HOSTILE
from tests.render.test_timelines import with_timeline


def pages(drawn: Timeline) -> list[PageObject]:
    return list(PdfReader(BytesIO(as_pdf.render(with_timeline(drawn)))).pages)


def paths(page: PageObject) -> str:
    """What a page draws."""
    contents = page.get_contents()
    assert contents is not None
    return contents.get_data().decode("latin-1")


def fills(drawing: str, colour: str) -> int:
    """How often the pen is filled with a colour, given as '#rrggbb'."""
    wanted = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) rg", drawing)
    return sum(
        all(abs(float(part) - want) < 0.005 for part, want in zip(each, wanted, strict=True))
        for each in found
    )


def test_every_lane_is_drawn_and_said() -> None:
    drawn = picture(lanes=lanes())
    (page,) = pages(drawn)
    words = re.sub(r"\s+", " ", page.extract_text())
    for said in (
        drawn.title,
        "Mar 2026 Apr May",
        "2 9 16 23 30 6 13 20 27 4 11 18",
        "128/82 127/82 126/82",
        *(re.sub(r"\s+", " ", line) for line in svg_timeline.legend(drawn)),
    ):
        assert said in words, said
    drawing = paths(page)
    assert len(re.findall(r"\[[\d.]+ [\d.]+\] [\d.]+ d", drawing)) == len(drawn.marks), (
        "a dashed line for each"
    )
    for colour in (svg_timeline.SESSION, svg_timeline.NOTE, svg_timeline.LINE):
        assert fills(drawing, colour), colour


def test_a_picture_with_all_the_lanes_there_can_be_stays_on_one_page() -> None:
    share = lanes()[0]
    every = [
        *(share._replace(title=f"medicine {number}") for number in range(6)),
        *(Lane("note", f"note {number}", [Event(START, "x", None, 1)]) for number in range(6)),
        *(lanes()[2]._replace(title=f"measure {number}") for number in range(6)),
        *(Lane("session", f"session {number}", [Event(START, "y")]) for number in range(6)),
    ]
    marks, left = lettered((START + number * DAY, f"change {number}") for number in range(30))
    found = pages(picture(lanes=every)._replace(marks=marks, left_out=left))
    first = next(page for page in found if "measure 5" in page.extract_text())
    assert all(lane.title in first.extract_text() for lane in every)
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in found))
    assert "Z 2026-" in words
    assert "4 more changes in these days without a letter" in words


def test_a_note_without_a_grade_a_single_value_and_no_share_are_drawn() -> None:
    note = Lane("note", "slept badly", [Event(START, "slept badly", START + 3 * DAY)])
    measure = lanes()[2]
    assert measure.curve is not None
    one = measure._replace(curve=measure.curve._replace(points=measure.curve.points[:1], others=()))
    bare = Lane("medication", "as needed", shares=[])
    (page,) = pages(picture(lanes=[bare, note, one]))
    assert "as needed: none planned at set times." in page.extract_text()
    drawing = paths(page)
    assert fills(drawing, svg_timeline.NOTE) == fills(drawing, svg_timeline.LINE) == 1
    assert len(re.findall(r" re f\b", drawing)) == 4, (
        "the line of the note, its sign, the value and its number"
    )


@pytest.mark.parametrize(
    "hostile", [text for text in HOSTILE if text.isascii() and len(text) < 200], ids=ascii
)
def test_names_stay_text(hostile: str) -> None:
    marks, left = lettered([(START, hostile)])
    drawn = Timeline(
        hostile, SINCE, SINCE + 20 * DAY, marks, left, [Lane("session", hostile, [Event(START, hostile)])]
    )
    assert pages(drawn)
