"""Scores and readings over time, to rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from medtrack.domain.instruments import Answers
from medtrack.domain.measures import Measure
from medtrack.errors import RecordDamaged

from .record import UNREADABLE, Record, Writing, check_seal
from .rows import instant_of, instant_text, number_text

_STANDING = "uid not in (select voided.uid from voided)"
_FIELDS = (
    "name", "value", "second", "unit", "comparator", "items", "normal",
    "measured_at", "zone", "local_time", "note",
)  # fmt: skip
_NO_ANSWER = "-"
_IN_STONES = "lb (st)"
"""The unit of a weight in pounds that was typed, and is to be shown, in stones and pounds."""


def add_measure(work: Writing, measure: Measure) -> int:
    """Append a measure; gives its local id."""
    return work.add(
        "measure",
        {
            "name": measure.name,
            "value": number_text(measure.value),
            "second": number_text(measure.second),
            "unit": _IN_STONES if measure.in_stones else measure.unit,
            "comparator": measure.comparator,
            "items": ",".join(map(_answer_text, measure.items)) or None,
            "normal": measure.normal,
            "measured_at": instant_text(measure.measured_at),
            "zone": measure.zone,
            "local_time": measure.local.isoformat(timespec="seconds"),
            "note": measure.note,
        },
    )


def listed_measures(record: Record, since: datetime, until: datetime) -> Iterator[Measure]:
    """The standing measures of `[since, until)` by time, seals checked. Raises RecordDamaged."""
    record.check("measure", "voided")
    for row in record.rows(
        f"select * from measure where {_STANDING} and measured_at >= ? and measured_at < ?"
        " order by measured_at, id",
        (instant_text(since), instant_text(until)),
    ):
        yield _measure(record, row)


def find_measure(record: Record, typed: str) -> Measure | None:
    """The standing measure with this local id, if there is one."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        return None
    row = record.row(f"select * from measure where {_STANDING} and id = ?", (int(typed),))
    return None if row is None else _measure(record, row)


def _measure(record: Record, row: sqlite3.Row) -> Measure:
    check_seal(record, "measure", row, _FIELDS)
    in_stones = row["unit"] == _IN_STONES
    try:
        return Measure(
            row["id"],
            row["uid"],
            row["name"],
            _number(row["value"]),
            _number(row["second"]),
            "lb" if in_stones else row["unit"],
            row["comparator"],
            _answers(row["items"]),
            row["normal"],
            instant_of(row["measured_at"]),
            row["zone"],
            datetime.fromisoformat(row["local_time"]),
            row["note"],
            in_stones,
        )
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="a measure in it cannot be read") from None


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _answer_text(answer: int | None) -> str:
    return _NO_ANSWER if answer is None else str(answer)


def _answers(text: str | None) -> Answers:
    if text is None:
        return ()
    return tuple(None if each == _NO_ANSWER else int(each) for each in text.split(","))
