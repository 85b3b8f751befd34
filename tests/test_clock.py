"""The process's one now, its simulation, and the zone of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
import tzdata
from hypothesis import given
from hypothesis import strategies as st

from medtrack import clock, errors
from medtrack.clock import _age, start_clock, use_newest_zones
from medtrack.domain.zones import load_zone

ROOT = Path(__file__).parent.parent


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_now_is_read_once_to_the_second() -> None:
    before = time.time_ns() / 1e9
    here = start_clock(None, None, {})
    assert here.now.tzinfo is UTC
    assert here.now.microsecond == 0
    assert before - 1 < here.now.timestamp() <= time.time_ns() / 1e9
    assert here.now is here.now
    assert not here.simulated
    assert here.zone_wanted is None


@pytest.mark.parametrize(
    ("text", "now", "zone"),
    [
        ("2026-03-29T08:00[Europe/Paris]", "2026-03-29 06:00", "Europe/Paris"),
        ("2026-03-29T08:00+02:00", "2026-03-29 06:00", None),
        ("2026-03-29T08:00+02:00[Europe/Paris]", "2026-03-29 06:00", "Europe/Paris"),
        ("2026-03-29T06:00:07Z", "2026-03-29 06:00:07", None),
        ("2026-03-29t06:00:07z", "2026-03-29 06:00:07", None),
        ("2026-03-29 08:00:07.25+02:00", "2026-03-29 06:00:07", None),
        (" 2026-03-29T08:00 [Europe/Paris] ", "2026-03-29 06:00", "Europe/Paris"),
        ("2026-10-25T02:30+02:00[Europe/Paris]", "2026-10-25 00:30", "Europe/Paris"),
        ("2026-10-25T02:30+01:00[Europe/Paris]", "2026-10-25 01:30", "Europe/Paris"),
    ],
)
def test_a_simulated_now(text: str, now: str, zone: str | None) -> None:
    for here in (
        start_clock(text, None, {"TZ": "Asia/Tokyo"}),
        start_clock(None, None, {"MEDTRACK_NOW": text, "TZ": "Asia/Tokyo"}),
    ):
        assert here.now == utc(now)
        assert here.now.tzinfo is UTC
        assert here.simulated
        assert here.system_zone == (zone or "Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "refusal", "why"),
    [
        ("", errors.BadTime, "empty"),
        ("now", errors.BadTime, "not written like"),
        ("08:00", errors.BadTime, "not written like"),
        ("2026-03-29", errors.BadTime, "not written like"),
        ("2026-03-29T08:00", errors.BadTime, "neither an offset nor a [Zone]"),
        ("2026-02-30T08:00Z", errors.BadTime, "has no day 30"),
        ("2026-03-29T24:00Z", errors.BadTime, "24:00"),
        ("9999-03-29T08:00Z", errors.BadTime, "1900 and 2200"),
        ("2026-03-29T08:00+01:00[Europe/Paris]", errors.BadTime, "its offset is not that of Europe/Paris"),
        ("2026-03-29T08:00[Europe/Paris", errors.BadTime, "not closed"),
        ("2026-03-29T08:00Z[Europe/Paris]x", errors.BadTime, "not closed"),
        ("[Europe/Paris]", errors.BadTime, "empty"),
        ("2026-03-29T08:00[]", errors.BadZone, "not a time zone"),
        ("2026-03-29T08:00[europe/paris]", errors.BadZone, "not a time zone"),
        ("2026-03-29T08:00Z[../UTC]", errors.BadZone, "not a time zone"),
        ("2026-03-29T02:30[Europe/Paris]", errors.TimeNeverWas, "never existed"),
        ("2026-10-25T02:30[Europe/Paris]", errors.TimeTwice, "2026-10-25T02:30+02:00"),
        ("2" * 10_000, errors.BadTime, "too long"),
    ],
)
def test_a_simulated_now_that_cannot_be(text: str, refusal: type[errors.MedtrackError], why: str) -> None:
    with pytest.raises(refusal) as refused:
        start_clock(text, None, {})
    assert why in str(refused.value)
    if text:
        with pytest.raises(refusal):
            start_clock(None, None, {"MEDTRACK_NOW": text})


@given(st.text(max_size=40))
def test_any_simulated_now_is_read_or_refused(text: str) -> None:
    for typed in (text, f"2026-03-29T08:00{text}", f"2026-03-29T08:00[{text}]"):
        with suppress(errors.UsageRefused):
            start_clock(typed, None, {})


@given(
    st.integers(86_400, 7_226_582_400),
    st.sampled_from(["UTC", "Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]),
)
def test_any_instant_can_be_simulated(seconds: int, key: str) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    assert start_clock(f"{instant.astimezone(load_zone(key)).isoformat()}[{key}]", None, {}).now == instant


def test_flags_beat_the_environment() -> None:
    environ = {"MEDTRACK_NOW": "rubbish", "MEDTRACK_TZ": "Not/AZone"}
    here = start_clock("2026-03-29T06:00Z", "Asia/Tokyo", environ)
    assert (here.now, here.zone_wanted) == (utc("2026-03-29 06:00"), "Asia/Tokyo")
    assert start_clock(None, None, {"MEDTRACK_TZ": "Asia/Tokyo"}).zone_wanted == "Asia/Tokyo"


def test_an_empty_variable_is_not_set() -> None:
    here = start_clock(None, None, {"MEDTRACK_NOW": "", "MEDTRACK_TZ": ""})
    assert (here.simulated, here.zone_wanted) == (False, None)


@pytest.mark.parametrize(
    "tz", ["", "Not/AZone", "../UTC", ":/etc/localtime", "europe/paris", "\0", "A" * 10_000]
)
def test_a_bogus_zone_is_refused(tz: str) -> None:
    with pytest.raises(errors.BadZone):
        start_clock(None, tz, {})
    if tz:
        with pytest.raises(errors.BadZone):
            start_clock(None, None, {"MEDTRACK_TZ": tz})


# --- the machine's zone -----------------------------------------------------------------------------

System = Callable[[str | None, str | None], None]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """Makes the machine's two files: what the link points to, and the line in the text file."""
    link, line = tmp_path / "localtime", tmp_path / "timezone"
    monkeypatch.setattr(clock, "LOCALTIME", str(link))
    monkeypatch.setattr(clock, "TIMEZONE_FILE", str(line))

    def make(target: str | None, text: str | None) -> None:
        if target is not None:
            link.symlink_to(target)
        if text is not None:
            line.write_text(text)

    return make


