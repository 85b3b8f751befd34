"""Supervised sessions begun, and the holds they bring along."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from medtrack.domain.names import LONGEST_NOTE, folded, meant, read_given
from medtrack.domain.observations import say_kind
from medtrack.domain.protocol_reading import read_protocol
from medtrack.domain.protocols import Protocol
from medtrack.domain.regimen import Hold, Medication
from medtrack.domain.report import UNDO, Report
from medtrack.domain.safety.pack import Pack
from medtrack.domain.session_doses import read_dose
from medtrack.domain.sessions import Observation, Session, checklist
from medtrack.domain.when import read_bound, read_past
from medtrack.domain.wording import say_list
from medtrack.errors import NoPlan, NotSettled, Stopped, UsageRefused
from medtrack.store import regimen as regimen_rows
from medtrack.store import sessions as rows
from medtrack.store.record import Writing

from .cautioning import Confirm
from .chart import Chart
from .courses import course_lines, gap_lines
from .held_doses import taken_lines
from .mentions import mentioned, unknown_classes
from .session_rows import SESSION, session_row

_LONGEST_BEFORE = timedelta(days=1)
"""What was further back than this has nothing to do with a session."""
Shipped = Callable[[str], str | None]
"""The text of a protocol that comes with medtrack, by its name."""


class HoldFlags(NamedTuple):
    """Which medications are held around a session, and between which times, as typed."""

    names: Sequence[str] = ()
    since: str | None = None
    until: str | None = None


def protocol_named(chart: Chart, typed: str, shipped: Shipped, pack: Pack) -> Protocol:
    """The protocol a person means: one that ships, the TOML file named, or one of an earlier session.

    Raises NotSettled where there is none of that name, InputUnreadable, and UsageRefused for mistakes in it.
    """
    if "/" in typed or typed.casefold().endswith(".toml"):
        name = re.sub(r"[^a-z0-9]+", "-", typed.rsplit("/", 1)[-1].casefold().removesuffix(".toml")).strip(
            "-"
        )
        key = name[:24] if name[:1].isalpha() else "clinic"
        protocol = read_protocol(rows.read_file(typed), key, repr(typed))
        _refuse_shipped(typed, protocol, shipped)
        unknown = unknown_classes(pack, protocol)
        if unknown:
            raise UsageRefused(
                what=f"The protocol {typed!r} cannot be used: no check knows the class {unknown[0]!r}."
                " Nothing was recorded."
            )
        return protocol
    key = folded(typed)
    text = shipped(key)
    if text is not None:
        return read_protocol(text, key, repr(typed))
    for session in reversed(rows.sessions(chart.record)):
        if session.protocol.key == key:
            return session.protocol
    raise NotSettled(
        what=f"There is no protocol {typed[:60]!r}. "
        + meant(
            typed,
            ["spravato", *(session.protocol.key for session in rows.sessions(chart.record))],
            "'spravato' comes with medtrack; a clinic's own is a file: medtrack session start ./clinic.toml",
        )
    )


def _refuse_shipped(typed: str, protocol: Protocol, shipped: Shipped) -> None:
    """A clinic's own called as one that ships would join its course. Raises UsageRefused."""
    for what, name in (("file", protocol.key), ("name in it", folded(protocol.name))):
        if shipped(name) is not None:
            raise UsageRefused(
                what=f"The protocol {typed!r} cannot be used: {name!r} comes with medtrack, and the sessions"
                f" of both would be one course. Give the {what} another, like '{name}-clinic'. Nothing was"
                " recorded."
            )


def start(
    chart: Chart,
    protocol: Protocol,
    pack: Pack,
    *,
    dose: str | None = None,
    at: str = "now",
    course_from: str | None = None,
    note: str | None = None,
    holds: HoldFlags = HoldFlags(),  # noqa: B008  # it cannot change
    confirm: Confirm | None = None,
) -> Report:
    """Begin a session; with a dose, the minutes are counted from its start.

    `confirm` is asked about a dose that the protocol does not have; None where there is nobody to ask.
    Raises UsageRefused where one is open, Stopped, and what reading times, amounts and medications raises.
    """
    begins = read_past(at, now=chart.now, zone=chart.zone, what="A session")
    given = None if dose is None else read_dose(protocol, dose)
    said = read_given(note, "note", LONGEST_NOTE)
    warnings = [] if given is None or given.warning is None else [given.warning]
    ask_before(warnings, confirm)
    with chart.writing("session start") as work:
        _refuse_open(chart)
        known = rows.sessions(chart.record)
        first = _course(chart, protocol, known, begins, course_from)
        here = lived(chart, begins)
        number = rows.add_session(work, protocol, first, here, said)
        if given is not None:
            rows.add_observation(work, number, seen("dose", given.value, begins), here)
        session = session_of(chart, number)
        # A name typed twice, or in two ways, is one medication.
        names = {chart.find(name).id: name for name in holds.names}
        held = [_hold(chart, work, session, name, holds) for name in names.values()]
        work.summary = f"{protocol.name} session {number}"
    chart.forget()
    session = session_of(chart, number)
    lines = [f"Session {number} began {chart.say(begins)}: {protocol.name}."]
    lines += course_lines(session, rows.sessions(chart.record))
    lines += gap_lines(session, known)
    lines += overlap_lines(chart, session)
    lines += mentioned(chart, pack, protocol)
    lines += [line for each in held for line in hold_lines(chart, *each)]
    lines += _next_lines(chart, session)
    return receipt(chart, session, [*lines, UNDO])._replace(meta={"warnings": warnings})


