"""The grammar of TIME, SPAN and the words of a timing."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack import errors
from medtrack.domain import when
from medtrack.domain.zones import always, load_zone

PARIS = load_zone("Europe/Paris")
KEYS = sorted(key for key in available_timezones() if key not in ("Factory", "localtime"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOW = utc("2026-03-11 09:00")
"""Wednesday 11 March 2026, 10:00 in Paris."""


def read(text: str, ahead: bool = False) -> str:
    instant = when.read_time(text, now=NOW, zone=PARIS, ahead=ahead)
    assert instant.tzinfo is UTC
    return instant.astimezone(PARIS).replace(tzinfo=None).isoformat(" ")


READ = [
    ("now", "2026-03-11 10:00:00"),
    ("NOW", "2026-03-11 10:00:00"),
    ("08:00", "2026-03-11 08:00:00"),
    ("8:30", "2026-03-11 08:30:00"),
    ("08:00:15", "2026-03-11 08:00:15"),
    ("8am", "2026-03-11 08:00:00"),
    ("8 AM", "2026-03-11 08:00:00"),
    ("8:30 pm", "2026-03-11 20:30:00"),
    ("8:30 p.m.", "2026-03-11 20:30:00"),
    ("12am", "2026-03-11 00:00:00"),
    ("12pm", "2026-03-11 12:00:00"),
    ("12:30 am", "2026-03-11 00:30:00"),
    ("0:05", "2026-03-11 00:05:00"),
    ("23:59", "2026-03-11 23:59:00"),
    ("today 8am", "2026-03-11 08:00:00"),
    ("Yesterday  22:00 ", "2026-03-10 22:00:00"),
    ("tomorrow 08:00", "2026-03-12 08:00:00"),
    ("2h ago", "2026-03-11 08:00:00"),
    ("90 min ago", "2026-03-11 08:30:00"),
    ("1h30m ago", "2026-03-11 08:30:00"),
    ("1 hour 30 minutes ago", "2026-03-11 08:30:00"),
    ("2 days ago", "2026-03-09 10:00:00"),
    ("1w ago", "2026-03-04 10:00:00"),
    ("0m ago", "2026-03-11 10:00:00"),
    ("in 2h", "2026-03-11 12:00:00"),
    ("mon 9:00", "2026-03-09 09:00:00"),
    ("Monday 9am", "2026-03-09 09:00:00"),
    ("wed 09:00", "2026-03-11 09:00:00"),
    ("wed 11:00", "2026-03-11 11:00:00"),
    ("thu 09:00", "2026-03-05 09:00:00"),
    ("2026-03-29 08:00", "2026-03-29 08:00:00"),
    ("2026-03-29T08:00", "2026-03-29 08:00:00"),
    ("2026-03-29t08:00:07", "2026-03-29 08:00:07"),
    ("2026-03-29 8am", "2026-03-29 08:00:00"),
    ("2026-03-29 8:05", "2026-03-29 08:05:00"),
    ("2024-02-29 08:00", "2024-02-29 08:00:00"),
    ("2026-03-11T08:00Z", "2026-03-11 09:00:00"),
    ("2026-03-11 08:00 +02:00", "2026-03-11 07:00:00"),
    ("2026-03-11T08:00:00-05", "2026-03-11 14:00:00"),
    ("2026-03-11T08:00:00+0530", "2026-03-11 03:30:00"),
    ("2026-03-11T08:00:00.999999Z", "2026-03-11 09:00:00"),
    ("2026-10-25T02:30+02:00", "2026-10-25 02:30:00"),
]


@pytest.mark.parametrize(("text", "local"), READ)
def test_a_time_is_read(text: str, local: str) -> None:
    assert read(text) == local


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("mon 9:00", "2026-03-16 09:00:00"),
        ("wed 09:00", "2026-03-18 09:00:00"),
        ("wed 10:00", "2026-03-18 10:00:00"),
        ("wed 11:00", "2026-03-11 11:00:00"),
        ("thursday 8am", "2026-03-12 08:00:00"),
        ("08:00", "2026-03-11 08:00:00"),
        ("yesterday 08:00", "2026-03-10 08:00:00"),
    ],
)
def test_reading_ahead_takes_the_next_weekday(text: str, local: str) -> None:
    assert read(text, ahead=True) == local


def test_days_ago_is_elapsed_time_over_a_change_of_the_clocks() -> None:
    now = utc("2026-03-29 20:00")
    assert when.read_time("2 days ago", now=now, zone=PARIS) == utc("2026-03-27 20:00")


HOSTILE = [
    "",
    "   ",
    "noonish",
    "noon",
    "bob",
    "nan",
    "-5",
    "+8:00",
    "8",
    "08",
    "0800",
    "2026",
    "99",
    "12345678",
    "8.5",
    "8:5",
    "08:00:",
    "08:00:1",
    "008:00",
    "24:00",
    "24:30",
    "25:00",
    "08:60",
    "08:00:60",
    "0am",
    "13pm",
    "13:00 pm",
    "8 o'clock",
    "8pm yesterday",
    "today",
    "yesterday",
    "mon",
    "today 8",
    "today noon",
    "yesterday 24:00",
    "2026-03-29",
    "2026-02-30 08:00",
    "2025-02-29 08:00",
    "2026-13-01 08:00",
    "2026-00-01 08:00",
    "2026-3-9 08:00",
    "2026/03/09 08:00",
    "20260309T0800",
    "10/11/2026",
    "10/11/2026 08:00",
    "10.11.2026 08:00",
    "10-11-26 08:00",
    "30 February",
    "30 February 08:00",
    "March 9 2026 08:00",
    "2026-W10-1 08:00",
    "1899-12-31 08:00",
    "2201-01-01 08:00",
    "0000-01-01 08:00",
    "9999-12-31T23:59:59Z",
    "2026-03-29T24:00",
    "2026-03-29T08:00+25:00",
    "2026-03-29T08:00+02:75",
    "2026-03-29T08:00.5",
    "2026-03-29T08:00+",
    "2026-03-29T08:00 Europe/Paris",
    "ago",
    "in",
    "2 ago",
    "h ago",
    "2x ago",
    "1.5h ago",
    "30m1h ago",
    "1h1h ago",
    "2 months ago",
    "1y ago",
    "-2h ago",
    "2h ago ago",
    "in 2h ago",
    "9999999w ago",
    "in 9999999w",
    "500000d ago",
    "\u0660\u0668:\u0660\u0660",
    "\uff10\uff18:\uff10\uff10",
    "08\u202e:00",
    "08:00\0",
    "\ud800",
    "'; drop table dose; --",
    "08:00" * 2_000,
    "1h" * 5_000,
    "9" * 10_240,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_time_is_refused_with_a_reason(text: str) -> None:
    for ahead in (False, True):
        with pytest.raises(errors.BadTime) as refused:
            when.read_time(text, now=NOW, zone=PARIS, ahead=ahead)
        assert refused.value.exit_code == 2
        assert refused.value.facts["why"]
        assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10/11/2026", "the order of day and month is not settled"),
        ("10.11.2026 08:00", "the order of day and month is not settled"),
        ("8", "write '8:00', '8am' or '8pm'"),
        ("0800", "write '08:00'"),
        ("2026", "write '20:26'"),
        ("99", "only a number"),
        ("24:00", "00:00 of the next day"),
        ("25:00", "there is no hour 25"),
        ("08:75", "there is no minute 75"),
        ("2026-02-30 08:00", "2026-02 has no day 30"),
        ("30 February", "year-month-day"),
        ("2026-03-29", "give a time of day too"),
        ("yesterday", "give a time of day too"),
        ("2 months ago", "differ in length"),
        ("1.5h ago", "1h30m"),
        ("\u0660\u0668:\u0660\u0660", "digits 0-9"),
        ("", "empty"),
        ("x" * 10_000, "too long"),
        ("1800-01-01 08:00", "between 1900 and 2200"),
        ("today 8", "write '8:00'"),
        ("8.30", "colon"),
    ],
)
def test_the_reason_helps(text: str, why: str) -> None:
    with pytest.raises(errors.BadTime) as refused:
        when.read_time(text, now=NOW, zone=PARIS)
    assert why in str(refused.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for reader in (when.read_time, when.read_past, when.read_bound, when.read_span):
        with suppress(errors.UsageRefused, errors.TimeTwice):
            reader(text, now=NOW, zone=PARIS)
    for plain_reader in (
        when.read_clock,
        when.read_clocks,
        when.read_duration,
        when.read_every,
        when.read_weekdays,
        when.read_month_days,
        when.read_year_day,
        when.read_cycle,
    ):
        with suppress(errors.UsageRefused):
            plain_reader(text)


WORDS = [
    "now",
    "ago",
    "in",
    "today",
    "mon",
    "08:00",
    "8am",
    "24:00",
    "2026-03-29",
    "2026-02-30",
    "2h",
    "90",
    "min",
]
PIECES = [*WORDS, "T", "Z", "+02:00", ".", "..", ",", "/", ":", "-", "8", "x", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_any_mix_of_the_words_is_read_or_refused(text: str) -> None:
    test_any_text_is_read_or_refused.hypothesis.inner_test(text)


@given(
    st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("2199-12-30")),
    st.sampled_from(KEYS),
    st.sampled_from(["T", " "]),
    st.sampled_from(KEYS),
)
def test_an_instant_with_its_offset_is_read_as_itself(
    moment: datetime, key: str, between: str, other: str
) -> None:
    instant = moment.replace(microsecond=0, tzinfo=UTC)
    text = instant.astimezone(load_zone(key)).isoformat(between)
    assert when.read_time(text, now=NOW, zone=load_zone(other)) == instant
    assert when.read_bound(text, now=NOW, zone=load_zone(other)) == instant


# --- changes of the clocks --------------------------------------------------------------------------


def test_a_typed_time_that_never_was_is_refused() -> None:
    for text in ("2026-03-29 02:30", "2026-03-29T02:30", "today 02:30", "02:30", "sun 2:30"):
        with pytest.raises(errors.TimeNeverWas):
            when.read_time(text, now=utc("2026-03-29 10:00"), zone=PARIS)


def test_a_typed_time_that_was_twice_is_refused_unless_one_is_past() -> None:
    between, after = utc("2026-10-25 00:45"), utc("2026-10-25 10:00")
    assert when.read_time("02:30", now=between, zone=PARIS) == utc("2026-10-25 00:30")
    with pytest.raises(errors.TimeTwice) as refused:
        when.read_past("02:30", now=after, zone=PARIS)
    for which, instant in (("first", "2026-10-25 00:30"), ("second", "2026-10-25 01:30")):
        text = str(refused.value.facts[which])
        assert when.read_past(text, now=after, zone=PARIS) == utc(instant)


def test_ahead_of_now_a_time_that_comes_twice_is_never_settled_by_the_past() -> None:
    with pytest.raises(errors.TimeTwice):
        when.read_time("02:30", now=utc("2026-10-25 00:45"), zone=PARIS, ahead=True)


# --- read_past --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["now", "10:05", "in 5m", "08:00", "2026-03-11T09:05:00Z", "yesterday 23:30"]
)
def test_the_past_and_five_minutes_are_read(text: str) -> None:
    assert when.read_past(text, now=NOW, zone=PARIS) <= NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("23:30", "2026-03-11 23:30 is in the future. A dose is written down when it has happened"),
        ("23:30", "; for last night type 'yesterday 23:30'."),
        ("11pm", "; for last night type 'yesterday 23:00'."),
        ("11:00", "; for yesterday type 'yesterday 11:00'."),
        ("wed 11:00", "; for a week ago type '2026-03-04 11:00'."),
        ("in 6m", "has happened."),
        ("tomorrow 08:00", "has happened."),
        ("2026-03-11T10:06", "has happened."),
        ("2027-01-01 8am", "has happened."),
    ],
)
def test_the_future_is_refused(text: str, said: str) -> None:
    with pytest.raises(errors.TimeAhead) as refused:
        when.read_past(text, now=NOW, zone=PARIS)
    assert said in str(refused.value)


# --- read_bound -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ahead", "bound"),
    [
        ("2026-03-08", True, date(2026, 3, 8)),
        ("today", True, date(2026, 3, 11)),
        ("Tomorrow", True, date(2026, 3, 12)),
        ("yesterday", True, date(2026, 3, 10)),
        ("mon", True, date(2026, 3, 16)),
        ("mon", False, date(2026, 3, 9)),
        ("wednesday", True, date(2026, 3, 11)),
        ("wed", False, date(2026, 3, 11)),
        ("now", True, utc("2026-03-11 09:00")),
        ("08:00", True, utc("2026-03-11 07:00")),
        ("mon 09:00", True, utc("2026-03-16 08:00")),
        ("2026-03-08 08:00", True, utc("2026-03-08 07:00")),
        ("in 2h", True, utc("2026-03-11 11:00")),
    ],
)
def test_a_bound_is_a_date_or_an_instant(text: str, ahead: bool, bound: date) -> None:
    found = when.read_bound(text, now=NOW, zone=PARIS, ahead=ahead)
    assert (type(found), found) == (type(bound), bound)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-3-8", "8", "march", "2026-03", "1800-01-01", ""])
def test_what_is_no_bound_is_refused(text: str) -> None:
    with pytest.raises(errors.BadTime):
        when.read_bound(text, now=NOW, zone=PARIS)


def test_today_is_that_of_the_zone() -> None:
    late = utc("2026-03-11 23:30")
    assert when.read_bound("today", now=late, zone=PARIS) == date(2026, 3, 12)
    assert when.read_bound("today", now=late, zone=load_zone("America/New_York")) == date(2026, 3, 11)


# --- read_span --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("1d", "2026-03-11", "2026-03-12"),
        ("7d", "2026-03-05", "2026-03-12"),
        ("7 days", "2026-03-05", "2026-03-12"),
        ("2w", "2026-02-26", "2026-03-12"),
        ("today", "2026-03-11", "2026-03-12"),
        ("yesterday", "2026-03-10", "2026-03-11"),
        ("this week", "2026-03-09", "2026-03-16"),
        ("Last  Week", "2026-03-02", "2026-03-09"),
        ("this month", "2026-03-01", "2026-04-01"),
        ("last month", "2026-02-01", "2026-03-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-03-10", "2026-03-10", "2026-03-11"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-04-01"),
        ("2026-01-01 .. 2026-01-01", "2026-01-01", "2026-01-02"),
        ("2026-01..2026-03", "2026-01-01", "2026-04-01"),
        ("2026-03-01..today", "2026-03-01", "2026-03-12"),
    ],
)
def test_a_span_is_read(text: str, since: str, until: str) -> None:
    days = (date.fromisoformat(since), date.fromisoformat(until))
    assert when.read_span(text, now=NOW, zone=PARIS) == days


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("7", "only a number"),
        ("0d", "no day long"),
        ("0w", "no day long"),
        ("99999d", "between 1900 and 2200"),
        ("12h", "days or weeks"),
        ("1 month", "days or weeks"),
        ("next week", "none of the forms"),
        ("week", "none of the forms"),
        ("2026-13", "there is no month 13"),
        ("2026-02-30", "has no day 30"),
        ("1800", "between 1900 and 2200"),
        ("2026-03-31..2026-01-01", "ends before it starts"),
        ("2026-03-31..", "both ends"),
        ("..2026-03-31", "both ends"),
        ("2026-01-01...2026-03-31", "is not a date"),
        ("2026-01-01..2026-02-01..2026-03-01", "is not a date"),
        ("7d..today", "'7d' is not a date"),
        ("10/11/2026", "order of day and month"),
        ("\u0661d", "digits 0-9"),
        ("7d" * 5_000, "too long"),
    ],
)
def test_what_is_no_span_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(errors.BadSpan) as refused:
        when.read_span(text, now=NOW, zone=PARIS)
    assert why in str(refused.value)


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)), st.integers(0, 400))
def test_a_written_span_is_the_days_it_names(first: date, more: int) -> None:
    last = min(first + timedelta(days=more), date(2200, 12, 31))
    span = when.read_span(f"{first}..{last}", now=NOW, zone=PARIS)
    assert span == (first, last + timedelta(days=1))


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_this_and_last_join_and_hold_today(day: date) -> None:
    now = datetime.combine(day, time(12), UTC)
    zone = load_zone("UTC")
    for unit in ("week", "month", "year"):
        this = when.read_span(f"this {unit}", now=now, zone=zone)
        last = when.read_span(f"last {unit}", now=now, zone=zone)
        assert last[1] == this[0] <= day < this[1]
        assert last[0] < last[1]


# --- the words of a timing --------------------------------------------------------------------------


def test_clock_times_are_sorted() -> None:
    assert when.read_clock(" 8:30 PM ") == time(20, 30)
    assert when.read_clocks("20:00, 08:00") == (time(8), time(20))
    assert when.read_clocks("8am") == (time(8),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("8", "'8' is not a time of day"),
        ("25:00", "there is no hour 25"),
        ("08:00,", "a comma without a time of day"),
        ("08:00,,20:00", "a comma without a time of day"),
        ("08:00,8am", "08:00 is there twice"),
        ("08:00 20:00", "is not a time of day"),
        ("morning", "is not a time of day"),
    ],
)
def test_clock_times_that_cannot_be(text: str, why: str) -> None:
    with pytest.raises(errors.BadTiming) as refused:
        when.read_clocks(text)
    assert why in str(refused.value)


@pytest.mark.parametrize("text", ["", "8", "24:00", "08:00,20:00", "x" * 10_000])
def test_one_clock_time_that_cannot_be(text: str) -> None:
    with pytest.raises(errors.BadTiming):
        when.read_clock(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("90 min", timedelta(minutes=90)),
        ("8h", timedelta(hours=8)),
        ("1h30m", timedelta(minutes=90)),
        ("2D", timedelta(days=2)),
        ("3 weeks", timedelta(weeks=3)),
        ("1d 12h", timedelta(hours=36)),
        ("3653d", timedelta(days=3653)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    assert when.read_duration(text) == length


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("8", "no unit"),
        ("0h", "zero"),
        ("0d0h", "zero"),
        ("3654d", "over ten years"),
        ("9999999w", "over ten years"),
        ("-8h", "not a whole number"),
        ("1.5h", "1h30m"),
        ("1,5h", "1h30m"),
        ("1/2h", "1h30m"),
        ("8h30", "not a whole number"),
        ("30m1h", "longest to the shortest"),
        ("1 month", "differ in length"),
        ("30s", "the shortest unit is a minute"),
        ("8 bananas", "'bananas' is not"),
        ("nan", "not a whole number"),
        ("\u0668h", "digits 0-9"),
        ("9" * 10_000 + "h", "too long"),
    ],
)
def test_a_length_of_time_that_cannot_be(text: str, why: str) -> None:
    with pytest.raises(errors.BadDuration) as refused:
        when.read_duration(text)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("2d", 2),
        ("3w", 21),
        ("1 day", 1),
        ("1w2d", 9),
        ("24h", timedelta(hours=24)),
        ("1d12h", timedelta(hours=36)),
    ],
)
def test_how_often_tells_calendar_days_from_elapsed_time(text: str, every: int | timedelta) -> None:
    assert when.read_every(text) == every


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon,thu", (0, 3)),
        ("Thursday, MON", (0, 3)),
        ("weekdays", (0, 1, 2, 3, 4)),
        ("weekends", (5, 6)),
        ("weekends,wed", (2, 5, 6)),
    ],
)
def test_weekdays_are_read(text: str, days: tuple[int, ...]) -> None:
    assert when.read_weekdays(text) == days


@pytest.mark.parametrize(
    "text", ["", "m", "mo", "mon thu", "mon,", "mon,monday", "weekdays,fri", "1", "mån", "mon-fri"]
)
def test_weekdays_that_cannot_be(text: str) -> None:
    with pytest.raises(errors.BadTiming):
        when.read_weekdays(text)


def test_days_of_the_month_the_year_and_a_cycle_are_read() -> None:
    assert when.read_month_days("31, 1,15") == (1, 15, 31)
    assert when.read_year_day("02-29") == (2, 29)
    assert when.read_cycle("21/7") == (21, 7)
    assert when.read_cycle(" 21 / 7 ") == (21, 7)


@pytest.mark.parametrize("text", ["", "0", "32", "-1", "1,1", "1;2", "1.5", "last", "\u0661", "1,", "001"])
def test_days_of_the_month_that_cannot_be(text: str) -> None:
    with pytest.raises(errors.BadTiming):
        when.read_month_days(text)


@pytest.mark.parametrize(
    "text",
    ["", "2-29", "02-30", "13-01", "00-01", "02/29", "2026-02-28", "\u0660\u0662-29", "0" * 10_000],
)
def test_days_of_the_year_that_cannot_be(text: str) -> None:
    with pytest.raises(errors.BadTiming):
        when.read_year_day(text)


@pytest.mark.parametrize(
    "text",
    ["", "21", "21/0", "0/7", "21/7/1", "-21/7", "21-7", "1000/7", "\u0662\u0661/7", "1/1" * 5_000],
)
def test_cycles_that_cannot_be(text: str) -> None:
    with pytest.raises(errors.BadTiming):
        when.read_cycle(text)


def test_a_local_time_is_said_to_the_minute() -> None:
    assert when.say_local(datetime.fromisoformat("2026-03-09 08:05:59")) == "2026-03-09 08:05"
    assert when.say_local(always("Asia/Tokyo").shown(NOW)) == "2026-03-11 18:00"
