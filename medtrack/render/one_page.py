"""What fits on one page, and what is said of the rest: nothing is left out silently.

A page has 60 lines of 80 signs, which A4 and Letter both hold at 10 points with usual margins. A section has
its label at the left. What comes first has all its entries where there is room. Each other section gets its
first entry, then each its second, and so on, while there is room; what is left out is counted, with the
command that shows it. An entry that is very long is cut, and that is said in the same place; where room is
left in the end, it is made longer again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .folding import NARROWEST, fold
from .inert import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medtrack.domain.document import Document, Section

LINES, COLUMNS = 60, 80
_LABEL = 14
_ROOM = COLUMNS - _LABEL
_USUAL = 5
"""Lines of an entry as most are; a longer one gets more where room is left in the end."""
_LONGEST = (
    *((True, _USUAL, most) for most in (5, 4, 3, 2, 1)),
    *((True, most, 1) for most in (4, 3, 2, 1)),
    *((False, most, most) for most in (1, 0)),
)
"""Lines of an entry at most, of what comes first and of all else: the first of these for which there is room.

There must be room for the first entry of every section, and with True for all of what comes first. With 0
there is no room even for that: a section may have its count alone.
"""
_ENDS = "…"
_HEAD = 4
"""Lines of one fact at the head at most."""


def fitted(document: Document, encoding: str = "utf-8") -> Document:
    """The document with as many entries of each section as a page has room for."""
    room = LINES - len(_head(document, encoding))
    sections = [_Fitting(section, encoding) for section in document.sections]
    # What the page is about comes first: a medicine or an allergy is not to give way to a remark.
    first = [each for each in sections if each.key in (document.main, *document.foremost)]
    for is_whole, most, most_of_others in _LONGEST:
        for each in sections:
            if each in first:
                each.begin(most, is_whole=is_whole)
            else:
                each.begin(most_of_others)
        if sum(each.height() for each in sections) <= room:
            break
    left = room - sum(each.height() for each in sections)
    # A line that says what was cut may take as much room as what was.
    for each in (*first, *sections):
        left -= each.lengthen(left, _USUAL)
    for some in (first, sections):
        left = _grown(some, left)
        for each in some:
            left -= each.lengthen(left)
    return document._replace(sections=[each.section for each in sections])


def _grown(sections: Sequence[_Fitting], left: int) -> int:
    """Give each its next entry in turn, while there is room; how many lines are left then."""
    is_growing = True
    while is_growing:
        is_growing = False
        for each in sections:
            grown = each.growth()
            if grown is not None and grown <= left:
                each.grow()
                left -= grown
                is_growing = True
    return left


def text(document: Document, encoding: str, width: int | None = None) -> str:
    """The page as text: the labels at the left, an empty line between sections where there is room.

    On a terminal narrower than the page the same is told in longer columns, each label above what it is of.
    """
    document = fitted(document, encoding)
    if width is not None and width < COLUMNS:
        return _narrow(document, encoding, max(width, NARROWEST))
    head = _head(document, encoding)
    blocks = [_block(section, encoding) for section in document.sections]
    is_airy = len(head) + sum(map(len, blocks)) + len(blocks) <= LINES
    lines = list(head)
    for number, block in enumerate(blocks):
        lines += [""] if is_airy and number else []
        lines += block
    return "\n".join(lines) + "\n"


def _narrow(document: Document, encoding: str, width: int) -> str:
    title = fold(readable(document.title, encoding), width)
    lines = [*title, "=" * max(map(len, title))]
    for name, value in document.facts:
        told = value if name == "Redacted" else _cut(value, _HEAD, encoding)[0]
        lines += _folded(f"{name}: {told}", encoding, width)
    for section in document.sections:
        lines += ["", *fold(readable(section.title, encoding), width)]
        for each in (*section.report.lines, *section.report.footer):
            lines += [f"  {line}" for line in _folded(each, encoding, width - 2)]
    return "\n".join(lines) + "\n"


def _head(document: Document, encoding: str) -> list[str]:
    title = readable(document.title, encoding)
    lines = [title, "=" * len(title)]
    for name, value in document.facts:
        # What was taken out is bounded, and is said whole.
        most = None if name == "Redacted" else _HEAD
        lines += _labelled(name, [_cut(value, most, encoding)[0]], encoding)
    return [*lines, ""]


def _block(section: Section, encoding: str) -> list[str]:
    return _labelled(section.title, [*section.report.lines, *section.report.footer], encoding)


def _labelled(label: str, texts: Sequence[str], encoding: str) -> list[str]:
    lines = [line for each in texts for line in _folded(each, encoding)]
    names = [_folded_label(label, encoding), *[""] * len(lines)]
    return [f"{name:<{_LABEL}}{line}".rstrip() for name, line in zip(names, lines, strict=False)]


def _folded_label(label: str, encoding: str) -> str:
    return readable(label, encoding)[: _LABEL - 1]


def _folded(sentence: str, encoding: str, room: int = _ROOM) -> list[str]:
    """A sentence as lines; what follows its first line stands a little in, so that entries are told apart."""
    return fold(" ".join(readable(sentence, encoding).split()), room, rest="  ")


def _cut(sentence: str, most: int | None, encoding: str) -> tuple[str, bool]:
    """A sentence in so many lines at most, and whether it was cut."""
    lines = _folded(sentence, encoding)
    if most is None or len(lines) <= most:
        return sentence, False
    kept = " ".join(line.strip() for line in lines[:most])
    ends = readable(_ENDS, encoding)
    while len(_folded(f"{kept}{ends}", encoding)) > most:
        kept = kept[:-1]
    return f"{kept.rstrip()}{_ENDS}", True


class _Fitting:
    """A section while it is found out how much of it there is room for."""

    def __init__(self, section: Section, encoding: str) -> None:
        self.key = section.key
        self._whole = section
        self._encoding = encoding
        self._entries: list[tuple[str, bool]] = []
        self._shown = 0

    def begin(self, longest: int, *, is_whole: bool = False) -> None:
        """Show the first entry alone or all, and each in so many lines at most; with 0, none yet."""
        self._entries = [_cut(each, max(1, longest), self._encoding) for each in self._whole.report.lines]
        self._shown = len(self._entries) if is_whole else min(1, longest, len(self._entries))

    def _lines(self, shown: int) -> list[str]:
        said = [text for text, _ in self._entries[:shown]]
        more = self._more(shown)
        return [*said, *([more] if more else [])]

    def _more(self, shown: int) -> str:
        """What is not there, and the command that shows it."""
        left = len(self._entries) - shown
        cut = sum(is_cut for _, is_cut in self._entries[:shown])
        what, command = self._whole.more or ("entry", "medtrack report")
        told = [f"{left:,}{' more' if shown else ''} {_several(what, left)}"] if left else []
        told += [f"{cut:,} shortened here"] if cut else []
        return f"{', '.join(told)}: {command}" if told else ""

    def height(self, shown: int | None = None) -> int:
        """Lines of the page that it takes."""
        texts = [*self._lines(self._shown if shown is None else shown), *self._whole.report.footer]
        return sum(len(_folded(each, self._encoding)) for each in texts)

    def growth(self) -> int | None:
        """How many lines one more entry takes; None where all are there."""
        if self._shown == len(self._entries):
            return None
        return self.height(self._shown + 1) - self.height()

    def grow(self) -> None:
        """Show one more entry."""
        self._shown += 1

    def lengthen(self, left: int, longest: int = LINES) -> int:
        """Give the entries that were cut so many more lines, up to the longest; how many that took."""
        taken = 0
        for number, (_, is_cut) in enumerate(self._entries[: self._shown]):
            if is_cut:
                taken += self._lengthen(number, left - taken, longest)
        return taken

    def _lengthen(self, number: int, left: int, longest: int) -> int:
        was, height = self._entries[number], self.height()
        lines = len(_folded(was[0], self._encoding))
        whole = self._whole.report.lines[number]
        # The line that counts what was cut may go, so that more than there is room for is tried.
        more = len(_folded(self._more(self._shown), self._encoding))
        for most in range(min(longest, lines + left + more), lines, -1):
            self._entries[number] = _cut(whole, most, self._encoding)
            if self.height() - height <= left:
                return self.height() - height
        self._entries[number] = was
        return 0

    @property
    def section(self) -> Section:
        """The section with what is shown of it."""
        return self._whole._replace(report=self._whole.report._replace(lines=self._lines(self._shown)))


def _several(what: str, number: int) -> str:
    if number == 1:
        return what
    return f"{what[:-1]}ies" if what.endswith("gy") else f"{what}s"
