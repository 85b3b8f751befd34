"""Tallies: what each day that is over counts for, kept so that years need not be counted again.

They are derived from the regimen and the doses, outside the chain of hashes. They rest on every action up to
one of them; a reader asks what was touched since, and counts from there on itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from medtrack.domain.adherence import COUNTS, Day
from medtrack.domain.chain import digest
from medtrack.domain.regimen import Bound
from medtrack.errors import RecordDamaged

from .connection import translated
from .record import UNREADABLE, Record
from .rows import bound_of, instant_of, instant_text

_COUNTS = tuple(name for name in COUNTS if name not in ("pending", "doses_open", "other_amount"))
"""The counts of a day that is over: nothing of it can still be taken in time, nor was taken for what can.

Doses of another amount are few; on their days the number stands after the windows: '3600,7200;1'."""
_OF_DAY = (*_COUNTS, "excluded", "first_taken", "last_taken", "longest_gap", "windows")
_COLUMNS = ("day", *_OF_DAY)
_FIELDS = ", ".join(_COLUMNS)
_MARKS = ", ".join("?" * (len(_COLUMNS) + 1))
_REACHED = """
    with recursive reached (uid) as (
        select target from void where action_id > :after
        union
        select target from void join reached on void.uid = reached.uid
        union
        select target from void join action on action.id = void.action_id
            join reached on action.uid = reached.uid
    ),
    bearing (uid) as (
        select uid from reached union all select fact.uid from {kind} as fact
            where fact.action_id > :after or fact.action_id in (
                select id from action where uid in (select uid from reached)
            )
    )
