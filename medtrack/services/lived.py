"""How each medication went in the days of a report, dose by dose, and what did not go as planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from medtrack.domain.adherence import day_of
from medtrack.domain.amounts import show_amount
from medtrack.domain.matching import Dose, Match, amount_differs, closes_at, hold_over, timing_of
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import reach
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_minutes

from .chart import Chart, Course

_DAY = timedelta(1)


class Lived(NamedTuple):
    """One medication in the days of a report."""

    medication: Medication
    course: Course
    """Wider than the days, so that every dose in them stands beside its slot."""
    matches: list[Match]
    """The slots of the days."""
    doses: list[Dose]
    """The doses taken in the days, by time, whatever slot they fill."""
    extras: list[Dose]
    """Of these the ones that fill no slot and were not taken as needed."""
    as_needed: list[Dose]


def lived(chart: Chart, medication: Medication, first: date, last: date) -> Lived:
    """How a medication went in the days `first` to `last`, both inside, as the report counts days."""
    plans = chart.plans(medication)
    margin = reach(plans) + _DAY
    begins = chart.midnight(first) - margin
    # Nothing after now has gone one way or the other.
    ends = max(begins, min(chart.midnight(last + _DAY), chart.now) + margin)
    course = chart.course(medication, begins, ends, plans)

    def inside(local: datetime) -> bool:
        return first <= day_of(local, chart.day_starts) <= last

    filling = [found.dose for found in course.matches if found.dose is not None]
    taken = [dose for dose in filling if dose.status == "taken" and inside(dose.local)]
    beyond = [dose for dose in course.extras if inside(dose.local)]
    return Lived(
        medication,
        course,
        [found for found in course.matches if inside(found.slot.local)],
        sorted([*taken, *beyond], key=lambda dose: (dose.taken_at, dose.uid)),
        [dose for dose in beyond if dose.uid not in course.as_needed],
        [dose for dose in beyond if dose.uid in course.as_needed],
    )


def deviations(chart: Chart, every: Sequence[Lived]) -> Report:
    """Every dose that did not go as planned, by time, with its reason where one was given.

    Missed, skipped, late and early doses are those the report counts, so a dose that can still be taken is
    not among them; then what was extra, of another amount, or taken while on hold.
    """
    rows = [row for each in every for row in _of(chart, each)]
    rows.sort(key=lambda row: (row["at"], row["medication"]))
    columns = (
        Column("at", "Planned", lambda row: _planned(chart, row)),
        Column("medication", "Medication"),
        Column("what", "What happened", lambda row: _happened(chart, row)),
        Column("planned_at"),
        Column("taken_at"),
        Column("amount"),
        Column("planned_amount"),
        Column("reason", "Reason or remark"),
        Column("given_by", "Given by"),
    )
    empty = "Every dose that was due was taken as planned." if any(each.matches for each in every) else ""
    return Report("deviations", columns, rows, empty=empty or "No doses were due.")


def _of(chart: Chart, each: Lived) -> list[Cells]:
    rows = []
    for found in each.matches:
        what = _what(chart, each, found)
        if what is not None:
            rows.append(_row(chart, each, what, found, found.dose))
    return rows + [_row(chart, each, "extra", None, dose) for dose in each.extras]


def _what(chart: Chart, each: Lived, found: Match) -> str | None:
    """What about a slot did not go as planned; None where it went so, or can still go so."""
    slot, dose = found.slot, found.dose
    was_taken = dose is not None and dose.status == "taken"
    if hold_over(each.course.holds, slot.planned_at) is not None:
        return "while on hold" if was_taken else None
    if chart.now < closes_at(slot):
        return None
    if dose is None:
        return "missed"
    if not was_taken:
        return "skipped"
    timing = timing_of(slot, dose)
    if timing != "on time":
        return timing
    return "other amount" if amount_differs(slot, dose) else None


def _row(chart: Chart, each: Lived, what: str, found: Match | None, dose: Dose | None) -> Cells:
    slot = None if found is None else found.slot
    taken = dose if dose is not None and dose.status == "taken" else None
    at = slot.planned_at if slot is not None else dose.taken_at if dose is not None else chart.now
    return {
        "at": chart.zones.shown(at),
        "medication": each.medication.name,
        "what": what,
        "planned_at": None if slot is None else chart.zones.shown(slot.planned_at),
        "taken_at": None if taken is None else chart.zones.shown(taken.taken_at),
        "amount": None if taken is None else taken.amount,
        "planned_amount": None if slot is None else slot.amount,
        "reason": None if dose is None else dose.note,
        "given_by": None if dose is None else dose.given_by,
        "amount_differs": slot is not None and taken is not None and amount_differs(slot, taken),
    }


def _planned(chart: Chart, row: Row) -> str:
    return "not planned" if row["planned_at"] is None else say_local(chart.shown(row["planned_at"]))


def _happened(chart: Chart, row: Row) -> str:
    taken_at, planned_at = row["taken_at"], row["planned_at"]
    if not isinstance(taken_at, datetime):
        return str(row["what"])
    shown = chart.shown(taken_at)
    is_same_day = isinstance(planned_at, datetime) and chart.shown(planned_at).date() == shown.date()
    words = f"taken {shown:%H:%M}" if is_same_day else f"taken {say_local(shown)}"
    if row["amount_differs"] or planned_at is None:
        words = f"{show_amount(row['amount'])} {words}" if row["amount"] is not None else words
    if row["amount_differs"]:
        words += f", not {show_amount(row['planned_amount'])}"
    if row["what"] in ("late", "early"):
        words += f", {say_minutes(taken_at - planned_at)} {row['what']}"
    return words + {"extra": ", one more than planned", "while on hold": " while on hold"}.get(
        row["what"], ""
    )
