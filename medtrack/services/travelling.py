"""Where the person is: the dated zone timeline, and what a journey does to the doses."""

from datetime import datetime

from medtrack.domain.candidates import ON_ARRIVAL
from medtrack.domain.matching import state_of
from medtrack.domain.names import read_given
from medtrack.domain.regimen import Clock, Medication
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.slots import Slot, reach
from medtrack.domain.when import read_bound, say_local
from medtrack.domain.wording import say_duration
from medtrack.domain.zones import load_zone
from medtrack.errors import UsageRefused
from medtrack.store.settings import add_zone

from .chart import Chart
from .rows import say_dropped

ODD_LONG, ODD_SHORT = 1.25, 0.75
"""A gap beyond these shares of the nominal spacing is named; no clinical rule is stated."""


def travel(chart: Chart, zone: str | None, *, since: str | None = None, reason: str | None = None) -> Report:
    """Live in another zone from a moment on; without a zone, the timeline so far.

    Clock plans follow the person from then on, pinned and interval plans do not. Raises BadZone, BadTime,
    UsageRefused where the person is there already.
    """
    if zone is None:
        return _timeline(chart)
    load_zone(zone)
    at = chart.now if since is None else chart.begin(read_bound(since, now=chart.now, zone=chart.zone))
    before = chart.zones.at(at)
    if before.key == zone:
        raise UsageRefused(what=f"The person is in {zone} then already.")
    said = read_given(reason, "reason")
    with chart.writing("travel") as work:
        add_zone(work, zone, at)
        when = say_local(chart.shown(at))
        work.summary = f"travels to {zone} from {when} on" + (f": {said}" if said else "")
    chart.forget()
    there = at.astimezone(load_zone(zone))
    lines = [
        f"Recorded: from {at.astimezone(before):%Y-%m-%d %H:%M} in {before.key} on, the clock is {zone}:"
        f" {there:%Y-%m-%d %H:%M}.",
        *journey_lines(chart, at),
        UNDO,
    ]
    row: Cells = {"from_at": chart.zones.shown(at), "zone": zone, "before": before.key}
    return Report("travel", (Column("from_at"), Column("zone"), Column("before")), [row], lines=lines)


def _timeline(chart: Chart) -> Report:
    rows: list[Cells] = [
        {"from_at": None if number == 0 else chart.zones.shown(since), "zone": key}
        for number, (since, key) in enumerate(chart.zones.changes)
    ]
    columns = (
        Column("from_at", "From", lambda row: say_local(row["from_at"]) if row["from_at"] else "always"),
        Column("zone", "Zone"),
    )
    return Report("travel", columns, rows)


def journey_lines(chart: Chart, at: datetime) -> list[str]:
    """For every clock plan, the dose before and after a change of zone, and how long lies between them."""
    lines: list[str] = []
    for medication in chart.medications:
        plans = [plan for plan in chart.plans(medication) if isinstance(plan.timing, Clock)]
        if not plans:
            continue
        course = chart.course(medication, at - reach(plans), at + reach(plans), plans)
        slots = [found.slot for found in course.matches if state_of(found, course.holds, chart.now) != "held"]
        before = [slot for slot in slots if slot.planned_at < at]
        after = [slot for slot in slots if slot.planned_at >= at]
        if before and ON_ARRIVAL in before[-1].flags:
            after.insert(0, before.pop())
        if before and after:
            # A dose taken early for one that the journey moves is what lies before the next.
            early = [dose.taken_at for dose in course.extras if dose.taken_at > before[-1].planned_at]
            lines.append(_gap_line(chart, medication, before[-1], after[0], max(early, default=None)))
        lines += [say_dropped(chart, medication, lost) for lost in course.dropped]
    return lines


def _gap_line(
    chart: Chart, medication: Medication, last: Slot, following: Slot, taken_at: datetime | None
) -> str:
    gap = following.planned_at - (last.planned_at if taken_at is None else taken_at)
    when = f"next {chart.say(following.planned_at)}"
    if ON_ARRIVAL in following.flags:
        when = f"the {following.local:%H:%M} dose is due at once on arrival"
    before = "the one before" if taken_at is None else f"the dose taken {chart.say(taken_at)}"
    line = f"{medication.name}: {when}, {say_duration(gap)} after {before}"
    share = gap / following.nominal
    if not ODD_SHORT <= share <= ODD_LONG:
        return f"{line}, where {say_duration(following.nominal)} were planned. Ask your pharmacist."
    return f"{line}."
