"""Supervised sessions, with what was observed in them and the holds they brought along, to rows and back."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from datetime import date, datetime
from typing import NamedTuple

from medtrack.domain.protocol_reading import LARGEST, protocol_of
from medtrack.domain.protocols import Protocol, document_of
from medtrack.domain.regimen import Hold
from medtrack.domain.sessions import Observation, Session
from medtrack.errors import InputUnreadable, RecordDamaged, UsageRefused

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_STANDING = "uid not in (select voided.uid from voided)"
# What was taken back on one device stands as long as something observed in it on another does.
_STANDING_SESSION = f"""
    (session.{_STANDING}
    or exists (select 1 from observation where session_id = session.id and observation.{_STANDING})
    or exists (select 1 from session_end where session_id = session.id and session_end.{_STANDING}))
"""
_OPEN = f"not exists (select 1 from session_end where session_id = session.id and session_end.{_STANDING})"
_SESSION = ("protocol", "content", "course_from", "started_at", "zone", "local_time", "note")
_OBSERVATION = (
    "session_id", "kind", "value", "before", "observed_at", "zone", "local_time", "note",
)  # fmt: skip
_END = ("session_id", "ended_at", "zone", "local_time", "note")


class Lived(NamedTuple):
    """When something was, as it was lived."""

    at: datetime
    zone: str
    local: datetime

    @property
    def fields(self) -> dict[str, str]:
        """The zone and the wall time as columns."""
        return {"zone": self.zone, "local_time": self.local.isoformat(timespec="seconds")}


class OpenSession(NamedTuple):
    """A session that was not ended."""

    id: int
    protocol: str
    started_at: datetime


def open_sessions(record: Record) -> list[OpenSession]:
    """The sessions that were not ended, by start, seals checked; cheap where there is none."""
    record.check("session", "session_end", "voided")
    found = record.rows(
        f"select session.* from session where {_STANDING_SESSION} and {_OPEN} order by started_at, id"
    )
    for row in found:
        check_seal(record, "session", row, _SESSION)
    return [OpenSession(row["id"], row["protocol"], instant_of(row["started_at"])) for row in found]


def sessions(record: Record) -> list[Session]:
    """Every session that stands with all that was observed in it, by start, seals checked."""
    record.check("session", "observation", "session_end", "voided")
    found = record.rows(f"select session.* from session where {_STANDING_SESSION} order by started_at, id")
    uids = {row["id"]: row["uid"] for row in found}
    observed: dict[int, list[Observation]] = {}
    for row in _parts(record, "observation", "observed_at, observation.id"):
        check_seal(record, "observation", row, _OBSERVATION, _session(uids, row))
        observed.setdefault(row["session_id"], []).append(
            Observation(
                row["id"],
                row["uid"],
                row["kind"],
                row["value"],
                bool(row["before"]),
                instant_of(row["observed_at"]),
                row["note"],
            )
        )
    ends: dict[int, sqlite3.Row] = {}
    for row in _parts(record, "session_end", "session_end.id"):
        check_seal(record, "session_end", row, _END, _session(uids, row))
        ends[row["session_id"]] = row
    return [_made(record, row, tuple(observed.get(row["id"], ())), ends.get(row["id"])) for row in found]


def _parts(record: Record, kind: str, column: str) -> list[sqlite3.Row]:
    return record.rows(f"select * from {kind} where {kind}.{_STANDING} order by {column}")


def _session(uids: dict[int, str], row: sqlite3.Row) -> dict[str, str | None]:
    return {"session_id": uids.get(row["session_id"])}


def _made(
    record: Record, row: sqlite3.Row, observed: tuple[Observation, ...], end: sqlite3.Row | None
) -> Session:
    check_seal(record, "session", row, _SESSION)
    try:
        # Its seal says that it is what was written; a newer medtrack may write what this one cannot read.
        protocol = protocol_of(json.loads(row["content"]), row["protocol"], row["protocol"])
    except (UsageRefused, ValueError):
        raise RecordDamaged(
            path=record.path, why=f"the protocol of session {row['id']} cannot be read"
        ) from None
    return Session(
        row["id"],
        row["uid"],
        protocol,
        date.fromisoformat(row["course_from"]),
        instant_of(row["started_at"]),
        row["zone"],
        datetime.fromisoformat(row["local_time"]),
        row["note"],
        observed,
        None if end is None else instant_of(end["ended_at"]),
        None if end is None else end["note"],
    )


def add_session(work: Writing, protocol: Protocol, course_from: date, lived: Lived, note: str | None) -> int:
    """Append a session; gives its local id."""
    return work.add(
        "session",
        {
            "protocol": protocol.key,
            "content": json.dumps(document_of(protocol), ensure_ascii=False, sort_keys=True),
            "course_from": course_from.isoformat(),
            "started_at": instant_text(lived.at),
            **lived.fields,
            "note": note,
        },
    )


def add_observation(work: Writing, session_id: int, seen: Observation, lived: Lived) -> int:
    """Append something observed in a session; gives its local id."""
    return work.add(
        "observation",
        {
            "session_id": session_id,
            "kind": seen.kind,
            "value": seen.value,
            "before": int(seen.before),
            "observed_at": instant_text(lived.at),
            **lived.fields,
            "note": seen.note,
        },
        {"session_id": _uid(work, "session", session_id)},
    )


def end_session(work: Writing, session_id: int, lived: Lived, note: str | None) -> int:
    """Append the fact that a session ended; gives its local id."""
    return work.add(
        "session_end",
        {"session_id": session_id, "ended_at": instant_text(lived.at), **lived.fields, "note": note},
        {"session_id": _uid(work, "session", session_id)},
    )


def add_session_hold(work: Writing, session_id: int, hold_id: int) -> None:
    """Append the fact that a session brought a hold along."""
    work.add(
        "session_hold",
        {"session_id": session_id, "hold_id": hold_id},
        {
            "session_id": _uid(work, "session", session_id),
            "hold_id": _uid(work, "hold", hold_id),
        },
    )


def _uid(work: Writing, table: str, number: int) -> str | None:
    row = work.record.row(f"select uid from {table} where id = ?", (number,))
    return None if row is None else str(row["uid"])


def session_holds(record: Record, holds: list[Hold]) -> dict[int, list[Hold]]:
    """The holds each session brought along, of those given, by the session's id."""
    record.check("session_hold", "voided")
    by_id = {hold.id: hold for hold in holds}
    found: dict[int, list[Hold]] = {}
    rows = record.rows(
        "select session_hold.*, session.uid as session_uid, hold.uid as hold_uid from session_hold"
        " join session on session.id = session_id join hold on hold.id = hold_id"
        f" where session_hold.{_STANDING} order by session_hold.id"
    )
    for row in rows:
        refs = {"session_id": row["session_uid"], "hold_id": row["hold_uid"]}
        check_seal(record, "session_hold", row, ("session_id", "hold_id"), refs)
        if row["hold_id"] in by_id:
            found.setdefault(row["session_id"], []).append(by_id[row["hold_id"]])
    return found


