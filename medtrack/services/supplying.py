"""Supply: what was received and counted, what is on hand, and when to order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import Amount, read_amount, show_amount
from medtrack.domain.matching import state_of
from medtrack.domain.names import LONGEST_NOTE, read_text
from medtrack.domain.regimen import Interval, Medication, Plan
from medtrack.domain.report import UNDO, Cells, Column, Report, Row
from medtrack.domain.slots import Slot, reach
from medtrack.domain.stock import Stock, Supply, read_count, runs_out, say_drift, since_count, stock
from medtrack.domain.when import read_past, read_span
from medtrack.domain.wording import WEEKDAYS, say_number_of
from medtrack.errors import UsageRefused
from medtrack.store.doses import doses_about
from medtrack.store.supplies import add_supply, supplies

from .chart import Chart, scheduled_spans

_STEP = timedelta(days=120)
_FARTHEST = timedelta(days=3_660)
_SECOND = timedelta(seconds=1)


class Standing(NamedTuple):
    """What of a medication is on hand, and how long it lasts by its real schedule."""

    medication: Medication
    stock: Stock
    slot: Slot | None
    """The first planned dose for which there is not enough."""
    why: str
    """Where there is no such dose: why not."""
    order_by: date | None

    @property
    def runs_out_on(self) -> date | None:
        """The day of that dose."""
        return None if self.slot is None else self.slot.local.date()

    @property
    def short(self) -> Amount | None:
        """How much more was taken than there was by the log, if so."""
        return Amount(-self.stock.value, self.stock.unit) if self.stock.value < 0 else None


def refill(
    chart: Chart,
    typed: str,
    amount: str,
    *,
    at: str = "now",
    note: str | None = None,
    expires: str | None = None,
) -> Report:
    """Write down supply received; `expires` is a day, or a month, whose last day it is.

    Raises MedicationNotFound, BadAmount, BadTime, BadSpan, UsageRefused.
    """
    medication = chart.find(typed)
    occurred_at = read_past(at, now=chart.now, zone=chart.zone, what="Supply")
    expires_on = None
    if expires is not None:
        first, after = read_span(expires, now=chart.now, zone=chart.zone)
        expires_on = after - timedelta(days=1)
        if (after - first).days > 31:
            raise UsageRefused(what=f"--expires takes a day or a month, like 2027-03, not {expires[:20]!r}.")
    with chart.writing("refill") as work:
        known = supplies(chart.record).get(medication.id, [])
        received = read_amount(amount, _unit(chart, medication, known))
        before = _stock(chart, medication, known, occurred_at)
        if before is not None and before.unit != received.unit:
            what = show_amount(Amount(before.amount.value, before.unit))
            raise UsageRefused(
                what=f"{medication.name} is kept in another unit ({what} on hand): say how much in that one,"
                f" or count it anew: medtrack count {medication.name} AMOUNT"
            )
        entry = _entry(chart, medication, "received", received, occurred_at, note)._replace(
            expires_on=expires_on
        )
        number = add_supply(work, entry, medication)
        work.summary = f"received {medication.name} {show_amount(received)}"
    lines = [f"Received: {medication.name} {show_amount(received)}, {chart.say(occurred_at)}."]
    if expires_on is not None:
        is_past = expires_on < chart.local(chart.now).date()
        lines.append(f"It {'expired' if is_past else 'may be used up to'} {say_day(expires_on)}.")
    if twin := _twin(known, entry):
        lines.append(f"As much was already written down as received {chart.say(twin.occurred_at)}.")
    if not any(each.kind == "counted" for each in known):
        lines.append(f"What was there before is not in it: medtrack count {medication.name} AMOUNT")
    return _receipt(chart, "refill", entry._replace(id=number), medication, lines)


def count(chart: Chart, typed: str, amount: str, *, at: str = "now", note: str | None = None) -> Report:
    """Write down what was counted, and say how the log differs.

    Raises MedicationNotFound, BadAmount, BadTime.
    """
    medication = chart.find(typed)
    occurred_at = read_past(at, now=chart.now, zone=chart.zone, what="A count")
    with chart.writing("count") as work:
        known = supplies(chart.record).get(medication.id, [])
        counted = read_count(amount, _unit(chart, medication, known))
        before = _stock(chart, medication, known, occurred_at)
        entry = _entry(chart, medication, "counted", counted, occurred_at, note)
        number = add_supply(work, entry, medication)
        work.summary = f"counted {medication.name} {show_amount(counted)}"
    lines = [
        f"Counted: {medication.name} {show_amount(counted)}, {chart.say(occurred_at)}.",
        say_drift(counted, before),
    ]
    return _receipt(chart, "count", entry._replace(id=number), medication, lines, before)


def _entry(
    chart: Chart, medication: Medication, kind: str, amount: Amount, at: datetime, note: str | None
) -> Supply:
    remark = None if note is None else read_text(note, "note", LONGEST_NOTE)
    zone = chart.zones.at(at).key or "UTC"
    return Supply(0, medication.id, kind, amount, at, zone, chart.local(at), remark)


def _twin(known: Sequence[Supply], entry: Supply) -> Supply | None:
    """A supply like this one on the same day: perhaps the same one, typed twice."""
    return next(
        (
            each
            for each in known
            if (each.kind, each.amount, each.local.date()) == (entry.kind, entry.amount, entry.local.date())
        ),
        None,
    )


def _unit(chart: Chart, medication: Medication, known: Sequence[Supply]) -> str:
    """The unit a bare number is in: that of the supply so far, else that of the plan."""
    if known:
        return known[-1].amount.unit
    plans = chart.plans(medication)
    return plans[-1].amount.unit if plans else "dose"


def _stock(chart: Chart, medication: Medication, known: Sequence[Supply], at: datetime) -> Stock | None:
    counting = since_count(known, at)
    if not counting:
        return None
    doses = doses_about(chart.record, medication.id, counting[0].occurred_at, at + _SECOND)
    return stock(known, doses, at)


def _receipt(
    chart: Chart,
    kind: str,
    entry: Supply,
    medication: Medication,
    lines: list[str],
    before: Stock | None = None,
) -> Report:
    standing = next((each for each in standings(chart, [medication])), None)
    if standing is not None:
        lines.append(_say_standing(chart, standing))
    row: Cells = {
        "id": entry.id,
        "medication": medication.name,
        "amount": entry.amount,
        "occurred_at": chart.zones.shown(entry.occurred_at),
        "note": entry.note,
    }
    if kind == "refill":
        row["expires_on"] = entry.expires_on
    if kind == "count":
        is_same = before is not None and before.unit == entry.amount.unit
        row["by_the_log"] = Amount(before.value, before.unit) if before is not None else None
        row["drift"] = (
            Amount(entry.amount.value - before.value, before.unit) if before is not None and is_same else None
        )
    columns = tuple(Column(key) for key in row)
    return Report(kind, columns, [row], lines=[*lines, UNDO])


# --- how long it lasts -------------------------------------------------------------------------------------


def standings(chart: Chart, medications: Sequence[Medication]) -> Iterator[Standing]:
    """What is on hand of each medication of which any was received or counted."""
    known = supplies(chart.record)
    for medication in medications:
        found = _stock(chart, medication, known.get(medication.id, []), chart.now)
        if found is None:
            continue
        slot = runs_out(found.amount, _to_come(chart, medication))
        why = "" if slot is not None else _why_not(chart, medication, found)
        yield Standing(
            medication, found, slot, why, None if slot is None else slot.local.date() - chart.order_ahead
        )


def _to_come(chart: Chart, medication: Medication) -> Iterator[Slot]:
    """The planned doses that are to be taken from what is on hand, for up to ten years.

    Doses of a plan that counts from the last one taken are taken to follow each other on time.
    """
    plans = [_stepping(plan) for plan in chart.plans(medication)]
    until = max((until for _, until in scheduled_spans(plans, chart.zones)), default=chart.now)
    begins = chart.now - min(reach(plans), timedelta(days=15))
    last = min(until, chart.now + _FARTHEST)
    while begins < last:
        ends = min(begins + _STEP, last)
        course = chart.course(medication, begins, ends, plans)
        for found in course.matches:
            state = state_of(found, course.holds, chart.now)
            if found.dose is None and state in ("upcoming", "due", "overdue"):
                yield found.slot
        begins = ends


def _stepping(plan: Plan) -> Plan:
    timing = plan.timing
    if isinstance(timing, Interval) and timing.from_last_dose:
        return plan._replace(timing=timing._replace(from_last_dose=False))
    return plan


def _why_not(chart: Chart, medication: Medication, found: Stock) -> str:
    if any(hold.until is None for hold in chart.holds(medication)):
        return "not known: on hold without an end"
    units = {slot.amount.unit for slot in _to_come(chart, medication)}
    if found.unit in units:
        ends = max(until for _, until in scheduled_spans(chart.plans(medication), chart.zones))
        return "enough until its plan ends" if ends < chart.now + _FARTHEST else "enough for ten years"
    if units:
        return f"not known: its plan is in {'/'.join(sorted(units))}"
    if scheduled_spans(chart.plans(medication), chart.zones):
        return "not known: no dose is planned"
    return "not known: taken as needed"


def say_day(day: date) -> str:
    """A day with its weekday: 'Thu 2026-04-30'."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.isoformat()}"


