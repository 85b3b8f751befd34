"""A supervised session: what was observed, which observation is due at a minute, and what is unfinished.

Minutes are counted from the dose, elapsed time rounded down. What is not there is unfinished, never failed:
nothing here judges a value, and nothing says go or no-go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .observations import say_kind, say_value
from .pressure import read_pressure
from .protocols import During, Phase, Protocol, Urgent
from .wording import say_duration, say_number_of

LATEST = 30
"""Minutes by which the last planned observation may be late and still fill its line; a choice of ours.

The others are bounded by the one that follows. A protocol that allows more to be on time has that much.
"""
NONE = "none"
"""The value of what was not at all: no nasal spray today."""


class Observation(NamedTuple):
    """One thing seen or said in a session."""

    id: int
    uid: str
    kind: str
    value: str
    """As `observations.read_value` keeps it; for what last was at a time, that instant in ISO 8601."""
    before: bool
    """Whether it belongs to the time before the session began."""
    observed_at: datetime
    """UTC."""
    note: str | None = None


class Session(NamedTuple):
    """One visit for a supervised treatment."""

    id: int
    uid: str
    protocol: Protocol
    course_from: date
    """The day of the first session of its course."""
    started_at: datetime
    zone: str
    local: datetime
    """The wall clock at the start, naive."""
    note: str | None = None
    observations: tuple[Observation, ...] = ()
    """By time."""
    ended_at: datetime | None = None
    end_note: str | None = None

    @property
    def dose(self) -> Observation | None:
        """The first dose: the minutes are counted from it."""
        return next((each for each in self.observations if each.kind == "dose"), None)

    @property
    def doses(self) -> list[str]:
        """Every dose given, as typed."""
        return [each.value for each in self.observations if each.kind == "dose"]

    @property
    def rests_until(self) -> datetime:
        """When its rest time is over; counted from the start while no dose is given."""
        begins = self.started_at if self.dose is None else self.dose.observed_at
        return begins + timedelta(minutes=self.protocol.rest.minutes)

    def minute(self, at: datetime) -> int | None:
        """Whole minutes from the dose, negative before it; None while there is none."""
        return None if self.dose is None else (at - self.dose.observed_at) // timedelta(minutes=1)


class Item(NamedTuple):
    """One line of a session's checklist."""

    part: str
    """`before`, `during` or `after`; `dose` where a dose is told among them."""
    key: str
    text: str
    source: str
    due: int | None
    """The minute it is due at; None where any time before leaving will do."""
    state: str
    """`done`, `due`, `to come` or `unfinished`."""
    observation: Observation | None = None
    minute: int | None = None
    """When it was observed."""
    timing: str | None = None
    """`on time`, `early` or `late`, where it has a minute."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in ("due", "to come")


def checklist(session: Session, now: datetime) -> list[Item]:
    """Every line of the protocol with what fills it, as of now."""
    return [*_before(session), *_during(session, now), *_after(session, now)]


def next_due(session: Session, items: Sequence[Item]) -> Item | None:
    """What is to be done next: what is due, else what comes first; before the dose, what is asked before."""
    waiting = [each for each in items if each.is_open]
    asked = [each for each in waiting if each.part == "before"]
    if asked or session.dose is None:
        return asked[0] if asked else None
    rest = session.protocol.rest.minutes
    return min(
        waiting,
        key=lambda item: (item.state != "due", rest if item.due is None else item.due, item.due is None),
        default=None,
    )


def happened_at(session: Session, seen: Observation) -> datetime | None:
    """When what is written down was, whenever it was written; None for what is said of the time before.

    What last was at a time was at that time: a meal told of a day later was no later for it.
    """
    asked = next((each for each in session.protocol.before if each.key == seen.kind), None)
    if asked is None or asked.kind not in ("time", "confirm"):
        return seen.observed_at
    if asked.kind == "time" and seen.value != NONE:
        return datetime.fromisoformat(seen.value)
    return None


def comes_after_dose(session: Session, seen: Observation) -> bool:
    """Whether food, a drink or the like, asked about for the time before the dose, was after it."""
    at = happened_at(session, seen)
    is_time = any(each.kind == "time" and each.key == seen.kind for each in session.protocol.before)
    return is_time and at is not None and session.dose is not None and at > session.dose.observed_at


def unfinished(items: Sequence[Item]) -> list[Item]:
    """What was not written down, in the order of the protocol."""
    return [each for each in items if each.state == "unfinished"]


def _before(session: Session) -> Iterator[Item]:
    dose = session.dose
    given_at = None if dose is None else dose.observed_at
    for each in session.protocol.before:
        found = [
            seen
            for seen in session.observations
            if seen.kind == each.key
            and (
                each.kind == "confirm"
                or seen.before
                or given_at is None
                or (happened_at(session, seen) or given_at) <= given_at
            )
        ]
        last = found[-1] if found else None
        is_over = dose is not None or session.ended_at is not None
        state = "done" if last is not None else "unfinished" if is_over else "due"
        minute = None if last is None or each.kind == "time" else session.minute(last.observed_at)
        yield Item("before", each.key, each.text, each.source, None, state, last, minute)


def _during(session: Session, now: datetime) -> Iterator[Item]:
    for each in session.protocol.during:
        seen = [
            (minute, observation)
            for observation in session.observations
            if observation.kind == each.key
            and not observation.before
            and (minute := session.minute(observation.observed_at)) is not None
            and minute >= 0
        ]
        rest = session.protocol.rest.minutes
        planned = list(_catchments(session.protocol, each))
        for due, low, high in planned:
            is_leaving = due is None or (each.on_leaving and due == rest and due == planned[-1][0])
            caught = [(at, one) for at, one in seen if low <= at < high]
            at, one = _chosen(caught, due, is_leaving)
            timing = (
                None if at is None or due is None else _timing(at, due, session.protocol.within, is_leaving)
            )
            wanted = rest if due is None else due
            state = _state(session, now, one, wanted, high)
            yield Item("during", each.key, each.text, each.source, due, state, one, at, timing)


def _catchments(protocol: Protocol, each: During) -> Iterator[tuple[int | None, float, float]]:
    """The minute each observation is due at, with the minutes `[low, high)` in which one counts for it.

    They meet half-way, so that each observation counts once; what comes more than `LATEST` minutes after the
    last one counts for none. None is due at any time before leaving, until as long after all that is planned.
    """
    minutes = _minutes(protocol, each)
    if not minutes:
        last = max(minute for one in protocol.during for minute in (*one.at, protocol.rest.minutes))
        yield None, 0, _too_late(protocol, last)
        return
    for number, due in enumerate(minutes):
        low = 0.0 if due == 0 else (due + (minutes[number - 1] if number else 0)) / 2
        following = minutes[number + 1 : number + 2]
        yield due, low, (due + following[0]) / 2 if following else _too_late(protocol, due)


def _minutes(protocol: Protocol, each: During) -> list[int]:
    rest = protocol.rest.minutes
    return [*each.at, *([rest] if each.on_leaving and (not each.at or each.at[-1] < rest) else [])]


def _too_late(protocol: Protocol, due: int) -> int:
    """The first minute that counts no more for what is planned last; minutes are rounded down."""
    return due + max(LATEST, protocol.within) + 1


def comes_after(session: Session, seen: Observation) -> bool:
    """Whether something observed comes too late for all that the protocol plans of its kind."""
    minute = session.minute(seen.observed_at)
    highs = [
        high
        for each in session.protocol.during
        if each.key == seen.kind
        for _, _, high in _catchments(session.protocol, each)
    ]
    return bool(highs) and not seen.before and minute is not None and minute >= max(highs)


def _chosen(
    caught: Sequence[tuple[int, Observation]], due: int | None, is_leaving: bool
) -> tuple[int | None, Observation | None]:
    if not caught:
        return None, None
    if due is None:
        return caught[0]
    if is_leaving:
        return caught[-1]
    return min(caught, key=lambda pair: abs(pair[0] - due))


def _timing(at: int, due: int, within: int, is_leaving: bool) -> str:
    if at < due - within:
        return "early"
    return "late" if at > due + within and not is_leaving else "on time"


def _state(session: Session, now: datetime, seen: Observation | None, due: int, high: float | None) -> str:
    if seen is not None:
        return "done"
    if session.ended_at is not None:
        return "unfinished"
    minute = session.minute(now)
    if minute is None or minute < due:
        return "to come"
    # What is observed from here on counts for the next one.
    return "due" if high is None or minute < high else "unfinished"


def _after(session: Session, now: datetime) -> Iterator[Item]:
    for each in session.protocol.after:
        seen = next((one for one in reversed(session.observations) if one.kind == each.key), None)
        at = None if seen is None else session.minute(seen.observed_at)
        state = _state(session, now, seen, session.protocol.rest.minutes, None)
        yield Item("after", each.key, each.text, each.source, None, state, seen, at)


# --- what is worth saying ----------------------------------------------------------------------------


def remarks(session: Session) -> list[str]:
    """What the protocol says to what was written down, in numbers; no judgement of them.

    What the team is to be told at once is among it, once the session is over without its source.
    """
    found = urgent(session) if session.ended_at is None else urgent_in_short(session)
    protocol, dose = session.protocol, session.dose
    before = {item.key: item.observation for item in _before(session)}
    for each in protocol.before:
        told = before[each.key]
        if each.kind != "time" or told is None or dose is None or each.minutes is None:
            continue
        if told.value == NONE:
            continue
        gap = dose.observed_at - datetime.fromisoformat(told.value)
        asked = timedelta(minutes=each.minutes)
        if gap < asked:
            found.append(
                f"Last {say_kind(each.key)}: {say_duration(gap)} before the dose; the protocol asks for at"
                f" least {say_duration(asked)}. Tell your clinic."
            )
    pressure = before.get("bp")
    if pressure is not None and protocol.bp_asked_above is not None:
        above = protocol.bp_asked_above
        if any(value > limit for value, limit in zip(read_pressure(pressure.value), above, strict=True)):
            found.append(f"Blood pressure before the dose: {pressure.value}. {protocol.bp_text}")
    if session.ended_at is not None and dose is not None:
        minute = session.minute(session.ended_at) or 0
        if minute < protocol.rest.minutes:
            found.append(
                f"It ended {say_number_of(minute, 'minute')} after the dose; the protocol asks for at least"
                f" {protocol.rest.minutes}."
            )
    return found


def urgent(session: Session) -> list[str]:
    """What the clinic's team is to be told at once, by the bounds of the protocol, each with its source."""
    return [f"{said} Source: {source}." if source else said for said, source in _beyond_bounds(session)]


