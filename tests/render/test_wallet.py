"""The wallet card: text that is folded, a page that loads nothing, and a code that holds its text."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from io import BytesIO

import pytest
import segno

from medtrack.domain.document import Document, Section
from medtrack.domain.report import Column, Report
from medtrack.errors import ExtraMissing, UsageRefused
from medtrack.packages import added
from medtrack.render import wallet


def document(name: str = "warfarin", how: str = "5 mg daily") -> Document:
    columns = [Column("medication", "Medicine"), Column("how", "How"), Column("watch", "Watch for")]
    taken = Report("medications", columns, [{"medication": name, "how": how, "watch": "bleeding"}])
    none = Report("allergies", [Column("substance", "Allergy")], empty="None is written down.")
    facts = [("Name", "Ann <b>Example</b>"), ("As of", "2026-03-10")]
    sections = [Section("medications", "Takes", taken), Section("allergies", "Allergies", none)]
    return Document("card", "Medication card", "ann", facts, sections, "medications", {})


class Page(HTMLParser):
    """What a page holds, and that every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.said: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onload", "onclick", "style"}
        if tag not in ("meta", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_the_text_is_folded_and_every_word_is_there() -> None:
    said = wallet.text(
        document(how="5 mg daily at 18:00, and on Mondays one half of a tablet more than that")
    )
    assert max(map(len, said.splitlines())) <= 48
    words = " ".join(said.split())
    assert (
        "- warfarin: 5 mg daily at 18:00, and on Mondays one half of a tablet more than that. Watch for: bleeding."
        in words
    )
    assert "- None is written down." in words


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "a\x1b[31m\nb", "\u202eevil", "&amp;\"'", "x" * 300]
)
def test_what_people_typed_is_text_on_the_page(hostile: str) -> None:
    page = wallet.render(document(hostile, hostile), qr=len(hostile) < 100)
    found = Page(page)
    assert found.open == []
    assert "script" not in found.names
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert "\x1b" not in wallet.text(document(hostile, hostile))


def test_the_code_holds_the_text_of_the_card() -> None:
    page = wallet.render(document(), qr=True)
    drawn = BytesIO()
    plain = wallet.plain(document())
    assert plain.splitlines()[:2] == ["Medication card", "Name: Ann <b>Example</b>"]
    segno.make(plain, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, svgns=False, nl=False)
    path = re.search(r' d="([^"]+)"', drawn.getvalue().decode())
    assert path is not None
    assert path[1] in page
    # It is drawn in the size of the style, whole: without a view box it would be cut off.
    drawing = re.search(r"<svg[^>]*>", page)
    assert drawing is not None
    assert "viewBox" in drawing[0]
    assert "width=" not in drawing[0]
    assert "<svg" not in wallet.render(document())


def test_a_card_too_long_for_a_code_says_so() -> None:
    with pytest.raises(UsageRefused, match="leave out --qr"):
        wallet.render(document(how="x" * 2000), qr=True)


def test_without_the_extra_the_code_is_refused_and_the_card_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    assert "Medication card" in wallet.render(document())
    with pytest.raises(ExtraMissing, match=re.escape(f"To add it: {added('segno')}.")):
        wallet.render(document(), qr=True)
