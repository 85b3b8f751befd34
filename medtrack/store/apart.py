"""What devices did apart from each other, as far as it may contradict: who wrote, ended and voided what."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from medtrack.domain.amounts import Amount
from medtrack.domain.knowing import Deed, Knowledge
from medtrack.domain.regimen import Bound
from medtrack.errors import RecordDamaged

from .record import UNREADABLE, Record
from .rows import amount_of, bound_of, instant_of

_STANDS = "uid not in (select voided.uid from voided)"


def knowledge(record: Record) -> Knowledge:
    """Every action, by its local id; none where the record never was merged."""
    if record.row("select 1 from action where command = 'merge' limit 1") is None:
        return Knowledge([])
    found = record.rows("select id, uid, device, command, who from action")
    return Knowledge(Deed(*row) for row in found)


class Ending(NamedTuple):
    """That an action ended a plan."""

    uid: str
    plan_id: int
    ends: Bound
    reason: str | None
    decided_by: str | None
    action_id: int


def endings(record: Record) -> list[Ending]:
    """Everything standing that ended a plan, in the order it is written in."""
    found = record.rows(
        "select uid, plan_id, ends, reason, decided_by, action_id from plan_end"
        f" where {_STANDS} order by action_id, id"
    )
    try:
        return [Ending(row[0], row[1], bound_of(row[2]), *tuple(row)[3:]) for row in found]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="the end of a plan in it cannot be read") from None


def begun_by(record: Record) -> dict[int, int]:
    """The action that wrote each standing plan, by the plan's local id."""
    return {
        row["id"]: row["action_id"] for row in record.rows(f"select id, action_id from plan where {_STANDS}")
    }


class Correction(NamedTuple):
    """That a taken dose was corrected or voided, and stays so."""

    uid: str
    """The dose as it was."""
    medication_id: int
    taken_at: datetime
    for_slot: datetime | None
    amount: Amount | None
    action_id: int
    """The action that corrected it."""
    has_dose: bool
    """Whether that wrote down another dose in its place; if not, it voided it."""
    right: int | None
    """The local id of the dose in its place, where that stands."""


def corrections(record: Record) -> list[Correction]:
    """Every standing correction of a taken dose, in the order it is written in."""
    found = record.rows(
        f"""
        select dose.uid, dose.medication_id, dose.taken_at, dose.for_slot, dose.amount, dose.unit,
            void.action_id,
            exists (select 1 from dose as right where right.action_id = void.action_id),
            (select id from dose as right where right.action_id = void.action_id and right.{_STANDS})
        from void join dose on dose.uid = void.target join action on action.id = void.action_id
        where command = 'amend' and status = 'taken' and void.{_STANDS} order by void.action_id
        """
    )
    try:
        return [
            Correction(
                row[0],
                row[1],
                instant_of(row[2]),
                None if row[3] is None else instant_of(row[3]),
                amount_of(row[4], row[5]),
                row[6],
                bool(row[7]),
                row[8],
            )
            for row in found
        ]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="the time of a dose in it cannot be read") from None


class Remark(NamedTuple):
    """That something was noted about a medication at an instant."""

    medication_id: int
    noted_at: datetime
    action_id: int


def remarks(record: Record) -> list[Remark]:
    """Every standing note about a medication."""
    found = record.rows(
        f"select medication_id, noted_at, action_id from note where medication_id is not null and {_STANDS}"
    )
    try:
        return [Remark(row[0], instant_of(row[1]), row[2]) for row in found]
    except UNREADABLE:
        raise RecordDamaged(path=record.path, why="the time of a note in it cannot be read") from None
