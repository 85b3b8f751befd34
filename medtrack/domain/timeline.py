"""What happened to a person on one axis of time, as data: a lane for each kind of thing.

Days are whole local days, `since` and `until` both inside. A lane holds what is drawn and no more; its words
say the same, so that nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from .curves import LETTERS, Curve, Mark, Point, describe
from .measures import decimal
from .pictures import MOST_WEEKS, Share
from .side_effects import GRADES
from .when import say_local
from .wording import MONTHS, say_list, say_number_of

MOST_LANES = 6
"""Lanes of one kind that are drawn: the picture is for one screen."""
_DAY = timedelta(1)


class Event(NamedTuple):
    """One thing at one time, on the person's wall clock."""

    at: datetime
    words: str
    until: datetime | None = None
    """When it was over, where that is known."""
    grade: int | None = None
    """Of a side effect."""


class Lane(NamedTuple):
    """One row of the picture."""

    kind: str
    """`medication`, `note`, `measure` or `session`."""
    title: str
    events: Sequence[Event] = ()
    shares: Sequence[Share] = ()
    """Of a medication: the doses taken of those planned, in every week or month."""
    of: str = "dose"
    """What the shares count: 'dose' or 'day'."""
    curve: Curve | None = None
    """Of a measure."""


class Timeline(NamedTuple):
    """The lanes over the days `since` to `until`."""

    title: str
    since: date
    until: date
    marks: Sequence[Mark]
    """What changed in the regimen; the letters go down through every lane."""
    left_out: int
    """How many changes there were no letters for."""
    lanes: Sequence[Lane]
    not_drawn: Sequence[str] = ()
    """The titles of what there was no room for."""
    unlettered: str = ""
    """What comes too often for letters, as counts: 'held around 12 sessions: lorazepam, 12 x'."""
    week_starts: int = 0
    """The weekday that begins a week, 0 for Monday."""

    @property
    def days(self) -> int:
        """How many days long it is."""
        return (self.until - self.since).days + 1

    def share_of_time(self, at: datetime) -> Fraction:
        """Where a time lies between the first midnight (0) and the last (1)."""
        seconds = (at - datetime.combine(self.since, time())) // timedelta(seconds=1)
        return min(max(Fraction(seconds, self.days * 86_400), Fraction(0)), Fraction(1))

    def column(self, at: datetime, wide: int) -> int:
        """The column of so many in which a time lies."""
        return min(int(self.share_of_time(at) * wide), wide - 1)

    def part(self, share: Share, wide: int) -> tuple[int, int]:
        """The columns `[first, after)` of a week or month; every one has at least one column."""
        begins = datetime.combine(share.since, time())
        first = self.column(begins, wide)
        after = int(self.share_of_time(datetime.combine(share.until, time()) + _DAY) * wide)
        return first, max(after, first + 1)


def lettered(changes: Iterable[tuple[datetime, str]]) -> tuple[list[Mark], int]:
    """A letter for each change, in order, and how many there were no letters for."""
    every = list(changes)
    marks = [Mark(at, letter, words) for letter, (at, words) in zip(LETTERS, every, strict=False)]
    return marks, len(every) - len(marks)


def period_for(since: date, until: date) -> str:
    """By what doses are counted over these days: 'week', or 'month' where it is more than a year."""
    return "week" if (until - since).days < 7 * MOST_WEEKS else "month"


def fewer(lanes: Sequence[Lane]) -> tuple[list[Lane], list[str]]:
    """At most `MOST_LANES` lanes of each kind, the first ones, and the titles of those left out."""
    kept: list[Lane] = []
    left: list[str] = []
    for lane in lanes:
        if sum(each.kind == lane.kind for each in kept) < MOST_LANES:
            kept.append(lane)
        else:
            left.append(lane.title)
    return kept, left


# --- the axis ---------------------------------------------------------------------------------------


class Tick(NamedTuple):
    """A day that is named on the axis."""

    day: date
    words: str


def months(since: date, until: date, most: int) -> list[Tick]:
    """The first day, and the first of each month, quarter, half or year after it: at most so many, or so.

    'Mar 2026', then 'Apr'; a January has its year, and where there are only years they stand alone.
    """
    for step in (1, 3, 6, 12):
        found = [Tick(since, f"{_month(since)} {since.year}")]
        day = (since.replace(day=1) + timedelta(32)).replace(day=1)
        while day <= until:
            if (day.month - 1) % step == 0:
                found.append(Tick(day, f"{_month(day)} {day.year}" if day.month == 1 else _month(day)))
            day = (day + timedelta(32)).replace(day=1)
        if len(found) <= most:
            return found
    return [Tick(tick.day, str(tick.day.year)) for tick in found]


