"""A record that is open: reading from it, and writing one action to it, whole or not at all."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from medtrack.domain.chain import Value, link, seal
from medtrack.domain.identity import later, uuid7
from medtrack.errors import DiskTrouble, MedtrackError, NoRecord, RecordDamaged, RecordVanished

from .connection import begin_writing, connect, create_record, open_for_use, refusal, translated
from .device import Device, new_name
from .registry import Registry
from .rows import instant_text

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
"""Before any fact."""
FACTS = (
    "medication",
    "plan",
    "plan_end",
    "hold",
    "hold_end",
    "dose",
    "note",
    "note_end",
    "naranjo",
    "measure",
    "effect",
    "supply",
    "rule",
    "snooze",
    "setting",
    "zone_change",
    "profile",
    "allergy",
    "condition",
    "acknowledgement",
    "session",
    "observation",
    "session_end",
    "session_hold",
    "tried",
    "team",
    "visit",
    "question",
    "advice",
    "void",
)
"""Every kind of fact, by its table."""
REFS = {
    "medication_id": "medication",
    "plan_id": "plan",
    "hold_id": "hold",
    "dose_id": "dose",
    "note_id": "note",
    "session_id": "session",
}
"""The columns of local ids that stand for another fact, each with its table: sealed and told as its uid."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What reading a row may raise whose columns are not of the kinds they were made."""


ACTION_FIELDS = (
    "uid", "device", "recorded_at", "zone", "who", "command", "summary", "key", "simulated", "facts",
)  # fmt: skip
"""What an action's link covers, beside the link before it and the seals of its facts."""


class Stamp(NamedTuple):
    """Who writes, when and where: what every action carries."""

    recorded_at: datetime
    zone: str
    who: str
    simulated: bool
    """True when the time was given rather than read from the clock."""


class Birth(NamedTuple):
    """What a new record starts with."""

    person: str
    zone: str
    """The person's first zone, which also covers all time before."""


