"""What a service hands to the render room: typed rows under named columns, and sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .curves import Curve
    from .pictures import Calendar
    from .timeline import Timeline

Row = Mapping[str, Any]
"""The cells of one row by key, typed as `Report` says."""
Cells = dict[str, Any]
"""A row being made."""

UNDO = "Not right? medtrack undo"
"""How the receipt of what was written down ends."""


class Column(NamedTuple):
    """One field of a listing."""

    key: str
    """Its name in JSON and CSV: a promise to scripts."""
    title: str | None = None
    """Its heading for people; None keeps it to the machine faces."""
    show: Callable[[Row], str] | None = None
    """The cell as people read it, made from the whole row; None shows the value in plain words."""
    right: bool = False
    """Numbers are set flush right."""
    bar: bool = False
    """For people alone: the value, a share or a list of them, drawn. Its numbers stand in a column beside."""
    short: Callable[[Row], str] | None = None
    """The cell where a screen is too narrow for it whole; what it leaves out is said in another column, or
    follows from it."""


class Report(NamedTuple):
    """A listing or a receipt.

    Cell values are typed: `str`, `int`, `bool`, `None`, `Fraction` (a ratio), `Amount`, aware `datetime`
    already in the zone to be shown, `date`, `time`, `timedelta`, and lists or dicts of these.
    """

    kind: str
    """The `kind` of the JSON envelope."""
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    meta: Mapping[str, Any] = {}
    """Further keys of the JSON envelope."""
    lines: Sequence[str] = ()
    """Sentences for people, before the rows."""
    footer: Sequence[str] = ()
    """Sentences for people, after the rows: what was counted, and by which rule."""
    empty: str = ""
    """What people read where there are no rows."""
    pictures: Sequence[Calendar] = ()
    """What people see between the rows and the last sentences; scripts find it in the meta or the rows."""
    curves: Sequence[Curve] = ()
    """Measures over time, in the same place; scripts have the rows."""
    timelines: Sequence[Timeline] = ()
    """What people see before the rows: everything on one axis."""
    tables: Sequence[Report] = ()
    """Further listings beneath the rows and pictures; scripts find their rows in the meta."""
    folded: Sequence[Row] | None = None
    """What people read in place of the rows, where several are told as one; scripts have each."""

    @property
    def for_people(self) -> Report:
        """What people read: rows told as one where they are, and no further listing that has nothing to tell.

        The title of a listing without rows would stand there alone, unless it says in words that it is empty.
        """
        tables = [each.for_people for each in self.tables if each.rows or each.empty]
        rows = self.rows if self.folded is None else self.folded
        return self._replace(rows=rows, folded=None, tables=tables)


def _above(name: str, report: Report) -> list[str]:
    """What stands above a listing, with whose it is; under that, where the listing is empty, that it is."""
    empty = [report.empty] if report.lines and report.empty and not report.rows else []
    return [line if name in line else f"{name}: {line}" for line in (*report.lines, *empty)]


def combined(reports: Sequence[tuple[str, Report]]) -> Report:
    """The same listing of several people as one, each row with its `person`, also those in the meta.

    Counts in the meta add up; what else differs between people is left out.
    """
    first = reports[0][1]
    # What is said of everyone alike is said once, the rest of whom it is about.
    everyone = [line for line in first.footer if all(line in report.footer for _, report in reports)]
    others = [f"{name}: {line}" for name, report in reports for line in report.footer if line not in everyone]
    rows = [{"person": person, **row} for person, report in reports for row in report.rows]
    told = [{"person": person, **row} for person, report in reports for row in report.for_people.rows]
    meta: dict[str, object] = {}
    for key, value in first.meta.items():
        values = [report.meta[key] for _, report in reports]
        if isinstance(value, int) and not isinstance(value, bool):
            meta[key] = sum(each for each in values if isinstance(each, int))
        elif isinstance(value, list):
            meta[key] = [
                {"person": person, **each} if isinstance(each, Mapping) else each
                for person, report in reports
                for each in report.meta[key]
            ]
        elif all(each == value for each in values):
            meta[key] = value
    # Where a picture stands for the rows, people see none of them.
    is_seen = any(column.title is not None for column in first.columns)
    return first._replace(
        columns=(Column("person", "Person" if is_seen else None), *first.columns),
        rows=rows,
        folded=told if any(report.folded is not None for _, report in reports) else None,
        meta={"people": [person for person, _ in reports], **meta},
        lines=[line for name, report in reports for line in _above(name, report)],
        footer=[*everyone, *others],
        # Where it stands under each name already, it is not said once more.
        empty="" if any(report.lines for _, report in reports) else first.empty,
        pictures=[
            picture._replace(title=f"{person}: {picture.title}")
            for person, report in reports
            for picture in report.pictures
        ],
        curves=[
            curve._replace(title=f"{person}: {curve.title}")
            for person, report in reports
            for curve in report.curves
        ],
        timelines=[
            timeline._replace(title=f"{person}: {timeline.title}")
            for person, report in reports
            for timeline in report.timelines
        ],
        tables=[
            table._replace(lines=[f"{person}: {line}" for line in table.lines])
            for person, report in reports
            for table in report.tables
        ],
    )
