"""Domain values as cells of a report: typed, in the person's own zones."""

from __future__ import annotations

from medtrack.domain.matching import Dose
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells
from medtrack.domain.slots import Dropped, Slot
from medtrack.domain.when import say_local

from .chart import Chart


def slot_cell(chart: Chart, slot: Slot) -> Cells:
    """A slot: when it was planned, as an instant and on the wall clock."""
    return {
        "planned_at": chart.zones.shown(slot.planned_at),
        "local_time": slot.local.isoformat(timespec="seconds"),
    }


def dose_cell(chart: Chart, dose: Dose) -> Cells:
    """A dose, but for its medication and its slot."""
    return {
        "id": dose.id,
        "uid": dose.uid,
        "status": dose.status,
        "taken_at": chart.zones.shown(dose.taken_at),
        "local_time": dose.local.isoformat(timespec="seconds"),
        "zone": dose.zone,
        "amount": dose.amount,
        "certainty": dose.certainty,
        "given_by": dose.given_by,
        "note": dose.note,
        "recorded_at": chart.zones.shown(dose.recorded_at),
    }


def dropped_cell(chart: Chart, medication: Medication, lost: Dropped) -> Cells:
    """A slot that was dropped, with the reason."""
    return {
        "medication": medication.name,
        "planned_at": chart.zones.shown(lost.planned_at),
        "local_time": lost.local.isoformat(timespec="seconds"),
        "zone": lost.zone,
        "reason": lost.reason,
    }


def say_dropped(chart: Chart, medication: Medication, lost: Dropped) -> str:
    """The same as a sentence, by the wall clock of the plan; its zone where that is not the person's."""
    if chart.moment.zone is not None:
        at = say_local(chart.shown(lost.planned_at))
    else:
        at = say_local(lost.local)
        if lost.zone != chart.zones.at(lost.planned_at).key:
            at = f"{at} ({lost.zone})"
    return f"Dropped: {medication.name} {at}, {lost.reason}."
