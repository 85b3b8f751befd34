"""Whether the record is what was written, down to the last bit."""

from shlex import quote

from medtrack.domain.report import Column, Report
from medtrack.domain.wording import say_number_of
from medtrack.store.backups import at_once
from medtrack.store.device import END_LOST, is_anything_lost
from medtrack.store.proof import Proof

from .chart import Chart


def verify(chart: Chart) -> Report:
    """Go through every seal and every link; the rows are the findings, none where all is well.

    It guards against accidents, not against somebody who rewrites everything. Raises RecordDamaged where
    the file cannot be read at all.
    """
    with at_once(chart.record) as (_, proof):
        findings = [*proof.findings]
        if END_LOST not in findings and is_anything_lost(chart.record):
            findings.append(END_LOST)
        return _told(chart.record.path, proof._replace(findings=findings))


def _told(path: str, proof: Proof) -> Report:
    counts = f"{say_number_of(proof.facts, 'fact')} in {say_number_of(proof.actions, 'action')}"
    if proof.findings == [END_LOST]:
        medtrack = f"medtrack --db {quote(path)}"
        answer = (
            "Every one that is here is as it was written. Bring in what is missing from where it is still"
            f" kept: {medtrack} restore FILE --merge. If it is gone on purpose: {medtrack} people forget"
        )
    elif proof.findings:
        answer = "This is not the record as it was written. Keep a copy, and restore a backup."
    elif proof.is_end_known:
        answer = "Every one is as it was written, and none is missing."
    else:
        answer = (
            "Every one is as it was written. This machine remembers no last action here, so it cannot tell"
            " whether the end is missing."
        )
    return Report(
        "verify",
        (Column("finding", "Finding"),),
        [{"finding": finding} for finding in proof.findings],
        {"actions": proof.actions, "facts": proof.facts, "end_known": proof.is_end_known},
        lines=[f"Looked at {counts}.", answer],
    )
