"""Plans in, slots out: every planned dose of one medication in a span, placed in the person's zone.

A sequence is computed from the plan's start and the span only filters it, so adjoining spans join
without a seam. Dates come from day patterns, placement in a zone from `zones.place`, and what a clock
change does to the spacing is decided here, once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .amounts import Amount
from .days import first_day, longest_spacing, pattern_days, previous_day
from .regimen import Clock, Interval, Plan
from .zones import Zones, begin_of, end_of, place

DAY = timedelta(days=1)
FAR = datetime(2300, 1, 1, tzinfo=UTC)
"""Later than any slot: where an open span ends."""


class Slot(NamedTuple):
    """One planned dose."""

    medication_id: int
    plan_id: int
    planned_at: datetime
    """UTC."""
    local: datetime
    """The wall clock as the person will see it, naive."""
    zone: str
    amount: Amount
    amount_high: Fraction | None
    nominal: timedelta
    """The plan's ideal wall-clock distance to the slot before it."""
    window: timedelta
    """How far from the planned instant still counts as on time."""
    flags: tuple[str, ...] = ()


class Dropped(NamedTuple):
    """A slot that a clock change pushed onto its neighbour: planned, shown, never due."""

    medication_id: int
    planned_at: datetime
    local: datetime
    zone: str
    reason: str


class Planned(NamedTuple):
    """The slots of one medication in a span, in order, and what was dropped."""

    slots: list[Slot]
    dropped: list[Dropped]


class _Candidate(NamedTuple):
    instant: datetime
    local: datetime
    zone: str
    nominal: timedelta
    flags: tuple[str, ...]


def plan_span(plan: Plan, zones: Zones) -> tuple[datetime, datetime]:
    """The plan's instants `[since, until)` by its bounds alone; `until` is FAR where it is open."""
    home = Zones(((FAR, plan.pinned_zone),)) if plan.pinned_zone else zones
    since = begin_of(plan.starts, home)
    until = end_of(plan.until, home) if plan.until is not None else FAR
    if plan.ended is not None:
        until = min(until, begin_of(plan.ended, home))
    return since, max(since, until)


def real_span(plan: Plan, zones: Zones) -> tuple[datetime, datetime]:
    """The plan's instants `[since, until)`, ending just after the last slot where slots or days are counted."""
    since, until = plan_span(plan, zones)
    timing = plan.timing
    counted = plan.count or plan.for_days
    if counted is None or not isinstance(timing, (Clock, Interval)):
        return since, until
    if isinstance(timing, Interval) and timing.from_last_dose:
        return since, until
    spacing = longest_spacing(timing.days) + DAY if isinstance(timing, Clock) else timing.every
    upper = since + (spacing * (counted + 2) if plan.count else spacing + (counted + 2) * DAY)
    slots = slots_of([plan], zones, since, min(until, upper)).slots
    return since, slots[-1].planned_at + timedelta(seconds=1) if slots else since


def reach(plans: Iterable[Plan]) -> timedelta:
    """How far to either side of a span the slots must be known so that its catchments are whole."""
    longest = timedelta()
    for plan in plans:
        if isinstance(plan.timing, Clock):
            longest = max(longest, longest_spacing(plan.timing.days))
        elif isinstance(plan.timing, Interval):
            longest = max(longest, plan.timing.every)
    return 2 * longest + DAY


def window_of(plan: Plan, nominal: timedelta) -> timedelta:
    """How far from the planned instant counts as on time.

    The person's own window, else the hospital rule for scheduled medicines (ISMP Acute Care Guidelines
    for Timely Administration of Scheduled Medications): 30 minutes when time-critical, 1 hour when given
    more often than daily, else 2 hours; never wider than a quarter of the nominal spacing.
    """
    wanted = plan.window
    if wanted is None:
        timing = plan.timing
        often = timing.every < DAY if isinstance(timing, Interval) else len(getattr(timing, "times", ())) > 1
        wanted = timedelta(minutes=30) if plan.time_critical else timedelta(hours=1 if often else 2)
    return min(wanted, nominal / 4)


