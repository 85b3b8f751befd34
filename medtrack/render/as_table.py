"""The report as a table for a terminal, drawn with Rich; the only file that loads Rich whole.

Nothing is cut short: where the screen is too narrow for a table each row is told as `Title: value; Title:
value` (see `fitting`). User text reaches Rich as finished Text, so markup and emoji codes stay as typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .fitting import fitted, told
from .folding import NARROWEST
from .inert import carried
from .words import seen, sentence

if TYPE_CHECKING:
    from medtrack.domain.report import Report

    from .pictures import Line

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
    _print(console, report.for_people, encoding)
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
        _draw(console, report, encoding)
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


def _draw(console: Console, report: Report, encoding: str) -> None:
    grid = fitted(report, encoding, console.width)
    if not grid.widths:
        for row in grid.rows:
            for line in told(grid, row, console.width):
                parts = [part for pair in line for part in ((pair.title, "bold"), pair.value)]
                console.print(Text.assemble(*parts), overflow="fold", crop=False)
        return
    table = Table(
        box=box.SIMPLE_HEAD if carried("─", encoding) == "─" else _ASCII_HEAD,
        show_header=any(grid.titles),
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for title, is_right, width in zip(grid.titles, grid.rights, grid.widths, strict=True):
        table.add_column(Text(title), justify="right" if is_right else "left", width=width, overflow="fold")
    for row in grid.rows:
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
