"""Calendars as data: what a day is, which columns there are, and that together is never better than apart."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.adherence import Day
from medtrack.domain.pictures import (
    MOST_WEEKS,
    STATES,
    Calendar,
    Share,
    day_state,
    month_names,
    shown_from,
)


def day(expected: int = 0, taken: int = 0, as_needed: int = 0, **flags: bool) -> Day:
    made = Day()
    made.expected, made.doses, made.as_needed = expected, taken + as_needed, as_needed
    for name, value in flags.items():
        setattr(made, name, value)
    return made


def calendar(since: date, until: date, states: dict[date, str] | None = None) -> Calendar:
    return Calendar("x", since, until, states or {}, [], "dose")


HOURLY = frozenset({timedelta(hours=1)})
STATES_OF: list[tuple[str, list[Day], str]] = [
    ("as planned", [day(2, 2)], "full"),
    ("one of two", [day(2, 1)], "part"),
    ("none of two", [day(2, 0)], "none"),
    ("three of two", [day(2, 3)], "extra"),
    ("one where none was planned", [day(0, 1)], "extra"),
    ("none where none was planned", [day(0, 0)], "nothing"),
    ("no plan at all", [], "nothing"),
    ("an as-needed dose repairs nothing", [day(1, 0, 1)], "none"),
    ("an as-needed dose spoils nothing", [day(1, 1, 1)], "full"),
    ("on hold", [day(0, 0, excluded=True)], "held"),
    ("on hold and open", [day(0, 0, excluded=True, open=True)], "held"),
    ("still open", [day(1, 1, open=True, windows=HOURLY)], "open"),
    ("not over, and nothing is planned", [day(open=True)], "nothing"),
    ("both right", [day(2, 2), day(1, 1)], "full"),
    ("one right, one missing", [day(2, 2), day(1, 0)], "part"),
    ("one missing, one extra", [day(2, 1), day(1, 2)], "part"),
    ("one right, one extra", [day(2, 2), day(1, 2)], "extra"),
    ("all missing", [day(2, 0), day(1, 0)], "none"),
    ("one right, one not planned", [day(2, 2), day()], "full"),
    ("one right, one on hold", [day(2, 2), day(excluded=True)], "held"),
    ("one right, one open", [day(2, 2), day(open=True, windows=HOURLY)], "open"),
]


@pytest.mark.parametrize(("days", "state"), [row[1:] for row in STATES_OF], ids=[row[0] for row in STATES_OF])
def test_what_a_day_is(days: list[Day], state: str) -> None:
    assert day_state(days) == state


DAYS = st.builds(
    day,
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    excluded=st.booleans(),
    open=st.booleans(),
)


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_together_is_right_only_where_each_is(days: list[Day]) -> None:
    """The product rule: no number of right medications makes up for one that was not."""
    apart = {day_state([each]) for each in days}
    together = day_state(days)
    assert together in STATES
    assert (together == "full") == (apart <= {"full", "nothing"} and "full" in apart)
    assert (together == "held") == ("held" in apart)
    if "part" in apart or "none" in apart:
        assert together not in ("full", "extra", "nothing")


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(0, 40_000))
def test_a_calendar_shows_a_year_at_most_and_all_of_less(until: date, length: int) -> None:
    since = until - timedelta(length)
    first = shown_from(since, until)
    mondays = calendar(first, until).columns
    assert since <= first <= until
    assert len(mondays) <= MOST_WEEKS
    assert (first == since) or (len(mondays) == MOST_WEEKS and first.weekday() == 0)
    assert mondays[0] <= first < mondays[0] + timedelta(7)
    assert mondays[-1] <= until < mondays[-1] + timedelta(7)


def test_the_names_of_the_months_stand_over_their_first_day() -> None:
    mondays = calendar(date(2026, 2, 9), date(2026, 4, 5)).columns
    # Sunday 1 March lies in the week of 23 February, Wednesday 1 April in that of 30 March.
    assert month_names(mondays, date(2026, 2, 9)) == {0: "Feb", 2: "Mar", 7: "Apr"}


def test_where_two_months_begin_in_one_column_the_later_is_named() -> None:
    since = date(2026, 2, 25)
    assert month_names(calendar(since, date(2026, 3, 8)).columns, since) == {0: "Mar"}


def test_the_totals_are_in_the_order_of_the_legend_and_leave_out_what_is_not_there() -> None:
    monday = date(2026, 3, 2)
    states = dict(
        zip((monday + timedelta(n) for n in range(4)), ("none", "full", "open", "full"), strict=True)
    )
    found = calendar(monday, monday + timedelta(6), states)
    assert list(found.totals.items()) == [("full", 2), ("none", 1), ("open", 1)]
    assert found.state_on(monday + timedelta(5)) is None


def test_a_share_of_nothing_is_none() -> None:
    monday = date(2026, 3, 2)
    assert Share(monday, monday, 0, 0).ratio is None
    assert Share(monday, monday, 3, 4).ratio == Fraction(3, 4)
