"""Who helps, what was tried, visits and questions, and advice about a medication: to rows and back."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from medtrack.domain.person import Helper, Question, Tried, Visit
from medtrack.domain.regimen import Medication

from .assessment import standing
from .record import Record, Writing, check_seal

_STANDING = "uid not in (select voided.uid from voided)"
_TRIED = ("name", "dose", "weeks", "response", "why")
_TEAM = ("name", "role", "phone")
_VISIT = ("with_whom", "visited_on", "decided")
_QUESTION = ("text", "asked_on")
_ADVICE = ("medication_id", "topic", "text", "said_by")


class Advice(NamedTuple):
    """What is to be known of a medication, about one topic."""

    topic: str
    """`for`, `how`, `watch`, `missed` or `call`."""
    text: str
    said_by: str | None


def tried(record: Record) -> list[Tried]:
    """The earlier treatments that stand."""
    return [
        Tried(row["id"], row["uid"], *(row[name] for name in _TRIED))
        for row in standing(record, "tried", _TRIED)
    ]


def add_tried(work: Writing, entry: Tried) -> int:
    """Append an earlier treatment; gives its local id."""
    return work.add("tried", {name: getattr(entry, name) for name in _TRIED})


def team(record: Record) -> list[Helper]:
    """Those who help."""
    return [
        Helper(row["id"], row["uid"], *(row[name] for name in _TEAM))
        for row in standing(record, "team", _TEAM)
    ]


def add_helper(work: Writing, entry: Helper) -> int:
    """Append somebody who helps; gives the local id."""
    return work.add("team", {name: getattr(entry, name) for name in _TEAM})


def visits(record: Record) -> list[Visit]:
    """The visits, by day."""
    found = [
        Visit(row["id"], row["uid"], row["with_whom"], date.fromisoformat(row["visited_on"]), row["decided"])
        for row in standing(record, "visit", _VISIT)
    ]
    return sorted(found, key=lambda visit: (visit.visited_on, visit.id))


def add_visit(work: Writing, entry: Visit) -> int:
    """Append a visit; gives its local id."""
    fields = {"with_whom": entry.with_whom, "visited_on": entry.visited_on.isoformat()}
    return work.add("visit", {**fields, "decided": entry.decided})


def questions(record: Record) -> list[Question]:
    """The questions that wait."""
    return [
        Question(row["id"], row["uid"], row["text"], date.fromisoformat(row["asked_on"]))
        for row in standing(record, "question", _QUESTION)
    ]


def add_question(work: Writing, entry: Question) -> int:
    """Append a question; gives its local id."""
    return work.add("question", {"text": entry.text, "asked_on": entry.asked_on.isoformat()})


def advice(record: Record, medication: Medication) -> dict[str, Advice]:
    """What is to be known of a medication, by topic: the latest that stands, unless it was taken out."""
    record.check("advice", "voided")
    # By uid, not by id: what is the latest is the same wherever records are merged.
    rows = record.rows(
        f"select * from advice where medication_id = ? and {_STANDING} order by uid", (medication.id,)
    )
    found: dict[str, Advice] = {}
    for row in rows:
        check_seal(record, "advice", row, _ADVICE, {"medication_id": medication.uid})
        found.pop(row["topic"], None)
        if row["text"] is not None:
            found[row["topic"]] = Advice(row["topic"], row["text"], row["said_by"])
    return found


def add_advice(
    work: Writing, medication: Medication, topic: str, text: str | None, said_by: str | None
) -> int:
    """Append what is to be known about a topic; without a text, that nothing is any more."""
    return work.add(
        "advice",
        {"medication_id": medication.id, "topic": topic, "text": text, "said_by": said_by},
        {"medication_id": medication.uid},
    )
