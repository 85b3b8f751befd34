"""How often medications were taken as needed: no adherence, but what a prescriber asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from medtrack.domain.adherence import day_of, period_of
from medtrack.domain.as_needed import DAY, Use, use
from medtrack.domain.limits import reach_of
from medtrack.domain.matching import Dose
from medtrack.domain.regimen import AsNeeded, Medication
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import plan_span
from medtrack.domain.wording import say_minutes, say_number_of
from medtrack.store.doses import doses_about

from .chart import Chart
from .counting import day_span
from .lived import Lived

_SECOND = timedelta(seconds=1)


def as_needed_use(chart: Chart, every: Sequence[Lived], first: date, last: date) -> Report:
    """Doses taken as needed per medication: how many, in each week, the most in 24 hours, the closest two."""
    rows = [
        _row(chart, each, first, last)
        for each in every
        if each.as_needed or _is_planned(chart, each, first, last)
    ]
    columns = (
        Column("medication", "Medication"),
        Column("doses", "Doses", _in_days, right=True),
        Column("of_days"),
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
    days = [day_of(dose.local, chart.day_starts) for dose in each.as_needed]
    mondays = dict.fromkeys(
        period_of(first + timedelta(number), "week") for number in range((last - first).days + 1)
    )
    found = used(chart, each.medication, each.as_needed, *day_span(chart, first, last))
    plans = [plan for plan in each.course.plans if isinstance(plan.timing, AsNeeded)]
    limited = any(reach_of(plan.timing) for plan in plans if isinstance(plan.timing, AsNeeded))
    return {
        "medication": each.medication.name,
        "doses": len(each.as_needed),
        "of_days": None if found is None else found.days,
        "days": len(set(days)),
        "weeks": [
            {"since": max(monday, first), "doses": sum(period_of(day, "week") == monday for day in days)}
            for monday in mondays
        ],
        "most_in_24_hours": 0 if found is None else found.most,
        "shortest_gap": None if found is None else found.shortest,
        "beyond_rule": found.beyond if limited and found is not None else None,
        "rule": chart.describe(plans[-1]) if plans else None,
    }


def used(
    chart: Chart, medication: Medication, taken: Sequence[Dose], begins: datetime, ends: datetime
) -> Use | None:
    """The use of a medication in `[begins, ends)`, in which `taken` was taken as needed, by time.

    None where no plan says that it is taken as needed.
    """
    limits = [
        (*plan_span(plan, chart.zones), plan.timing)
        for plan in chart.plans(medication)
        if isinstance(plan.timing, AsNeeded)
    ]
    if not limits:
        return None
    # Days before the first such plan and days to come are not days without a dose.
    opens = chart.local(max(begins, min(since for since, _, _ in limits))).date()
    days = max(0, (chart.local(min(ends - _SECOND, chart.now)).date() - opens).days + 1)
    before = max((rule.max_period or DAY for *_, rule in limits), default=DAY)
    earlier = doses_about(chart.record, medication.id, begins - before, begins)
    weighing = [dose for dose in earlier if dose.status == "taken" and dose.taken_at < begins]
    return use([*weighing, *taken], begins, days, limits)


def _in_days(row: Row) -> str:
    days = row["of_days"]
    return str(row["doses"]) if days is None else f"{row['doses']} in {say_number_of(days, 'day')}"


def _weeks(row: Row) -> str:
    return ", ".join(str(week["doses"]) for week in row["weeks"])


def _gap(row: Row) -> str:
    gap = row["shortest_gap"]
    return say_minutes(gap) if isinstance(gap, timedelta) else ""


def _beyond(row: Row) -> str:
    if row["beyond_rule"] is None:
        return "no limit is written down"
    return f"{row['beyond_rule']} of {row['doses']}" if row["doses"] else ""
