"""The weeks before and after a change: half-open, the moment of the change in one of them alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.slots import FAR
from medtrack.domain.windows import WEEKS, Window, median, windows_around
from medtrack.domain.zones import Zones, always

PARIS = always("Europe/Paris")
AT = datetime(2026, 4, 12, 7, 30, tzinfo=UTC)
LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)
TRAVELLED = Zones(((datetime(2026, 5, 1, tzinfo=UTC), "Europe/Paris"), (FAR, "America/New_York")))


def around(begins: datetime = LONG_AGO, now: datetime = LATER, at: datetime = AT) -> dict[str, Window]:
    return {f"{each.weeks} {each.side}": each for each in windows_around(at, PARIS, begins, now)}


def test_they_are_whole_weeks_by_the_wall_clock() -> None:
    found = around()
    assert list(found) == ["2 before", "2 after", "6 before", "6 after"]
    # Six weeks before, the clocks were an hour back.
    assert found["6 before"].since == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert found["6 before"].until == found["6 after"].since == AT
    assert found["2 after"].until == datetime(2026, 4, 26, 7, 30, tzinfo=UTC)
    assert [each.reads_as for each in found.values()] == [
        "2 weeks before", "2 weeks after", "6 weeks before", "6 weeks after",
    ]  # fmt: skip


def test_what_is_not_whole_says_so() -> None:
    found = around(begins=AT - timedelta(days=20), now=AT + timedelta(days=9, hours=3))
    assert [each.reads_as for each in found.values()] == [
        "2 weeks before",
        "2 weeks after, 9 of 14 days so far",
        "6 weeks before, 20 of 42 days on record",
        "6 weeks after, 9 of 42 days so far",
    ]
    first = around(begins=AT, now=AT)
    assert [each.days for each in first.values()] == [0, 0, 0, 0]
    planned = around(now=AT - timedelta(days=5))
    assert planned["2 before"].reads_as == "2 weeks before, 9 of 14 days so far"
    assert planned["2 after"].reads_as == "2 weeks after, 0 of 14 days so far"
    almost = around(begins=AT - timedelta(days=14) + timedelta(minutes=1))
    assert almost["2 before"].reads_as == "2 weeks before, 13 of 14 days on record"


def test_what_is_written_down_this_very_second_is_in_it() -> None:
    now = AT + timedelta(days=3)
    assert around(now=now)["2 after"].has(now)
    assert around(now=AT)["2 after"].has(AT)


@given(
    at=INSTANTS,
    begins=INSTANTS,
    now=INSTANTS,
    events=st.lists(INSTANTS, max_size=30),
    zones=st.sampled_from([PARIS, TRAVELLED]),
)
def test_every_event_is_in_one_window_of_a_length_at_most(
    at: datetime, begins: datetime, now: datetime, events: list[datetime], zones: Zones
) -> None:
    found = windows_around(at, zones, min(begins, at), now)
    events = [*events, at, at - timedelta(seconds=1), at + timedelta(seconds=1)]
    for weeks in WEEKS:
        before, after = (each for each in found if each.weeks == weeks)
        assert (before.side, after.side) == ("before", "after")
        assert before.since <= before.until <= at <= after.since or before.until == before.since
        for event in events:
            assert before.has(event) + after.has(event) <= 1
        counted = sum(map(before.has, events)) + sum(map(after.has, events))
        assert counted == sum(
            before.since <= event < before.until or after.since <= event < after.until for event in events
        )
        assert not before.has(at)
        for each in (before, after):
            assert 0 <= each.days <= each.of_days == 7 * weeks
            assert each.is_whole == (each.reads_as == f"{weeks} weeks {each.side}")
    short, long = (each for each in found if each.side == "after")
    assert short.since == long.since
    assert short.until <= long.until, "what is in the short one is in the long one"


@given(st.lists(st.fractions(-1000, 1000, max_denominator=100), min_size=1, max_size=20))
def test_the_median_has_as_many_below_as_above(values: list[Fraction]) -> None:
    middle = median(values)
    assert middle is not None
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2


def test_of_nothing_there_is_no_median() -> None:
    assert median([]) is None
    assert median([Fraction(3), Fraction(1), Fraction(2)]) == 2
    assert median([Fraction(3), Fraction(2)]) == Fraction(5, 2)
