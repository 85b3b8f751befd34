"""A person's chart: the record, read at one moment, in the person's zones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from medtrack.domain.clock_face import CLOCKS, WEEK_STARTS
from medtrack.domain.matching import (
    Dose,
    Held,
    Match,
    Matching,
    held_spans,
    hold_over,
    is_as_needed,
    match,
    state_of,
)
from medtrack.domain.moment import Moment
from medtrack.domain.names import resolve
from medtrack.domain.regimen import AsNeeded, Bound, Hold, Interval, Medication, Plan
from medtrack.domain.slots import FAR, Dropped, Slot, plan_span, reach, real_span, slots_of
from medtrack.domain.stock import ORDER_AHEAD
from medtrack.domain.when import say_local
from medtrack.domain.wording import WEEKDAYS, say_plan
from medtrack.domain.zones import Zones, begin_of, end_of, place
from medtrack.store import doses as dose_rows
from medtrack.store import regimen as regimen_rows
from medtrack.store import settings as setting_rows
from medtrack.store.actions import written_later
from medtrack.store.device import is_anything_lost
from medtrack.store.record import Record, Stamp, Writing

BACKDATED = timedelta(minutes=5)
"""What begins earlier than this before now is a correction of the past, and needs a reason."""


class Course(NamedTuple):
    """How one medication went in a span: its slots with what filled them, and what filled none."""

    medication: Medication
    plans: list[Plan]
    holds: list[Held]
    matches: list[Match]
    extras: list[Dose]
    """Taken doses of the span that fill no slot; those taken as needed among them."""
    as_needed: frozenset[str]
    """The uids of the extras that were taken as needed."""
    dropped: list[Dropped]

    @property
    def matching(self) -> Matching:
        """The slots and the doses that filled none."""
        return Matching(self.matches, self.extras)

    def open_at(self, now: datetime) -> list[Slot]:
        """The slots that are due or overdue at an instant, in order."""
        return [
            found.slot for found in self.matches if state_of(found, self.holds, now) in ("due", "overdue")
        ]


class Chart:
    """One person's record, read at one moment."""

    def __init__(self, record: Record, moment: Moment) -> None:
        self.record = record
        self.moment = moment
        self.now = moment.now

    @cached_property
    def zones(self) -> Zones:
        """The zones the person has lived in."""
        if self.record.birth is not None:
            return Zones(((FAR, self.record.birth.zone),))
        return setting_rows.zones(self.record)

    @cached_property
    def settings(self) -> dict[str, str]:
        """Every setting that was made, by key."""
        return setting_rows.settings(self.record)

    @property
    def person(self) -> str:
        """Whose record this is."""
        return self.record.birth.person if self.record.birth else self.settings.get("person", "")

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this command reads and prints times."""
        return self.moment.zone or self.zones.at(self.now)

    @cached_property
    def day_starts(self) -> time:
        """When a day of the adherence measures starts; midnight everywhere else."""
        return time.fromisoformat(self.settings.get("day-starts", "03:00"))

    @property
    def week_starts(self) -> int:
        """The weekday that begins a week for people, 0 for Monday; for scripts it is always Monday."""
        return WEEK_STARTS.index(self.settings.get("week-starts", WEEK_STARTS[0]))

    @property
    def is_on_twelve_hours(self) -> bool:
        """Whether people read times on the 12-hour clock; scripts never do."""
        return self.settings.get("clock", CLOCKS[0]) == CLOCKS[1]

    @property
    def order_ahead(self) -> timedelta:
        """How long before it runs out supply is to be ordered."""
        return timedelta(int(self.settings.get("order-ahead", ORDER_AHEAD)))

    @cached_property
    def medications(self) -> list[Medication]:
        """Every medication, by name."""
        return regimen_rows.medications(self.record)

    def find(self, typed: str) -> Medication:
        """The medication a person means; raises MedicationNotFound or MedicationAmbiguous."""
        return resolve(typed, self.medications, self.is_taken)

    def is_taken(self, medication: Medication) -> bool:
        """Whether a plan of the medication is running, or to come."""
        return any(self.over_at(plan) > self.now for plan in self.plans(medication))

    def over_at(self, plan: Plan) -> datetime:
        """When a plan is over: of one that counts doses or days, with the day of its last dose."""
        since, until = plan_span(plan, self.zones)
        ends = real_span(plan, self.zones)[1]
        if ends >= until or ends <= since:
            return min(ends, until)
        return min(until, self.midnight(self.local(ends).date() + timedelta(days=1)))

    def chosen(self, typed: list[str]) -> list[Medication]:
        """The medications named, each once, or all of them."""
        found = {each.id: each for each in map(self.find, typed)}
        return list(found.values()) if typed else self.medications

    @cached_property
    def _plans(self) -> dict[int, list[Plan]]:
        found: dict[int, list[Plan]] = {}
        for plan in regimen_rows.plans(self.record, self.zones):
            found.setdefault(plan.medication_id, []).append(plan)
        return found

    @cached_property
    def _holds(self) -> dict[int, list[Hold]]:
        found: dict[int, list[Hold]] = {}
        for hold in regimen_rows.holds(self.record, self.zones):
            found.setdefault(hold.medication_id, []).append(hold)
        return found

    def plans(self, medication: Medication) -> list[Plan]:
        """The plans of a medication, by start."""
        return self._plans.get(medication.id, [])

    def holds(self, medication: Medication) -> list[Hold]:
        """The holds of a medication, as they were written down."""
        return self._holds.get(medication.id, [])

    def shown(self, instant: datetime) -> datetime:
        """The instant as this command prints it; one that is in a person's own zone already stays there."""
        if self.moment.zone is not None:
            return instant.astimezone(self.moment.zone)
        return self.zones.shown(instant) if instant.tzinfo is UTC else instant

    def local(self, instant: datetime) -> datetime:
        """The wall time the person lived at an instant, naive."""
        return self.zones.local(instant)

    def say(self, instant: datetime) -> str:
        """The instant in words: 'today 08:02', 'yesterday 22:00', 'Thu 2026-03-12 08:00'."""
        at = self.shown(instant)
        here = self.now.astimezone(at.tzinfo)
        days = (at.date() - here.date()).days
        day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
        return f"{day or f'{WEEKDAYS[at.weekday()][:3]} {at:%Y-%m-%d}'} {at:%H:%M}"

    def dated(self, instant: datetime) -> str:
        """The instant in words that stay true on any day, for what is written down: '2026-03-12 08:00'."""
        return say_local(self.shown(instant))

    def describe(self, plan: Plan) -> str:
        """The plan in words, an instant it ends at on the person's own clock."""
        if isinstance(plan.until, datetime):
            plan = plan._replace(until=self.zones.shown(plan.until))
        return say_plan(plan)

    def begin(self, bound: Bound) -> datetime:
        """The instant a bound begins at."""
        return begin_of(bound, self.zones)

    def end(self, bound: Bound) -> datetime:
        """The instant a bound ends at, exclusive."""
        return end_of(bound, self.zones)

    def midnight(self, day: date) -> datetime:
        """The first instant of a day of the person's."""
        return begin_of(day, self.zones)

    def day_begins(self, day: date) -> datetime:
        """The instant at which a day of a report starts."""
        return place(datetime.combine(day, self.day_starts), self.zones.at(self.midnight(day)))[0]

    def course(
        self, medication: Medication, since: datetime, until: datetime, plans: list[Plan] | None = None
    ) -> Course:
        """How a medication went in `[since, until)`: the slots planned in it and the doses taken in it."""
        plans = self.plans(medication) if plans is None else plans
        margin = reach(plans)
        lower, upper = since - margin, until + margin
        taken: list[datetime] = []
        if any(isinstance(plan.timing, Interval) and plan.timing.from_last_dose for plan in plans):
            taken = dose_rows.open_doses(self.record, medication.id)
        planned = slots_of(plans, self.zones, lower, upper, taken=taken, now=self.now)
        doses = dose_rows.doses_about(self.record, medication.id, lower, upper)
        found = match(planned.slots, doses, planned.edges)
        extras = [dose for dose in found.extras if since <= dose.taken_at < until]
        return Course(
            medication,
            plans,
            held_spans(self.holds(medication), self.zones),
            [each for each in found.matches if since <= each.slot.planned_at < until],
            extras,
            frozenset(dose.uid for dose in extras if is_as_needed(plans, self.zones, dose.taken_at)),
            [lost for lost in planned.dropped if since <= lost.planned_at < until],
        )

    def current(self, medication: Medication, since: datetime | None = None) -> Course:
        """The course around now: every slot that can still be open, those since, and the next ones."""
        plans = self.plans(medication)
        begins = self.now - min(reach(plans), timedelta(days=15))
        begins = begins if since is None else min(begins, since)
        return self.course(medication, begins, self.now + reach(plans), plans)

    def clock_doubt(self) -> str | None:
        """After a write: that the clock was put back since the one before, so that its time may be wrong."""
        if self.moment.simulated:
            return None
        later = written_later(self.record, self.now + BACKDATED)
        if later is None:
            return None
        return (
            f"the clock says {self.dated(self.now)}, but the record was last written {self.dated(later)}:"
            " check the clock; medtrack undo takes this back."
        )

    def end_doubt(self) -> str | None:
        """After a write: that something this machine wrote before is not in the record."""
        if not is_anything_lost(self.record):
            return None
        return "something this machine wrote before is not in this record: 'medtrack doctor' says what to do."

    def forget(self) -> None:
        """Read the record anew from here on."""
        for name in ("zones", "settings", "day_starts", "medications", "_plans", "_holds"):
            self.__dict__.pop(name, None)

    @property
    def stamp(self) -> Stamp:
        """What every action of this command carries."""
        here = self.moment.zone or self.zones.at(self.now)
        return Stamp(self.now, here.key or "UTC", self.moment.who, self.moment.simulated)

    @contextmanager
    def writing(self, command: str, key: str | None = None) -> Iterator[Writing]:
        """One action, written whole or not at all; makes the record if there is none yet."""
        with self.record.writing(self.stamp, command, key) as work:
            # What was read before the lock may be older than what is there now.
            self.forget()
            yield work


def is_paused(chart: Chart, course: Course) -> bool:
    """Whether a medication is on hold now, or was stopped: nobody is told to take what was due before."""
    if hold_over(course.holds, chart.now) is not None:
        return True
    was_stopped = any(
        plan.ended is not None and chart.begin(plan.ended) <= chart.now for plan in course.plans
    )
    return was_stopped and not chart.is_taken(course.medication)


def scheduled_spans(plans: list[Plan], zones: Zones) -> list[tuple[datetime, datetime]]:
    """The instants `[since, until)` of the plans that have slots."""
    return [
        real_span(plan, zones)
        for plan in plans
        if not isinstance(plan.timing, AsNeeded) and not plan.is_empty
    ]
