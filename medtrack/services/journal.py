"""The dose log, and the spans that listings are asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from medtrack.domain.amounts import show_amount
from medtrack.domain.matching import amount_differs, timing_of
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import FAR, Slot
from medtrack.domain.when import read_bound, read_span, say_local
from medtrack.errors import UsageRefused
from medtrack.store import doses as dose_rows
from medtrack.store.effects import effects
from medtrack.store.record import BEGINNING

from .chart import Chart
from .rows import dose_cell, slot_cell


def span_of(
    chart: Chart, since: str | None, until: str | None, span: str | None
) -> tuple[datetime, datetime] | None:
    """The instants `[since, until)` of --since, --until and --span, by local midnights; None without any.

    Raises BadSpan, BadTime, UsageRefused.
    """
    if span is not None:
        if since is not None or until is not None:
            raise UsageRefused(what="--span already says both ends: leave out --since and --until.")
        first, last = read_span(span, now=chart.now, zone=chart.zone)
        return chart.midnight(first), chart.midnight(last)
    if since is None and until is None:
        return None
    begins = (
        BEGINNING
        if since is None
        else chart.begin(read_bound(since, now=chart.now, zone=chart.zone, ahead=False))
    )
    ends = FAR if until is None else chart.end(read_bound(until, now=chart.now, zone=chart.zone, ahead=False))
    if ends <= begins:
        raise UsageRefused(what="The span ends before it begins: check --since and --until.")
    return begins, ends


def log(
    chart: Chart,
    typed: str | None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
) -> Report:
    """The doses as they were logged, with the slot each fills; what was voided is in `history`."""
    begins, ends = span_of(chart, since, until, span) or (BEGINNING, FAR)
    wanted = None if typed is None else chart.find(typed)
    listed = [
        dose
        for dose in dose_rows.listed_doses(chart.record, begins, ends)
        if wanted is None or dose.medication_id == wanted.id
    ]
    names = {medication.id: medication for medication in chart.medications}
    helped = effects(chart.record, begins, ends)
    slots: dict[str, Slot] = {}
    as_needed: set[str] = set()
    for number in {dose.medication_id for dose in listed}:
        of_it = [dose.taken_at for dose in listed if dose.medication_id == number]
        course = chart.course(names[number], min(of_it) - timedelta(400), max(of_it) + timedelta(400))
        slots |= {found.dose.uid: found.slot for found in course.matches if found.dose is not None}
        as_needed |= course.as_needed
    rows: list[Cells] = []
    for dose in listed:
        slot = slots.get(dose.uid)
        timing = None
        if dose.status == "taken" and dose.uid not in as_needed:
            timing = "extra" if slot is None else timing_of(slot, dose)
        rows.append(
            {
                **dose_cell(chart, dose),
                "medication": names[dose.medication_id].name,
                "amount_differs": slot is not None and amount_differs(slot, dose),
                "timing": timing,
                "slot": None if slot is None else slot_cell(chart, slot),
                "helped": helped[dose.id].score if dose.id in helped else None,
            }
        )
    columns = (
        Column("id", "Id", right=True),
        Column("uid"),
        Column("medication", "Medication"),
        Column("taken_at", "Time", lambda row: say_local(chart.shown(row["taken_at"]))),
        Column("local_time"),
        Column("zone"),
        Column("amount", "Amount", _amount_cell, short=_amount_alone),
        Column("amount_differs"),
        Column("status", "Status", _status, short=_status_alone),
        Column("timing"),
        Column(
            "slot",
            "Planned",
            lambda row: _planned(chart, row),
            short=lambda row: _planned_that_day(chart, row),
        ),
        Column("certainty"),
        Column("given_by", "By", short=lambda _: ""),
        Column("note", "Note", _note, short=_note_with_the_rest),
        Column("recorded_at"),
        Column("helped"),
    )
    return Report("log", columns, rows, empty="No dose is written down for that.")


def _amount_cell(row: Row) -> str:
    return _amount_alone(row) + (" (not as planned)" if row["amount"] and row["amount_differs"] else "")


def _amount_alone(row: Row) -> str:
    return "" if row["amount"] is None else show_amount(row["amount"])


def _status_alone(row: Row) -> str:
    """'late' for 'taken, late': what is early, late or on time was taken."""
    return str(row["status"] if row["timing"] is None else row["timing"])


def _status(row: Row) -> str:
    words = str(row["status"]) if row["timing"] is None else f"{row['status']}, {row['timing']}"
    return words if row["certainty"] == "exact" else f"{words} ({row['certainty']})"


def _note(row: Row) -> str:
    helped = "" if row["helped"] is None else f"helped {row['helped']} of 10"
    return "; ".join(part for part in (row["note"], helped) if isinstance(part, str) and part)


def _note_with_the_rest(row: Row) -> str:
    """The note, after what the shorter cells beside it leave out."""
    left_out = [
        "" if row["certainty"] == "exact" else row["certainty"],
        "not as planned" if row["amount"] and row["amount_differs"] else "",
        f"by {row['given_by']}" if row["given_by"] else "",
    ]
    return "; ".join(part for part in (*left_out, _note(row)) if part)


def _planned_that_day(chart: Chart, row: Row) -> str:
    """The planned time, without the day where it is that of the dose."""
    planned, taken = _planned(chart, row), say_local(chart.shown(row["taken_at"]))
    return planned[11:] if planned[:10] == taken[:10] else planned


def _planned(chart: Chart, row: Row) -> str:
    slot = row["slot"]
    return say_local(chart.shown(slot["planned_at"])) if isinstance(slot, dict) else ""
