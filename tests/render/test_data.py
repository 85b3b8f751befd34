from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction

import pytest

from medtrack.domain.amounts import Amount
from medtrack.render.data import data, duration

PLUS_1 = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("x", "x"),
        (Fraction(1, 4), 0.25),
        (Fraction(1), 1.0),
        (Amount(Fraction(1, 2), "tablet"), {"value": "0.5", "unit": "tablet"}),
        (Amount(Fraction(1, 3), "ml"), {"value": "1/3", "unit": "ml"}),
        (datetime(2026, 3, 10, 8, 0, 1, 999, tzinfo=PLUS_1), "2026-03-10T08:00:01+01:00"),
        (datetime(2026, 3, 10, 8, tzinfo=UTC), "2026-03-10T08:00:00+00:00"),
        (date(2026, 3, 10), "2026-03-10"),
        (time(8, 5, 59), "08:05"),
        (timedelta(hours=1), "PT1H"),
        ([Amount(Fraction(2), "mg"), (date(2026, 1, 1),)], [{"value": "2", "unit": "mg"}, ["2026-01-01"]]),
        ({"slot": {"planned_at": None}}, {"slot": {"planned_at": None}}),
    ],
)
def test_values_are_exact_for_scripts(value: object, written: object) -> None:
    told = data(value)
    assert told == written
    assert type(told) is type(written)


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(minutes=30), "PT30M"),
        (timedelta(hours=2, minutes=30), "PT2H30M"),
        (timedelta(days=2), "PT48H"),
        (timedelta(seconds=1), "PT1S"),
        (timedelta(hours=1, milliseconds=500), "PT1H0.5S"),
        (timedelta(hours=-1), "-PT1H"),
        (timedelta(microseconds=-1), "-PT0.000001S"),
    ],
)
def test_durations_are_iso_8601(length: timedelta, written: str) -> None:
    assert duration(length) == written


def test_an_instant_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        data(datetime(2026, 3, 10, 8))  # noqa: DTZ001


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_a_type_no_report_may_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        data(value)
