"""Every action and every fact of a record, as plain values by column."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medtrack.errors import FileExists, OutputFailed

from .backups import proven
from .connection import SCHEMA
from .files import publish
from .record import FACTS, REFS, Record

_TOLD = {"action_id": "action", **REFS}
"""The local ids that are told as the uids they stand for."""
_BOOLEANS = ("simulated", "from_last_dose", "time_critical", "unrecorded", "before")
_AMOUNTS = {"amount": "unit", "amount_high": "unit", "max_amount": "max_unit"}
"""The columns of a number, each with the column of its unit."""


class Everything(NamedTuple):
    """A whole record."""

    schema: int
    counts: dict[str, int]
    """How many rows of each kind."""
    rows: list[dict[str, object]]
    """The actions, then the facts kind by kind, each with its `type` and whether it is `voided`."""


def everything(record: Record) -> Everything:
    """The whole record as it is at one moment. Raises RecordDamaged where it is not what was written."""
    with proven(record) as copy:
        uids = {
            table: {row["id"]: row["uid"] for row in copy.rows(f"select id, uid from {table}")}
            for table in _TOLD.values()
        }
        rows = list(_actions(copy))
        for kind in FACTS:
            statement = (
                f"select {kind}.*, uid in (select voided.uid from voided) as voided from {kind} order by id"
            )
            rows += [_fact(kind, row, uids) for row in copy.rows(statement)]
    counts = {kind: sum(row["type"] == kind for row in rows) for kind in ("action", *FACTS)}
    return Everything(SCHEMA, counts, rows)


def save(path: str, content: bytes, *, replace: bool = False) -> None:
    """Write a file, 0600, whole or not at all. Raises FileExists, unless `replace`, and OutputFailed."""
    try:
        if not replace and os.path.lexists(path):
            raise FileExists(path=path, hint="; to write over it: --force")
        if _is_database(path):
            # A record or a backup of one: nothing that is told of it takes its place.
            raise FileExists(path=path, hint=", since it is a record or another database: name another file")
        # A folder that is mistyped shall not be made.
        os.stat(os.path.dirname(path))
        if not publish(path, content, replace=replace):
            raise FileExists(path=path, hint="; to write over it: --force")
    except OSError as error:
        raise OutputFailed(why=f"{path}: {(error.strerror or str(error)).lower()}") from None


def _is_database(path: str) -> bool:
    """Whether a file is one of SQLite's. Raises OSError."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def save_all(files: Sequence[tuple[str, bytes]], *, replace: bool = False) -> None:
    """Write several files; where one is there already, none is, unless `replace`. Raises as `save` does."""
    for path, _ in files:
        if not replace and os.path.lexists(path):
            raise FileExists(path=path, hint="; to write over it: --force")
    for path, content in files:
        save(path, content, replace=replace)


def _actions(record: Record) -> Iterator[dict[str, object]]:
    for row in record.rows(
        """
        select action.*, exists (
            select 1 from void where void.target = action.uid
                and void.uid not in (select voided.uid from voided)
        ) as voided
        from action order by id
        """
    ):
        yield {"type": "action", "voided": bool(row["voided"]), **_values(row)}


def _fact(kind: str, row: sqlite3.Row, uids: dict[str, dict[int, str]]) -> dict[str, object]:
    values = _values(row)
    for column, unit in _AMOUNTS.items():
        if column in values:
            number = values[column]
            values[column] = None if number is None else {"value": number, "unit": row[unit]}
    for unit in {unit for column, unit in _AMOUNTS.items() if column in values}:
        values.pop(unit, None)
    for column, table in _TOLD.items():
        if column in values:
            values[table] = uids[table].get(values.pop(column))  # type: ignore[call-overload]
    return {"type": kind, "voided": bool(row["voided"]), **values}


def _values(row: sqlite3.Row) -> dict[str, object]:
    values = {name: row[name] for name in row.keys() if name != "voided"}  # noqa: SIM118
    values["hash"] = row["hash"].hex()
    for name in _BOOLEANS:
        if values.get(name) is not None:
            values[name] = bool(values[name])
    return values
