"""Whether the record is what was written, down to the last bit."""

from medtrack.domain.report import Column, Report
from medtrack.domain.wording import say_number_of
from medtrack.store.backups import at_once
from medtrack.store.proof import Proof

from .chart import Chart


def verify(chart: Chart) -> Report:
    """Go through every seal and every link; the rows are the findings, none where all is well.

    It guards against accidents, not against somebody who rewrites everything. Raises RecordDamaged where
    the file cannot be read at all.
    """
    with at_once(chart.record) as (_, proof):
        return _told(proof)


def _told(proof: Proof) -> Report:
    counts = f"{say_number_of(proof.facts, 'fact')} in {say_number_of(proof.actions, 'action')}"
    if proof.findings:
        answer = "This is not the record as it was written. Keep a copy, and restore a backup."
    else:
        answer = "Every one is as it was written, and none is missing."
    return Report(
        "verify",
        (Column("finding", "Finding"),),
        [{"finding": finding} for finding in proof.findings],
        {"actions": proof.actions, "facts": proof.facts},
        lines=[f"Looked at {counts}.", answer],
    )
