"""Plans in, slots out: every planned dose of one medication in a span, placed in the person's zone.

A sequence is computed from the plan's start and the span only filters it, so adjoining spans join
without a seam. Dates come from day patterns, placement in a zone from `zones.place`, and what a clock
change does to the spacing is decided here, once.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from .amounts import Amount
from .candidates import FAR as FAR
from .candidates import Candidate, reached_at
from .days import longest_spacing
from .regimen import AsNeeded, Clock, Interval, Plan
from .runs import Run
from .walking import spacing_flags, walk
from .zones import Flag, Zones, begin_of, end_of

DAY = timedelta(days=1)


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
    flags: tuple[Flag, ...] = ()


class Dropped(NamedTuple):
    """A slot that a clock change pushed onto its neighbour: planned, shown, never due."""

    medication_id: int
    planned_at: datetime
    local: datetime
    zone: str
    reason: str


_IN_ORDER = attrgetter("planned_at", "plan_id")


class Edges(NamedTuple):
    """Where the plans of one medication meet, by their local ids."""

    starts: Mapping[int, datetime] = MappingProxyType({})
    onward: Mapping[int, timedelta] = MappingProxyType({})
    """For a plan that was cut short: how far after its last slot the next one would have been."""


class Planned(NamedTuple):
    """The slots of one medication in a span, in order, and what was dropped."""

    slots: list[Slot]
    dropped: list[Dropped]
    edges: Edges


def plan_span(plan: Plan, zones: Zones) -> tuple[datetime, datetime]:
    """The plan's instants `[since, until)` by its bounds alone; `until` is FAR where it is open."""
    home = _home(plan, zones)
    since = begin_of(plan.starts, home)
    until = end_of(plan.until, home) if plan.until is not None else FAR
    if plan.for_days is not None and isinstance(plan.timing, AsNeeded):
        until = min(until, reached_at(home.local(since) + plan.for_days * DAY, home))
    if plan.ended is not None:
        until = min(until, begin_of(plan.ended, home))
    return since, max(since, until)


def real_span(plan: Plan, zones: Zones) -> tuple[datetime, datetime]:
    """The plan's instants `[since, until)`, to its last slot (or what would be it) where they are counted."""
    since, until = plan_span(plan, zones)
    timing = plan.timing
    if (plan.count is None and plan.for_days is None) or isinstance(timing, AsNeeded):
        return since, until
    if isinstance(timing, Interval) and timing.from_last_dose:
        return since, until
    seconds = planned_seconds(plan._replace(amount=Amount(Fraction(1), "")), zones, since, until)
    return since, datetime.fromtimestamp(seconds[-1] + 1, UTC) if seconds else since


def reach(plans: Iterable[Plan]) -> timedelta:
    """How far to either side of a span the slots must be known so that its catchments are whole."""
    longest = timedelta()
    for plan in plans:
        if isinstance(plan.timing, Clock):
            longest = max(longest, longest_spacing(plan.timing.days))
        elif isinstance(plan.timing, Interval):
            longest = max(longest, plan.timing.every)
    return 2 * longest + DAY


@lru_cache(maxsize=64)
def early_by(nominal: timedelta) -> timedelta:
    """How long before its instant a dose may fill a slot: a quarter of its spacing, at most 24 hours."""
    return min(nominal / 4, DAY)


@lru_cache(maxsize=64)
def overdue_for(nominal: timedelta) -> timedelta:
    """How long after its instant a slot is missed: half of its spacing, at most 7 days."""
    return min(nominal / 2, 7 * DAY)


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
    scheduled = [plan for plan in plans if not isinstance(plan.timing, AsNeeded)]
    slots: list[Slot] = []
    dropped: list[Dropped] = []
    for plan in scheduled:
        kept, lost = _slots_in(plan, zones, since, until, taken, now)
        slots += kept
        dropped += lost
    slots.sort(key=_IN_ORDER)
    if slots and len(scheduled) > 1:
        # What stands just before the span decides about its first slot.
        reached = slots[0].planned_at - slots[0].nominal
        earlier = [
            slot for plan in scheduled for slot in _slots_in(plan, zones, reached, since, taken, now)[0]
        ]
        _flag_short_gaps(scheduled, zones, max(earlier, key=_IN_ORDER, default=None), slots)
    return Planned(
        slots,
        sorted(dropped, key=lambda lost: lost.planned_at),
        Edges({plan.id: plan_span(plan, zones)[0] for plan in scheduled}, _onward(scheduled, zones, slots)),
    )


