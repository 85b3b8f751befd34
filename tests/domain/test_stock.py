"""What is on hand, how long it lasts, and what a count says about the log."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount, exact, show_amount
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import AsNeeded, Clock, Days, Interval, Plan
from medtrack.domain.slots import Slot
from medtrack.domain.stock import Supply, daily_amount, read_count, runs_out, say_drift, since_count, stock
from medtrack.domain.zones import always
from medtrack.errors import BadAmount

START = datetime(2026, 3, 9, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = START + 1000 * HOUR


def tablets(value: Fraction | int | str) -> Amount:
    return Amount(Fraction(value), "tablet")


def supply(hour: float, kind: str, amount: Amount | int, number: int = 0) -> Supply:
    at = START + hour * HOUR
    what = amount if isinstance(amount, Amount) else tablets(amount)
    return Supply(number, 1, kind, what, at, "UTC", at.replace(tzinfo=None), None)


def received(hour: float, amount: Amount | int, number: int = 0) -> Supply:
    return supply(hour, "received", amount, number)


def counted(hour: float, amount: Amount | int, number: int = 0) -> Supply:
    return supply(hour, "counted", amount, number)


def dose(hour: float, amount: Amount | None = None, status: str = "taken") -> Dose:
    at = START + hour * HOUR
    what = tablets(1) if amount is None else amount
    return Dose(
        0, str(hour), 1, status, at, "UTC", at.replace(tzinfo=None), what, None, "exact", None, None, at
    )


ON_HAND: list[tuple[str, list[Supply], list[Dose], Fraction | int, int, int]] = [
    ("received", [received(0, 30)], [], 30, 0, 0),
    ("less what was taken", [received(0, 30)], [dose(1), dose(2, tablets("1/2"))], Fraction(57, 2), 2, 0),
    ("twice received", [received(0, 30), received(5, 28)], [dose(1), dose(6)], 56, 2, 0),
    ("taken before the first supply", [received(0, 30)], [dose(-1)], 30, 0, 0),
    ("taken at that instant", [received(0, 30)], [dose(0)], 29, 1, 0),
    ("skipped", [received(0, 30)], [dose(1, status="skipped")], 30, 0, 0),
    ("a count begins anew", [received(0, 30), counted(5, 20)], [dose(1), dose(6)], 19, 1, 0),
    ("a dose at the instant of the count is in it", [counted(5, 20)], [dose(5)], 20, 0, 0),
    ("the later count", [counted(9, 7), counted(5, 20)], [dose(6), dose(10)], 6, 1, 0),
    ("received after the count", [counted(5, 20), received(6, 30)], [], 50, 0, 0),
    ("received before it", [received(4, 30), counted(5, 20)], [], 20, 0, 0),
    ("in the order written at one instant", [counted(5, 20, 1), received(5, 30, 2)], [], 50, 0, 0),
    ("whatever the order they are read in", [received(5, 30, 2), counted(5, 20, 1)], [], 50, 0, 0),
    ("another unit of dose", [received(0, 30)], [dose(1, Amount(Fraction(5), "mg"))], 30, 1, 1),
    ("another unit of supply", [counted(0, 20), received(1, Amount(Fraction(5), "ml"))], [], 20, 0, 0),
    ("more taken than there was", [counted(0, 1)], [dose(1), dose(2), dose(3)], -2, 3, 0),
    ("nothing counted", [counted(0, 0)], [], 0, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("supplies", "doses", "value", "since", "uncounted"),
    [row[1:] for row in ON_HAND],
    ids=[row[0] for row in ON_HAND],
)
def test_on_hand(
    supplies: list[Supply], doses: list[Dose], value: Fraction, since: int, uncounted: int
) -> None:
    found = stock(supplies, doses, NOW)
    assert found is not None
    assert (found.value, found.doses, found.uncounted) == (value, since, uncounted)
    assert found.amount == tablets(max(Fraction(0), Fraction(value)))


def test_nothing_is_known_before_anything_was_written_down() -> None:
    assert stock([], [dose(1)], NOW) is None
    assert stock([received(5, 30)], [], START) is None
    early = stock([received(0, 30)], [dose(1), dose(3)], START + 2 * HOUR)
    assert early is not None
    assert (early.value, early.doses) == (29, 1)
    assert since_count([counted(1, 3), received(2, 30), counted(3, 31), received(4, 9)], NOW) == [
        counted(3, 31),
        received(4, 9),
    ]


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from("rct"), st.integers(1, 30)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_on_hand_is_the_sum_of_what_happened(happened: list[tuple[int, str, int]]) -> None:
    # One thing an hour, so that the order is plain.
    events = [(2 * number, kind, amount) for number, (_, kind, amount) in enumerate(happened)]
    supplies = [
        supply(at, "received" if kind == "r" else "counted", amount)
        for at, kind, amount in events
        if kind in "rc"
    ]
    doses = [dose(at, tablets(amount)) for at, kind, amount in events if kind == "t"]
    value: int | None = None
    for _, kind, amount in events:
        if kind == "c":
            value = amount
        elif kind == "r":
            value = (value or 0) + amount
        elif value is not None:
            value -= amount
    found = stock(supplies, doses, NOW)
    assert (found.value if found else None) == value


DRIFTS = [
    (10, 10, "That is what the log says."),
    (7, 10, "3 tablets fewer than the log: unlogged doses?"),
    (0, 1, "1 tablet fewer than the log: unlogged doses?"),
    (12, 10, "2 tablets more than the log: doses logged but not taken, or supply not written down?"),
]


@pytest.mark.parametrize(("now", "log", "said"), DRIFTS)
def test_a_count_says_how_the_log_differs(now: int, log: int, said: str) -> None:
    assert say_drift(tablets(now), stock([counted(0, log)], [], NOW)) == said


def test_a_first_count_has_nothing_to_be_compared_with() -> None:
    said = "There was nothing to compare it with: from here on the log is held against it."
    assert say_drift(tablets(3), None) == said
    assert say_drift(Amount(Fraction(3), "ml"), stock([counted(0, 3)], [], NOW)) == said


COUNTS = [
    ("0", "0 tablets"), ("0 ml", "0 ml"), ("0.0 capsules", "0 capsules"), ("17", "17 tablets"),
    ("0.5", "half a tablet"), ("1/2 tablet", "half a tablet"), ("10 puffs", "10 puffs"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), COUNTS)
def test_a_count_may_be_nothing(typed: str, said: str) -> None:
    assert show_amount(read_count(typed, "tablet")) == said


@pytest.mark.parametrize("typed", ["", ".", "-1", "none", "0 elephants", "nan"])
def test_a_count_is_a_number(typed: str) -> None:
    with pytest.raises(BadAmount):
        read_count(typed, "tablet")


@pytest.mark.parametrize(("value", "text"), [("-3", "-3"), ("-1/2", "-0.5"), ("-1/3", "-1/3"), ("0", "0")])
def test_numbers_below_zero(value: str, text: str) -> None:
    assert exact(Fraction(value)) == text


def slots(amounts: list[Amount], high: int | None = None) -> list[Slot]:
    return [
        Slot(1, 1, START + number * HOUR, (START + number * HOUR).replace(tzinfo=None), "UTC", amount,
             None if high is None else Fraction(high), HOUR, HOUR)
        for number, amount in enumerate(amounts)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on_hand", "high", "hour"),
    [(0, None, 0), (1, None, 1), ("1/2", None, 0), (3, None, None), (3, 2, 1), (9, 2, None)],
)
def test_the_first_dose_without(on_hand: Fraction | int | str, high: int | None, hour: int | None) -> None:
    found = runs_out(tablets(on_hand), slots([tablets(1)] * 3, high))
    assert (None if found is None else (found.planned_at - START) // HOUR) == hour


def test_doses_in_another_unit_use_up_nothing() -> None:
    assert runs_out(tablets(1), slots([Amount(Fraction(5), "mg")] * 9)) is None


MON = date(2026, 3, 9)
DAILY = [
    (Clock((time(8),)), "1"), (Clock((time(8), time(20))), "2"), (Clock((time(8),), Days(every=2)), "1/2"),
    (Clock((time(8),), Days(weekdays=(0,))), "1/7"), (Clock((time(8),), Days(weekdays=(0, 3), weeks=2)), "1/7"),
    (Clock((time(8), time(20)), Days(cycle=(21, 7))), "3/2"), (Clock((time(8),), Days(month_days=(1,))), "48/1461"),
    (Clock((time(8),), Days(year_day=(2, 29))), "4/1461"), (Clock((time(8),), Days(every=2, weekdays=(0,))), "1/14"),
    (Clock((time(8),), Days(rrule="FREQ=WEEKLY")), "209/1461"),
    (Interval(8 * HOUR), "3"), (Interval(36 * HOUR, from_last_dose=True), "2/3"), (AsNeeded(), None),
]  # fmt: skip


@pytest.mark.parametrize(("timing", "times"), DAILY)
def test_what_a_plan_takes_a_day(timing: Clock | Interval | AsNeeded, times: str | None) -> None:
    plan = Plan(1, "p", 1, tablets("3/2"), timing, MON)
    daily = daily_amount([plan], "tablet", always("Europe/Paris"))
    assert daily == (None if times is None else Fraction(times) * Fraction(3, 2))
    assert daily_amount([plan], "mg", always("Europe/Paris")) is None
    high = daily_amount([plan, plan._replace(amount_high=Fraction(3))], "tablet", always("Europe/Paris"))
    assert high == (None if times is None else Fraction(times) * Fraction(9, 2))
