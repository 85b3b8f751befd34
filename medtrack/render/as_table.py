"""The report as a table for a terminal, drawn with Rich; the only file that loads Rich whole.

Nothing is cut short: cells fold between words, and where the screen is too narrow for that each row
becomes a small block of `title: value` lines. User text reaches Rich as finished Text, so markup and
emoji codes stay as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .inert import carried
from .words import cell, heading, seen, sentence

if TYPE_CHECKING:
    from medtrack.domain.report import Column, Report

    from .pictures import Line

NARROWEST = 10
"""Below this many columns folding by medtrack helps nobody: the terminal wraps."""

GAP = 2
KEPT_WHOLE = 16
"""Cells up to this width ('2026-03-10 08:00') are folded only when there is no other way."""

_ASCII_HEAD = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def render(report: Report, encoding: str = "utf-8", *, width: int = 80, styled: bool = True) -> str:
    """The page for a screen so wide; without `styled` no escape sequence is in it at all."""
    width = max(width, NARROWEST)
    page = StringIO()
    console = Console(
        file=page,
        width=width,
        height=100,
        force_terminal=True,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        color_system="standard" if styled else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    _print(console, report, encoding)
    return "".join(line.rstrip(" ") + "\n" for line in page.getvalue().split("\n")[:-1])


def _print(console: Console, report: Report, encoding: str) -> None:
    def tell(texts: Sequence[str]) -> None:
        for text in texts:
            console.print(Text(sentence(text, encoding)), overflow="fold", crop=False)

    tell(report.lines)
    if report.timelines:
        _draw_timelines(console, report, encoding)
    columns = seen(report)
    if report.rows and columns:
        if report.lines:
            console.print()
        grid = [[cell(column, row, encoding) for column in columns] for row in report.rows]
        _draw(console, columns, grid, encoding)
        if report.footer or report.pictures or report.curves or report.tables:
            console.print()
    elif not report.rows and report.empty:
        tell([report.empty])
    if report.pictures or report.curves:
        _draw_pictures(console, report, encoding)
    for table in report.tables:
        _print(console, table, encoding)
        console.print()
    tell(report.footer)


def _draw(console: Console, columns: Sequence[Column], grid: Sequence[Sequence[str]], encoding: str) -> None:
    titles = [heading(column, encoding) for column in columns]
    widths = fit([titles, *grid], console.width)
    if widths is None:
        _blocks(console, titles, grid)
        return
    table = Table(
        box=box.SIMPLE_HEAD if carried("─", encoding) == "─" else _ASCII_HEAD,
        show_header=any(titles),
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for column, title, width in zip(columns, titles, widths, strict=True):
        table.add_column(
            Text(title), justify="right" if column.right else "left", width=width, overflow="fold"
        )
    for row in grid:
        table.add_row(*map(Text, row))
    console.print(table, crop=False)


def _draw_pictures(console: Console, report: Report, encoding: str) -> None:
    from . import curves, pictures

    drawn = [
        (pictures.grid(each, encoding, console.width), pictures.legend(each, encoding))
        for each in report.pictures
    ]
    drawn += [
        (curves.plot(each, encoding, console.width), curves.legend(each, encoding)) for each in report.curves
    ]
    for lines, words in drawn:
        _print_drawn(console, lines, words)


def _draw_timelines(console: Console, report: Report, encoding: str) -> None:
    from . import timelines

    console.print()
    for each in report.timelines:
        console.print(Text.assemble(*timelines.head(each, encoding)), overflow="fold", crop=False)
        _print_drawn(console, timelines.grid(each, encoding, console.width), timelines.legend(each, encoding))


def _print_drawn(console: Console, lines: Sequence[Line], words: Sequence[Line]) -> None:
    for line in lines:
        # Never folded, or its columns would no longer stand over each other.
        console.print(Text.assemble(*line), overflow="ignore", no_wrap=True, crop=False, soft_wrap=True)
    for line in words:
        console.print(Text.assemble(*line), overflow="fold", crop=False)
    console.print()


def _blocks(console: Console, titles: Sequence[str], grid: Sequence[Sequence[str]]) -> None:
    for at, row in enumerate(grid):
        if at:
            console.print()
        for title, told in zip(titles, row, strict=True):
            label = f"{title}: " if title else ""
            console.print(Text.assemble((label, "bold"), told), overflow="fold", crop=False)


def fit(grid: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """The width of each column, or None where the longest words do not fit beside each other.

    Columns that are short stay whole; the room that is left goes to the narrowest column that still folds.
    """
    down = list(zip(*grid, strict=True))
    room = width - GAP * (len(down) - 1)
    wanted = [max(map(cell_len, told)) for told in down]
    if sum(wanted) <= room:
        return wanted
    for whole in (KEPT_WHOLE, 0):
        widths = [max(_unbroken(text, whole) for text in told) for told in down]
        if sum(widths) <= room:
            break
    else:
        return None
    for _ in range(room - sum(widths)):
        folding = [at for at, want in enumerate(wanted) if widths[at] < want]
        widths[min(folding, key=widths.__getitem__)] += 1
    return widths


def _unbroken(text: str, whole: int) -> int:
    """The least width that breaks no word of the text, nor the text itself up to `whole`."""
    size = cell_len(text)
    return size if size <= whole else max(map(cell_len, text.split()), default=0)
