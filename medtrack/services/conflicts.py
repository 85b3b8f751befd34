"""What two devices wrote down apart that cannot both be meant, and what settles it.

Nothing is dropped in a merge, so it stands twice until a person decides: a dose of one planned time, a
medication under one name, a plan at the same times.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import show_amount
from medtrack.domain.matching import Dose, Match
from medtrack.domain.names import folded, handles
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells
from medtrack.domain.slots import plan_span
from medtrack.domain.wording import say_list
from medtrack.store import merging
from medtrack.store.merging import Written

from .chart import Chart
from .planning import doubled, overlapping

_AROUND = timedelta(days=2)
_WHY = "written down twice"


class Conflict(NamedTuple):
    """Something that stands twice, and what to do: each a sentence."""

    finding: str
    what_to_do: str
    uids: frozenset[str]
    """The facts that stand beside each other."""
    cells: Cells
    """The same for scripts."""


def conflicts(chart: Chart) -> list[Conflict]:
    """Everything that stands twice since records were merged; nothing in one that never was."""
    merges = merging.merges(chart.record)
    if not merges:
        return []
    return [*_doubled_doses(chart, merges), *_shared_names(chart), *_doubled_plans(chart)]


# --- one planned dose, written down twice ------------------------------------------------------------


def _doubled_doses(chart: Chart, merges: list[tuple[str, datetime]]) -> Iterator[Conflict]:
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
            if extra.uid not in course.as_needed and one and other and _is_open(one, other, merges):
                yield _doubled_dose(chart, medication, found, found.dose, extra, (one.who, other.who))


def _slot_of(matches: list[Match], dose: Dose) -> Match | None:
    """The slot a dose was logged for, or whose catchment holds it, of slots in their order."""
    if dose.for_slot is not None:
        at = bisect_left(matches, dose.for_slot, key=lambda found: found.slot.planned_at)
        if at < len(matches) and matches[at].slot.planned_at == dose.for_slot:
            return matches[at]
    at = bisect_right(matches, dose.taken_at, key=lambda found: found.begins) - 1
    return matches[at] if at >= 0 and dose.taken_at < matches[at].ends else None


def _is_open(one: Written, other: Written, merges: list[tuple[str, datetime]]) -> bool:
    """Whether two doses of one slot were written apart, and nobody who had both has looked at them since.

    Who corrects one of them with `amend` where both are says that both were taken. Nothing less settles it:
    a device that had merged need not have had the other one.
    """
    if one.device == other.device:
        return False
    before, after = sorted((one, other), key=lambda each: each.recorded_at)
    return not (
        after.command == "amend"
        and any(
            device == after.device and before.recorded_at <= at <= after.recorded_at for device, at in merges
        )
    )


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


# --- one name, one time, planned twice ---------------------------------------------------------------


def _shared_names(chart: Chart) -> Iterator[Conflict]:
    called = handles(chart.medications)
    by_name: dict[str, list[Medication]] = {}
    for medication in chart.medications:
        if chart.is_taken(medication):
            by_name.setdefault(folded(medication.name), []).append(medication)
    for alike in by_name.values():
        if len(alike) == 1:
            continue
        first, *others = (called[each.id] for each in alike)
        commands = [f"medtrack stop {quote(other)} --reason 'the same as {first}'" for other in others]
        yield Conflict(
            f"{alike[0].name} was written down {len(alike)} times, each apart:"
            f" {say_list(_described(chart, each, called) for each in alike)}.",
            f"Type it so; if they are one: {' && '.join(commands)}",
            frozenset(each.uid for each in alike),
            {
                "kind": "name",
                "medication": alike[0].name,
                "planned_at": None,
                "ids": [each.id for each in alike],
                "commands": commands,
            },
        )


def _described(chart: Chart, medication: Medication, called: dict[int, str]) -> str:
    what = " ".join(part for part in (medication.strength, medication.form) if part)
    plans = "; ".join(chart.describe(plan) for plan in chart.plans(medication))
    return f"{called[medication.id]} ({', '.join(part for part in (what, plans) if part)})"


def _doubled_plans(chart: Chart) -> Iterator[Conflict]:
    called = handles(chart.medications)
    for medication in chart.medications:
        plans = [plan for plan in chart.plans(medication) if plan_span(plan, chart.zones)[1] > chart.now]
        for number, plan in enumerate(plans):
            for other in overlapping(chart, plans[number + 1 :], [plan]):
                if not doubled(chart, other, [plan]):
                    continue
                command = f"medtrack change {quote(called[medication.id])} ... --reason 'planned twice'"
                yield Conflict(
                    f"{called[medication.id]} is planned twice at the same time:"
                    f" {chart.describe(plan)}; and {chart.describe(other)}.",
                    f"Write down the one that is right, which ends both: {command}",
                    frozenset((plan.uid, other.uid)),
                    {
                        "kind": "plan",
                        "medication": called[medication.id],
                        "planned_at": None,
                        "ids": [plan.id, other.id],
                        "commands": [command],
                    },
                )
