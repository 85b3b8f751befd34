"""The doses that are due or overdue, as somebody means them who says that everything was taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from medtrack.domain.regimen import Medication

from .chart import Chart, is_paused

Wanted = tuple[Medication, datetime | None]
"""A medication, and the planned instant it is taken for where that is known beforehand."""


def open_slots(chart: Chart) -> list[Wanted]:
    """The newest slot of every plan that is due or overdue: its medication and planned instant.

    One before it that is overdue too stays open: both at once would be a double dose, which nobody means
    who says that everything was taken.
    """
    return [wanted for wanted, is_newest in _open_slots(chart) if is_newest]


def _open_slots(chart: Chart) -> Iterator[tuple[Wanted, bool]]:
    for medication in chart.medications:
        course = chart.current(medication)
        if is_paused(chart, course):
            continue
        slots = course.open_at(chart.now)
        newest = {slot.plan_id: slot for slot in slots}
        for slot in slots:
            yield (medication, slot.planned_at), newest[slot.plan_id] is slot


def left_open(chart: Chart) -> list[str]:
    """What was overdue beside a newer dose of the same medication, and is not written down with it."""
    return [
        f"{medication.name} planned for {chart.say(planned_at)} stays open: one dose of it was written down."
        f" If it was taken too: medtrack take {medication.name} --for '{chart.dated(planned_at)}' --at TIME"
        for (medication, planned_at), is_newest in _open_slots(chart)
        if not is_newest and planned_at is not None
    ]
