"""Adherence from the dose log: counts that add up, and the measures made of them.

Terms follow ABC (Vrijens et al., Br J Clin Pharmacol 2012;73:691) and EMERGE (Ann Intern Med
2018;169:30). Every measure stands beside its numerator and denominator; as-needed doses are in neither,
held and unknown slots leave both, and an extra dose never repairs a missed one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from .gaps import longest_between
from .matching import Dose, Held, Match, Matching, amount_differs, closes_at, hold_over, timing_of
from .zones import Zones, begin_of

DAY = timedelta(days=1)
LATE_ENTRY = timedelta(hours=24)
"""A dose written down later than this after it was taken is a late entry."""
COUNTS = (
    "expected",
    "taken",
    "skipped",
    "missed",
    "pending",
    "held",
    "extra",
    "doses",
    "doses_open",
    "as_needed",
    "on_time",
    "late",
    "early",
    "other_amount",
    "late_entries",
)
DAY_COUNTS = ("expected_days", "exact_days", "monitored_days", "at_least_days")


class Day:
    """What one day of one medication counts for."""

    expected = 0
    taken = 0
    skipped = 0
    missed = 0
    pending = 0
    """Slots whose time has come but that can still be taken: in no percentage yet."""
    held = 0
    """Slots on hold or unknown: in no percentage ever."""
    extra = 0
    doses = 0
    doses_open = 0
    """Of the doses those that fill a slot which can still be taken: in no percentage yet either."""
    as_needed = 0
    on_time = 0
    late = 0
    early = 0
    other_amount = 0
    """Slots filled by another amount than planned: taken all the same, for any amount fills a slot."""
    late_entries = 0
    open = False
    """Some slot can still be taken in time, or the day is not over and has no slot."""
    excluded = False
    """Some slot was held or unknown, or the whole day was: it leaves the day measures."""
    first_taken: int | None = None
    """When the first dose of the day was taken, in POSIX seconds: a year has thousands of them to compare."""
    last_taken: int | None = None
    longest_gap: int | None = None
    """The most seconds between two doses of the day that follow each other; None for fewer than two."""
    windows: frozenset[timedelta] = frozenset()
    """How far from their instants the slots of the day still count as on time."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Day) and all(getattr(self, name) == getattr(other, name) for name in _OF_DAY)

    __hash__ = None  # type: ignore[assignment]  # it is counted up

    @property
    def monitored(self) -> bool:
        """Whether the day counts in the day measures."""
        return not (self.open or self.excluded)

    @property
    def exact(self) -> bool:
        """Whether as many doses were taken as expected (Paes et al. 1997: correct dosing days).

        As-needed doses are no part of it: they would spoil a right day, or repair a wrong one.
        """
        return self.doses - self.as_needed == self.expected

    @property
    def at_least(self) -> bool:
        """Whether no fewer doses were taken than expected (CleanADHdata: implementation)."""
        return self.doses - self.as_needed >= self.expected

    @property
    def capped(self) -> int:
        """The doses taken that were expected: one too many stands for none missed on another day."""
        return min(self.doses - self.as_needed, self.expected)


_OF_DAY = (*COUNTS, "open", "excluded", "first_taken", "last_taken", "longest_gap", "windows")


def day_of(local: datetime, day_starts: time) -> date:
    """The day a wall-clock time counts to, where days start at `day_starts` rather than midnight."""
    return (local - _since_midnight(day_starts)).date()


@lru_cache(maxsize=8)
def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def count_days(
    matching: Matching,
    active: Sequence[tuple[datetime, datetime]],
    holds: Sequence[Held],
    as_needed: Iterable[str],
    zones: Zones,
    *,
    day_starts: time,
    now: datetime,
    idle: Sequence[tuple[datetime, datetime]] = (),
) -> dict[date, Day]:
    """One Day for every day inside a scheduled plan (or with a dose), by date.

    `active` are the instants `[since, until)` of the scheduled plans, `idle` those of plans of no dose, whose
    days expect none (CleanADHdata: regimens of 0), `as_needed` the uids of the doses that fill no slot
    because they were taken as needed.
    """
    days: defaultdict[date, Day] = defaultdict(Day)
    for since, until in (*active, *idle):
        for date_ in _plan_days(since, min(until, now + DAY), zones, day_starts):
            days[date_] = Day()
    unscheduled = set(as_needed)
    taken: defaultdict[date, list[int]] = defaultdict(list)
    for extra in matching.extras:
        date_ = day_of(extra.local, day_starts)
        day = days[date_]
        taken[date_].append(int(extra.taken_at.timestamp()))
        _count_dose(day, extra)
        if extra.uid in unscheduled:
            day.as_needed += 1
        else:
            day.extra += 1
    has_slot: set[date] = set()
    for found in matching.matches:
        slot, dose = found.slot, found.dose
        if dose is not None and dose.status == "taken":
            date_ = day_of(dose.local, day_starts)
            taken[date_].append(int(dose.taken_at.timestamp()))
            _count_dose(days[date_], dose)
            days[date_].doses_open += now < closes_at(slot) and hold_over(holds, slot.planned_at) is None
        slot_day = day_of(slot.local, day_starts)
        if slot.planned_at > now and slot_day not in days:
            continue
        has_slot.add(slot_day)
        _count_slot(days[slot_day], found, holds, now)
        if slot.window not in days[slot_day].windows:
            days[slot_day].windows |= {slot.window}
    today = day_of(zones.local(now), day_starts)
    for date_ in days.keys() - has_slot:
        days[date_].open = date_ >= today
        days[date_].excluded |= _is_held(date_, holds, zones)
    for date_, moments in taken.items():
        moments.sort()
        day = days[date_]
        day.first_taken, day.last_taken = moments[0], moments[-1]
        if len(moments) > 1:
            day.longest_gap = longest_between(pairwise(moments), active, holds)
    return dict(days)


