"""The list of medications, and one medication's whole story on a card."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from medtrack.domain.matching import held_spans, hold_over, state_of
from medtrack.domain.regimen import Hold, Medication, Plan
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.safety.pack import Pack
from medtrack.domain.slots import plan_span
from medtrack.domain.when import read_bound, say_local
from medtrack.store import regimen as regimen_rows
from medtrack.store.changes import events

from .bearing import bearing_lines, bearings
from .chart import Chart
from .regimen import title
from .teaching import advice_of, known_of, teaching_lines


def meds(chart: Chart, *, as_of: str | None = None, every: bool = False) -> Report:
    """What the person takes now, or took on a date; with `every`, also what is over or still to come.

    Raises BadTime.
    """
    at = chart.now
    if as_of is not None:
        bound = read_bound(as_of, now=chart.now, zone=chart.zone, ahead=False)
        # As of a date means as that day ended.
        at = (
            bound
            if isinstance(bound, datetime)
            else min(chart.end(bound), max(chart.now, chart.begin(bound)))
        )
    # What was written down later about what came after it is no part of the list of that day.
    later = _written_after(chart, at) if at < chart.now else frozenset()
    rows: list[Cells] = []
    for medication in chart.medications:
        holds = held_spans(chart.holds(medication), chart.zones)
        for plan in chart.plans(medication):
            if ("plan", plan.id) in later and at < chart.begin(plan.starts):
                continue
            if plan.ended is not None and ("plan_end", plan.id) in later and at < chart.begin(plan.ended):
                plan = plan._replace(ended=None)
            since, until = plan_span(plan, chart.zones)[0], chart.over_at(plan)
            if since == until and not every:
                continue
            state = "planned" if at < since else "over" if at >= until else "taking"
            paused = hold_over(holds, at)
            if state == "taking" and paused is not None:
                state = "on hold" if paused.state == "held" else "not recorded"
            if state == "taking" and plan.is_empty:
                state = "taking nothing"
            if every or state in ("taking", "taking nothing", "on hold", "not recorded", "planned"):
                rows.append(_plan_row(chart, medication, plan, state))
    columns = (
        Column("medication", "Medication", lambda row: _title_of(row)),
        Column("strength"),
        Column("form"),
        Column("code", "Code"),
        Column("amount"),
        Column("reads_as", "How"),
        Column("reason", "For"),
        Column("starts", "From", lambda row: f"{row['starts']:%Y-%m-%d}"),
        Column("until", "Until", _until),
        Column("state", "State"),
    )
    empty = (
        "No medication is written down yet."
        if not chart.medications
        else f"Nothing is taken {'now' if as_of is None else 'then'}. --all lists what was."
    )
    return Report("meds", columns, rows, {"as_of": chart.zones.shown(at)}, empty=empty)


def _written_after(chart: Chart, at: datetime) -> frozenset[tuple[str, int]]:
    """The plans and ends of plans written down after an instant: kind, and local id of the plan."""
    return frozenset((each.kind, each.fact_id) for each in events(chart.record) if each.recorded_at > at)


def _title_of(row: Row) -> str:
    return " ".join(str(row[key]) for key in ("medication", "strength", "form") if row[key])


def _until(row: Row) -> str:
    return "" if row["until"] is None else say_end(row["until"])


def say_end(until: datetime) -> str:
    """An exclusive end as people mean it: the last day inside, where it is a midnight."""
    if until.time() == time():
        return f"{until - timedelta(1):%Y-%m-%d}"
    return f"{until:%Y-%m-%d %H:%M}"


def _plan_row(chart: Chart, medication: Medication, plan: Plan, state: str) -> Cells:
    since, until = plan_span(plan, chart.zones)
    bounded = plan.until is not None or plan.ended is not None
    return {
        "medication": medication.name,
        "strength": medication.strength,
        "form": medication.form,
        "code": medication.code,
        "amount": plan.amount,
        "reads_as": _how(chart, plan),
        "reason": medication.reason,
        "starts": chart.zones.shown(since),
        "until": chart.zones.shown(until) if bounded else None,
        "state": state,
    }


def show(chart: Chart, typed: str, pack: Pack) -> Report:
    """One medication's card: what it is, every plan and hold with who decided and why, where it stands,
    and what is to be known of it.

    Raises MedicationNotFound, MedicationAmbiguous.
    """
    medication = chart.find(typed)
    plans = chart.plans(medication)
    ends = {end.plan_id: end for end in regimen_rows.plan_ends(chart.record, medication.id)}
    rows: list[Cells] = [
        {
            "what": "plan",
            "since": chart.zones.shown(plan_span(plan, chart.zones)[0]),
            "until": _end_of_plan(chart, plan),
            "reads_as": _how(chart, plan),
            "reason": plan.reason,
            "decided_by": plan.decided_by,
            "ended_because": ends[plan.id].reason if plan.id in ends else None,
        }
        for plan in plans
    ]
    rows += [_hold_row(chart, hold) for hold in chart.holds(medication)]
    rows.sort(key=lambda row: row["since"])
    course = chart.current(medication)
    following = next(
        (
            found.slot.planned_at
            for found in course.matches
            if state_of(found, course.holds, chart.now) in ("due", "overdue", "upcoming")
        ),
        None,
    )
    lines = [title(medication)]
    for label, value in (("For", medication.reason), ("Route", medication.route), ("Code", medication.code)):
        if value:
            lines.append(f"{label}: {value}")
    if following is not None:
        lines.append(f"Next: {chart.say(following)}")
    columns = (
        Column("what", "What"),
        Column("since", "From", lambda row: say_local(chart.shown(row["since"]))),
        Column("until", "Until", _until),
        Column("reads_as", "How"),
        Column("reason", "Why"),
        Column("decided_by", "Decided by"),
        Column("ended_because", "Ended because"),
    )
    conditions = bearings(chart, pack, medication)
    meta = {
        "medication": medication.name,
        "strength": medication.strength,
        "form": medication.form,
        "route": medication.route,
        "code": medication.code,
        "reason": medication.reason,
        "next": None if following is None else chart.zones.shown(following),
        "advice": [each._asdict() for each in advice_of(chart, medication).values()],
        "known": [{"text": each.text, "source": each.source} for each in known_of(chart, pack, medication)],
        "conditions": [each.cells for each in conditions],
    }
    footer = [*bearing_lines(chart, medication, conditions), *teaching_lines(chart, pack, medication)]
    return Report("show", columns, rows, meta, lines=lines, footer=footer, empty="It has no plan.")


def _how(chart: Chart, plan: Plan) -> str:
    """The plan in words, without bounds that have a column of their own."""
    since, until = plan_span(plan, chart.zones)
    said = chart.describe(plan._replace(until=None, ended=None))
    return f"{said} (cancelled before it began)" if since == until else said


def _end_of_plan(chart: Chart, plan: Plan) -> datetime | None:
    since, until = plan_span(plan, chart.zones)
    if (plan.until is None and plan.ended is None) or since == until:
        return None
    return chart.zones.shown(until)


def _hold_row(chart: Chart, hold: Hold) -> Cells:
    return {
        "what": "hold",
        "since": chart.zones.shown(chart.begin(hold.since)),
        "until": None if hold.until is None else chart.zones.shown(chart.end(hold.until)),
        "reads_as": "not recorded" if hold.unrecorded else "on hold",
        "reason": hold.reason,
        "decided_by": hold.decided_by,
        "ended_because": None,
    }
