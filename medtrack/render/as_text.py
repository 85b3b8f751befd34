"""The report as plain text, for pipes, files and terminals that only print lines.

Sentences, then an aligned table without a box, then sentences. Nothing is cut short, and in a pipe or a file
nothing is folded, so `grep` finds what is there; no line ends in spaces. On a terminal, whose width is given,
sentences are folded between words and a table that is too wide is told row by row (see `fitting`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .folding import fold, size
from .words import cell, heading, seen, sentence

if TYPE_CHECKING:
    from medtrack.domain.report import Report

    from .pictures import Line

GAP = "  "
_WIDE = 80
"""Columns of a drawing where nobody says how many there are."""


def render(report: Report, encoding: str = "utf-8", width: int | None = None) -> str:
    """The page; its table, where there is one, stands between empty lines. `width` is of a terminal."""
    report = report.for_people
    above = [sentence(text, encoding) for text in report.lines]
    below = [sentence(text, encoding) for text in report.footer]
    if not report.rows and report.empty:
        above.append(sentence(report.empty, encoding))
    table = _table(report, encoding) if width is None else _fitted(report, encoding, width)
    drawings = _drawings(report, encoding, width) if report.pictures or report.curves else []
    timelines = _timelines(report, encoding, width) if report.timelines else []
    tables = [render(each, encoding, width).splitlines() for each in report.tables]
    beneath = [*timelines, table, *drawings, *tables]
    above, below = _folded(above, width), _folded(below, width)
    parts = [above, *beneath, below] if any(beneath) else [above + below]
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n" * any(
        parts
    )


def _folded(lines: list[str], width: int | None) -> list[str]:
    return lines if width is None else [part for line in lines for part in fold(line, width)]


def _fitted(report: Report, encoding: str, width: int) -> list[str]:
    """The table as a terminal has room for it; the last of its columns may go on below itself."""
    if not seen(report) or not report.rows:
        return []
    from .fitting import fitted, told

    grid = fitted(report, encoding, width)
    if not grid.widths:
        return [
            "".join(part for pair in line for part in pair)
            for row in grid.rows
            for line in told(grid, row, width)
        ]
    titles = [grid.titles] if any(grid.titles) else []
    lines: list[str] = []
    for row in (*titles, *grid.rows):
        first, *rest = fold(row[-1], grid.widths[-1]) if not grid.rights[-1] else [row[-1]]
        for cells in ([*row[:-1], first], *([""] * (len(row) - 1) + [part] for part in rest)):
            lines.append(_line(cells, grid.rights, grid.widths))
    return lines


def _line(cells: Sequence[str], rights: Sequence[bool], widths: Sequence[int]) -> str:
    blanks = [" " * (width - size(told)) for told, width in zip(cells, widths, strict=True)]
    return GAP.join(
        blank + told if is_right else told + blank
        for told, blank, is_right in zip(cells, blanks, rights, strict=True)
    )


def _table(report: Report, encoding: str) -> list[str]:
    columns = seen(report)
    if not columns or not report.rows:
        return []
    titles = [heading(column, encoding) for column in columns]
    grid = [[cell(column, row, encoding) for column in columns] for row in report.rows]
    if any(titles):
        grid.insert(0, titles)
    size = _ruler(grid)
    widths = [max(map(size, told)) for told in zip(*grid, strict=True)]
    return [
        GAP.join(
            told.rjust(width - size(told) + len(told))
            if column.right
            else told.ljust(width - size(told) + len(told))
            for column, width, told in zip(columns, widths, row, strict=True)
        )
        for row in grid
    ]


def _drawings(report: Report, encoding: str, width: int | None) -> list[list[str]]:
    from . import curves, pictures

    wide = width or _WIDE
    drawn = [(curves.plot(each, encoding, wide), curves.legend(each, encoding)) for each in report.curves]
    if width is not None:
        # Spoken line by line a grid would be all Mondays, then all Tuesdays.
        calendars = [_folded(pictures.told(each, encoding), width) for each in report.pictures]
        return [*calendars, *([*_plain(lines), *_folded(_plain(words), width)] for lines, words in drawn)]
    drawn = [
        *((pictures.grid(each, encoding), pictures.legend(each, encoding)) for each in report.pictures),
        *drawn,
    ]
    return [[*_plain(lines), *_plain(words)] for lines, words in drawn]


def _timelines(report: Report, encoding: str, width: int | None) -> list[list[str]]:
    from . import timelines

    wide = width or _WIDE
    return [
        [
            *_folded(_plain([timelines.head(each, encoding)]), width),
            *_plain(timelines.grid(each, encoding, wide)),
            *_folded(_plain(timelines.legend(each, encoding)), width),
        ]
        for each in report.timelines
    ]


def _plain(lines: Sequence[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def _ruler(grid: Sequence[Sequence[str]]) -> Callable[[str], int]:
    """What measures a cell: its length, or its width on a screen where some text is not ASCII."""
    if all(told.isascii() for row in grid for told in row):
        return len
    from rich.cells import cell_len

    return cell_len
