"""What a check has to say, and when: steps of a slot, quiet hours, snoozes; and what was said already.

A slot is told in steps: when it is planned, again by its medication's rule, and then to somebody else. A
step that falls into a snooze waits for its end. Nothing is told twice: every step has a name under which the
ledger of the record keeps it. A slot that is taken, skipped, held or unknown has nothing to say any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from medtrack.errors import UsageRefused

from .matching import Held, Match, closes_at, hold_over, state_of
from .timing_words import read_clock, read_weekdays
from .wording import WEEKDAYS, say_duration, say_list, say_time

OPEN = ("due", "overdue")
"""The states of a slot of which something is to be told."""
CAUGHT_UP = timedelta(days=1)
"""How far back of the last check missed doses are told, so that those of quiet hours are among them."""
_ZERO = timedelta()


class Rule(NamedTuple):
    """How a medication is told again while nothing is written down; lengths count from the planned time."""

    repeats: tuple[timedelta, ...] = ()
    """Ascending."""
    then: str | None = None
    """The channel that is told at last."""
    then_after: timedelta | None = None
    """When it is; set where `then` is."""


class Snooze(NamedTuple):
    """Told to wait: the steps of one medication in `[since, until)` come at its end."""

    medication_id: int
    since: datetime
    until: datetime


class Quiet(NamedTuple):
    """Hours of the person's wall clock in which nothing sounds, half-open; they may go over midnight."""

    since: time
    until: time

    def covers(self, local: datetime) -> bool:
        """Whether a wall time lies in them."""
        at = local.time()
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until

    def __str__(self) -> str:
        return f"{say_time(self.since)}-{say_time(self.until)}"


class CheckIn(NamedTuple):
    """When the person is asked how it goes: at a wall time, every day or on one weekday."""

    weekday: int | None
    """0 is Monday; None for every day."""
    at: time

    def __str__(self) -> str:
        day = "daily" if self.weekday is None else WEEKDAYS[self.weekday][:3].lower()
        return f"{day} {say_time(self.at)}"

    def last(self, local: datetime) -> datetime:
        """The last such wall time up to this one."""
        found = datetime.combine(local.date(), self.at)
        while found > local or self.weekday not in (None, found.weekday()):
            found -= timedelta(days=1)
        return found


def read_quiet(text: str) -> Quiet | None:
    """Read '22:00-07:00'; None for 'off'. Raises BadTiming and UsageRefused."""
    if text.strip().lower() == "off":
        return None
    since, dash, until = text.partition("-")
    if not dash:
        raise UsageRefused(what=f"{text[:40]!r} are no quiet hours: write them like 22:00-07:00, or off.")
    found = Quiet(read_clock(since), read_clock(until))
    if found.since == found.until:
        raise UsageRefused(
            what="Quiet hours that begin and end at one time are none: write off, or two times."
        )
    return found


def read_check_in(text: str) -> CheckIn | None:
    """Read 'daily 21:00' or 'sun 18:00'; None for 'off'. Raises BadTiming and UsageRefused."""
    typed = text.strip().lower()
    if typed == "off":
        return None
    day, space, at = typed.partition(" ")
    if not space:
        raise UsageRefused(
            what=f"{text[:40]!r} is no time for a check-in: 'daily 21:00', 'sun 18:00' or off."
        )
    if day == "daily":
        return CheckIn(None, read_clock(at))
    days = read_weekdays(day)
    if len(days) != 1:
        raise UsageRefused(what="A check-in is daily, or on one weekday: 'sun 18:00'.")
    return CheckIn(days[0], read_clock(at))


class Step(NamedTuple):
    """One time a slot is told."""

    name: str
    """Its name in the ledger, one of its slot: '0', '900' (seconds after the plan), 'then', 'snooze …'."""
    at: datetime
    is_then: bool = False
    """Whether it is told to somebody else."""


class Told(NamedTuple):
    """What the ledger keeps of one step that was told, or tried: what it was about, and which one."""

    kind: str
    """`dose`, `refill`, `expiry` or `check-in`."""
    subject: str
    """The uid of the medication; empty for a check-in."""
    at: datetime
    """The planned instant, or the one that stands for the occasion."""
    step: str


