"""A taper: a chain of plans, each for so many days, from one prescription."""

import re
from fractions import Fraction

from medtrack.domain.amounts import Amount, read_amount, show_amount
from medtrack.domain.regimen import Bound, Clock, Plan
from medtrack.domain.report import Report
from medtrack.domain.when import read_duration
from medtrack.errors import NoPlan, NotSettled
from medtrack.store import regimen as regimen_rows

from .cautioning import Caution, Confirm
from .chart import Chart
from .planning import (
    PlanFlags,
    end_of_step,
    in_plain_words,
    notation_warnings,
    plan_of_flags,
    read_start,
    says_nothing,
)
from .regimen import plan_receipt
from .succession import end_plans, need_reason, plan_to_change, say_all, say_cancelled, say_gap

_THEN = re.compile(r"\s*(?:->|→|,?\s*\bthen\b)\s*", re.IGNORECASE)
_STEP = re.compile(
    r"(?P<amount>.+?)(?:\s+(?:for\s+|x\s*)?(?P<length>\d+\s*(?:d|days?|w|weeks?)))?", re.IGNORECASE
)


def taper(
    chart: Chart,
    typed: str,
    text: str,
    flags: PlanFlags,
    *,
    yes: bool = False,
    confirm: Confirm | None = None,
    caution: Caution | None = None,
) -> Report:
    """End what runs and begin the steps of a taper: '40 mg 14d -> 30 mg 14d -> stop'.

    The clock times stay as they were, or are given with flags. Every step but the last needs a length; a
    last one without goes on. `caution` checks them with what is taken already. Raises NotSettled, NoPlan,
    ReasonNeeded, BadAmount, BadDuration, WeeklyPlan, Stopped.
    """
    medication = chart.find(typed)
    flags = in_plain_words(flags)
    starts = read_start(chart, flags)
    need_reason(chart, "A taper that is back-dated", starts, flags.reason)
    current = plan_to_change(chart, medication, flags, starts)
    if current is None and flags.timing == PlanFlags().timing:
        raise NoPlan(medication=medication.name, why="has no plan to taper; say when it is taken, with --at")
    base = plan_of_flags(chart, flags, current)
    if not isinstance(base.timing, Clock):
        raise NotSettled(what="A taper needs clock times: say them with --at.")
    plans = chain(chart, base, text)
    cautions = [] if caution is None else caution.before(chart, medication, plans, yes=yes, confirm=confirm)
    with chart.writing("taper") as work:
        ended, cancelled = end_plans(chart, work, medication, starts, flags.reason, flags.by)
        for plan in plans:
            regimen_rows.add_plan(work, plan, medication)
        work.summary = f"tapers {medication.name}: {say_all(chart, plans)}"
    more = [f"Before: {_say_amount(plan)}" for plan in ended]
    more += [*say_cancelled(chart, cancelled), *say_gap(chart, current, ended, starts)]
    return plan_receipt(
        chart,
        "taper",
        f"Recorded: {medication.name} tapers.",
        medication,
        plans,
        [*cautions, *notation_warnings(text)],
        more,
    )


def chain(chart: Chart, base: Plan, text: str) -> list[Plan]:
    """The plans of a taper's steps, the first beginning where `base` does."""
    parts = _THEN.split(text.strip())
    if len(parts) > 1 and "" in parts:
        raise NotSettled(
            what="Between, before and after '->' stands a step: '40 mg 14d -> 30 mg 14d -> stop'."
        )
    stops = parts[-1:] and parts[-1].lower().rstrip(".") in ("stop", "off", "nothing")
    steps = [_step(part, base) for part in (parts[:-1] if stops else parts)]
    if not steps:
        raise NotSettled(what="Write the steps like '40 mg 14d -> 30 mg 14d -> stop'.")
    plans: list[Plan] = []
    starts: Bound = base.starts
    for number, (amount, days) in enumerate(steps):
        is_last = number == len(steps) - 1
        if days is None and (not is_last or stops):
            raise NotSettled(
                what=f"How long is {show_amount(amount)} taken? Write it like '40 mg 14d -> 30 mg 14d'."
            )
        plan = base._replace(
            amount=amount,
            amount_high=None,
            starts=starts,
            for_days=days,
            until=None,
            count=None,
            uid="",
            id=0,
        )
        plans.append(plan)
        if days is not None:
            starts = end_of_step(chart, plan)
    return plans


def _say_amount(plan: Plan) -> str:
    return "nothing" if plan.is_empty else show_amount(plan.amount, plan.amount_high)


def _step(text: str, base: Plan) -> tuple[Amount, int | None]:
    found = _STEP.fullmatch(text)
    if found is None:
        raise NotSettled(what=f"The step {text!r} is not like '40 mg 14d'.")
    length = found["length"]
    days = None if length is None else read_duration(length).days
    if says_nothing(found["amount"]):
        return Amount(Fraction(0), base.amount.unit), days
    return read_amount(found["amount"], base.amount.unit), days
