"""A clock that jumps, and a zone database that is stale, damaged or gone: told, and nothing is lost by it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from medtrack.clock import start_clock
from medtrack.domain.moment import Moment
from medtrack.services.chart import Chart
from medtrack.services.noting import note
from medtrack.store.record import Record
from medtrack.store.registry import Registry
from tests.conftest import Result
from tests.faults.harness import TRACEBACK, Home
from tests.faults.writing import ADD, TAKE

Run = Callable[..., Result]
NINE = "2026-03-10T09:00[Europe/Paris]"
READING = (
    "today",
    "due",
    "schedule --json",
    "log --json",
    "adherence",
    "history",
    "meds",
    "verify",
    "doctor",
)
TOMORROW, YESTERDAY = "2026-03-11T09:00[Europe/Paris]", "2026-03-09T09:00[Europe/Paris]"
FAR = "2036-03-10T09:00[Europe/Paris]"
EPOCH, OVERFLOW = "1970-01-02T00:00Z", "2038-01-19T03:14:08Z"


def noted(run: Run, now: str) -> list[str]:
    return [row["note"] for row in json.loads(run("log --json --since 1970-01-01", now=now).out)["rows"]]


@pytest.fixture
def begun(run: Run) -> None:
    """A record of one dose, made at nine."""
    assert run(list(ADD), now=NINE).code == 0
    assert run("add metformin --at 08:00,20:00 --from 2026-03-01 --yes", now=NINE).code == 0
    assert run([*TAKE, "at nine"], now=NINE).code == 0


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("jump", [YESTERDAY, TOMORROW, FAR, EPOCH, OVERFLOW])
def test_a_clock_that_jumps_between_commands_loses_nothing_and_undoes_in_order(jump: str, run: Run) -> None:
    assert run([*TAKE, "after the jump"], now=jump).code == 0
    assert run([*TAKE, "the clock is right again"], now=NINE).code == 0
    assert sorted(noted(run, FAR)) == ["after the jump", "at nine", "the clock is right again"]
    for now in (jump, NINE):
        for line in READING:
            done = run(line, now=now)
            assert done.code in (0, 4, 10, 11), (line, now, done)
    # What was done last is undone first, whatever the clocks said.
    for left in (["after the jump", "at nine"], ["at nine"]):
        assert run("undo", now=jump).code == 0
        assert sorted(noted(run, FAR)) == left
    assert run("verify", now=jump).code == 0


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("jump", [YESTERDAY, FAR, EPOCH])
def test_a_key_is_one_dose_whatever_the_clock_says(jump: str, run: Run) -> None:
    assert run([*TAKE, "keyed", "--key", "k1"], now=NINE).code == 0
    assert run([*TAKE, "keyed", "--key", "k1"], now=jump).code == 0
    assert noted(run, FAR).count("keyed") == 1


@pytest.mark.usefixtures("begun")
def test_a_clock_out_of_all_bounds_is_refused(run: Run) -> None:
    for now in ("1899-01-01T00:00Z", "2201-01-01T00:00Z", "9999-12-31T23:59Z"):
        done = run([*TAKE, "never"], now=now)
        assert (done.code, done.out) == (2, "")
    assert noted(run, FAR) == ["at nine"]


# --- the zone database ------------------------------------------------------------------------------


@pytest.fixture
def zones(copied: Home) -> Callable[[dict[str, bytes]], dict[str, str]]:
    """Gives the environment in which these zones are all there are."""

    def make(files: dict[str, bytes]) -> dict[str, str]:
        folder = copied.folder / "zones"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        blank = copied.folder / "blank" / "tzdata"
        blank.mkdir(parents=True, exist_ok=True)
        (blank / "__init__.py").write_text("raise ImportError\n")
        path = f"{blank.parent}{os.pathsep}{copied.environ['PYTHONPATH']}"
        return {"PYTHONPATH": path, "PYTHONTZPATH": str(folder)}

    return make


def zone_file(name: str) -> bytes:
    return resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()


def refuses_and_keeps(home: Home, environ: dict[str, str], said: str) -> None:
    """Every command ends in the sentence; afterwards, with the zones back, nothing is missing."""
    before = home.record.read_bytes()
    for words in ((*TAKE, "x"), ("log",), ("due",), ("today",), ("schedule",), ("adherence",), ("undo",)):
        done = home.run(*words, **environ)
        assert (done.code, done.out) == (2, ""), (words, done)
        assert said in done.err, (words, done)
        assert TRACEBACK not in done.err
    assert home.record.read_bytes() == before
    assert "first" in home.run("log").out


def test_without_a_zone_database_nothing_is_told_and_nothing_lost(copied: Home, zones) -> None:
    refuses_and_keeps(copied, zones({}), "no time zone database")


def test_a_database_too_old_for_the_persons_zone_is_never_taken_for_utc(copied: Home, zones) -> None:
    stale = zones({"Etc/UTC": zone_file("Etc/UTC"), "tzdata.zi": b"# version 2019c\n"})
    refuses_and_keeps(copied, stale, "'Europe/Paris' is not a time zone this machine knows")


@pytest.mark.parametrize("length", [0, 3, 43, 100, 500])
def test_a_zone_file_that_is_cut_is_refused(length: int, copied: Home, zones) -> None:
    whole = zone_file("Europe/Paris")
    cut = zones({"Etc/UTC": zone_file("Etc/UTC"), "Europe/Paris": whole[:length]})
    refuses_and_keeps(copied, cut, "Europe/Paris")


def test_a_stale_database_is_named_with_its_version(copied: Home, zones) -> None:
    stale = zones(
        {name: zone_file(name) for name in ("Etc/UTC", "Europe/Paris")} | {"tzdata.zi": b"# version 2019c\n"}
    )
    done = copied.run("doctor", **stale)
    assert "2019c" in done.out, done
    assert copied.run(*TAKE, "all the same", **stale).code == 0


def test_the_package_is_taken_where_the_machine_has_no_zones(copied: Home, tmp_path: Path) -> None:
    done = copied.run(*TAKE, "packaged", PYTHONTZPATH=str(tmp_path))
    assert done.code == 0, done


def test_a_clock_put_back_since_the_last_write_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "me.db"
    assert run(f"--db {path} note first").code == 0
    record = Record.open(str(path), Registry(None))
    ahead = start_clock(None, None, {}).now + timedelta(days=400)
    chart = Chart(record, Moment(ahead, None, "ann", simulated=False))
    note(chart, "from a clock that was ahead")
    record.close()
    said = run(f"--db {path} note second")
    assert said.code == 0
    assert "check the clock" in said.err
    assert "check the clock" not in run(f"--db {path} note third").err, (
        "the one before was by the right clock"
    )