def steps_of(
    planned_at: datetime, rule: Rule, snoozes: Iterable[Snooze], closes: datetime | None = None
) -> list[Step]:
    """The steps of a slot in order; those of snoozes that were made while it was open among them.

    A later snooze takes the place of one that still lasts. What is told to somebody else waits no longer than
    until the slot closes.
    """
    found = [Step(f"{int(after.total_seconds())}", planned_at + after) for after in (_ZERO, *rule.repeats)]
    if rule.then is not None and rule.then_after is not None:
        found.append(Step("then", planned_at + rule.then_after, is_then=True))
    waits = sorted(snoozes, key=lambda each: each.since)
    for number, snooze in enumerate(waits, start=1):
        later = waits[number].since if number < len(waits) else None
        is_replaced = later is not None and later < snooze.until
        until = later if later is not None and is_replaced else snooze.until
        if until <= planned_at:
            continue
        found = [_waiting(step, snooze.since, until, closes) for step in found]
        if planned_at <= snooze.since and not is_replaced:
            found.append(Step(f"snooze {until.isoformat()}", until))
    return sorted(found, key=lambda step: (step.at, step.name))


def _waiting(step: Step, since: datetime, until: datetime, closes: datetime | None) -> Step:
    if not since <= step.at < until:
        return step
    is_bounded = step.is_then and closes is not None and closes < until
    return step._replace(at=max(step.at, closes) if closes is not None and is_bounded else until)


class Telling(NamedTuple):
    """What is to be told of one slot now: the steps that passed while no check ran are told as one."""

    found: Match
    state: str
    steps: tuple[str, ...]
    is_then: bool
    is_again: bool


def tellings(
    matches: Iterable[Match],
    holds: Sequence[Held],
    rule: Rule,
    snoozes: Sequence[Snooze],
    told: Collection[tuple[datetime, str]],
    now: datetime,
    since: datetime,
) -> Iterator[Telling]:
    """What is to be told of the slots of one medication; `told` holds what was, by planned instant and step.

    A slot that is missed without ever having been told is told once, and to somebody else where its rule
    says so, if it was planned at `since` or later.
    """
    for found in matches:
        state = state_of(found, holds, now)
        planned_at = found.slot.planned_at
        if state not in (*OPEN, "missed") or (state == "missed" and planned_at < since):
            continue
        steps = steps_of(planned_at, rule, snoozes, closes_at(found.slot))
        was_told = any((planned_at, step.name) in told for step in steps if not step.is_then)
        new = [step for step in steps if step.at <= now and (planned_at, step.name) not in told]
        own = tuple(step.name for step in new if not step.is_then)
        then = tuple(step.name for step in new if step.is_then)
        if own and (state in OPEN or not was_told):
            yield Telling(found, state, own, is_then=False, is_again=was_told)
        if then:
            yield Telling(found, state, then, is_then=True, is_again=False)


def changes_of(
    matches: Iterable[Match], holds: Sequence[Held], rule: Rule, snoozes: Sequence[Snooze]
) -> Iterator[datetime]:
    """Every instant at which the state of a slot may change, or a step of it comes."""
    for found in matches:
        slot = found.slot
        yield from (slot.planned_at, slot.planned_at + slot.window, closes_at(slot))
        if found.dose is None and hold_over(holds, slot.planned_at) is None:
            yield from (step.at for step in steps_of(slot.planned_at, rule, snoozes, closes_at(slot)))
    for held in holds:
        yield held.since
        if held.until is not None:
            yield held.until


def say_rule(rule: Rule) -> str:
    """The rule in words, after a medication's name."""
    parts = ["told when it is planned"]
    if rule.repeats:
        parts.append(f"again after {say_list(say_duration(each) for each in rule.repeats)}")
    if rule.then is not None and rule.then_after is not None:
        parts.append(f"then told to {rule.then} after {say_duration(rule.then_after)}")
    return ", ".join(parts) if len(parts) > 1 else "told once, when it is planned"
