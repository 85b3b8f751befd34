"""Placing wall times, refusing the ones that never were, and days on a timeline of zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.zones import Zones, always, begin_of, end_of, load_zone, place, settle
from medtrack.errors import BadZone, TimeNeverWas, TimeTwice

KEYS = sorted(key for key in available_timezones() if key not in ("Factory", "localtime"))
PARIS = load_zone("Europe/Paris")
INSTANTS = st.integers(631_152_000, 2_145_830_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 1990 to 2037."""
ZONES = st.sampled_from(KEYS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@cache
def changes_of(key: str) -> list[tuple[datetime, timedelta, timedelta]]:
    """(instant, offset before, offset after) of every change of the clocks from 1990 to 2037."""
    zone = ZoneInfo(key)
    found = []
    at, step = utc("1990-01-01"), timedelta(days=5)
    before = at.astimezone(zone).utcoffset()
    while at < utc("2038-01-01"):
        after = (at + step).astimezone(zone).utcoffset()
        if after != before:
            low, high = at, at + step
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            found.append((high, before, high.astimezone(zone).utcoffset()))
        at, before = at + step, after
    return found


# --- load_zone --------------------------------------------------------------------------------------


def test_every_zone_of_the_database_loads() -> None:
    for key in KEYS:
        assert load_zone(key).key == key


def test_a_zone_is_loaded_once() -> None:
    assert load_zone("Asia/Tokyo") is load_zone("Asia/Tokyo")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".",
        "..",
        "../UTC",
        "Europe/../UTC",
        "Europe",
        "Europe/",
        "Europe//Paris",
        "/etc/localtime",
        ":/etc/localtime",
        ":Europe/Paris",
        "localtime",
        "posixrules",
        "posix/Europe/Paris",
        "right/UTC",
        "Factory",
        "tzdata.zi",
        "zone.tab",
        "__init__",
        "europe/paris",
        "EUROPE/PARIS",
        "utc",
        "UTC ",
        "Europe\\Paris",
        "Europe/Par\0is",
        "Europe/Paris\n",
        "Éurope/Paris",
        "\ud800",
        "CET-1CEST",
        "+02:00",
        "Not/AZone",
        "A" * 10_000,
    ],
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(BadZone) as refused:
        load_zone(typed)
    assert refused.value.exit_code == 2
    assert len(str(refused.value)) < 400


# --- place and settle -------------------------------------------------------------------------------

PLACED = [
    ("Europe/Paris", "2026-03-29 01:59:59", "2026-03-29 00:59:59", None),
    ("Europe/Paris", "2026-03-29 02:00", "2026-03-29 01:00", "gap"),
    ("Europe/Paris", "2026-03-29 02:30", "2026-03-29 01:30", "gap"),
    ("Europe/Paris", "2026-03-29 03:00", "2026-03-29 01:00", None),
    ("Europe/Paris", "2026-10-25 01:59", "2026-10-24 23:59", None),
    ("Europe/Paris", "2026-10-25 02:00", "2026-10-25 00:00", "fold"),
    ("Europe/Paris", "2026-10-25 02:59:59", "2026-10-25 00:59:59", "fold"),
    ("Europe/Paris", "2026-10-25 03:00", "2026-10-25 02:00", None),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45", "gap"),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00", "gap"),
    ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30", "gap"),
    ("Asia/Kolkata", "2026-03-08 02:30", "2026-03-07 21:00", None),
]


@pytest.mark.parametrize(("key", "local", "instant", "flag"), PLACED)
def test_a_wall_time_is_placed(key: str, local: str, instant: str, flag: str | None) -> None:
    assert place(wall(local), load_zone(key)) == (utc(instant), flag)


def test_the_fold_of_the_wall_time_given_does_not_matter() -> None:
    local = wall("2026-10-25 02:30")
    assert place(local.replace(fold=1), PARIS) == place(local, PARIS)
    assert place(local.replace(fold=1), PARIS)[0].tzinfo is UTC


