"""Merging records: whatever was done on which device, the union is the same in any order and grouping."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.moment import Moment
from medtrack.errors import MedtrackError, RecordDamaged
from medtrack.render.as_json import render
from medtrack.services import correcting, history, journal, noting, pausing, taking
from medtrack.services.chart import Chart
from medtrack.services.settings import settings as set_
from medtrack.services.taking import Wish
from medtrack.store import merging
from medtrack.store.everything import everything
from medtrack.store.record import FACTS, Record, Stamp
from medtrack.store.regimen import ABOUT_MEDICATION
from medtrack.store.registry import Registry
from tests.conftest import Result

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
STAMP = Stamp(NOON, "Europe/Paris", "ann", False)
Op = tuple[str, int]


@cache
def base(folder: str, name: str) -> Record:
    """A record with a planned and an as-needed medication, begun on its own, and gone on with by device a."""
    from medtrack.app import run

    path = Path(folder) / f"{name}.db"
    for line in (
        ["add", "metformin", "--at", "08:00,20:00", "--from", "2026-03-01", "--yes"],
        ["add", "ibuprofen", "--as-needed", "--from", "2026-03-01", "--yes"],
    ):
        root = ["--db", str(path), "--person", "ann", "--now", "2026-03-08T09:00[Europe/Paris]"]
        assert run([*root, *line]) == 0
    begun = device(Record.open(str(path), Registry(None)), "a")
    perform(begun, ("note", 0), NOON - timedelta(days=1))
    return begun


def device(origin: Record, name: str) -> Record:
    """A copy in memory that goes on as a device of this name."""
    copy = Record.copied(origin)
    copy.bearer.rename(name)
    return copy


def perform(record: Record, op: Op, at: datetime) -> None:
    """Do one thing on a device; what is refused there is not done."""
    chart = Chart(record, Moment(at, None, "ann", False))
    what, number = op
    doses = [row["id"] for row in journal.log(chart, None).rows]
    dose = str(doses[number % len(doses)]) if doses else "1"
    names = [each.name for each in chart.medications if each.name]
    with suppress(MedtrackError):
        if what == "take":
            name = names[number % len(names)]
            taking.take(chart, [name], Wish(at=f"{number % 5}h ago"), again=True)
        elif what == "undo":
            history.undo(chart, str(number % 3 + 1))
        elif what == "redo":
            history.redo(chart)
        elif what == "amend":
            correcting.amend(chart, dose, at=f"{number % 40}h ago", reason="clock")
        elif what == "void":
            correcting.amend(chart, dose, void=True, reason="spat")
        elif what == "hold":
            pausing.hold(chart, "metformin", since="now", until=None, reason="scan", by=None)
        elif what == "note":
            noting.note(chart, f"note {number}")
        elif what == "set":
            set_(chart, "bedtime", f"2{number % 4}:00")


def merged(one: Record, other: Record) -> Record:
    """Both as one, in a copy of the first; proven."""
    copy = device(one, one.device)
    merging.rehearse(copy, STAMP, other)
    return copy


def content(record: Record) -> dict[str, Any]:
    """Everything that must be the same wherever it is merged: all but local ids and the merges themselves."""
    rows = everything(record).rows
    merges = {row["uid"] for row in rows if row["type"] == "action" and row["command"] == "merge"}
    facts = {
        str(row["uid"]): {key: value for key, value in row.items() if key != "id"}
        for row in rows
        if row["uid"] not in merges
    }
    chart = Chart(record, Moment(NOON, None, "ann", False))
    log = [
        {key: value for key, value in row.items() if key != "id"}
        for row in json.loads(render(journal.log(chart, None)))["rows"]
    ]
    return {"facts": facts, "log": log, "settings": chart.settings, "zones": chart.zones}


ops = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "undo", "redo", "amend", "void", "hold", "note", "set"]),
        st.integers(0, 60),
    ),
    max_size=7,
)


@given(st.tuples(ops, ops, ops), st.sampled_from(["abc", "aab", "aaa"]), st.booleans())
@settings(max_examples=20, deadline=None)
def test_in_any_order_and_grouping_the_union_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    done: tuple[list[Op], ...],
    names: str,
    is_begun_apart: bool,
) -> None:
    """Also where two devices bear one name, since one was copied with its memory, and go on apart."""
    folder = str(tmp_path_factory.getbasetemp())
    records = []
    for number, (name, todo) in enumerate(zip(names, done, strict=True)):
        origin = base(folder, "other" if is_begun_apart and number == 2 else "ann")
        record = device(origin, name)
        for step, op in enumerate(todo):
            # The clocks of devices need not agree, nor go forwards.
            perform(record, op, NOON + timedelta(hours=(2 * number - 1) * (step // 2)))
        records.append(record)
    one, two, three = records
    wanted = content(merged(merged(one, two), three))
    for first, second, third in permutations(records):
        assert content(merged(merged(first, second), third)) == wanted
        assert content(merged(first, merged(second, third))) == wanted
    whole = merged(merged(one, two), three)
    for part in (*records, whole, merged(three, one)):
        assert merging.rehearse(device(whole, "a"), STAMP, part).actions == 0
    # Who goes on from a merge and is merged back adds no more than that.
    perform(whole, ("note", 99), NOON + timedelta(hours=1))
    assert merging.rehearse(device(one, "z"), STAMP, whole).facts >= 1
    assert content(merged(one, whole)) == content(merged(whole, one)) == content(whole)


# --- what is refused -------------------------------------------------------------------------------------


@pytest.fixture
def pair(run: Callable[..., Result], tmp_path: Path) -> tuple[Path, Path]:
    """Two records that began as one and went on apart."""
    ours, theirs = tmp_path / "me.db", tmp_path / "theirs.db"
    now = "2026-03-10T08:30[Europe/Paris]"
    for line in (
        f"--db {ours} add ibuprofen --as-needed",
        f"--db {ours} backup {theirs}",
        f"--db {theirs} take ibuprofen --note theirs",
        f"--db {ours} take ibuprofen --note ours",
    ):
        assert run(line, now=now).code == 0, line
    return ours, theirs


def changed(path: Path, *statements: str) -> Record:
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()
    return Record.open(str(path), Registry(None))


def absorbed(ours: Path, source: Record) -> merging.Added:
    record = Record.open(str(ours), Registry(None))
    try:
        with record.writing(STAMP, "merge") as work:
            return merging.absorb(work, source)
    finally:
        record.close()


def test_hashes_and_uids_stay_as_they_are_and_ids_are_given_anew(pair: tuple[Path, Path]) -> None:
    ours, theirs = pair
    added = absorbed(ours, Record.open(str(theirs), Registry(None)))
    assert (added.actions, added.facts, added.is_twin) == (1, 1, False)
    with closing(sqlite3.connect(theirs)) as file:
        wanted = file.execute("select uid, hash from dose").fetchall()
    with closing(sqlite3.connect(ours)) as file:
        found = file.execute("select id, uid, hash from dose order by id").fetchall()
        last = file.execute("select command, facts from action order by id desc limit 1").fetchone()
    assert [row[0] for row in found] == [1, 2]
    assert found[1][1:] == wanted[0]
    assert last == ("merge", 0)


@pytest.mark.parametrize(
    "statement",
    [
        "update action set hash = randomblob(32) where id = 2",
        "update action set uid = (select replace(uid, '-7', '-8') from action where id = 3) where id = 3",
        "update dose set uid = (select uid from medication)",
        "insert into note (uid, action_id, hash, text, noted_at, zone, local_time)"
        " values ('x', 1, randomblob(32), 't', '', '', '')",
        "update action set facts = 2 where command = 'take'",
    ],
)
def test_what_contradicts_is_refused_whole(statement: str, pair: tuple[Path, Path]) -> None:
    """These a proof finds before; where it did not, nothing is written all the same."""
    ours, theirs = pair
    before = ours.read_bytes()
    source = changed(theirs, "pragma foreign_keys = off", statement)
    with pytest.raises(RecordDamaged):
        merging.rehearse(Record.copied(Record.open(str(ours), Registry(None))), STAMP, source)
    assert ours.read_bytes() == before


def test_every_kind_of_fact_is_carried_over(pair: tuple[Path, Path]) -> None:
    """By the list of kinds, whatever columns they have: a kind that is added later comes along."""
    ours, theirs = pair
    record = Record.open(str(theirs), Registry(None))
    for kind in FACTS:
        with suppress(sqlite3.IntegrityError), record.writing(STAMP, "test") as work:
            fields: dict[str, str | int | None] = {}
            for row in record.rows(f"pragma table_info({kind})"):
                if row["name"] in ("id", "uid", "action_id", "hash") or not row["notnull"]:
                    continue
                refs = merging._references(record, kind)
                fields[row["name"]] = (
                    1 if row["name"] in refs else sample(kind, row["name"]) if row["type"] == "TEXT" else 1
                )
            uids = {
                column: record.rows(f"select uid from {table} where id = 1")[0][0]
                for column, table in merging._references(record, kind).items()
                if column in fields
            }
            work.add(kind, fields, uids)
    counts = {kind: record.rows(f"select count(*) from {kind}")[0][0] for kind in FACTS}
    assert all(counts.values()), counts
    absorbed(ours, record)
    merged_ = Record.open(str(ours), Registry(None))
    for kind in FACTS:
        here = {tuple(row) for row in merged_.rows(f"select uid, hash from {kind}")}
        assert {tuple(row) for row in record.rows(f"select uid, hash from {kind}")} <= here, kind
    assert everything(merged_).counts["dose"] == counts["dose"] + 1


def sample(kind: str, column: str) -> str:
    of_kind = "received" if kind == "supply" else "as-needed"
    return {
        "kind": of_kind,
        "status": "taken",
        "certainty": "exact",
        "target": "nothing",
        "topic": "how",
    }.get(column, "2026-03-10T08:00:00Z" if column.endswith("_at") or column in ("starts", "ends") else "x")


def test_a_record_whose_end_was_lost_gets_it_back(
    pair: tuple[Path, Path], run: Callable[..., Result]
) -> None:
    ours, theirs = pair
    older = theirs.read_bytes()
    ours.rename(ours.with_name("lost.db"))
    ours.write_bytes(older)
    with merging.as_it_is(str(ours)) as copy:
        added = merging.rehearse(copy, STAMP, Record.open(str(ours.with_name("lost.db")), Registry(None)))
    assert added.facts == 1


def test_after_the_clock_was_put_back_the_latest_is_the_latest(pair: tuple[Path, Path]) -> None:
    record = Record.open(str(pair[0]), Registry(None))
    for hours, value in ((0, "21:00"), (-30, "22:00")):
        set_(Chart(record, Moment(NOON + timedelta(hours=hours), None, "ann", False)), "bedtime", value)
    assert Chart(record, Moment(NOON, None, "ann", False)).settings["bedtime"] == "22:00"


def test_every_kind_that_is_about_a_medication_keeps_it_there(pair: tuple[Path, Path]) -> None:
    record = Record.open(str(pair[0]), Registry(None))
    about = {kind for kind in FACTS if "medication" in merging._references(record, kind).values()}
    assert about == set(ABOUT_MEDICATION)
