"""What is to be told when a dose is written down: derived rows, with the facts they were derived from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from fractions import Fraction

from medtrack import __version__
from medtrack.domain.amounts import exact
from medtrack.domain.chain import digest
from medtrack.domain.person import Watch

from .record import UNREADABLE, Record
from .rows import instant_of, instant_text

_FROM = ("medication", "plan", "plan_end", "profile", "allergy", "condition", "acknowledgement")
"""The kinds of facts that decide what is to be told."""


def basis(record: Record, knowledge: str) -> str:
    """What the derived rows rest on: the newest fact of each kind, how many are voided, and what is known.

    `knowledge` changes with the data sets that names are looked up in.
    """
    parts = [__version__, knowledge]
    for kind in _FROM:
        row = record.row(
            f"select max(id), (select count(*) from {kind} as fact where fact.uid in"
            f" (select voided.uid from voided)) from {kind}"
        )
        parts.append("" if row is None else f"{row[0] or 0}-{row[1]}")
    return " ".join(parts)


def watches(record: Record, knowledge: str) -> list[Watch] | None:
    """The derived rows; None where they rest on other facts than there are, or are not what was put."""
    row = record.row("select basis, digest from watched_since")
    if (
        row is None
        or row["basis"] != basis(record, knowledge)
        or row["digest"] != _digest(record, row["basis"])
    ):
        return None
    try:
        return [_watch(row) for row in record.rows("select * from watch")]
    except UNREADABLE:
        # Derived rows that are damaged are worked out anew.
        return None


def _watch(row: sqlite3.Row) -> Watch:
    return Watch(
        row["medication_id"],
        row["sentence"],
        None if row["until_at"] is None else instant_of(row["until_at"]),
        row["ingredient"],
        row["unit"],
        None if row["milligrams"] is None else Fraction(row["milligrams"]),
        None if row["most"] is None else Fraction(row["most"]),
        row["hours"],
        bool(row["is_told"]),
        bool(row["is_alone"]),
    )


def keep_watches(record: Record, found: Iterable[Watch], knowledge: str) -> None:
    """Put derived rows in the place of those there were; inside an action that is being written."""
    run = record.connection.execute
    run("delete from watch")
    run("delete from watched_since")
    for each in found:
        run(
            "insert into watch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                each.medication_id,
                each.sentence,
                None if each.until is None else instant_text(each.until),
                each.ingredient,
                each.unit,
                None if each.milligrams is None else exact(each.milligrams),
                None if each.most is None else exact(each.most),
                each.hours,
                int(each.is_told),
                int(each.is_alone),
            ),
        )
    rests_on = basis(record, knowledge)
    run("insert into watched_since values (?, ?)", (rests_on, _digest(record, rests_on)))


def are_watches_whole(record: Record) -> bool:
    """Whether the derived rows are what was put, whatever facts there are now."""
    rows = record.rows("select basis, digest from watched_since")
    if len(rows) > 1 or (not rows and record.row("select 1 from watch") is not None):
        return False
    return all(row["digest"] == _digest(record, row["basis"]) for row in rows)


def _digest(record: Record, rests_on: str) -> bytes:
    found = [tuple(row) for row in record.rows("select * from watch order by rowid")]
    return digest(repr((rests_on, found)).encode())
