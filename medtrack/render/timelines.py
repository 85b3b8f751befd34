"""A timeline in signs: a lane for each thing under one axis of days, a dotted line down from each change.

The signs differ in shape and the words beneath say what they count, so that nothing is lost without colour.
Where the screen has no such signs, ASCII ones stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from medtrack.domain.timeline import days, describe_lane, months, period_for, remarks, values
from medtrack.domain.windows import median

from .curves import letters
from .pictures import STYLES, Line, Span, has, level, level_of
from .words import sentence

if TYPE_CHECKING:
    from medtrack.domain.curves import Curve
    from medtrack.domain.timeline import Event, Lane, Tick, Timeline

_SIGNS = {"change": "┊", "lasts": "-", "note": "•", "session": "◆", "cut": "…"}
_ASCII_SIGNS = {"change": ":", "lasts": "-", "note": "*", "session": "S", "cut": "~"}
_NARROWEST = 10
_GAP = 2
_MONTH, _DAY = 5, 4
"""Columns at least for a month and a day that are named."""
_CHANGED, _MEASURED, _SESSION = "yellow", "cyan", "magenta"
_GRADE = ("", "yellow", "yellow", "red", "red", "red")
"""Colours are added on a terminal; they say nothing that the signs and words do not."""
_Cells = list[Span]


def timeline(picture: Timeline, encoding: str, width: int = 80) -> list[Line]:
    """The whole drawing: the axis, the lanes, and all of it in words."""
    return [head(picture, encoding), *grid(picture, encoding, width), *legend(picture, encoding)]


def head(picture: Timeline, encoding: str) -> Line:
    """The title of the drawing."""
    return [Span(sentence(picture.title, encoding), "bold")]


def grid(picture: Timeline, encoding: str, width: int = 80) -> list[Line]:
    """The lines whose columns stand over each other, so that none may be folded."""
    signs = _signs(encoding)
    titles = [sentence(lane.title, encoding) for lane in picture.lanes]
    gutter = min(max(map(len, titles), default=0), max(width // 5, 8))
    wide = _wide(picture.days, max(width - gutter - _GAP, _NARROWEST))
    blank = " " * (gutter + _GAP)
    columns = {mark.letter: picture.column(mark.at, wide) for mark in picture.marks}
    lines: list[Line] = []
    for ticks in (
        months(picture.since, picture.until, wide // _MONTH),
        days(picture.since, picture.until, wide // _DAY, picture.week_starts),
    ):
        said = _ticks(picture, ticks, wide)
        if said:
            lines.append([Span(blank + said)])
    if columns:
        lines.append([Span(blank), Span(letters(columns, wide), _CHANGED)])
    guide = Span(signs["change"], _CHANGED)
    for lane, title in zip(picture.lanes, titles, strict=True):
        cells = _cells(picture, lane, wide, encoding)
        for column in columns.values():
            if cells[column].text == " ":
                cells[column] = guide
        lines.append([Span(_fitted(title, gutter, signs["cut"]) + " " * _GAP), *cells])
    return lines


def legend(picture: Timeline, encoding: str) -> list[Line]:
    """What the letters and signs mean, and each lane in words."""
    said = [mark.line for mark in picture.marks]
    by_kind = groupby(picture.lanes, key=lambda lane: lane.kind)
    said += [" ".join(map(describe_lane, lanes)) for _, lanes in by_kind]
    said += [*remarks(picture), _say_signs(picture, _signs(encoding))]
    return [[Span(sentence(text, encoding))] for text in said if text]


def _say_signs(picture: Timeline, signs: dict[str, str]) -> str:
    """One sentence for each kind of sign that is there."""
    kinds = {lane.kind for lane in picture.lanes}
    said = []
    if picture.marks:
        said.append(f"{signs['change']} from a change on down")
    if "medication" in kinds:
        scale = "full only for all of it" if signs is _SIGNS else "_ none of it, 1 to 6 a part, # all"
        said.append(f"blocks, by {period_for(picture.since, picture.until)}: {scale}")
    if "measure" in kinds:
        said.append("a measure by its numbers, or as high as they are where these have no room")
    if "note" in kinds:
        said.append(
            f"digits: grade of a side effect, 1 mild to 5 fatal, the highest of those days;"
            f" {signs['note']} no grade; {signs['lasts']} until it was over"
        )
    if "session" in kinds:
        said.append(f"{signs['session']} a session")
    return f"Signs: {'; '.join(said)}." if said else ""


def _signs(encoding: str) -> dict[str, str]:
    return _SIGNS if has(encoding, "".join(_SIGNS.values())) else _ASCII_SIGNS


def _wide(length: int, room: int) -> int:
    """Columns for so many days: as many for each day, or for each week, as there is room for."""
    if length <= room:
        return room // length * length
    weeks = -(-length // 7)
    return room // weeks * weeks if weeks <= room else room


def _ticks(picture: Timeline, ticks: Iterable[Tick], wide: int) -> str:
    """The names in their columns; of those that would run into each other the ones with a year stand."""
    placed: list[tuple[int, str]] = []
    for tick in sorted(ticks, key=lambda each: " " not in each.words):
        at = picture.column(datetime.combine(tick.day, time()), wide)
        is_free = all(at > left + len(words) or left > at + len(tick.words) for left, words in placed)
        if is_free and (at + len(tick.words) <= wide or not placed):
            placed.append((at, tick.words))
    line = ""
    for at, words in sorted(placed):
        line = line.ljust(at) + words
    return line


def _cells(picture: Timeline, lane: Lane, wide: int, encoding: str) -> _Cells:
    """A span for every column of a lane."""
    cells = [Span(" ")] * wide
    signs = _signs(encoding)
    if lane.kind == "medication":
        _draw_shares(picture, lane, cells, encoding)
    elif lane.curve is not None:
        _draw_values(picture, lane.curve, cells, encoding)
    elif lane.kind == "note":
        _draw_notes(picture, lane.events, cells, signs)
    else:
        for event in lane.events:
            cells[picture.column(event.at, wide)] = Span(signs["session"], _SESSION)
    return cells


def _draw_shares(picture: Timeline, lane: Lane, cells: _Cells, encoding: str) -> None:
    """A block for each week, with a gap after it where there is room."""
    for share in lane.shares:
        first, after = picture.part(share, len(cells))
        state = {None: "", Fraction(1): "full", Fraction(0): "none"}.get(share.ratio, "part")
        span = Span(level(share, encoding), STYLES.get(state, ""))
        for column in range(first, after - (after - first > 2)):
            cells[column] = span


def _draw_notes(picture: Timeline, events: Iterable[Event], cells: _Cells, signs: dict[str, str]) -> None:
    """The grade of each, the highest where several share a column, and a line until it was over."""
    ordered = sorted(events, key=lambda event: event.grade or 0)
    for event in ordered:
        if event.until is not None:
            for column in range(
                picture.column(event.at, len(cells)), picture.column(event.until, len(cells)) + 1
            ):
                cells[column] = Span(signs["lasts"])
    for event in ordered:
        sign = signs["note"] if event.grade is None else str(event.grade)
        cells[picture.column(event.at, len(cells))] = Span(sign, _GRADE[event.grade or 0])


def _draw_values(picture: Timeline, curve: Curve, cells: _Cells, encoding: str) -> None:
    """The numbers themselves where they fit beside each other; else the median of each column as a block."""
    placed: list[tuple[int, str]] = []
    for point, words in values(curve):
        at = min(picture.column(point.at, len(cells)), max(len(cells) - len(words), 0))
        if len(words) > len(cells) or (placed and at <= placed[-1][0] + len(placed[-1][1])):
            _draw_levels(picture, curve, cells, encoding)
            return
        placed.append((at, words))
    for at, words in placed:
        cells[at : at + len(words)] = [Span(sign, _MEASURED) for sign in words]


def _draw_levels(picture: Timeline, curve: Curve, cells: _Cells, encoding: str) -> None:
    found: dict[int, list[Fraction]] = {}
    for point in curve.points:
        found.setdefault(picture.column(point.at, len(cells)), []).append(curve.share_of_scale(point.value))
    for column, shares in found.items():
        cells[column] = Span(level_of(median(shares), encoding), _MEASURED)


def _fitted(title: str, width: int, cut: str) -> str:
    """A title of exactly so many columns; the words beneath have it whole."""
    size = _size_of(title)
    if size(title) > width:
        while title and size(title) + 1 > width:
            title = title[:-1]
        title += cut
    return title + " " * (width - size(title))


def _size_of(title: str) -> Callable[[str], int]:
    """What measures a title: its length, or its width on a screen where it is not all ASCII."""
    if title.isascii():
        return len
    from rich.cells import cell_len

    return cell_len
