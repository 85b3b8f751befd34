"""The axis: every thing lies in one column, in order, and what there is no room for is named."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.curves import LETTERS, Point, curve_of
from medtrack.domain.pictures import Share
from medtrack.domain.timeline import (
    MOST_LANES,
    Event,
    Lane,
    Timeline,
    days,
    describe_all,
    entries,
    fewer,
    lettered,
    months,
    period_for,
)

SINCE = date(2026, 3, 2)
DAY = timedelta(1)
START = datetime(2026, 3, 2, 8)  # noqa: DTZ001  (the wall clock as lived)


def picture(length: int = 84, lanes: list[Lane] | None = None) -> Timeline:
    marks, left = lettered([(START + 41 * DAY, "sertraline changed")])
    return Timeline("All", SINCE, SINCE + (length - 1) * DAY, marks, left, lanes or [])


def lanes() -> list[Lane]:
    shares = [Share(SINCE + 7 * n * DAY, SINCE + (7 * n + 6) * DAY, 7 - n % 3, 7) for n in range(12)]
    points = [Point(START + 14 * n * DAY, Fraction(128 - n)) for n in range(6)]
    return [
        Lane("medication", "sertraline", shares=shares),
        Lane("note", "nausea", [Event(START + 3 * DAY, "nausea, again", START + 5 * DAY, 2)]),
        Lane(
            "measure",
            "blood pressure",
            curve=curve_of(
                "blood pressure", "mmHg", points, [each._replace(value=Fraction(82)) for each in points], []
            ),
        ),
        Lane("session", "Spravato", [Event(START + 20 * DAY, "56 mg")]),
    ]


@given(st.integers(1, 4000), st.integers(1, 200), st.data())
def test_columns_are_in_order_and_never_outside(length: int, wide: int, data: st.DataObject) -> None:
    drawn = picture(length)
    moments = data.draw(st.lists(st.integers(-3, length * 24 + 3), min_size=2, max_size=20))
    columns = [
        drawn.column(datetime.combine(SINCE, time()) + timedelta(hours=each), wide)
        for each in sorted(moments)
    ]
    assert columns == sorted(columns)
    assert all(0 <= column < wide for column in columns)


@given(st.integers(1, 400), st.integers(1, 200))
def test_the_weeks_lie_beside_each_other(length: int, wide: int) -> None:
    drawn = picture(length)
    last = drawn.until
    weeks = [
        Share(day, min(day + 6 * DAY, last), 1, 1) for day in (SINCE + n * DAY for n in range(0, length, 7))
    ]
    spans = [drawn.part(week, wide) for week in weeks]
    assert spans[0][0] == 0
    assert spans[-1][1] == wide
    for (first, after), (following, _) in pairwise(spans):
        assert first < after
        assert following <= after <= following + 1, "where there are fewer columns than weeks they share one"


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 5000), st.integers(1, 60))
def test_the_axis_names_days_in_order_and_inside(since: date, length: int, most: int) -> None:
    until = since + length * DAY
    for ticks in (months(since, until, most), days(since, until, most)):
        named = [tick.day for tick in ticks]
        assert named == sorted(set(named))
        assert all(since <= day <= until for day in named)
    assert months(since, until, most)[0].day == since
    assert len(days(since, until, most)) <= most


def test_the_axis_of_twelve_weeks() -> None:
    until = SINCE + 83 * DAY
    assert [tick.words for tick in months(SINCE, until, 12)] == ["Mar 2026", "Apr", "May"]
    assert [tick.words for tick in days(SINCE, until, 15)][:4] == ["2", "9", "16", "23"]
    assert days(date(2026, 3, 1), until, 15)[0].words == "2", "weeks begin on Monday"
    assert days(date(2026, 3, 2), until, 15, 6)[0].words == "8", "or on Sunday"
    assert [tick.words for tick in months(date(2024, 12, 1), date(2025, 2, 1), 12)] == [
        "Dec 2024", "Jan 2025", "Feb",
    ]  # fmt: skip
    assert [tick.words for tick in months(date(2000, 5, 1), date(2025, 2, 1), 12)][:2] == ["2000", "2001"]


def test_a_year_is_counted_by_week_and_more_by_month() -> None:
    assert period_for(SINCE, SINCE + 370 * DAY) == "week"
    assert period_for(SINCE, SINCE + 371 * DAY) == "month"


def test_what_there_is_no_room_for_is_named() -> None:
    many = [Lane("note", f"note {number}") for number in range(MOST_LANES + 2)]
    kept, left = fewer([*many, Lane("session", "Spravato")])
    assert len(kept) == MOST_LANES + 1
    assert left == [f"note {MOST_LANES}", f"note {MOST_LANES + 1}"]
    marks, more = lettered([(START, "x")] * 30)
    assert ("".join(mark.letter for mark in marks), more) == (LETTERS, 4)
    said = describe_all(picture()._replace(left_out=4, not_drawn=left))
    assert "4 more changes in these days without a letter: medtrack changes" in said
    assert f"Not drawn for room, but in the list: note {MOST_LANES} and note {MOST_LANES + 1}." in said


def test_all_of_it_in_words() -> None:
    said = describe_all(picture(lanes=lanes()))
    assert said.startswith("2026-03-02 to 2026-05-24, both inside. A: 2026-04-12, sertraline changed.")
    assert "sertraline: 72 of 84 doses taken." in said
    assert "nausea: 1 note, highest grade 2 (moderate)." in said
    assert "blood pressure: 6 values: 128 on 2026-03-02, 123 on 2026-05-11;" in said
    assert "Spravato: 1 session." in said


def test_as_a_list_nothing_is_missing() -> None:
    listed = entries(picture(lanes=lanes()))
    assert len(listed) == 1 + 12 + 1 + 6 + 1
    assert listed[0] == ("2026-03-02 to 2026-03-08", "sertraline", "7 of 7 doses taken")
    assert ("2026-03-02 08:00", "blood pressure", "128/82 mmHg") in listed
    assert (
        "2026-03-05 08:00",
        "nausea",
        "nausea, again (grade 2, moderate), until 2026-03-07 08:00",
    ) in listed
    assert ("2026-04-12", "change A", "sertraline changed") in listed


def test_shares_that_say_nothing_yet() -> None:
    none = Lane("medication", "x", shares=[Share(SINCE, SINCE, 0, 0)])
    unbegun = Lane("medication", "y", shares=[Share(SINCE, SINCE, 0, 3, started=False)])
    right = Lane("medication", "all together", shares=[Share(SINCE, SINCE, 5, 7)], of="day")
    said = describe_all(picture(lanes=[none, unbegun, right]))
    assert "x: none planned that counts yet." in said
    assert "y: 0 of 3 doses taken, not started." in said
    assert "all together: 5 of 7 days right." in said
