"""A measure over time as data: points, the marks of dose changes, and the scale they stand on.

A curve holds what is drawn and no more; the words beside it say the same, so that nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from .measures import decimal
from .wording import say_number_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
_TICKS = 5
"""Ticks of a scale at most, or so."""


class Point(NamedTuple):
    """One value at one time, on the person's wall clock."""

    at: datetime
    value: Fraction
    sign: str = ""
    """'<' and the like, as labs print a value beyond what they can tell."""

    @property
    def words(self) -> str:
        """'13', '<5'."""
        return f"{self.sign}{decimal(self.value)}"


class Mark(NamedTuple):
    """Something that changed while the values were taken."""

    at: datetime
    letter: str
    words: str

    @property
    def line(self) -> str:
        """What the letter means: 'A  2026-03-02  sertraline started'."""
        return f"{self.letter}  {self.at.date()}  {self.words}"


class Curve(NamedTuple):
    """The values of one measure from the first to the last, on a scale."""

    title: str
    unit: str
    points: Sequence[Point]
    others: Sequence[Point]
    """A second row of values on the same scale: the diastolic pressure."""
    low: Fraction
    high: Fraction
    ticks: Sequence[Fraction]
    marks: Sequence[Mark]
    left_out: int = 0
    """How many marks there were no letters for."""

    @property
    def since(self) -> datetime:
        """When the first value was taken."""
        return self.points[0].at

    @property
    def until(self) -> datetime:
        """When the last value was taken."""
        return self.points[-1].at

    def share_of_time(self, at: datetime) -> Fraction:
        """Where a time lies between the first value (0) and the last (1)."""
        whole = self.until - self.since
        if not whole:
            return Fraction(1, 2)
        return Fraction(int((at - self.since).total_seconds()), max(int(whole.total_seconds()), 1))

    def share_of_scale(self, value: Fraction) -> Fraction:
        """Where a value lies between the lowest (0) and the highest (1) of the scale."""
        return (value - self.low) / (self.high - self.low)


def curve_of(
    title: str,
    unit: str,
    points: Sequence[Point],
    others: Sequence[Point],
    marks: Sequence[tuple[datetime, str]],
    scale: Sequence[Fraction] | None = None,
) -> Curve:
    """A curve of at least one point; `scale` gives its ticks, else they are worked out from the values.

    Marks before the first value or after the last one are not on it.
    """
    values = [point.value for point in (*points, *others)]
    ticks = list(scale) if scale else _scale(min(values), max(values))
    inside = [(at, words) for at, words in marks if points[0].at <= at <= points[-1].at]
    lettered = [Mark(at, letter, words) for letter, (at, words) in zip(LETTERS, inside, strict=False)]
    return Curve(
        title,
        unit,
        points,
        others,
        min(ticks[0], *values),
        max(ticks[-1], *values),
        ticks,
        lettered,
        len(inside) - len(lettered),
    )


def _scale(low: Fraction, high: Fraction) -> list[Fraction]:
    """Round numbers from at or below the lowest value to at or above the highest."""
    span = high - low or max(abs(high) / 10, Fraction(1))
    unit = Fraction(1)
    while span / unit < 1:
        unit /= 10
    while span / unit > _STEPS[-1]:
        unit *= 10
    step = next(
        (unit * each / 10 for each in _STEPS if span / (unit * each / 10) <= _TICKS), unit * _STEPS[-1]
    )
    first, last = low // step, -(-high // step)
    if first == last:
        last += 1
    return [step * number for number in range(int(first), int(last) + 1)]


def describe(curve: Curve) -> str:
    """The curve in words: how many values, from which to which, the lowest and the highest."""
    first, last = curve.points[0], curve.points[-1]
    ordered = sorted(curve.points, key=lambda point: point.value)
    unit = f" {curve.unit}" if curve.unit else ""
    if len(ordered) == 1:
        return f"One value: {first.words}{unit} on {_day(first.at)}."
    return (
        f"{say_number_of(len(ordered), 'value')}: {first.words} on {_day(first.at)},"
        f" {last.words} on {_day(last.at)}; lowest {ordered[0].words}, highest"
        f" {ordered[-1].words}{unit}."
    )


def letters_of(curve: Curve) -> list[str]:
    """What each letter of a curve means, and how many changes there was no letter for."""
    said = [f"{mark.letter}: {mark.at:%Y-%m-%d}, {mark.words}" for mark in curve.marks]
    more = say_number_of(curve.left_out, "more change")
    return [*said, f"{more} in these days: medtrack changes"] if curve.left_out else said


def _day(at: datetime) -> date:
    return at.date()
