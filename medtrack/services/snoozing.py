"""Waiting with the reminders of one medication."""

from __future__ import annotations

from datetime import timedelta

from medtrack.domain.matching import closes_at, state_of
from medtrack.domain.reminders import OPEN, Snooze
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.when import read_duration
from medtrack.domain.wording import say_duration
from medtrack.errors import NothingDue, UsageRefused
from medtrack.store.reminders import add_snooze

from .chart import Chart
from .quiet import quiet_of

_LONGEST = timedelta(days=1)
_COLUMNS = (Column("medication"), Column("until"))


def snooze(chart: Chart, typed: str, length: str) -> Report:
    """Have the reminders of what is due, or due before the end, wait for so long.

    Raises MedicationNotFound, BadDuration, UsageRefused, and NothingDue where nothing would wait.
    """
    waits = read_duration(length)
    if waits > _LONGEST:
        raise UsageRefused(
            what=f"{say_duration(waits)} is too long to wait for a reminder: at most 24 hours. To pause a"
            " medication: medtrack hold"
        )
    medication = chart.find(typed)
    until = chart.now + waits
    is_cut = False
    with chart.writing("snooze") as work:
        course = chart.current(medication)
        states = [(found.slot, state_of(found, course.holds, chart.now)) for found in course.matches]
        waiting = [slot for slot, state in states if state in OPEN] or [
            slot for slot, state in states if state == "upcoming" and slot.planned_at < until
        ][:1]
        if not waiting:
            raise NothingDue
        # It is about this dose: the next one is told in its own time.
        last = max(waiting[0].planned_at, chart.now)
        following = next((slot.planned_at for slot, _ in states if slot.planned_at > last), until)
        until, is_cut = min(until, following), following < until
        add_snooze(work, medication, Snooze(medication.id, chart.now, until))
        work.summary = f"snoozed {medication.name} until {chart.dated(until)}"
    lines = [f"Snoozed: {medication.name}, until {chart.say(until)}."]
    if is_cut:
        lines = [f"{lines[0][:-1]}, when the next dose is planned."]
    quiet = quiet_of(chart)
    is_urgent = any(plan.time_critical for plan in course.plans)
    if quiet is not None and quiet.covers(chart.local(until)) and not is_urgent:
        lines.append(f"That is in your quiet hours: it is told when they end, at {quiet.until:%H:%M}.")
    closing = min(map(closes_at, waiting))
    if closing <= until:
        planned = chart.say(waiting[0].planned_at)
        lines.append(f"Mind: the dose of {planned} counts as missed from {chart.say(closing)}.")
    row = {"medication": medication.name, "until": chart.zones.shown(until)}
    return Report("snooze", _COLUMNS, [row], lines=[*lines, UNDO])
