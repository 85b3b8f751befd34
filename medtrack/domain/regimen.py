"""What a person is supposed to take: medications, and the dated plans that say how.

Spans are half-open `[since, until)` everywhere inside the code. A bound a person gave as a date is a
`date` and includes that day; one given as an instant is an aware UTC `datetime`, exclusive at the end.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from .amounts import Amount

Bound = date | datetime


class Days(NamedTuple):
    """Which calendar days a clock plan runs on; every condition that is set must hold."""

    every: int = 1
    """Every N days, counted from the plan's first day."""
    weeks: int = 1
    """With weekdays: every N weeks, counted from the week of the plan's first day."""
    weekdays: tuple[int, ...] = ()
    """0 Monday .. 6 Sunday; empty means any."""
    cycle: tuple[int, int] | None = None
    """Days on, days off, counted from the plan's first day."""
    month_days: tuple[int, ...] = ()
    """Days of the month; 29-31 fall on the last day of a shorter month."""
    year_day: tuple[int, int] | None = None
    """Month and day, once a year; 29 February falls on the 28th in a common year."""
    rrule: str | None = None
    """RFC 5545 RRULE text for anything else; only its dates are used."""
    counted_from: date | None = None
    """The day counted from, where a plan goes on with the rhythm of the one before it."""


class Clock(NamedTuple):
    """At wall-clock times, on certain days."""

    times: tuple[time, ...]
    days: Days = Days()


class Interval(NamedTuple):
    """Every so much elapsed time, from the plan's start or from the last dose taken."""

    every: timedelta
    from_last_dose: bool = False


class AsNeeded(NamedTuple):
    """When the person needs it, within limits; never part of a denominator."""

    reason: str | None = None
    max_amount: Amount | None = None
    max_period: timedelta | None = None
    min_gap: timedelta | None = None


Timing = Clock | Interval | AsNeeded


class Medication(NamedTuple):
    """Something the person takes."""

    id: int
    uid: str
    name: str
    strength: str | None = None
    form: str | None = None
    route: str | None = None
    code: str | None = None
    """A short name to type."""
    reason: str | None = None
    """What it is for."""


class Plan(NamedTuple):
    """One dated version of how to take a medication."""

    id: int
    uid: str
    medication_id: int
    amount: Amount
    """Of nothing where no dose is planned; the timing is then that of the plan before."""
    timing: Timing
    starts: Bound
    until: Bound | None = None
    """As the person bounded it: a date includes that day."""
    for_days: int | None = None
    """Calendar days from the first slot."""
    count: int | None = None  # type: ignore[assignment]  # FHIR's word, which a tuple has as a method
    """Kept slots, after which the plan is over."""
    ended: Bound | None = None
    """Where a change or a stop cut it short: exclusive, a date meaning its first moment."""
    amount_high: Fraction | None = None
    """The upper end of an amount given as a range."""
    window: timedelta | None = None
    """How far from the planned time still counts as on time; None takes the default."""
    time_critical: bool = False
    pinned_zone: str | None = None
    """Keep this zone's wall clock while travelling."""
    advice: str | None = None
    """How to take it, in words: 'with food'."""
    decided_by: str | None = None
    reason: str | None = None
    """Why this plan replaced the one before."""

    @property
    def is_empty(self) -> bool:
        """Whether no dose is planned by it: nothing is to be taken while it runs, and that is no pause."""
        return not self.amount.value


class Hold(NamedTuple):
    """A dated pause of one medication."""

    id: int
    uid: str
    medication_id: int
    since: Bound
    until: Bound | None
    """As given: a date includes that day; None while open."""
    unrecorded: bool
    """True where nobody could record (hospital): the slots are unknown, not held."""
    reason: str | None
    decided_by: str | None


class PlanEnd(NamedTuple):
    """That a plan was cut short, by whom and why."""

    plan_id: int
    ends: Bound
    reason: str | None
    decided_by: str | None


class Note(NamedTuple):
    """A side effect or a remark."""

    id: int
    text: str
    grade: int | None
    """1 to 5, by the general meaning CTCAE gives each."""
    medication_id: int | None
    """The medication it may come from."""
    noted_at: datetime
    """UTC: when it was, or began."""
    zone: str
    local: datetime
    """The wall clock as lived, naive."""
    ended_at: datetime | None
    did: str | None = None
    """What was done about it."""
    uid: str = ""


class Effect(NamedTuple):
    """How much a dose helped, in the person's own judgement."""

    score: int
    """0 not at all, 10 as much as could be."""
    rated_at: datetime
    """UTC."""
    zone: str
    local: datetime
    """The wall clock as lived, naive."""
