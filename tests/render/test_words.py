from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.report import Column
from medtrack.render.words import cell, percent, sentence, span, words

PLUS_1 = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (-3, "-3"),
        ("as typed", "as typed"),
        (Amount(Fraction(1, 2), "tablet"), "half a tablet"),
        (Amount(Fraction(1000), "units"), "1,000 units"),
        (datetime(2026, 3, 10, 8, 0, 59, tzinfo=PLUS_1), "2026-03-10 08:00"),
        (date(2026, 3, 10), "2026-03-10"),
        (time(8, 5), "08:05"),
        (time(8, 5, tzinfo=PLUS_1), "08:05"),
        (timedelta(hours=1), "1 h"),
        (Fraction(14, 15), "93.3 %"),
        (["gap", "fold"], "gap, fold"),
        ([], ""),
        ([time(8), None, True], "08:00, , yes"),
        ({"low": 1, "high": Fraction(1)}, "low: 1, high: 100 %"),
    ],
)
def test_values_read_in_plain_words(value: object, told: str) -> None:
    assert words(value) == told


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        ("0", "0 %"),
        ("1", "100 %"),
        ("0.9996", "99.9 %"),
        ("0.9995", "99.9 %"),
        ("0.9994", "99.9 %"),
        ("0.99949", "99.9 %"),
        ("0.0004", "0.1 %"),
        ("0.0000001", "0.1 %"),
        ("0.5", "50.0 %"),
        ("2/3", "66.7 %"),
        ("0.0005", "0.1 %"),
        ("0.8005", "80.1 %"),
        ("1.5", "150.0 %"),
        ("1.0001", "100.1 %"),
        ("-0.0001", "-0.1 %"),
    ],
)
def test_percent_is_honest_at_its_ends(ratio: str, told: str) -> None:
    assert percent(Fraction(ratio)) == told


@given(st.fractions(0, 2))
def test_percent_is_near_and_says_0_and_100_only_where_exact(ratio: Fraction) -> None:
    told = Fraction(percent(ratio).removesuffix(" %"))
    assert abs(told - ratio * 100) < Fraction(1, 10)
    assert (told == 100) == (ratio == 1)
    assert (told == 0) == (ratio == 0)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(0), "0 min"),
        (timedelta(minutes=30), "30 min"),
        (timedelta(hours=2, minutes=30), "2 h 30 min"),
        (timedelta(hours=24), "24 h"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=3, hours=4), "3 days 4 h"),
        (timedelta(seconds=90), "1 min 30 s"),
        (timedelta(hours=-1), "-1 h"),
        (timedelta(microseconds=-5), "0 min"),
    ],
)
def test_lengths_of_time(length: timedelta, told: str) -> None:
    assert span(length) == told


def test_a_cell_is_made_by_its_column_from_the_whole_row() -> None:
    column = Column("state", "State", lambda row: f"{row['state']} ({row['timing']})\n")
    assert cell(column, {"state": "taken", "timing": "late"}, "utf-8") == r"taken (late)\n"
    assert cell(Column("gone", "Gone"), {}, "utf-8") == ""


def test_a_sentence_is_one_line_whatever_it_holds() -> None:
    assert sentence("one\ntwo\x1b[0m é", "ascii") == r"one\ntwo\x1b[0m \xe9"