def _month(day: date) -> str:
    return MONTHS[day.month - 1][:3]


def days(since: date, until: date, most: int, week_starts: int = 0) -> list[Tick]:
    """The day of the month of every day, or of that which begins each week, or each fourth: at most so many.

    A week begins on the weekday `week_starts`, 0 for Monday.
    """
    begins = since + timedelta((week_starts - since.weekday()) % 7)
    for first, step in ((since, 1), (begins, 7), (begins, 28)):
        found = [
            Tick(day, str(day.day))
            for day in (first + timedelta(n) for n in range(0, (until - first).days + 1, step))
        ]
        if len(found) <= most:
            return found
    return []


# --- in words -----------------------------------------------------------------------------------------


def describe_lane(lane: Lane) -> str:
    """A lane in words, as counts: 'sertraline: 78 of 84 doses taken.'"""
    if lane.kind == "medication":
        return f"{lane.title}: {_say_shares(lane)}."
    if lane.curve is not None:
        return f"{lane.title}: {describe(lane.curve)}"
    if lane.kind == "note":
        grades = [each.grade for each in lane.events if each.grade is not None]
        highest = f", highest grade {max(grades)} ({GRADES[max(grades)]})" if grades else ", without a grade"
        return f"{lane.title}: {say_number_of(len(lane.events), 'note')}{highest}."
    return f"{lane.title}: {say_number_of(len(lane.events), 'session')}."


def _say_shares(lane: Lane) -> str:
    part, whole = sum(share.part for share in lane.shares), sum(share.whole for share in lane.shares)
    if not whole:
        return "none planned that counts yet" if lane.shares else "none planned at set times"
    said = f"{part} of {say_number_of(whole, lane.of)} {_done(lane)}"
    return said if any(share.started for share in lane.shares) else f"{said}, not started"


def _done(lane: Lane) -> str:
    return "taken" if lane.of == "dose" else "right"


def describe_all(picture: Timeline) -> str:
    """The whole picture in words: its days, what changed, and each lane."""
    said = [f"{picture.since} to {picture.until}, both inside."]
    said += [f"{mark.letter}: {mark.at:%Y-%m-%d}, {mark.words}." for mark in picture.marks]
    said += [describe_lane(lane) for lane in picture.lanes]
    return " ".join([*said, *remarks(picture)])


class Entry(NamedTuple):
    """A row of the picture as a list."""

    when: str
    """A day, a time, or the two days of a week."""
    lane: str
    words: str


def entries(picture: Timeline) -> list[Entry]:
    """All that is drawn, by time."""
    found = [
        (mark.at, Entry(f"{mark.at.date()}", f"change {mark.letter}", mark.words)) for mark in picture.marks
    ]
    for lane in picture.lanes:
        for share in lane.shares:
            if share.whole:
                words = f"{share.part} of {say_number_of(share.whole, lane.of)} {_done(lane)}"
                when = f"{share.since} to {share.until}"
                found.append((datetime.combine(share.since, time()), Entry(when, lane.title, words)))
        for event in lane.events:
            grade = "" if event.grade is None else f" (grade {event.grade}, {GRADES[event.grade]})"
            until = "" if event.until is None else f", until {say_local(event.until)}"
            found.append((event.at, Entry(say_local(event.at), lane.title, f"{event.words}{grade}{until}")))
        if lane.curve is not None:
            unit = f" {lane.curve.unit}" if lane.curve.unit else ""
            for point, words in values(lane.curve):
                found.append((point.at, Entry(say_local(point.at), lane.title, f"{words}{unit}")))
    return [entry for _, entry in sorted(found, key=lambda each: each[0])]


def values(curve: Curve) -> list[tuple[Point, str]]:
    """Each point with its number, a pressure with both: '128/82'."""
    seconds: Sequence[Point] = curve.others if len(curve.others) == len(curve.points) else ()
    said = []
    for number, point in enumerate(curve.points):
        second = f"/{decimal(seconds[number].value)}" if seconds else ""
        said.append((point, point.words + second))
    return said


def remarks(picture: Timeline) -> list[str]:
    """What the picture leaves out, each as a sentence."""
    said = [f"Without a letter: {picture.unlettered}."] if picture.unlettered else []
    if picture.left_out:
        more = say_number_of(picture.left_out, "more change")
        said.append(f"{more} in these days without a letter: medtrack changes")
    if picture.not_drawn:
        said.append(f"Not drawn for room, but in the list: {say_list(picture.not_drawn)}.")
    return said
