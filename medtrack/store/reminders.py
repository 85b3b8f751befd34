"""Rules and snoozes, to rows and back; and the ledger of what this machine's checks told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from medtrack.domain.chain import digest
from medtrack.domain.regimen import Medication
from medtrack.domain.reminders import Rule, Snooze, Told
from medtrack.errors import RecordDamaged

from .connection import begin_writing, translated
from .record import UNREADABLE, Record, Writing, check_seal
from .rows import instant_of, instant_text, seconds_of

_RULE = ("medication_id", "repeats", "then_channel", "then_seconds")
_SNOOZE = ("medication_id", "since", "until")
_NOTICE = (
    "kind", "subject", "at", "step", "channel", "simulated", "tried_at", "tries", "told_at", "failure",
)  # fmt: skip
_KEY = "kind = ? and subject = ? and at = ? and step = ? and channel = ? and simulated = ?"
_LASTING = "kind in ('refill', 'expiry')"
"""What is about a pack, which may be older than anything else that is told."""
KEPT = timedelta(days=400)
"""How long the ledger remembers."""


def add_rule(work: Writing, medication: Medication | None, rule: Rule) -> None:
    """Append how a medication is told, or all that have no rule of their own."""
    work.add(
        "rule",
        {
            "medication_id": None if medication is None else medication.id,
            "repeats": ",".join(str(seconds_of(each)) for each in rule.repeats),
            "then_channel": rule.then,
            "then_seconds": seconds_of(rule.then_after),
        },
        {"medication_id": None if medication is None else medication.uid},
    )


def rules(record: Record) -> dict[int | None, Rule]:
    """The rule of each medication that has one, the latest that stands; under None that of all others."""
    record.check("rule", "voided")
    found: dict[int | None, Rule] = {}
    for row in record.rows(
        "select * from rule where uid not in (select voided.uid from voided) order by uid"
    ):
        check_seal(record, "rule", row, _RULE)
        after = row["then_seconds"]
        found[row["medication_id"]] = Rule(
            tuple(timedelta(seconds=int(each)) for each in row["repeats"].split(",") if each),
            row["then_channel"],
            None if after is None else timedelta(seconds=after),
        )
    return found


def add_snooze(work: Writing, medication: Medication, snooze: Snooze) -> None:
    """Append that a medication waits."""
    work.add(
        "snooze",
        {
            "medication_id": medication.id,
            "since": instant_text(snooze.since),
            "until": instant_text(snooze.until),
        },
        {"medication_id": medication.uid},
    )


def snoozes(record: Record, after: datetime) -> list[Snooze]:
    """The standing snoozes that end after an instant."""
    record.check("snooze", "voided")
    found = []
    for row in record.rows(
        "select * from snooze where until > ? and uid not in (select voided.uid from voided) order by id",
        (instant_text(after),),
    ):
        check_seal(record, "snooze", row, _SNOOZE)
        found.append(Snooze(row["medication_id"], instant_of(row["since"]), instant_of(row["until"])))
    return found


# --- the ledger ---------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """One step of one thing, on one channel."""

    told: Told
    channel: str
    tried_at: datetime
    tries: int
    told_at: datetime | None
    """None while it did not arrive."""
    failure: str | None
    """Why it did not."""


class Ledger:
    """What the checks of one clock told of a record: the real one, or the times that were given."""

    def __init__(self, record: Record, *, simulated: bool) -> None:
        self.record = record
        self.simulated = int(simulated)

    def entries(self, since: datetime) -> list[Entry]:
        """The entries about instants from `since` on, and about any pack. Raises RecordDamaged."""
        found = self.record.rows(
            f"select * from notice where simulated = ? and (at >= ? or {_LASTING})",
            (self.simulated, instant_text(since)),
        )
        try:
            return [self._entry(row) for row in found]
        except UNREADABLE:
            raise RecordDamaged(path=self.record.path, why="what was told cannot be read") from None

    def _entry(self, row: sqlite3.Row) -> Entry:
        if row["seal"] != _seal(row):
            raise RecordDamaged(path=self.record.path, why="what was told is not what was written")
        return Entry(
            Told(row["kind"], row["subject"], instant_of(row["at"]), row["step"]),
            row["channel"],
            instant_of(row["tried_at"]),
            row["tries"],
            None if row["told_at"] is None else instant_of(row["told_at"]),
            row["failure"],
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other checks waiting, so that each thing is told by one of them.

        Raises RecordLocked, RecordReadOnly, DiskTrouble.
        """
        connection = self.record.connection
        with translated(self.record.path):
            connection.execute("pragma journal_mode = delete")
            begin_writing(connection)
        try:
            yield
            with translated(self.record.path):
                connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise

    def put(self, entries: Iterable[Entry]) -> None:
        """Write entries, each in the place of the one before; inside `held`."""
        with translated(self.record.path):
            for entry in entries:
                key = (
                    entry.told.kind,
                    entry.told.subject,
                    instant_text(entry.told.at),
                    entry.told.step,
                    entry.channel,
                    self.simulated,
                )
                told_at = None if entry.told_at is None else instant_text(entry.told_at)
                values = (*key, instant_text(entry.tried_at), entry.tries, told_at, entry.failure)
                self.record.connection.execute(f"delete from notice where {_KEY}", key)
                self.record.connection.execute(
                    "insert into notice values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*values, _seal(dict(zip(_NOTICE, values, strict=True)))),
                )

    def clear(self, before: datetime) -> None:
        """Drop what is too old to be asked about; inside `held`."""
        with translated(self.record.path):
            self.record.connection.execute(
                f"delete from notice where at < ? and not {_LASTING}", (instant_text(before - KEPT),)
            )


def flawed_notices(record: Record) -> int:
    """How many entries of the ledger are not what was put."""
    return sum(row["seal"] != _seal(row) for row in record.rows("select * from notice"))


def _seal(row: sqlite3.Row | dict[str, object]) -> bytes:
    return digest(repr([row[name] for name in _NOTICE]).encode())
