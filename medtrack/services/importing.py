"""Doses from a CSV file: every row read and checked before anything is written, and none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple, TextIO

from medtrack.domain.amounts import Amount, read_amount
from medtrack.domain.matching import Dose
from medtrack.domain.names import LONGEST_NOTE, read_text
from medtrack.domain.regimen import Medication, Plan
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.slots import plan_span
from medtrack.domain.when import read_iso, say_local
from medtrack.domain.wording import say_list, say_number_of
from medtrack.domain.zones import load_zone, settle
from medtrack.errors import (
    DiskTrouble,
    MedtrackError,
    RecordLocked,
    RecordReadOnly,
    TimeAhead,
    UsageRefused,
)
from medtrack.store import doses as dose_rows

from .chart import Chart
from .counting import keep_tallies

FIELDS = ("taken_at", "medication", "amount", "status", "note")
STATUSES = {"": "taken", "taken": "taken", "skipped": "skipped"}
SLACK = timedelta(minutes=5)
LONGEST_LINE = 1_000_000
"""Characters of a line, far more than any row has: a device without an end would fill the memory."""
SHOWN = 20
"""Bad rows that a receipt lists one by one; the rest are counted."""
NAMED = 3
"""Bad rows that a refusal names: it is one sentence on one line."""
Progress = Callable[[Sequence[Mapping[str, str]]], Iterable[Mapping[str, str]]]
"""Passes rows on and shows how far it has come."""


class Source(NamedTuple):
    """Where each field of a dose comes from."""

    columns: dict[str, str]
    medication: str | None
    """The medication of every row, where the file names none."""
    zone: str | None


def read_map(text: str | None) -> dict[str, str]:
    """Read `--map taken_at=When,medication=Drug`; without it, columns are called as the fields are.

    Raises UsageRefused for a field that does not exist or is named twice.
    """
    if text is None:
        return {field: field for field in FIELDS}
    columns: dict[str, str] = {}
    for part in text.split(","):
        field, equals, column = part.partition("=")
        field = field.strip()
        if not equals or not column.strip() or field not in FIELDS or field in columns:
            raise UsageRefused(
                what=f"--map takes FIELD=COLUMN with commas between, not {part!r}."
                f" The fields, each once: {say_list(FIELDS)}."
            )
        columns[field] = column.strip()
    return columns


def import_doses(
    chart: Chart,
    lines: TextIO,
    source: Source,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Write down the doses of a CSV file as one action: all of them, or none unless `skip_bad`.

    A dry run says what the real one would do; its meta `refused` is True where that would be refused. A
    row identical to a dose that is there (medication, instant, amount, status) is left out. Raises
    UsageRefused with the reason of each bad row, and where a column is missing.
    """
    rows = _csv_rows(lines, source)
    default = chart.find(source.medication) if source.medication is not None else None
    reader = _RowReader(chart, source, default)
    good: list[Dose] = []
    bad: list[tuple[int, str]] = []
    for number, row in enumerate(rows if progress is None else progress(rows), start=2):
        try:
            good.append(reader.dose(row))
        except MedtrackError as refusal:
            bad.append((number, str(refusal)))
    if bad and not skip_bad and not dry_run:
        rest = f" And {len(bad) - NAMED:,} more: --dry-run lists them." if len(bad) > NAMED else ""
        raise UsageRefused(
            what=f"Nothing was recorded: {say_number_of(len(bad), 'row')} cannot be read."
            f" {' '.join(_say_bad(bad, NAMED))}{rest} To record the others: --skip-bad."
        )
    known = dose_rows.identities(chart.record)
    fresh = []
    for dose in good:
        if dose_rows.identity(dose) not in known:
            known.add(dose_rows.identity(dose))
            fresh.append(dose)
    if fresh and not dry_run:
        owners = {medication.id: medication for medication in chart.medications}
        with chart.writing("import") as work:
            for dose in fresh:
                dose_rows.add_dose(work, dose, owners[dose.medication_id])
            work.summary = f"imported {say_number_of(len(fresh), 'dose')}"
        # What is not tallied now is counted by every report, until a doctor tallies it.
        with suppress(RecordLocked, RecordReadOnly, DiskTrouble):
            keep_tallies(chart)
    return _receipt(chart, good, fresh, bad, dry_run, refused=bool(bad) and not skip_bad)


def _whole(lines: TextIO) -> Iterator[str]:
    """The lines one by one. Raises UsageRefused for one without an end."""
    while line := lines.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UsageRefused(what=f"A line of the file is longer than {LONGEST_LINE:,} characters.")
        yield line


def _csv_rows(lines: TextIO, source: Source) -> list[dict[str, str]]:
    import csv

    reader = csv.DictReader(_whole(lines), strict=True)
    try:
        names = list(reader.fieldnames or [])
        rows = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except csv.Error as error:
        raise UsageRefused(what=f"The file is no CSV that can be read: {error}.") from None
    needed = {"taken_at": True, "medication": source.medication is None}
    missing = [source.columns.get(field, field) for field, is_needed in needed.items() if is_needed
               and source.columns.get(field) not in names]  # fmt: skip
    if missing:
        there = say_list(repr(name) for name in names) if names else "none"
        raise UsageRefused(
            what=f"The file has no column {say_list(repr(name) for name in missing)} (it has {there})."
            " Name the columns with --map, or the medication with --medication."
        )
    return rows


