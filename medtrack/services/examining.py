"""What is wrong with a record, with what lies around it or with this machine, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from shlex import quote
from typing import NamedTuple

from medtrack.domain.moment import Moment
from medtrack.domain.report import Column, Report
from medtrack.domain.slots import FAR
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import (
    DiskTrouble,
    MedtrackError,
    NoRecord,
    RecordLocked,
    RecordNewer,
    RecordReadOnly,
    RecordVanished,
)
from medtrack.packages import renewed
from medtrack.store import backups, daily, surroundings
from medtrack.store.device import END_LOST, is_anything_lost
from medtrack.store.doses import listed_doses
from medtrack.store.record import Record
from medtrack.store.registry import Registry

from .chart import BACKDATED, Chart
from .conflicts import conflicts
from .counting import differing_tallies, keep_tallies
from .open_sessions import left_open
from .supplying import overdrawn

FRESH = timedelta(days=8)
"""How old the newest backup may be."""


class Finding(NamedTuple):
    """Something that wants a person's eyes, and what to do: each a sentence."""

    finding: str
    what_to_do: str


Reminders = Callable[[Chart], Iterable[tuple[str, str]]]
"""What is wrong with the reminders of a record, each with what to do."""


def examine(
    paths: Sequence[str],
    registry: Registry,
    moment: Moment,
    reminders: Reminders = lambda _: (),
    people: Sequence[str] | None = None,
) -> Report:
    """Look over the records at these paths, and the machine; the rows are findings, none where all is well.

    Where `people` names whose records they are, each finding has its `person`, None for one of the machine.
    Makes today's backup of a record that is whole, where there is none yet. Raises NoRecord and RecordLocked.
    """
    names = [None] * len(paths) if people is None else people
    found = [
        (name, each)
        for name, path in zip(names, paths, strict=True)
        for each in _of_record(path, registry, moment, reminders)
    ]
    found += [(None, each) for each in _of_machine(moment)]
    found += [
        (
            None,
            Finding(
                f"The record {path} is missing, though it was there before.",
                f"Bring it back, or, if it is gone on purpose: medtrack --db {quote(path)} people forget",
            ),
        )
        for path in registry.paths()
        if path not in paths and surroundings.is_missing(path)
    ]
    return Report(
        "doctor",
        (*([] if people is None else [Column("person")]), Column("finding"), Column("what_to_do")),
        [({} if people is None else {"person": name}) | each._asdict() for name, each in found],
        {} if people is None else {"people": list(people)},
        lines=[
            f"{'' if name is None else f'{name}: '}{each.finding} {each.what_to_do}" for name, each in found
        ],
        empty=f"Nothing is wrong: {'the record is' if len(paths) == 1 else 'all records are'} whole, and"
        " backups, reminders and this machine are in order.",
    )


def _of_record(path: str, registry: Registry, moment: Moment, reminders: Reminders) -> Iterator[Finding]:
    try:
        record = Record.open(path, registry)
    except (NoRecord, RecordLocked):
        raise
    except MedtrackError as refusal:
        yield from _unreadable(path, refusal)
    else:
        try:
            yield from _of_content(record, moment, reminders)
        finally:
            record.close()
    yield from _of_surroundings(path, registry)


def _unreadable(path: str, refusal: MedtrackError) -> Iterator[Finding]:
    if isinstance(refusal, RecordVanished):
        said = f"The record {path} is missing, though it was there before."
        yield Finding(said, f"Bring it back, or restore a backup: {_restoring(path)}")
    elif isinstance(refusal, RecordNewer):
        yield Finding(f"The record {path} was written by a newer medtrack.", "Upgrade medtrack.")
    else:
        said = f"The record {path} cannot be read ({refusal.facts.get('why')})."
        yield Finding(said, f"Keep a copy of it, and restore a backup: {_restoring(path)}")


def _restoring(path: str) -> str:
    """The command that restores the newest backup that is whole."""
    whole = (file for file in daily.kept_days(path).values() if _flaw(file) is None)
    newest = next(whole, None)
    return f"medtrack --db {quote(path)} restore {'FILE' if newest is None else quote(newest)}"


def _flaw(file: str) -> str | None:
    try:
        return backups.flaw_of(file)
    except MedtrackError as refusal:
        return str(refusal.facts.get("why", "it cannot be opened"))


def _of_content(record: Record, moment: Moment, reminders: Reminders) -> Iterator[Finding]:
    try:
        with backups.at_once(record) as (_, proof):
            findings = proof.findings
    except RecordLocked:
        raise
    except MedtrackError as refusal:
        yield from _unreadable(record.path, refusal)
        return
    if END_LOST in findings or is_anything_lost(record):
        medtrack = f"medtrack --db {quote(record.path)}"
        yield Finding(
            END_LOST,
            f"Bring it in from where it is still kept: {medtrack} restore FILE --merge. If it is gone on"
            f" purpose: {medtrack} people forget",
        )
    if findings:
        cure = f"Keep a copy of {record.path}, and restore a backup: {_restoring(record.path)}"
        yield from (Finding(finding, cure) for finding in findings if finding != END_LOST)
        return
    chart = Chart(record, moment)
    yield from _of_time(chart)
    yield from _of_tallies(chart)
    yield from (Finding(each.finding, each.what_to_do) for each in conflicts(chart))
    yield from (Finding(*each) for each in reminders(chart))
    yield from (Finding(*each) for each in left_open(chart))
    yield from (Finding(*each) for each in overdrawn(chart))
    yield from _of_backups(record, chart.local(moment.now).date())


