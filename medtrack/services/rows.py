"""Domain values as cells of a report: typed, in the person's own zones."""

from __future__ import annotations

from medtrack.domain.matching import Dose
from medtrack.domain.report import Cells
from medtrack.domain.slots import Slot

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
