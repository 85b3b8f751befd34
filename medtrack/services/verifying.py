"""Whether the record is what was written, down to the last bit."""

from medtrack.domain.report import Column, Report
from medtrack.domain.wording import say_number_of
from medtrack.store.backups import at_once

from .chart import Chart


def verify(chart: Chart) -> Report:
    """Go through every seal and every link; the rows are the findings, none where all is well.

    It guards against accidents, not against somebody who rewrites everything. Raises RecordDamaged where
    the file cannot be read at all.
    """
    with at_once(chart.record) as (_, proof):
        pass
    counts = f"{say_number_of(proof.facts, 'fact')} in {say_number_of(proof.actions, 'action')}"
    lines = [f"Looked at {counts}."]
    if proof.findings:
        lines.append("This is not the record as it was written. Keep a copy, and restore a backup.")
    else:
        lines.append("Every one is as it was written, and none is missing.")
    return Report(
        "verify",
        (Column("finding", "Finding"),),
        [{"finding": finding} for finding in proof.findings],
        {"actions": proof.actions, "facts": proof.facts},
        lines=lines,
    )
