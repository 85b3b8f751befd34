"""Did it help? How much a dose did, in the person's own judgement."""

from __future__ import annotations

from datetime import timedelta

from medtrack.domain.matching import Dose
from medtrack.domain.regimen import Effect, Medication
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_past
from medtrack.errors import DoseNotFound, NoPlan, UsageRefused
from medtrack.store import doses as dose_rows
from medtrack.store.effects import add_effect, effects

from .chart import Chart
from .rows import dose_cell

MOST = 10
"""'As much as could be'; 0 is 'not at all': the eleven points of a numeric rating scale (NRS-11)."""
RECENT = timedelta(hours=24)
"""How old the last dose may be to be meant where none is named."""


def helped(chart: Chart, typed: str, score: str, *, dose: str | None = None, at: str = "now") -> Report:
    """Write down how much the last dose of a medication helped, or the one named: 0 not at all, 10 most.

    A later rating of the same dose takes the place of an earlier one. Raises MedicationNotFound,
    DoseNotFound, NoPlan where no dose of the last day is there to be meant, UsageRefused, BadTime.
    """
    medication = chart.find(typed)
    number = _score(score)
    rated_at = read_past(at, now=chart.now, zone=chart.zone, what="How much it helped")
    meant = _last_dose(chart, medication) if dose is None else _named(chart, medication, dose)
    if rated_at < meant.taken_at:
        raise UsageRefused(what=f"That is before it was taken ({chart.say(meant.taken_at)}): check --at.")
    earlier = effects(chart.record, meant.taken_at, meant.taken_at + timedelta(seconds=1)).get(meant.id)
    zone = chart.zones.at(rated_at).key or "UTC"
    rating = Effect(number, rated_at, zone, chart.local(rated_at))
    with chart.writing("helped") as work:
        add_effect(work, rating, meant)
        what = f"dose {meant.id}, {medication.name} {chart.dated(meant.taken_at)}"
        work.summary = f"rated {what}: helped {number} of {MOST}"
    row: Cells = {
        "medication": medication.name,
        "dose": dose_cell(chart, meant),
        "helped": number,
        "rated_at": chart.zones.shown(rated_at),
    }
    of = f"{medication.name}, taken {chart.say(meant.taken_at)} (dose {meant.id})"
    lines = [f"Recorded: {of}, helped {number} of {MOST}."]
    if earlier is not None:
        lines.append(f"Before it said {earlier.score} of {MOST}.")
    columns = tuple(Column(key) for key in row)
    return Report("helped", columns, [row], lines=[*lines, UNDO])


def _score(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MOST):
        raise UsageRefused(what=f"How much it helped is 0 (not at all) to {MOST}, not {text!r}.")
    return int(text)


def _last_dose(chart: Chart, medication: Medication) -> Dose:
    since, until = chart.now - RECENT, chart.now + timedelta(seconds=1)
    found = [
        dose
        for dose in dose_rows.doses_about(chart.record, medication.id, since, until)
        if dose.status == "taken" and since <= dose.taken_at < until
    ]
    if not found:
        raise NoPlan(
            medication=medication.name,
            why="was not taken in the last 24 hours; name the dose with --dose (its id in 'medtrack log')",
        )
    return max(found, key=lambda dose: (dose.taken_at, dose.id))


def _named(chart: Chart, medication: Medication, typed: str) -> Dose:
    found = dose_rows.find_dose(chart.record, typed)
    if found is None or found.medication_id != medication.id or found.status != "taken":
        raise DoseNotFound(typed=f"{typed} of {medication.name}")
    return found
