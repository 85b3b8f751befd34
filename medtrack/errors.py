"""Every refusal medtrack can make: one class, its sentence (the docstring) and its exit code.

Codes follow one table: 1 stopped by the person or by who read the output, 2 usage or a value that cannot
be, 3 our fault, 20-29 not found or ambiguous, 30-39 refused where a flag would do it, 40-49 the file.
What is no refusal has codes too: 4 done but for your eyes, 10 and 11 due and overdue, 130 interrupted.
Codes from 20 on belong to one class and its subclasses, so a script can tell the refusals apart.
"""

from __future__ import annotations


class MedtrackError(Exception):
    """Something went wrong."""

    exit_code = 3

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return (type(self).__doc__ or "").strip().format(**self.facts)


class Stopped(MedtrackError):
    """Stopped. Nothing was recorded."""

    exit_code = 1


# --- 2: usage, or a value that cannot be read or cannot be --------------------------------------


class UsageRefused(MedtrackError):
    """{what}"""

    exit_code = 2


class BadAmount(UsageRefused):
    """{typed!r} is not an amount: {why}. Write it like '1', '1/2 tablet', '2.5 ml' or '10 units'."""


class BadTime(UsageRefused):
    """{typed!r} is not a time medtrack reads: {why}. Write it like '08:00', 'yesterday 22:00', '2h ago' or '2026-03-29 08:00'."""


class BadSpan(UsageRefused):
    """{typed!r} is not a span: {why}. Write it like '7d', 'last month', '2026-03' or '2026-01-01..2026-03-31'."""


class BadDuration(UsageRefused):
    """{typed!r} is not a length of time: {why}. Write it like '30m', '8h', '2d' or '3w'."""


class BadTiming(UsageRefused):
    """The timing cannot be: {why}."""


class BadZone(UsageRefused):
    """{typed!r} is not a time zone this machine knows. Write it like 'Europe/Paris'."""


class NoZoneData(UsageRefused):
    """There is no time zone database on this machine, so no time can be told right. Install the tzdata package."""


class BadText(UsageRefused):
    """The {what} cannot be stored: {why}."""


class TimeNeverWas(UsageRefused):
    """{local} never existed in {zone}: the clocks went from {before} to {after}. Say the time on a clock that was right."""


class TimeAhead(UsageRefused):
    """{local} is in the future. {what} is written down when it has happened{hint}."""


class ImportRefused(UsageRefused):
    """Nothing was imported: {what}"""


class ReasonNeeded(UsageRefused):
    """{what} needs a reason: add --reason 'why'."""


class SchedulerMissing(UsageRefused):
    """There is no {what} on this machine. 'medtrack remind install --print' shows what to put into a scheduler that is there."""


class SchedulerFailed(UsageRefused):
    """{what} did not do it: {why}. {outcome}."""

    def __init__(self, *, outcome: str = "Nothing was changed", **facts: object) -> None:
        super().__init__(outcome=outcome, **facts)


# --- 20-29: not found or ambiguous -----------------------------------------------------------------


class NotSettled(MedtrackError):
    """{what}"""

    exit_code = 20


class MedicationNotFound(MedtrackError):
    """There is no medication {typed!r} in this record. {hint}"""

    exit_code = 21


class MedicationAmbiguous(MedtrackError):
    """{typed!r} could be {candidates}. Type more of the name."""

    exit_code = 22


class TimeTwice(MedtrackError):
    """{local} happened twice in {zone}. Type the one you mean with its offset: {first} or {second}."""

    exit_code = 23


class DoseNotFound(MedtrackError):
    """There is no dose {typed!r} in this record. 'medtrack log' lists them with their ids."""

    exit_code = 24


class PersonNotFound(MedtrackError):
    """There is no record for {person!r}. {hint}"""

    exit_code = 25


class NothingToUndo(MedtrackError):
    """{what} 'medtrack history' lists what was done."""

    exit_code = 26


class NothingDue(MedtrackError):
    """Nothing is due, so nothing was recorded."""

    exit_code = 27


class NoPlan(MedtrackError):
    """{medication} {why}."""

    exit_code = 28