def _say_standing(chart: Chart, standing: Standing) -> str:
    """What is on hand, when it runs out and by when to order."""
    amount = show_amount(standing.stock.amount)
    words = f"On hand: {amount}."
    if standing.short is not None:
        more = show_amount(standing.short)
        words = f"On hand: nothing by the log, which has {more} more taken than there were. Count it."
    if standing.runs_out_on is None or standing.order_by is None:
        is_enough = standing.why.startswith("enough")
        return f"{words} {'That is' if is_enough else 'When it runs out is'} {standing.why}."
    when = say_day(standing.order_by)
    order = f"order by {when}" if standing.order_by > chart.local(chart.now).date() else "order now"
    return f"{words} The dose of {say_day(standing.runs_out_on)} is the first without; {order}."


def say_lasting(standing: Standing, before: Standing) -> str:
    """When a medication runs out, and when it did before something changed."""
    day, was = standing.runs_out_on, before.runs_out_on
    lasts = f"supply {standing.why}" if day is None else f"none is left for the dose of {say_day(day)}"
    changed = "" if was is None or was == day else f"; before, for that of {say_day(was)}"
    return f"{standing.medication.name}: {lasts}{changed}."


def low(chart: Chart) -> list[Standing]:
    """The medications that are to be ordered by now."""
    today = chart.local(chart.now).date()
    return [
        each
        for each in standings(chart, chart.medications)
        if each.order_by is not None and each.order_by <= today
    ]


