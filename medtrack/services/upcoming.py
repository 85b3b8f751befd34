"""What is due, what comes next, and the board of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.candidates import ON_ARRIVAL
from medtrack.domain.matching import Match, hold_over, state_of, timing_of
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import Slot
from medtrack.domain.when import read_bound, say_local
from medtrack.errors import UsageRefused

from .chart import Chart, Course
from .expiring import say_expiries
from .open_sessions import open_lines
from .rows import dropped_cell, say_dropped
from .supplying import low, say_low

DAYS_AHEAD = 7
"""How far `schedule` looks where nothing else is said."""
NOTHING_YET = 'No medication is written down yet. For one: medtrack add "NAME 5 mg tablet, 1 tablet daily"'
MOST_DAYS = 3_660
"""Ten years: a longer listing is a slip of the finger."""


class Standing(NamedTuple):
    """One slot and its state now."""

    medication: Medication
    found: Match
    state: str


def _amount(row: Row) -> str:
    high = row["amount_high"]
    return show_amount(row["amount"], None if high is None else high.value)


def _planned(chart: Chart, row: Row) -> str:
    """The wall clock the person will see, with the home clock of a pinned plan; with --tz, that zone's."""
    at = say_local(chart.shown(row["planned_at"]))
    if chart.moment.zone is not None:
        return at
    local = str(row["local_time"])[:16].replace("T", " ")
    return local if local == at or ON_ARRIVAL in row["flags"] else f"{at} ({local[11:]} {row['zone']})"


def _flags(row: Row) -> str:
    return ", ".join(str(flag).replace("-", " ") for flag in row["flags"])


# --- schedule --------------------------------------------------------------------------------------------


