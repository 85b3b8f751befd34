"""Doses that were taken although the medication is on hold: a hold written down later erases none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

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


def counted_lines(chart: Chart, medications: Sequence[Medication], first: date, last: date) -> list[str]:
    """How many doses of the days `first` to `last` were taken for slots that are on hold, in a sentence."""
    begins, ends = chart.midnight(first), chart.midnight(last + timedelta(days=1))
    found = []
    for each in medications:
        if not chart.holds(each):
            continue
        course = chart.course(each, begins, ends)
        if number := len(of_held_slots(course.matches, course)):
            found.append((number, f"{each.name} {number}"))
    if not found:
        return []
    doses = say_number_of(sum(number for number, _ in found), "dose")
    return [f"Taken while on hold, and in no percentage: {doses} ({', '.join(said for _, said in found)})."]
