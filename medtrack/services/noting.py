"""Side effects and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from medtrack.domain.helplines import Helpline, emergency
from medtrack.domain.names import LONGEST_NOTE, folded, read_given, read_text
from medtrack.domain.naranjo import read_answers, score
from medtrack.domain.regimen import Medication, Note
from medtrack.domain.report import UNDO, Cells, Column, Report, Row
from medtrack.domain.side_effects import FATAL, GRADES, MEANINGS, URGENT
from medtrack.domain.slots import FAR
from medtrack.domain.when import read_past, say_local
from medtrack.errors import NotSettled, UsageRefused
from medtrack.store import notes as note_rows
from medtrack.store.record import BEGINNING

from .assessing import country_of
from .chart import Chart
from .journal import span_of

SHOWN = 200
"""Characters of a note that its receipt repeats."""


def note(
    chart: Chart,
    text: str,
    *,
    grade: str | None = None,
    medication: str | None = None,
    did: str | None = None,
    at: str = "now",
    ended: str | None = None,
    helplines: Mapping[str, Helpline] | None = None,
) -> Report:
    """Write down a side effect or a remark; `helplines` names the emergency number by country.

    Raises BadText, UsageRefused, MedicationNotFound, BadTime."""
    words = read_text(text, "note", LONGEST_NOTE)
    if grade is not None and grade not in {str(number) for number in GRADES}:
        meanings = ", ".join(f"{number} {meaning}" for number, meaning in GRADES.items())
        raise UsageRefused(what=f"--grade is 1 to 5 ({meanings}), not {grade!r}.")
    noted_at = read_past(at, now=chart.now, zone=chart.zone, what="A note")
    about = None if medication is None else chart.find(medication)
    entry = Note(
        0,
        words,
        None if grade is None else int(grade),
        None if about is None else about.id,
        noted_at,
        chart.zones.at(noted_at).key or "UTC",
        chart.local(noted_at),
        _end(chart, ended, noted_at),
        read_given(did, "text", LONGEST_NOTE),
    )
    with chart.writing("note") as work:
        number = note_rows.add_note(work, entry, about)
        work.summary = "noted" + (f" about {about.name}" if about else "")
    entry = entry._replace(id=number)
    said = f" ({GRADES[entry.grade]})" if entry.grade else ""
    of = f" about {about.name}" if about else ""
    lines = [f"Noted{said}{of}, {chart.say(noted_at)}: {_short(words)}"]
    if entry.grade is not None:
        lines.append(f"Grade {entry.grade} means: {MEANINGS[entry.grade]}.")
        call = emergency(helplines or {}, country_of(chart))
        if entry.grade == FATAL:
            lines.append(f"If somebody is alive and in danger now: call {call}. That is grade {URGENT}.")
        elif entry.grade >= URGENT:
            lines.append(f"If it is so now: call {call}.")
    if entry.did is not None:
        lines.append(f"Done about it: {_short(entry.did)}")
    if entry.grade is not None and entry.grade != FATAL and entry.ended_at is None:
        lines.append(f"When it is over: medtrack note --over {number}")
    receipt = tuple(Column(column.key) for column in _columns(chart))
    return Report("note", receipt, [_row(chart, entry, about)], lines=[*lines, UNDO])


def over(chart: Chart, typed: str, *, at: str = "now") -> Report:
    """Write down that a side effect was over. Raises NotSettled, UsageRefused, BadTime."""
    with chart.writing("note") as work:
        entry = find_note(chart, typed)
        ended_at = _end(chart, at, entry.noted_at) or chart.now
        zone = chart.zones.at(ended_at).key or "UTC"
        note_rows.add_note_end(work, entry, ended_at, zone, chart.local(ended_at))
        work.summary = f"note {entry.id} over {chart.dated(ended_at)}"
    lines = [
        f"Over: note {entry.id}, {_short(entry.text)}",
        f"From {_span(chart, entry.noted_at, ended_at)}.",
    ]
    if entry.ended_at is not None:
        lines.append(f"Before it said: over {chart.say(entry.ended_at)}.")
    about = next((each for each in chart.medications if each.id == entry.medication_id), None)
    row = _row(chart, entry._replace(ended_at=ended_at), about)
    receipt = tuple(Column(column.key) for column in _columns(chart))
    return Report("note", receipt, [row], lines=[*lines, UNDO])


def find_note(chart: Chart, typed: str) -> Note:
    """The note with this id. Raises NotSettled."""
    found = note_rows.find_note(chart.record, typed.strip())
    if found is None:
        raise NotSettled(
            what=f"There is no note {typed!r} in this record. 'medtrack notes' lists them with their ids."
        )
    return found


def _end(chart: Chart, typed: str | None, noted_at: datetime) -> datetime | None:
    """When a side effect ended. Raises UsageRefused where that is before it began, and BadTime."""
    if typed is None:
        return None
    ended_at = read_past(typed, now=chart.now, zone=chart.zone, what="The end of a side effect")
    if ended_at < noted_at:
        raise UsageRefused(what=f"It would end before it began ({chart.say(noted_at)}): check the times.")
    return ended_at


def _span(chart: Chart, since: datetime, until: datetime) -> str:
    return f"{chart.say(since)} to {chart.say(until)}"


def _short(words: str) -> str:
    quoted = words if len(words) <= SHOWN else f"{words[:SHOWN]}… ({len(words):,} characters)"
    return " ".join(quoted.split())


def _row(chart: Chart, entry: Note, about: Medication | None, answers: str | None = None) -> Cells:
    return {
        "id": entry.id,
        "noted_at": chart.zones.shown(entry.noted_at),
        "text": entry.text,
        "grade": entry.grade,
        "medication": None if about is None else about.name,
        "ended_at": None if entry.ended_at is None else chart.zones.shown(entry.ended_at),
        "did": entry.did,
        "naranjo": None if answers is None else score(read_answers(answers)),
    }


def chosen(
    chart: Chart, typed: str | None, span: tuple[datetime, datetime] | None, word: str | None
) -> list[Note]:
    """The notes of a span, about a medication, with a word in them, by time. Raises MedicationNotFound."""
    begins, ends = span or (BEGINNING, FAR)
    wanted = None if typed is None else chart.find(typed)
    return [
        entry
        for entry in note_rows.listed_notes(chart.record, begins, ends)
        if (wanted is None or entry.medication_id == wanted.id)
        and (word is None or folded(word) in folded(entry.text))
    ]


def notes(
    chart: Chart,
    typed: str | None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    *,
    word: str | None = None,
) -> Report:
    """The notes, by time."""
    by_id = {medication.id: medication for medication in chart.medications}
    answers = note_rows.naranjo_answers(chart.record)
    rows = [
        _row(chart, entry, by_id.get(entry.medication_id or 0), answers.get(entry.id))
        for entry in chosen(chart, typed, span_of(chart, since, until, span), word)
    ]
    columns = _columns(chart)
    for key in ("did", "naranjo"):
        if not any(row[key] is not None for row in rows):
            columns = tuple(each if each.key != key else each._replace(title=None) for each in columns)
    return Report("notes", columns, rows, empty="No note is written down for that.")


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
        Column("did", "What was done"),
        Column("naranjo", "Naranjo", right=True),
    )
