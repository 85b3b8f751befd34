"""Starting, changing and ending what a person takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import tidy_strength
from medtrack.domain.names import folded, read_given, read_text
from medtrack.domain.reading import doubt_of_strength
from medtrack.domain.regimen import Bound, Medication, Plan
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.slots import plan_span
from medtrack.domain.when import read_bound
from medtrack.domain.wording import say_duration, say_minutes
from medtrack.errors import (
    BadText,
    ConfirmationNeeded,
    NoPlan,
    PlanDoubled,
    PlanOverlap,
    Stopped,
    UsageRefused,
)
from medtrack.store import regimen as regimen_rows

from .cautioning import Caution
from .chart import Chart
from .medicines import standing_plans
from .planning import (
    PlanFlags,
    doubled,
    first_slot,
    in_plain_words,
    is_spelled_out,
    medication_of_reading,
    notation_warnings,
    overlapping,
    plan_of_flags,
    plan_of_nothing,
    plans_of_reading,
    read_own_words,
    read_start,
    read_written,
    says_nothing,
)
from .receipts import open_lines
from .succession import (
    check_same_product,
    end_plans,
    latest_plan,
    need_reason,
    plan_to_change,
    say_all,
    say_bound,
    say_cancelled,
    say_gap,
    say_neighbours,
)

Confirm = Callable[[str], bool]
"""Asks a question on a terminal."""
EVERYTHING = "all"
"""The row of a report that is about all medications."""

_COLUMNS = tuple(Column(key) for key in ("medication", "reads_as", "starts", "until", "next"))


class Details(NamedTuple):
    """What was typed about a medication itself."""

    strength: str | None = None
    form: str | None = None
    route: str | None = None
    code: str | None = None


def add(
    chart: Chart,
    text: str,
    flags: PlanFlags,
    details: Details,
    *,
    yes: bool = False,
    confirm: Confirm | None = None,
    caution: Caution | None = None,
) -> Report:
    """Write down a medication and its plan, from a prescription as written or spelled out with flags.

    What was read from words is confirmed first: `confirm` asks, `yes` has answered, and without either it
    is refused. `caution` checks it with what is taken already. Raises ConfirmationNeeded, PlanOverlap,
    PlanDoubled, WeeklyPlan, Stopped, and what reading raises.
    """
    typed_words, flags = (flags.advice, flags.why, flags.reason), in_plain_words(flags)
    reading = None if is_spelled_out(flags) else read_written(chart, text)
    if reading is None:
        medication = _spelled_out(text, flags, details)
        plans = [plan_of_flags(chart, flags)]
    else:
        plans = plans_of_reading(chart, reading, flags)
        medication = medication_of_reading(reading, flags)._replace(code=_code(details.code))
        _confirm_reading(reading.reads_as, reading.warnings, yes, confirm)
    if folded(medication.name) == EVERYTHING:
        raise BadText(what="name", why=f"{EVERYTHING!r} stands for all medications together in reports")
    warned = _cautions(chart, caution, medication, plans, yes, confirm)
    with chart.writing("add") as work:
        names = {folded(each.name) for each in chart.medications}
        known = chart.find(medication.name) if folded(medication.name) in names else None
        _check_code(chart, medication, known)
        if known is None:
            medication = regimen_rows.add_medication(work, medication)
        else:
            medication = known
            _check_overlap(chart, known, plans, yes)
        before = {plan.uid for plan in chart.plans(medication)}
        for plan in plans:
            regimen_rows.add_plan(work, plan, medication)
        work.summary = f"added {medication.name}: {say_all(chart, plans)}"
    warned += [
        *(reading.warnings if reading else ()),
        *notation_warnings(flags.amount, flags.timing.most, details.strength, *typed_words),
    ]
    chart.forget()
    added = [plan for plan in chart.plans(medication) if plan.uid not in before]
    more = [] if known is None else say_neighbours(chart, medication, added)
    return plan_receipt(chart, "add", f"Recorded: {title(medication)}.", medication, plans, warned, more)


def _cautions(
    chart: Chart,
    caution: Caution | None,
    medication: Medication,
    plans: Sequence[Plan],
    yes: bool,
    confirm: Confirm | None,
) -> list[str]:
    """What is said unasked about a medication and its plans, before they are written down."""
    if caution is None:
        return []
    known = next((each for each in chart.medications if folded(each.name) == folded(medication.name)), None)
    if known is not None:
        medication, plans = known, [*standing_plans(chart, known), *plans]
    return caution.before(chart, medication, plans, yes=yes, confirm=confirm)


def _spelled_out(text: str, flags: PlanFlags, details: Details) -> Medication:
    return Medication(
        0,
        "",
        read_text(text, "name"),
        None if details.strength is None else tidy_strength(read_text(details.strength, "strength")),
        read_given(details.form, "form"),
        read_given(details.route, "route"),
        _code(details.code),
        flags.why,
    )


def _code(typed: str | None) -> str | None:
    if typed is None:
        return None
    if not (typed.isascii() and typed.replace("-", "").replace("_", "").isalnum() and len(typed) <= 20):
        raise BadText(
            what="code", why="it is at most 20 letters, digits, - and _, so that it is easy to type"
        )
    return typed


def _check_code(chart: Chart, medication: Medication, known: Medication | None) -> None:
    if medication.code is None:
        return
    for other in chart.medications:
        if folded(medication.code) in (folded(other.code or ""), folded(other.name)) and other != known:
            raise UsageRefused(what=f"{medication.code!r} already means {other.name}: choose another --code.")


def _confirm_reading(sentence: str, warnings: Sequence[str], yes: bool, confirm: Confirm | None) -> None:
    if yes:
        return
    said = " ".join((f"this is what was understood: {sentence}", *warnings))
    if confirm is None:
        raise ConfirmationNeeded(what=said)
    if not confirm(f"{said[0].upper()}{said[1:]} Write it down?"):
        raise Stopped


def _check_overlap(chart: Chart, medication: Medication, plans: Sequence[Plan], yes: bool) -> None:
    there = overlapping(chart, chart.plans(medication), plans)
    facts = {"medication": medication.name, "typed": quote(medication.name)}
    for plan in there:
        if doubled(chart, plan, plans):
            raise PlanDoubled(plan=chart.describe(plan), **facts)
    if there and not yes:
        raise PlanOverlap(plan=chart.describe(there[0]), **facts)


def change(
    chart: Chart,
    typed: str,
    text: str | None,
    flags: PlanFlags,
    *,
    yes: bool = False,
    confirm: Confirm | None = None,
    caution: Caution | None = None,
) -> Report:
    """A new plan from a moment on; the plans before it end there.

    From now on it needs nothing more; back-dated it is a correction and needs a reason. Raises NoPlan,
    ReasonNeeded, and what `add` raises.
    """
    medication = chart.find(typed)
    typed_words, flags = (flags.advice, flags.reason), in_plain_words(flags)
    starts = read_start(chart, flags)
    need_reason(chart, "A change that is back-dated", starts, flags.reason)
    reading = None
    current: Plan | None = None
    if text is not None and says_nothing(text):
        current = latest_plan(chart, medication, chart.begin(starts))
        if current is None:
            raise NoPlan(medication=medication.name, why="has no plan to change; say when it is taken")
        plans, caution = [plan_of_nothing(chart, flags, current)], None
    elif text is not None and not is_spelled_out(flags):
        reading = read_written(chart, text)
        check_same_product(reading, medication)
        current = latest_plan(chart, medication, chart.begin(starts))
        plans = plans_of_reading(chart, reading, flags)
        _confirm_reading(reading.reads_as, reading.warnings, yes, confirm)
    else:
        current = plan_to_change(chart, medication, flags, starts)
        if text is not None:
            raise UsageRefused(what="Say the new plan either in words or with flags, not both.")
        if current is None and flags.timing == PlanFlags().timing:
            raise NoPlan(medication=medication.name, why="has no plan to change; say when it is taken")
        plans = [plan_of_flags(chart, flags, current)]
    cautions = [] if caution is None else caution.before(chart, medication, plans, yes=yes, confirm=confirm)
    with chart.writing("change") as work:
        ended, cancelled = end_plans(chart, work, medication, starts, flags.reason, flags.by)
        for plan in plans:
            regimen_rows.add_plan(work, plan, medication)
        since = chart.dated(starts) if isinstance(starts, datetime) else starts.isoformat()
        work.summary = f"changed {medication.name} from {since} on: {say_all(chart, plans)}"
    lines = [f"Before: {chart.describe(plan)}" for plan in ended]
    lines += [*say_cancelled(chart, cancelled), *say_gap(chart, current, ended, starts)]
    lines += _say_close(chart, medication, plans[0])
    if plans[-1].is_empty and (plans[-1].until or plans[-1].for_days):
        lines.append(f"It goes on when you say so: medtrack change {quote(medication.name)} --from DATE")
    warned = [
        *cautions,
        *(reading.warnings if reading else ()),
        *notation_warnings(flags.amount, flags.timing.most, *typed_words),
    ]
    return plan_receipt(
        chart, "change", f"Recorded: {medication.name} changes.", medication, plans, warned, lines
    )


def _say_close(chart: Chart, medication: Medication, plan: Plan) -> list[str]:
    """That the first dose of a new plan comes soon after one that was taken, or while one is open still."""
    chart.forget()
    slot = None if plan.is_empty else first_slot(chart, plan)
    if slot is None:
        return []
    course = chart.current(medication)
    taken = [found.dose for found in course.matches if found.dose is not None] + course.extras
    times = [
        dose.taken_at
        for dose in taken
        if dose.status == "taken" and dose.taken_at <= min(chart.now, slot.planned_at)
    ]
    lines = []
    if times and slot.planned_at - max(times) < slot.nominal / 2:
        gap = say_minutes(slot.planned_at - max(times))
        lines.append(
            f"Mind: its first dose is {gap} after the one taken {chart.say(max(times))}, where"
            f" {say_duration(slot.nominal)} are planned. Not to be taken? medtrack skip"
            f" {quote(medication.name)} --for '{chart.dated(slot.planned_at)}' --reason WHY"
        )
    open_now = (found.planned_at for found in course.open_at(chart.now))
    open_before = [at for at in open_now if at < slot.planned_at]
    lines += [f"Still open from before: {chart.say(at)}." for at in open_before]
    return lines


def stop(
    chart: Chart, typed: str, *, at: str | None = None, reason: str | None = None, by: str | None = None
) -> Report:
    """End every plan of a medication. Raises NoPlan where none is running, ReasonNeeded when back-dated."""
    medication = chart.find(typed)
    reason, by = read_own_words(reason, "reason"), read_given(by, "name")
    ends: Bound = chart.now if at is None else read_bound(at, now=chart.now, zone=chart.zone)
    need_reason(chart, "A stop that is back-dated", ends, reason)
    with chart.writing("stop") as work:
        ended, cancelled = end_plans(chart, work, medication, ends, reason, by)
        if not ended and not cancelled:
            raise NoPlan(medication=medication.name, why="has no plan running, so there is nothing to stop")
        work.summary = f"stopped {medication.name}" + (f": {reason}" if reason else "")
    lines = [f"Recorded: {medication.name} stops {say_bound(chart, ends)}."]
    lines += [f"Before: {chart.describe(plan)}" for plan in ended]
    lines += say_cancelled(chart, cancelled)
    lines += open_lines(chart, medication)
    row = {
        "medication": medication.name,
        "reads_as": None,
        "starts": None,
        "until": chart.zones.shown(chart.begin(ends)),
        "next": None,
    }
    return Report("stop", _COLUMNS, [row], lines=[*lines, UNDO])


# --- what people read ------------------------------------------------------------------------------------


def title(medication: Medication) -> str:
    """A medication as people know it: 'metformin 500 mg tablet'."""
    return " ".join(part for part in (medication.name, medication.strength, medication.form) if part)


def plan_receipt(
    chart: Chart,
    kind: str,
    first: str,
    medication: Medication,
    plans: Sequence[Plan],
    warnings: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Report:
    """What was written down, in words: the plans, when the first dose is, and the way back."""
    rows: list[Cells] = []
    lines = [first]
    for plan in plans:
        since, until = plan_span(plan, chart.zones)
        first_of_plan = first_slot(chart, plan)
        next_at = None if first_of_plan is None else first_of_plan.planned_at
        said = chart.describe(plan)
        lines.append(f"Plan: {said}, from {say_bound(chart, plan.starts)} on.")
        if first_of_plan is not None and (plan.window is not None or plan.time_critical):
            lines.append(say_window(plan, first_of_plan.window))
        rows.append(
            {
                "medication": medication.name,
                "reads_as": said,
                "starts": chart.zones.shown(since),
                "until": None if plan.until is None and plan.ended is None else chart.zones.shown(until),
                "next": None if next_at is None else chart.zones.shown(next_at),
            }
        )
    lines += more
    if medication.reason:
        lines.append(f"For: {medication.reason}.")
    firsts = [row["next"] for row in rows if isinstance(row["next"], datetime)]
    if firsts:
        lines.append(f"First dose: {chart.say(min(firsts))}.")
    doubts = [
        doubt_of_strength(plan.amount, medication.strength, medication.form)
        for plan in plans
        if not plan.amount_high
    ]
    meta = {"warnings": [*warnings, *dict.fromkeys(doubt for doubt in doubts if doubt)]}
    return Report(kind, _COLUMNS, rows, meta, lines=[*lines, UNDO])


def say_window(plan: Plan, window: timedelta) -> str:
    """What counts as on time under a plan that says so itself; at most a quarter of the spacing."""
    said = f"On time means within {say_duration(window)} of the planned time"
    if plan.window is not None and window < plan.window:
        return f"{said}: a quarter of the time between doses is the most."
    return f"{said}."
