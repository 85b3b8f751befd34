"""Doses that two devices wrote down apart and that cannot all be meant, and what settles it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, combinations, pairwise
from shlex import quote

from medtrack.domain.amounts import show_amount
from medtrack.domain.knowing import Knowledge
from medtrack.domain.matching import Dose, Match, is_as_needed
from medtrack.domain.merging import Conflict
from medtrack.domain.names import handles
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells
from medtrack.domain.wording import say_list
from medtrack.store import apart, merging
from medtrack.store.apart import Correction
from medtrack.store.doses import find_dose
from medtrack.store.merging import Written

from .chart import Chart, Course

_AROUND = timedelta(days=2)
_AT_ONCE = timedelta(minutes=1)
"""How close two doses taken as needed are that may be one."""
_WHY = "written down twice"
_NOT_TAKEN = "it was not taken"


def dose_conflicts(chart: Chart, known: Knowledge) -> Iterator[Conflict]:
    """Every dose that was written down or corrected apart, and stands so; each pair once."""
    told: set[frozenset[str]] = set()
    corrections = apart.corrections(chart.record)
    found = (_doubled_doses(chart, known), _corrected_twice(chart, known, corrections))
    for each in chain(*found, _voided_crosswise(chart, known, corrections)):
        if each.uids not in told:
            told.add(each.uids)
            yield each


# --- one planned dose, written down twice ------------------------------------------------------------


def _doubled_doses(chart: Chart, known: Knowledge) -> Iterator[Conflict]:
    written = merging.written_doses(chart.record)
    for medication in chart.medications:
        at = [each.taken_at for each in written.values() if each.medication_id == medication.id]
        if not at:
            continue
        course = chart.course(medication, min(at) - _AROUND, max(at) + _AROUND)
        for extra in course.extras:
            found = _slot_of(course.matches, extra)
            if found is None or found.dose is None or found.dose.status != "taken":
                continue
            one, other = written.get(found.dose.uid), written.get(extra.uid)
            if extra.uid not in course.as_needed and one and other and _is_open(one, other, known):
                planned = found.slot.planned_at
                yield _doubled_dose(chart, medication, found.dose, extra, (one.who, other.who), planned)
        needed = [dose for dose in course.extras if dose.uid in course.as_needed]
        for first, extra in pairwise(needed):
            one, other = written.get(first.uid), written.get(extra.uid)
            is_close = extra.taken_at - first.taken_at < _AT_ONCE
            if is_close and one and other and _is_open(one, other, known):
                yield _doubled_dose(chart, medication, first, extra, (one.who, other.who))


def _slot_of(matches: list[Match], dose: Dose | Correction) -> Match | None:
    """The slot a dose was logged for, or whose catchment holds it, of slots in their order."""
    if dose.for_slot is not None:
        at = bisect_left(matches, dose.for_slot, key=lambda found: found.slot.planned_at)
        if at < len(matches) and matches[at].slot.planned_at == dose.for_slot:
            return matches[at]
    at = bisect_right(matches, dose.taken_at, key=lambda found: found.begins) - 1
    return matches[at] if at >= 0 and dose.taken_at < matches[at].ends else None


def _is_open(one: Written, other: Written, known: Knowledge) -> bool:
    """Whether two doses of one slot were written apart, and nobody who had both has looked at them since.

    Who corrects one of them with `amend` where both are says that both were taken. Nothing less settles it:
    a device that had merged need not have had the other one.
    """
    before, after = sorted((known.deed(each.action_id) for each in (one, other)), key=lambda deed: deed.id)
    if before.device == after.device:
        return False
    return after.command != "amend" or not known.may_have_known(after, before)


def _doubled_dose(
    chart: Chart,
    medication: Medication,
    first: Dose,
    extra: Dose,
    who: tuple[str, str],
    planned: datetime | None = None,
    what: str = "was written down",
) -> Conflict:
    name = handles(chart.medications)[medication.id]
    said = [
        f"dose {dose.id} ({chart.say(dose.taken_at)}, by {dose.given_by or writer})"
        for dose, writer in zip((first, extra), who, strict=True)
    ]
    commands = [f"medtrack amend {extra.id} --void --reason '{_WHY}'"]
    todo = f"If it was one dose: {commands[0]}"
    if extra.amount is not None:
        amount = quote(show_amount(extra.amount))
        commands.append(f"medtrack amend {extra.id} --amount {amount} --reason 'both were taken'")
        todo += f"; if both were taken: {commands[1]}"
    return Conflict(
        f"{name}{'' if planned is None else f', planned for {chart.say(planned)},'} {what} on two devices:"
        f" {say_list(said)}.",
        todo,
        frozenset((first.uid, extra.uid)),
        {
            "kind": "dose",
            "medication": name,
            "planned_at": None if planned is None else chart.zones.shown(planned),
            "ids": [first.id, extra.id],
            "commands": commands,
        },
    )


# --- corrected or voided on two devices -----------------------------------------------------------------


def _corrected_twice(chart: Chart, known: Knowledge, corrections: list[Correction]) -> Iterator[Conflict]:
    """One dose that two devices corrected, each in its own way, or one corrected and one voided."""
    medications = {each.id: each for each in chart.medications}
    of_one: dict[str, list[Correction]] = {}
    for each in corrections:
        of_one.setdefault(each.uid, []).append(each)
    for same in of_one.values():
        for one, other in combinations(same, 2):
            deeds = known.deed(one.action_id), known.deed(other.action_id)
            if not known.are_apart(*deeds):
                continue
            doses = [find_dose(chart.record, str(each.right)) for each in (one, other) if each.right]
            standing = [dose for dose in doses if dose is not None]
            if len(standing) == len(deeds):
                first, extra = standing
                who = (deeds[0].who, deeds[1].who)
                medication = medications[extra.medication_id]
                yield _doubled_dose(chart, medication, first, extra, who, what="was corrected")
            elif standing and not (one.has_dose and other.has_dose):
                yield _half_voided(chart, medications[standing[0].medication_id], standing[0], one.uid)


def _half_voided(chart: Chart, medication: Medication, dose: Dose, was: str) -> Conflict:
    name = handles(chart.medications)[medication.id]
    commands = [f"medtrack amend {dose.id} --void --reason '{_NOT_TAKEN}'"]
    todo = f"If it was not taken: {commands[0]}"
    said = ""
    if dose.amount is not None:
        said = f" {show_amount(dose.amount)}"
        commands.append(
            f"medtrack amend {dose.id} --amount {quote(show_amount(dose.amount))} --reason 'it was taken'"
        )
        todo += f"; if it was: {commands[1]}"
    return Conflict(
        f"{name} {chart.say(dose.taken_at)} was voided on one device and corrected on another, where it"
        f" stands as dose {dose.id}{said}.",
        todo,
        frozenset((was, dose.uid)),
        {"kind": "dose", "medication": name, "planned_at": None, "ids": [dose.id], "commands": commands},
    )


def _voided_crosswise(chart: Chart, known: Knowledge, corrections: list[Correction]) -> Iterator[Conflict]:
    """A dose written down twice of which two devices each voided another copy, so that none is left."""
    voided = [each for each in corrections if not each.has_dose]
    for medication in chart.medications:
        own = [each for each in voided if each.medication_id == medication.id]
        pairs = [
            (one, other)
            for one, other in combinations(own, 2)
            if one.uid != other.uid
            and known.are_apart(known.deed(one.action_id), known.deed(other.action_id))
        ]
        if not pairs:
            continue
        at = [each.taken_at for each in own]
        course = chart.course(medication, min(at) - _AROUND, max(at) + _AROUND)
        for one, other in pairs:
            found = _slot_of(course.matches, one)
            if found != _slot_of(course.matches, other):
                continue
            if found is not None and found.dose is None:
                yield _lost_dose(chart, medication, found, one, other)
            elif found is None and _is_one_as_needed(chart, course, known, one, other):
                yield _lost_as_needed(chart, medication, one, other)


def _is_one_as_needed(
    chart: Chart, course: Course, known: Knowledge, one: Correction, other: Correction
) -> bool:
    """Whether two voided doses can be one that was taken as needed, and nobody has said yet what is true.

    That is said by a dose then, or by a note about the medication then from whoever could see both voids.
    """
    moments = (one.taken_at, other.taken_at)
    if max(moments) - min(moments) >= _AT_ONCE:
        return False
    if not all(is_as_needed(course.plans, chart.zones, moment) for moment in moments):
        return False

    def is_then(instant: datetime) -> bool:
        return any(abs(instant - moment) < _AT_ONCE for moment in moments)

    deeds = [known.deed(each.action_id) for each in (one, other)]
    if any(is_then(dose.taken_at) for dose in course.extras):
        return False
    return not any(
        remark.medication_id == course.medication.id
        and is_then(remark.noted_at)
        and all(known.may_have_known(known.deed(remark.action_id), deed) for deed in deeds)
        for remark in apart.remarks(chart.record)
    )


def _lost_dose(
    chart: Chart, medication: Medication, found: Match, one: Correction, other: Correction
) -> Conflict:
    name, planned = handles(chart.medications)[medication.id], found.slot.planned_at
    at, slot = quote(chart.dated(one.taken_at)), quote(chart.dated(planned))
    return _none_left(
        f"{name}, planned for {chart.say(planned)}, was written down on two devices, and each voided what the"
        " other wrote",
        f"medtrack take {quote(name)} --at {at}",
        f"medtrack skip {quote(name)} --for {slot} --reason '{_NOT_TAKEN}'",
        (one, other),
        {"medication": name, "planned_at": chart.zones.shown(planned)},
    )


def _lost_as_needed(chart: Chart, medication: Medication, one: Correction, other: Correction) -> Conflict:
    name, at = handles(chart.medications)[medication.id], quote(chart.dated(one.taken_at))
    amount = "" if one.amount is None else f" --amount {quote(show_amount(one.amount))}"
    return _none_left(
        f"{name}, taken as needed {chart.say(one.taken_at)}, was written down twice, and two devices each"
        " voided another of the two",
        f"medtrack take {quote(name)}{amount} --at {at}",
        f"medtrack note '{_NOT_TAKEN}' --med {quote(name)} --at {at}",
        (one, other),
        {"medication": name, "planned_at": None},
    )


def _none_left(
    said: str, taken: str, not_taken: str, voided: tuple[Correction, Correction], cells: Cells
) -> Conflict:
    """That both copies of a dose are void, and the two commands of which one settles it."""
    return Conflict(
        f"{said}: none is left, and it may have been taken.",
        f"If it was taken, do not take it again, and write it down: {taken}; if not: {not_taken}",
        frozenset(each.uid for each in voided),
        {"kind": "voided", **cells, "ids": [], "commands": [taken, not_taken]},
    )
