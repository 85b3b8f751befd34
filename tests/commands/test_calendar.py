"""The hard nights of the calendar in ten zones, from outside, against a brute-force reading of the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Result

NOW = "2026-01-01T00:00:00Z"
YEAR = ("2026-01-01", "2026-12-31")
ZONES = (
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Tokyo",
    "Pacific/Chatham",
    "Asia/Kathmandu",
)

Schedule = Callable[..., Any]


@pytest.fixture
def schedule(run: Callable[..., Result], zone: str) -> Schedule:
    """The schedule of one plan over 2026 in a zone, as JSON."""

    def listed(flags: str, since: str = YEAR[0], until: str = YEAR[1]) -> Any:
        made = run(f"--tz {zone} add x {flags}", now=NOW)
        assert made.code == 0, made
        result = run(f"schedule --from {since} --to {until} --json", now=NOW)
        assert result.code == 0, result
        return json.loads(result.out)

    return listed


def instants(found: Any) -> list[datetime]:
    return [datetime.fromisoformat(row["planned_at"]).astimezone(UTC) for row in found["rows"]]


def placed(day: date, at: time, zone: str) -> tuple[datetime, str | None]:
    """Rule R2, by trying every minute of three days: the first that shows the wall time, else the moved one."""
    wanted = datetime.combine(day, at)
    start = datetime.combine(day - timedelta(1), time(), UTC)
    local = ZoneInfo(zone)
    offsets = {(start + timedelta(hours=number)).astimezone(local).utcoffset() for number in range(72)}
    if len(offsets) == 1:
        return (wanted - offsets.pop()).replace(tzinfo=UTC), None  # type: ignore[operator]
    shown = [start + timedelta(minutes=number) for number in range(3 * 1440)]
    hits = [instant for instant in shown if instant.astimezone(local).replace(tzinfo=None) == wanted]
    if hits:
        return hits[0], "fold" if len(hits) > 1 else None
    # It never was: as far past the change as it would have been before it.
    after = next(i for i in shown if i.astimezone(local).replace(tzinfo=None) > wanted)
    before = after - timedelta(minutes=1)
    skipped = wanted - before.astimezone(local).replace(tzinfo=None)
    return before + skipped, "gap"


@pytest.mark.parametrize("zone", ZONES)
def test_half_past_two_every_night_of_the_year(zone: str, schedule: Schedule) -> None:
    found = schedule("--at 02:30 --from 2026-01-01")
    assert len(found["rows"]) == 365
    assert found["dropped"] == []
    for number, row in enumerate(found["rows"]):
        instant, flag = placed(date(2026, 1, 1) + timedelta(number), time(2, 30), zone)
        assert datetime.fromisoformat(row["planned_at"]) == instant, row
        assert row["flags"] == ([flag] if flag else []), row
        shown = instant.astimezone(ZoneInfo(zone))
        assert row["local_time"] == shown.replace(tzinfo=None).isoformat()
        assert row["planned_at"] == shown.isoformat()
        assert row["zone"] == zone


@pytest.mark.parametrize("zone", ZONES)
def test_every_eight_hours_is_eight_hours_on_every_night(zone: str, schedule: Schedule) -> None:
    found = instants(schedule("--every 8h --from 2026-01-01T06:00:00Z"))
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=8)}
    assert found[0] == datetime(2026, 1, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("flags", "days"),
    [
        ("--on mon,thu", lambda day: day.weekday() in (0, 3)),
        ("--every 2d", lambda day: (day - date(2026, 1, 1)).days % 2 == 0),
        ("--cycle 21/7", lambda day: (day - date(2026, 1, 1)).days % 28 < 21),
        ("--monthly 31", lambda day: (day + timedelta(1)).day == 1),
        ("--yearly 02-29", lambda day: (day.month, day.day) == (2, 28)),
        ("--rrule FREQ=MONTHLY;BYDAY=1MO", lambda day: day.weekday() == 0 and day.day <= 7),
    ],
    ids=["weekdays", "every 2 days", "cycle", "monthly on the 31st", "29 February", "rrule"],
)
def test_calendar_patterns_fall_on_their_days(
    zone: str, schedule: Schedule, flags: str, days: Callable[[date], bool]
) -> None:
    found = schedule(f"{flags} --at 12:00 --from 2026-01-01")
    wanted = [day for number in range(365) if days(day := date(2026, 1, 1) + timedelta(number))]
    assert [date.fromisoformat(row["local_time"][:10]) for row in found["rows"]] == wanted
    assert instants(found) == [placed(day, time(12), zone)[0] for day in wanted]


@pytest.mark.parametrize("zone", ZONES)
def test_a_pinned_plan_keeps_the_clock_of_its_home(zone: str, schedule: Schedule) -> None:
    found = schedule(
        "--at 20:00 --pin Europe/London --from 2026-01-01", since="2026-01-02", until="2026-12-30"
    )
    shown = {instant.astimezone(ZoneInfo("Europe/London")).time() for instant in instants(found)}
    assert shown == {time(20)}


@pytest.mark.parametrize("zone", ["Europe/London"])
def test_leap_days_and_month_ends_return(zone: str, run: Callable[..., Result]) -> None:
    run(f"--tz {zone} add x --at 08:00 --yearly 02-29 --from 2026-01-01", now=NOW)
    found = json.loads(run("schedule --from 2026-01-01 --to 2032-12-31 --json", now=NOW).out)
    assert [row["local_time"][:10] for row in found["rows"]] == [
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


@pytest.mark.parametrize("zone", ["Pacific/Auckland"])
def test_across_the_date_line_one_of_two_mondays_is_dropped(
    zone: str, schedule: Schedule, run: Callable[..., Result]
) -> None:
    schedule("--on mon --at 08:00 --from 2026-01-01")
    # On Monday 1 June, after the dose, from Auckland to Honolulu, where it is still Sunday.
    assert run("travel Pacific/Honolulu --from '2026-06-01 12:00'", now=NOW).code == 0
    found = json.loads(run("schedule --from 2026-05-25 --to 2026-06-09 --json", now=NOW).out)
    assert [row["planned_at"] for row in found["rows"]] == [
        "2026-05-25T08:00:00+12:00",
        "2026-06-01T08:00:00+12:00",
        "2026-06-08T08:00:00-10:00",
    ]
    assert [(lost["medication"], lost["planned_at"]) for lost in found["dropped"]] == [
        ("x", "2026-06-01T08:00:00-10:00")
    ]
    assert "the clock or the zone changed" in found["dropped"][0]["reason"]


@pytest.mark.parametrize("zone", ["Pacific/Apia"])
def test_a_date_that_was_skipped_holds_no_dose_of_its_own(zone: str, run: Callable[..., Result]) -> None:
    """Samoa had no 30 December 2011: its 08:00 would fall on that of the 31st."""
    now = "2011-12-01T00:00:00Z"
    run(f"--tz {zone} add x --at 08:00 --from 2011-12-28", now=now)
    found = json.loads(run("schedule --from 2011-12-28 --to 2012-01-01 --json", now=now).out)
    assert [row["local_time"] for row in found["rows"]] == [
        "2011-12-28T08:00:00",
        "2011-12-29T08:00:00",
        "2011-12-31T08:00:00",
        "2012-01-01T08:00:00",
    ]
    assert len(found["dropped"]) == 1


def test_a_list_of_a_past_day_stays_as_it_was(run: Callable[..., Result]) -> None:
    now = "2026-03-10T09:00[Europe/Paris]"
    for line in (
        "add metformin --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01 --yes",
        "add prednisone --amount '40 mg' --at 08:00 --from 2026-03-01",
        "taper prednisone '30 mg 3d -> 20 mg 3d -> stop' --from 2026-03-08 --reason x",
    ):
        assert run(line, now="2026-03-02T09:00[Europe/Paris]").code == 0
    before = [run(f"meds --as-of 2026-03-05{more}", now=now).out for more in ("", " --json", " --all --csv")]
    for line in (
        "change metformin --amount '2 tablets'",
        "stop prednisone --reason done",
        "add aspirin --amount '100 mg' --at 08:00 --from 2026-03-12 --yes",
    ):
        assert run(line, now=now).code == 0, line
    later = [
        run(f"meds --as-of 2026-03-05{more}", now="2026-03-20T09:00[Europe/Paris]").out
        for more in ("", " --json", " --all --csv")
    ]
    assert later == before
    assert "prednisone  30 mg" in before[0] or "30 mg" in before[0], "the taper was planned by then"
