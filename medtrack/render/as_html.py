"""A document as one HTML file: self-contained, without script, for a screen, a screen reader and paper.

Nothing is loaded from anywhere, and the page's own policy forbids it. Everything a person typed is escaped
text. Pictures have a title, a description and their table in words; on paper table heads repeat, rows are
never cut, and pages are numbered, on A4 as on Letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from medtrack.domain.curves import describe, letters_of
from medtrack.domain.pictures import STATES, Calendar

from . import svg, svg_curve, svg_timeline
from .inert import inert
from .words import cell, seen

if TYPE_CHECKING:
    from medtrack.domain.curves import Curve
    from medtrack.domain.document import Document, Section
    from medtrack.domain.report import Column, Report, Row

_STYLE = Path(__file__).with_name("report.css")
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2})?\b")
_SHORT = 8
"""Rows up to which a table stays on one page with its heading."""
_LONG = 24
"""Letters of a word that may be broken anywhere."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(document: Document) -> str:
    """The whole page."""
    style = _STYLE.read_text(encoding="utf-8")
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_text(document.title)}</title>",
        f"<style>\n{style.replace('RUNNING', _css_text(document.running))}</style>\n</head>",
        '<body class="sheet">' if document.is_one_page else "<body>",
        f"<header>\n<h1>{_text(document.title)}</h1>\n<dl>",
        *(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in document.facts),
        "</dl>\n</header>\n<main>",
        *(_section(section) for section in document.sections),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _section(section: Section) -> str:
    report, key = section.report, section.key.replace("_", "-")
    drawn = report.pictures or report.timelines
    short = ' class="short"' if len(report.rows) <= _SHORT and not drawn else ""
    parts = [f'<section aria-labelledby="{key}"{short}>', f'<h2 id="{key}">{_text(section.title)}</h2>']
    parts += _sentences(report.lines)
    for number, timeline in enumerate(report.timelines, start=1):
        parts += svg_timeline.figure(timeline, f"timeline-{number}")
    columns = seen(report)
    if report.rows and columns:
        parts.append(_table(report, columns, section, key))
    elif not report.rows and report.empty:
        parts += _sentences([report.empty])
    if report.pictures:
        parts += _figures(report.pictures)
    if report.curves:
        parts += _curves(report.curves)
    parts += [*_sentences(report.footer), "</section>"]
    return "\n".join(parts)


def _sentences(texts: Iterable[str]) -> list[str]:
    return [f"<p>{_text(text)}</p>" for text in texts]


def _table(report: Report, columns: Sequence[Column], section: Section, key: str) -> str:
    # A caption that says no more than the heading is for those who come to the table from elsewhere.
    unseen = "" if section.caption else ' class="unseen"'
    heads = "".join(f'<th scope="col"{_kind(column)}>{_heading(column)}</th>' for column in columns)
    parts = [
        f'<div class="scroll" role="group" aria-labelledby="{key}-caption" tabindex="0">',
        f'<table>\n<caption id="{key}-caption"{unseen}>{_text(section.caption or section.title)}</caption>',
        f"<thead><tr>{heads}</tr></thead>\n<tbody>",
    ]
    for row in report.rows:
        first, *others = columns
        cells = "".join(_cell(column, row) for column in others)
        parts.append(f"<tr>{_cell(first, row, is_head=True)}{cells}</tr>")
    return "\n".join([*parts, "</tbody>\n</table>\n</div>"])


def _heading(column: Column) -> str:
    if column.bar:
        return '<span class="unseen">As a bar</span>'
    return _text(column.title or "")


def _kind(column: Column) -> str:
    if column.bar:
        return ' class="bar"'
    return ' class="number"' if column.right else ""


def _cell(column: Column, row: Row, *, is_head: bool = False) -> str:
    """A cell with its tag; dates are never broken, and only a word too long for any page is."""
    if column.bar:
        return f'<td class="bar">{svg.bar(row.get(column.key))}</td>'
    told = cell(column, row, "utf-8")
    is_long = any(len(word) > _LONG for word in told.split())
    names = " ".join(name for name, holds in (("number", column.right), ("long", is_long)) if holds)
    mark = f' class="{names}"' if names else ""
    words = _DATE.sub(lambda found: f"<time>{found[0]}</time>", escape(told).replace(" %", "&nbsp;%"))
    return f'<th scope="row"{mark}>{words}</th>' if is_head else f"<td{mark}>{words}</td>"


def _figures(pictures: Sequence[Calendar]) -> list[str]:
    present = [state for state in STATES if any(state in picture.states.values() for picture in pictures)]
    parts = ['<ul class="legend" aria-label="What the signs mean">']
    parts += [f"<li>{svg.swatch(state)}{STATES[state]}</li>" for state in present]
    parts += ["</ul>", '<div class="figures">']
    for number, picture in enumerate(pictures, start=1):
        parts += [
            "<figure>",
            f"<figcaption>{_text(picture.title)}</figcaption>",
            svg.calendar(picture, f"calendar-{number}"),
            f"<p>{_text(svg.summary(picture))}</p>",
            f"<details><summary>{_text(picture.title)} in words</summary>",
            _days(picture),
            "</details>\n</figure>",
        ]
    return [*parts, "</div>"]


def _curves(curves: Sequence[Curve]) -> list[str]:
    """Each curve with its letters and itself in words; its values stand in the table above."""
    parts = ['<div class="figures">']
    for number, curve in enumerate(curves, start=1):
        parts += [
            f"<figure>\n<figcaption>{_text(curve.title)}</figcaption>",
            svg_curve.curve(curve, f"curve-{number}"),
            *_sentences([*letters_of(curve), describe(curve)]),
            "</figure>",
        ]
    return [*parts, "</div>"]


def _days(picture: Calendar) -> str:
    """A calendar as a table, a row for each week."""
    names = "".join(f'<th scope="col">{name}</th>' for name in picture.weekdays)
    what = "Doses taken of those planned" if picture.of == "dose" else "Days right of those that count"
    parts = [
        f"<table>\n<caption>{_text(picture.title)}, the days and weeks in words</caption>",
        f'<thead><tr><th scope="col">Week from</th>{names}<th scope="col">{what}</th></tr></thead>\n<tbody>',
    ]
    for first, week in zip(picture.columns, picture.weeks, strict=True):
        days = [picture.state_on(first + timedelta(at)) for at in range(7)]
        cells = "".join(f"<td>{'' if state is None else STATES[state]}</td>" for state in days)
        share = f"{week.part} of {week.whole}" if week.whole else ""
        parts.append(f'<tr><th scope="row">{week.since}</th>{cells}<td>{share}</td></tr>')
    return "\n".join([*parts, "</tbody>\n</table>"])


def _text(words: str) -> str:
    return escape(inert(words))


def _css_text(words: str) -> str:
    """Words as a CSS string that can end neither itself nor the style sheet around it."""
    plain = (sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in inert(words))
    return f'"{"".join(plain)}"'
