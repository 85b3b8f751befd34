"""Wall clocks and instants: the person's dated zone timeline, and one way to place a wall time.

An instant is an aware UTC `datetime`; a wall time is a naive one. A wall time that does not exist takes
the offset from before the gap, one that happens twice means the first (RFC 5545, section 3.3.5) when it is
planned; when a person typed it, it is refused instead. Days are half-open and tile the line of instants.
"""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from medtrack.errors import BadZone, NoZoneData, TimeNeverWas, TimeTwice

if TYPE_CHECKING:
    from .regimen import Bound

Flag = Literal["gap", "fold", "zone-change", "short-gap", "long-gap", "overdue-on-arrival"]
"""What is unusual about when a dose is planned."""
_LONGEST_KEY = 60
_UNREADABLE = (KeyError, ValueError, OSError, EOFError, struct.error)
"""What zoneinfo raises for a zone that is missing, or whose file was cut."""
_KEY_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/")


@lru_cache(maxsize=64)
def load_zone(key: str) -> ZoneInfo:
    """The zone of the tz database with this name, spelled exactly: 'Europe/Paris'.

    Raises BadZone for anything else, among it paths, directories, 'localtime' and the odd files that lie
    beside the zones.
    """
    # Every part of a real name begins with a capital. This also keeps out 'right/…', which counts leap
    # seconds, and misspelled case on file systems that would not mind it.
    plausible = (
        len(key) <= _LONGEST_KEY
        and _KEY_CHARACTERS.issuperset(key)
        and all("A" <= part[:1] <= "Z" for part in key.split("/"))
        and key != "Factory"
    )
    if plausible:
        try:
            return ZoneInfo(key)
        except _UNREADABLE:
            pass
        try:
            ZoneInfo("Etc/UTC")
        except _UNREADABLE:
            raise NoZoneData from None
    raise BadZone(typed=key if len(key) <= _LONGEST_KEY else key[:_LONGEST_KEY] + "…") from None


class Zones(NamedTuple):
    """The zones a person has lived in, by date."""

    changes: tuple[tuple[datetime, str], ...]
    """(from when as an instant, zone name), in order; the first also covers all time before it."""

    def at(self, instant: datetime) -> ZoneInfo:
        """The person's zone at an instant."""
        key = self.changes[0][1]
        for from_at, name in self.changes:
            if from_at > instant:
                break
            key = name
        return load_zone(key)

    def local(self, instant: datetime) -> datetime:
        """The wall time the person saw at an instant, naive."""
        return self.shown(instant).replace(tzinfo=None, fold=0)

    def shown(self, instant: datetime) -> datetime:
        """The instant in the person's zone then, aware."""
        return instant.astimezone(self.at(instant))

    def segments(self) -> list[tuple[datetime | None, datetime | None, ZoneInfo]]:
        """The timeline as half-open spans [since, until) of one zone each; None is without end.

        A change to the same zone, and one undone at the same instant, make no span of their own.
        """
        kept: list[tuple[datetime | None, str]] = [(None, self.changes[0][1])]
        for from_at, key in self.changes[1:]:
            if kept[-1][0] == from_at:
                kept.pop()
            if not kept or kept[-1][1] != key:
                kept.append((from_at, key))
        ends = [since for since, _ in kept[1:]]
        return [
            (since, until, load_zone(key)) for (since, key), until in zip(kept, [*ends, None], strict=True)
        ]


def always(key: str) -> Zones:
    """The timeline of somebody who never left one zone. Raises BadZone."""
    load_zone(key)
    return Zones(((datetime(1970, 1, 1, tzinfo=UTC), key),))


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The offsets of the two readings of a wall time; equal but around a change of the clocks."""
    earlier = zone.utcoffset(local.replace(fold=0) if local.fold else local)
    later = zone.utcoffset(local.replace(fold=1))
    return earlier or timedelta(0), later or timedelta(0)


def place(local: datetime, zone: ZoneInfo) -> tuple[datetime, Flag | None]:
    """The instant a planned wall time falls on, and 'gap' or 'fold' where the clocks changed then.

    One that does not exist takes the offset from before the gap (02:30 becomes 03:30); one that happens
    twice means the first.
    """
    before, after = _offsets(local, zone)
    instant = (local - before).replace(tzinfo=UTC, fold=0)
    if before == after:
        return instant, None
    return instant, "gap" if before < after else "fold"


def _change_at(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped over a wall time that does not exist, to the second."""
    before, after = _offsets(local, zone)
    low = (local - after).replace(tzinfo=UTC)
    high = (local - before).replace(tzinfo=UTC)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def settle(local: datetime, zone: ZoneInfo, *, now: datetime | None) -> datetime:
    """The instant of a wall time that a person typed as a fact; never shifted, never guessed.

    Raises TimeNeverWas where the clocks jumped over it, and TimeTwice where it happened twice, unless
    `now` is given and only the first of the two is past.
    """
    first, flag = place(local, zone)
    if flag is None:
        return first
    before, after = _offsets(local, zone)
    if flag == "gap":
        change = _change_at(local, zone).replace(tzinfo=None)
        left, reached = change + before, change + after
        form = "%H:%M" if left.date() == reached.date() else "%Y-%m-%d %H:%M"
        raise TimeNeverWas(
            local=local.isoformat(" ", "minutes"),
            zone=zone.key,
            before=left.strftime(form),
            after=reached.strftime(form),
        )
    second = (local - after).replace(tzinfo=UTC)
    if now is not None and first <= now < second:
        return first
    shape = "seconds" if local.second else "minutes"
    raise TimeTwice(
        local=local.isoformat(" ", shape),
        zone=zone.key,
        first=local.replace(tzinfo=timezone(before)).isoformat("T", shape),
        second=local.replace(tzinfo=timezone(after)).isoformat("T", shape),
    )


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a date in one zone; the moment after the gap where midnight is missing."""
    midnight = datetime.combine(day, time())
    instant, flag = place(midnight, zone)
    # The same as the rule of `place` for every gap that begins at midnight; where one begins before it
    # (Toronto 1919: 23:30 to 00:30), the day holds all of its wall times only when it starts at the change.
    return _change_at(midnight, zone) if flag == "gap" else instant


def begin_of(bound: Bound, zones: Zones) -> datetime:
    """The instant a bound begins at: a date at its first moment in the person's zone then.

    That is when the person's calendar first reaches the date: a date that a journey skips begins where
    the next one does, and one lived twice begins the first time.
    """
    if isinstance(bound, datetime):
        return bound
    moment = datetime.max.replace(tzinfo=UTC)
    for since, until, zone in zones.segments():
        moment = _first_moment(bound, zone)
        if since is not None and moment < since:
            moment = since
        if until is None or moment < until:
            break
    return moment


def end_of(bound: Bound, zones: Zones) -> datetime:
    """The instant a bound ends at, exclusive: a date includes its whole day, an instant is itself."""
    if isinstance(bound, datetime):
        return bound
    return begin_of(bound + timedelta(days=1), zones)
