"""Doses that two devices wrote down apart and that cannot all be meant, and what settles it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import timedelta
from shlex import quote

from medtrack.domain.amounts import show_amount
from medtrack.domain.knowing import Knowledge
from medtrack.domain.matching import Dose, Match
from medtrack.domain.merging import Conflict
from medtrack.domain.names import handles
from medtrack.domain.regimen import Medication
from medtrack.domain.wording import say_list
from medtrack.store import merging
from medtrack.store.merging import Written

from .chart import Chart

_AROUND = timedelta(days=2)
_WHY = "written down twice"


def dose_conflicts(chart: Chart, known: Knowledge) -> Iterator[Conflict]:
    """Every dose that was written down apart, and stands so."""
    yield from _doubled_doses(chart, known)


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
                yield _doubled_dose(chart, medication, found, found.dose, extra, (one.who, other.who))


def _slot_of(matches: list[Match], dose: Dose) -> Match | None:
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
    chart: Chart, medication: Medication, found: Match, first: Dose, extra: Dose, who: tuple[str, str]
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
        f"{name}, planned for {chart.say(found.slot.planned_at)}, was written down on two devices:"
        f" {say_list(said)}.",
        todo,
        frozenset((first.uid, extra.uid)),
        {
            "kind": "dose",
            "medication": name,
            "planned_at": chart.zones.shown(found.slot.planned_at),
            "ids": [first.id, extra.id],
            "commands": commands,
        },
    )
