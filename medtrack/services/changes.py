"""What changed in the regimen, when, on whose word and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from medtrack.domain.amounts import show_amount
from medtrack.domain.matching import held_spans, hold_over
from medtrack.domain.regimen import Bound, Hold, Medication, Plan
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.strengths import content_of
from medtrack.domain.when import read_span, say_local
from medtrack.domain.wording import say_list, say_number_of
from medtrack.store.changes import Event, events
from medtrack.store.sessions import session_holds

from .chart import BACKDATED, Chart

_WHAT = {
    "add": "started",
    "change": "changed",
    "taper": "taper",
    "stop": "stopped",
    "hold": "on hold",
    # A session holds what is left out around it.
    "session start": "on hold",
    "session observe": "on hold",
    "session remove": "on hold",
    "resume": "resumed",
    "travel": "travel",
}
_NEXT = {_WHAT["add"]: _WHAT["change"]}
"""What the next step is called where its first one is called otherwise."""
_PAUSE = ("hold", "hold_end")
_OVER = {"held": "hold ended", "unknown": "recorded again"}
"""What the end that a pause was given from the first is called."""


def say_change_of(chart: Chart, row: Row) -> str:
    """A change in words: 'sertraline changed: 2 tablets daily at 08:00', 'x on hold until 2026-03-01'."""
    of = f"{row['medication']} " if row["medication"] is not None else ""
    return f"{of}{_say_what(chart, row)}" + (f": {row['after']}" if row["after"] else "")


def say_around_sessions(found: Sequence[Row]) -> str:
    """How often what was held around sessions, if any: 'held around 12 sessions: lorazepam, 12 x'.

    There are as many holds as sessions times medications: listed, they would hide what else changed.
    """
    found = [row for row in found if row["with_session"]]
    if not found:
        return ""
    times = Counter((row["medication"], row["what"]) for row in found)
    said = []
    for name in dict.fromkeys(row["medication"] for row in found):
        early = times[name, _WHAT["resume"]]
        more = f" (resumed before its end {early} x)" if early else ""
        said.append(f"{name}, {times[name, _WHAT['hold']]} x{more}")
    around = say_number_of(len({row["session_id"] for row in found}), "session")
    return f"held around {around}: {'; '.join(said)}"


def together(found: Sequence[Row]) -> list[Cells]:
    """The rows, with what one session holds over one time as a row that names every medication of it."""
    alike = ("session_id", "at", "what", "until", "reason", "decided_by", "back_dated")
    groups: dict[tuple[object, ...], list[Row]] = {}
    for number, row in enumerate(found):
        key = tuple(row[of] for of in alike) if row["with_session"] else (number,)
        groups.setdefault(key, []).append(row)
    return [
        {**group[0], "medication": say_list(row["medication"] for row in group)}
        if len(group) > 1
        else {**group[0]}
        for group in groups.values()
    ]


def corrections(
    chart: Chart, medications: Sequence[Medication], since: datetime, until: datetime
) -> list[Cells]:
    """What was changed of these after the fact and touches `[since, until)`: a report about it says so.

    A change of the time zone is one of every medication. Beginning to write a medication down late is no
    correction; everything else that re-plans the past is.
    """
    names = {None, *(each.name for each in medications)}
    found = [
        row
        for row in _rows(chart)
        if row["back_dated"] and row["what"] != _WHAT["add"] and row["medication"] in names
    ]
    return [row for row in found if row["at"] < until and since < row["recorded_at"]]


def changes(chart: Chart, span: str | None) -> Report:
    """Every start, change, taper, stop, hold, resumption and journey that takes effect in the span, by time.

    One row for each thing done to one medication; what was back-dated says so. Raises BadSpan.
    """
    rows = _rows(chart)
    if span is not None:
        first, last = read_span(span, now=chart.now, zone=chart.zone)
        since, until = chart.midnight(first), chart.midnight(last)
        rows = [row for row in rows if since <= row["at"] < until]
    rows.sort(key=lambda row: (row["at"], row["recorded_at"]))
    columns = (
        Column("at", "From", lambda row: say_local(chart.shown(row["at"]))),
        Column("medication", "Medication"),
        Column("what", "What", lambda row: _say_what(chart, row)),
        Column("before", "Before"),
        Column("after", "After"),
        Column("reason", "Why"),
        Column("decided_by", "Decided by"),
        Column("back_dated", "Back-dated", lambda row: "back-dated" if row["back_dated"] else ""),
        Column("until"),
        Column("recorded_at"),
    )
    return Report("changes", columns, rows, empty="Nothing changed.")


def steps(chart: Chart) -> list[Cells]:
    """What `changes` lists, by time, with a row for every step of a taper and for the end a hold was given.

    A plan that was cut short before it began changed nothing and has none. Each row has besides the
    `medication_id`, and says whether it is about a plan (`is_plan`) and whether it is about a pause
    (`is_pause`): a hold, or that nobody could record.
    """
    plans = {plan.id: plan for each in chart.medications for plan in chart.plans(each)}
    never = {plan.id for plan in plans.values() if _never_began(chart, plan)}
    strengths = {each.id: each.strength for each in chart.medications}
    groups = _groups(chart)
    of_sessions = _session_holds(chart)
    rows = _ends_of_holds(chart, groups, of_sessions)
    for group in groups:
        begun: dict[datetime, list[Event]] = {}
        others = []
        for event in group:
            if event.kind == "plan" and event.fact_id not in never:
                begun.setdefault(chart.begin(event.at), []).append(event)
            elif event.kind != "plan" and not (event.kind == "plan_end" and event.fact_id in never):
                others.append(event)
        is_plan = any(event.kind in ("plan", "plan_end") for event in group)
        more = {
            "medication_id": group[0].medication_id,
            "is_plan": is_plan,
            "is_pause": any(event.kind in _PAUSE for event in group),
        }
        strength = strengths.get(group[0].medication_id or 0)
        first, *later = [begun[at] for at in sorted(begun)] or [[]]
        was: Cells = {}
        for number, step in enumerate([[*first, *others], *later]):
            if not step:
                continue
            row = _row(chart, step, of_sessions)
            row["content"] = _say_content(
                [plans[event.fact_id] for event in step if event.kind == "plan"], strength
            )
            if number:
                row |= {"before": was["after"], "what": _NEXT.get(was["what"], was["what"])}
            rows.append(row | more)
            was = row
    return sorted(rows, key=lambda row: (row["at"], row["recorded_at"]))


def _say_content(begun: Sequence[Plan], strength: str | None) -> str | None:
    """How much of the medicine the dose of the one plan that began is: '2 capsules = 2 mg'."""
    if len(begun) != 1 or begun[0].amount_high is not None:
        return None
    content = content_of(begun[0].amount, strength)
    return None if content is None else f"{show_amount(begun[0].amount)} = {show_amount(content)}"


def _ends_of_holds(
    chart: Chart, groups: Sequence[Sequence[Event]], of_sessions: Mapping[int, int]
) -> list[Cells]:
    """A row for the end that a hold by hand was given, where nobody resumed it and it ended something.

    A hold that ends while another goes on, or after the plan was over, ended nothing.
    """
    every = [event for group in groups for event in group]
    resumed = {event.fact_id for event in every if event.kind == "hold_end"}
    ended = resumed | of_sessions.keys()
    by_id = {each.id: each for each in chart.medications}
    rows: list[Cells] = []
    for event in every:
        hold = None if event.fact_id in ended else _hold(chart, event)
        if event.kind != "hold" or hold is None or hold.until is None:
            continue
        medication, at = by_id[hold.medication_id], chart.end(hold.until)
        goes_on = any(
            chart.begin(plan.starts) <= at < chart.over_at(plan) for plan in chart.plans(medication)
        )
        if not goes_on or hold_over(held_spans(chart.holds(medication), chart.zones), at) is not None:
            continue
        rows.append(
            {
                **_row(chart, [event], {}),
                "at": chart.zones.shown(at),
                "what": _OVER["unknown" if hold.unrecorded else "held"],
                **dict.fromkeys(("after", "reason", "decided_by", "until")),
                "back_dated": False,
                "medication_id": medication.id,
                "is_plan": False,
                "is_pause": True,
                "content": None,
            }
        )
    return rows


def _session_holds(chart: Chart) -> dict[int, int]:
    """The holds that sessions brought along, each with its session, by their local ids."""
    standing = [hold for each in chart.medications for hold in chart.holds(each)]
    return {
        hold.id: session_id
        for session_id, holds in session_holds(chart.record, standing).items()
        for hold in holds
    }


def _never_began(chart: Chart, plan: Plan) -> bool:
    return plan.ended is not None and chart.begin(plan.ended) <= chart.begin(plan.starts)


def _groups(chart: Chart) -> list[list[Event]]:
    """The facts that one action wrote about one medication."""
    groups: dict[tuple[str, int | None], list[Event]] = {}
    for event in events(chart.record):
        groups.setdefault((event.action_uid, event.medication_id), []).append(event)
    return list(groups.values())


def _rows(chart: Chart) -> list[Cells]:
    of_sessions = _session_holds(chart)
    return [_row(chart, group, of_sessions) for group in _groups(chart)]


def _row(chart: Chart, group: list[Event], of_sessions: Mapping[int, int]) -> Cells:
    """The row of what one action did to one medication.

    `with_session` says that it is about a hold that a session brought along, the one with `session_id`: there
    are as many as sessions, so that beside the sessions themselves they are counted rather than listed.
    """
    first = group[0]
    names = {medication.id: medication for medication in chart.medications}
    medication = None if first.medication_id is None else names[first.medication_id]
    plans = {} if medication is None else {plan.id: plan for plan in chart.plans(medication)}
    at = min(chart.begin(event.at) for event in group)
    begun = [plans[event.fact_id] for event in group if event.kind == "plan"]
    ended = [plans[event.fact_id] for event in group if event.kind == "plan_end"]
    hold = _hold(chart, first) if first.kind == "hold" else None
    after = _say(chart, begun)
    if first.kind == "zone_change":
        after = chart.zones.at(chart.begin(first.at)).key or ""
    elif hold is not None and hold.unrecorded:
        after = "not recorded"
    return {
        "at": chart.zones.shown(at),
        "medication": None if medication is None else medication.name,
        "what": "not recorded" if after == "not recorded" else _WHAT.get(first.command, first.command),
        "before": _say(chart, ended) or None,
        "after": after or None,
        "reason": next((event.reason for event in group if event.reason), None),
        "decided_by": next((event.decided_by for event in group if event.decided_by), None),
        "back_dated": at < first.recorded_at - BACKDATED and not _is_today(chart, first),
        "until": None if hold is None or hold.until is None else _bound(chart, hold.until),
        "recorded_at": chart.zones.shown(first.recorded_at),
        "with_session": all(event.kind in _PAUSE and event.fact_id in of_sessions for event in group),
        "session_id": of_sessions.get(first.fact_id) if first.kind in _PAUSE else None,
    }


def _say(chart: Chart, plans: list[Plan]) -> str:
    return say_list(chart.describe(plan._replace(ended=None)) for plan in plans)


def _hold(chart: Chart, event: Event) -> Hold | None:
    holds = (hold for each in chart.medications for hold in chart.holds(each))
    return next((hold for hold in holds if hold.id == event.fact_id), None)


def _bound(chart: Chart, bound: Bound) -> Bound:
    """A bound as it was given: a day, which is inside, or an instant."""
    return chart.zones.shown(bound) if isinstance(bound, datetime) else bound


def _say_what(chart: Chart, row: Row) -> str:
    """What happened, and up to when where an end was given."""
    until = row["until"]
    if until is None:
        return str(row["what"])
    end = say_local(chart.shown(until)) if isinstance(until, datetime) else f"{until}"
    return f"{row['what']} until {end}"


def _is_today(chart: Chart, event: Event) -> bool:
    """A date that begins on the very day it was written down is no correction of the past."""
    at: Bound = event.at
    return at == chart.local(event.recorded_at).date()