def slots_of(
    plans: Iterable[Plan],
    zones: Zones,
    since: datetime,
    until: datetime,
    *,
    taken: Sequence[datetime] = (),
    now: datetime | None = None,
) -> Planned:
    """All slots of one medication planned in `[since, until)`, by instant.

    `taken` (UTC, ascending: every taken dose that may matter) and `now` serve plans that step from the
    last dose: they have one open slot at a time, so nothing is listed beyond it.
    """
    slots: list[Slot] = []
    dropped: list[Dropped] = []
    for plan in plans:
        if isinstance(plan.timing, Clock):
            kept, lost = _clock_slots(plan, plan.timing, zones, since, until)
            dropped += lost
        elif isinstance(plan.timing, Interval):
            kept = _interval_slots(plan, plan.timing, zones, since, until, taken, now)
        else:
            continue
        slots += kept
    slots.sort(key=lambda slot: (slot.planned_at, slot.plan_id))
    return Planned(_flag_short_gaps(slots), sorted(dropped, key=lambda lost: lost.planned_at))


def _flag_short_gaps(slots: list[Slot]) -> list[Slot]:
    """A change of plan drops nothing, but a slot that follows too soon says so."""
    for index in range(1, len(slots)):
        before, slot = slots[index - 1], slots[index]
        if (
            before.plan_id != slot.plan_id
            and slot.planned_at - before.planned_at < slot.nominal * 3 / 4
            and "short-gap" not in slot.flags
        ):
            slots[index] = slot._replace(flags=(*slot.flags, "short-gap"))
    return slots


# --- clock plans -------------------------------------------------------------------------------------


def _clock_slots(
    plan: Plan, timing: Clock, zones: Zones, since: datetime, until: datetime
) -> tuple[list[Slot], list[Dropped]]:
    home = Zones(((FAR, plan.pinned_zone),)) if plan.pinned_zone else zones
    begins, ends = plan_span(plan, zones)
    origin = first_day(timing, home.local(begins))
    if origin is None:
        return [], []
    margin = 2 * longest_spacing(timing.days) + 2 * DAY
    # A count is kept slots from the first one, so such a plan is walked from its start; it is short.
    walk_from = begins if plan.count is not None else max(begins, since - margin)
    walk_until = min(ends, until)
    slots: list[Slot] = []
    dropped: list[Dropped] = []
    last: datetime | None = None
    last_local = _last_local(plan, timing, origin, home, begins)
    for found in _candidates(timing, origin, home, walk_from, walk_until):
        if last_local is not None and found.local >= last_local:
            break
        elapsed = None if last is None else found.instant - last
        if elapsed is not None and elapsed < found.nominal / 2:
            if since <= found.instant:
                reason = (
                    f"{_hours(elapsed)} after the dose before it, where {_hours(found.nominal)} were planned: "
                    "the clock or the zone changed"
                )
                dropped.append(Dropped(plan.medication_id, found.instant, found.local, found.zone, reason))
            continue
        flags = found.flags
        if elapsed is not None and elapsed > found.nominal * 5 / 4:
            flags = (*flags, "long-gap")
        elif elapsed is not None and elapsed < found.nominal * 3 / 4:
            flags = (*flags, "short-gap")
        last = found.instant
        slots.append(_slot(plan, found._replace(flags=flags)))
        if plan.count is not None and len(slots) == plan.count:
            break
    return [slot for slot in slots if slot.planned_at >= since], dropped


def _last_local(plan: Plan, timing: Clock, origin: date, home: Zones, begins: datetime) -> datetime | None:
    """Where '--for-days N' ends on the wall clock: N calendar days after the first slot."""
    if plan.for_days is None:
        return None
    first = next(_candidates(timing, origin, home, begins, FAR), None)
    return None if first is None else first.local + plan.for_days * DAY


