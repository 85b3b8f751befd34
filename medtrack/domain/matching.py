"""Which dose filled which slot: deterministic, explainable, and the same however the doses were entered.

The catchment of a slot begins a quarter of its nominal spacing (at most 24 hours) before it and ends
where the next slot's begins. Doses logged for a slot are assigned first, then the others by time taken,
then by uid, each to the slot whose catchment holds it if that is still free. Nothing here is stored.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import Literal, NamedTuple

from .amounts import Amount
from .regimen import AsNeeded, Hold, Plan
from .slots import Edges, Slot, early_by, overdue_for, plan_span
from .zones import Zones, begin_of, end_of

State = Literal["upcoming", "due", "overdue", "taken", "skipped", "missed", "held", "unknown"]
"""What a slot can be."""
Timing = Literal["early", "on time", "late"]
"""What a dose can be against the window of its slot."""


class Dose(NamedTuple):
    """One thing that happened: taken, or deliberately skipped."""

    id: int
    uid: str
    medication_id: int
    status: str
    """`taken` or `skipped`."""
    taken_at: datetime
    """UTC: when it was taken, or when it was decided to skip."""
    zone: str
    local: datetime
    """The wall clock as lived, naive."""
    amount: Amount | None
    for_slot: datetime | None
    """The planned instant it was logged for, if the person named one."""
    certainty: str
    """`exact`, `about`, `reconstructed` or `told`."""
    given_by: str | None
    note: str | None
    """The remark, or the reason for a skip."""
    recorded_at: datetime


_NO_EDGES = Edges()
_BY_TIME = attrgetter("taken_at", "uid")


def order_of(dose: Dose) -> tuple[bool, datetime, str]:
    """By which doses are assigned: those logged for a slot first, then by time taken, then by uid."""
    return dose.for_slot is None, dose.taken_at, dose.uid


class Held(NamedTuple):
    """One pause, in instants `[since, until)`."""

    since: datetime
    until: datetime | None
    state: Literal["held", "unknown"]
    """`held`, or `unknown` where nobody could record."""


class Match(NamedTuple):
    """A slot with its catchment `[begins, ends)` and what filled it."""

    slot: Slot
    begins: datetime
    ends: datetime
    dose: Dose | None
    """The taken dose, or the skip where none was taken."""


class Matching(NamedTuple):
    """The slots of one medication with what filled them, and the doses that filled none."""

    matches: list[Match]
    extras: list[Dose]
    """Taken doses that filled no slot, by time taken."""


def catchments(slots: Sequence[Slot], edges: Edges = _NO_EDGES) -> list[tuple[datetime, datetime]]:
    """The catchment of every slot of one medication's sequence, in order.

    The first and the last slot use their own nominal spacing; so does the last slot of a plan that is
    followed by a gap, which would otherwise catch what belongs to nobody. A plan that was cut short changes
    nothing for its own slots: the last one catches what it caught while the plan went on, as far as the plan
    after it has not begun.
    """
    begins: list[datetime] = []
    ends: list[datetime] = []
    before: Slot | None = None
    for slot in slots:
        planned_at, nominal = slot.planned_at, slot.nominal
        begin = planned_at - early_by(nominal)
        if before is not None and before.plan_id != slot.plan_id:
            # A plan that follows too closely may not reach back past the middle between the two, nor take
            # from the one before it what was taken before it began.
            begin = max(begin, before.planned_at + (planned_at - before.planned_at) / 2)
            begin = max(begin, min(edges.starts.get(slot.plan_id, begin), ends[-1]))
            ends[-1] = min(ends[-1], begin)
        elif before is not None:
            begin = max(begin, before.planned_at + (planned_at - before.planned_at) / 2)
            ends[-1] = begin
        begins.append(begin)
        onward = edges.onward.get(slot.plan_id, nominal)
        ends.append(planned_at + onward - early_by(onward))
        before = slot
    return list(zip(begins, ends, strict=True))


def match(slots: Sequence[Slot], doses: Sequence[Dose], edges: Edges = _NO_EDGES) -> Matching:
    """Assign the doses of one medication to its slots.

    The slots must reach one slot beyond those asked about on either side, so that catchments are whole.
    """
    spans = catchments(slots, edges)
    ordered = sorted(doses, key=_BY_TIME)
    wanted = {dose.for_slot for dose in ordered if dose.for_slot is not None}
    by_instant = {slot.planned_at: index for index, slot in enumerate(slots)} if wanted else {}
    named: list[tuple[Dose, int | None]] = []
    unnamed: list[tuple[Dose, int | None]] = []
    begun = 0
    for dose in ordered:
        if dose.for_slot is not None and dose.for_slot in by_instant:
            named.append((dose, by_instant[dose.for_slot]))
            continue
        while begun < len(spans) and spans[begun][0] <= dose.taken_at:
            begun += 1
        is_caught = begun > 0 and dose.taken_at < spans[begun - 1][1]
        unnamed.append((dose, begun - 1 if is_caught else None))
    filled: dict[int, Dose] = {}
    skipped: dict[int, Dose] = {}
    extras: list[Dose] = []
    for dose, number in (*named, *unnamed):
        target = skipped if dose.status == "skipped" else filled
        if number is not None and number not in target:
            target[number] = dose
        elif dose.status == "taken":
            extras.append(dose)
    matches = [
        Match(slot, begins, ends, filled.get(number) or skipped.get(number))
        for number, (slot, (begins, ends)) in enumerate(zip(slots, spans, strict=True))
    ]
    return Matching(matches, sorted(extras, key=_BY_TIME))


def timing_of(slot: Slot, dose: Dose) -> Timing:
    """`early`, `on time` or `late`, against the slot's window, both ends inside.

    Source: the windows are those of the ISMP guideline for timely administration (see `slots.window_of`).
    """
    if dose.taken_at < slot.planned_at - slot.window:
        return "early"
    return "late" if dose.taken_at > slot.planned_at + slot.window else "on time"


def closes_at(slot: Slot) -> datetime:
    """When an unfilled slot stops being overdue and is missed; from then on it counts as expected."""
    return slot.planned_at + overdue_for(slot.nominal)


def state_of(found: Match, holds: Sequence[Held], now: datetime) -> State:
    """The state of a slot: upcoming, due, overdue, taken, skipped, missed, held or unknown."""
    slot = found.slot
    paused = hold_over(holds, slot.planned_at)
    if paused is not None:
        return paused.state
    if found.dose is not None:
        return "taken" if found.dose.status == "taken" else "skipped"
    if now < slot.planned_at:
        return "upcoming"
    if now < slot.planned_at + slot.window:
        return "due"
    return "overdue" if now < closes_at(slot) else "missed"


def hold_over(holds: Sequence[Held], instant: datetime) -> Held | None:
    """The pause in force at an instant; one that nobody could record outweighs an ordered one."""
    if not holds:
        return None
    covering = [
        held for held in holds if held.since <= instant and (held.until is None or instant < held.until)
    ]
    return max(covering, key=lambda held: held.state, default=None)


def held_spans(holds: Sequence[Hold], zones: Zones) -> list[Held]:
    """Pauses as the person bounded them, in instants."""
    return [
        Held(
            begin_of(hold.since, zones),
            None if hold.until is None else end_of(hold.until, zones),
            "unknown" if hold.unrecorded else "held",
        )
        for hold in holds
    ]


def is_as_needed(plans: Sequence[Plan], zones: Zones, instant: datetime) -> bool:
    """Whether a dose that fills no slot at this instant was taken as needed rather than extra.

    Where no plan has times at all, every dose was, also one before or after the plan.
    """
    needed = [plan for plan in plans if isinstance(plan.timing, AsNeeded)]
    if not needed:
        return False
    if len(needed) == len(plans):
        return True
    return any(since <= instant < until for since, until in (plan_span(plan, zones) for plan in needed))


def amount_differs(slot: Slot, dose: Dose) -> bool:
    """Whether a dose was of another amount than its slot; a range is met anywhere inside it."""
    if dose.amount is None or dose.amount == slot.amount:
        return False
    low, high = slot.amount.value, slot.amount_high or slot.amount.value
    return dose.amount.unit != slot.amount.unit or not low <= dose.amount.value <= high


def total(doses: Sequence[Dose]) -> Fraction:
    """The sum of the amounts taken, all in one unit."""
    return sum((dose.amount.value for dose in doses if dose.amount is not None), Fraction(0))
