"""What of a session scripts see, and how its parts are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from medtrack.domain.observations import say_kind, say_value
from medtrack.domain.report import Cells, Column
from medtrack.domain.sessions import NONE, Item, Observation, Session, comes_after, comes_after_dose
from medtrack.domain.wording import say_duration
from medtrack.errors import NotSettled

from .chart import Chart

SESSION = tuple(Column(key) for key in ("id", "protocol", "course_from", "started_at", "ended_at", "doses"))
OBSERVED = tuple(Column(key) for key in ("id", "kind", "value", "before", "observed_at", "minute", "note"))


def times(session: Session) -> set[str]:
    """The kinds whose value is when something last was."""
    return {each.key for each in session.protocol.before if each.kind == "time"}


def say_seen(chart: Chart, session: Session, each: Observation) -> str:
    """What was observed, when and at which minute: 'blood pressure 128/82, today 14:40 (minute 40)'."""
    if each.kind in times(session):
        if each.value == NONE:
            return f"no {say_kind(each.kind)}"
        when = datetime.fromisoformat(each.value)
        if session.dose is not None and comes_after_dose(session, each):
            since = say_duration(when - session.dose.observed_at)
            return f"{say_kind(each.kind)} {chart.say(when)}, {since} after the dose"
        return f"last {say_kind(each.kind)} {chart.say(when)}"
    minute = session.minute(each.observed_at)
    counted = f" (minute {minute})" if minute is not None and minute > 0 else ""
    value = say_value(each.kind, each.value)
    said = value if each.kind == "note" else f"{say_kind(each.kind)} {value}"
    return f"{said}, {chart.say(each.observed_at)}{counted}"


def late_lines(chart: Chart, session: Session) -> list[str]:
    """What was observed after all that is planned of its kind, and how to take out what is wrong of it."""
    late = [each for each in session.observations if comes_after(session, each)]
    said = [f"{say_seen(chart, session, each)} (observation {each.id})" for each in late]
    if not said:
        return []
    return [
        f"After all that is planned, so it counts for none of it: {'; '.join(said)}.",
        f"To take one out that is wrong: medtrack session remove {late[0].id} --reason WHY",
    ]


def say_item(item: Item) -> str:
    """A line of the checklist by name: 'blood pressure at minute 40', 'escort'."""
    name = say_kind(item.key)
    if item.part == "before":
        return f"{name} before the dose"
    return name if item.part == "after" or item.due is None else f"{name} at minute {item.due}"


def session_row(chart: Chart, session: Session) -> Cells:
    """A session as scripts see it."""
    return {
        "id": session.id,
        "protocol": session.protocol.key,
        "course_from": session.course_from,
        "started_at": chart.zones.shown(session.started_at),
        "ended_at": None if session.ended_at is None else chart.zones.shown(session.ended_at),
        "doses": session.doses,
    }


def observed_row(chart: Chart, session: Session, each: Observation) -> Cells:
    """An observation as scripts see it."""
    value = each.value
    if each.kind in times(session) and value != NONE:
        value = chart.zones.shown(datetime.fromisoformat(value)).isoformat(timespec="seconds")
    return {
        "id": each.id,
        "kind": each.kind,
        "value": value,
        "before": each.before,
        "observed_at": chart.zones.shown(each.observed_at),
        "minute": session.minute(each.observed_at),
        "note": each.note,
    }


def chosen(known: Sequence[Session], typed: str | None) -> Session:
    """The session of a number; else the one that is open, else the last. Raises NotSettled."""
    if typed is None and known:
        return next((each for each in reversed(known) if each.ended_at is None), known[-1])
    for each in known:
        if typed is not None and str(each.id) == typed.strip():
            return each
    if typed is None:
        raise NotSettled(what="No session is written down. To begin one: medtrack session start spravato")
    raise NotSettled(what=f"There is no session {typed[:40]!r} in this record. See: medtrack session list.")
