"""Doses: statements to domain values and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from medtrack.domain.amounts import exact
from medtrack.domain.chain import Value
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import Medication
from medtrack.errors import RecordDamaged

from .record import UNREADABLE, Record, Writing, check_seal
from .rows import amount_of, instant_of, instant_text

_STANDING = "dose.uid not in (select voided.uid from voided)"
_FIELDS = (
    "medication_id", "status", "taken_at", "zone", "local_time", "amount", "unit", "for_slot",
    "certainty", "given_by", "note", "recorded_at",
)  # fmt: skip
_COLUMNS = ", ".join(f"dose.{name}" for name in ("id", "uid", "hash", *_FIELDS))
_FEW = 100
"""Rows up to which every reading checks its seals: the doses around one moment. Sums over years do not."""
_MANY = 20_000
"""Doses up to which a listing compares the whole table with its indexes; beyond, only the span it reads."""
_TAKEN_IN = "taken_at >= ? and taken_at < ?"
_PLANNED_IN = "for_slot >= ? and for_slot < ?"
_BEARING = timedelta(days=800)
"""How far around a span a dose can bear on which slot another fills, by far: the longest step is a year."""


def add_dose(work: Writing, dose: Dose, medication: Medication) -> int:
    """Append a dose of a medication; gives its local id."""
    return work.add(
        "dose",
        {
            "medication_id": medication.id,
            "status": dose.status,
            "taken_at": instant_text(dose.taken_at),
            "zone": dose.zone,
            "local_time": dose.local.isoformat(timespec="seconds"),
            "amount": None if dose.amount is None else exact(dose.amount.value),
            "unit": None if dose.amount is None else dose.amount.unit,
            "for_slot": None if dose.for_slot is None else instant_text(dose.for_slot),
            "certainty": dose.certainty,
            "given_by": dose.given_by,
            "note": dose.note,
            "recorded_at": instant_text(dose.recorded_at),
        },
        {"medication_id": medication.uid},
    )


def _dose(row: sqlite3.Row) -> Dose:
    """The dose in the columns of `_COLUMNS`."""
    # By place, not by name: a report of years reads many thousands.
    (
        number, uid, _, medication_id, status, taken_at, zone, local_time, amount, unit, for_slot,
        certainty, given_by, note, recorded_at,
    ) = row  # fmt: skip
    return Dose(
        number,
        uid,
        medication_id,
        status,
        instant_of(taken_at),
        zone,
        datetime.fromisoformat(local_time),
        amount_of(amount, unit),
        instant_of(for_slot) if for_slot else None,
        certainty,
        given_by,
        note,
        instant_of(recorded_at),
    )


def _check(record: Record, row: sqlite3.Row) -> None:
    check_seal(record, "dose", row, _FIELDS)


def _read(record: Record, rows: Sequence[sqlite3.Row]) -> list[Dose]:
    """The doses of some rows; where they are few, their seals checked. Raises RecordDamaged."""
    if len(rows) <= _FEW:
        for row in rows:
            _check(record, row)
    try:
        return [_dose(row) for row in rows]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="a dose in it cannot be read") from None


def _instants(record: Record, rows: Sequence[sqlite3.Row]) -> list[datetime]:
    try:
        return [instant_of(row["taken_at"]) for row in rows]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="the time of a dose in it cannot be read") from None


def doses_about(record: Record, medication_id: int, since: datetime, until: datetime) -> list[Dose]:
    """The standing doses of a medication taken in `[since, until)`, or logged for a slot in it, by time."""
    span: dict[str, Value] = {
        "medication": medication_id,
        "since": instant_text(since),
        "until": instant_text(until),
    }
    taken = record.rows(
        f"select {_COLUMNS} from dose where medication_id = :medication and {_STANDING}"
        " and taken_at >= :since and taken_at < :until order by taken_at",
        span,
    )
    named = record.rows(
        f"select {_COLUMNS} from dose where medication_id = :medication and {_STANDING}"
        " and for_slot is not null and for_slot >= :since and for_slot < :until"
        " and not (taken_at >= :since and taken_at < :until) order by taken_at",
        span,
    )
    return _read(record, [*taken, *named])


def first_taken(record: Record, medication_id: int) -> datetime | None:
    """When a medication was first taken, ever."""
    found = record.row(
        f"select taken_at from dose where medication_id = ? and status = 'taken' and {_STANDING}"
        " order by taken_at limit 1",
        (medication_id,),
    )
    return _instants(record, [found])[0] if found else None


def listed_doses(record: Record, since: datetime, until: datetime) -> Iterator[Dose]:
    """Every standing dose in `[since, until)` by time, seals checked: what is printed is what was written."""
    _check_none_missing(record, since, until)
    for row in record.rows(
        f"select {_COLUMNS} from dose where {_STANDING} and taken_at >= ? and taken_at < ?"
        " order by taken_at, uid",
        (instant_text(since), instant_text(until)),
    ):
        _check(record, row)
        yield _dose(row)


def _check_none_missing(record: Record, since: datetime, until: datetime) -> None:
    """Raise RecordDamaged where the table and its indexes disagree on which doses there are, or on an id.

    A record of many years is compared only in the span and as far around it as doses bear on one another.
    """
    record.check("voided")
    last = record.row("select max(id) from dose")
    if last is None or (last[0] or 0) <= _MANY:
        record.check("dose")
        return
    span = (_moved(since, -_BEARING), _moved(until, _BEARING))
    counts = record.row(
        f"""
        select (select count(*) from dose not indexed), (select count(*) from dose),
            (select count(*) from dose not indexed where {_TAKEN_IN}),
            (select count(*) from dose indexed by dose_by_time
                where medication_id in (select medication.id from medication) and {_TAKEN_IN}),
            (select count(*) from dose not indexed where {_PLANNED_IN}),
            (select count(*) from dose indexed by dose_by_slot
                where medication_id in (select medication.id from medication) and {_PLANNED_IN}),
            (select count(*) from dose as one not indexed where {_TAKEN_IN} and not (
                one.id is (select dose.id from dose where dose.uid = one.uid)
                and exists (select 1 from dose indexed by dose_by_time where medication_id = one.medication_id
                    and taken_at = one.taken_at and id = one.id)
                and (one.for_slot is null or exists (select 1 from dose indexed by dose_by_slot
                    where medication_id = one.medication_id and for_slot = one.for_slot and id = one.id))))
        """,
        span * 5,
    )
    if counts is None or (counts[0], counts[2], counts[4], 0) != (counts[1], counts[3], counts[5], counts[6]):
        raise RecordDamaged(path=record.path, why="its table of dose rows does not fit together")


def _moved(instant: datetime, by: timedelta) -> str:
    try:
        return instant_text(instant + by)
    except OverflowError:
        return instant_text(instant)


def find_dose(record: Record, typed: str) -> Dose | None:
    """The standing dose with this local id or uid."""
    if not typed.isascii():  # no id is; and SQLite takes no bytes that are not text
        return None
    column, value = ("id", int(typed)) if typed.isdecimal() and len(typed) < 19 else ("uid", typed)
    found = record.row(f"select {_COLUMNS} from dose where {column} = ? and {_STANDING}", (value,))
    return None if found is None else _read(record, [found])[0]


def doses_of_key(record: Record, key: str) -> list[Dose]:
    """The standing doses recorded under an idempotency key."""
    found = record.rows(
        f"select {_COLUMNS} from dose join action on action.id = action_id"
        f" where {_STANDING} and action.key = ? order by dose.id",
        (key,),
    )
    return _read(record, found)


Identity = tuple[int, str, str, str | None, str | None]
"""What makes two imported doses the same one: medication, instant, status, amount, unit."""


def identity(dose: Dose) -> Identity:
    """The identity of a dose."""
    amount = dose.amount
    return (
        dose.medication_id,
        instant_text(dose.taken_at),
        dose.status,
        None if amount is None else exact(amount.value),
        None if amount is None else amount.unit,
    )


def identities(record: Record) -> set[Identity]:
    """The identities of every standing dose."""
    found = record.rows(f"select medication_id, taken_at, status, amount, unit from dose where {_STANDING}")
    return {tuple(row) for row in found}


def amended_between(record: Record, medication_id: int, since: datetime, until: datetime) -> int:
    """How many doses of a medication in `[since, until)` were corrected or voided afterwards, and stay so."""
    found = record.row(
        "select count(*) from dose join void on void.target = dose.uid"
        " where medication_id = ? and taken_at >= ? and taken_at < ?"
        " and void.uid not in (select voided.uid from voided)",
        (medication_id, instant_text(since), instant_text(until)),
    )
    return int(found[0]) if found else 0


def who_recorded(record: Record, dose: Dose) -> str:
    """The name under which a dose was written down."""
    found = record.row(
        "select who from action join dose on dose.action_id = action.id where dose.uid = ?", (dose.uid,)
    )
    return str(found["who"]) if found else ""


def open_doses(record: Record, medication_id: int) -> list[datetime]:
    """When a medication was taken, every time, ascending: for plans that step from the last dose."""
    found = record.rows(
        f"select taken_at from dose where medication_id = ? and status = 'taken' and {_STANDING}"
        " order by taken_at",
        (medication_id,),
    )
    return _instants(record, found)
