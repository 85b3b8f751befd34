"""Doses that were taken although the medication is on hold: a hold written down later erases none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from medtrack.domain.matching import Dose, Match, hold_over
from medtrack.domain.regimen import Medication
from medtrack.domain.wording import say_number_of

from .chart import Chart, Course

ON_HOLD = "taken while on hold, in no percentage"


def of_held_slots(matches: Iterable[Match], course: Course) -> list[Dose]:
    """The doses taken for a slot that is on hold: it leaves every percentage, and the dose with it."""
    found = []
    for each in matches:
        paused = hold_over(course.holds, each.slot.planned_at)
        if paused and paused.state == "held" and each.dose is not None and each.dose.status == "taken":
            found.append(each.dose)
    return found


def taken_lines(chart: Chart, medication: Medication, since: datetime, until: datetime | None) -> list[str]:
    """Which doses were taken inside a hold, each as a sentence that says how it counts."""
    ends = chart.now + timedelta(seconds=1) if until is None else until
    if ends <= since:
        return []
    course = chart.course(medication, since, ends)
    held = {dose.uid: dose for dose in of_held_slots(course.matches, course)}
    inside = {dose.uid: dose for dose in course.extras} | held
    return [
        f"{medication.name} was taken {chart.say(dose.taken_at)}, inside the hold: it stays in the log (dose"
        f" {dose.id}), as {'taken while on hold' if uid in held else 'one more than planned'}, and no"
        " percentage counts it."
        for uid, dose in sorted(inside.items(), key=lambda pair: (pair[1].taken_at, pair[0]))
    ]


def counted_lines(
    chart: Chart, medications: Sequence[Medication], begins: datetime, ends: datetime
) -> list[str]:
    """How many doses from `begins` up to `ends` were taken for slots that are on hold, in a sentence."""
    found = [(each.name, len(_taken_in_holds(chart, each, begins, ends))) for each in medications]
    said = [f"{name} {number}" for name, number in found if number]
    if not said:
        return []
    doses = say_number_of(sum(number for _, number in found), "dose")
    return [f"Taken while on hold, and in no percentage: {doses} ({', '.join(said)})."]


def _taken_in_holds(chart: Chart, medication: Medication, begins: datetime, ends: datetime) -> set[str]:
    """The doses of held slots, once each: looked for inside the holds, since a record may be of decades."""
    found: set[str] = set()
    for hold in chart.holds(medication):
        since = max(begins, chart.begin(hold.since))
        until = ends if hold.until is None else min(ends, chart.end(hold.until))
        if since < until and not hold.unrecorded:
            course = chart.course(medication, since, until)
            found |= {dose.uid for dose in of_held_slots(course.matches, course)}
    return found
