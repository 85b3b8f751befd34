"""Text folded between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from medtrack.render.folding import fold, folded


@given(st.integers(12, 60), st.sampled_from(["", "é "]))
def test_a_share_is_never_parted_from_its_sign(width: int, first: str) -> None:
    line = f"{first}Taken in all of these days: 12 of 14 = 85.7 % and 6 of 14 = 42.9 %. That is 100 %"
    lines = fold(line, width)
    assert not any(each.lstrip().startswith("%") for each in lines)
    assert " ".join(lines) == line
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("line", ["% of it", "é % of it"])
def test_a_sign_alone_is_a_word(line: str) -> None:
    assert fold(f"{line} and more of that", 12)[0].startswith(line[:4])


@given(st.text("ab é薬\u0301\u200b", max_size=60), st.integers(10, 60))
def test_no_word_is_lost_in_folding(text: str, width: int) -> None:
    lines = fold(f"  {text}", width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_of_any_length_is_folded_sign_by_sign() -> None:
    lines = fold(f"one {'µ1h' * 100_000} two", 40)
    assert lines[0] == "one"
    assert all(cell_len(line) == 40 for line in lines[1:-1])
    assert "".join(lines).replace(" ", "") == f"one{'µ1h' * 100_000}two"


def test_what_fits_and_what_is_no_terminal_is_left_alone() -> None:
    page = "  one  two\n\nthree\n"
    assert folded(page, 10) == page
    assert folded("x" * 100 + "\n", None) == "x" * 100 + "\n"
    assert folded("  one two three\nfour\n", 10) == "  one two\n  three\nfour\n"
    assert folded("Write it down?", 10) == "Write it\ndown?"
