"""A document as data: who and when, then sections of sentences, tables and pictures, for any face to set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .report import Cells, Report


class Section(NamedTuple):
    """One part of a document under its own heading."""

    key: str
    """The name under which scripts find its rows: a promise."""
    title: str
    report: Report
    """Its sentences, its table and its pictures."""
    caption: str = ""
    """What must be known to read its table, beyond the title."""


class Document(NamedTuple):
    """Something to hand over: a heading, what it is about, and its sections in order."""

    kind: str
    title: str
    person: str
    facts: Sequence[tuple[str, str]]
    """Name and value of what stands at its head: whose it is, the window, when it was made."""
    sections: Sequence[Section]
    main: str
    """The key of the section whose rows are the rows of the document for scripts."""
    meta: Cells
    """Further keys for scripts."""

    @property
    def data(self) -> Report:
        """The document for scripts: the rows of its main section, those of the others in the meta."""
        found = {section.key: section.report for section in self.sections}
        others = {
            key: [
                {column.key: row.get(column.key) for column in report.columns if not column.bar}
                for row in report.rows
            ]
            for key, report in found.items()
            if key != self.main and report.columns
        }
        main = found[self.main]
        return Report(self.kind, main.columns, main.rows, {**self.meta, **others})
