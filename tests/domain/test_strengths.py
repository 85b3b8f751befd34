"""A dose in the unit that a limit or a strength is written in."""

from fractions import Fraction

import pytest

from medtrack.domain.amounts import Amount, read_amount, show_amount
from medtrack.domain.strengths import content_of, in_unit


@pytest.mark.parametrize(
    ("amount", "unit", "strength", "expected"),
    [
        ("4000 mg", "tablet", "500 mg", "8 tablet"),
        ("8 tablet", "mg", "500 mg", "4000 mg"),
        ("1 g", "tablet", "500 mg", "2 tablet"),
        ("100 mcg", "mg", None, "0.1 mg"),
        ("20 mg", "ml", "10 mg/5 ml", "10 ml"),
        ("10 ml", "mg", "10 mg/5 ml", "20 mg"),
        ("10 ml", "mg", "2 mg/ml", "20 mg"),
        ("2 puff", "mcg", "100 mcg", "200 mcg"),
        # Nothing says how much that is.
        ("4000 mg", "tablet", None, "4000 mg"),
        ("4000 mg", "tablet", "30/500", "4000 mg"),
        ("4000 mg", "tablet", "30 mg/500 mg", "4000 mg"),
        ("5 ml", "mg", "500 mg", "5 ml"),
        ("2 tablet", "tablet", "500 mg", "2 tablet"),
        ("1 tablet", "capsule", "500 mg", "1 tablet"),
    ],
)
def test_in_unit(amount: str, unit: str, strength: str | None, expected: str) -> None:
    number, _, name = expected.partition(" ")
    assert in_unit(read_amount(amount), unit, strength) == Amount(Fraction(number), name)


@pytest.mark.parametrize(
    ("amount", "strength", "content"),
    [
        ("2 capsules", "1 mg", "2 mg"),
        ("1/2 tablet", "25 mg", "12.5 mg"),
        ("10 ml", "10 mg/5 ml", "20 mg"),
        ("1/3 tablet", "50 mg", None),
        ("2 tablets", "500 mg/125 mg", None),
        ("10 ml", "10 mg", None),
        ("1 dose", "10 mg", None),
        ("2 tablets", None, None),
        ("5 mg", "5 mg", None),
    ],
)
def test_what_is_in_an_amount_where_the_strength_says_so(
    amount: str, strength: str | None, content: str | None
) -> None:
    found = content_of(read_amount(amount), strength)
    assert (None if found is None else show_amount(found)) == content
