"""What was counted in the weeks before and after each change of a plan: counts, never causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from medtrack.domain.measures import Measure, decimal
from medtrack.domain.pattern import outcomes
from medtrack.domain.regimen import Note
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.sessions import Session
from medtrack.domain.slots import FAR
from medtrack.domain.windows import Window, median, windows_around
from medtrack.store.measures import listed_measures
from medtrack.store.notes import listed_notes
from medtrack.store.record import BEGINNING
from medtrack.store.sessions import sessions

from .chart import Chart
from .counting import first_day
from .outcomes import Reference, in_one_unit, title_of

RULE = (
    "Counts, never causes: what came after a change need not come from it. The moment of a change ends the"
    " weeks before it and begins those after. Doses are those of the medication that changed, counted as in"
    " adherence."
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
    """A row for each window around each of `shown`, out of all the `changes` of plans."""
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
        "as_needed": len(course.as_needed),
        "notes": len(notes),
        "graded": len(grades),
        "highest_grade": max(grades, default=None),
        "suspected": sum(note.medication_id == medication.id for note in notes),
        "measures": _readings(known, every.measures, window),
        "sessions": sum(window.has(each.started_at) for each in every.sessions),
        "other_changes": len(others),
        "window": window,
    }


def _readings(known: Reference, measures: Sequence[Measure], window: Window) -> list[Cells]:
    """What each measure read in the window: how many, the first, the last and the middle one."""
    found = []
    for name, group in groupby(sorted(measures, key=lambda each: each.name), key=lambda each: each.name):
        of_it = list(group)
        unit, values = in_one_unit(name, of_it)
        inside = [(each, value) for each, value in values if window.has(each.measured_at)]
        if not any(window.has(each.measured_at) for each in of_it):
            continue
        numbers = [_numbers(each, value) for each, value in inside]
        is_known = not any(each.comparator for each, _ in inside)
        found.append(
            {
                "name": name,
                "title": title_of(known, name),
                "unit": unit,
                "readings": len(inside),
                "without_value": sum(window.has(each.measured_at) for each in of_it) - len(inside),
                "first": _said(inside[0]) if inside else None,
                "last": _said(inside[-1]) if inside else None,
                "median": [median(column) for column in zip(*numbers, strict=True)] if is_known else [],
            }
        )
    return found


def _numbers(each: Measure, value: Fraction) -> tuple[Fraction, ...]:
    return (value,) if each.second is None else (value, each.second)


def _said(reading: tuple[Measure, Fraction]) -> str:
    each, value = reading
    return (each.comparator or "") + "/".join(map(decimal, _numbers(each, value)))


def windows_report(rows: Sequence[Row]) -> Report:
    """The windows as a table, one beneath the other, so that before and after stand in one column."""
    columns = (
        Column("letter", "", _change),
        Column("window", "Window", lambda row: row["window"].name),
        Column("days", "Days", lambda row: row["window"].coverage),
        Column("taken", "Doses taken", _doses, right=True),
        Column("notes", "Side effects, remarks", _notes),
        Column("measures", "Measures", _measures),
        Column("sessions", "Sessions", right=True),
        Column("other_changes", "Other changes", right=True),
    )
    hidden = {key: not any(row[key] for row in rows) for key in ("measures", "sessions")}
    return Report(
        "windows",
        [column._replace(title=None) if hidden.get(column.key) else column for column in columns],
        rows,
        lines=["Before and after each change:"],
        footer=[RULE],
    )


def windows_data(rows: Sequence[Row]) -> list[Cells]:
    """The windows as scripts have them."""
    return [
        {
            **{key: value for key, value in row.items() if key != "window"},
            "measures": [
                {
                    **{key: value for key, value in each.items() if key != "title"},
                    "median": "/".join(map(decimal, each["median"])) or None,
                }
                for each in row["measures"]
            ],
        }
        for row in rows
    ]


def _change(row: Row) -> str:
    return str(row["letter"] or "")


def _doses(row: Row) -> str:
    said = f"{row['taken']} of {row['expected']}" if row["expected"] else ""
    if row["as_needed"]:
        return f"{said}, {row['as_needed']} as needed".removeprefix(", ")
    return said or "none counted"


def _notes(row: Row) -> str:
    if not row["notes"]:
        return "0"
    grade = f"highest grade {row['highest_grade']}" if row["graded"] else "no grade"
    return f"{row['notes']}, {grade}"


def _measures(row: Row) -> str:
    return "; ".join(map(_say_readings, row["measures"])) or "none"


def _say_readings(each: Cells) -> str:
    """'PHQ-9 17 to 13 (3 readings, median 15)', 'weight 70.2 kg'."""
    unit = f" {each['unit']}" if each["unit"] else ""
    count, more = each["readings"], each["without_value"]
    if not count:
        return f"{each['title']}: {more} without a value"
    said = f"{each['title']} {each['first']}"
    details = []
    if count > 1:
        said += f" to {each['last']}"
        details.append(f"{count} readings")
        middle = "/".join(map(decimal, each["median"]))
        details += [f"median {middle}"] if middle else []
    details += [f"{more} more without a value"] if more else []
    return said + unit + (f" ({', '.join(details)})" if details else "")