def schedule(
    chart: Chart,
    typed: Sequence[str],
    *,
    days: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Report:
    """The slots planned from now on, or in a span given, with what the clock change dropped.

    Raises MedicationNotFound, BadTime, UsageRefused.
    """
    begins, ends = _span(chart, days, since, until)
    rows: list[Cells] = []
    dropped: list[Cells] = []
    footer: list[str] = []
    for medication in chart.chosen(list(typed)):
        course = chart.course(medication, begins, ends)
        for found in course.matches:
            rows.append(_slot_row(chart, medication, found.slot, state_of(found, course.holds, chart.now)))
        for lost in course.dropped:
            dropped.append(dropped_cell(chart, medication, lost))
            footer.append(say_dropped(chart, medication, lost))
    rows.sort(key=lambda row: (row["planned_at"], row["medication"]))
    columns = (
        Column("medication", "Medication"),
        Column("planned_at", "Planned", lambda row: _planned(chart, row)),
        Column("local_time"),
        Column("zone"),
        Column("amount", "Amount", _amount),
        Column("amount_high"),
        Column("state", "State"),
        Column("flags", "Note", _flags),
    )
    span = f"from {say_local(chart.shown(begins))} to {say_local(chart.shown(ends))}"
    return Report(
        "schedule",
        columns,
        rows,
        {"since": chart.zones.shown(begins), "until": chart.zones.shown(ends), "dropped": dropped},
        footer=footer,
        empty=f"Nothing is planned {span}.",
    )


def _span(chart: Chart, days: str | None, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    if days is not None and until is not None:
        raise UsageRefused(what="--days and --to both say where it ends: keep one.")
    begins = chart.now if since is None else chart.begin(read_bound(since, now=chart.now, zone=chart.zone))
    if until is not None:
        ends = chart.end(read_bound(until, now=chart.now, zone=chart.zone))
    else:
        number = DAYS_AHEAD if days is None else _days(days)
        ends = chart.midnight(chart.local(begins).date() + timedelta(number))
    if ends <= begins:
        raise UsageRefused(what="The span ends before it begins: check --from and --to.")
    if ends - begins > timedelta(MOST_DAYS):
        raise UsageRefused(what="The span is longer than ten years: choose a shorter one.")
    return begins, ends


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_DAYS):
        raise UsageRefused(what=f"--days takes a whole number from 1 to {MOST_DAYS:,}, not {text!r}.")
    return int(text)


def _slot_row(chart: Chart, medication: Medication, slot: Slot, state: str) -> Cells:
    return {
        "medication": medication.name,
        "planned_at": chart.zones.shown(slot.planned_at),
        "local_time": slot.local.isoformat(timespec="seconds"),
        "zone": slot.zone,
        "amount": slot.amount,
        "amount_high": None if slot.amount_high is None else Amount(slot.amount_high, slot.amount.unit),
        "state": state,
        "flags": list(slot.flags),
    }


# --- due and today ---------------------------------------------------------------------------------------


def due(chart: Chart) -> Report:
    """What is due or overdue now; the meta counts both."""
    rows = [
        _slot_row(chart, standing.medication, standing.found.slot, standing.state)
        for medication in chart.medications
        for standing in _standings(chart, medication, chart.current(medication))
        if standing.state in ("due", "overdue")
    ]
    rows.sort(key=lambda row: (row["planned_at"], row["medication"]))
    counts = {state: sum(row["state"] == state for row in rows) for state in ("due", "overdue")}
    columns = (
        Column("medication", "Medication"),
        Column("planned_at", "Planned", lambda row: chart.say(row["planned_at"])),
        Column("local_time"),
        Column("zone"),
        Column("amount", "Amount", _amount),
        Column("amount_high"),
        Column("state", "State"),
    )
    return Report(
        "due", columns, rows, {"now": chart.zones.shown(chart.now), **counts}, empty="Nothing is due."
    )


def _standings(chart: Chart, medication: Medication, course: Course) -> list[Standing]:
    return [Standing(medication, found, state_of(found, course.holds, chart.now)) for found in course.matches]


def today(chart: Chart) -> Report:
    """The board: every slot of today, what is still open from before, and each medication's next one."""
    day = chart.local(chart.now).date()
    rows: list[Cells] = []
    held: list[str] = []
    for medication in chart.medications:
        course = chart.current(medication)
        following = None
        for standing in _standings(chart, medication, course):
            slot = standing.found.slot
            is_open = standing.state in ("due", "overdue")
            if slot.local.date() == day or is_open:
                rows.append(_board_row(chart, standing))
            elif slot.planned_at > chart.now and following is None:
                following = standing
        if following is not None:
            rows.append(_board_row(chart, following))
        rows += [
            _extra_row(chart, medication, course, index)
            for index, dose in enumerate(course.extras)
            if dose.local.date() == day
        ]
        if hold_over(course.holds, chart.now) is not None:
            held.append(medication.name)
    rows.sort(key=lambda row: (row["at"], row["medication"]))
    columns = (
        Column("at", "When", lambda row: chart.say(row["at"])),
        Column("medication", "Medication"),
        Column("amount", "Amount", _amount),
        Column("state", "State", _board_state),
        Column("taken_at"),
        Column("timing"),
    )
    open_rows = [row for row in rows if row["state"] in ("due", "overdue")]
    lines = [
        f"{chart.person}, {chart.say(chart.now)} ({chart.zone.key})" if chart.person else chart.say(chart.now)
    ]
    footer = [f"On hold: {', '.join(held)}."] if held else []
    running_low = low(chart)
    footer += lapsed(chart)
    footer += [say_low(each) for each in running_low]
    footer += say_expiries(chart)
    footer += open_lines(chart)
    if open_rows:
        footer.append("Taken? medtrack take NAME, or medtrack take --all-due")
    return Report(
        "today",
        columns,
        rows,
        {
            "now": chart.zones.shown(chart.now),
            "due": sum(row["state"] == "due" for row in rows),
            "overdue": sum(row["state"] == "overdue" for row in rows),
            "held": held,
            "low": [each.medication.name for each in running_low],
        },
        lines=lines,
        footer=footer,
        empty="Nothing is planned today." if chart.medications else NOTHING_YET,
    )


def _board_row(chart: Chart, standing: Standing) -> Cells:
    slot, dose = standing.found.slot, standing.found.dose
    taken = dose is not None and dose.status == "taken"
    return {
        "at": chart.zones.shown(slot.planned_at),
        "medication": standing.medication.name,
        "amount": slot.amount,
        "amount_high": None if slot.amount_high is None else Amount(slot.amount_high, slot.amount.unit),
        "state": standing.state,
        "taken_at": chart.zones.shown(dose.taken_at) if dose is not None and taken else None,
        "timing": timing_of(slot, dose) if dose is not None and taken else None,
    }


def _extra_row(chart: Chart, medication: Medication, course: Course, index: int) -> Cells:
    dose = course.extras[index]
    return {
        "at": chart.zones.shown(dose.taken_at),
        "medication": medication.name,
        "amount": dose.amount,
        "amount_high": None,
        "state": "taken",
        "taken_at": chart.zones.shown(dose.taken_at),
        "timing": None if dose.uid in course.as_needed else "extra",
    }


def _board_state(row: Row) -> str:
    taken_at = row["taken_at"]
    if not isinstance(taken_at, datetime):
        return str(row["state"])
    timing = row["timing"]
    if timing is None:
        return "taken as needed"
    return f"taken {taken_at:%H:%M}, {timing}"


def lapsed(chart: Chart) -> list[str]:
    """The medications of which nothing was to be taken for a while that is over, without a plan since."""
    found = []
    for medication in chart.medications:
        plans = [plan for plan in chart.plans(medication) if chart.begin(plan.starts) <= chart.now]
        if not plans or chart.is_taken(medication):
            continue
        last = max(plans, key=lambda plan: chart.begin(plan.starts))
        if last.is_empty and last.ended is None:
            when = chart.dated(chart.over_at(last))
            found.append(
                f"{medication.name}: nothing was to be taken until {when}, and nothing is planned since."
                f" Go on? medtrack change {quote(medication.name)} ...  For good? medtrack stop"
                f" {quote(medication.name)}"
            )
    return found


def welcome(path: str, now: datetime) -> Report:
    """What somebody who has no record yet is told; `now` is on the clock of the machine."""
    return Report(
        "today",
        lines=[
            "Welcome to medtrack. There is no record yet; the first 'add' makes one, readable by you alone:",
            f"  {path}",
            "Begin with what the label says:",
            '  medtrack add "metformin 500 mg tablet, 1 tablet twice daily with food, for diabetes"',
        ],
        meta={
            "now": now,
            "due": 0,
            "overdue": 0,
            "held": [],
            "low": [],
            "reminders": None,
            "record": None,
        },
    )
