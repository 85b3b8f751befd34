"""How a prescription is read, for a person to check before anything is written down."""

from __future__ import annotations

from datetime import datetime

from medtrack.domain.reading import as_row, read_prescription
from medtrack.domain.report import Column, Report

from .chart import Chart
from .planning import habits

_KEYS = (
    "name", "strength", "form", "route", "amount", "timing", "as_needed", "as_needed_for", "max_dose",
    "min_gap", "advice", "reason", "sequence", "warnings", "reads_as", "question",
)  # fmt: skip


def parse(chart: Chart | None, text: str, now: datetime) -> Report:
    """The reading of a prescription, with the person's own clock times where there is a record.

    Raises NotSettled where the words can be read in several ways, or not at all.
    """
    if chart is None:
        reading = read_prescription(text, today=now.date())
    else:
        reading = read_prescription(text, habits(chart), today=chart.local(now).date())
    lines = [f"Understood: {reading.reads_as}", *reading.warnings]
    if reading.question is not None:
        lines.append(f"To write it down, one thing is missing: {reading.question}")
    return Report("parse", tuple(Column(key) for key in _KEYS), [as_row(reading)], lines=lines)