class Record:
    """One person's record, open; or one that is made by the first action written to it."""

    def __init__(self, path: str, connection: sqlite3.Connection, registry: Registry) -> None:
        self.path = path
        self.connection = connection
        self.registry = registry
        self.birth: Birth | None = None
        """Set while the record is not made yet."""
        self.bearer = Device(self)
        """This machine as the one who writes."""
        self._checked: set[str] = set()
        self._uids: dict[int, str] = {}
        self.has_written = False
        """Whether this process has committed an action to it."""
        self.kept_before: str | None = None
        """Where the file is kept as it was, if opening it brought it to a newer format."""
        connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, path: str, registry: Registry) -> "Record":
        """Open an existing record through the gate.

        Raises RecordVanished where this machine knew one, NoRecord where it did not, and what
        `connection.open_for_use` raises.
        """
        if not os.path.lexists(path):
            raise (NoRecord if registry.entry(path) is None else RecordVanished)(path=path)
        connection, kept = open_for_use(path)
        record = cls(path, connection, registry)
        record.kept_before = kept
        return record

    @classmethod
    def unmade(cls, path: str, registry: Registry, birth: Birth) -> "Record":
        """A record to be made at `path` by the first action; until then it is empty and in memory."""
        from .schema import migrate

        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("begin")
        migrate(connection)
        connection.execute("commit")
        record = cls(path, connection, registry)
        record.birth = birth
        return record

    def make(self, stamp: Stamp) -> None:
        """Make the file, with the person's name and first zone in it; nothing where it is made already.

        It gets its name only when all of that is in it: no process ever finds a record without a zone.
        """
        if self.birth is None:
            return
        birth, made = self.birth, self.connection
        self.bearer.rename(new_name())
        made.execute("begin")
        work = Writing(self, stamp, "create", None)
        work.add("zone_change", {"from_at": None, "zone": birth.zone})
        work.add("setting", {"key": "person", "value": birth.person})
        work.summary = f"a record for {birth.person}, in {birth.zone}"
        head = work.finish() or b""
        made.execute("commit")
        self.connection = create_record(self.path, made.serialize())
        made.close()
        self.birth = None
        self.connection.row_factory = sqlite3.Row
        self.bearer.enroll(head)

    @classmethod
    def copied(cls, record: "Record") -> "Record":
        """A copy in memory, to try things on: nothing that is written to it reaches the file."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        with translated(record.path):
            record.connection.backup(connection)
        return cls(record.path, connection, Registry(None))

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, statement: str, values: Sequence[Value] | Mapping[str, Value] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        with translated(self.path):
            return self.connection.execute(statement, values).fetchall()

    def row(
        self, statement: str, values: Sequence[Value | bytes] | Mapping[str, Value] = ()
    ) -> sqlite3.Row | None:
        """The first row of a query, if there is one."""
        with translated(self.path):
            found: sqlite3.Row | None = self.connection.execute(statement, values).fetchone()
            return found

    def check(self, *kinds: str) -> None:
        """Compare tables with their indexes, once a command: a row that a flipped bit hides shows there.

        Seals say that a row is what was written; this says that none is missing. Raises RecordDamaged.
        """
        for kind in kinds:
            if kind in self._checked:
                continue
            found = self.row(f"pragma integrity_check({kind})")
            if found is None or found[0] != "ok":
                raise RecordDamaged(path=self.path, why=f"its table of {kind} rows does not fit together")
            self._checked.add(kind)

    def uid_of(self, medication_id: int | None) -> str | None:
        """The uid of a medication by its local id; raises RecordDamaged where there is none."""
        if medication_id is None:
            return None
        if medication_id not in self._uids:
            self._uids = {row["id"]: row["uid"] for row in self.rows("select id, uid from medication")}
        if medication_id not in self._uids:
            raise RecordDamaged(path=self.path, why=f"medication {medication_id} is missing")
        return self._uids[medication_id]

    @property
    def device(self) -> str:
        """This device's name in this record."""
        return self.bearer.name

    @property
    def head(self) -> bytes:
        """The link of the last action in the record, of whatever device; empty where there is none."""
        found = self.row("select hash from action order by id desc limit 1")
        # In a damaged file it may be anything.
        return found["hash"] if found is not None and isinstance(found["hash"], bytes) else b""

    def has_action(self, head: bytes) -> bool:
        """Whether an action with this hash is in the record: the newest first, where it mostly is."""
        return self.head == head or self.row("select 1 from action where hash = ?", (head,)) is not None

    @contextmanager
    def writing(self, stamp: Stamp, command: str, key: str | None = None) -> Iterator["Writing"]:
        """One action: what the body adds is committed together with its link in the chain, or nothing is.

        Other writers wait from the first line to the last, so the body may look before it leaps. A body
        that adds no fact leaves no action. Raises RecordLocked, RecordReadOnly, DiskTrouble, RecordDamaged.
        """
        self.make(stamp)
        with translated(self.path):
            # Another program may have left it in WAL, which syncs less; here that would lose doses.
            self.connection.execute("pragma journal_mode = delete")
            begin_writing(self.connection)
        work = Writing(self, stamp, command, key)
        try:
            yield work
            with translated(self.path):
                head = work.finish()
        except BaseException:
            self._roll_back()
            raise
        try:
            self.connection.execute("commit")
        except KeyboardInterrupt:
            # Where nothing is open any more it came too late: the receipt says what is there.
            if self.connection.in_transaction:
                self._roll_back()
                raise
        except sqlite3.Error as error:
            if not self._is_there(work.uid, error):
                raise refusal(self.path, error) from None
        self.has_written = True
        if head is not None:
            self.bearer.remember(work.device, head)

    def _roll_back(self) -> None:
        try:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
        except sqlite3.Error:
            # The next to open the file rolls back what this one could not.
            self.connection.close()

    def _is_there(self, action_uid: str, error: sqlite3.Error) -> bool:
        """After an error at commit, look: an error does not say that nothing was recorded.

        Raises DiskTrouble where looking fails too.
        """
        self.connection.close()
        try:
            self.connection = connect(self.path)
            self.connection.row_factory = sqlite3.Row
            return self.row("select 1 from action where uid = ?", (action_uid,)) is not None
        except (sqlite3.Error, MedtrackError):
            raise DiskTrouble(
                path=self.path,
                why=refusal(self.path, error).facts.get("why", "it did not come free"),
                outcome="Whether it was recorded cannot be told now; 'medtrack log' says later",
            ) from None


