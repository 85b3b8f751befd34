"""Whether the record is what was written, down to the last bit."""

from medtrack.domain.report import Column, Report
from medtrack.domain.wording import say_number_of
from medtrack.store.actions import is_end_lost
from medtrack.store.backups import at_once
from medtrack.store.proof import Proof

from .chart import Chart


def verify(chart: Chart) -> Report:
    """Go through every seal and every link; the rows are the findings, none where all is well.

    It guards against accidents, not against somebody who rewrites everything. Raises RecordDamaged where
    the file cannot be read at all.
    """
    with at_once(chart.record) as (_, proof):
        lost = [END_LOST] if is_end_lost(chart.record) else []
        entry = chart.record.registry.entry(chart.record.path)
        is_remembered = entry is not None and bool(entry.head)
        return _told(proof._replace(findings=[*proof.findings, *lost]), is_remembered=is_remembered)


END_LOST = (
    "Something this machine wrote here is not in this file: another was put in its place, or its end was cut."
)
"""Said until it is brought back, or settled on purpose."""


def _told(proof: Proof, *, is_remembered: bool) -> Report:
    counts = f"{say_number_of(proof.facts, 'fact')} in {say_number_of(proof.actions, 'action')}"
    if proof.findings:
        answer = "This is not the record as it was written. Keep a copy, and restore a backup."
    elif is_remembered:
        answer = "Every one is as it was written, and none is missing."
    else:
        answer = "Every one is as it was written; whether the end is there, only who wrote it can tell."
    return Report(
        "verify",
        (Column("finding", "Finding"),),
        [{"finding": finding} for finding in proof.findings],
        {"actions": proof.actions, "facts": proof.facts},
        lines=[f"Looked at {counts}.", answer],
    )
