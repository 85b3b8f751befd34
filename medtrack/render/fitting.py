"""A listing as a screen of some width shows it: in columns, or where those do not fit, row by row in words.

Whoever reads by ear, or with a magnifier, has one line after the other. So no cell but the last of a row is
ever folded: the parts of several cells would come mixed. Where not every column fits, first the bars go,
whose numbers stand beside them, then columns in which nothing stands, then cells are said shorter; what fits
then is a table. Else each row is told as 'Title: value; Title: value', folded between these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .folding import NARROWEST, fold, size
from .words import cell, heading, seen

if TYPE_CHECKING:
    from medtrack.domain.report import Column, Report, Row

GAP = 2
"""Blanks between two columns."""
_ROOMY, _TIGHT = 24, 12
"""The least width to which the last column is folded, before cells are said shorter, and after."""
_INDENT = "  "
_UNINDENTED = 20
"""Below so many columns nothing is indented."""
_BETWEEN = "; "


class Pair(NamedTuple):
    """A heading and a cell of a row told in words."""

    title: str
    """With its colon, and what parts it from the pair before it on its line."""
    value: str


class Fitted(NamedTuple):
    """The columns that are shown, and how wide each is; without widths its rows are to be told in words."""

    titles: list[str]
    rights: list[bool]
    rows: list[list[str]]
    widths: list[int]

    def without(self, is_kept: Callable[[int], bool]) -> Fitted:
        """The same with some of its columns."""
        kept = [at for at in range(len(self.titles)) if is_kept(at)]
        return Fitted(
            [self.titles[at] for at in kept],
            [self.rights[at] for at in kept],
            [[row[at] for at in kept] for row in self.rows],
            [],
        )

    def fit(self, width: int, least: int | None) -> list[int]:
        """The width of each column, the last as narrow as `least` where one is given; empty without room."""
        widths = [max(map(size, told)) for told in zip(self.titles, *self.rows, strict=True)]
        over = sum(widths) + GAP * (len(widths) - 1) - width
        if over <= 0:
            return widths
        if least is None or self.rights[-1]:
            return []
        words = (word for told in (self.titles[-1], *(row[-1] for row in self.rows)) for word in told.split())
        last = widths[-1] - over
        return [*widths[:-1], last] if last >= max(least, max(map(size, words), default=0)) else []


def fitted(report: Report, encoding: str, width: int) -> Fitted:
    """The rows and columns of a listing as they fit into so many columns of a screen."""
    columns = seen(report)
    width = max(width, NARROWEST)
    for view, least in _views(columns, report.rows, encoding):
        widths = view.fit(width, least) if view.titles else []
        if widths:
            return view._replace(widths=widths)
    return _grid([column for column in columns if not column.bar], report.rows, encoding)


def _views(
    columns: Sequence[Column], rows: Sequence[Row], encoding: str
) -> Iterator[tuple[Fitted, int | None]]:
    whole = _grid(columns, rows, encoding)
    yield whole, None
    bare = whole.without(lambda at: not columns[at].bar)
    yield bare, None
    full = _filled(bare)
    yield full, None
    yield full, _ROOMY
    if any(column.short for column in columns):
        short = [column._replace(show=column.short or column.show) for column in columns if not column.bar]
        full = _filled(_grid(short, rows, encoding))
        yield full, None
        yield full, _TIGHT


def _grid(columns: Sequence[Column], rows: Sequence[Row], encoding: str) -> Fitted:
    return Fitted(
        [heading(column, encoding) for column in columns],
        [column.right for column in columns],
        [[cell(column, row, encoding) for column in columns] for row in rows],
        [],
    )


def _filled(grid: Fitted) -> Fitted:
    """The columns in which anything stands."""
    return grid.without(lambda at: any(row[at] for row in grid.rows))


def told(grid: Fitted, row: Sequence[str], width: int) -> list[list[Pair]]:
    """A row in words, as lines of pairs; of cells in which nothing stands it says nothing.

    A pair that is wider than the screen is folded by itself.
    """
    lines: list[list[Pair]] = []
    width, room = max(width, NARROWEST), 0
    hanging = _INDENT if width >= _UNINDENTED else ""
    for title, value in zip(grid.titles, row, strict=True):
        if not value:
            continue
        pair = Pair(f"{title}: " if title else "", value)
        needs = size(pair.title) + size(value)
        if lines and needs + len(_BETWEEN) <= room:
            lines[-1].append(Pair(f"{_BETWEEN}{pair.title}", value))
            room -= needs + len(_BETWEEN)
            continue
        indent = hanging if lines else ""
        room = width - len(indent) - needs
        parts = fold(f"{indent}{pair.title}{value}", width, hanging)
        lines.append([_begun(parts[0], f"{indent}{pair.title}")])
        lines += [[Pair("", part)] for part in parts[1:]]
        room = room if len(parts) == 1 else width - size(parts[-1])
    return lines or [[Pair("", "")]]


def _begun(line: str, title: str) -> Pair:
    return Pair(title, line[len(title) :]) if line.startswith(title) else Pair("", line)