@pytest.mark.parametrize(
    ("target", "line", "zone"),
    [
        ("/usr/share/zoneinfo/Europe/Paris", None, "Europe/Paris"),
        ("../usr/share/zoneinfo/Asia/Tokyo", "Europe/Paris\n", "Asia/Tokyo"),
        ("/var/db/timezone/zoneinfo/America/Indiana/Knox", None, "America/Indiana/Knox"),
        (None, "Europe/Paris\n", "Europe/Paris"),
        ("/somewhere/else", "Europe/Paris", "Europe/Paris"),
        ("/usr/share/zoneinfo/Not/AZone", "Europe/Paris", "Europe/Paris"),
        (None, None, "UTC"),
        (None, "\n", "UTC"),
    ],
)
def test_the_machine_names_its_zone(system: System, target: str | None, line: str | None, zone: str) -> None:
    system(target, line)
    assert start_clock(None, None, {}).system_zone == zone


def test_a_link_through_another_is_followed(system: System, tmp_path: Path) -> None:
    (tmp_path / "alternative").symlink_to("/usr/share/zoneinfo/Europe/Paris")
    system(str(tmp_path / "alternative"), None)
    assert start_clock(None, None, {}).system_zone in (
        "Europe/Paris",
        os.path.realpath("/usr/share/zoneinfo/Europe/Paris")[20:],
    )