def ask_before(warnings: Sequence[str], confirm: Confirm | None) -> None:
    """Ask before what is warned of is written down, where there is somebody to answer. Raises Stopped."""
    if warnings and confirm is not None and not confirm(" ".join(warnings) + " Write it down?"):
        raise Stopped


def _refuse_open(chart: Chart) -> None:
    for each in rows.open_sessions(chart.record):
        raise UsageRefused(
            what=f"Session {each.id} ({each.protocol}) is open since {chart.say(each.started_at)}:"
            " end it first, with medtrack session end --at TIME"
        )


def _course(
    chart: Chart, protocol: Protocol, known: Sequence[Session], begins: datetime, typed: str | None
) -> date:
    """The day the course began: as typed, else that of the session before it, else that of this one."""
    day = chart.local(begins).date()
    if typed is None:
        earlier = [each for each in known if each.protocol.key == protocol.key and each.started_at <= begins]
        return earlier[-1].course_from if earlier else day
    first = read_bound(typed, now=chart.now, zone=chart.zone, ahead=False)
    first = chart.local(first).date() if isinstance(first, datetime) else first
    if first > day:
        raise UsageRefused(what="--course-from is the day of the first session: not after this one.")
    return first


def _hold(
    chart: Chart, work: Writing, session: Session, name: str, flags: HoldFlags
) -> tuple[Medication, datetime, datetime]:
    """Hold a medication from the start of a session to the end of its rest time, or as typed."""
    medication = chart.find(name)
    if not chart.plans(medication):
        raise NoPlan(medication=medication.name, why="has no plan, so there is nothing to hold")
    since, until = session.started_at, session.rests_until
    if flags.since is not None:
        since = chart.begin(read_bound(flags.since, now=chart.now, zone=chart.zone))
    if flags.until is not None:
        until = chart.end(read_bound(flags.until, now=chart.now, zone=chart.zone))
    if until <= since:
        raise UsageRefused(what="The hold would end before it begins: check --hold-from and --hold-until.")
    _add_hold(work, session, medication, since, until)
    return medication, since, until


def _add_hold(
    work: Writing, session: Session, medication: Medication, since: datetime, until: datetime
) -> None:
    reason = f"{session.protocol.name} session"
    hold = Hold(0, "", medication.id, since, until, unrecorded=False, reason=reason, decided_by=None)
    rows.add_session_hold(work, session.id, regimen_rows.add_hold(work, hold, medication))


def hold_lines(chart: Chart, medication: Medication, since: datetime, until: datetime) -> list[str]:
    """That a medication is held, until when, and what of it was taken in that time."""
    return [
        f"On hold: {medication.name} from {chart.say(since)} until {chart.say(until)}; it resumes by itself.",
        *taken_lines(chart, medication, since, until),
    ]


def _next_lines(chart: Chart, session: Session) -> list[str]:
    """What can be written down next."""
    asked = [item for item in checklist(session, chart.now) if item.part == "before"]
    waiting = say_list(say_kind(item.key) for item in asked if item.state != "done")
    if session.dose is None:
        lines = [f"To be asked before the dose: {waiting}."] if waiting else []
        return [*lines, "The dose is given? medtrack session observe dose AMOUNT"]
    lines = [f"Not written down from before the dose: {waiting}; with --before it is."] if waiting else []
    return [*lines, f"The rest time lasts until {chart.say(session.rests_until)} at least."]


def move_holds(
    chart: Chart, work: Writing, was: Session, session: Session
) -> list[tuple[Medication, datetime, datetime]]:
    """Have the holds that end with the rest time end where it ends now: the dose moved.

    A hold that was given another end, or was resumed, is left alone.
    """
    if was.rests_until == session.rests_until:
        return []
    by_id = {medication.id: medication for medication in chart.medications}
    standing = [hold for medication in chart.medications for hold in chart.holds(medication)]
    moved = []
    for hold in rows.session_holds(chart.record, standing).get(session.id, ()):
        if hold.until != was.rests_until:
            continue
        work.void(hold.uid, "the dose was given later")
        medication, since = by_id[hold.medication_id], chart.begin(hold.since)
        _add_hold(work, session, medication, since, session.rests_until)
        moved.append((medication, since, session.rests_until))
    chart.forget()
    return moved


def session_of(chart: Chart, number: int) -> Session:
    """The session of a number that is there."""
    return next(each for each in rows.sessions(chart.record) if each.id == number)


def seen(
    kind: str, value: str, at: datetime, *, before: bool = False, note: str | None = None
) -> Observation:
    """An observation that is to be written down."""
    return Observation(0, "", kind, value, before, at, note)


def lived(chart: Chart, at: datetime) -> rows.Lived:
    """An instant with the zone and the wall clock the person had then."""
    return rows.Lived(at, chart.zones.at(at).key or "UTC", chart.local(at))


def overlap_lines(chart: Chart, session: Session) -> list[str]:
    """Which other sessions a session lies over, each as a sentence: one of the times is wrong."""
    ends = session.ended_at or chart.now
    return [
        f"It lies over session {each.id} ({each.protocol.name}), {chart.say(each.started_at)} to"
        f" {chart.say(each.ended_at)}: check the times."
        for each in rows.sessions(chart.record)
        if each.id != session.id
        and each.ended_at is not None
        and each.started_at < max(ends, session.started_at + timedelta(seconds=1))
        and session.started_at < each.ended_at
    ]


def receipt(chart: Chart, session: Session, lines: Sequence[str]) -> Report:
    """What is told of a session that was written to."""
    return Report("session", SESSION, [session_row(chart, session)], lines=lines)
