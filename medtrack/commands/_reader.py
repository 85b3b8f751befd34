"""What is printed, as the person reads it: on their clock, and with hints that name the record it is of."""

import re
from shlex import quote
from typing import TYPE_CHECKING

from medtrack.domain.report import Report
from medtrack.errors import MedtrackError, RecordVanished

if TYPE_CHECKING:
    from medtrack.deps import Deps
    from medtrack.domain.document import Document, Section
    from medtrack.services.chart import Chart

APP = "medtrack"
_TYPED = r"medtrack(?= (?!people add\b|people'|schema\b)[a-z])"
_HINT = re.compile(rf"(?<=[?:] ){_TYPED}|(?<=or ){_TYPED}|(?<=^  ){_TYPED}")
"""Where a sentence says what to type."""
_QUOTED = re.compile(rf"'{_TYPED}([^']*)'")
"""Where it stands in quotes."""
_LONGEST = 60
"""How long the name of a record may be for a page of so many lines; a longer path is said by a word."""


def as_read(chart: "Chart", report: Report) -> Report:
    """The report on the clock that the person reads; what scripts see of it stays as it is."""
    if not chart.is_on_twelve_hours:
        return report
    from medtrack.render.hours import report_on_twelve_hours

    return report_on_twelve_hours(report)


def as_read_document(chart: "Chart", document: "Document") -> "Document":
    """The document on the clock that the person reads."""
    if not chart.is_on_twelve_hours:
        return document
    from medtrack.render.hours import document_on_twelve_hours

    return document_on_twelve_hours(document)


def as_called(deps: "Deps", report: Report) -> Report:
    """The report with its hints for the record this command was about: 'medtrack undo' alone is another's."""
    called = _called(deps)
    if called == APP:
        return report

    def said(line: str) -> str:
        # What a person wrote is theirs.
        return line if line.startswith("Noted") else _named(line, called)

    return report._replace(
        lines=[said(line) for line in report.lines],
        footer=[said(line) for line in report.footer],
        empty=said(report.empty),
    )


def as_called_where_empty(deps: "Deps", chart: "Chart", report: Report) -> Report:
    """One of everybody's listings, with what is to be typed where it is empty for the record it is of."""
    if report.rows or "medtrack" not in report.empty:
        return report
    return report._replace(empty=_named(report.empty, deps.calling.of(chart.record.path)))


def as_called_refusal(deps: "Deps", refusal: MedtrackError) -> str:
    """The sentence of a refusal with its hints for the record this command was about."""
    called = _called(deps)
    if deps.wants_everyone and isinstance(refusal, RecordVanished):
        called = deps.calling.of(str(refusal.facts["path"]))
    return _named(str(refusal), called)


def _called(deps: "Deps") -> str:
    """What to type for the same record, quoted for a shell; without a name where all are asked about."""
    named = deps.db or deps.person
    if named is None or deps.wants_everyone:
        return APP
    return f"{APP} {'--db' if deps.db else '--person'} {quote(named)}"


def _named(line: str, called: str) -> str:
    # A name in quotes of its own stands within the other kind.
    mark = '"' if "'" in called else "'"
    quoted = _QUOTED.sub(lambda found: f"{mark}{called}{found[1]}{mark}", line)
    return _HINT.sub(lambda _: called, quoted)


def as_called_document(deps: "Deps", chart: "Chart", document: "Document") -> "Document":
    """The document with its hints for the record it is about; those among a person's own words stay."""
    called = deps.calling.of(chart.record.path) if deps.wants_everyone else _called(deps)
    if called == APP:
        return document
    if document.is_one_page and len(called) > _LONGEST:
        called = f"{APP} --db FILE" if " --db " in called else f"{APP} --person NAME"
    return document._replace(sections=[_section_called(each, called) for each in document.sections])


def _section_called(section: "Section", called: str) -> "Section":
    def said(line: str) -> str:
        return _named(line, called)

    report, more = section.report, section.more
    if more is not None:
        more = more._replace(command=more.command.replace(APP, called, 1))
    told = report._replace(footer=[said(line) for line in report.footer], empty=said(report.empty))
    return section._replace(report=told, more=more)