def _onward(plans: Iterable[Plan], zones: Zones, slots: Sequence[Slot]) -> dict[int, timedelta]:
    """What the last slot of a plan that was cut short would have been followed by: that is no news to it."""
    found: dict[int, timedelta] = {}
    for plan in plans:
        timing = plan.timing
        # Where all distances are alike, the slot's own is the next one's too.
        if plan.ended is None or not isinstance(timing, Clock) or timing == Clock(timing.times[:1]):
            continue
        last = next((slot for slot in reversed(slots) if slot.plan_id == plan.id), None)
        if last is None:
            continue
        since = last.planned_at + timedelta(seconds=1)
        uncut = plan._replace(ended=None)
        following = _clock_slots(uncut, timing, zones, since, since + reach([plan]))[0]
        if following:
            found[plan.id] = following[0].nominal
    return found


def planned_seconds(plan: Plan, zones: Zones, since: datetime, until: datetime) -> list[int]:
    """The instants of one plan's slots in `[since, until)`, ascending, in seconds since 1970.

    They are those of `slots_of`, for less: where nothing but the instants is asked for.
    """
    timing = plan.timing
    if plan.is_empty or not isinstance(timing, Clock):
        return [int(slot.planned_at.timestamp()) for slot in slots_of([plan], zones, since, until).slots]
    seconds: list[int] = []
    for part in walk(plan, timing, _home(plan, zones), plan_span(plan, zones), since, until):
        if isinstance(part, Run):
            seconds += part.seconds
        elif part.is_kept:
            seconds.append(int(part.found.instant.timestamp()))
    return sorted(seconds)


def _slots_in(
    plan: Plan,
    zones: Zones,
    since: datetime,
    until: datetime,
    taken: Sequence[datetime],
    now: datetime | None,
) -> tuple[list[Slot], list[Dropped]]:
    """The slots of one plan in `[since, until)`, and what was dropped."""
    if isinstance(plan.timing, Clock) and not plan.is_empty:
        return _clock_slots(plan, plan.timing, zones, since, until)
    if isinstance(plan.timing, Interval) and not plan.is_empty:
        return _interval_slots(plan, plan.timing, zones, since, until, taken, now), []
    return [], []


def _flag_short_gaps(plans: Sequence[Plan], zones: Zones, before: Slot | None, slots: list[Slot]) -> None:
    """A change of plan drops nothing, but a slot that follows the old plan too soon says so.

    Plans that run side by side (one tablet in the morning, two at night) are no change of plan.
    """
    by_id = {plan.id: plan for plan in plans}
    ends: dict[int, datetime] = {}
    for index, slot in enumerate(slots):
        if (
            before is not None
            and before.plan_id != slot.plan_id
            and slot.planned_at - before.planned_at < slot.nominal * 3 / 4
            and "short-gap" not in slot.flags
        ):
            if before.plan_id not in ends:
                ends[before.plan_id] = real_span(by_id[before.plan_id], zones)[1]
            if ends[before.plan_id] <= slot.planned_at:
                slots[index] = slot._replace(flags=(*slot.flags, "short-gap"))
        before = slot


# --- clock plans -------------------------------------------------------------------------------------


def _clock_slots(
    plan: Plan, timing: Clock, zones: Zones, since: datetime, until: datetime
) -> tuple[list[Slot], list[Dropped]]:
    slots: list[Slot] = []
    dropped: list[Dropped] = []
    for part in walk(plan, timing, _home(plan, zones), plan_span(plan, zones), since, until):
        if isinstance(part, Run):
            slots += _run_slots(plan, part)
            continue
        last, found, is_kept = part
        if is_kept:
            flags = (*found.flags, *spacing_flags(last, found))
            slots.append(_slot(plan, found)._replace(flags=flags) if flags else _slot(plan, found))
        elif last is not None:
            dropped.append(_dropped(plan, last, found))
    return slots, dropped


