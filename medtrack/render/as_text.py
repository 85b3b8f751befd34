"""The report as plain text, for pipes, files and terminals that only print lines.

Sentences, then an aligned table without a box, then sentences. Nothing is cut short or folded, so
`grep` finds what is there; no line ends in spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .words import cell, heading, seen, sentence

if TYPE_CHECKING:
    from medtrack.domain.report import Report

GAP = "  "


def render(report: Report, encoding: str = "utf-8") -> str:
    """The page; its table, where there is one, stands between empty lines."""
    above = [sentence(text, encoding) for text in report.lines]
    below = [sentence(text, encoding) for text in report.footer]
    if not report.rows and report.empty:
        above.append(sentence(report.empty, encoding))
    table = _table(report, encoding)
    drawings = _drawings(report, encoding) if report.pictures or report.curves else []
    timelines = _timelines(report, encoding) if report.timelines else []
    tables = [render(each, encoding).splitlines() for each in report.tables]
    beneath = [*timelines, table, *drawings, *tables]
    parts = [above, *beneath, below] if any(beneath) else [above + below]
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n" * any(
        parts
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


def _drawings(report: Report, encoding: str) -> list[list[str]]:
    from .curves import curve
    from .pictures import calendar

    drawn = [calendar(picture, encoding) for picture in report.pictures]
    drawn += [curve(picture, encoding) for picture in report.curves]
    return [["".join(span.text for span in line) for line in lines] for lines in drawn]


def _timelines(report: Report, encoding: str) -> list[list[str]]:
    from .timelines import timeline

    drawn = [timeline(picture, encoding) for picture in report.timelines]
    return [["".join(span.text for span in line) for line in lines] for lines in drawn]


def _ruler(grid: Sequence[Sequence[str]]) -> Callable[[str], int]:
    """What measures a cell: its length, or its width on a screen where some text is not ASCII."""
    if all(told.isascii() for row in grid for told in row):
        return len
    from rich.cells import cell_len

    return cell_len
