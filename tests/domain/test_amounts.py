"""Amounts: read exactly, printed in forms that nobody misreads, and both the same way round."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack import errors
from medtrack.domain.amounts import (
    LARGEST,
    MEASURED,
    UNITS,
    Amount,
    exact,
    read_amount,
    read_number,
    show_amount,
    show_number,
    tidy_strength,
)

READ = [
    ("2", "2"), ("0.5", "1/2"), (".5", "1/2"), ("1.0", "1"), ("1/2", "1/2"), ("1 1/2", "3/2"), ("½", "1/2"),
    ("1½", "3/2"), ("1 ½", "3/2"), ("⅔", "2/3"), ("1,000", "1000"), ("1,000.5", "2001/2"), ("10,000", "10000"),
    ("1,000/3", "1000/3"), ("0.125", "1/8"), (" 2 ", "2"), ("007", "7"), ("1,000,000", "1000000"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_number_is_read_exactly(text: str, value: str) -> None:
    assert read_number(text) == Fraction(value)


REFUSED = [
    "", "0", "0.0", "0/3", "1/0", "-1", "+1", "nan", "inf", "1e3", "1,5", "1,00", "1.000,5", "1..5", "5.", "1/2/3",
    "1 / 2", "١", "²", "1_000", "0x10", "1000001", "1,000,001", "9" * 50, "1 1", "ten", "½½",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(errors.BadAmount):
        read_number(text)
    with pytest.raises(errors.BadAmount):
        read_amount(f"{text} ml")


def test_a_comma_is_explained() -> None:
    with pytest.raises(errors.BadAmount, match="it has a comma; use a point"):
        read_number("2,5")


AMOUNTS = [
    ("1/2 tablet", "half a tablet"),
    ("half a tablet", "half a tablet"),
    ("Half tablet", "half a tablet"),
    ("a half tablet", "half a tablet"),
    ("half an ampoule", "half an ampoule"),
    ("half ml", "0.5 ml"),
    (".5 mg", "0.5 mg"),
    ("1.0 mg", "1 mg"),
    ("2.50ml", "2.5 ml"),
    ("2,5", None),
    ("1000 u", "1,000 units"),
    ("1 IU", "1 unit"),
    ("0.5 U", "0.5 units"),
    ("50 µg", "50 mcg"),
    ("50 μg", "50 mcg"),
    ("5 cc", "5 ml"),
    ("5 mL", "5 ml"),
    ("2 tabs", "2 tablets"),
    ("1 patches", "1 patch"),
    ("3 patch", "3 patches"),
    ("3 suppositories", "3 suppositories"),
    ("1/3 tablet", "1/3 tablet"),
    ("1333 1/3 ml", "1,333 1/3 ml"),
    ("1/3 ml", "1/3 ml"),
    ("1½ ml", "1.5 ml"),
    ("½ ml", "0.5 ml"),
    ("5/4 mg", None),
    ("5/10 ml", None),
    ("3/4 mg", None),
    ("1/2 units", None),
    ("4/6 puffs", None),
    ("5/4 tablets", None),
    ("3/4 tablet", "0.75 tablet"),
    ("3", "3 doses"),
    ("10 mEq", "10 mEq"),
    ("10 bananas", None),
    ("tablet", None),
    ("half", None),
    ("half a", None),
    ("half a banana", None),
    ("half 2 tablets", None),
]


@pytest.mark.parametrize(("text", "said"), AMOUNTS)
def test_an_amount_is_read_and_said(text: str, said: str | None) -> None:
    if said is None:
        with pytest.raises(errors.BadAmount):
            read_amount(text)
    else:
        assert show_amount(read_amount(text)) == said


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (".5mg", "0.5 mg"), ("125mg/5ml", "125 mg/5 ml"), ("100U/ml", "100 units/ml"), ("U-100", "100 units/ml"),
        ("8/500", "8/500"), ("1%", "1%"), ("extra", "extra"),
    ],
)  # fmt: skip
def test_a_strength_is_written_without_error_prone_notation(text: str, written: str) -> None:
    assert tidy_strength(text) == written


def test_a_bare_number_takes_the_unit_of_the_plan() -> None:
    assert read_amount("2", "ml") == Amount(Fraction(2), "ml")
    assert read_amount("2 tablets", "ml") == Amount(Fraction(2), "tablet")


RANGES = [
    ("1", "2", "tablet", "1 to 2 tablets"),
    ("1/2", "1", "tablet", "0.5 to 1 tablet"),
    ("500", "1000", "mg", "500 to 1,000 mg"),
    ("1", "2", "patch", "1 to 2 patches"),
]


@pytest.mark.parametrize(("low", "high", "unit", "said"), RANGES)
def test_a_range_is_said_with_to(low: str, high: str, unit: str, said: str) -> None:
    assert show_amount(Amount(Fraction(low), unit), Fraction(high)) == said


ERROR_PRONE = {
    "naked decimal": r"(?<!\d)\.\d",
    "trailing zero": r"\.\d*0(?!\d)",
    "no space before the unit": r"\d[A-Za-z]",
    "U for units": r"\bI?U\b",
    "no comma in a large number": r"(?<![.\d])\d{4,}",
    "a half as a fraction": r"\b1/2\b",
    "micro sign": "[µμ]",
    "cc": r"\bcc\b",
}
units = st.sampled_from(sorted(set(UNITS.values())))
numbers = st.one_of(
    st.fractions(min_value=Fraction(1, 1000), max_value=LARGEST, max_denominator=1000),
    st.integers(1, LARGEST).map(Fraction),
    st.integers(1, 10**7).map(lambda value: Fraction(value, 1000)),
    st.sampled_from([Fraction(1, 2), Fraction(3, 2), Fraction(1, 3), Fraction(1000), Fraction(LARGEST)]),
)


@given(value=numbers, unit=units)
@settings(max_examples=400, deadline=None)
def test_what_is_said_reads_back_and_is_never_error_prone(value: Fraction, unit: str) -> None:
    amount = Amount(value, unit)
    said = show_amount(amount)
    assert read_amount(said) == amount
    for form, pattern in ERROR_PRONE.items():
        assert re.search(pattern, said) is None, (form, said)


@given(low=numbers, more=numbers, unit=units)
@settings(max_examples=100, deadline=None)
def test_a_range_is_never_error_prone(low: Fraction, more: Fraction, unit: str) -> None:
    said = show_amount(Amount(low, unit), low + more)
    for form, pattern in ERROR_PRONE.items():
        assert re.search(pattern, said) is None, (form, said)


@given(value=numbers)
@settings(max_examples=200, deadline=None)
def test_the_exact_number_is_the_number(value: Fraction) -> None:
    assert Fraction(exact(value)) == value
    assert "e" not in exact(value).lower()
    assert read_number(show_number(value)) == value
    # A decimal exists where ten has all the prime factors of the denominator.
    assert ("/" in exact(value)) == (10**40 % value.denominator != 0)


@pytest.mark.parametrize("unit", sorted(set(UNITS.values())))
def test_every_unit_reads_back_in_singular_and_plural(unit: str) -> None:
    for value in (Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2)):
        said = show_amount(Amount(value, unit))
        assert read_amount(said) == Amount(value, unit)
        if unit in MEASURED:
            assert said.endswith(f" {unit}")


@given(st.text(alphabet="0123456789., /½-+eU mlgtab\u0660", max_size=15))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        amount = read_amount(text)
    except errors.BadAmount:
        return
    assert 0 < amount.value <= LARGEST
    assert amount.unit in UNITS.values()
