"""What days count for: from the tallies where they are over and nothing touched them since, else live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from medtrack.domain.adherence import Day, count_days, day_of
from medtrack.domain.matching import Held, held_spans
from medtrack.domain.regimen import Medication
from medtrack.domain.slots import DAY, plan_span, planned_seconds, reach, real_span
from medtrack.store import tallies
from medtrack.store.doses import first_taken
from medtrack.store.tallies import Tallied, Touched

from .chart import Chart, scheduled_spans

EDITION = "edition 2"
"""What a day counts for has changed with it: what was tallied before is counted anew."""


class Counted(NamedTuple):
    """One medication, counted by day."""

    medication: Medication
    holds: list[Held]
    days: dict[date, Day]
    """In order."""
    active: list[tuple[datetime, datetime]]
    """The instants `[since, until)` of its scheduled plans."""
    first: datetime | None
    """When it was first taken, ever."""


class Tallies:
    """The tallies of a chart, and how far they can be relied on."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.last = tallies.last_action(chart.record)
        self.stamps = tallies.tallied(chart.record)
        self._touched: dict[int, list[Touched]] = {self.last: []}

    def until(self, medication: Medication) -> date | None:
        """The first day of a medication that must be counted live; None for every day."""
        stamp, chart = self.stamps.get(medication.id), self.chart
        if stamp is None or not self._is_usable(stamp):
            return None
        until = stamp.until
        for touched in self._touched_since(stamp.through_action):
            if touched.medication_id not in (None, medication.id):
                continue
            if touched.since is None:
                return None
            moment = chart.begin(touched.since) - reach(chart.plans(medication))
            until = min(until, day_of(chart.local(moment), chart.day_starts))
        return until

    def _is_usable(self, stamp: Tallied) -> bool:
        chart = self.chart
        return (
            stamp.zone_data == _basis(chart)
            and stamp.day_starts == chart.day_starts.isoformat()
            # What was over when it was counted is over at any later time.
            and stamp.counted_at <= chart.now
        )

    def _touched_since(self, action_id: int) -> list[Touched]:
        if action_id not in self._touched:
            self._touched[action_id] = tallies.touched_since(self.chart.record, action_id)
        return self._touched[action_id]


def count(chart: Chart, medications: Sequence[Medication], first: date, last: date) -> list[Counted]:
    """Count every day from `first` to `last`, both inside, of each medication."""
    kept = Tallies(chart)
    return [_count(chart, medication, first, last, kept.until(medication)) for medication in medications]


def _count(chart: Chart, medication: Medication, first: date, last: date, until: date | None) -> Counted:
    live = first if until is None else min(max(first, until), last + timedelta(1))
    days = tallies.tallied_days(chart.record, medication.id, first, live) if first < live else {}
    if live <= last:
        days |= _count_live(chart, medication, live, last)
    return Counted(
        medication,
        held_spans(chart.holds(medication), chart.zones),
        days,
        scheduled_spans(chart.plans(medication), chart.zones),
        first_taken(chart.record, medication.id),
    )


def _count_live(chart: Chart, medication: Medication, first: date, last: date) -> dict[date, Day]:
    day_starts = timedelta(hours=chart.day_starts.hour, minutes=chart.day_starts.minute)
    plans = chart.plans(medication)
    # A dose counts on the day it was taken, also where the slot it fills lies outside the span.
    margin = reach(plans)
    begins = chart.midnight(first) - margin
    # Nothing after today has been counted yet, however long the span.
    ends = min(chart.midnight(last + timedelta(1)), chart.now + timedelta(2)) + day_starts + margin
    ends = max(begins, ends)
    course = chart.course(medication, begins, ends, plans)

    def inside(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
        return [(max(since, begins), min(until, ends)) for since, until in spans]

    days = count_days(
        course.matching,
        inside(scheduled_spans(plans, chart.zones)),
        course.holds,
        course.as_needed,
        chart.zones,
        day_starts=chart.day_starts,
        now=chart.now,
        idle=inside(real_span(plan, chart.zones) for plan in plans if plan.is_empty),
    )
    return {day: days[day] for day in sorted(days) if first <= day <= last}


def day_span(chart: Chart, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants `[since, until)` of the days `first` to `last`, as reports count days."""
    day_starts = timedelta(hours=chart.day_starts.hour, minutes=chart.day_starts.minute)
    return chart.midnight(first) + day_starts, chart.midnight(last + DAY) + day_starts


def first_day(chart: Chart, medications: Sequence[Medication]) -> date:
    """The day of the first plan or dose of any of these medications; today where there is none."""
    found = [day_of(chart.local(chart.now), chart.day_starts)]
    for medication in medications:
        for plan in chart.plans(medication):
            begins = plan_span(plan, chart.zones)[0]
            found.append(chart.local(begins).date())
            # A slot before the hour at which days start counts to the day before.
            early = planned_seconds(plan, chart.zones, begins, begins + DAY)[:1]
            found += [day_of(chart.local(datetime.fromtimestamp(at, UTC)), chart.day_starts) for at in early]
        taken = first_taken(chart.record, medication.id)
        if taken is not None:
            found.append(day_of(chart.local(taken), chart.day_starts))
    return min(found)


def keep_tallies(chart: Chart, *, anew: bool = False) -> bool:
    """Tally the days that are over and not tallied yet, or `anew` every day.

    False, and nothing is tallied, where somebody wrote meanwhile. Raises RecordLocked, RecordReadOnly,
    DiskTrouble.
    """
    kept = Tallies(chart)
    # What was read before may be older than the last action.
    chart.forget()
    found: dict[int, tuple[date, Tallied, Mapping[date, Day]]] = {}
    for medication in chart.medications:
        known = None if anew else kept.until(medication)
        since = first_day(chart, [medication]) if known is None else known
        until, days = _over(chart, medication, since)
        before = kept.stamps.get(medication.id)
        # Nothing new to count is worth a word too: that what was written meanwhile is counted in.
        if anew or until > since or (before is not None and before.through_action < kept.last):
            found[medication.id] = (known or date.min, _stamp(chart, until, kept.last), days)
    return not found or tallies.put_tallies(chart.record, found, last=kept.last)


def _over(chart: Chart, medication: Medication, since: date) -> tuple[date, dict[date, Day]]:
    """The days from `since` on that are over, and the first one after them."""
    until = day_of(chart.local(chart.now), chart.day_starts)
    if since >= until:
        return since, {}
    days = _count_live(chart, medication, since, until - timedelta(1))
    until = min((day for day, counted in days.items() if counted.open or counted.doses_open), default=until)
    return until, {day: counted for day, counted in days.items() if day < until}


def _basis(chart: Chart) -> str:
    """What days were counted with: the zone database, and which edition of the counts."""
    return f"{chart.moment.zone_data}, {EDITION}"


def _stamp(chart: Chart, until: date, last: int) -> Tallied:
    return Tallied(until, chart.now, last, chart.day_starts.isoformat(), _basis(chart))


def differing_tallies(chart: Chart) -> list[str]:
    """The medications whose tallies are not what counting anew gives."""
    kept = Tallies(chart)
    found: list[str] = []
    for medication in chart.medications:
        until = kept.until(medication)
        if until is None:
            continue
        first = first_day(chart, [medication])
        days = tallies.tallied_days(chart.record, medication.id, date.min, until)
        live = _count_live(chart, medication, first, until - timedelta(1)) if first < until else {}
        if days != live:
            found.append(medication.name)
    return found
