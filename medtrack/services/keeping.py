"""Backups of a record, and one put back in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from shlex import quote
from typing import NamedTuple

from medtrack.domain.moment import Moment
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_number_of
from medtrack.errors import (
    ConfirmationNeeded,
    MedtrackError,
    NoRecord,
    OtherPerson,
    RecordLocked,
    RecordVanished,
    Stopped,
    UsageRefused,
)
from medtrack.store import backups
from medtrack.store.backups import Contents
from medtrack.store.encryption import NO_KEY, Unlock, to_recipients, with_passphrase
from medtrack.store.record import Record
from medtrack.store.registry import Registry
from medtrack.store.replacement import Replacement, replacement

from .chart import Chart

Ask = Callable[[Report], bool]
"""Shows what would be done and asks whether to do it."""
Lock = Callable[[bytes], bytes]
"""Encrypts what a file shall hold."""
_KEPT = tuple(Column(key) for key in ("file", "actions", "facts", "doses", "verified", "encrypted"))
_COMPARED = (
    Column("record", "Record"),
    Column("state"),
    Column("actions", "Actions", right=True),
    Column("doses", "Doses", right=True),
    Column("last_at", "Last action"),
    Column("last", "What"),
)


class Place(NamedTuple):
    """Where a record is, or shall be."""

    path: str
    named: str
    """The path as it was typed, links and all."""
    registry: Registry
    moment: Moment


def back_up(
    chart: Chart,
    file: str,
    *,
    force: bool = False,
    recipients: Sequence[str] = (),
    passphrase: Callable[[], str] | None = None,
) -> Report:
    """Copy the record to a file, verified before it gets its name.

    It is encrypted where there are recipients (public keys of age or ssh, or files of them), or where
    there is a passphrase to ask for. Raises UsageRefused for both, which age forbids, and for the record's
    own name; ExtraMissing; FileExists without `force` where there is one; RecordDamaged where the record is
    not what was written; DiskTrouble.
    """
    encrypt = _lock(recipients, passphrase)
    found = backups.back_up(chart.record, file, replace=force, encrypt=encrypt)
    row = {"file": file, "actions": found.actions, "facts": found.facts, "doses": found.doses}
    lines = [
        f"Backed up to {file}.",
        f"It holds {_counted(found)}, and was verified: every one is as it was written.",
    ]
    if encrypt is not None:
        key = "the passphrase" if passphrase is not None else "a key that fits"
        lines.append(f"It is encrypted: without {key} nobody can read it, and nothing brings it back.")
    return Report("backup", _KEPT, [{**row, "verified": True, "encrypted": encrypt is not None}], lines=lines)


def _lock(recipients: Sequence[str], passphrase: Callable[[], str] | None) -> Lock | None:
    if recipients and passphrase is not None:
        raise UsageRefused(what="A file is encrypted with --age or with --passphrase, not with both.")
    if passphrase is not None:
        return with_passphrase(passphrase())
    return to_recipients(recipients) if recipients else None


def unlock(identities: Sequence[str], ask: Callable[[str, bool], str] | None) -> Unlock:
    """What may open an encrypted backup: files of secret keys, and a passphrase where it can be asked for."""
    return Unlock(tuple(identities), None if ask is None else lambda question: ask(question, False))


def restore(
    place: Place, file: str, key: Unlock = NO_KEY, *, yes: bool = False, ask: Ask | None = None
) -> Report:
    """Put a backup in the place of the record, which is kept aside; the rows compare the two.

    The backup is decrypted where it is encrypted, and verified first. `ask` is None where there is nobody to
    ask. Raises ConfirmationNeeded, Stopped, and what `store.replacement` raises.
    """
    with replacement(place.path, place.named, file, place.registry, key) as ready:
        chart = Chart(ready.record, place.moment)
        before = _there(place, chart)
        after = _row(chart, "after", "whole", ready.contents)
        report = Report(
            "restore",
            _COMPARED,
            [before, after],
            lines=[f"{place.path} would be replaced by {file}, which was verified:", *_lacking(place, ready)],
        )
        _refuse_another(place, chart, file, before)
        if not yes:
            if ask is None:
                raise ConfirmationNeeded(what=f"in {place.path} {_said(before)}; from {file} {_said(after)}.")
            if not ask(report):
                raise Stopped
        aside = ready.put(place.moment.now)
    lines = [f"Restored from {file}, which was verified: {place.path}", *report.lines[1:]]
    if aside is not None:
        lines.append(f"What was there before is kept: {aside}")
    return report._replace(lines=lines, meta={"kept": aside})


def _lacking(place: Place, ready: Replacement) -> list[str]:
    """That this machine wrote something to the record that the backup does not hold."""
    known = place.registry.entry(place.path)
    if known is None or known.fitting(ready.record.has_action) is not None:
        return []
    last = "" if ready.contents.last_at is None else f" after {say_local(ready.contents.last_at)} UTC"
    return [
        f"Mind: this machine wrote to the record{last} what is not in this file. Doses of since then are to"
        " be written down again, or brought in from where they still are: restore FILE --merge"
    ]


def _refuse_another(place: Place, chart: Chart, file: str, before: Cells) -> None:
    """One person's record takes no other's place. Raises OtherPerson."""
    theirs = before.get("person")
    if theirs and chart.person and theirs != chart.person:
        raise OtherPerson(
            file=file, path=place.path, theirs=chart.person, ours=theirs, quoted=quote(str(chart.person))
        )


def _there(place: Place, chart: Chart) -> Cells:
    """What is at the place now, readable or not."""
    try:
        record = Record.open(place.path, place.registry)
    except RecordLocked:
        raise
    except MedtrackError as refusal:
        return _unreadable(refusal)
    try:
        ours = Chart(record, place.moment).person
        return {**_row(chart, "before", "readable", backups.contents(record)), "person": ours}
    except RecordLocked:
        raise
    except MedtrackError as refusal:
        return _unreadable(refusal)
    finally:
        record.close()


def _unreadable(refusal: MedtrackError) -> Cells:
    if isinstance(refusal, NoRecord | RecordVanished):
        return {"record": "before", "state": "missing", "last": "there is none"}
    why = refusal.facts.get("why", f"its format is {refusal.facts.get('found')}")
    return {"record": "before", "state": "unreadable", "last": f"it cannot be read: {why}"}


def _row(chart: Chart, which: str, state: str, found: Contents) -> Cells:
    return {
        "record": which,
        "state": state,
        "actions": found.actions,
        "doses": found.doses,
        "last_at": None if found.last_at is None else chart.shown(found.last_at),
        "last": found.last,
    }


def _said(row: Cells) -> str:
    """One side of the comparison as part of a sentence."""
    if "actions" not in row:
        return str(row["last"])
    counts = f"{say_number_of(row['actions'], 'action')} and {say_number_of(row['doses'], 'dose')}"
    last = row["last_at"]
    return f"{counts}, the last {last:%Y-%m-%d %H:%M}" if isinstance(last, datetime) else counts


def _counted(found: Contents) -> str:
    return (
        f"{say_number_of(found.actions, 'action')}, {say_number_of(found.facts, 'fact')}"
        f" and {say_number_of(found.doses, 'dose')}"
    )