@pytest.mark.parametrize(
    ("target", "line"), [("/usr/share/zoneinfo/Not/AZone", None), (None, "Not/AZone"), (None, "../x")]
)
def test_a_machine_that_names_no_real_zone_is_not_in_utc(
    system: System, target: str | None, line: str | None
) -> None:
    system(target, line)
    with pytest.raises(errors.BadZone):
        _ = start_clock(None, None, {}).system_zone


def test_tz_comes_before_the_machine(system: System) -> None:
    system("/usr/share/zoneinfo/Europe/Paris", None)
    assert start_clock(None, None, {"TZ": "Asia/Tokyo"}).system_zone == "Asia/Tokyo"
    for same in ("", clock.LOCALTIME, f":{clock.LOCALTIME}"):
        assert start_clock(None, None, {"TZ": same}).system_zone == "Europe/Paris"


@pytest.mark.parametrize(
    "tz", ["Not/AZone", "../UTC", ":/etc/passwd", "/etc/passwd", "CET-1CEST,M3.5.0", "utc", "Europe"]
)
def test_a_bogus_tz_is_never_silently_utc(system: System, tz: str) -> None:
    here = start_clock(None, None, {"TZ": tz})
    with pytest.raises(errors.BadZone) as refused:
        _ = here.system_zone
    assert refused.value.exit_code == 2


def test_the_machine_is_asked_only_on_use(system: System) -> None:
    system(None, "Not/AZone")
    assert start_clock(None, "Asia/Tokyo", {"TZ": "Not/AZone"}).zone_wanted == "Asia/Tokyo"


def test_starting_the_clock_is_cheap() -> None:
    program = (
        "import sys, medtrack.clock as c; c.start_clock(None, None, {});"
        "print([m for m in ('re', 'typing', 'zoneinfo', 'pathlib', 'platformdirs') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestTheNewestZones:
    """The zone database is the newer of the machine's and the package's."""

    @pytest.fixture(autouse=True)
    def _restore(self) -> Iterator[None]:
        yield
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()

    def database(self, folder: Path, version: str, of: str) -> Path:
        """A zone folder in which Europe/Paris is really another zone, so that it shows which one was read."""
        (folder / "Europe").mkdir(parents=True)
        (folder / "tzdata.zi").write_text(f"# version {version}\n")
        source = resources.files("tzdata.zoneinfo").joinpath(*of.split("/"))
        (folder / "Europe" / "Paris").write_bytes(source.read_bytes())
        return folder

    @pytest.mark.parametrize(
        ("machines", "hours"), [("2019a", 1), ("2024z", 1), ("9999a", 9), ("9999za", 9), ("", 1)]
    )
    def test_the_newer_one_is_read(self, tmp_path: Path, machines: str, hours: int) -> None:
        zoneinfo.reset_tzpath(to=(str(self.database(tmp_path / "zones", machines, "Asia/Tokyo")),))
        zoneinfo.ZoneInfo.clear_cache()
        version = use_newest_zones()
        at = datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
        assert at.utcoffset() == timedelta(hours=hours)
        assert version == (machines if hours == 9 else tzdata.IANA_VERSION)

    def test_versions_are_ordered_as_they_are_released(self) -> None:
        released = ["", "2019c", "2025a", "2025b", "2025z", "2025za", "2026a"]
        assert sorted(released, key=_age) == released

    def test_no_database_at_all_is_said(self, spawn, home: Path) -> None:
        blank = home / "blank"
        (blank / "tzdata").mkdir(parents=True)
        (blank / "tzdata" / "__init__.py").write_text("raise ImportError\n")
        refused = spawn("add x --at 08:00", PYTHONPATH=f"{blank}:{ROOT}", PYTHONTZPATH="/nowhere")
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            "medtrack: There is no time zone database on this machine, so no time can be told right."
            " Install the tzdata package.\n"
        )