@pytest.mark.parametrize("key", KEYS)
def test_around_every_change_of_every_zone(key: str) -> None:
    zone = load_zone(key)
    second = timedelta(seconds=1)
    for at, before, after in changes_of(key):
        left, reached = (at + before).replace(tzinfo=None), (at + after).replace(tzinfo=None)
        flag = "gap" if after > before else "fold"
        low, high = min(left, reached), max(left, reached)
        for local in (low, low + (high - low) // 2, high - second):
            local = local.replace(microsecond=0)
            assert place(local, zone) == ((local - before).replace(tzinfo=UTC), flag)
            with pytest.raises(TimeNeverWas if flag == "gap" else TimeTwice):
                settle(local, zone, now=None)
        assert place(low - second, zone)[1] is None
        assert place(high, zone)[1] is None
        assert place(high, zone)[0] == (high - after).replace(tzinfo=UTC)


@given(INSTANTS, ZONES)
def test_place_and_settle_agree_away_from_changes(instant: datetime, key: str) -> None:
    zone = load_zone(key)
    local = always(key).local(instant)
    placed, flag = place(local, zone)
    if flag is None:
        assert placed == instant
        assert settle(local, zone, now=None) == instant
    else:
        assert flag == "fold"
        assert placed <= instant


@pytest.mark.parametrize(
    ("key", "local", "sentence"),
    [
        (
            "Europe/Paris",
            "2026-03-29 02:30",
            "2026-03-29 02:30 never existed in Europe/Paris: the clocks went from 02:00 to 03:00.",
        ),
        ("Africa/Cairo", "2026-04-24 00:30", "the clocks went from 00:00 to 01:00."),
        ("Pacific/Apia", "2011-12-30 08:00", "the clocks went from 2011-12-30 00:00 to 2011-12-31 00:00."),
    ],
)
def test_a_time_that_never_was_says_what_the_clocks_did(key: str, local: str, sentence: str) -> None:
    with pytest.raises(TimeNeverWas) as refused:
        settle(wall(local), load_zone(key), now=utc("2030-01-01"))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("now", "settled"),
    [
        (None, None),
        ("2026-10-24 00:00", None),
        ("2026-10-25 00:29:59", None),
        ("2026-10-25 00:30", "2026-10-25 00:30"),
        ("2026-10-25 01:29:59", "2026-10-25 00:30"),
        ("2026-10-25 01:30", None),
        ("2026-10-26 00:00", None),
    ],
)
def test_a_time_that_was_twice_is_settled_only_when_one_is_past(now: str | None, settled: str | None) -> None:
    clock = None if now is None else utc(now)
    if settled is not None:
        assert settle(wall("2026-10-25 02:30"), PARIS, now=clock) == utc(settled)
        return
    with pytest.raises(TimeTwice) as refused:
        settle(wall("2026-10-25 02:30"), PARIS, now=clock)
    assert refused.value.exit_code == 23
    assert "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00" in str(refused.value)


# --- the timeline -----------------------------------------------------------------------------------

LONDON_TOKYO = Zones(((utc("2020-01-01"), "Europe/London"), (utc("2026-06-01 10:00"), "Asia/Tokyo")))
AUCKLAND_HONOLULU = Zones(
    ((utc("2020-01-01"), "Pacific/Auckland"), (utc("2026-06-01 06:00"), "Pacific/Honolulu"))
)
HONOLULU_AUCKLAND = Zones(
    ((utc("2020-01-01"), "Pacific/Honolulu"), (utc("2026-06-01 06:00"), "Pacific/Auckland"))
)


def test_the_first_zone_covers_all_time_before() -> None:
    assert LONDON_TOKYO.at(utc("1950-01-01")).key == "Europe/London"
    assert LONDON_TOKYO.at(utc("2026-06-01 09:59:59")).key == "Europe/London"
    assert LONDON_TOKYO.at(utc("2026-06-01 10:00")).key == "Asia/Tokyo"


def test_the_wall_time_is_that_of_the_zone_then() -> None:
    assert LONDON_TOKYO.local(utc("2026-06-01 09:59")) == wall("2026-06-01 10:59")
    assert LONDON_TOKYO.local(utc("2026-06-01 10:00")) == wall("2026-06-01 19:00")
    assert LONDON_TOKYO.shown(utc("2026-06-01 10:00")).isoformat() == "2026-06-01T19:00:00+09:00"
    assert always("Europe/Paris").local(utc("2026-10-25 01:30")).fold == 0


def test_segments_are_half_open_and_say_each_zone_once() -> None:
    there = utc("2026-06-01 10:00")
    assert [(since, until, zone.key) for since, until, zone in LONDON_TOKYO.segments()] == [
        (None, there, "Europe/London"),
        (there, None, "Asia/Tokyo"),
    ]
    again = Zones((*LONDON_TOKYO.changes, (utc("2026-07-01"), "Asia/Tokyo")))
    assert again.segments() == LONDON_TOKYO.segments()
    corrected = Zones((*LONDON_TOKYO.changes, (there, "Asia/Seoul")))
    assert [zone.key for _, _, zone in corrected.segments()] == ["Europe/London", "Asia/Seoul"]
    undone = Zones((*LONDON_TOKYO.changes, (there, "Europe/London")))
    assert undone.segments() == always("Europe/London").segments()


