"""What was counted in the weeks before and after each change of a plan and each hold: counts, no causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from medtrack.domain.matching import hold_over
from medtrack.domain.measures import Measure, decimal
from medtrack.domain.pattern import outcomes
from medtrack.domain.regimen import Note
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.sessions import Session
from medtrack.domain.slots import FAR
from medtrack.domain.windows import Window, median, windows_around
from medtrack.domain.wording import say_number_of
from medtrack.store.measures import listed_measures
from medtrack.store.notes import listed_notes
from medtrack.store.record import BEGINNING
from medtrack.store.sessions import sessions

from .chart import Chart
from .counting import first_day
from .outcomes import Reference, by_unit, title_of

_COUNTED = ("taken", "expected", "held", "unknown", "as_needed", "notes", "measures", "sessions")
RULE = (
    "Counts, never causes: what came after a change need not come from it. The moment of a change ends the"
    " weeks before it and begins those after. Doses: of the medication that changed, taken of those whose"
    " time is over; held ones are not among them. Other changes: of plans, and holds with their ends; those"
    " around sessions are not counted. Notes: those that begin in the window, however long they last."
    " Measures: how many readings, from the first to the last. Left out: weeks before the record began, and"
    " six weeks that are no more of it than the two."
)


class Everything(NamedTuple):
    """All that a record holds beside the regimen and the doses, by time."""

    notes: Sequence[Note]
    measures: Sequence[Measure]
    sessions: Sequence[Session]
    begins: datetime
    """When the record begins: with the first plan, dose, note, measure or session."""


def everything(chart: Chart) -> Everything:
    """All of the record, read once."""
    notes = list(listed_notes(chart.record, BEGINNING, FAR))
    measures = list(listed_measures(chart.record, BEGINNING, FAR))
    held = sessions(chart.record)
    firsts = [note.noted_at for note in notes[:1]] + [each.measured_at for each in measures[:1]]
    firsts += [each.started_at for each in held[:1]]
    begins = min([chart.midnight(first_day(chart, chart.medications)), *firsts])
    return Everything(notes, measures, held, begins)


def windows(
    chart: Chart, known: Reference, every: Everything, changes: Sequence[Row], shown: Sequence[Row]
) -> list[Cells]:
    """A row for each window around each of `shown`, out of all `changes`: of plans, holds and their ends."""
    rows = []
    for change in shown:
        around = windows_around(change["at"], chart.zones, every.begins, chart.now)
        rows += [_row(chart, known, every, changes, change, window) for window in around]
    return rows


def _row(
    chart: Chart,
    known: Reference,
    every: Everything,
    changes: Sequence[Row],
    change: Row,
    window: Window,
) -> Cells:
    medication = next(each for each in chart.medications if each.id == change["medication_id"])
    course = chart.course(medication, window.since, window.until)
    planned = outcomes(course.matches, course.holds, chart.now)
    notes = [note for note in every.notes if window.has(note.noted_at)]
    grades = [note.grade for note in notes if note.grade is not None]
    others = [each for each in changes if window.has(each["at"]) and each is not change]
    pauses = [hold_over(course.holds, each.slot.planned_at) for each in course.matches]
    states = [each.state for each in pauses if each is not None]
    return {
        "letter": change["letter"],
        "at": change["at"],
        "medication": medication.name,
        "what": change["what"],
        "weeks": window.weeks,
        "side": window.side,
        "since": chart.zones.shown(window.since),
        "until": chart.zones.shown(window.until),
        "days": window.days,
        "of_days": window.of_days,
        "taken": sum(each.is_taken for each in planned),
        "expected": len(planned),
        "held": states.count("held"),
        "unknown": states.count("unknown"),
        "as_needed": len(course.as_needed),
        "notes": len(notes),
        "graded": len(grades),
        "highest_grade": max(grades, default=None),
        "suspected": sum(note.medication_id == medication.id for note in notes),
        "measures": _readings(known, every.measures, window),
        "sessions": sum(window.has(each.started_at) for each in every.sessions),
        "other_changes": len(others),
        "others": [{key: each[key] for key in ("at", "medication", "what")} for each in others],
        "reads_as": window.reads_as,
    }


def _readings(known: Reference, measures: Sequence[Measure], window: Window) -> list[Cells]:
    """What each measure read in the window, by unit: how many, the first, the last and the middle one."""
    found = []
    for name, group in groupby(sorted(measures, key=lambda each: each.name), key=lambda each: each.name):
        of_it = list(group)
        empty = sum(each.value is None and window.has(each.measured_at) for each in of_it)
        for unit, values in by_unit(name, of_it) or [(None, [])]:
            inside = [(each, value) for each, value in values if window.has(each.measured_at)]
            if inside or empty:
                found.append(
                    {
                        "name": name,
                        "title": title_of(known, name),
                        "unit": unit,
                        "readings": len(inside),
                        "without_value": empty,
                        "first": _said(inside[0]) if inside else None,
                        "last": _said(inside[-1]) if inside else None,
                        "median": _median(inside),
                    }
                )
    return found


def _median(inside: Sequence[tuple[Measure, Fraction]]) -> str | None:
    """The middle one, of a pressure that of each number; None where a lab could tell no more than '<5'."""
    if not inside or any(each.comparator for each, _ in inside):
        return None
    columns = zip(*(_numbers(each, value) for each, value in inside), strict=True)
    return "/".join(decimal(middle) for column in columns if (middle := median(column)) is not None)


def _numbers(each: Measure, value: Fraction) -> tuple[Fraction, ...]:
    return (value,) if each.second is None else (value, each.second)


def _said(reading: tuple[Measure, Fraction]) -> str:
    each, value = reading
    return (each.comparator or "") + "/".join(map(decimal, _numbers(each, value)))


def windows_report(rows: Sequence[Row], *, is_wide: bool) -> Report:
    """The windows as a table, one beneath the other, so that before and after stand in one column.

    Each measure has a column of its own, or all of them one where `is_wide`.
    """
    names = {(each["name"], each["unit"]): _heading(each) for row in rows for each in row["measures"]}
    single = Column("measures", "Measures" if is_wide and names else None, _measures)
    several = [] if is_wide else [Column(of[0], title, _reading_of(*of)) for of, title in names.items()]
    has_sessions = any(row["sessions"] for row in rows)
    columns = (
        Column("letter", "Change"),
        *map(Column, ("at", "medication", "what")),
        Column("weeks", "Window", lambda row: str(row["reads_as"])),
        *map(Column, ("side", "since", "until", "days", "of_days")),
        Column("taken", "Doses", _doses),
        *map(Column, ("expected", "held", "unknown", "as_needed")),
        Column("notes", "Notes begun", _notes),
        *map(Column, ("graded", "highest_grade", "suspected")),
        single,
        *several,
        Column("sessions", "Sessions" if has_sessions else None, right=True),
        Column("other_changes", "Other changes", _others),
        Column("others"),
    )
    return Report("windows", columns, _telling(rows), lines=["Before and after each change:"], footer=[RULE])


def _telling(rows: Sequence[Row]) -> list[Row]:
    """The windows that say something: some of it is on record, and more than in the shorter one before it.

    Of a window that begins hours before its change no day is whole; it may hold all there is of before.
    """
    found: list[Row] = []
    for row in rows:
        around = (row["letter"], row["side"], row["days"])
        is_empty = not (row["days"] or any(row[key] for key in _COUNTED))
        if not is_empty and around not in [(each["letter"], each["side"], each["days"]) for each in found]:
            found.append(row)
    return found


def windows_data(rows: Sequence[Row]) -> list[Cells]:
    """The windows as scripts have them."""
    keys = [column.key for column in windows_report(rows, is_wide=True).columns]
    return [{key: row[key] for key in keys} for row in rows]


def _heading(each: Cells) -> str:
    return f"{each['title']}, {each['unit']}" if each["unit"] else str(each["title"])


def _doses(row: Row) -> str:
    """'24 of 28, 4 held', '14 held', '3 as needed', 'none due'."""
    said = [f"{row['taken']} of {row['expected']}"] if row["expected"] else []
    counts = (("held", "held"), ("unknown", "not recorded"), ("as_needed", "as needed"))
    said += [f"{row[key]} {words}" for key, words in counts if row[key]]
    return ", ".join(said) or "none due"


def _others(row: Row) -> str:
    """How many, and which: '0', '3: sertraline changed (2), lorazepam on hold'."""
    counted = Counter(f"{each['medication']} {each['what']}" for each in row["others"])
    said = [what if times == 1 else f"{what} ({times})" for what, times in counted.items()]
    return f"{row['other_changes']}: {', '.join(said)}" if said else "0"


def _notes(row: Row) -> str:
    return f"{row['notes']}, up to grade {row['highest_grade']}" if row["graded"] else str(row["notes"])


def _reading_of(name: str, unit: str | None) -> Callable[[Row], str]:
    def said(row: Row) -> str:
        found = (each for each in row["measures"] if (each["name"], each["unit"]) == (name, unit))
        return next(map(_say_readings, found), "0")

    return said


def _measures(row: Row) -> str:
    """'PHQ-9 13 to 12 (2 readings); weight 70.2 kg (1 reading)'."""
    said = []
    for each in row["measures"]:
        count = say_number_of(each["readings"], "reading")
        span = [part for part in (each["first"], each["last"]) if part][: each["readings"]]
        numbers = " to ".join(span) + (f" {each['unit']}" if span and each["unit"] else "")
        more = f", {each['without_value']} without a value" if each["without_value"] else ""
        said.append(f"{each['title']} {numbers} ({count}{more})".replace("  ", " "))
    return "; ".join(said) or "0"


def _say_readings(each: Cells) -> str:
    """How many, from the first to the last: '2: 13 to 12', '1: 16', '0 (1 without a value)'."""
    said = str(each["readings"])
    if each["readings"]:
        said += f": {each['first']}"
    if each["readings"] > 1:
        said += f" to {each['last']}"
    return said + (f" ({each['without_value']} without a value)" if each["without_value"] else "")
