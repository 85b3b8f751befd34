"""Readings: what is read, what is refused, and how it reads."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.measures import (
    KINDS,
    Measure,
    Reading,
    against_normal,
    decimal,
    doubt_of,
    in_unit,
    plain_unit,
    read_name,
    read_normal,
    read_reading,
    say_other_unit,
    say_value,
)
from medtrack.errors import BadText, UsageRefused

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def measure(name: str, typed: str) -> Measure:
    read = read_reading(name, typed)
    local = AT.replace(tzinfo=None)
    return Measure(
        1,
        "",
        name,
        read.value,
        read.second,
        read.unit,
        read.comparator,
        (),
        None,
        AT,
        "UTC",
        local,
        None,
        read.in_stones,
    )


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("bp", "128/82", "128/82 mmHg"),
        ("bp", " 128 / 82 mmHg ", "128/82 mmHg"),
        ("pulse", "71 bpm", "71 a minute"),
        ("weight", "70.20 kg", "70.2 kg (154.8 lb)"),
        ("weight", "154.8lb", "154.8 lb (70.2 kg)"),
        ("weight", "11st 4lb", "11 st 4 lb (71.7 kg)"),
        ("weight", "11 Stone 4", "11 st 4 lb (71.7 kg)"),
        ("weight", "11st4", "11 st 4 lb (71.7 kg)"),
        ("weight", "9 stone", "9 st 0 lb (57.2 kg)"),
        ("weight", "0st 13 lbs", "0 st 13 lb (5.9 kg)"),
        ("glucose", "5.8 mmol/L", "5.8 mmol/l (104 mg/dl)"),
        ("glucose", "126 mg/dL", "126 mg/dl (7 mmol/l)"),
        ("sleep", "7.5", "7 h 30 min"),
        ("sleep", "7h30", "7 h 30 min"),
        ("sleep", "7:30", "7 h 30 min"),
        ("sleep", "7h20m", "7 h 20 min"),
        ("sleep", "8 hours", "8 h"),
        ("sleep", "0", "0 h"),
        ("lithium", "0.8 mmol/l", "0.8 mmol/l"),
        ("crp", "<0.5 mg/L", "<0.5 mg/l"),
        ("INR", "2.5", "2.5"),
        ("base excess", "-2 mmol/l", "-2 mmol/l"),
        ("leucocytes", "4.5 10^9/l", "4.5 10^9/l"),
        ("HbA1c", "7.2%", "7.2 %"),
        ("TSH", "2.1 mIU/l", "2.1 mIU/l"),
        ("vitamin D", "30 µg/l", "30 mcg/l"),
        ("insulin", "12 U/l", "12 units/l"),
    ],
)
def test_what_is_read(name: str, typed: str, said: str) -> None:
    assert say_value(measure(name, typed)) == said


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bp", "820/128"), ("bp", "128/820"), ("bp", "82/128"), ("bp", "128/128"), ("bp", "128"), ("bp", "128/82/70"),
        ("bp", "nan/82"), ("bp", "-128/82"), ("bp", "19/10"),
        ("pulse", "0"), ("pulse", "999"), ("pulse", "nan"), ("pulse", "71 kg"), ("pulse", "71,5"),
        ("weight", "70.2"), ("weight", "0 kg"), ("weight", "7000 kg"), ("weight", "103 stone"), ("weight", "11.5 st"), ("weight", "11st 14lb"), ("weight", "11st 4.5lb"),
        ("weight", "11st 4lb 3oz"), ("weight", "11st 4kg"), ("weight", "st"), ("weight", "-11st"), ("weight", "11 4 st"), ("weight", "-70 kg"),
        ("glucose", "104"), ("glucose", "104 mg"), ("glucose", "9999 mg/dl"), ("glucose", "<5 mg/dl"),
        ("sleep", "25"), ("sleep", "24.1"), ("sleep", "7:75"), ("sleep", "-1"), ("sleep", "long"),
        ("lithium", "nan"), ("lithium", "inf mmol/l"), ("lithium", "1,5 mmol/l"), ("lithium", "1/2"),
        ("lithium", ""), ("lithium", "0.8 12"), ("lithium", "1e5"), ("lithium", "9" * 30),
    ],
)  # fmt: skip
def test_what_is_refused(name: str, typed: str) -> None:
    with pytest.raises(UsageRefused):
        read_reading(name, typed)


@given(st.text(max_size=30), st.sampled_from([*KINDS, "lithium"]))
def test_any_text_is_read_or_refused(typed: str, name: str) -> None:
    try:
        read = read_reading(name, typed)
    except (UsageRefused, BadText):
        return
    assert isinstance(read, Reading)
    if name in KINDS:
        kind = KINDS[name]
        assert read.unit in kind.units
        assert kind.least <= read.value * kind.units[read.unit or ""] <= kind.most


@given(st.sampled_from(["weight", "glucose"]), st.fractions(Fraction(1), Fraction(600), max_denominator=100))
def test_units_there_and_back_are_exact(name: str, value: Fraction) -> None:
    one, other = KINDS[name].units
    assert in_unit(KINDS[name], in_unit(KINDS[name], value, one, other), other, one) == value


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_a_rounded_number_is_the_nearest(value: Fraction, places: int) -> None:
    assert abs(Fraction(decimal(value, places)) - value) * 2 <= Fraction(1, 10**places)
    assert not decimal(value, places).endswith(".")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0.6-1.0", "0.6-1"),
        ("0.6 - 1", "0.6-1"),
        ("-2..2", "-2..2"),
        ("< 5", "<5"),
        (">=60", ">=60"),
        ("4..4", "4-4"),
    ],
)
def test_a_labs_range_is_read(typed: str, kept: str) -> None:
    assert read_normal(typed) == kept
    assert read_normal(kept) == kept


@pytest.mark.parametrize("typed", ["", "1", "2-1", "a-b", "0.6,1", "nan-1", "5<"])
def test_a_labs_range_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(UsageRefused):
        read_normal(typed)


@pytest.mark.parametrize(
    ("value", "comparator", "normal", "place"),
    [
        ("0.6", None, "0.6-1", "within"), ("1", None, "0.6-1", "within"), ("0.59", None, "0.6-1", "below"),
        ("1.01", None, "0.6-1", "above"), ("5", None, "<5", "above"), ("5", None, "<=5", "within"),
        ("60", None, ">60", "below"), ("60", None, ">=60", "within"), ("-3", None, "-2..2", "below"),
        ("3", "<", "<5", "within"), ("5", "<", "<5", "within"), ("7", "<", "<5", None), ("90", ">", ">=60", "within"),
        ("50", ">", ">=60", None), ("0.5", "<", "0.6-1", "below"), ("0.6", "<", "0.6-1", "below"),
        ("0.6", "<=", "0.6-1", None), ("2", ">", "0.6-1", "above"), ("90", ">", "<5", "above"), ("1", None, None, None),
    ],
)  # fmt: skip
def test_against_a_labs_range(
    value: str, comparator: str | None, normal: str | None, place: str | None
) -> None:
    assert against_normal(Fraction(value), comparator, normal) == place


def test_names_are_found_by_any_spelling_and_a_near_one_is_refused() -> None:
    known = {"phq9": "phq9", "phq-9": "phq9", "weight": "weight"}
    assert read_name(" PHQ-9 ", known) == "phq9"
    assert read_name("lithium", known) == "lithium"
    with pytest.raises(UsageRefused, match="Did you mean 'weight'"):
        read_name("wieght", known)
    with pytest.raises(BadText):
        read_name("  ", known)


def test_units_that_are_misread_are_spelled_out() -> None:
    assert [plain_unit(each) for each in ("µg/L", "U/l", "IU/ml", "mmol/l", "μmol/L")] == [
        "mcg/l", "units/l", "units/ml", "mmol/l", "micromol/l",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("97 mmol/l", " Did you mean 97 mg/dl?"), ("5.8 mg/dl", " Did you mean 5.8 mmol/l?"), ("950 mg/dl", ""), ("1 mmol/l", "")],
)  # fmt: skip
def test_glucose_beyond_what_meters_show_is_asked_about(typed: str, meant: str) -> None:
    said = doubt_of("glucose", read_reading("glucose", typed))
    assert said is not None
    assert said.startswith(f"Glucose of {typed} is beyond what meters show, ")
    assert said.endswith(meant)
    assert ("Did you mean" in said) == bool(meant)


@given(st.sampled_from(["mg/dl", "mmol/l"]), st.decimals(1, 111, places=1, allow_nan=False))
def test_a_unit_that_is_doubted_is_never_offered_again(unit: str, value: object) -> None:
    try:
        read = read_reading("glucose", f"{value} {unit}")
    except UsageRefused:
        return
    said = doubt_of("glucose", read) or ""
    assert f"mean {decimal(read.value)} {unit}?" not in said


@pytest.mark.parametrize(
    ("name", "last", "now", "said"),
    [
        ("lithium", "0.8 mmol/l", "5 mg/l",
         "Lithium was in mmol/l before, 0.8 mmol/l on 2026-03-01: check the unit. It is drawn and counted apart from those."),
        ("glucose", "5.8 mmol/l", "97 mg/dl",
         "Glucose was in mmol/l before, 5.8 mmol/l (104 mg/dl) on 2026-03-01: check the unit."),
        ("INR", "2.5", "2.5 x", "INR was without a unit before, 2.5 on 2026-03-01: check the unit. It is drawn and counted apart from those."),
        ("lithium", "0.8 mmol/l", "0.9 mmol/l", None), ("bp", "128/82", "130/80", None),
    ],
)  # fmt: skip
def test_another_unit_than_before_is_told(name: str, last: str, now: str, said: str | None) -> None:
    assert say_other_unit(name, read_reading(name, now), measure(name, last)) == said
    assert say_other_unit(name, read_reading(name, now), None) is None