def remove_session(work: Writing, session: Session, reason: str | None) -> None:
    """Void a session with its observations, its end and its holds."""
    work.void(session.uid, reason)
    for seen in session.observations:
        work.void(seen.uid, reason)
    for row in work.record.rows(
        f"select uid from session_end where session_id = :session and {_STANDING}"
        f" union all select uid from session_hold where session_id = :session and {_STANDING}"
        " union all select hold.uid from session_hold join hold on hold.id = hold_id"
        f" where session_id = :session and session_hold.{_STANDING} and hold.{_STANDING}",
        {"session": session.id},
    ):
        work.void(row["uid"], reason)


def void_end(work: Writing, session: Session, reason: str) -> None:
    """Void that a session ended when it was said to."""
    for row in work.record.rows(
        f"select uid from session_end where session_id = ? and {_STANDING}", (session.id,)
    ):
        work.void(row["uid"], reason)


def read_file(path: str) -> str:
    """The text of a protocol's file: a regular file, not too large. Raises InputUnreadable."""
    try:
        # Without O_NONBLOCK a pipe in its place would be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputUnreadable(path=path, why="it is not a file")
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise InputUnreadable(path=path, why=f"it has more than {LARGEST:,} bytes, which no protocol has")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputUnreadable(path=path, why="it is not UTF-8 text") from None
    except (OSError, ValueError) as error:
        # A name with a zero byte is a ValueError.
        why = (getattr(error, "strerror", None) or "it cannot be opened").lower()
        raise InputUnreadable(path=path, why=why) from None
