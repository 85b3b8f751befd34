"""Markdown that a reader of CommonMark and GitHub's tables reads back as the very text that was typed."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from medtrack.render.as_markdown import plain, render
from medtrack.render.inert import inert
from tests.render.hostile import HOSTILE
from tests.render.pages import document

READER = MarkdownIt("commonmark").enable("table")
EVIL = [
    *HOSTILE,
    "<script>alert(1)</script>",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example and www.evil.example and a@evil.example",
    "*bold* _thin_ `code` ~~gone~~ # head",
    "a | b || c",
    "&lt; &amp; &#124;",
    "```",
    "1. x",
    "- x",
    "\\",
    "| --- |",
    "[x]: https://evil.example",
    "---",
    "=== x",
    "12) x",
    "    code",
]
STRUCTURE = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "inline", "fence", "table_open", "table_close",
    "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close",
    "td_open", "td_close",
}  # fmt: skip


def shown(token: Token) -> str:
    """What a reader of the page sees of one inline token; anything but text fails."""
    words = []
    for child in token.children or []:
        assert child.type in ("text", "text_special"), child.type
        words.append(child.content)
    return "".join(words)


@pytest.mark.parametrize("text", EVIL, ids=ascii)
def test_what_was_typed_comes_back_as_text(text: str) -> None:
    tokens = READER.parse(render(document(text)))
    assert {token.type for token in tokens} <= STRUCTURE
    assert sum(token.type == "bullet_list_open" for token in tokens) == 1
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2", "h2"]
    assert sum(token.type == "table_open" for token in tokens) == 1
    cells = [shown(tokens[at + 1]) for at, token in enumerate(tokens) if token.type == "td_open"]
    # A table trims the blanks around its cells.
    expected = inert(text).strip()
    assert cells == [expected, expected, "███░░░░░░░", "0", expected, expected, "███░░░░░░░", "1"]
    fences = [token for token in tokens if token.type == "fence"]
    assert len(fences) == 1
    assert fences[0].content.split("\n")[0] == inert(text).rstrip()


@pytest.mark.parametrize("text", ["https://evil.example", "WWW.evil.example", "me@evil.example", "ftp://x.y"])
def test_no_address_is_left_for_a_reader_to_link(text: str) -> None:
    """GitHub links bare addresses: none is in the source."""
    assert not re.search(r"(?i)://|www\.|@", plain(text))


def test_plain_words_stay_as_they_are() -> None:
    text = "1 tablet twice daily at 08:00 and 20:00, 500 mg, 50 of 54 = 92.6 % (from 2026-03-10 on); +1 - x."
    assert plain(text) == text