def urgent_in_short(session: Session) -> list[str]:
    """The same without the sources."""
    return [said for said, _ in _beyond_bounds(session)]


def _beyond_bounds(session: Session) -> Iterator[tuple[str, str]]:
    """Each value beyond a bound of the protocol with what it says, and the source of that."""
    for seen in session.observations:
        for each in session.protocol.urgent:
            why = _why_urgent(session, seen, each) if each.kind == seen.kind else None
            if why is not None:
                minute = session.minute(seen.observed_at)
                at = f" (minute {minute})" if minute is not None and minute >= 0 and not seen.before else ""
                said = f"{say_kind(seen.kind)} {say_value(seen.kind, seen.value)}{at}. {why}"
                yield said[:1].upper() + said[1:], each.source


def _why_urgent(session: Session, seen: Observation, bound: Urgent) -> str | None:
    """The words for a value beyond a bound; None where it is not."""
    if bound.rise is None:
        return bound.text if bound.below is not None and int(seen.value) < bound.below else None
    dose = session.dose
    if seen.before or dose is None or seen.observed_at <= dose.observed_at:
        return None  # what is measured before the dose has a bound of its own
    first = next((item.observation for item in _before(session) if item.key == seen.kind), None)
    # Where none is written down, it is held against the most at which a dose goes unremarked.
    most = session.protocol.bp_asked_above
    was = read_pressure(first.value) if first is not None else most
    if was is None:
        return None
    rises = [value - before for value, before in zip(read_pressure(seen.value), was, strict=True)]
    if not any(rise >= least for rise, least in zip(rises, bound.rise, strict=True)):
        return None
    said = f"It is {rises[0]:+d}/{rises[1]:+d} against {was[0]}/{was[1]}"
    before_it = "before the dose" if first is not None else "(none from before the dose is written down)"
    return f"{said} {before_it}. {bound.text}"


