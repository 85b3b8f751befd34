"""What a prescription means once it is read: values shaped like FHIR R4 `Dosage` and `Timing`."""

from __future__ import annotations

from datetime import date, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import Timing


class Habits(NamedTuple):
    """The person's own clock times for what a prescription says in words."""

    once: tuple[time, ...] = (time(8),)
    twice: tuple[time, ...] = (time(8), time(20))
    three: tuple[time, ...] = (time(8), time(14), time(20))
    four: tuple[time, ...] = (time(8), time(12), time(16), time(20))
    morning: time = time(8)
    noon: time = time(12)
    evening: time = time(18)
    night: time = time(22)
    bedtime: time = time(22)
    breakfast: time = time(8)
    lunch: time = time(13)
    dinner: time = time(19)
    before_meal: timedelta = timedelta(minutes=30)


DEFAULT_HABITS = Habits()


class Repeat(NamedTuple):
    """How often, as FHIR R4 `Timing.repeat` has it, and as the words themselves said: absent stays absent."""

    frequency: int | None = None
    frequency_max: int | None = None
    period: Fraction | None = None
    period_max: Fraction | None = None
    period_unit: str | None = None
    """A UCUM unit: min, h, d, wk, mo or a."""
    weekdays: tuple[int, ...] = ()
    """0 Monday .. 6 Sunday."""
    times: tuple[time, ...] = ()
    when: tuple[str, ...] = ()
    """FHIR event codes: MORN, NOON, AFT, EVE, NIGHT, HS, WAKE, AC, ACM, ACD, ACV, PC..., C..."""
    offset: int | None = None
    """Minutes before (AC codes) or after (all others) the event."""
    every_weeks: int = 1
    cycle: tuple[int, int] | None = None
    """Days on, days off."""
    month_days: tuple[int, ...] = ()
    year_day: tuple[int, int] | None = None
    """Month, day."""
    rrule: str | None = None
    from_last_dose: bool = False


class Part(NamedTuple):
    """One dose pattern: an ordinary line's only one, a step of a sequence, or a share of a split dose."""

    amount: Amount | None = None
    amount_high: Fraction | None = None
    timing: Timing | None = None
    """Ready for planning; None where the words give a meaning but no times (then `Reading.question` asks)."""
    repeat: Repeat = Repeat()
    as_needed: bool = False
    as_needed_for: str | None = None
    max_amount: Amount | None = None
    max_period: timedelta | None = None
    min_gap: timedelta | None = None
    for_days: int | None = None
    bounds: tuple[int, str] | None = None
    """The length as it was given, a number and a UCUM unit: (2, 'wk')."""
    count: int | None = None  # type: ignore[assignment]  # FHIR's word, which a tuple has as a method
    until: date | None = None
    starts: date | None = None
    step: int = 1
    """Parts of one step run together; steps follow each other."""
    advice: str | None = None


class Reading(NamedTuple):
    """What was understood of a prescription."""

    name: str | None
    strength: str | None
    form: str | None
    route: str | None
    parts: tuple[Part, ...]
    reason: str | None
    as_needed_for: str | None
    warnings: tuple[str, ...]
    """Error-prone notation in the text: a sentence each."""
    text: str
    """The prescription, verbatim."""
    reads_as: str
    """The whole reading as one plain sentence."""
    question: str | None = None
    """A whole sentence to ask; None where every part can be planned."""
