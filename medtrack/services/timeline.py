"""Everything on one axis: changes of plans, doses taken by week, side effects, measures and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from medtrack.domain.adherence import day_of
from medtrack.domain.measures import Measure
from medtrack.domain.pictures import Share
from medtrack.domain.regimen import Note
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.sessions import Session
from medtrack.domain.side_effects import GRADES, symptom_of
from medtrack.domain.timeline import Event, Lane, Timeline, fewer, lettered, period_for
from medtrack.domain.when import read_span, say_local
from medtrack.domain.wording import say_list, say_number_of

from .adherence import RULES, measure, window_of
from .before_after import Everything, everything, windows, windows_data, windows_report
from .calendar import TOGETHER, Subject, subjects
from .changes import say_around_sessions, say_change_of, steps, together
from .chart import Chart
from .counting import day_span
from .outcomes import Reference, curves_in, help_now, measure_row, title_of

DAYS = 84
"""Days of a timeline for which no span is asked: twelve weeks with today, or as far back as the record."""
TITLE = "What changed, and what followed"
_ORDER = ("week", "month", "change", "session", "measure", "note")
"""What stands first of what begins at the same moment."""
_LONGEST_TITLE = 40
_DAY = timedelta(1)


class _Found(NamedTuple):
    """What lies in the days of a timeline."""

    first: date
    last: date
    subjects: list[Subject]
    changes: list[Cells]
    notes: list[Note]
    measures: list[Measure]
    sessions: list[Session]
    week_starts: int

    @property
    def by(self) -> str:
        """By what its doses are counted: 'week' or 'month'."""
        return period_for(self.first, self.last)

    def shares(self, subject: Subject) -> list[Share]:
        """The doses taken of those planned in each week or month of these days."""
        return subject.shares(self.first, self.last, self.by, self.week_starts)


def timeline(
    chart: Chart,
    known: Reference,
    span: str | None = None,
    *,
    is_drawn: bool = False,
    week_starts: int = 0,
) -> Report:
    """Everything of a span, or of the last twelve weeks, by time, and the weeks around each change of a plan.

    Drawn, the picture stands for the list, which scripts have all the same. A week begins on the weekday
    `week_starts`, 0 for Monday. Raises BadSpan, UsageRefused.
    """
    every = everything(chart)
    found, rows, around = _gather(chart, known, every, span, week_starts)
    length = say_number_of((found.last - found.first).days + 1, "day")
    columns = _columns(chart)
    if is_drawn:
        columns = [column._replace(title=None) for column in columns]
    footer = [RULES[0]] if any(row["lane"] in ("week", "month") for row in rows) else []
    table = windows_report(around, is_wide=False)
    # On the first day nothing lies before or after a change yet, and no rule of it is needed.
    rules = table.footer if table.rows else ()
    help_ = help_now(chart, known, found.measures[::-1])
    return Report(
        "timeline",
        columns,
        rows,
        {
            "since": found.first,
            "until": found.last,
            "person": chart.person,
            "windows": windows_data(around),
            "help": help_,
        },
        lines=[f"Timeline of {chart.person or 'this record'}, {found.first} to {found.last}, {length}"],
        footer=[
            *rules,
            *footer,
            *help_,
        ],
        empty=_say_empty(chart, found),
        timelines=[_picture(chart, known, found)] if is_drawn and rows else (),
        tables=[table._replace(footer=())],
        folded=_rows(chart, known, found._replace(changes=together(found.changes))),
    )


def in_report(chart: Chart, known: Reference, first: date, last: date) -> Report:
    """The picture and the weeks around each change, as a part of a larger page."""
    found, rows, around = _gather(chart, known, everything(chart), f"{first}..{last}", chart.week_starts)
    table = windows_report(around, is_wide=True)
    columns = [
        column._replace(show=_named_change) if column.key == "letter" else column for column in table.columns
    ]
    return table._replace(
        columns=columns,
        rows=around,
        lines=(),
        footer=() if around or not rows else ("No plan changed in these days.",),
        empty="" if rows else "Nothing is written down in these days.",
        timelines=[_picture(chart, known, found)] if rows else (),
    )


def _gather(
    chart: Chart, known: Reference, every: Everything, span: str | None, week_starts: int
) -> tuple[_Found, list[Cells], list[Cells]]:
    """What lies in the span, as rows by time, and the windows around each change of a plan in it."""
    first, last = _days(chart, every, span)
    begins, ends = chart.midnight(first), chart.midnight(last + _DAY)
    changes = steps(chart)
    inside = [row for row in changes if begins <= row["at"] < ends]
    named = [row for row in inside if not row["with_session"]]
    marks, _ = lettered((row["at"], "") for row in named)
    for row in inside:
        row["letter"] = None
    for row, mark in zip(named, marks, strict=False):
        row["letter"] = mark.letter
    counted = [row for row in changes if (row["is_plan"] or row["is_pause"]) and not row["with_session"]]
    found = _Found(
        first,
        last,
        subjects(chart, measure(chart, chart.medications, first, last)),
        inside,
        [note for note in every.notes if begins <= note.noted_at < ends],
        [each for each in every.measures if begins <= each.measured_at < ends],
        [each for each in every.sessions if begins <= each.started_at < ends],
        week_starts,
    )
    # A hold is a change of what is taken, as a plan is; its end is counted in the windows of others.
    shown = [row for row in counted if _has_windows(row) and row in inside and row["letter"] is not None]
    return found, _rows(chart, known, found), windows(chart, known, every, counted, shown)


def _has_windows(row: Row) -> bool:
    return bool(row["is_plan"] or row["what"] == "on hold")


def _named_change(row: Row) -> str:
    """'B 2026-04-12 sertraline changed'."""
    return f"{row['letter']} {row['at'].date()} {row['medication']} {row['what']}"


def _days(chart: Chart, every: Everything, span: str | None) -> tuple[date, date]:
    """The first and last day, both inside."""
    if span is not None:
        since, until = read_span(span, now=chart.now, zone=chart.zone)
        return window_of(chart, chart.medications, (chart.midnight(since), chart.midnight(until)))
    today = day_of(chart.local(chart.now), chart.day_starts)
    begins = chart.local(every.begins).date()
    return max(today - (DAYS - 1) * _DAY, min(begins, today)), chart.local(chart.now).date()


def _say_empty(chart: Chart, found: _Found) -> str:
    if found.first > chart.local(chart.now).date():
        return f"{found.first} to {found.last} is still to come, and no change is planned for then."
    return f"Nothing is written down from {found.first} to {found.last}."


# --- the list ---------------------------------------------------------------------------------------


def _rows(chart: Chart, known: Reference, found: _Found) -> list[Cells]:
    names = {medication.id: medication.name for medication in chart.medications}
    rows = [
        *_shares(chart, found),
        *(_change_row(chart, each) for each in found.changes),
        *(_note_row(chart, each, names) for each in found.notes),
        *(_measure_row(chart, known, each) for each in found.measures),
        *(_session_row(chart, each) for each in found.sessions),
    ]
    return sorted(rows, key=lambda row: (row["at"], _ORDER.index(row["lane"])))


def _cells(at: datetime, lane: str, reads_as: str, **more: object) -> Cells:
    rest = ("until", "letter", "medication", "name", "value", "second", "unit", "comparator", "grade")
    return {
        "at": at,
        "lane": lane,
        "reads_as": reads_as,
        **dict.fromkeys(rest),
        "adherence": [],
        **more,
    }


def _shares(chart: Chart, found: _Found) -> list[Cells]:
    """A row for each week or month in which anything counts, with every medication that was planned."""
    each = [(subject, found.shares(subject)) for subject in found.subjects]
    rows = []
    for number in range(len(each[0][1]) if each else 0):
        shares = [(subject, shares[number]) for subject, shares in each if shares[number].whole]
        if not shares:
            continue
        begins, ends = day_span(chart, shares[0][1].since, shares[0][1].until)
        parts = [
            {
                "medication": "all" if subject.of == "day" else subject.name,
                "of": subject.of,
                "part": share.part,
                "whole": share.whole,
                "started": share.started,
            }
            for subject, share in shares
        ]
        rows.append(
            _cells(
                chart.zones.shown(begins),
                found.by,
                "; ".join(map(_say_share, parts)),
                until=chart.zones.shown(ends),
                adherence=parts,
            )
        )
    return rows


def _say_share(part: Cells) -> str:
    """'metformin: 12 of 14 doses taken', 'all together: 5 of 7 days right'."""
    if part["of"] == "day":
        return f"{TOGETHER}: {part['part']} of {say_number_of(part['whole'], 'day')} right"
    said = f"{part['medication']}: {part['part']} of {say_number_of(part['whole'], 'dose')} taken"
    return said if part["started"] else f"{said}, not started"


def _change_row(chart: Chart, row: Row) -> Cells:
    why = [each for each in (row["reason"], row["decided_by"]) if each]
    words = say_change_of(chart, row) + (f" ({', '.join(why)})" if why else "")
    if row["back_dated"]:
        words += ", back-dated"
    return _cells(
        row["at"], "change", words, letter=row["letter"], medication=row["medication"], name=row["what"]
    )


def _note_row(chart: Chart, note: Note, names: dict[int, str]) -> Cells:
    about = names.get(note.medication_id or 0)
    words = note.text if note.grade is None else f"{note.text} (grade {note.grade}, {GRADES[note.grade]})"
    return _cells(
        chart.zones.shown(note.noted_at),
        "note",
        words + (f", about {about}" if about else ""),
        until=None if note.ended_at is None else chart.zones.shown(note.ended_at),
        medication=about,
        name=_kind_of(note),
        grade=note.grade,
    )


def _measure_row(chart: Chart, known: Reference, each: Measure) -> Cells:
    row = measure_row(chart, known, each)
    return _cells(
        row["measured_at"],
        "measure",
        f"{title_of(known, each.name)} {row['reads_as']}",
        name=each.name,
        **{key: row[key] for key in ("value", "second", "unit", "comparator")},
    )


def _session_row(chart: Chart, session: Session) -> Cells:
    return _cells(
        chart.zones.shown(session.started_at),
        "session",
        _say_session(session),
        until=None if session.ended_at is None else chart.zones.shown(session.ended_at),
        name=session.protocol.key,
    )


def _say_session(session: Session) -> str:
    said = f"{session.protocol.name}, {say_list(session.doses) or 'no dose written down'}"
    return said if session.ended_at is not None else f"{said}, not ended"


def _kind_of(note: Note) -> str:
    return symptom_of(note.text)[:_LONGEST_TITLE]


def _columns(chart: Chart) -> list[Column]:
    def at(row: Row) -> str:
        told = say_local(chart.shown(row["at"]))
        return told[:10] if row["lane"] in ("week", "month") else told

    def until(row: Row) -> str:
        if row["until"] is None:
            return ""
        if row["lane"] in ("week", "month"):
            return say_local(chart.shown(row["until"] - _DAY))[:10]
        return say_local(chart.shown(row["until"]))

    def lane(row: Row) -> str:
        return f"{row['lane']} {row['letter'] or ''}".rstrip()

    return [
        Column("at", "From", at),
        Column("until", "Until", until),
        Column("lane", "What", lane),
        Column("letter"),
        Column("medication"),
        Column("name"),
        Column("reads_as", "In words"),
        Column("value"),
        Column("second"),
        Column("unit"),
        Column("comparator"),
        Column("grade"),
        Column("adherence"),
    ]


# --- the picture ------------------------------------------------------------------------------------


def _picture(chart: Chart, known: Reference, found: _Found) -> Timeline:
    """All of it by the person's own wall clock."""
    named = [row for row in found.changes if not row["with_session"]]
    marks, left_out = lettered((chart.local(row["at"]), say_change_of(chart, row)) for row in named)
    lanes, left = fewer(
        [
            *_medication_lanes(found),
            *_note_lanes(chart, found.notes),
            *_measure_lanes(known, found.measures),
            *_session_lanes(found.sessions),
        ]
    )
    around = say_around_sessions(found.changes)
    return Timeline(TITLE, found.first, found.last, marks, left_out, lanes, left, around, found.week_starts)


