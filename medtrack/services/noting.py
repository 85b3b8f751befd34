"""Side effects and remarks."""

from __future__ import annotations

from datetime import datetime

from medtrack.domain.names import LONGEST_NOTE, read_text
from medtrack.domain.regimen import Medication, Note
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import FAR
from medtrack.domain.when import read_past, say_local
from medtrack.errors import UsageRefused
from medtrack.store import notes as note_rows
from medtrack.store.record import BEGINNING

from .chart import Chart
from .journal import span_of

GRADES = {1: "mild", 2: "moderate", 3: "severe", 4: "life-threatening", 5: "fatal"}
"""CTCAE version 5.0 (US NCI 2017), the general meaning of each grade."""

SHOWN = 200
"""Characters of a note that its receipt repeats."""


def note(
    chart: Chart,
    text: str,
    *,
    grade: str | None = None,
    medication: str | None = None,
    at: str = "now",
    ended: str | None = None,
) -> Report:
    """Write down a side effect or a remark. Raises BadText, UsageRefused, MedicationNotFound, BadTime."""
    words = read_text(text, "note", LONGEST_NOTE)
    if grade is not None and grade not in {str(number) for number in GRADES}:
        meanings = ", ".join(f"{number} {meaning}" for number, meaning in GRADES.items())
        raise UsageRefused(what=f"--grade is 1 to 5 ({meanings}), not {grade!r}.")
    noted_at = read_past(at, now=chart.now, zone=chart.zone)
    ended_at = None if ended is None else read_past(ended, now=chart.now, zone=chart.zone)
    if ended_at is not None and ended_at < noted_at:
        raise UsageRefused(what="It would end before it began: check --at and --ended.")
    about = None if medication is None else chart.find(medication)
    entry = Note(
        0,
        words,
        None if grade is None else int(grade),
        None if about is None else about.id,
        noted_at,
        chart.zones.at(noted_at).key or "UTC",
        chart.local(noted_at),
        ended_at,
    )
    with chart.writing("note") as work:
        number = note_rows.add_note(work, entry, about)
        work.summary = "noted" + (f" about {about.name}" if about else "")
    row = _row(chart, entry._replace(id=number), about)
    said = f" ({GRADES[int(grade)]})" if grade else ""
    of = f" about {about.name}" if about else ""
    quoted = words if len(words) <= SHOWN else f"{words[:SHOWN]}… ({len(words):,} characters)"
    first = f"Noted{said}{of}, {chart.say(noted_at)}: {' '.join(quoted.split())}"
    receipt = tuple(Column(column.key) for column in _columns(chart))
    return Report("note", receipt, [row], lines=[first, "Not right? medtrack undo"])


def _row(chart: Chart, entry: Note, about: Medication | None) -> Cells:
    return {
        "id": entry.id,
        "noted_at": chart.zones.shown(entry.noted_at),
        "text": entry.text,
        "grade": entry.grade,
        "medication": None if about is None else about.name,
        "ended_at": None if entry.ended_at is None else chart.zones.shown(entry.ended_at),
    }


def notes(
    chart: Chart,
    typed: str | None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
) -> Report:
    """The notes, by time."""
    begins, ends = span_of(chart, since, until, span) or (BEGINNING, FAR)
    wanted = None if typed is None else chart.find(typed)
    by_id = {medication.id: medication for medication in chart.medications}
    rows = [
        _row(chart, entry, by_id.get(entry.medication_id or 0))
        for entry in note_rows.listed_notes(chart.record, begins, ends)
        if wanted is None or entry.medication_id == wanted.id
    ]
    return Report("notes", _columns(chart), rows, empty="No note is written down for that.")


def _columns(chart: Chart) -> tuple[Column, ...]:
    def ended(row: Row) -> str:
        at = row["ended_at"]
        return say_local(chart.shown(at)) if isinstance(at, datetime) else ""

    def grade(row: Row) -> str:
        number = row["grade"]
        return f"{number} {GRADES[number]}" if isinstance(number, int) else ""

    return (
        Column("id", "Id", right=True),
        Column("noted_at", "Time", lambda row: say_local(chart.shown(row["noted_at"]))),
        Column("text", "Note"),
        Column("grade", "Grade", grade),
        Column("medication", "Medication"),
        Column("ended_at", "Ended", ended),
    )