def _count_dose(day: Day, dose: Dose) -> None:
    """A dose counts on the day it was taken, whatever slot it fills."""
    day.doses += 1
    day.late_entries += is_late_entry(dose)


def is_late_entry(dose: Dose) -> bool:
    """Whether a dose was written down so late after it was taken that it may be misremembered."""
    return dose.recorded_at - dose.taken_at > LATE_ENTRY


def _count_slot(day: Day, found: Match, holds: Sequence[Held], now: datetime) -> None:
    """A slot counts on its own day, once it can no longer be due or overdue."""
    slot, dose = found.slot, found.dose
    if hold_over(holds, slot.planned_at) is not None:
        day.excluded = True
        day.held += 1
    elif now < closes_at(slot):
        day.open = True
        day.pending += slot.planned_at <= now
    else:
        day.expected += 1
        if dose is None:
            day.missed += 1
        elif dose.status == "skipped":
            day.skipped += 1
        else:
            day.taken += 1
            day.other_amount += amount_differs(slot, dose)
            match timing_of(slot, dose):
                case "on time":
                    day.on_time += 1
                case "early":
                    day.early += 1
                case _:
                    day.late += 1


def _plan_days(since: datetime, until: datetime, zones: Zones, day_starts: time) -> Iterable[date]:
    """The days a plan's span touches; one that begins with a date begins that day, not the one before."""
    if since >= until:
        return
    begin = zones.local(since)
    # Midnight as a rule, but the clocks may jump over it.
    is_whole = begin_of(begin.date(), zones) == since
    first = begin.date() if is_whole else day_of(begin, day_starts)
    last = day_of(zones.local(until - timedelta(seconds=1)), day_starts)
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def _is_held(day: date, holds: Sequence[Held], zones: Zones) -> bool:
    """Whether a day without slots lies in a pause: at its noon."""
    noon = datetime.combine(day, time(12))
    return any(
        zones.local(held.since) <= noon and (held.until is None or noon < zones.local(held.until))
        for held in holds
    )


def sum_counts(days: Iterable[Day]) -> dict[str, int]:
    """The additive counts of several days, the day measures among them.

    Taking adherence is taken / expected, timing of the taken (ABC: implementation), correct dosing days
    exact_days / expected_days (Paes 1997), at least as planned at_least_days / monitored_days (CleanADHdata).
    """
    found = list(days)
    sums = {name: sum(map(attrgetter(name), found)) for name in COUNTS} | dict.fromkeys(DAY_COUNTS, 0)
    for day in found:
        if day.monitored:
            sums["monitored_days"] += 1
            sums["at_least_days"] += day.at_least
            if day.expected:
                sums["expected_days"] += 1
                sums["exact_days"] += day.exact
    return sums


def all_day_counts(medications: Sequence[Mapping[date, Day]], days: Sequence[date]) -> dict[str, int]:
    """The day measures of all medications together: their product, day by day.

    A day counts only where every medication with a plan that day is monitored (CleanADHdata).
    """
    planned, unmonitored, expecting, short, wrong = (set[date]() for _ in range(5))
    for each in medications:
        for date_ in days:
            day = each.get(date_)
            if day is None:
                continue
            planned.add(date_)
            if not day.monitored:
                unmonitored.add(date_)
            if day.expected:
                expecting.add(date_)
            if not day.exact:
                wrong.add(date_)
                if not day.at_least:
                    short.add(date_)
    monitored = planned - unmonitored
    expected = monitored & expecting
    return {
        "expected_days": len(expected),
        "exact_days": len(expected - wrong),
        "monitored_days": len(monitored),
        "at_least_days": len(monitored - short),
    }


def capped_adherence(days: Iterable[Day]) -> tuple[int, int]:
    """Taking adherence capped per day: the sum of min(taken, expected) by day, and that of the expected.

    Only days that are monitored are in it: on an open or a held one not all that was taken was expected yet.
    Source: taking adherence of ABC; the cap by day keeps an extra dose from repairing a missed one.
    """
    counted = [day for day in days if day.monitored]
    return sum(day.capped for day in counted), sum(day.expected for day in counted)


def doses_of_expected(counts: Mapping[str, int]) -> int:
    """The doses that stand against the expected ones: all but those as needed or of a slot still open."""
    return counts["doses"] - counts["as_needed"] - counts["doses_open"]


class Entries(NamedTuple):
    """How the doses of a log were written down."""

    doses: int
    late: int
    """More than 24 hours after they were taken."""
    reconstructed: int
    """Put together afterwards from the plan."""
    doubtful: int
    """Late, reconstructed or both."""


def entries(doses: Iterable[Dose]) -> Entries:
    """How many of these doses were written down late or reconstructed: what the numbers rest on.

    Source: EMERGE asks how doses were recorded; CleanADHdata keeps added openings apart.
    """
    found = [(is_late_entry(dose), dose.certainty == "reconstructed") for dose in doses]
    return Entries(
        len(found),
        sum(late for late, _ in found),
        sum(reconstructed for _, reconstructed in found),
        sum(late or reconstructed for late, reconstructed in found),
    )


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """A share, or None where nothing was expected: never 0 % or 100 % of nothing."""
    return Fraction(numerator, denominator) if denominator else None


def period_of(day: date, by: str, week_starts: int = 0) -> date:
    """The first day of the `day`, `week` (from a weekday on, Monday is 0) or `month` a date falls in."""
    if by == "day":
        return day
    return day - timedelta((day.weekday() - week_starts) % 7) if by == "week" else day.replace(day=1)
