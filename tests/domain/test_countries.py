"""Countries by their codes."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.countries import read_country
from medtrack.errors import UsageRefused
from medtrack.knowledge import read_countries, read_helplines

KNOWN = read_countries()


def test_the_list_is_whole() -> None:
    assert len(KNOWN) == 249, "codes of ISO 3166-1 alpha-2"
    assert all(re.fullmatch(r"[A-Z]{2}", code) and name for code, name in KNOWN.items())
    assert set(read_helplines()) <= set(KNOWN)


@pytest.mark.parametrize(
    ("typed", "code"), [("GB", "GB"), ("gb", "GB"), ("uk", "GB"), ("USA", "US"), ("za", "ZA"), ("NO", "NO")]
)
def test_what_is_read(typed: str, code: str) -> None:
    assert read_country(typed, KNOWN) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ZZ", "is none of a country. It is a code of ISO 3166, like US or GB."),
        ("Germany", "Did you mean DE (Germany)?"),
        ("germny", "Did you mean DE (Germany)?"),
        ("pol", "Did you mean PL (Poland)?"),
        ("SP", "Did you mean ES (Spain)?"),
    ],
)
def test_what_is_refused(typed: str, said: str) -> None:
    with pytest.raises(UsageRefused, match=re.escape(said)):
        read_country(typed, KNOWN)


@given(st.text(max_size=12))
def test_any_text_is_a_known_code_or_refused(typed: str) -> None:
    with contextlib.suppress(UsageRefused):
        assert read_country(typed, KNOWN) in KNOWN
