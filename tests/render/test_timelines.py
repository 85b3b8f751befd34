"""Timelines in signs and as SVG: whole on any screen, readable without colour, harmless whatever the names."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from medtrack.domain.document import Document, Section
from medtrack.domain.pictures import Share
from medtrack.domain.report import Column, Report
from medtrack.domain.timeline import Event, Lane, Timeline, lettered
from medtrack.render import as_html, as_markdown, as_table, as_text, svg_timeline
from medtrack.render.timelines import grid, timeline
from tests.chromium import browse, browser
from tests.domain.test_timeline import DAY, SINCE, START, lanes, picture
from tests.render.hostile import HOSTILE
from tests.render.pages import Page, document


def told(lines: object) -> str:
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)  # type: ignore[attr-defined]


def test_twelve_weeks_at_eighty_columns() -> None:
    assert told(grid(picture(lanes=lanes()), "utf-8", 80)).split("\n") == [
        "                Mar 2026             Apr                  May",
        "                2    9    16   23   30   6    13   20   27   4    11   18",
        "                                             A",
        "sertraline      ████ ▇▇▇▇ ▆▆▆▆ ████ ▇▇▇▇ ▆▆▆▆┊████ ▇▇▇▇ ▆▆▆▆ ████ ▇▇▇▇ ▆▆▆▆",
        "nausea            2-                         ┊",
        "blood pressure  128/82    127/82    126/82   ┊125/82    124/82    123/82",
        "Spravato                      ◆              ┊",
    ]


@pytest.mark.parametrize("width", [0, 10, 24, 40, 60, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_it_fits_and_every_lane_is_there(width: int, encoding: str) -> None:
    drawn = picture(lanes=lanes())
    lines = told(grid(drawn, encoding, width)).split("\n")
    if width >= 24:
        assert max(map(len, lines)) <= width
    assert len(lines) == (7 if width >= 24 else 6)
    assert told(timeline(drawn, encoding, width)).encode(encoding)
    assert lines[-3].count("2") == 1
    assert lines[-1][1:].count("◆" if encoding == "utf-8" else "S") == 1
    words = told(timeline(drawn, encoding, width))
    assert "A  2026-04-12  sertraline changed" in words
    assert "sertraline: 72 of 84 doses taken." in words
    assert "1 mild to 5 fatal" in words


def test_values_too_close_for_numbers_are_blocks() -> None:
    drawn = picture(lanes=lanes())
    line = told(grid(drawn, "utf-8", 40)).split("\n")[-2]
    assert sum(sign in "▁▂▃▄▅▆▇█" for sign in line) == 6
    assert "/" not in line


def test_of_several_grades_in_a_column_the_highest_stands() -> None:
    events = [Event(START, "a", None, 1), Event(START, "b", START + 2 * DAY, 3), Event(START, "c")]
    lane = told(grid(picture(lanes=[Lane("note", "n", events)]), "utf-8", 80)).split("\n")[-1]
    assert lane.split()[1][0] == "3"


def test_ascii_blocks_are_told_apart_from_grades() -> None:
    assert "_ none of it, 1 to 6 a part, # all" in told(timeline(picture(lanes=lanes()), "ascii", 80))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_stay_text(hostile: str) -> None:
    marks, left = lettered([(START, hostile)])
    events = [Event(START, hostile, None, 2)]
    share = Share(SINCE, SINCE + 6 * DAY, 1, 2)
    drawn = Timeline(
        hostile, SINCE, SINCE + 20 * DAY, marks, left,
        [Lane("medication", hostile, shares=[share]), Lane("note", hostile, events), Lane("session", hostile, events)],
        [hostile],
    )  # fmt: skip
    report = Report("x", [Column("a", "A")], [{"a": 1}], timelines=[drawn])
    for page in (as_text.render(report), as_table.render(report, styled=False, width=40)):
        assert "\x1b" not in page
        assert "\u202e" not in page
    root = ElementTree.fromstring(svg_timeline.timeline(drawn, "one"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "path", "text"}
    page = Page(as_html.render(with_timeline(drawn)))
    assert not {"img", "script", "a", "iframe", "object"} & {each.tag for each in page.everything}
    assert as_markdown.render(with_timeline(drawn))


def with_timeline(drawn: Timeline) -> Document:
    report = Report("t", [Column("k")], [{"k": 1}], timelines=[drawn])
    return document("plain")._replace(sections=[Section("main", "Timeline", report)])


def test_the_svg_is_named_described_and_listed() -> None:
    page = Page(as_html.render(with_timeline(picture(lanes=lanes()))))
    (figure,) = page.root.all("figure")
    (svg,) = figure.all("svg")
    assert svg.attributes["role"] == "img"
    ids = svg.attributes["aria-labelledby"].split()
    named = {each.attributes.get("id"): each for each in svg.children}
    assert [named[name].tag for name in ids] == ["title", "desc"]
    assert "sertraline: 72 of 84 doses taken." in named[ids[1]].text
    (table,) = figure.all("table")
    assert len(table.all("tr")) == 1 + 21
    assert all(row.all("th")[0].attributes["scope"] in ("row", "col") for row in table.all("tr"))


def test_two_of_them_on_a_page_have_ids_of_their_own() -> None:
    drawn = picture(lanes=lanes())
    report = Report("t", [Column("k")], [{"k": 1}], timelines=[drawn, drawn])
    page = Page(as_html.render(document("x")._replace(sections=[Section("main", "T", report)])))
    ids = [each.attributes["id"] for each in page.everything if "id" in each.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.skipif(browser() is None, reason="no chromium on the path")
def test_a_browser_draws_every_lane_in_its_colour(tmp_path: Path) -> None:
    file, shot = tmp_path / "page.html", tmp_path / "shot.png"
    file.write_text(as_html.render(with_timeline(picture(lanes=lanes()))), encoding="utf-8")
    for size in ((1000, 700), (500, 700)):
        browse(file, f"--screenshot={shot}", f"--window-size={size[0]},{size[1]}")
        with Image.open(shot) as found:
            assert found.size == size
            colours = {colour for _, colour in found.convert("RGB").getcolors(1 << 24) or []}
        # Bars, the points of a measure, a session; and where nothing is made smaller the line of a side effect.
        assert {(0x33, 0x47, 0x5B), (0x2F, 0x5F, 0x8A), (0x7B, 0x2D, 0x8B)} <= colours
        assert size[0] < 1000 or (0xB3, 0x26, 0x1E) in colours
    shown = Page(browse(file, "--dump-dom"))
    assert "change A" in shown.root.text
