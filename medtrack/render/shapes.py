"""The signs of a calendar as shapes, for SVG and for PDF: no two alike without their colours.

Each shape is a few polygons in a square of side `SIDE`, filled in one colour that stands out from white
paper by at least 3 to 1 (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Polygon = Sequence[Point]

SIDE = 14.0
STEP = 16.0
"""From one day to the next."""
COLOURS = {
    "full": "#1b6e3c",
    "part": "#9a5b00",
    "none": "#b3261e",
    "extra": "#7b2d8b",
    "held": "#2f5f8a",
    "nothing": "#767676",
    "open": "#767676",
}


def _box(x: float, y: float, width: float, height: float) -> Polygon:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def _frame(thick: float) -> list[Polygon]:
    inner = SIDE - thick
    return [
        _box(0, 0, SIDE, thick),
        _box(0, inner, SIDE, thick),
        _box(0, thick, thick, SIDE - 2 * thick),
        _box(inner, thick, thick, SIDE - 2 * thick),
    ]


def _corners() -> list[Polygon]:
    """The corners of a frame: what is not decided yet."""
    long, thick = 4.0, 1.5
    found: list[Polygon] = []
    for x in (0.0, SIDE - long):
        for y in (0.0, SIDE - thick):
            found.append(_box(x, y, long, thick))
    for x in (0.0, SIDE - thick):
        for y in (thick, SIDE - long):
            found.append(_box(x, y, thick, long - thick))
    return found


_HALF = 5.5
SHAPES: dict[str, list[Polygon]] = {
    "full": [_box(0, 0, SIDE, SIDE)],
    "part": [*_frame(1.5), ((0, 0), (SIDE, SIDE), (0, SIDE))],
    "none": _frame(2.5),
    # A full square with a plus cut out of it.
    "extra": [_box(x, y, _HALF, _HALF) for x in (0.0, SIDE - _HALF) for y in (0.0, SIDE - _HALF)],
    "held": [_box(0, 3, SIDE, 2.5), _box(0, 8.5, SIDE, 2.5)],
    "nothing": [_box(5, 5, 4, 4)],
    "open": _corners(),
}
BAR = 30.0
"""The height of the bar of a week in which all was taken."""
BAR_COLOUR = "#33475b"
