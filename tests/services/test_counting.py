"""The tallies of days that are over: whatever is written afterwards, reports say what counting anew says."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.app import run as run_app
from medtrack.domain.moment import Moment
from medtrack.services import counting
from medtrack.services.chart import Chart
from medtrack.services.counting import count, differing_tallies, first_day, keep_tallies
from medtrack.store import tallies
from medtrack.store.record import Record
from medtrack.store.registry import Registry
from tests.conftest import Result

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
CLOCK = f"{NOW:%Y-%m-%dT%H:%M}Z"
REGIMEN = (
    ["add", "metformin", "--at", "08:00,20:00", "--from", "2026-01-05", "--yes"],
    ["add", "alendronate", "--at", "07:00", "--on", "mon", "--from", "2026-01-05", "--yes"],
    ["add", "apixaban", "--every", "12h", "--anchor", "last-dose", "--from", "2026-01-05", "--yes"],
    ["add", "ibuprofen", "--as-needed", "--from", "2026-01-05", "--yes"],
)
NAMES = ("metformin", "alendronate", "apixaban", "ibuprofen")


def do(record: Path, words: list[str], now: str = CLOCK) -> int:
    """Run one command on a record, in silence."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return run_app(["--db", str(record), "--now", now, "--tz", "UTC", *words])


