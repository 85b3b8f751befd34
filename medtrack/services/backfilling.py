"""Writing down past doses afterwards, from the plan, and marking them as reconstructed."""

from collections.abc import Sequence
from datetime import datetime
from shlex import quote

from medtrack.domain.amounts import show_amount
from medtrack.domain.matching import Dose, Match, state_of
from medtrack.domain.names import read_given
from medtrack.domain.regimen import Bound
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_bound, read_span, say_local
from medtrack.domain.wording import say_number_of
from medtrack.errors import NotSettled, UsageRefused
from medtrack.store import doses as dose_rows

from .chart import Chart
from .rows import dose_cell, slot_cell


def backfill(
    chart: Chart, typed: str, span: str, *, but: Sequence[str] = (), by: str | None = None
) -> Report:
    """Write down every planned dose of a past span that nothing is known of, as taken at its planned time.

    `but` names days or planned times to leave out. What is held, skipped, taken or still to come is left
    as it is. Raises MedicationNotFound, BadSpan, BadTime, NotSettled, UsageRefused.
    """
    medication = chart.find(typed)
    first, last = read_span(span, now=chart.now, zone=chart.zone)
    begins, ends = chart.midnight(first), min(chart.midnight(last), chart.now)
    given_by = read_given(by, "name")
    exceptions = [read_bound(text, now=chart.now, zone=chart.zone, ahead=False) for text in but]
    with chart.writing("backfill") as work:
        course = chart.course(medication, begins, ends)
        _check(chart, exceptions, course.matches)
        open_ = [
            found
            for found in course.matches
            if state_of(found, course.holds, chart.now) in ("due", "overdue", "missed")
            and not _is_left_out(chart, found, exceptions)
        ]
        if not open_:
            raise NotSettled(what=f"{medication.name} has no dose in that span that nothing is known of.")
        rows: list[Cells] = []
        for found in open_:
            slot = found.slot
            dose = Dose(
                id=0,
                uid="",
                medication_id=medication.id,
                status="taken",
                taken_at=slot.planned_at,
                zone=chart.zones.at(slot.planned_at).key or "UTC",
                local=chart.local(slot.planned_at),
                amount=slot.amount,
                for_slot=slot.planned_at,
                certainty="reconstructed",
                given_by=given_by,
                note=None,
                recorded_at=chart.now,
            )
            if slot.amount_high is not None:
                raise UsageRefused(
                    what=f"Nothing was recorded: {medication.name} is planned as"
                    f" {show_amount(slot.amount, slot.amount_high)}, so say how much each was: medtrack take"
                    f" {quote(medication.name)} --amount ... --at TIME"
                )
            number = dose_rows.add_dose(work, dose, medication)
            written = dose_rows.find_dose(chart.record, str(number)) or dose
            rows.append(
                {
                    "medication": medication.name,
                    "dose": dose_cell(chart, written),
                    "slot": slot_cell(chart, slot),
                }
            )
        work.summary = f"reconstructed {say_number_of(len(rows), 'dose')} of {medication.name}"
    begun, ended = open_[0].slot.planned_at, open_[-1].slot.planned_at
    lines = [
        f"Recorded: {say_number_of(len(rows), 'dose')} of {medication.name}, marked as reconstructed,"
        f" from {say_local(chart.shown(begun))} to {say_local(chart.shown(ended))}.",
        UNDO,
    ]
    columns = (Column("medication"), Column("dose"), Column("slot"))
    return Report("backfill", columns, rows, {"recorded": len(rows)}, lines=lines)


def _is_left_out(chart: Chart, found: Match, exceptions: Sequence[Bound]) -> bool:
    day = chart.local(found.slot.planned_at).date()
    return any(
        found.slot.planned_at == each if isinstance(each, datetime) else day == each for each in exceptions
    )


def _check(chart: Chart, exceptions: Sequence[Bound], matches: Sequence[Match]) -> None:
    """Refuse an exception that leaves nothing out: it is a slip, and the dose would be written down."""
    for each in exceptions:
        if not any(_is_left_out(chart, found, [each]) for found in matches):
            said = say_local(chart.shown(each)) if isinstance(each, datetime) else each.isoformat()
            raise NotSettled(what=f"--except {said}: no dose is planned then in that span.")