class ExtraMissing(MedtrackError):
    """{what} needs the package {package}, which is not installed. To add it: {how}.{otherwise} Nothing was written."""

    exit_code = 29

    def __init__(self, *, otherwise: str = "", **facts: object) -> None:
        super().__init__(otherwise=otherwise, **facts)


# --- 30-39: refused where a flag would do it -------------------------------------------------------


class ConfirmationNeeded(MedtrackError):
    """Nothing was recorded: {what} Read it, then run the same command with --yes."""

    exit_code = 30


class PlanOverlap(MedtrackError):
    """{medication} already has a plan then ({plan}). To replace it: medtrack change {typed}. To keep both: --yes."""

    exit_code = 31


class PlanDoubled(MedtrackError):
    """{medication} already has a dose planned at the same time ({plan}); nothing was recorded. To replace that plan: medtrack change {typed}."""

    exit_code = 36


class WeeklyPlan(MedtrackError):
    """Nothing was recorded: {medication} is planned more often than once a week. {why} Compare it with the prescription; if it was ordered so, run the same command with --typed '{words}'."""

    exit_code = 39


class DoseAgain(MedtrackError):
    """{medication} was already written down at {local}, {why}. Nothing was recorded; if it is one more dose: --again."""

    exit_code = 32


class AlreadyTaken(MedtrackError):
    """{medication} {slot} was taken at {local} (dose {dose}), so it cannot be skipped. To correct it: medtrack amend {dose} --void --reason 'why'."""

    exit_code = 33


class NewPerson(MedtrackError):
    """There is no record for {person!r} yet (known: {known}). To make one: medtrack people add {quoted}, or --yes here."""

    exit_code = 34


class FileExists(MedtrackError):
    """{path} is there already and was left alone{hint}."""

    exit_code = 35


class OtherPerson(MedtrackError):
    """{file} is the record of {theirs!r}, and {path} that of {ours!r}. Nothing was changed. If they are one person, say so first: medtrack settings person {quoted}."""

    exit_code = 37


class KeyNeeded(MedtrackError):
    """{path} is encrypted, and {why}. Nothing was read or written."""

    exit_code = 38


# --- 40-49: the file ------------------------------------------------------------------------------


class RecordVanished(MedtrackError):
    """The record {path} is missing, though it was there before. Nothing was recorded and no new one was made. Bring it back, restore a backup, or name another with --db. To begin anew in its place: medtrack people forget."""

    exit_code = 40


class NoRecord(MedtrackError):
    """There is no record yet ({path}). The first 'medtrack add' makes one."""

    exit_code = 41


class RecordLocked(MedtrackError):
    """The record {path} is in use by another program and did not come free within 10 seconds. Nothing was recorded; try again."""

    exit_code = 42


class RecordNewer(MedtrackError):
    """The record {path} was written by a newer medtrack (format {found}, this one knows {known}). It was left untouched; upgrade medtrack."""

    exit_code = 43


class RecordDamaged(MedtrackError):
    """The record {path} is damaged ({why}). Nothing was written to it; keep a copy and restore a backup."""

    exit_code = 44


class RecordReadOnly(MedtrackError):
    """The record {path} cannot be written ({why}). Nothing was recorded."""

    exit_code = 45


class DiskTrouble(MedtrackError):
    """The record {path} could not be used: {why}. {outcome}."""

    exit_code = 46

    def __init__(self, *, outcome: str = "Nothing was recorded", **facts: object) -> None:
        super().__init__(outcome=outcome, **facts)


class OutputFailed(DiskTrouble):
    """The output could not be written ({why})."""


class OutputClosed(OutputFailed):
    """The output could not be written ({why})."""

    # Whoever reads it has seen enough, as with `head`: no trouble of the disk.
    exit_code = 1


class NotARecord(MedtrackError):
    """{path} is not a medtrack record ({why}). It was left untouched."""

    exit_code = 47


class NoHome(MedtrackError):
    """There is nowhere to keep the record: HOME is not set. Set HOME, or name the record with --db or MEDTRACK_DB."""

    exit_code = 48


class InputUnreadable(MedtrackError):
    """{path} cannot be read ({why})."""

    exit_code = 49
