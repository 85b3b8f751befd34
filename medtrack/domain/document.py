"""A document as data: who and when, then sections of sentences, tables and pictures, for any face to set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .report import Cells, Column, Report


class More(NamedTuple):
    """Where all of a section is to be seen, for what a page has no room for."""

    what: str
    """What one entry is called: 'note'."""
    command: str


class Section(NamedTuple):
    """One part of a document under its own heading."""

    key: str
    """The name under which scripts find its rows: a promise."""
    title: str
    report: Report
    """Its sentences, its table and its pictures."""
    caption: str = ""
    """What must be known to read its table, beyond the title."""
    more: More | None = None


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
    tabled: Sequence[str] = ()
    """The keys of the sections whose rows follow those of the main one where there is only one table."""
    foremost: Sequence[str] = ()
    """The keys of the sections that get room on one page before the others do, beside the main one."""
    is_one_page: bool = False
    """Whether people get one page of it: the sentences of its sections, as many as there is room for."""

    @property
    def running(self) -> str:
        """What stands at the foot of every page: the title, and the days where they are a window."""
        return ", ".join([self.title, *(value for name, value in self.facts if name == "Window")])

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

    @property
    def table(self) -> Report:
        """The document as one table: the rows of its main section, then those of `tabled`.

        `section` says whose a row is. A column that two have is one; what a row has nothing for is empty.
        """
        found = {section.key: section.report for section in self.sections}
        columns = {column.key: column for column in found[self.main].columns}
        columns["section"] = Column("section")
        rows: list[Cells] = []
        for key in (self.main, *self.tabled):
            own = [column for column in found[key].columns if not column.bar]
            columns |= {column.key: Column(column.key) for column in own if column.key not in columns}
            rows += [
                {**{each.key: row.get(each.key) for each in own}, "section": key} for row in found[key].rows
            ]
        return Report(self.kind, tuple(columns.values()), rows, self.meta)