"""
"""The facts of a kind written since, and those that a void written since bears on, an undo of an undo too."""
_BOUNDS = {
    "dose": (
        "select medication_id, min(taken_at), min(for_slot) from dose where uid in (select uid from bearing)"
        " group by medication_id"
    ),
    "plan": "select medication_id, starts from plan where uid in (select uid from bearing)",
    "plan_end": (
        "select medication_id, ends from plan_end join plan on plan.id = plan_id"
        " where plan_end.uid in (select uid from bearing)"
    ),
    "hold": "select medication_id, since from hold where uid in (select uid from bearing)",
    "hold_end": (
        "select medication_id, ends from hold_end join hold on hold.id = hold_id"
        " where hold_end.uid in (select uid from bearing)"
    ),
    "zone_change": "select null, from_at from zone_change where uid in (select uid from bearing)",
}
"""For each kind of fact that decides what a day counts for: of which medication, and from when on."""


class Tallied(NamedTuple):
    """How far the days of a medication are tallied, and what that rests on."""

    until: date
    """The first day that is not."""
    counted_at: datetime
    through_action: int
    """The local id of the last action that is counted in."""
    day_starts: str
    zone_data: str


class Touched(NamedTuple):
    """Something written down or taken back that bears on what days count for, from a bound on."""

    medication_id: int | None
    """None for every medication."""
    since: Bound | None
    """None for all time."""


def tallied(record: Record) -> dict[int, Tallied]:
    """How far each medication is tallied, by its local id. Raises RecordDamaged."""
    rows = record.rows(
        "select medication_id, until, counted_at, through_action, day_starts, zone_data from tallied"
    )
    try:
        return {
            number: Tallied(date.fromisoformat(until), instant_of(counted_at), *rest)
            for number, until, counted_at, *rest in rows
        }
    except UNREADABLE:
        raise _damaged(record) from None


def last_action(record: Record) -> int:
    """The local id of the last action; 0 where there is none."""
    found = record.row("select max(id) from action")
    return 0 if found is None else int(found[0] or 0)


def touched_since(record: Record, action_id: int) -> list[Touched]:
    """What the actions after this one bear on. Raises RecordDamaged."""
    found: list[Touched] = []
    try:
        for kind, statement in _BOUNDS.items():
            reached = _REACHED.format(kind=kind)
            for number, *bounds in record.rows(reached + statement, {"after": action_id}):
                given = [None if text is None else bound_of(text) for text in bounds[:1]]
                given += [bound_of(text) for text in bounds[1:] if text is not None]
                found += [Touched(number, bound) for bound in given]
    except UNREADABLE:
        raise _damaged(record) from None
    return found


def tallied_days(record: Record, medication_id: int, since: date, until: date) -> dict[date, Day]:
    """The days of `[since, until)` that are tallied, in order. Raises RecordDamaged."""
    rows = record.rows(
        f"select {_FIELDS} from tally where medication_id = ? and day >= ? and day < ? order by day",
        (medication_id, since.isoformat(), until.isoformat()),
    )
    try:
        return {date.fromisoformat(day): _day(kept) for day, *kept in rows}
    except UNREADABLE:
        raise _damaged(record) from None


def put_tallies(
    record: Record,
    found: Mapping[int, tuple[date, Tallied, Mapping[date, Day]]],
    *,
    last: int,
) -> bool:
    """Put what was counted in the place of what was tallied, for each medication from a day on.

    False, and nothing is put, where an action was written after `last`: the counts may not hold any more.
    Raises RecordLocked, RecordReadOnly, DiskTrouble.
    """
    connection = record.connection
    with translated(record.path):
        connection.execute("begin immediate")
        try:
            is_current = last_action(record) == last
            for medication_id, (since, stamp, days) in found.items() if is_current else ():
                _put(record, medication_id, since, stamp, days)
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
    return is_current


def _put(record: Record, medication_id: int, since: date, stamp: Tallied, days: Mapping[date, Day]) -> None:
    connection = record.connection
    connection.execute(
        "delete from tally where medication_id = ? and day >= ?", (medication_id, since.isoformat())
    )
    connection.executemany(
        f"insert into tally (medication_id, {_FIELDS}) values ({_MARKS})",
        ((medication_id, *_row(day, counted)) for day, counted in days.items()),
    )
    stands = (
        medication_id,
        stamp.until.isoformat(),
        instant_text(stamp.counted_at),
        stamp.through_action,
        stamp.day_starts,
        stamp.zone_data,
    )
    connection.execute(
        "insert or replace into tallied values (?, ?, ?, ?, ?, ?, ?)", (*stands, _digest(record, stands))
    )


def flawed_tallies(record: Record) -> list[int]:
    """The medications, by local id, whose tallies are not what was put. Raises RecordDamaged."""
    stamps = [tuple(row) for row in record.rows("select * from tallied")]
    numbers = {row[0] for row in record.rows("select distinct medication_id from tally")}
    strays = numbers - {stands[0] for *stands, _ in stamps}
    flawed = [stands[0] for *stands, digest_ in stamps if _digest(record, stands) != digest_]
    return sorted({*flawed, *strays})


def _digest(record: Record, stands: Sequence[object]) -> bytes:
    """The hash of the tallies of a medication, and of what they rest on: the columns before the hash."""
    rows = record.rows(
        f"select {_FIELDS} from tally where medication_id = ? order by day", (int(str(stands[0])),)
    )
    return digest("\n".join(repr(tuple(row)) for row in (stands, *rows)).encode())


def _row(day: date, counted: Day) -> Iterator[str | int | None]:
    yield day.isoformat()
    for name in _COUNTS:
        yield getattr(counted, name)
    yield int(counted.excluded)
    yield counted.first_taken
    yield counted.last_taken
    yield counted.longest_gap
    windows = ",".join(str(int(window.total_seconds())) for window in sorted(counted.windows))
    yield f"{windows};{counted.other_amount}" if counted.other_amount else windows


def _day(row: Sequence[Any]) -> Day:
    day = Day()
    # In one go: a report of years makes many thousands of them.
    day.__dict__ = kept = dict(zip(_OF_DAY, row, strict=True))
    kept["excluded"] = kept["excluded"] == 1
    kept["windows"], kept["other_amount"] = _windows(kept["windows"])
    return day


@lru_cache(maxsize=64)
def _windows(text: str) -> tuple[frozenset[timedelta], int]:
    """The windows of a day, and how many doses of another amount."""
    windows, _, other_amount = text.partition(";")
    return frozenset(timedelta(seconds=int(part)) for part in windows.split(",") if part), int(
        other_amount or 0
    )


def _damaged(record: Record) -> RecordDamaged:
    return RecordDamaged(path=record.path, why="its tallies cannot be read")