class _RowReader:
    """Turns the text of one row into a dose."""

    def __init__(self, chart: Chart, source: Source, default: Medication | None) -> None:
        self.chart = chart
        self.columns = source.columns
        self.default = default
        self.zone = load_zone(source.zone) if source.zone is not None else None
        self.plans: dict[int, list[tuple[datetime, datetime, Plan]]] = {}

    def dose(self, row: Mapping[str, str]) -> Dose:
        """The dose of a row; raises a refusal with the reason where it cannot be."""
        chart = self.chart
        medication = self.default or chart.find(self._text(row, "medication"))
        taken_at = self._instant(self._text(row, "taken_at"))
        typed = self._text(row, "status").lower()
        if typed not in STATUSES:
            raise UsageRefused(what=f"The status {typed!r} is neither 'taken' nor 'skipped'.")
        status = STATUSES[typed]
        note = self._text(row, "note")
        return Dose(
            id=0,
            uid="",
            medication_id=medication.id,
            status=status,
            taken_at=taken_at,
            zone=chart.zones.at(taken_at).key or "UTC",
            local=chart.local(taken_at),
            amount=self._amount(row, medication, taken_at) if status == "taken" else None,
            for_slot=None,
            certainty="exact",
            given_by=None,
            note=read_text(note, "note", LONGEST_NOTE) if note else None,
            recorded_at=chart.now,
        )

    def _text(self, row: Mapping[str, str], field: str) -> str:
        text = row.get(self.columns.get(field, ""), "").strip()
        # medtrack's own CSV puts an apostrophe before what a spreadsheet would take for a formula.
        return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text

    def _instant(self, text: str) -> datetime:
        local, offset = read_iso(text)
        if offset is not None:
            at = local.replace(tzinfo=timezone(offset)).astimezone(UTC)
        elif self.zone is not None:
            at = settle(local, self.zone, now=self.chart.now)
        else:
            at = settle(local, self.chart.zone, now=self.chart.now)
        if at > self.chart.now + SLACK:
            raise TimeAhead(local=say_local(local), what="A dose", hint="")
        return at

    def _amount(self, row: Mapping[str, str], medication: Medication, at: datetime) -> Amount:
        plan = self._plan(medication, at)
        text = self._text(row, "amount")
        if text:
            return read_amount(text, plan.amount.unit if plan else None)
        return plan.amount if plan else read_amount("1")

    def _plan(self, medication: Medication, at: datetime) -> Plan | None:
        if medication.id not in self.plans:
            self.plans[medication.id] = [
                (*plan_span(plan, self.chart.zones), plan)
                for plan in self.chart.plans(medication)
                if not plan.is_empty
            ]
        spans = self.plans[medication.id]
        inside = (plan for since, until, plan in spans if since <= at < until)
        return next(inside, spans[0][2] if spans else None)


def _say_bad(bad: Sequence[tuple[int, str]], most: int) -> list[str]:
    return [f"Line {number}: {why}" for number, why in bad[:most]]


def _receipt(
    chart: Chart,
    good: list[Dose],
    fresh: list[Dose],
    bad: list[tuple[int, str]],
    dry_run: bool,
    *,
    refused: bool,
) -> Report:
    names = {medication.id: medication.name for medication in chart.medications}
    counts = {name: sum(names[dose.medication_id] == name for dose in fresh) for name in names.values()}
    rows = [{"medication": name, "doses": count} for name, count in counts.items() if count]
    verb = "Would record" if dry_run else "Recorded"
    lines = [f"{verb} {say_number_of(len(fresh), 'dose')}."]
    if len(good) > len(fresh):
        lines.append(f"Left out, there already: {say_number_of(len(good) - len(fresh), 'dose')}.")
    if refused:
        lines[0] = "Would record nothing: it is all or nothing, unless --skip-bad leaves out the bad rows."
    if bad:
        lines += [f"Left out, cannot be read: {say_number_of(len(bad), 'row')}.", *_say_bad(bad, SHOWN)]
    if len(bad) > SHOWN:
        lines.append(f"And {len(bad) - SHOWN:,} more.")
    if dry_run:
        lines.append("Nothing was recorded: this was a dry run.")
    elif fresh:
        lines.append(UNDO)
    meta = {
        "recorded": 0 if dry_run else len(fresh),
        "already": len(good) - len(fresh),
        "bad": [{"line": number, "reason": why} for number, why in bad],
        "refused": refused,
        "dry_run": dry_run,
    }
    columns = (Column("medication", "Medication"), Column("doses", "Doses", right=True))
    return Report("import", columns, rows, meta, lines=lines)
