"""Correcting a note or a measure: a new fact beside the old one, which stays in the history."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.instruments import read_answers, read_total, total
from medtrack.domain.measures import Measure, Reading, doubt_of, read_reading
from medtrack.domain.names import read_text
from medtrack.domain.regimen import Note
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_past
from medtrack.errors import NotSettled, ReasonNeeded, UsageRefused
from medtrack.store.measures import add_measure, find_measure
from medtrack.store.notes import add_naranjo, add_note, find_note, naranjo_answers
from medtrack.store.record import Writing

from . import noting
from .chart import Chart
from .outcomes import Reference, help_now, say_measure, title_of


class Corrections(NamedTuple):
    """What was typed to correct something, as text."""

    at: str | None = None
    medication: str | None = None
    value: str | None = None
    """A measure's value, its total or its answers with commas."""
    void: bool = False
    reason: str | None = None


def amend_measure(chart: Chart, known: Reference, typed: str, flags: Corrections) -> Report:
    """Correct or void one measure. Raises NotSettled, ReasonNeeded, UsageRefused, BadTime."""
    reason = _reason(flags)
    if flags.medication is not None:
        raise UsageRefused(what="A measure is of no medication: correct its --value or --at.")
    if flags.void == (flags.at is not None or flags.value is not None):
        raise UsageRefused(what="Say what is right with --value or --at, or take it out with --void.")
    with chart.writing("amend") as work:
        entry = find_measure(chart.record, typed.strip())
        if entry is None:
            raise NotSettled(
                what=f"There is no measure {typed!r} in this record."
                " 'medtrack measures' lists them with their ids."
            )
        written = f"measure {entry.id}, {title_of(known, entry.name)} {say_measure(known, entry)}"
        work.void(entry.uid, reason)
        if flags.void:
            work.summary = f"voided {written}, {chart.dated(entry.measured_at)}: {reason}"
            return _voided("measure", f"{written}, {chart.say(entry.measured_at)}", entry.id, reason)
        right = _right_value(known, entry, flags.value)
        if flags.at is not None:
            at = read_past(flags.at, now=chart.now, zone=chart.zone, what="A score or a reading")
            zone = chart.zones.at(at).key or "UTC"
            right = right._replace(measured_at=at, zone=zone, local=chart.local(at))
        number = add_measure(work, right)
        now = f"measure {number}, {title_of(known, right.name)} {say_measure(known, right)}"
        work.summary = f"amended {written}: now {now}, {chart.dated(right.measured_at)}: {reason}"
    said = help_now(chart, known, [right])
    if flags.value is not None and right.value is not None:
        doubt = doubt_of(right.name, Reading(right.value, right.second, right.unit, right.comparator))
        said += [] if doubt is None else [doubt]
    return _corrected(
        "measure",
        number,
        reason,
        [
            f"Corrected: {now}, {chart.say(right.measured_at)}.",
            f"It was: {written}, {chart.say(entry.measured_at)}. Reason: {reason}",
            *said,
        ],
    )


def _right_value(known: Reference, entry: Measure, value: str | None) -> Measure:
    if value is None:
        return entry
    instrument = known.instruments.get(entry.name)
    if instrument is None:
        read = read_reading(entry.name, value)
        unit = entry.unit if read.unit is None else read.unit
        return entry._replace(
            value=read.value,
            second=read.second,
            unit=unit,
            comparator=read.comparator,
            in_stones=read.in_stones,
        )
    if "," in value:
        answers = read_answers(instrument, value)
        score = total(answers)
        return entry._replace(value=None if score is None else Fraction(score), items=answers)
    return entry._replace(value=Fraction(read_total(instrument, value)), items=())


def amend_note(chart: Chart, typed: str, flags: Corrections) -> Report:
    """Correct when or about what a note is, or void it.

    Raises NotSettled, ReasonNeeded, UsageRefused, BadTime.
    """
    reason = _reason(flags)
    if flags.value is not None:
        raise UsageRefused(what="--value is for measures; a note's words are written anew: void it.")
    if flags.void == (flags.at is not None or flags.medication is not None):
        raise UsageRefused(what="Say what is right with --at or --med, or take it out with --void.")
    with chart.writing("amend") as work:
        entry = noting.find_note(chart, typed)
        written = f"note {entry.id}, {' '.join(entry.text.split())[:80]}"
        work.void(entry.uid, reason)
        if flags.void:
            work.summary = f"voided note {entry.id}, {chart.dated(entry.noted_at)}: {reason}"
            return _voided("note", f"{written}, {chart.say(entry.noted_at)}", entry.id, reason)
        number, right = _write_note(chart, work, entry, flags)
        work.summary = f"amended note {entry.id}: now note {number}, {chart.dated(right.noted_at)}: {reason}"
    return _corrected(
        "note",
        number,
        reason,
        [
            f"Corrected: note {number}, {chart.say(right.noted_at)}.",
            f"It was: {written}, {chart.say(entry.noted_at)}. Reason: {reason}",
        ],
    )


def _write_note(chart: Chart, work: Writing, entry: Note, flags: Corrections) -> tuple[int, Note]:
    """The note as it is right, with its end and what was answered about it."""
    right = entry
    if flags.at is not None:
        at = read_past(flags.at, now=chart.now, zone=chart.zone, what="A note")
        right = right._replace(noted_at=at, zone=chart.zones.at(at).key or "UTC", local=chart.local(at))
        if right.ended_at is not None and right.ended_at < at:
            raise UsageRefused(what=f"It would begin after it was over ({chart.say(right.ended_at)}).")
    about = next((each for each in chart.medications if each.id == right.medication_id), None)
    if flags.medication is not None:
        about = chart.find(flags.medication)
        right = right._replace(medication_id=about.id)
    answers = naranjo_answers(chart.record).get(entry.id)
    number = add_note(work, right, about)
    written = find_note(chart.record, str(number)) or right
    # What was answered about another medication says nothing about this one.
    if answers is not None and right.medication_id == entry.medication_id:
        add_naranjo(work, written, answers, chart.now)
    return number, written


def _reason(flags: Corrections) -> str:
    if flags.reason is None or not flags.reason.strip():
        raise ReasonNeeded(what="A correction")
    return read_text(flags.reason, "reason")


def _voided(kind: str, what: str, number: int, reason: str) -> Report:
    return _told(kind, number, reason, [f"Voided: {what}. Reason: {reason}"], is_void=True)


def _corrected(kind: str, number: int, reason: str, lines: list[str]) -> Report:
    return _told(kind, number, reason, lines, is_void=False)


def _told(kind: str, number: int, reason: str, lines: list[str], *, is_void: bool) -> Report:
    row: Cells = {"kind": kind, "id": number, "voided": is_void, "reason": reason}
    return Report("amend", tuple(Column(key) for key in row), [row], lines=[*lines, UNDO])
