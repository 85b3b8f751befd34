"""How wide the columns of a table in a PDF are, in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

_KEPT_WHOLE = 28
"""Millimetres up to which a cell ('2026-03-10 08:00') is folded only when there is no other way."""
_WIDEST_WORD = 45
"""Millimetres beyond which a word is broken."""
_BITS = 40
"""Into how many bits the room that is left is parted."""
_BESIDE = 2.6
"""Millimetres beside the text of a cell, and a little for kerning."""


def widths(grid: Sequence[Sequence[str]], length: Callable[[str], float], page: float) -> list[float]:
    """Millimetres for each column of a grid: room for short cells and long words first, then for the rest.

    Its first row are the headings, which may fold before a short cell does. What is left of the page is given
    in equal parts of what each column wants, or bit by bit to the column that gains most. Of these ways the
    one is taken that makes the table shortest. `length` is how long a text is on one line. Only their ratio
    counts where they come to less or more than the page.
    """
    down = list(zip(*grid, strict=True))
    words = [max(length(word) for told in each for word in (told.split() or [""])) for each in down]
    long = [[length(told) for told in each] for each in down]
    cells = [max(each) for each in long]
    found = []
    for kept in (cells, [max(each[1:], default=0.0) for each in long]):
        least = _least(words, kept, page)
        wanted = [max(0.0, cell + _BESIDE - low) for low, cell in zip(least, cells, strict=True)]
        room = max(page - sum(least), 0.0)
        for way in (_in_parts(wanted, room), _by_gain(long, least, room)):
            found.append([low + more for low, more in zip(least, way, strict=True)])
    return min(found, key=lambda each: _lines(long, each))


def _least(words: Sequence[float], kept: Sequence[float], page: float) -> list[float]:
    """Room for the longest word of each column, and for all that is kept whole where the page has it."""
    for whole in (_KEPT_WHOLE, 0):
        least = [
            _BESIDE + min(max(word, cell if cell <= whole else 0), _WIDEST_WORD)
            for word, cell in zip(words, kept, strict=True)
        ]
        if sum(least) <= page:
            break
    return least


def _in_parts(wanted: Sequence[float], room: float) -> list[float]:
    part = min(room / sum(wanted), 1) if any(wanted) else 0.0
    return [part * want for want in wanted]


def _by_gain(long: Sequence[Sequence[float]], least: Sequence[float], room: float) -> list[float]:
    """The room bit by bit, each to the column whose folded cells it shortens most."""
    given, bit = [0.0] * len(least), room / _BITS
    gains = [_gain(cells, wide, bit) for cells, wide in zip(long, least, strict=True)]
    for _ in range(_BITS if bit else 0):
        best = max(range(len(gains)), key=gains.__getitem__)
        given[best] += bit
        gains[best] = _gain(long[best], least[best] + given[best], bit)
    return given


def _gain(cells: Sequence[float], wide: float, bit: float) -> float:
    """By how many lines, and parts of lines, the cells of a column get shorter."""
    before, after = wide - _BESIDE, wide - _BESIDE + bit
    return sum(told / before - max(told / after, 1) for told in cells if told > before)


def _lines(long: Sequence[Sequence[float]], across: Sequence[float]) -> int:
    """About how many lines a table has whose columns are so wide."""
    rows = zip(*long, strict=True)
    return sum(
        max(max(ceil(told / (wide - _BESIDE + 0.01)), 1) for told, wide in zip(row, across, strict=True))
        for row in rows
    )