def test_always_refuses_what_is_no_zone() -> None:
    with pytest.raises(BadZone):
        always("Mars/Olympus")


# --- days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "day", "begin", "end"),
    [
        (always("Europe/Paris"), "2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"),
        (always("Europe/Paris"), "2026-10-25", "2026-10-24 22:00", "2026-10-25 23:00"),
        # Midnight does not exist: the day begins at 01:00.
        (always("Africa/Cairo"), "2026-04-24", "2026-04-23 22:00", "2026-04-24 21:00"),
        # Midnight happens twice: the day begins with the first.
        (always("America/Havana"), "2025-11-02", "2025-11-02 04:00", "2025-11-03 05:00"),
        # The date was skipped: an empty day.
        (always("Pacific/Apia"), "2011-12-30", "2011-12-30 10:00", "2011-12-30 10:00"),
        # The gap begins before midnight: the day begins when the clocks show it.
        (always("America/Toronto"), "1919-03-31", "1919-03-31 04:30", "1919-04-01 04:00"),
        (LONDON_TOKYO, "2026-06-01", "2026-05-31 23:00", "2026-06-01 15:00"),
        (LONDON_TOKYO, "2026-06-02", "2026-06-01 15:00", "2026-06-02 15:00"),
        # 1 June from 00:00 in Auckland, and again from 20:00 on 31 May in Honolulu: one long day.
        (AUCKLAND_HONOLULU, "2026-06-01", "2026-05-31 12:00", "2026-06-02 10:00"),
        # 20:00 on 31 May in Honolulu became 18:00 on 1 June.
        (HONOLULU_AUCKLAND, "2026-05-31", "2026-05-31 10:00", "2026-06-01 06:00"),
        (HONOLULU_AUCKLAND, "2026-06-01", "2026-06-01 06:00", "2026-06-01 12:00"),
    ],
)
def test_a_day_on_the_timeline(zones: Zones, day: str, begin: str, end: str) -> None:
    bound = date.fromisoformat(day)
    assert begin_of(bound, zones) == utc(begin)
    assert end_of(bound, zones) == utc(end)


def test_a_journey_over_midnight_begins_the_day_on_arrival() -> None:
    zones = Zones(((utc("2020-01-01"), "America/New_York"), (utc("2026-06-02 01:00"), "Europe/London")))
    assert zones.local(utc("2026-06-02 00:59")).date() == date(2026, 6, 1)
    assert begin_of(date(2026, 6, 2), zones) == utc("2026-06-02 01:00")


def test_an_instant_is_its_own_bound() -> None:
    instant = utc("2026-06-01 10:00")
    assert begin_of(instant, LONDON_TOKYO) == end_of(instant, LONDON_TOKYO) == instant


@st.composite
def timelines(draw: st.DrawFn) -> Zones:
    moments = sorted(draw(st.lists(INSTANTS, min_size=1, max_size=4, unique=True)))
    return Zones(tuple((moment, draw(ZONES)) for moment in moments))


@given(timelines(), st.data())
def test_days_tile_the_line(zones: Zones, data: st.DataObject) -> None:
    near = data.draw(st.sampled_from([moment for moment, _ in zones.changes]))
    day = near.date() + timedelta(days=data.draw(st.integers(-3, 3)))
    assert end_of(day, zones) == begin_of(day + timedelta(days=1), zones)
    assert begin_of(day, zones) <= end_of(day, zones)


@given(timelines(), st.data())
def test_a_day_begins_when_the_calendar_first_reaches_it(zones: Zones, data: st.DataObject) -> None:
    near = data.draw(st.sampled_from([moment for moment, _ in zones.changes]))
    day = near.date() + timedelta(days=data.draw(st.integers(-3, 3)))
    begin = begin_of(day, zones)
    assert zones.local(begin).date() >= day
    for earlier in (timedelta(seconds=1), timedelta(minutes=17), timedelta(hours=13), timedelta(days=2)):
        assert zones.local(begin - earlier).date() < day


@given(ZONES, st.dates(date(1990, 1, 1), date(2037, 12, 31)))
def test_a_day_begins_where_its_midnight_is_placed(key: str, day: date) -> None:
    assert begin_of(day, always(key)) == place(datetime.combine(day, time()), load_zone(key))[0]
