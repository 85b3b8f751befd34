"""Curves: the scale holds every value, and marks outside the values are not on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.curves import LETTERS, Curve, Point, curve_of, describe

START = datetime(2026, 3, 1, 8)  # noqa: DTZ001  (the wall clock as lived)
VALUES = st.lists(st.fractions(-10_000, 10_000, max_denominator=1000), min_size=1, max_size=30)


def drawn(values: list[Fraction], marks: int = 0, **more: object) -> Curve:
    points = [Point(START + timedelta(days=number), value) for number, value in enumerate(values)]
    changes = [(START + timedelta(hours=number), f"change {number}") for number in range(marks)]
    return curve_of("weight", "kg", points, [], changes, **more)  # type: ignore[arg-type]


@given(VALUES)
def test_the_scale_holds_every_value_with_few_round_ticks(values: list[Fraction]) -> None:
    curve = drawn(values)
    assert 2 <= len(curve.ticks) <= 8
    assert list(curve.ticks) == sorted(set(curve.ticks))
    assert curve.low < curve.high
    for point in curve.points:
        assert 0 <= curve.share_of_scale(point.value) <= 1
        assert 0 <= curve.share_of_time(point.at) <= 1


def test_a_scale_that_is_given_is_widened_rather_than_left() -> None:
    curve = drawn([Fraction(3), Fraction(30)], scale=[Fraction(0), Fraction(27)])
    assert (curve.low, curve.high) == (0, 30)


def test_marks_outside_the_values_are_not_on_it_and_letters_run_out_openly() -> None:
    points = [Point(START, Fraction(1)), Point(START + timedelta(days=2), Fraction(2))]
    around = [(START + timedelta(days=days), str(days)) for days in (-1, 0, 1, 2, 3)]
    assert [mark.words for mark in curve_of("x", "", points, [], around).marks] == ["0", "1", "2"]
    many = drawn([Fraction(1), Fraction(2), Fraction(3)], marks=30)
    assert "".join(mark.letter for mark in many.marks) == LETTERS
    assert many.left_out == 4


def test_a_value_that_a_lab_could_only_bound_says_so() -> None:
    points = [Point(START, Fraction(5), "<"), Point(START + timedelta(days=1), Fraction(7))]
    assert describe(curve_of("CRP", "mg/l", points, [], [])) == (
        "2 values: <5 on 2026-03-01, 7 on 2026-03-02; lowest <5, highest 7 mg/l."
    )


def test_a_curve_in_words() -> None:
    assert describe(drawn([Fraction(70)])) == "One value: 70 kg on 2026-03-01."
    assert describe(drawn([Fraction(70), Fraction(72), Fraction(71)])) == (
        "3 values: 70 on 2026-03-01, 71 on 2026-03-03; lowest 70, highest 72 kg."
    )
