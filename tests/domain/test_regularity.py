"""Interval regularity: even, too short, too long, and what a pause leaves out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.matching import Dose, Held, match
from medtrack.domain.regimen import Clock, Plan
from medtrack.domain.regularity import Regularity, Spaced, regularity, spaced
from medtrack.domain.slots import slots_of
from medtrack.domain.zones import always

START = datetime(2026, 3, 9, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR

# (hours between doses, hours planned, even, short, long)
EXAMPLES = [
    ([24, 24], 24, (2, 0, 0)),
    ([18, 30], 24, (2, 0, 0)),
    ([17.9, 30.1], 24, (0, 1, 1)),
    ([9, 15, 8.9, 15.1], 12, (2, 1, 1)),
    # A missed dose is one long interval, a doubled one a short and an even one.
    ([48], 24, (0, 0, 1)),
    ([1, 23], 24, (1, 1, 0)),
    ([0], 24, (0, 1, 0)),
    ([], 24, (0, 0, 0)),
]


def doses(hours: list[float], nominal: float) -> list[Spaced]:
    found = [Spaced(START, nominal * HOUR)]
    for length in hours:
        found.append(Spaced(found[-1].taken_at + length * HOUR, nominal * HOUR))
    return found


@pytest.mark.parametrize(("hours", "nominal", "expected"), EXAMPLES)
def test_intervals(hours: list[float], nominal: float, expected: tuple[int, int, int]) -> None:
    found = regularity(doses(hours, nominal), [])
    assert found == Regularity(*expected)
    assert found.intervals == len(hours)


def test_the_tolerance_is_a_setting() -> None:
    assert regularity(doses([20, 28], 24), [], Fraction(1, 10)) == Regularity(0, 1, 1)
    assert regularity([], []) == Regularity(0, 0, 0)


@pytest.mark.parametrize(
    ("since", "until", "counted"),
    [(30, 40, 2), (30, 100, 1), (-10, 0, 3), (72, 90, 3), (0, 1, 2), (71, None, 2), (-99, None, 0)],
)
def test_an_interval_into_which_a_pause_reaches_is_left_out(
    since: int, until: int | None, counted: int
) -> None:
    hold = Held(START + since * HOUR, None if until is None else START + until * HOUR, "held")
    assert regularity(doses([24, 24, 24], 24), [hold]).intervals == counted


def test_each_dose_has_the_distance_of_its_slot() -> None:
    plan = Plan(
        1, "p", 1, Amount(Fraction(1), "tablet"), Clock((time(8), time(14), time(20))), date(2026, 3, 9)
    )
    slots = slots_of([plan], always("UTC"), START - DAY, START + 2 * DAY).slots

    def dose(hour: float, status: str = "taken") -> Dose:
        at = START - 8 * HOUR + hour * HOUR
        return Dose(
            0, str(hour), 1, status, at, "UTC", at.replace(tzinfo=None), None, None, "exact", None, None, at
        )

    found = match(slots, [dose(8), dose(14, "skipped"), dose(20.5), dose(21), dose(32), dose(2)])
    assert [(each.taken_at.hour, each.nominal // HOUR) for each in spaced(found.matches, [d.taken_at for d in found.extras])] == [
        # The dose at 02:00 comes before every slot; the one at 21:00 fills none and follows that of 20:00.
        (8, 12), (20, 6), (21, 6), (8, 12),
    ]  # fmt: skip


hours = st.lists(st.integers(0, 60), max_size=12)


@given(hours, st.integers(1, 48), st.integers(-9000, 9000))
@settings(max_examples=200, deadline=None)
def test_laws(lengths: list[int], nominal: int, later: int) -> None:
    given_ = doses([float(length) for length in lengths], nominal)
    found = regularity(given_, [])
    assert found.intervals == len(lengths)
    assert found.even == sum(3 * nominal <= 4 * length <= 5 * nominal for length in lengths)
    moved = [each._replace(taken_at=each.taken_at + later * HOUR) for each in given_]
    assert regularity(moved, []) == found