def _run_slots(plan: Plan, run: Run) -> Iterator[Slot]:
    """The slots of a run of days, by arithmetic."""
    medication_id, number, amount, high = plan.medication_id, plan.id, plan.amount, plan.amount_high
    key = run.zone.key
    shapes: dict[int, list[tuple[timedelta, timedelta, timedelta]]] = {}
    for before, day in pairwise(run.days):
        shape = shapes.get(day - before)
        if shape is None:
            nominals = run.nominals(day - before)
            windows = [window_of(plan, nominal) for nominal in nominals]
            shape = shapes[day - before] = list(zip(run.offsets, nominals, windows, strict=True))
        wall = datetime.combine(date.fromordinal(day), time())
        midnight = run.midnight(day)
        for at, nominal, window in shape:
            yield Slot(medication_id, number, midnight + at, wall + at, key, amount, high, nominal, window)


def _dropped(plan: Plan, last: Candidate, found: Candidate) -> Dropped:
    elapsed = found.instant - last.instant
    distance = f"{_hours(elapsed)} after" if elapsed > timedelta() else "not after"
    reason = (
        f"{distance} the dose before it, where {_hours(found.nominal)} were planned: "
        "the clock or the zone changed"
    )
    return Dropped(plan.medication_id, found.instant, found.local, found.zone.key, reason)


def _home(plan: Plan, zones: Zones) -> Zones:
    """The zones whose wall clock a plan follows."""
    return Zones(((FAR, plan.pinned_zone),)) if plan.pinned_zone else zones


def _slot(plan: Plan, found: Candidate) -> Slot:
    return Slot(
        plan.medication_id,
        plan.id,
        found.instant,
        found.local,
        found.zone.key,
        plan.amount,
        plan.amount_high,
        found.nominal,
        window_of(plan, found.nominal),
        found.flags,
    )


def _hours(span: timedelta) -> str:
    hours, minutes = divmod(round(span / timedelta(minutes=1)), 60)
    parts = (f"{hours:,} h" if hours else "", f"{minutes} min" if minutes else "")
    return " ".join(part for part in parts if part) or "0 min"


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
        ends = min(ends, reached_at(zones.local(begins) + plan.for_days * DAY, zones))
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
    window = window_of(plan, timing.every)
    slots: list[Slot] = []
    for opens, closes, zone in zones.segments():
        first = 0 if opens is None else bisect_left(wanted, opens)
        after = len(wanted) if closes is None else bisect_left(wanted, closes)
        for instant in wanted[first:after]:
            local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
            slots.append(
                Slot(
                    plan.medication_id,
                    plan.id,
                    instant,
                    local,
                    zone.key,
                    plan.amount,
                    plan.amount_high,
                    timing.every,
                    window,
                )
            )
    return slots


def _from_last_dose(
    begins: datetime, ends: datetime, every: timedelta, taken: Sequence[datetime], now: datetime | None
) -> list[datetime]:
    """One open slot at a time: each dose starts the count anew; what passed unfilled stays planned.

    A dose early by as much as its catchment reaches back fills the open slot; an earlier one is a dose of
    its own, and the next slot still waits the full spacing from it.
    """
    early = early_by(every)
    instants: list[datetime] = []
    open_slot = begins
    for dose in taken:
        if not begins - early <= dose < ends:
            continue
        while open_slot + every - early <= dose:
            instants.append(open_slot)
            open_slot += every
        if dose >= open_slot - early:
            instants.append(open_slot)
        open_slot = dose + every
    limit = now if now is not None else begins
    while open_slot + overdue_for(every) <= limit:
        instants.append(open_slot)
        open_slot += every
    instants.append(open_slot)
    return [instant for instant in instants if begins <= instant < ends]