def _candidates(
    timing: Clock, origin: date, home: Zones, since: datetime, until: datetime
) -> Iterator[_Candidate]:
    """Every slot of the pattern in `[since, until)`, by instant, before anything is dropped."""
    times = timing.times
    gaps = [
        datetime.combine(origin, later) - datetime.combine(origin, earlier)
        for earlier, later in pairwise(times)
    ]
    overnight = datetime.combine(origin, times[0]) - datetime.combine(origin, times[-1])
    for number, (opens, closes, zone) in enumerate(home.segments()):
        lower = since if opens is None else max(since, opens)
        upper = until if closes is None else min(until, closes)
        if lower >= upper:
            continue
        first = lower.astimezone(zone).date() - DAY
        last = upper.astimezone(zone).date() + DAY
        before = previous_day(timing.days, origin, max(first, origin))
        arrived = number > 0 and opens is not None and lower == opens
        for day in pattern_days(timing.days, origin, max(first, origin), last + DAY):
            for index, clock_time in enumerate(times):
                local = datetime.combine(day, clock_time)
                instant, flag = place(local, zone)
                if not lower <= instant < upper:
                    continue
                flags = (flag,) if flag else ()
                if arrived:
                    flags, arrived = (*flags, "zone-change"), False
                nominal = gaps[index - 1] if index else (day - before) + overnight
                yield _Candidate(
                    instant, local if flag != "gap" else _wall(instant, zone), zone.key, nominal, flags
                )
            before = day


def _wall(instant: datetime, zone: object) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)  # type: ignore[arg-type]


def _slot(plan: Plan, found: _Candidate) -> Slot:
    return Slot(
        plan.medication_id,
        plan.id,
        found.instant,
        found.local,
        found.zone,
        plan.amount,
        plan.amount_high,
        found.nominal,
        window_of(plan, found.nominal),
        found.flags,
    )


def _hours(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


# --- interval plans ----------------------------------------------------------------------------------


def _interval_slots(
    plan: Plan,
    timing: Interval,
    zones: Zones,
    since: datetime,
    until: datetime,
    taken: Sequence[datetime],
    now: datetime | None,
) -> list[Slot]:
    begins, ends = plan_span(plan, zones)
    if plan.for_days is not None:
        local = zones.local(begins) + plan.for_days * DAY
        ends = min(ends, place(local, zones.at(begins))[0])
    if timing.from_last_dose:
        instants = _from_last_dose(begins, ends, timing.every, taken, now)
        if plan.count is not None:
            instants = instants[: plan.count]
        wanted = [instant for instant in instants if since <= instant < until]
    else:
        if plan.count is not None:
            ends = min(ends, begins + plan.count * timing.every)
        steps = max(0, -(-(since - begins) // timing.every))
        wanted = []
        instant = begins + steps * timing.every
        while instant < min(until, ends):
            wanted.append(instant)
            instant += timing.every
    return [
        _slot(plan, _Candidate(instant, zones.local(instant), zones.at(instant).key, timing.every, ()))
        for instant in wanted
    ]


def _from_last_dose(
    begins: datetime, ends: datetime, every: timedelta, taken: Sequence[datetime], now: datetime | None
) -> list[datetime]:
    """One open slot at a time: each dose starts the count anew; what passed unfilled stays planned.

    A dose up to a quarter of the spacing early fills the open slot; an earlier one is a dose of its own,
    and the next slot still waits the full spacing from it.
    """
    instants: list[datetime] = []
    open_slot = begins
    for dose in taken:
        if not begins - every / 4 <= dose < ends:
            continue
        while open_slot + every - every / 4 <= dose:
            instants.append(open_slot)
            open_slot += every
        if dose >= open_slot - every / 4:
            instants.append(open_slot)
        open_slot = dose + every
    limit = now if now is not None else begins
    while open_slot + every / 2 <= limit:
        instants.append(open_slot)
        open_slot += every
    instants.append(open_slot)
    return [instant for instant in instants if begins <= instant < ends]
