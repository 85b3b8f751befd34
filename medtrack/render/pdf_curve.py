"""A measure over time on a page of a PDF: the same drawing as `svg_curve` makes, in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from medtrack.domain.curves import describe, letters_of
from medtrack.domain.measures import decimal

from . import svg_curve as plan

if TYPE_CHECKING:
    from medtrack.domain.curves import Curve, Point

_SCALE = 0.185
"""Millimetres for each unit of the drawing, so that two stand side by side."""
_SIDE = 2.5
_GREY = (118, 118, 118)
WIDTH = (plan.LEFT + plan.WIDE + 12) * _SCALE
_DRAWN = (plan.TOP + plan.HIGH + 20) * _SCALE
_WORDS = 2.9
"""Millimetres of a line of words."""


def height(pdf: Any, curve: Curve, told: Callable[[str], str], font: str) -> float:
    """Millimetres that a curve takes with its title and its words."""
    pdf.set_font(font, size=6.5)
    lines = sum(
        len(pdf.multi_cell(WIDTH, 1, told(text), dry_run=True, output="LINES")) for text in _said(curve)
    )
    return 4 + _DRAWN + _WORDS * lines + 3


def _said(curve: Curve) -> list[str]:
    return [*letters_of(curve), describe(curve)]


def draw(
    pdf: Any,
    curve: Curve,
    told: Callable[[str], str],
    cut: Callable[[str, float], str],
    font: str,
    x: float,
    y: float,
) -> None:
    """Draw a curve with its left upper corner there; the words below it say the same.

    `told` makes a text harmless, `cut` makes it fit into so many millimetres.
    """

    def at(across: float, down: float) -> tuple[float, float]:
        return x + across * _SCALE, y + 4 + down * _SCALE

    pdf.set_text_color(26, 26, 26)
    pdf.set_font(font, "B", 7.5)
    pdf.set_xy(x, y)
    pdf.cell(WIDTH, 4, cut(told(curve.title), WIDTH))
    pdf.set_font(font, size=6)
    pdf.set_line_width(0.1)
    pdf.set_draw_color(*_GREY)
    for tick in curve.ticks:
        left, down = at(plan.LEFT, plan.y_of(curve, tick))
        pdf.line(left, down, left + plan.WIDE * _SCALE, down)
        label = decimal(tick)
        pdf.text(left - 1 - pdf.get_string_width(label), down + 0.7, label)
    pdf.set_draw_color(plan.MARK)
    for mark in curve.marks:
        across, top = at(plan.x_of(curve, mark.at), plan.TOP)
        pdf.set_dash_pattern(dash=0.6, gap=0.6)
        pdf.line(across, top, across, top + plan.HIGH * _SCALE)
        pdf.set_dash_pattern()
        pdf.text(across - 0.7, top - 0.8, mark.letter)
    for points, colour in ((curve.others, plan.OTHER), (curve.points, plan.LINE)):
        _row(pdf, curve, points, colour, at)
    foot = at(plan.LEFT, plan.TOP + plan.HIGH + 15)
    pdf.text(*foot, f"{curve.since:%Y-%m-%d}")
    if curve.until.date() != curve.since.date():
        last = f"{curve.until:%Y-%m-%d}"
        pdf.text(foot[0] + plan.WIDE * _SCALE - pdf.get_string_width(last), foot[1], last)
    pdf.set_font(font, size=6.5)
    pdf.set_xy(x, y + 4 + _DRAWN)
    for text in _said(curve):
        pdf.set_x(x)
        pdf.multi_cell(WIDTH, _WORDS, told(text), align="L", new_x="LEFT", new_y="NEXT")


def _row(
    pdf: Any,
    curve: Curve,
    points: Sequence[Point],
    colour: str,
    at: Callable[[float, float], tuple[float, float]],
) -> None:
    where = [at(plan.x_of(curve, point.at), plan.y_of(curve, point.value)) for point in points]
    pdf.set_draw_color(colour)
    pdf.set_fill_color(colour)
    pdf.set_line_width(0.3)
    if len(where) > 1:
        pdf.polyline(where)
    half = _SIDE * _SCALE
    for across, down in where:
        pdf.rect(across - half, down - half, 2 * half, 2 * half, style="F")