def _of_time(chart: Chart) -> Iterator[Finding]:
    """Doses that are still to come were written down by a clock that was ahead."""
    ahead = list(listed_doses(chart.record, chart.now + BACKDATED, FAR))
    if ahead:
        first = min(dose.taken_at for dose in ahead)
        numbers = say_list(str(dose.id) for dose in ahead[:5])
        yield Finding(
            f"{say_number_of(len(ahead), 'dose')} (number {numbers}) is written down for a time to come, from"
            f" {chart.say(first)} on: a clock was ahead.",
            "Correct it: medtrack amend DOSE --at TIME --reason 'the clock was wrong'",
        )


def _of_tallies(chart: Chart) -> Iterator[Finding]:
    """Count everything anew and compare it with what was tallied; and tally what is over meanwhile."""
    names = differing_tallies(chart)
    if names:
        said = f"The tallies of {say_list(names)} are not what counting anew gives: reports may be wrong."
        yield Finding(
            said, "They were counted anew now: run such a report again, and please report this as a bug."
        )
    # A tally that cannot be kept is no harm: reports count by themselves.
    with suppress(RecordLocked, RecordReadOnly, DiskTrouble):
        keep_tallies(chart, anew=bool(names))


def _of_backups(record: Record, today: date) -> Iterator[Finding]:
    there = daily.kept_days(record.path)
    if today in there:
        flaw = _flaw(there[today])
        if flaw is not None:
            said = f"Today's backup {there[today]} is not whole ({flaw})."
            yield Finding(said, "Delete it; the next 'medtrack doctor' makes a new one.")
        return
    try:
        daily.keep_day(record, today)
    except MedtrackError as refusal:
        why = refusal.facts.get("why", "it is there already")
        yield Finding(
            f"Today's backup could not be made in {daily.folder_of(record.path)} ({why}).",
            f"Make it elsewhere: medtrack --db {quote(record.path)} backup FILE",
        )
        whole = [day for day in there if today - day <= FRESH and _flaw(there[day]) is None]
        if not whole:
            newest = f"the newest is of {max(there)}" if there else "there is none"
            said = f"No backup of {record.path} from the last {FRESH.days} days is whole; {newest}."
            yield Finding(said, "A record without a backup is lost with its disk.")


def _of_surroundings(path: str, registry: Registry) -> Iterator[Finding]:
    for each in surroundings.open_to_others(path, registry.folder):
        kind, mode = ("folder", "700") if each.is_folder else ("file", "600")
        said = f"The {kind} {each.path} is open to others (mode {each.mode:04o})."
        yield Finding(said, f"Close it: chmod {mode} {quote(each.path)}")
    names = surroundings.links_of(path)
    if names > 1:
        others = surroundings.other_names(path)
        also = f", among them {say_list(others)}" if others else ""
        yield Finding(
            f"The record {path} is reached by {names} names{also}: what one is used for damages the other.",
            "Remove every name but one.",
        )
    twins = surroundings.twins(path)
    for twin in twins:
        said = f"A sync program left {twin}: two copies were written to, and each lacks what is in the other."
        merging = f"medtrack --db {quote(path)} restore {quote(twin)} --merge"
        yield Finding(said, f"Bring both together: {merging}. Then delete it, and keep the record elsewhere.")
    synced = surroundings.synced_folder(path)
    if synced is not None:
        yield Finding(
            f"The record {path} is in a folder that a sync program keeps ({synced}), which can damage it.",
            "Keep it outside, and put backups there instead: medtrack backup FILE",
        )
    far = surroundings.shared_file_system(path)
    if far is not None:
        yield Finding(
            f"The record {path} is on another machine's disk ({far}): two that write at once can damage it.",
            "Keep it on a disk of this machine, and put backups there instead: medtrack backup FILE",
        )
    for draft in surroundings.left_drafts(path):
        said = f"{draft} is a part of a file that was never finished."
        yield Finding(said, "If no other medtrack is at work, delete it.")


def _of_machine(moment: Moment) -> Iterator[Finding]:
    old = surroundings.old_sqlite()
    if old is not None:
        yield Finding(
            f"SQLite is version {old}; a record needs 3.37 or newer.", "Use a Python built with a newer one."
        )
    year = moment.zone_data[:4]
    cure = f"Install the newest: {renewed('tzdata')}"
    if not year.isdigit():
        yield Finding("There is no time zone database that says which version it is.", cure)
    elif moment.now.year - int(year) > 1:
        age = say_number_of(moment.now.year - int(year), "year")
        said = f"The time zone database {moment.zone_data} is {age} old: times may be told wrong."
        yield Finding(said, cure)