def overdrawn(chart: Chart) -> Iterator[tuple[str, str]]:
    """The medications of which more was taken than there was by the log, each with what to do."""
    for each in standings(chart, chart.medications):
        if each.short is not None:
            yield say_short(each.medication.name, each.short), count_it(each.medication.name)


def say_low(standing: Standing) -> str:
    """That a medication runs low, for the board."""
    if standing.short is not None:
        name = standing.medication.name
        return f"{say_short(name, standing.short)} {count_it(name)}"
    amount = show_amount(standing.stock.amount)
    day = "" if standing.runs_out_on is None else say_day(standing.runs_out_on)
    return f"Low: {standing.medication.name}, {amount} on hand, none for the dose of {day}. Order now."


def stock_report(chart: Chart, typed: Sequence[str]) -> Report:
    """What is on hand, how long it lasts by the real schedule, and by when to order."""
    rows: list[Cells] = [_row(chart, each) for each in standings(chart, chart.chosen(list(typed)))]
    columns = (
        Column("medication", "Medication"),
        Column("amount", "On hand", lambda row: show_amount(row["amount"])),
        Column("short"),
        Column("since_kind", "By", lambda row: _say_source(chart, row)),
        Column("since"),
        Column("doses_since", "Doses since", right=True),
        Column("doses_not_counted"),
        Column("runs_out_on", "Runs out", _say_end),
        Column("order_by", "Order by", lambda row: _say_order(chart, row)),
        Column("why"),
    )
    uncounted = sum(row["doses_not_counted"] for row in rows)
    ahead = say_number_of(chart.order_ahead.days, "day")
    footer = [
        "Runs out: the first planned dose without enough for it, if every dose to come is taken as planned.",
        f"Order by: {ahead} before (medtrack settings order-ahead DAYS).",
        *(
            f"{say_short(row['medication'], row['short'])} {count_it(row['medication'])}"
            for row in rows
            if row["short"] is not None
        ),
    ]
    if uncounted:
        footer.append(
            f"{say_number_of(uncounted, 'dose')} in another unit, or of no amount, could not be subtracted."
        )
    return Report(
        "stock",
        columns,
        rows,
        {"order_ahead_days": chart.order_ahead.days},
        footer=footer if rows else (),
        empty="No supply is written down. For one: medtrack count NAME AMOUNT",
    )


def _row(chart: Chart, standing: Standing) -> Cells:
    found = standing.stock
    return {
        "medication": standing.medication.name,
        "amount": found.amount,
        "short": standing.short,
        "since_kind": found.since.kind,
        "since": chart.zones.shown(found.since.occurred_at),
        "doses_since": found.doses,
        "doses_not_counted": found.uncounted,
        "runs_out_on": standing.runs_out_on,
        "order_by": standing.order_by,
        "why": standing.why or None,
    }


def _say_source(chart: Chart, row: Row) -> str:
    return f"{row['since_kind']} {chart.say(row['since'])}"


def _say_end(row: Row) -> str:
    return str(row["why"]) if row["runs_out_on"] is None else say_day(row["runs_out_on"])


def _say_order(chart: Chart, row: Row) -> str:
    if row["order_by"] is None:
        return ""
    return say_day(row["order_by"]) if row["order_by"] > chart.local(chart.now).date() else "now"


def say_short(medication: str, short: Amount) -> str:
    """That more was taken than there was, so that something is not written down."""
    return f"{medication}: {show_amount(short)} more taken than there were by the log."


def count_it(medication: str) -> str:
    """What to do about it."""
    return f"Count it: medtrack count {quote(medication)} AMOUNT"
