"""The whole record as one document."""

from __future__ import annotations

from medtrack.domain.report import Report
from medtrack.domain.wording import say_number_of
from medtrack.store import everything as store

from .chart import Chart


def export(chart: Chart) -> Report:
    """Every action and every fact, voided ones marked, values exactly as they are stored.

    Rows have a `type`: `action` or the kind of fact; references are uids. Raises RecordDamaged where the
    record is not what was written.
    """
    found = store.everything(chart.record)
    meta = {
        "person": chart.person,
        "exported_at": chart.zones.shown(chart.now),
        "format": found.schema,
        "counts": found.counts,
    }
    return Report("export", (), found.rows, meta)


def save(report: Report, page: str, file: str, *, force: bool = False) -> Report:
    """Write an exported page to a file of the owner's alone, whole or not at all; says so.

    Raises FileExists without `force` where there is one, and OutputFailed.
    """
    store.save(file, page.encode(), replace=force)
    actions = report.meta["counts"]["action"]
    counts = f"{say_number_of(actions, 'action')} and {say_number_of(len(report.rows) - actions, 'fact')}"
    return Report("export", lines=[f"Exported {counts} to {file}."])
