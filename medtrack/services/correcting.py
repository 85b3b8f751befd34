"""Correcting what was written down: a new fact beside the old one, which stays in the history."""

from __future__ import annotations

from datetime import timedelta

from medtrack.domain.amounts import read_amount, show_amount
from medtrack.domain.names import read_text
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_past
from medtrack.errors import DoseNotFound, ReasonNeeded, UsageRefused
from medtrack.store import doses as dose_rows
from medtrack.store.effects import add_effect, effects

from .chart import Chart
from .rows import dose_cell


def amend(
    chart: Chart,
    typed: str,
    *,
    at: str | None = None,
    amount: str | None = None,
    medication: str | None = None,
    void: bool = False,
    reason: str | None = None,
) -> Report:
    """Correct or void one logged dose: a new fact beside the old one, which stays in `history`.

    Raises DoseNotFound, ReasonNeeded, UsageRefused, and what reading times and amounts raises.
    """
    if reason is None or not reason.strip():
        raise ReasonNeeded(what="A correction")
    reason = read_text(reason, "reason")
    changed = any(value is not None for value in (at, amount, medication))
    if void == changed:
        raise UsageRefused(what="Say what is right with --at, --amount or --med, or take it out with --void.")
    with chart.writing("amend") as work:
        dose = dose_rows.find_dose(chart.record, typed)
        if dose is None:
            raise DoseNotFound(typed=typed)
        owner = next(each for each in chart.medications if each.id == dose.medication_id)
        work.void(dose.uid, reason)
        was = f"{owner.name} {chart.say(dose.taken_at)}"
        much = "" if dose.amount is None else f" {show_amount(dose.amount)}"
        written = f"dose {dose.id}, {owner.name}{much}, {chart.dated(dose.taken_at)}"
        if void:
            work.summary = f"voided {written}: {reason}"
            lines = [f"Voided: dose {dose.id}, {was}. Reason: {reason}"]
        else:
            if medication is not None:
                owner = chart.find(medication)
            taken_at = dose.taken_at if at is None else read_past(at, now=chart.now, zone=chart.zone)
            right = dose._replace(
                medication_id=owner.id,
                taken_at=taken_at,
                zone=chart.zones.at(taken_at).key or "UTC",
                local=chart.local(taken_at),
                amount=dose.amount
                if amount is None
                else read_amount(amount, dose.amount.unit if dose.amount else None),
                # A dose moved in time or to another medication is matched anew.
                for_slot=dose.for_slot if at is None and medication is None else None,
                recorded_at=chart.now,
            )
            number = dose_rows.add_dose(work, right, owner)
            rating = effects(chart.record, dose.taken_at, dose.taken_at + timedelta(seconds=1)).get(dose.id)
            dose = dose_rows.find_dose(chart.record, str(number)) or right
            if rating is not None:
                add_effect(work, rating, dose)
            said = "" if dose.amount is None else f" {show_amount(dose.amount)}"
            now = f"dose {number}, {owner.name}{said}, {chart.dated(dose.taken_at)}"
            work.summary = f"amended {written}: now {now}: {reason}"
            lines = [
                f"Corrected: dose {number} is {owner.name}{said}, {dose.status} {chart.say(dose.taken_at)}.",
                f"It was: {was}. Reason: {reason}",
            ]
    columns = (Column("medication"), Column("voided"), Column("dose"), Column("reason"))
    row: Cells = {
        "medication": owner.name,
        "voided": void,
        "dose": dose_cell(chart, dose),
        "reason": reason,
    }
    return Report("amend", columns, [row], lines=[*lines, UNDO])