def chart_of(record: Path, now: datetime = NOW, zone_data: str = "2026a") -> Chart:
    return Chart(
        Record.open(str(record), Registry(None)),
        Moment(now, None, "ann", simulated=True, zone_data=zone_data),
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of some months: doses now and then, a hold, a change of zone."""
    folder = tmp_path_factory.mktemp("begun")
    record = folder / "me.db"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(folder))
        patched.setenv("XDG_STATE_HOME", str(folder / "state"))
        for words in REGIMEN:
            assert do(record, words) == 0, words
        rows = ["taken_at,medication,status,amount"]
        for number in range(0, 290, 2):
            at = datetime(2026, 1, 4, 6, tzinfo=UTC) + timedelta(hours=12.1 * number)
            rows.append(
                f"{at.isoformat()},{NAMES[number // 2 % 4]},{'skipped' if number % 22 == 0 else 'taken'},"
                + ("2" if number % 14 == 0 else "")
            )
        (folder / "doses.csv").write_text("\n".join(rows))
        for words in (
            ["import", str(folder / "doses.csv")],
            ["hold", "metformin", "--from", "2026-02-10", "--until", "2026-02-13", "--reason", "scan"],
            ["travel", "Asia/Tokyo", "--from", "2026-03-28T12:00:00Z"],
            ["travel", "Europe/Paris", "--from", "2026-04-20T12:00:00Z"],
        ):
            assert do(record, words) == 0, words
    return record


def moments() -> st.SearchStrategy[str]:
    return st.integers(0, 146 * 24).map(
        lambda hours: f"{datetime(2026, 1, 5, 1, 10, tzinfo=UTC) + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}Z"
    )


def dates() -> st.SearchStrategy[str]:
    return st.integers(0, 146).map(lambda days: (date(2026, 1, 5) + timedelta(days)).isoformat())


names = st.sampled_from(NAMES)
WRITES = st.one_of(
    st.tuples(names, moments()).map(lambda of: ["take", of[0], "--at", of[1], "--again"]),
    st.tuples(names, moments()).map(lambda of: ["skip", of[0], "--at", of[1], "--reason", "x"]),
    st.integers(1, 140).map(lambda number: ["amend", str(number), "--void", "--reason", "x"]),
    st.tuples(st.integers(1, 140), moments()).map(
        lambda of: ["amend", str(of[0]), "--at", of[1], "--reason", "x"]
    ),
    st.tuples(names, dates()).map(
        lambda of: ["hold", of[0], "--from", of[1], "--until", of[1], "--reason", "x"]
    ),
    st.tuples(names, dates()).map(lambda of: ["stop", of[0], "--at", of[1], "--reason", "x"]),
    st.tuples(names, dates()).map(
        lambda of: ["change", of[0], "--at", "09:00", "--from", of[1], "--reason", "x", "--yes"]
    ),
    moments().map(lambda at: ["travel", "America/New_York", "--from", at, "--reason", "x"]),
    st.sampled_from([["settings", "day-starts", "04:00"], ["note", "dizzy"], ["helped", "ibuprofen", "3"]]),
    st.integers(1, 4).map(lambda number: ["undo", str(number)]),
    st.integers(1, 4).map(lambda number: ["redo", str(number)]),
    st.just(["KEEP"]),
)


def compare(chart: Chart) -> None:
    """Every count from the tallies is the count without them."""
    medications = chart.medications
    first, last = first_day(chart, medications) - timedelta(3), NOW.date()
    kept = count(chart, medications, first, last)
    chart.forget()
    live = [counting._count(chart, medication, first, last, None) for medication in medications]
    for one, other in zip(kept, live, strict=True):
        assert one.days.keys() == other.days.keys()
        assert one == other, [day for day in one.days if one.days[day] != other.days[day]]


@given(writes=st.lists(WRITES, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_is_written_afterwards_is_counted(begun: Path, writes: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", folder)
        patched.setenv("XDG_STATE_HOME", f"{folder}/state")
        record = Path(folder) / "me.db"
        shutil.copy(begun, record)
        with closing(chart_of(record).record) as opened:
            assert keep_tallies(Chart(opened, chart_of(record).moment), anew=True)
        for words in writes:
            chart = chart_of(record)
            with closing(chart.record):
                if words == ["KEEP"]:
                    assert keep_tallies(chart)
                else:
                    do(record, words)
                compare(chart)
                assert differing_tallies(chart) == []


def test_a_day_that_holds_a_dose_of_an_open_slot_is_not_tallied(tmp_path: Path) -> None:
    """Sunday is over and has no slot, but what was taken on it is for Monday, which is not over yet."""
    record = tmp_path / "me.db"
    do(record, ["add", "vitd", "--at", "09:00", "--on", "mon", "--from", "2026-03-02", "--yes"])
    do(record, ["take", "vitd", "--at", "2026-03-15 22:00"])
    chart = chart_of(record, datetime(2026, 3, 16, 10, tzinfo=UTC))
    with closing(chart.record):
        assert keep_tallies(chart, anew=True)
        (medication,) = chart.medications
        assert counting.Tallies(chart).until(medication) == date(2026, 3, 15)
        compare(chart)
        assert differing_tallies(chart) == []


def test_they_are_used(begun: Path, tmp_path: Path) -> None:
    """A tally that says otherwise is believed: counting did come from there. A doctor finds it."""
    record = tmp_path / "me.db"
    shutil.copy(begun, record)
    chart = chart_of(record)
    keep_tallies(chart, anew=True)
    medications = chart.medications
    chart.record.connection.execute("update tally set taken = taken + 5 where day = '2026-02-01'")
    days = count(chart, medications, date(2026, 2, 1), date(2026, 2, 2))[0].days
    assert days[date(2026, 2, 1)].taken >= 5 > days[date(2026, 2, 2)].taken
    assert sorted(differing_tallies(chart)) == ["alendronate", "apixaban", "metformin"]
    assert len(tallies.flawed_tallies(chart.record)) == 3
    chart.record.close()


@pytest.mark.parametrize(
    ("now", "zone_data", "uses"),
    [
        (NOW, "2026a", True),
        (NOW + timedelta(days=9), "2026a", True),
        (NOW - timedelta(hours=1), "2026a", False),
        (NOW, "2026b", False),
    ],
)
def test_what_they_rest_on_must_hold(
    now: datetime, zone_data: str, uses: bool, begun: Path, tmp_path: Path
) -> None:
    record = tmp_path / "me.db"
    shutil.copy(begun, record)
    chart = chart_of(record)
    keep_tallies(chart, anew=True)
    chart.record.close()
    chart = chart_of(record, now, zone_data)
    kept = counting.Tallies(chart)
    assert {kept.until(medication) is not None for medication in chart.medications} == {uses}
    chart.record.close()


def test_nothing_is_kept_where_somebody_wrote_meanwhile(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "me.db"
    shutil.copy(begun, record)
    chart = chart_of(record)
    whole = counting._over

    def slow(*words: object) -> object:
        do(record, ["take", "ibuprofen", "--again"])
        return whole(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(counting, "_over", slow)
    assert not keep_tallies(chart, anew=True)
    monkeypatch.undo()
    assert tallies.tallied(chart.record) == {} or all(
        stamp.through_action < tallies.last_action(chart.record)
        for stamp in tallies.tallied(chart.record).values()
    )
    chart.record.close()


def test_a_doctor_finds_and_mends_a_tally_that_is_wrong(
    begun: Path, tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "me.db"
    shutil.copy(begun, record)
    monkeypatch.setenv("MEDTRACK_DB", str(record))
    assert run("doctor", now=CLOCK).out == ""
    with closing(sqlite3.connect(record)) as file:
        assert file.execute("select count(*) from tallied").fetchone()[0] == 4
        # As a wrong count would have been put: with its own digest.
        file.row_factory = sqlite3.Row
        file.execute("update tally set taken = 0, missed = 2 where medication_id = 1 and day = '2026-02-01'")
        opened = Record(str(record), file, Registry(None))
        (row,) = opened.rows("select * from tallied where medication_id = 1")
        digest = tallies._digest(opened, tuple(row)[:-1])
        file.execute("update tallied set digest = ? where medication_id = 1", (digest,))
        file.commit()
    found = run("doctor", now=CLOCK)
    assert found.code == 4
    assert "The tallies of metformin are not what counting anew gives" in found.out
    assert run("doctor", now=CLOCK).out == ""


def test_a_flipped_bit_in_them_is_found(
    begun: Path, tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "me.db"
    shutil.copy(begun, record)
    monkeypatch.setenv("MEDTRACK_DB", str(record))
    run("doctor", now=CLOCK)
    with closing(sqlite3.connect(record)) as file:
        file.execute("update tally set doses = doses + 1 where day = '2026-02-02' and medication_id = 2")
        file.commit()
    said = run("verify", now=CLOCK)
    assert said.code == 44 or said.code == 4
    assert "tallies" in said.out + said.err
