"""How often medications were taken as needed: no adherence, but what a prescriber asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from medtrack.domain.adherence import day_of, period_of
from medtrack.domain.limits import broken_limits, reach_of
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import AsNeeded
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import plan_span
from medtrack.domain.use import most_within, shortest_gap
from medtrack.domain.wording import say_duration
from medtrack.store.doses import doses_about

from .chart import Chart
from .lived import Lived

_PERIOD = timedelta(hours=24)


def as_needed_use(chart: Chart, every: Sequence[Lived], first: date, last: date) -> Report:
    """Doses taken as needed per medication: how many, in each week, the most in 24 hours, the closest two."""
    rows = [
        _row(chart, each, first, last)
        for each in every
        if each.as_needed or _is_planned(chart, each, first, last)
    ]
    columns = (
        Column("medication", "Medication"),
        Column("doses", "Doses", right=True),
        Column("days", "On days", right=True),
        Column("weeks", "In each week", _weeks, right=True),
        Column("most_in_24_hours", "Most in 24 hours", right=True),
        Column("shortest_gap", "Closest two", _gap, right=True),
        Column("beyond_rule", "Beyond the rule", _beyond, right=True),
        Column("rule", "Rule"),
    )
    footer = [
        f"Weeks begin on Monday; the first is that of {first}. Days outside the window are not counted."
    ]
    return Report(
        "as_needed",
        columns,
        rows,
        footer=footer if rows else (),
        empty="No medication was planned or taken as needed.",
    )


def _is_planned(chart: Chart, each: Lived, first: date, last: date) -> bool:
    begins, ends = chart.midnight(first), chart.midnight(last + timedelta(1))
    spans = [plan_span(plan, chart.zones) for plan in each.course.plans if isinstance(plan.timing, AsNeeded)]
    return any(since < min(ends, chart.now) and begins < until for since, until in spans)


def _row(chart: Chart, each: Lived, first: date, last: date) -> Cells:
    moments = [dose.taken_at for dose in each.as_needed]
    days = [day_of(dose.local, chart.day_starts) for dose in each.as_needed]
    mondays = dict.fromkeys(
        period_of(first + timedelta(number), "week") for number in range((last - first).days + 1)
    )
    plans = [plan for plan in each.course.plans if isinstance(plan.timing, AsNeeded)]
    limited = any(reach_of(plan.timing) for plan in plans if isinstance(plan.timing, AsNeeded))
    return {
        "medication": each.medication.name,
        "doses": len(moments),
        "days": len(set(days)),
        "weeks": [
            {"since": max(monday, first), "doses": sum(period_of(day, "week") == monday for day in days)}
            for monday in mondays
            if monday is not None
        ],
        "most_in_24_hours": most_within(moments, _PERIOD),
        "shortest_gap": shortest_gap(moments),
        "beyond_rule": sum(_is_beyond(chart, each, dose) for dose in each.as_needed) if limited else None,
        "rule": chart.describe(plans[-1]) if plans else None,
    }


def _is_beyond(chart: Chart, each: Lived, dose: Dose) -> bool:
    """Whether a dose broke a limit of the plan in force by what had been taken before it."""
    for plan in each.course.plans:
        since, until = plan_span(plan, chart.zones)
        if isinstance(plan.timing, AsNeeded) and since <= dose.taken_at < until:
            before = doses_about(
                chart.record, each.medication.id, dose.taken_at - reach_of(plan.timing), dose.taken_at
            )
            taken = [other for other in before if other.status == "taken" and other.taken_at < dose.taken_at]
            return bool(broken_limits(plan.timing, dose.amount or plan.amount, dose.taken_at, taken))
    return False


def _weeks(row: Row) -> str:
    return ", ".join(str(week["doses"]) for week in row["weeks"])


def _gap(row: Row) -> str:
    gap = row["shortest_gap"]
    return say_duration(gap) if isinstance(gap, timedelta) else ""


def _beyond(row: Row) -> str:
    if row["beyond_rule"] is None:
        return "no limit is written down"
    return f"{row['beyond_rule']} of {row['doses']}" if row["doses"] else ""