class Writing:
    """One action being written: facts are added, then it is sealed into the device's chain."""

    def __init__(self, record: Record, stamp: Stamp, command: str, key: str | None) -> None:
        self.record = record
        self.stamp = stamp
        self.command = command
        self.key = key
        self.summary = ""
        """One line for the history: what this action did."""
        self.device = record.device
        self.hashes: list[bytes] = []
        self._has_absorbed = False
        self._stand_last()

    def _stand_last(self) -> None:
        """Take the id and the uid that come after those of every action in the record."""
        highest = self.record.row("select max(id), max(uid) from action")
        number, newest = highest if highest else (None, None)
        self.id: int = (number or 0) + 1
        self._at = later(self.stamp.recorded_at, newest or "")
        self.uid = uuid7(self._at, os.urandom(6), major=self.id)

    def add(
        self, kind: str, fields: Mapping[str, Value], refs: Mapping[str, str | None] | None = None
    ) -> int:
        """Append one fact and give its local id.

        `refs` gives, for each `<name>_id` column, the uid it stands for: that is what is sealed, since
        local ids differ between devices.
        """
        uid = uuid7(self._at, os.urandom(6), major=self.id, minor=len(self.hashes) + 1)
        digest = seal(kind, uid, sealed(fields, refs or {}))
        columns = ("uid", "action_id", "hash", *fields)
        marks = ", ".join("?" * len(columns))
        statement = f"insert into {kind} ({', '.join(columns)}) values ({marks})"
        with translated(self.record.path):
            cursor = self.record.connection.execute(statement, (uid, self.id, digest, *fields.values()))
        self.hashes.append(digest)
        return int(cursor.lastrowid or 0)

    def void(self, target: str, reason: str | None = None) -> None:
        """Append the fact that an action or a fact no longer stands."""
        self.add("void", {"target": target, "reason": reason})

    def absorbed(self) -> None:
        """Actions of another record were added, to come before this one, which has no fact itself."""
        self._stand_last()
        self._has_absorbed = True

    def go_on_as_another(self) -> None:
        """Write under a new device name from here on: another machine bears the one so far."""
        self.device = new_name()
        self.record.bearer.rename(self.device)

    def finish(self) -> bytes | None:
        """Append the action itself; gives the new head of the chain, or None where nothing was added."""
        if not self.hashes and not self._has_absorbed:
            return None
        voids = self.record.rows("select 1 from void where action_id = ? limit 1", (self.id,))
        if voids or self._has_absorbed:
            from .standing import refresh_voided

            refresh_voided(self.record)
        last = self.record.row(
            "select hash from action where device = ? order by id desc limit 1", (self.device,)
        )
        fields: dict[str, Value] = {
            "uid": self.uid,
            "device": self.device,
            "recorded_at": instant_text(self.stamp.recorded_at),
            "zone": self.stamp.zone,
            "who": self.stamp.who,
            "command": self.command,
            "summary": self.summary,
            "key": self.key,
            "simulated": int(self.stamp.simulated),
            "facts": len(self.hashes),
        }
        # The file does not keep the order across tables, so the link takes the seals in their own.
        head = link(last["hash"] if last else b"", fields, sorted(self.hashes))
        marks = ", ".join("?" * (len(fields) + 2))
        self.record.connection.execute(
            f"insert into action (id, hash, {', '.join(fields)}) values ({marks})",
            (self.id, head, *fields.values()),
        )
        return head


def sealed(fields: Mapping[str, Value], refs: Mapping[str, str | None]) -> dict[str, Value]:
    """The fields of a fact as they are hashed: local ids give way to the uids they stand for."""
    return {name: refs.get(name, value) for name, value in fields.items()}


def check_seal(
    record: Record,
    kind: str,
    row: sqlite3.Row,
    names: Sequence[str],
    refs: Mapping[str, str | None] | None = None,
) -> None:
    """Compare a stored fact with its seal; raises RecordDamaged where a single bit differs.

    What its medication's local id stands for need not be among `refs`. The names of its columns are part of
    the file too: afterwards its id and all of `names` are there to be read.
    """
    try:
        fields = {name: row[name] for name in ("id", *names)}
        del fields["id"]
        if "medication_id" in names:
            refs = {"medication_id": record.uid_of(row["medication_id"]), **(refs or {})}
        is_whole = seal(kind, row["uid"], sealed(fields, refs or {})) == row["hash"]
    except UNREADABLE:
        is_whole = False
    if not is_whole:
        raise RecordDamaged(path=record.path, why=f"{kind} {row[0]} is not what was written")
