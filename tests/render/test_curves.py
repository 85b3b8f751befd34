"""Curves in signs and as SVG: whole on any screen, readable without colour, harmless whatever the names."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.curves import Curve, Point, curve_of
from medtrack.domain.report import Column, Report
from medtrack.render import as_table, as_text, svg_curve
from medtrack.render.curves import curve, plot
from tests.render.hostile import HOSTILE

START = datetime(2026, 3, 1, 8)  # noqa: DTZ001  (the wall clock as lived)


def picture(
    values: tuple[int, ...] = (18, 19, 15, 9, 4), title: str = "PHQ-9", words: str = "sertraline started"
) -> Curve:
    points = [
        Point(START + timedelta(days=14 * number), Fraction(value)) for number, value in enumerate(values)
    ]
    marks = [(START + timedelta(days=1), words), (START + timedelta(days=30), "sertraline changed")]
    return curve_of(title, "", points, [], marks, [Fraction(0), Fraction(10), Fraction(27)])


def told(lines: object) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [0, 10, 20, 40, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_it_fits_and_shows_every_value_and_change(width: int, encoding: str) -> None:
    lines = told(plot(picture(), encoding, width)).split("\n")
    if width >= 20:
        assert max(map(len, lines)) <= width
    sign = "•" if encoding == "utf-8" else "*"
    assert sum(line.count(sign) for line in lines) == 5
    assert "".join(lines[-2].split()) == "AB"
    assert "".join(lines).encode(encoding)
    words = told(curve(picture(), encoding, width))
    assert "A  2026-03-02  sertraline started" in words
    assert "B  2026-03-31  sertraline changed" in words
    assert "5 values: 18 on 2026-03-01, 4 on 2026-04-26; lowest 4, highest 19." in words


def test_two_changes_on_one_day_have_a_letter_each() -> None:
    points = [Point(START, Fraction(1)), Point(START + timedelta(days=100), Fraction(2))]
    at = START + timedelta(days=50)
    drawn = curve_of("x", "", points, [], [(at, "one"), (at, "two"), (at, "three")])
    assert "ABC" in told(plot(drawn, "utf-8"))


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.fractions(0, 300, max_denominator=10)), min_size=1, max_size=40
    )
)
def test_any_values_can_be_drawn(values) -> None:
    points = [Point(START + timedelta(hours=hours), value) for hours, value in sorted(values)]
    drawn = curve_of("x", "kg", points, points[:1], [])
    for encoding in ("utf-8", "ascii"):
        assert told(curve(drawn, encoding, 60))
    ElementTree.fromstring(svg_curve.curve(drawn, "one"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_stay_text(hostile: str) -> None:
    drawn = picture(title=hostile, words=hostile)
    report = Report("x", [Column("a", "A")], [{"a": 1}], curves=[drawn])
    for page in (as_text.render(report), as_table.render(report, styled=False)):
        assert "\x1b" not in page
        assert "\u202e" not in page
    root = ElementTree.fromstring(svg_curve.curve(drawn, "one"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "path",
        "text",
    }


def test_on_a_screen_nothing_of_the_plot_is_folded() -> None:
    report = Report("x", [Column("a", "A")], [{"a": 1}], curves=[picture()])
    page = as_table.render(report, width=50, styled=False)
    for line in told(plot(picture(), "utf-8", 50)).split("\n"):
        assert line.rstrip() in page