def _medication_lanes(found: _Found) -> list[Lane]:
    """All together first, then what changed in these days, then the others."""
    changed = {row["medication"] for row in found.changes}
    ordered = sorted(found.subjects, key=lambda each: (each.of != "day", each.name not in changed))
    lanes = []
    for subject in ordered:
        shares = found.shares(subject)
        if any(share.whole for share in shares):
            lanes.append(Lane("medication", subject.name, shares=shares, of=subject.of))
    return lanes


def _note_lanes(chart: Chart, notes: Sequence[Note]) -> list[Lane]:
    """A lane for each kind of side effect, those that weigh most and come most first."""
    kinds: dict[str, list[Note]] = {}
    for note in notes:
        kinds.setdefault(_kind_of(note), []).append(note)

    def weight(of_kind: list[Note]) -> tuple[int, int]:
        return max(note.grade or 0 for note in of_kind), len(of_kind)

    def event(note: Note) -> Event:
        ended = None if note.ended_at is None else chart.local(note.ended_at)
        return Event(note.local, note.text, ended, note.grade)

    return [
        Lane("note", kind, [event(note) for note in of_kind])
        for kind, of_kind in sorted(kinds.items(), key=lambda item: weight(item[1]), reverse=True)
    ]


def _measure_lanes(known: Reference, measures: Sequence[Measure]) -> list[Lane]:
    lanes = []
    for name, group in groupby(sorted(measures, key=lambda each: each.name), key=lambda each: each.name):
        curves = curves_in(known, name, list(group))
        for curve in curves:
            title = curve.title if len(curves) == 1 else f"{curve.title}, {curve.unit or 'without a unit'}"
            lanes.append(Lane("measure", title, curve=curve))
    return lanes


def _session_lanes(sessions: Sequence[Session]) -> list[Lane]:
    lanes: dict[str, list[Event]] = {}
    for session in sessions:
        lanes.setdefault(session.protocol.name, []).append(Event(session.local, _say_session(session)))
    return [Lane("session", name, events) for name, events in lanes.items()]
