"""A report or a document on the 12-hour clock, for people; its rows, and so JSON and CSV, stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from medtrack.domain.clock_face import on_twelve_hours

from .words import words

if TYPE_CHECKING:
    from medtrack.domain.curves import Mark
    from medtrack.domain.document import Document
    from medtrack.domain.report import Column, Report, Row

_OWN = frozenset({
    "note", "text", "reason", "summary", "did", "decided", "response", "why", "watch", "missed", "call",
    "asked", "name", "medication", "given_by", "decided_by", "said_by", "file", "record", "kept",
})  # fmt: skip
"""The keys under which a row has words of the person's own, or what was written down as it stands."""
_TYPED = frozenset(("value", "commands"))
"""Those of what is typed: a setting is shown as it is set."""


def report_on_twelve_hours(report: Report) -> Report:
    """The report with its sentences and cells on the 12-hour clock."""
    own = sorted({text for row in report.rows for text in _own(row)})

    def told(texts: Sequence[str]) -> list[str]:
        return [on_twelve_hours(text, own) for text in texts]

    return report._replace(
        lines=told(report.lines),
        footer=told(report.footer),
        empty=on_twelve_hours(report.empty),
        columns=[_column(column) for column in report.columns],
        curves=[each._replace(marks=_marks(each.marks)) for each in report.curves],
        timelines=[each._replace(marks=_marks(each.marks)) for each in report.timelines],
        tables=[report_on_twelve_hours(each) for each in report.tables],
    )


def _marks(marks: Sequence[Mark]) -> list[Mark]:
    return [mark._replace(words=on_twelve_hours(mark.words)) for mark in marks]


def document_on_twelve_hours(document: Document) -> Document:
    """The document with its head and its sections on the 12-hour clock."""
    return document._replace(
        facts=[(name, on_twelve_hours(value)) for name, value in document.facts],
        sections=[
            section._replace(
                report=report_on_twelve_hours(section.report), caption=on_twelve_hours(section.caption)
            )
            for section in document.sections
        ],
    )


def _column(column: Column) -> Column:
    is_as_written = column.key in _OWN or (column.key in _TYPED and column.show is None)
    if column.bar or column.title is None or is_as_written:
        return column

    def show(row: Row) -> str:
        said = words(row.get(column.key)) if column.show is None else column.show(row)
        return on_twelve_hours(said, _own(row))

    def short(row: Row) -> str:
        return "" if column.short is None else on_twelve_hours(column.short(row), _own(row))

    return column._replace(show=show, short=None if column.short is None else short)


def _own(part: object) -> Iterator[str]:
    """The person's own words in a row, also in what lies inside of it."""
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if isinstance(value, str) and key in _OWN and ":" in value:
            yield value
        elif isinstance(value, dict):
            yield from _own(value)
