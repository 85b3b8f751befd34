"""Adherence from supply: PDC, MPR and CMA of what was written down as received."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.matching import Held, held_spans
from medtrack.domain.regimen import AsNeeded, Medication, Plan
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.shares import percent
from medtrack.domain.slots import FAR, plan_span
from medtrack.domain.stock import Supply, daily_amount
from medtrack.domain.supply import FOLLOWUP_DAYS, Fill, Parts, cma_parts, mpr, pdc, pdc_of_every
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import UsageRefused
from medtrack.store.record import BEGINNING
from medtrack.store.supplies import supplies

from .chart import Chart, scheduled_spans
from .journal import span_of

METHODS = ("pdc", "mpr", *(f"cma{number}" for number in range(1, 10)))
_PAUSED = ("pdc", "mpr")
"""The methods that take paused days out."""
_DAY = timedelta(days=1)
_RULES = {
    "pdc": "PDC: days covered by supply, of the days that are not held; supply received early is used after"
    " what there was, and shifts over held days. The row of all counts days covered by every medication."
    " A supply lasts by the plan in force when it came.",
    "mpr": "MPR: days of supply received, of the days that are not held; it may pass 100 %.",
    "cma1": "CMA1: days of supply but for the last, of the days from the first to the last one received.",
    "cma2": "CMA2: days of supply, of the days from the first one received to the end.",
    "cma3": "CMA3: CMA1, at most 100 %.",
    "cma4": "CMA4: CMA2, at most 100 %.",
    "cma5": "CMA5: days with supply, of the days from the first to the last one received; what is left is"
    " carried over.",
    "cma6": "CMA6: days with supply, of the days from the first one received to the end; what is left is"
    " carried over.",
    "cma7": "CMA7: days with supply, of all days; what is left is carried over, from before them too.",
    "cma8": "CMA8: days with supply, of the days after what was left from before was used up.",
    "cma9": "CMA9: the mean over all days of the share that supply lasted from one received to the next, the"
    f" last one to the end of the follow-up: {FOLLOWUP_DAYS} days from the first supply, as in AdhereR, but"
    " not beyond today or the end of the plans.",
}
_COUNTED = {
    **dict.fromkeys(("pdc", "cma5", "cma6", "cma7", "cma8"), "Days covered"),
    **dict.fromkeys(("cma1", "cma2", "cma3", "cma4"), "Days counted"),
    "cma9": "Sum of shares",
}
"""What the days above the fraction line are called; those of MPR are the days of supply."""


class _Filled(NamedTuple):
    """The supply of one medication, as what it would last."""

    medication: Medication
    fills: list[Fill]
    unknown: int
    """Supplies of which no plan says how long they would last."""
    off: list[Held]
    """When it was paused, or nothing was planned."""
    until: date | None
    """The day after the last planned one, where the plans are over."""

    @property
    def first(self) -> date:
        """The day of the first supply."""
        return min(fill.on for fill in self.fills)


def adherence_by_supply(
    chart: Chart,
    typed: Sequence[str],
    method: str,
    *,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
) -> Report:
    """Adherence by what was received, over a span of days: by default from the first supply to today.

    How long a supply would last is worked out from the plan in force when it was received. A medication is
    measured from its first supply on. Raises MedicationNotFound, BadSpan, UsageRefused.
    """
    if method not in METHODS:
        raise UsageRefused(what=f"--method is one of {say_list(METHODS)}, not {method!r}.")
    filled = [each for each in _filled(chart, chart.chosen(list(typed))) if each.fills or each.unknown]
    asked = span_of(chart, since, until, span)
    last = chart.local(chart.now).date() + _DAY
    if asked is not None:
        last = min(last, chart.local(asked[1] - timedelta(seconds=1)).date() + _DAY)
    together = [each for each in filled if each.fills and each.first < last]
    first = min((each.first for each in together), default=last - _DAY)
    if asked is not None:
        first = max(first, chart.local(asked[0]).date())
    # A window to come, or one after the end of the plans, has no day to measure.
    over = [
        each for each in together if method not in _PAUSED and each.until is not None and each.until <= first
    ]
    together = [each for each in together if first < last and each not in over]
    rows = [_row(chart, each, method, first, last) for each in together]
    if method == "pdc" and len(together) > 1:
        rows.append(_all_row(chart, together, first, last))
    unknown = [each.medication.name for each in filled if each.unknown]
    found = _report(chart, rows, method, first, last, unknown)
    if over and rows:
        ended = say_list(each.medication.name for each in over)
        found = found._replace(
            footer=[*found.footer, f"Not counted, because the plans were over before: {ended}."]
        )
    if filled and asked is not None:
        found = found._replace(empty=f"No supply is known {_say_window(chart, *asked)}.")
    return found


def _say_window(chart: Chart, begins: datetime, ends: datetime) -> str:
    last = chart.local(ends - timedelta(seconds=1)).date()
    if begins == BEGINNING:
        return f"up to {last}"
    first = chart.local(begins).date()
    return f"from {first} on" if ends == FAR else f"from {first} to {last}"


def _filled(chart: Chart, medications: Sequence[Medication]) -> list[_Filled]:
    known = supplies(chart.record)
    found = []
    for medication in medications:
        received = [each for each in known.get(medication.id, []) if each.kind == "received"]
        fills = [_fill(chart, medication, supply) for supply in received]
        off = [*held_spans(chart.holds(medication), chart.zones), *_without_plan(chart, medication, received)]
        lasting = [fill for fill in fills if fill is not None]
        until = _plans_over(chart, medication)
        found.append(_Filled(medication, lasting, len(fills) - len(lasting), off, until))
    return found


def _plans_over(chart: Chart, medication: Medication) -> date | None:
    spans = scheduled_spans(chart.plans(medication), chart.zones)
    until = max((until for _, until in spans), default=chart.now)
    return chart.local(until - timedelta(seconds=1)).date() + _DAY if until <= chart.now else None


def _without_plan(chart: Chart, medication: Medication, received: Sequence[Supply]) -> list[Held]:
    """The time from the first supply on in which nothing was planned: nobody keeps a plan that is over."""
    found = []
    reached = min((supply.occurred_at for supply in received), default=chart.now)
    for begins, ends in sorted(scheduled_spans(chart.plans(medication), chart.zones)):
        if reached < begins:
            found.append(Held(reached, begins, "held"))
        reached = max(reached, ends)
    return [*found, Held(reached, None, "held")] if reached < chart.now else found


def _fill(chart: Chart, medication: Medication, supply: Supply) -> Fill | None:
    """The supply as the days it would last by the plan in force then, else by the next one to begin."""
    daily = daily_amount(_in_force(chart, medication, supply.occurred_at), supply.amount.unit, chart.zones)
    if daily is None:
        return None
    return Fill(supply.local.date(), supply.amount.value / daily, medication.name, daily)


def _in_force(chart: Chart, medication: Medication, at: datetime) -> list[Plan]:
    spans = [
        (plan, *plan_span(plan, chart.zones))
        for plan in chart.plans(medication)
        if not isinstance(plan.timing, AsNeeded) and not plan.is_empty
    ]
    current = [plan for plan, begins, ends in spans if begins <= at < ends]
    if current:
        return current
    following = [begins for _, begins, ends in spans if at < begins < ends]
    return [plan for plan, begins, _ in spans if following and begins == min(following)]


def _held_days(chart: Chart, off: Sequence[Held], last: date) -> list[tuple[date, date]]:
    """The days `[since, until)` at whose noon the medication was paused or not planned, up to `last`."""
    found = []
    for held in off:
        since, until = chart.local(held.since), None if held.until is None else chart.local(held.until)
        found.append((_from_noon(since), last if until is None else _from_noon(until)))
    return found


def _from_noon(local: datetime) -> date:
    """The first day whose noon is not before a wall time."""
    return local.date() + (_DAY if local.time() > time(12) else timedelta())


def _row(chart: Chart, each: _Filled, method: str, first: date, last: date) -> Cells:
    begins = max(first, each.first)
    if each.until is not None and method not in _PAUSED:
        last = min(last, each.until)
    received = [fill for fill in each.fills if begins <= fill.on < last]
    held = _held_days(chart, each.off, last)
    followed = None
    if method == "pdc":
        cells = _cells(
            each.medication.name, method, begins, last, held, pdc(each.fills, begins, last, held=held)
        )
    elif method == "mpr":
        value = mpr(each.fills, begins, last, held=held)
        supplied = sum((Fraction(fill.days) for fill in received), Fraction(0))
        cells = _cells(each.medication.name, method, begins, last, held, value) | {"counted_days": supplied}
    else:
        followed = _followed(chart, each, last)
        parts = _cma(each, method, begins, last, followed)
        # What is divided is said, which is not always the whole window.
        cells = _cells(each.medication.name, method, begins, last, [], parts.value)
        cells |= {"counted_days": parts.days, "of_days": int(parts.of)}
        # In the family of CMA the last day of the window is the one it ends with.
        received = [fill for fill in each.fills if begins <= fill.on <= last]
    return cells | {
        "supplies": len(received),
        "supplied_days": sum((Fraction(fill.days) for fill in received), Fraction(0)),
        "followed_until": None if followed is None else followed - _DAY,
    }


def _followed(chart: Chart, each: _Filled, last: date) -> date:
    """The day after the follow-up: two years as in AdhereR, and never short of the window.

    What is still to come is not known, and nobody keeps a plan that is over.
    """
    over = [chart.local(chart.now).date() + _DAY, *([each.until] if each.until is not None else [])]
    return max(last, min(each.first + FOLLOWUP_DAYS * _DAY, *over))


def _cma(each: _Filled, method: str, begins: date, last: date, followed: date) -> Parts:
    found = cma_parts(
        int(method.removeprefix("cma")),
        each.fills,
        followup_start=each.first,
        followup_days=(followed - each.first).days,
        since=(begins - each.first).days,
        days=(last - begins).days,
        dose_change=True,
    )
    return found or Parts(Fraction(0), 0)


def _all_row(chart: Chart, filled: Sequence[_Filled], first: date, last: date) -> Cells:
    """The days on which every medication was on hand, from when the last of them was first received."""
    begins = max(first, *(each.first for each in filled))
    fills = [fill for each in filled for fill in each.fills]
    held = {each.medication.name: _held_days(chart, each.off, last) for each in filled}
    value = pdc_of_every(fills, begins, last, held=held) if begins < last else None
    spans = [span for each in held.values() for span in each]
    none = dict.fromkeys(("supplies", "supplied_days", "followed_until"))
    return _cells("all", "pdc", begins, last, spans, value) | none


def _cells(
    name: str,
    method: str,
    begins: date,
    last: date,
    held: Sequence[tuple[date, date]],
    value: Fraction | None,
) -> Cells:
    days = max(0, (last - begins).days)
    takes_out = method in _PAUSED
    paused = {
        since + timedelta(number)
        for since, until in held
        for number in range((until - since).days)
        if takes_out and begins <= since + timedelta(number) < last
    }
    covered = value * (days - len(paused)) if method == "pdc" and value is not None else None
    return {
        "medication": name,
        "since": begins,
        "until": last - _DAY,
        "days": days - len(paused),
        "held_days": len(paused),
        "covered_days": covered,
        "counted_days": covered,
        "of_days": days - len(paused),
        "adherence": value,
        "method": method,
    }


def _report(
    chart: Chart, rows: list[Cells], method: str, first: date, last: date, unknown: list[str]
) -> Report:
    columns = (
        Column("medication", "Medication"),
        Column("since", "From"),
        Column("until", "To"),
        Column("supplies", "Supplies", right=True),
        Column("supplied_days", "Days of supply", _say_days("supplied_days"), right=True),
        Column("covered_days"),
        Column("counted_days", _COUNTED.get(method), _say_days("counted_days"), right=True),
        Column("of_days", "Of days", right=True),
        Column("days"),
        Column("held_days"),
        Column("adherence", method.upper(), _say_share, right=True),
        Column("method"),
        Column("followed_until"),
    )
    footer = [_RULES[method], "Source: supply written down. What was on hand was not always taken."]
    held = sum(row["held_days"] for row in rows if row["medication"] != "all")
    if held:
        footer.append(f"Held, unknown or without a plan, and not counted: {say_number_of(held, 'day')}.")
    if method not in _PAUSED:
        footer.append("Pauses are not taken out of it: CMA knows none.")
    if unknown:
        footer.append(f"Not counted, because no plan says how long the supply lasts: {say_list(unknown)}.")
    return Report(
        "adherence",
        columns,
        rows,
        {
            "since": first,
            "until": last - _DAY,
            "method": method,
            "person": chart.person,
            "not_counted": unknown,
        },
        lines=[f"Adherence by supply of {chart.person or 'this record'}, {first} to {last - _DAY}"]
        if rows
        else [],
        footer=footer if rows else (),
        empty="No supply is written down for that. For one: medtrack refill NAME AMOUNT",
    )


def _say_share(row: Row) -> str:
    value = row["adherence"]
    return percent(value) if isinstance(value, Fraction) else "no number"


def _say_days(key: str) -> Callable[[Row], str]:
    def say(row: Row) -> str:
        days = row[key]
        return "" if days is None else f"{float(days):.1f}".removesuffix(".0")

    return say
