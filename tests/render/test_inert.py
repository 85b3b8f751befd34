from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.render.inert import carried, formula_free, inert, json_inert, readable
from tests.render.hostile import HOSTILE

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60) | st.text(
    st.sampled_from(
        "a=+-@\t\r\n\x00\x1b\x7f\x85\x9b\u061c\u200b\u200c\u200d\u200e\u202e\u2028\u2066\ufeff"
        "薬👩\ufe0f\ud83d\udc8a\U000e0041＝ "
    ),
    max_size=12,
)
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_harmless(text: str) -> bool:
    return all(
        unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
        and sign not in BIDI
        and sign not in "\u200b\u2060\ufeff"
        for sign in text
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("[/red] :pill:", "[/red] :pill:"),
        ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x00\x7f", r"\x00\x7f"),
        ("a\u202eb", r"a\u202eb"),
        ("\u2066\u2069\u200e\u200f\u061c", r"\u2066\u2069\u200e\u200f\u061c"),
        ("\u200b\u2060\ufeff", r"\u200b\u2060\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud83d", r"\ud83d"),
        ("sof\xadt", r"sof\xadt"),
        ("a\u200db", r"a\u200db"),
        ("\u200d薬", r"\u200d薬"),
        ("薬\u200b\u200d薬", r"薬\u200b\u200d薬"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("❤️‍🔥", "❤️‍🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("café 薬 ± –", "café 薬 ± –"),
        ("back\\slash", "back\\slash"),
    ],
)
def test_what_is_not_plain_writing_becomes_a_visible_escape(typed: str, shown: str) -> None:
    assert inert(typed) == shown


@pytest.mark.parametrize(
    "code", [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
def test_no_control_or_direction_character_is_let_through(code: int) -> None:
    assert inert(f"a{chr(code)}b").isascii()
    assert inert(f"薬{chr(code)}薬")[1] == "\\"


@given(ANY_TEXT)
def test_inert_text_holds_nothing_harmful_and_stays_as_it_is(text: str) -> None:
    shown = inert(text)
    assert is_harmless(shown)
    assert inert(shown) == shown
    assert shown.encode().decode() == shown


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=", "\r1", "\n1", "＝1", "＋1", "－1", "＠x", " =1", "\u3000＝1"]
)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert formula_free(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "metformin", "'=1", "(=1", " x"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert formula_free(text) == text


@given(ANY_TEXT)
def test_a_json_document_made_inert_reads_back_the_same(text: str) -> None:
    # A high and a low surrogate side by side are one character to every reader of JSON.
    meant = PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    for encoding in ("utf-8", "ascii", "latin-1"):
        document = json_inert(json.dumps([text], ensure_ascii=False), encoding)
        assert json.loads(document) == [meant]
        assert document.encode(encoding)
        assert is_harmless(document)


def test_what_an_encoding_lacks_is_escaped() -> None:
    assert carried("café 薬", "ascii") == r"caf\xe9 \u85ac"
    assert carried("café 薬", "latin-1") == r"café \u85ac"
    assert carried("café 薬", "utf-8") == "café 薬"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text: str) -> None:
    assert is_harmless(inert(text))


def test_signs_that_an_encoding_lacks_are_written_as_on_a_typewriter() -> None:
    text = "taken ± 1 hour… José → 薬"
    assert readable(text, "ascii") == "taken +/- 1 hour... Jos\\xe9 -> \\u85ac"
    assert readable(text, "latin-1") == "taken ± 1 hour... José -> \\u85ac"
    assert readable(text, "utf-8") == text