# --- the course --------------------------------------------------------------------------------------


class PhaseDates(NamedTuple):
    """A phase of a course on the calendar."""

    phase: Phase
    first: date
    last: date | None
    """The last day inside; None while it goes on."""


def week_of(course_from: date, day: date) -> int:
    """Which week of the course a day is in: the first week is 1."""
    return (day - course_from).days // 7 + 1


def phase_dates(protocol: Protocol, course_from: date) -> list[PhaseDates]:
    """The phases of a course that began on a day. A phase beyond the calendar is left out."""
    found = []
    for phase in protocol.phases:
        try:
            first = course_from + timedelta(weeks=phase.first_week - 1)
            last = (
                None if phase.last_week is None else course_from + timedelta(weeks=phase.last_week, days=-1)
            )
        except OverflowError:
            break
        found.append(PhaseDates(phase, first, last))
    return found


def phase_on(protocol: Protocol, course_from: date, day: date) -> PhaseDates | None:
    """The phase of a course a day is in."""
    for each in phase_dates(protocol, course_from):
        if each.first <= day and (each.last is None or day <= each.last):
            return each
    return None


def is_same_course(session: Session, other: Session) -> bool:
    """Whether two sessions are of one course."""
    return session.protocol.key == other.protocol.key and session.course_from == other.course_from
