"""Text folded between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.render.folding import fold


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
