"""A document as Markdown (CommonMark with tables): what a person typed comes out as text and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .inert import inert
from .words import cell, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medtrack.domain.document import Document, Section

    from .pictures import Line

_SAFE = {
    **{sign: f"\\{sign}" for sign in "\\`*_[]|~#"},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "@": "&#64;",
}
_LINK = re.compile(r"://|www\.", re.IGNORECASE)
_BEGINS_A_BLOCK = re.compile(r"(?=[-+=])|(?<=[0-9])(?=[.)])")
_FENCES = re.compile("`+")


def render(document: Document) -> str:
    """The whole page."""
    parts = [f"# {plain(document.title)}"]
    parts.append("\n".join(f"- {plain(name)}: {plain(value)}" for name, value in document.facts))
    for section in document.sections:
        parts += _entries(section) if document.is_one_page else _section(section)
    return "\n\n".join(parts) + "\n"


def _entries(section: Section) -> list[str]:
    """A section of a page whose entries are a list."""
    lines = [f"- {plain(line)}" for line in section.report.lines]
    return [f"## {plain(section.title)}", "\n".join(lines), *map(sentence, section.report.footer)]


def _section(section: Section) -> list[str]:
    report = section.report
    parts = [f"## {plain(section.title)}", *map(sentence, report.lines)]
    if report.timelines:
        from .timelines import timeline

        parts += [_fenced(timeline(each, "utf-8")) for each in report.timelines]
    columns = seen(report)
    if report.rows and columns:
        lines = [
            "| " + " | ".join(plain(column.title or " ") for column in columns) + " |",
            "| " + " | ".join("---:" if column.right else "---" for column in columns) + " |",
        ]
        for row in report.rows:
            lines.append("| " + " | ".join(plain(cell(column, row, "utf-8")) for column in columns) + " |")
        parts.append("\n".join(lines))
    elif not report.rows and report.empty:
        parts.append(sentence(report.empty))
    if report.pictures or report.curves:
        from .curves import curve
        from .pictures import calendar

        pictures = [calendar(each, "utf-8") for each in report.pictures]
        pictures += [curve(each, "utf-8") for each in report.curves]
        parts += map(_fenced, pictures)
    return [*parts, *map(sentence, report.footer)]


def _fenced(picture: Sequence[Line]) -> str:
    drawn = "\n".join("".join(span.text for span in line).rstrip() for line in picture)
    # A fence longer than any in a name of the person's.
    fence = "`" * (1 + max(2, *(len(run) for run in _FENCES.findall(drawn)), 0))
    return f"{fence}text\n{drawn}\n{fence}"


def sentence(text: str) -> str:
    """Text that stands at the beginning of a line, where a dash or a number would begin a list."""
    words = plain(text).strip()
    number = re.match("[0-9]*", words)
    at = number.end() if number else 0
    return f"{words[:at]}\\{words[at:]}" if _BEGINS_A_BLOCK.match(words, at) else words


def plain(text: str) -> str:
    """Text as Markdown shows it, sign by sign; addresses do not become links."""
    safe = "".join(_SAFE.get(sign, sign) for sign in inert(text))
    return _LINK.sub(lambda found: found[0].replace(":", "&#58;").replace(".", "&#46;"), safe)
