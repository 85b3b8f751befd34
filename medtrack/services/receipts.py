"""What a person is told about a dose written down: what was recorded, its slot, the next, the way back."""

from collections.abc import Sequence
from datetime import datetime
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.matching import Dose, amount_differs, timing_of
from medtrack.domain.regimen import Medication
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.slots import Slot

from .chart import Chart, is_paused
from .rows import dose_cell, slot_cell


class Outcome(NamedTuple):
    """What became of one dose that a person wrote down."""

    medication: Medication
    recorded: bool
    """False where it was there already; `dose` is then the one that is there."""
    dose: Dose
    slot: Slot | None
    """The slot it fills."""
    next_at: datetime | None
    """The next planned instant of the medication."""
    paused: str | None = None
    """`held` or `unknown` where the medication was paused then."""
    as_needed: bool = False
    unchecked: Amount | None = None
    """The limit of its plan that it could not be held against."""
    displaced: Dose | None = None
    """The dose that filled its slot until now, and is an extra from now on."""
    recorded_by: str = ""
    """Who wrote down the dose that was there already."""

    @property
    def timing(self) -> str | None:
        """`early`, `on time` or `late`; None where it fills no slot or was skipped."""
        if self.slot is None or self.dose.status != "taken":
            return None
        return timing_of(self.slot, self.dose)

    @property
    def amount_differs(self) -> bool:
        """Whether it is not the amount its slot plans."""
        return self.slot is not None and amount_differs(self.slot, self.dose)


_COLUMNS = tuple(
    Column(key)
    for key in ("medication", "recorded", "already", "dose", "slot", "timing", "amount_differs", "next")
)


def open_lines(chart: Chart, medication: Medication) -> list[str]:
    """After a hold or a stop: the doses that were due before it, and what to do about them."""
    chart.forget()
    course = chart.current(medication)
    if not is_paused(chart, course):
        return []
    name = quote(medication.name)
    return [
        f"Still open from before: {chart.say(at)}. No reminder comes of it."
        f" Taken? medtrack take {name} --for '{chart.dated(at)}' --at TIME"
        f"  Left out? medtrack skip {name} --for '{chart.dated(at)}' --reason WHY"
        for at in (slot.planned_at for slot in course.open_at(chart.now))
    ]


def dose_receipt(
    chart: Chart,
    outcomes: Sequence[Outcome],
    warnings: Sequence[str] = (),
    key: str | None = None,
    remarks: Sequence[str] = (),
) -> Report:
    """The receipt for one action, its meta `recorded` and `warnings`; `key` where it was used before.

    `remarks` are said beside what was recorded, and need nobody's eyes.
    """
    lines: list[str] = []
    for outcome in outcomes:
        lines += recorded_lines(chart, outcome) if outcome.recorded else already_lines(chart, outcome)
    recorded = any(outcome.recorded for outcome in outcomes)
    lines += remarks
    if recorded:
        lines.append(UNDO)
    elif key is not None:
        lines.append("Nothing was recorded: the same key was used before.")
    elif any(outcome.dose.status == "taken" for outcome in outcomes):
        lines.append("Nothing was recorded. If it was one more dose: --again.")
    else:
        lines.append("Nothing was recorded.")
    rows = [
        {
            "medication": outcome.medication.name,
            "recorded": outcome.recorded,
            "already": not outcome.recorded,
            "dose": dose_cell(chart, outcome.dose),
            "slot": None if outcome.slot is None else slot_cell(chart, outcome.slot),
            "timing": outcome.timing,
            "amount_differs": outcome.amount_differs,
            "next": None if outcome.next_at is None else chart.zones.shown(outcome.next_at),
        }
        for outcome in outcomes
    ]
    return Report("take", _COLUMNS, rows, {"recorded": recorded, "warnings": list(warnings)}, lines=lines)


def recorded_lines(chart: Chart, outcome: Outcome) -> list[str]:
    """What was recorded, the slot it fills, and what comes next."""
    name, dose, slot = outcome.medication.name, outcome.dose, outcome.slot
    at = chart.say(dose.taken_at)
    if dose.status == "skipped":
        planned = at if slot is None else chart.say(slot.planned_at)
        lines = [f"Skipped: {name}, planned for {planned} (dose {dose.id}). Reason: {dose.note}"]
    else:
        amount = "" if dose.amount is None else f" {show_amount(dose.amount)}"
        about = "about " if dose.certainty == "about" else ""
        by = f", given by {dose.given_by}" if dose.given_by else ""
        lines = [f"Recorded: {name}{amount}, taken {about}{at}{by} (dose {dose.id})."]
        if slot is not None:
            lines.append(f"It fills the dose planned for {chart.say(slot.planned_at)}: {outcome.timing}.")
        elif not outcome.as_needed:
            lines.append("No planned dose was open then, so it is an extra dose.")
        if outcome.displaced is not None:
            other = outcome.displaced
            lines.append(f"Dose {other.id}, taken {chart.say(other.taken_at)}, is an extra dose now.")
        if slot is not None and outcome.amount_differs:
            lines.append(f"The plan says {show_amount(slot.amount, slot.amount_high)}.")
    if outcome.unchecked is not None:
        most = show_amount(outcome.unchecked)
        lines.append(f"Not checked: the limit of {most}, because the dose is in another unit.")
    if outcome.paused:
        why = "on hold" if outcome.paused == "held" else "not being recorded"
        counted = "" if outcome.as_needed else ", so no percentage counts it"
        lines.append(f"{name} was {why} then{counted}.")
    if outcome.next_at is not None:
        lines.append(f"Next {name}: {chart.say(outcome.next_at)}.")
    elif outcome.as_needed:
        lines.append(f"Did it help? Later: medtrack helped {quote(outcome.medication.code or name)} 0-10")
    else:
        lines.append(f"No further dose of {name} is planned.")
    return lines


def already_lines(chart: Chart, outcome: Outcome) -> list[str]:
    """That a dose is there already, who wrote it down and when."""
    dose = outcome.dose
    planned = "" if outcome.slot is None else f", planned for {chart.say(outcome.slot.planned_at)},"
    return [
        f"Already recorded: {outcome.medication.name}{planned} was {dose.status} {chart.say(dose.taken_at)}"
        f" (dose {dose.id}), written down {chart.say(dose.recorded_at)} by {outcome.recorded_by}."
    ]
