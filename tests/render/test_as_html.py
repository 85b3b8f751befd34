"""The page: one file that loads nothing, text that stays text, and what a screen reader or a printer needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from medtrack.render import as_html
from medtrack.render.inert import inert
from medtrack.render.shapes import BAR_COLOUR, COLOURS
from tests.render.hostile import HOSTILE
from tests.render.pages import Page, document

EVIL = [
    *HOSTILE,
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></svg></table></main>",
    '" onmouseover="alert(1)',
    "' onload='alert(1)",
    "&lt;b&gt; &amp; &#x3c;",
    "<!-- x",
    "]]>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\\22 } body { display: none",
    "url(https://evil.example/)",
]
PLAIN = as_html.render(document("plain"))
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "dl", "dt", "dd", "main", "section", "h2",
    "p", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "svg", "path", "desc", "text",
    "ul", "li", "figure", "figcaption", "details", "summary", "time",
}  # fmt: skip


def test_what_a_person_typed_changes_no_tag_of_the_page() -> None:
    """The same elements with the same attributes, whatever the text: only words differ."""

    def skeleton(source: str) -> list[tuple[str, tuple[str, ...]]]:
        # A long word and a date are marked, which is the page's own doing.
        return [
            (each.tag, tuple(name for name in each.attributes if name != "class"))
            for each in Page(source).everything
            if each.tag != "time"
        ]

    for text in EVIL:
        assert skeleton(as_html.render(document(text))) == skeleton(PLAIN), ascii(text)


@pytest.mark.parametrize("text", EVIL, ids=ascii)
def test_what_a_person_typed_is_shown_inert_and_whole(text: str) -> None:
    source = as_html.render(document(text))
    page = Page(source)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", source)
    assert page.comments == []
    shown = inert(text)
    body = next(each for each in page.everything if each.tag == "body")
    assert body.all("td")[0].text == shown
    assert body.all("h1")[0].text == f"Report: {shown}"
    assert body.all("figcaption")[0].text == shown
    style = next(each for each in page.everything if each.tag == "style").text
    assert style.count("{") == style.count("}")
    assert "</" not in style
    # The words of the running foot are spelled as escapes, so none of them is CSS.
    foot = re.search(r'@bottom-left { content: "([^"]*)"', style)
    assert foot
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\[0-9a-f]+ )*", foot[1])


def test_it_loads_nothing_and_runs_nothing() -> None:
    page = Page(PLAIN)
    assert {each.tag for each in page.everything} <= TAGS
    for each in page.everything:
        for name, value in each.attributes.items():
            assert name not in ("src", "href", "srcset", "data", "action", "style")
            assert not name.startswith("on")
            assert "://" not in value or value == "http://www.w3.org/2000/svg"
    policy = next(each for each in page.everything if each.attributes.get("http-equiv"))
    assert policy.attributes["content"].startswith("default-src 'none';")
    assert not re.search(r"@import|url\(|expression", PLAIN)


def test_what_a_screen_reader_needs() -> None:
    page = Page(PLAIN)
    root = page.everything[0]
    assert (root.tag, root.attributes) == ("html", {"lang": "en"})
    assert root.all("title")[0].text == "Report: plain"
    headings = [each.tag for each in page.everything if re.fullmatch("h[1-6]", each.tag)]
    assert headings == ["h1", "h2", "h2", "h2"]
    assert [len(root.all(tag)) for tag in ("main", "header")] == [1, 1]
    ids = [each.attributes["id"] for each in page.everything if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in page.everything:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(each.attributes.get(name, "").split()) <= set(ids)
    # Sections alone are landmarks, each by its own heading; a table that scrolls is a group inside one.
    assert "region" not in {each.attributes.get("role") for each in page.everything}
    for section in root.all("section"):
        assert section.attributes["aria-labelledby"] == section.all("h2")[0].attributes["id"]


def test_every_table_has_a_caption_and_heads_with_their_scope() -> None:
    tables = Page(PLAIN).root.all("table")
    assert len(tables) == 2
    for table in tables:
        assert table.children[0].tag == "caption"
        assert table.children[0].text
        assert [each.tag for each in table.children[1:]] == ["thead", "tbody"]
        heads = table.all("thead")[0].all("th")
        assert all(head.attributes["scope"] == "col" and head.text.strip() for head in heads)
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.children) == len(heads)
            assert row.children[0].attributes["scope"] == "row"
            assert {each.tag for each in row.children[1:]} == {"td"}


def test_every_picture_has_a_name_and_its_table_in_words() -> None:
    root = Page(PLAIN).root
    pictures = root.all("svg")
    assert len(pictures) == 1 + 7 + 2
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        named = picture.attributes.get("aria-label") or picture.all("title")[0].text
        assert named.strip()
    figure = root.all("figure")[0]
    assert figure.all("desc")[0].text == (
        "Days from 2026-02-09 to 2026-02-22. Days: 2 all doses, 2 some doses, 2 no dose, 2 more than planned,"
        " 2 on hold or unknown, 1 nothing planned, 1 still open."
    )
    rows = [[cell.text for cell in row.children] for row in figure.all("tr")]
    assert rows[1] == [
        "2026-02-09", "all doses", "some doses", "no dose", "more than planned", "on hold or unknown",
        "nothing planned", "still open", "3 of 4",
    ]  # fmt: skip
    assert rows[2] == ["2026-02-16", *rows[1][1:6], "", "", ""]
    # The legend stands beside the signs in words.
    assert [each.text for each in root.all("li")] == [
        "all doses", "some doses", "no dose", "more than planned", "on hold or unknown", "nothing planned",
        "still open",
    ]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str) -> float:
    return 1.05 / (luminance(colour) + 0.05)


def test_colours_stand_out_from_white() -> None:
    """WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what a picture is read by (1.4.11)."""
    assert contrast("#000000") == pytest.approx(21)
    style = Path(as_html.__file__).with_name("report.css").read_text(encoding="utf-8")
    texts = re.findall(r"(?<!-)\bcolor: (#[0-9a-f]{6})", style)
    assert len(texts) >= 4
    assert all(contrast(colour) >= 4.5 for colour in [*texts, "#333333"])
    assert all(contrast(colour) >= 3 for colour in [*COLOURS.values(), BAR_COLOUR])


def test_a_long_word_may_be_broken_and_no_other() -> None:
    source = as_html.render(document("x" * 30))
    assert source.count('<td class="long">') == 2
    assert 'class="long"' not in PLAIN


def test_a_share_and_a_date_are_not_broken() -> None:
    source = as_html.render(document("50 of 54 = 92.6 % on 2026-03-10 08:00"))
    assert "92.6&nbsp;% on <time>2026-03-10 08:00</time>" in source
