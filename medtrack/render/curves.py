"""A measure over time in signs: braille dots joined by lines, with a letter for each change of a dose.

The scale stands at the left and the days below; what each letter means is said in words under it. Where the
screen has no braille, a star stands for each value and nothing joins them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from medtrack.domain.curves import Curve, describe
from medtrack.domain.measures import decimal
from medtrack.domain.wording import say_number_of

from .pictures import Line, Span, has
from .words import sentence

if TYPE_CHECKING:
    from datetime import datetime
    from fractions import Fraction

    from medtrack.domain.curves import Point

_ROWS = 10
_WIDEST, _NARROWEST = 64, 12
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille sign by row and column (Unicode 15, chart U+2800)."""
_BRAILLE = 0x2800
_FRAME = {"edge": "│", "tick": "┤", "foot": "└", "line": "─", "mark": "┊", "point": "•", "other": "◦"}
_ASCII_FRAME = {"edge": "|", "tick": "+", "foot": "+", "line": "-", "mark": ":", "point": "*", "other": "o"}
_ALL = "".join(_FRAME.values()) + "⣿"
_POINT, _MARK = "cyan", "yellow"
"""Colours are added on a terminal; they say nothing that the signs and words do not."""


def curve(picture: Curve, encoding: str, width: int = 80) -> list[Line]:
    """The whole drawing: title, plot, days, letters, and all of it in words."""
    return [*plot(picture, encoding, width), *legend(picture, encoding)]


def plot(picture: Curve, encoding: str, width: int = 80) -> list[Line]:
    """The lines whose columns stand over each other, so that none may be folded."""
    signs = _FRAME if has(encoding, _ALL) else _ASCII_FRAME
    labels = {_row(picture, tick): decimal(tick) for tick in reversed(picture.ticks)}
    gutter = max(map(len, labels.values()))
    wide = max(min(width - gutter - 3, _WIDEST), _NARROWEST)
    columns = {mark.letter: _column(picture, mark.at, wide) for mark in picture.marks}
    grid = _grid(picture, wide, signs)
    unit = f", {picture.unit}" if picture.unit else ""
    lines: list[Line] = [[Span(sentence(f"{picture.title}{unit}", encoding), "bold")]]
    for row in range(_ROWS):
        line = [Span(f"{labels.get(row, ''):>{gutter}} {signs['tick' if row in labels else 'edge']}")]
        for at in range(wide):
            sign = grid.get((row, at))
            if sign is not None:
                line.append(Span(sign, _POINT))
            else:
                is_marked = at in columns.values()
                line.append(Span(signs["mark"] if is_marked else " ", _MARK if is_marked else ""))
        lines.append(line)
    lines.append([Span(" " * (gutter + 1) + signs["foot"] + signs["line"] * wide)])
    under = letters(columns, wide)
    if under.strip():
        lines.append([Span(" " * (gutter + 2)), Span(under, _MARK)])
    lines.append([Span(" " * (gutter + 2) + _days(picture, wide))])
    return lines


def legend(picture: Curve, encoding: str) -> list[Line]:
    """What the letters mean, and the curve in words."""
    said = [mark.line for mark in picture.marks]
    if picture.left_out:
        said.append(f"{say_number_of(picture.left_out, 'more change')} in these days: medtrack changes")
    return [[Span(sentence(text, encoding))] for text in (*said, describe(picture))]


def _grid(picture: Curve, wide: int, signs: dict[str, str]) -> dict[tuple[int, int], str]:
    """What stands in each cell of the plot, by row from the top and column."""
    found: dict[tuple[int, int], str] = {}
    if signs is _FRAME:
        bits: dict[tuple[int, int], int] = {}
        for row in (picture.points, picture.others):
            dots = [_dot(picture, point, wide) for point in row]
            for x, y in _joined(dots):
                cell = (y // 4, x // 2)
                bits[cell] = bits.get(cell, 0) | _DOTS[y % 4][x % 2]
        found = {cell: chr(_BRAILLE + each) for cell, each in bits.items()}
    for points, sign in ((picture.others, signs["other"]), (picture.points, signs["point"])):
        for point in points:
            x, y = _dot(picture, point, wide)
            found[y // 4, x // 2] = sign
    return found


def _dot(picture: Curve, point: Point, wide: int) -> tuple[int, int]:
    """Where a value lies, in dots from the left and from the top."""
    x = round(picture.share_of_time(point.at) * (2 * wide - 1))
    y = round((1 - picture.share_of_scale(point.value)) * (4 * _ROWS - 1))
    return min(max(x, 0), 2 * wide - 1), min(max(y, 0), 4 * _ROWS - 1)


def _joined(dots: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The dots of the straight lines from each to the next."""
    yield from dots[:1]
    for (x, y), (next_x, next_y) in pairwise(dots):
        steps = max(abs(next_x - x), abs(next_y - y), 1)
        for step in range(1, steps + 1):
            yield x + round((next_x - x) * step / steps), y + round((next_y - y) * step / steps)


def _row(picture: Curve, value: Fraction) -> int:
    share = picture.share_of_scale(value)
    return min(max(round((1 - share) * (4 * _ROWS - 1)), 0), 4 * _ROWS - 1) // 4


def _column(picture: Curve, at: datetime, wide: int) -> int:
    return min(max(round(picture.share_of_time(at) * (2 * wide - 1)) // 2, 0), wide - 1)


def letters(columns: dict[str, int], wide: int) -> str:
    """The letters under their columns; of those that share one the first stands, and the rest are listed."""
    line = [" "] * wide
    for letter, at in columns.items():
        while at < wide - 1 and line[at] != " ":
            at += 1
        if line[at] == " ":
            line[at] = letter
    return "".join(line).rstrip()


def _days(picture: Curve, wide: int) -> str:
    first, last = f"{picture.since:%Y-%m-%d}", f"{picture.until:%Y-%m-%d}"
    if first == last:
        return first
    gap = wide - len(first) - len(last)
    # On a narrow screen the years stand in the words below.
    return f"{first}{' ' * gap}{last}" if gap > 1 else f"{first[5:]} to {last[5:]}"
