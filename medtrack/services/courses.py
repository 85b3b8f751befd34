"""Courses of sessions: where one stands in its course, the list, and a protocol in full."""

from __future__ import annotations

from collections.abc import Sequence

from medtrack.domain.protocols import Protocol
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.safety.pack import Pack
from medtrack.domain.sessions import (
    Session,
    checklist,
    is_same_course,
    phase_dates,
    phase_on,
    unfinished,
    week_of,
)
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_list, say_number_of
from medtrack.store import sessions as rows

from .chart import Chart
from .mentions import mentioned
from .session_rows import session_row


def course_lines(session: Session, known: Sequence[Session]) -> list[str]:
    """Where a session stands in its course: which one, which week and phase, how long after the last."""
    course = [each for each in known if is_same_course(each, session)]
    number = [each.id for each in course].index(session.id) + 1
    day = session.local.date()
    week = week_of(session.course_from, day)
    phase = phase_on(session.protocol, session.course_from, day)
    said = f"Session {number} of the course that began {session.course_from}, week {week}"
    lines = [
        f"{said}: {phase.phase.text.partition(': ')[2] or phase.phase.text} ({phase.phase.name})."
        if phase
        else f"{said}."
    ]
    if number > 1:
        days = (day - course[number - 2].local.date()).days
        lines.append(f"{say_number_of(days, 'day')} after the session before it.")
    same_week = [each for each in course[:number] if week_of(each.course_from, each.local.date()) == week]
    if phase is not None and phase.phase.a_week is not None and len(same_week) > phase.phase.a_week:
        lines.append(
            f"It is session {len(same_week)} of this week; the protocol has {phase.phase.a_week}."
            " Ask your clinic."
        )
    return lines


_LONG_GAP = 14
"""Days without a session from which on the protocol's remark on missed ones is shown; a choice of ours."""


def gap_lines(session: Session, known: Sequence[Session]) -> list[str]:
    """After a long gap, what the protocol itself remarks on missed sessions."""
    earlier = [
        each for each in known if is_same_course(each, session) and each.started_at < session.started_at
    ]
    if not earlier or (session.local.date() - earlier[-1].local.date()).days <= _LONG_GAP:
        return []
    return [each.text for each in session.protocol.remarks if each.text.casefold().startswith("missed")]


def _phase_lines(session: Session, known: Sequence[Session]) -> list[str]:
    """The phases of a course on the calendar, with the sessions that are written down of each."""
    course = [each for each in known if is_same_course(each, session)]
    is_dosed = any(one.doses for one in course)
    lines = []
    for each in phase_dates(session.protocol, session.course_from):
        there = [
            one for one in course
            if each.first <= one.local.date() and (each.last is None or one.local.date() <= each.last)
        ]  # fmt: skip
        of = "" if each.phase.sessions is None else f" of {each.phase.sessions}"
        until = f"from {each.first} on" if each.last is None else f"{each.first} to {each.last}"
        # A visit at which nothing was given is none of the treatments that a phase counts.
        without = sum(not one.doses and one.ended_at is not None for one in there) if is_dosed else 0
        more = f", and {without} at which no dose was written down" if without else ""
        name = f"{each.phase.name[:1].upper()}{each.phase.name[1:]}"
        lines.append(f"{name}, {until}: {len(there) - without}{of} sessions{more}.")
    return lines


def listed(chart: Chart) -> Report:
    """Every session by time, with its place in its course."""
    known = rows.sessions(chart.record)
    cells: list[Cells] = []
    for session in known:
        course = [each for each in known if is_same_course(each, session)]
        number = [each.id for each in course].index(session.id) + 1
        day = session.local.date()
        phase = phase_on(session.protocol, session.course_from, day)
        ended = session.ended_at
        cells.append(
            {
                **session_row(chart, session),
                "number": number,
                "week": week_of(session.course_from, day),
                "phase": None if phase is None else phase.phase.name,
                "days_since_last": None if number == 1 else (day - course[number - 2].local.date()).days,
                "minutes": None if ended is None else session.minute(ended),
                "unfinished": len(unfinished(checklist(session, chart.now))),
                "state": "open" if ended is None else "ended",
            }
        )
    columns = (
        Column("id", "Id", right=True),
        Column("started_at", "Began", lambda row: say_local(chart.shown(row["started_at"]))),
        Column("protocol", "Protocol"),
        Column("course_from"),
        Column("number", "No.", right=True),
        Column("week", "Week", right=True),
        Column("phase", "Phase"),
        Column("doses", "Dose", lambda row: say_list(row["doses"])),
        Column("days_since_last", "Days since", right=True),
        Column("minutes", "Minutes", right=True),
        Column("ended_at"),
        Column("unfinished", "Unfinished", right=True),
        Column("state", "State"),
    )
    footer = _phase_lines(known[-1], known) if known else []
    return Report("sessions", columns, cells, footer=footer, empty="No session is written down.")


def protocol(chart: Chart, found: Protocol, pack: Pack) -> Report:
    """A protocol in full, each line with its source; and which of the person's medicines it mentions."""
    lines: list[Cells] = [
        {"part": "course", "key": each.name, "minutes": None, "text": each.text, "source": each.source}
        for each in found.phases
    ]
    for part, entries in (("before", found.before), ("during", found.during), ("after", found.after)):
        for each in entries:
            at = getattr(each, "at", ()) or getattr(each, "minutes", None)
            told = " ".join(map(str, at)) if isinstance(at, tuple) else None if at is None else str(at)
            lines.append(
                {"part": part, "key": each.key, "minutes": told, "text": each.text, "source": each.source}
            )
    rest = found.rest
    lines.append(
        {
            "part": "after",
            "key": "rest",
            "minutes": str(rest.minutes),
            "text": rest.text,
            "source": rest.source,
        }
    )
    for key, fact in (("driving", found.driving), ("emergency", found.emergency)):
        if fact is not None:
            lines.append(
                {"part": "after", "key": key, "minutes": None, "text": fact.text, "source": fact.source}
            )
    lines += [
        {"part": "course", "key": "remark", "minutes": None, "text": each.text, "source": each.source}
        for each in found.remarks
    ]
    if found.bp_asked_above is not None:
        lines.append(
            {"part": "before", "key": "bp", "minutes": None, "text": found.bp_text, "source": found.bp_source}
        )
    if found.dose is not None:
        said = found.dose.text or f"It is counted in {found.dose.unit}."
        lines.append(
            {"part": "during", "key": "dose", "minutes": None, "text": said, "source": found.dose.source}
        )
    lines += [
        {"part": "during", "key": each.kind, "minutes": None, "text": each.text, "source": each.source}
        for each in found.urgent
    ]
    columns = (
        Column("part", "When"),
        Column("key", "What"),
        Column("minutes", "Minutes"),
        Column("text", "Says"),
        Column("source", "Source"),
    )
    footer = [
        *mentioned(chart, pack, found),
        "It says what to write down; whether to go on is for the clinic to say.",
    ]
    return Report(
        "protocol", columns, lines, {"protocol": found.key}, lines=[f"{found.name}."], footer=footer
    )
