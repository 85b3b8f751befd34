"""A document in the face asked for: the page for a file, or for a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medtrack.domain.report import Report

if TYPE_CHECKING:
    from medtrack.domain.document import Document

ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "pdf": "pdf", "json": "json", "csv": "csv"}
"""The faces a document has, and how the names of their files end."""


def page(document: Document, face: str, encoding: str = "utf-8") -> str:
    """The document in any face but PDF."""
    if face not in ("json", "csv"):
        document = _set(document)
    if face == "html":
        from . import as_html

        return as_html.render(document)
    if face == "markdown":
        from . import as_markdown

        return as_markdown.render(document)
    if face == "json":
        from . import as_json

        return as_json.render(document.data, encoding)
    if face == "csv":
        from . import as_csv

        return as_csv.render(document.table)
    from . import as_text

    return text(document, encoding, lambda report: as_text.render(report, encoding))


def _set(document: Document) -> Document:
    """The document as people get it: of one that is one page, what fits on it."""
    if not document.is_one_page:
        told = [section._replace(report=section.report.for_people) for section in document.sections]
        return document._replace(sections=told)
    from . import one_page

    return one_page.fitted(document)


def file(document: Document, face: str) -> bytes:
    """The document as the bytes of a file. Raises UsageRefused where PDF is asked for and cannot be made."""
    if face == "pdf":
        from . import as_pdf

        return as_pdf.render(_set(document))
    return page(document, face).encode()


def text(document: Document, encoding: str, render: Callable[[Report], str], width: int | None = None) -> str:
    """The document as text: headings underlined, each part as `render` sets a report.

    `width` is of the terminal that it is for, where it is for one.
    """
    if document.is_one_page:
        from . import one_page

        return one_page.text(document, encoding, width)

    def heading(title: str, line: str) -> str:
        told = render(Report(document.kind, lines=[title])).splitlines()
        return "\n".join([*told, line * max(map(len, told))])

    head = heading(document.title, "=")
    facts = render(Report(document.kind, lines=[f"{name}: {value}" for name, value in document.facts]))
    sections = (
        f"{heading(section.title, '-')}\n{render(section.report)}".rstrip("\n")
        for section in document.sections
    )
    return "\n\n".join([f"{head}\n{facts}".rstrip("\n"), *sections]) + "\n"
