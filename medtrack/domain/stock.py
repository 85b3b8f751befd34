"""What is on hand: supply received and counted, less what was taken, and how long it lasts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import lcm
from operator import attrgetter
from typing import NamedTuple

from .amounts import Amount, read_amount, show_amount
from .candidates import origin_of
from .days import pattern_ordinals
from .matching import Dose
from .regimen import AsNeeded, Days, Interval, Plan
from .slots import Slot
from .zones import Zones, begin_of

ORDER_AHEAD = 7
"""Days before it runs out by which to order, where the person did not set another number."""
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
"""Instants are kept to the second."""
_FOUR_YEARS = 1461
"""Days over which a pattern of the month, the year or RRULE text is averaged."""


class Supply(NamedTuple):
    """One thing that happened to what is on hand."""

    id: int
    medication_id: int
    kind: str
    """`received`: so much came to what was there; `counted`: so much was there."""
    amount: Amount
    """Zero only where it was counted."""
    occurred_at: datetime
    """UTC."""
    zone: str
    local: datetime
    """The wall clock as lived, naive."""
    note: str | None
    expires_on: date | None = None
    """The last day on which what was received may be used."""


class Stock(NamedTuple):
    """What is on hand by the log."""

    value: Fraction
    """Below zero where more was taken than was there: something was not written down."""
    unit: str
    since: Supply
    """The last count, or where there is none the first supply received: what was before it is not known."""
    doses: int
    """Doses taken since then."""
    uncounted: int
    """Those of them in another unit, or of no amount: they are not subtracted."""

    @property
    def amount(self) -> Amount:
        """What is on hand; nothing where the log has it below zero."""
        return Amount(max(Fraction(0), self.value), self.unit)


_IN_ORDER = attrgetter("occurred_at", "id")


def stock(supplies: Iterable[Supply], doses: Iterable[Dose], at: datetime) -> Stock | None:
    """What of a medication is on hand at an instant: the last count, and what came and went since.

    A dose taken at the very instant of the count was taken before it; one at that of the first supply, after.
    Supply in another unit than the count is not added. None where nothing was received or counted by then.
    """
    known = since_count(supplies, at)
    if not known:
        return None
    since = known[0]
    unit = since.amount.unit
    value = sum((each.amount.value for each in known if each.amount.unit == unit), Fraction(0))
    from_at = since.occurred_at + (_SECOND if since.kind == "counted" else timedelta())
    taken = [dose for dose in doses if dose.status == "taken" and from_at <= dose.taken_at <= at]
    used = [dose.amount.value for dose in taken if dose.amount is not None and dose.amount.unit == unit]
    return Stock(value - sum(used, Fraction(0)), unit, since, len(taken), len(taken) - len(used))


def since_count(supplies: Iterable[Supply], at: datetime) -> list[Supply]:
    """The last count up to an instant and what was received after it, in order; without one, everything."""
    known = sorted((supply for supply in supplies if supply.occurred_at <= at), key=_IN_ORDER)
    counts = [number for number, supply in enumerate(known) if supply.kind == "counted"]
    return known[counts[-1] :] if counts else known


def say_drift(counted: Amount, before: Stock | None) -> str:
    """How a count differs from the log before it, and what that may mean; nothing where it cannot be told."""
    if before is None or before.unit != counted.unit:
        return "There was nothing to compare it with: from here on the log is held against it."
    drift = counted.value - before.value
    if not drift:
        return "That is what the log says."
    amount = show_amount(Amount(abs(drift), counted.unit))
    if drift < 0:
        return f"{amount} fewer than the log: unlogged doses?"
    return f"{amount} more than the log: doses logged but not taken, or supply not written down?"


def read_count(text: str, unit: str) -> Amount:
    """Read what was counted: an amount, or nothing at all ('0', '0 tablets'). Raises BadAmount."""
    number, _, rest = text.strip().partition(" ")
    if number.strip("0.") or not number.strip("."):
        return read_amount(text, unit)
    return Amount(Fraction(0), read_amount(f"1 {rest}", unit).unit)


def runs_out(amount: Amount, slots: Iterable[Slot]) -> Slot | None:
    """The first of some planned doses for which there is not enough; None where there is for all.

    A dose given as a range takes the most of it, and one in another unit nothing.
    """
    left = amount.value
    for slot in slots:
        if slot.amount.unit == amount.unit:
            left -= slot.amount_high or slot.amount.value
            if left < 0:
                return slot
    return None


def daily_amount(plans: Sequence[Plan], unit: str, zones: Zones) -> Fraction | None:
    """What the plans together take a day on average, in a unit: 2 for a tablet twice daily.

    Weekdays, cycles and every so many days are exact; days of the month, of the year and RRULE text are
    averaged over four years. None where nothing in this unit is planned.
    """
    total = Fraction(0)
    for plan in plans:
        if plan.amount.unit == unit:
            total += _times_a_day(plan, zones) * (plan.amount_high or plan.amount.value)
    return total or None


def _times_a_day(plan: Plan, zones: Zones) -> Fraction:
    timing = plan.timing
    if isinstance(timing, AsNeeded):
        return Fraction(0)
    if isinstance(timing, Interval):
        return Fraction(_DAY // _SECOND, timing.every // _SECOND)
    origin = origin_of(timing, zones, begin_of(plan.starts, zones))
    if origin is None:
        return Fraction(0)
    period = _period(timing.days)
    days = len(pattern_ordinals(timing.days, origin, origin, origin + timedelta(period)))
    return Fraction(days * len(timing.times), period)


def _period(days: Days) -> int:
    """How many days a pattern takes to come round."""
    if days.month_days or days.year_day is not None or days.rrule is not None:
        return _FOUR_YEARS
    return lcm(
        days.every, 7 * days.weeks if days.weekdays or days.weeks > 1 else 1, sum(days.cycle or (1, 0))
    )
