"""What the phrases of one dose pattern have said so far."""

from __future__ import annotations

from datetime import date, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.errors import NotSettled

from .meaning import Repeat

JOINTS = ("and", ",", ";")
"""What joins two things that both hold."""
MEALS_UNNAMED = ("C", "AC", "PC")
"""FHIR codes of meals without saying which."""
PART_OF_DAY = {
    "MORN": "morning", "WAKE": "morning", "CM": "morning", "ACM": "morning", "PCM": "morning",
    "NOON": "noon", "CD": "noon", "ACD": "noon", "PCD": "noon",
    "EVE": "evening", "CV": "evening", "ACV": "evening", "PCV": "evening",
    "NIGHT": "night", "HS": "night",
}  # fmt: skip
"""The part of the day in which a FHIR event lies."""
_VAGUE = ("MORN", "NOON", "EVE", "NIGHT")
"""Parts of the day, which a meal or bedtime in them makes exact."""


class Said(NamedTuple):
    """An amount as it was said: its unit is None for a bare number."""

    low: Fraction
    high: Fraction | None
    unit: str | None


class Draft:
    """The facts found in one stretch of a prescription, before they are checked against each other."""

    def __init__(self) -> None:
        self.amount: Said | None = None
        self.amount_may_be_strength = False
        self.counts_name = False
        """'take 1 codeine': what is counted is what has the name."""
        self.equals: Said | None = None
        """The same dose in another unit, '100 mg (4 ml)'."""
        self.equals_each_time = False
        """'6 mg each time': of the whole dose, not of each tablet in it."""
        self.span: tuple[int, int] | None = None
        """The days of a sequence, counted from 1: 'on days 2 to 5'."""
        self.rates: list[Repeat] = []
        """Every frequency said, each as its own Repeat with nothing but frequency and period."""
        self.a_day: int | None = None
        """How often on each of the days, where those are not every day: 'twice daily every 2 days'."""
        self.is_loose_rate = False
        """'2 a day': how many at once, or how often?"""
        self.is_plain_rate = False
        """'daily', 'every day': how often is implied, not counted."""
        self.is_at_most = False
        """'up to 3 times a day'."""
        self.when: list[str] = []
        self.moments_said = 0
        """How many phrases named moments of the day, 'in the morning, before breakfast' being one."""
        self.offset: int | None = None
        self.lead: timedelta | None = None
        """Before bedtime or waking, which FHIR's offset cannot say."""
        self.times: list[time] = []
        self.weekdays: list[int] = []
        self.says_every_week = False
        """False for 'on Monday': once, or every Monday?"""
        self.every_weeks = 1
        self.month_days: list[int] = []
        self.year_day: tuple[int, int] | None = None
        self.cycle: tuple[int, int] | None = None
        self.rrule: str | None = None
        self.from_last_dose = False
        self.bounds: tuple[int, str] | None = None
        self.count: int | None = None
        self.counts_cycles = False
        """'for 16 cycles': of treatment, which are doses only where each period is one."""
        self.is_at_once = False
        """'stat': now, whatever the time."""
        self.turns: list[str] = []
        """'days' and 'times', in the order in which they were named."""
        self.joins_meals = False
        """'before meals and at bedtime': each meal is a dose, and so is the moment."""
        self.says_once = False
        """'once' alone: in all, or each time?"""
        self.until: date | None = None
        self.starts: date | None = None
        self.as_needed = False
        self.as_needed_for: str | None = None
        self.max: tuple[Fraction, str | None, timedelta] | None = None
        self.min_gap: timedelta | None = None
        self.advice: list[str] = []
        self.joint = ""
        """The 'and' or the sign that leads to what comes now."""
        self.led_by = ""
        """The 'and' or the sign between the share before and this one."""
        self.adds_times = False
        """'at 08:00 and at bedtime': the clock times and the moments are different doses."""
        self.route: str | None = None
        self.verb: str | None = None
        self.says_directed = False

    def has_timing(self) -> bool:
        """Whether anything so far says when."""
        return bool(self.rates or self.when or self.times or self.has_days() or self.as_needed)

    def has_days(self) -> bool:
        """Whether it says on which days."""
        return bool(self.weekdays or self.month_days or self.year_day or self.cycle or self.rrule)

    def take_turn(self, kind: str) -> None:
        """Note that days or times come now; raises NotSettled where they go to and fro.

        'every Monday at 08:00 and every Thursday at 20:00' are two plans: multiplied out they would be four.
        """
        if self.turns[-1:] != [kind]:
            self.turns.append(kind)
        if len(self.turns) > 2:
            raise NotSettled(
                what="It gives different days their own times. Type a line for each, "
                "like '1 tablet every Monday at 08:00'."
            )

    def named_moments(self) -> list[str]:
        """The FHIR events that have a time of day, each once."""
        return [code for code in dict.fromkeys(self.when) if code not in MEALS_UNNAMED]

    def add_when(self, codes: list[str]) -> None:
        """Add FHIR events: joined by 'and' they are further moments, else the same moment said more exactly.

        'every morning 30 minutes before breakfast' is one moment. Raises NotSettled for 'at noon at bedtime'.
        """
        specific = self.named_moments()
        if set(codes) - set(MEALS_UNNAMED) and (not specific or self.joint in JOINTS):
            self.moments_said += 1
        generic = set(self.when) & set(MEALS_UNNAMED)
        if self.joint in JOINTS and bool(set(codes) & set(MEALS_UNNAMED)) != bool(generic) and self.when:
            self.joins_meals = True
        if self.times and self.joint == "and" and set(codes) - set(MEALS_UNNAMED):
            self.adds_times = True
        for code in codes:
            same = [known for known in specific if PART_OF_DAY.get(known) == PART_OF_DAY.get(code, code)]
            if code in MEALS_UNNAMED or not specific or (self.joint in JOINTS and not same):
                self.when.append(code)
            elif same and code in _VAGUE:
                continue
            elif same and same[0] in _VAGUE:
                self.when[self.when.index(same[0])] = code
            elif not (same and same[0] == code):
                raise NotSettled(
                    what="It names two moments of the day and not whether it is taken at both. "
                    "Type the times: 'at 08:00', or 'at 08:00 and 22:00'."
                )

    def has_anchor(self) -> bool:
        """Whether it names a moment of the day or certain days, to tell shares of a split dose apart."""
        return bool(self.when or self.times or self.weekdays or self.month_days)


class Header:
    """What belongs to the whole line: the name, the product, and what it is for."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.strength: str | None = None
        self.form: str | None = None
        self.route: str | None = None
        self.reason: str | None = None
