"""Side effects: what a grade means, and what the notes show as counts.

A count says how often a note came within some hours after a dose, beside how much of the time such hours are,
since what is taken often comes before everything. It never says why.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from .names import folded
from .regimen import Note
from .shares import percent
from .wording import say_duration, say_number_of

GRADES = {1: "mild", 2: "moderate", 3: "severe", 4: "life-threatening", 5: "fatal"}
"""CTCAE version 5.0 (US NCI, 27 November 2017), the general meaning of each grade in a word."""
MEANINGS = {
    1: "no or mild symptoms; watching it is enough",
    2: "it limits everyday things like shopping, cooking or the phone, or a simple treatment is needed",
    3: "bad, not life-threatening right away: hospital, disabling, or it limits washing, dressing, eating",
    4: "life-threatening: treatment is urgent",
    5: "somebody died of it",
}
"""The same in plain words, after the general definitions of CTCAE version 5.0."""
URGENT = 4
"""From this grade on the emergency number is said."""
FATAL = 5
"""Death related to it: it is not over, and nothing is called for it (CTCAE version 5.0)."""
WITHIN = timedelta(hours=3)
"""How long after a dose a note counts as near it, unless asked otherwise; its last moment counts too."""
FEWEST = 2
"""Notes of one kind from which on there is a pattern to count."""
_AFTER_A_CHANGE = timedelta(days=42)
"""How long after a change of a medication a note is said to be after that, at the most."""
_ENDS = (":", ",", ";", ".", "(", " - ")


class Changed(NamedTuple):
    """A start of a medication, or a change of its plan."""

    at: datetime
    words: str
    """'the change to 2 mg daily at 22:00', 'the start'."""


class History(NamedTuple):
    """What a medication did around the notes."""

    name: str
    taken: Sequence[datetime]
    """When doses were taken, in order."""
    changes: Sequence[Changed]


class Pattern(NamedTuple):
    """How the notes of one kind lie to the doses of one medication, as counts."""

    symptom: str
    medication: str
    notes: int
    near: int
    """Notes within the time after a dose."""
    within: timedelta
    covered: timedelta
    """How much of the time lies within that after a dose."""
    whole: timedelta
    suspected: int
    """Notes in which the person named this medication."""
    first_at: datetime
    change: Changed | None
    """The latest start or change that a note came not long after."""
    before: int
    """Notes before that change."""
    followed_at: datetime | None
    """When the first note at or after that change began."""

    @property
    def reads_as(self) -> str:
        """The counts in a sentence."""
        hours = say_duration(self.within)
        said = f"{self.symptom}: {self.near} of {self.notes} notes within {hours} after a dose"
        said += f" of {self.medication}"
        share = Fraction(_hours(self.covered), _hours(self.whole)) if _hours(self.whole) else None
        if share is not None:
            said += f" ({_hours(self.covered)} of {_hours(self.whole)} hours are such = {percent(share)})"
        if self.suspected:
            said += f"; suspected in {self.suspected} of {self.notes}"
        if self.change is not None and self.followed_at is not None:
            later = _say_after(self.followed_at - self.change.at)
            if self.before:
                said += f"; {self.before} of {self.notes} notes before {self.change.words}"
                said += f", the next one {later} it"
            else:
                said += f"; first note {later} {self.change.words}"
        return said


def symptom_of(text: str) -> str:
    """What a note is about: its words up to the first comma, colon, full stop or bracket, case aside."""
    ends = [at for at in (text.find(sign) for sign in _ENDS) if at > 0]
    return folded(text[: min(ends)] if ends else text)


def patterns(
    notes: Sequence[Note],
    histories: Iterable[History],
    names: Mapping[int, str],
    until: datetime,
    within: timedelta = WITHIN,
    word: str | None = None,
    since: datetime | None = None,
) -> list[Pattern]:
    """How the notes of each kind lie to each medication that was taken before one, or is suspected in one.

    The time that is counted begins at `since`, or with the first dose: what was taken shortly before it can
    be near a note all the same. `names` gives the medications' names by local id. With `word` all the notes
    given are of one kind, the one it names. Notes of a kind of which there are fewer than two are left out.
    """
    kinds: dict[str, list[Note]] = {}
    for note in notes:
        kinds.setdefault(word or symptom_of(note.text), []).append(note)
    found = []
    for history in histories:
        if not history.taken:
            continue
        begins = history.taken[0] if since is None else max(since, history.taken[0])
        covered = _covered(history.taken, within, begins, until)
        for symptom, of_kind in kinds.items():
            pattern = _pattern(symptom, of_kind, history, names, within)
            if len(of_kind) >= FEWEST and (pattern.near or pattern.suspected):
                found.append(pattern._replace(covered=covered, whole=max(until - begins, timedelta())))
    return sorted(found, key=lambda each: (each.symptom, -each.near, -each.suspected, each.medication))


def _pattern(
    symptom: str, notes: Sequence[Note], history: History, names: Mapping[int, str], within: timedelta
) -> Pattern:
    times = sorted(note.noted_at for note in notes)
    near = sum(_is_near(note.noted_at, history.taken, within) for note in notes)
    suspected = sum(names.get(note.medication_id or 0) == history.name for note in notes)
    change, followed_at = _followed(times, history.changes)
    before = 0 if change is None else bisect_left(times, change.at)
    zero = timedelta()
    return Pattern(
        symptom,
        history.name,
        len(notes),
        near,
        within,
        zero,
        zero,
        suspected,
        times[0],
        change,
        before,
        followed_at,
    )


def _followed(
    times: Sequence[datetime], changes: Iterable[Changed]
) -> tuple[Changed | None, datetime | None]:
    """The latest change that a note came not long after, and when the first one at or after it began."""
    for change in sorted(changes, key=lambda each: each.at, reverse=True):
        place = bisect_left(times, change.at)
        if place < len(times) and times[place] - change.at <= _AFTER_A_CHANGE:
            return change, times[place]
    return None, None


def _is_near(at: datetime, taken: Sequence[datetime], within: timedelta) -> bool:
    last = bisect_right(taken, at)
    return last > 0 and at - taken[last - 1] <= within


def _covered(taken: Sequence[datetime], within: timedelta, begins: datetime, until: datetime) -> timedelta:
    """How much of the time from `begins` to `until` is so near after a dose, each hour counted once."""
    inside = [at for at in taken if at < until]
    spans = ((max(at, begins), min(at + within, later)) for at, later in pairwise([*inside, until]))
    return sum((max(high - low, timedelta()) for low, high in spans), timedelta())


def _hours(length: timedelta) -> int:
    return round(length / timedelta(hours=1))


def _say_after(length: timedelta) -> str:
    """'2 days after', '5 hours after', 'on the day of'."""
    days, hours = length // timedelta(1), length // timedelta(hours=1)
    if days:
        return f"{say_number_of(days, 'day')} after"
    return f"{say_number_of(hours, 'hour')} after" if hours else "within an hour after"
