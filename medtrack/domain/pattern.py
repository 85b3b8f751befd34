"""On which days of the week and at which time of day planned doses were taken.

A view of the counts rather than a measure of its own: a missed Sunday or a missed evening is seen at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import NamedTuple

from .adherence import day_of
from .matching import Held, Match, closes_at, hold_over

PARTS = ("night", "morning", "afternoon", "evening")
"""The parts of a day, six hours each from midnight on."""


class Outcome(NamedTuple):
    """A planned dose that counts, and whether it was taken."""

    local: datetime
    """When it was planned, on the person's wall clock."""
    is_taken: bool


class Part(NamedTuple):
    """The doses planned for one weekday or one part of the day."""

    name: int | str
    """0 Monday to 6 Sunday, or a part of the day."""
    taken: int
    expected: int


def outcomes(matches: Iterable[Match], holds: Sequence[Held], now: datetime) -> list[Outcome]:
    """The slots in a denominator: closed, and neither held nor unknown."""
    return [
        Outcome(found.slot.local, found.dose is not None and found.dose.status == "taken")
        for found in matches
        if closes_at(found.slot) <= now and hold_over(holds, found.slot.planned_at) is None
    ]


def by_weekday(found: Iterable[Outcome], day_starts: time) -> list[Part]:
    """Taken of expected for each weekday from Monday on, where days begin at `day_starts`."""
    each = [(day_of(outcome.local, day_starts).weekday(), outcome.is_taken) for outcome in found]
    return _parts(each, range(7))


def by_part_of_day(found: Iterable[Outcome]) -> list[Part]:
    """Taken of expected for each part of the day: night, then from 06:00, 12:00 and 18:00 on."""
    each = [(PARTS[outcome.local.hour // 6], outcome.is_taken) for outcome in found]
    return _parts(each, PARTS)


def _parts(found: Sequence[tuple[int | str, bool]], names: Iterable[int | str]) -> list[Part]:
    """A row for each name that something was planned for, in order."""
    parts = []
    for name in names:
        taken = [is_taken for each, is_taken in found if each == name]
        if taken:
            parts.append(Part(name, sum(taken), len(taken)))
    return parts
