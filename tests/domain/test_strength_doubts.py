"""A dose in mg that tablets of one strength cannot make is asked about, never refused."""

from __future__ import annotations

import pytest

from medtrack.domain.amounts import read_amount
from medtrack.domain.reading import doubt_of_strength


@pytest.mark.parametrize(
    ("amount", "strength", "form", "said"),
    [
        ("7.5 mg", "5 mg", "tablet", None),
        ("3.75 mg", "5 mg", None, None),
        ("5 mg", "5 mg", "capsule", None),
        ("3 mg", "5 mg", None, "3 mg cannot be made of 5 mg tablets, nor of their halves and quarters"),
        ("7.5 mg", "5 mg", "capsule", "7.5 mg cannot be made of 5 mg capsules"),
        ("500 mg", "5 mg", None, "500 mg is 100 tablets of 5 mg"),
        ("100 mg", "100 mcg", None, "100 mg is 1,000 tablets of 100 mcg"),
        ("3 mg", "10 mg/5 ml", None, None),
        ("3 mg", None, None, None),
        ("2 tablets", "5 mg", None, None),
        ("3 mg", "1%", "cream", None),
    ],
)
def test_doubts(amount: str, strength: str | None, form: str | None, said: str | None) -> None:
    found = doubt_of_strength(read_amount(amount), strength, form)
    assert (found is None) == (said is None), found
    assert said is None or (found or "").startswith(said)
