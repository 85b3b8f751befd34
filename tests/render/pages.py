"""A document whose every text is one that a test chooses, and what reads an HTML page back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from html.parser import HTMLParser

from medtrack.domain.document import Document, Section
from medtrack.domain.pictures import STATES, Calendar, Share
from medtrack.domain.report import Column, Report

VOID = {"meta", "link", "img", "br", "hr", "input"}


def document(text: str, rows: int = 2) -> Document:
    """Every place of a document that can hold a person's words holds this text."""
    day = date(2026, 2, 9)
    states = {day + timedelta(n): list(STATES)[n % len(STATES)] for n in range(12)}
    weeks = [Share(day, day + timedelta(6), 3, 4), Share(day + timedelta(7), day + timedelta(11), 0, 0)]
    table = Report(
        "t",
        [
            Column("a", "Name"),
            Column("b", "Note"),
            Column("bar", "", bar=True),
            Column("n", "Number", right=True),
        ],
        [{"a": text, "b": text, "bar": Fraction(1, 3), "n": number} for number in range(rows)],
        lines=[text],
        footer=[text],
    )
    picture = Report(
        "c",
        [Column("k")],
        [{"k": 1}],
        pictures=[Calendar(text, day, day + timedelta(13), states, weeks, "dose")],
    )
    return Document(
        "report",
        f"Report: {text}",
        text,
        [("Person", text), ("Window", "2026-02-09 to 2026-03-10")],
        [
            Section("main", text, table, text),
            Section("calendar", "Days", picture),
            Section("none", "Nothing", Report("n", empty=text or "none")),
        ],
        "main",
        {"person": text, "made_at": datetime(2026, 3, 10, 9, tzinfo=UTC)},
    )


def sections(number: int) -> Document:
    """So many sections of every kind and length, each called 'Heading N', so that pages end anywhere in them."""
    whole = document("plain")
    table, picture = whole.sections[0].report, whole.sections[1].report

    def made(at: int) -> Section:
        rows = [table.rows[0]] * (at * 7 % 23)
        report = (
            table._replace(rows=rows, empty="Nothing here."),
            table._replace(rows=rows, lines=(), footer=()),
            Report("s", lines=[f"A sentence of {at}."] * (at % 4 + 1)),
            picture,
            table._replace(rows=[{**table.rows[0], "b": "long words " * 60}], lines=()),
        )[at % 5]
        return Section(f"s{at}", f"Heading {at}", report, "Caption" if at % 3 else "")

    return whole._replace(sections=[*map(made, range(number)), whole.sections[0]])


def ends_of_pages(texts: Iterable[str]) -> list[str]:
    """The last line of every page but the last, above its foot."""
    found = []
    for text in [*texts][:-1]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found.append([line for line in lines if not re.match(r"Report: plain|Page \d", line)][-1])
    return found


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""
    """All the text inside, that of its descendants too."""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """The descendants of this tag, in order."""
        found = []
        for child in self.children:
            found += [child] * (child.tag == tag) + child.all(tag)
        return found


class Page(HTMLParser):
    """A page as elements; refuses what is not closed in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)
        self.everything: list[Element] = []
        self.comments: list[str] = []
        self.feed(source)
        self.close()
        if self.here is not self.root:
            raise ValueError(f"<{self.here.tag}> is not closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            raise ValueError(f"<{tag}> has an attribute twice")
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        self.everything.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.here
        self.handle_starttag(tag, attrs)
        self.here = parent

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            raise ValueError(f"</{tag}> closes <{self.here.tag}>")
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        at: Element | None = self.here
        while at is not None:
            at.text += data
            at = at.parent

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
