"""The shapes of the reference facts: names, ingredients, rules, limits, each with its source."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.strengths import MILLIGRAMS

SEVERITIES = ("contraindicated", "major", "moderate", "minor")
"""From the worst down."""


class Meaning(NamedTuple):
    """What a name stands for in one country."""

    name: str
    """As it is written on the packet."""
    kind: str
    """ingredient, synonym, brand or product."""
    ingredients: tuple[str, ...]
    country: str
    """ISO 3166 alpha-2; empty where it holds anywhere."""
    is_checked: bool
    """Whether an open list of names was found to agree."""
    varies: bool
    """Whether the packet, not the name, decides what is in it."""
    strengths: tuple[Fraction, ...]
    """Milligrams of each ingredient in one unit; empty where it is sold in several strengths."""
    per: str
    """The unit the strengths are of: '1 tablet', '10 mL'."""


class Ingredient(NamedTuple):
    """A substance and what it belongs to."""

    name: str
    classes: tuple[str, ...]
    allergy_groups: tuple[str, ...]
    duplicate_groups: tuple[str, ...]
    acts_through_skin: bool
    """Whether its creams, patches or eye drops act on the whole body."""


class Effect(NamedTuple):
    """What can happen, in words for the person."""

    name: str
    family: str
    """Effects of one family are one worry: only the worst of them is told of one pair."""
    what_can_happen: str
    watch_for: str


class Rule(NamedTuple):
    """That two ingredients or classes do not go together."""

    id: str
    a: str
    """`ingredient:NAME` or `class:NAME`."""
    b: str
    except_class: str
    severity: str
    effect: str
    why: str
    what_to_do: str
    hours_apart: str
    """How far apart they are to be taken, where that mends it; empty where it does not."""
    source: str
    source_date: str
    checked: str
    """The public tables that list one of its pairs too; 'no' where none was found."""

    @property
    def breadth(self) -> int:
        """0 between two ingredients, 1 between an ingredient and a class, 2 between classes."""
        return self.a.startswith("class:") + self.b.startswith("class:")


class AllergyRule(NamedTuple):
    """What an allergy means for a medicine."""

    id: str
    allergic_to: str
    """`group:NAME`, `class:NAME` or `ingredient:NAME`."""
    medicine: str
    except_medicine: str
    """A selector that another rule speaks of; empty where there is none."""
    result: str
    """conflict, caution, info or none."""
    severity: str
    what_can_happen: str
    what_to_do: str
    source: str
    source_date: str
    checked: str


class Condition(NamedTuple):
    """Something a person may have, that facts are known of."""

    title: str
    includes: tuple[str, ...]
    """What else the rules call it: severe kidney disease is kidney disease, too."""


class ConditionRule(NamedTuple):
    """What a condition means for a medicine."""

    id: str
    condition: str
    medicine: str
    """`ingredient:NAME` or `class:NAME`."""
    except_medicine: str
    """A selector that the rule does not hold for; empty where there is none."""
    severity: str
    what_can_happen: str
    what_to_do: str
    source: str
    source_date: str
    checked: str


class Stack(NamedTuple):
    """An effect that adds up over several medicines."""

    name: str
    members: tuple[str, ...]
    """Selectors; with more than one, each has to be met by a medicine of its own."""
    at_least: int
    severity: str
    many: int
    severity_of_many: str
    at_least_65: int
    """From this many on for a person of 65 or older; 0 where age makes no difference."""
    severity_65: str
    effect: str
    title: str
    what_to_do: str
    covers_rules: tuple[str, ...]
    """The rules about pairs that it sums up."""
    source: str
    source_date: str


class DailyLimit(NamedTuple):
    """The most of an ingredient in a length of time, from a label."""

    ingredient: str
    country: str
    unit: str
    most: Fraction
    hours: int
    kind: str
    """label for what is bought without prescription, prescription otherwise."""
    severity: str
    note: str
    source: str
    source_date: str
    checked: str

    @property
    def most_mg(self) -> Fraction:
        """The most, in milligrams."""
        return self.most * MILLIGRAMS[self.unit]


class OpioidFactor(NamedTuple):
    """How many milligrams of morphine one unit of an opioid counts for (CDC 2022)."""

    opioid: str
    unit: str
    factor: Fraction | None
    note: str
    source: str
    source_date: str


class DoseRange(NamedTuple):
    """Between what single doses of an ingredient lie, to catch a slip of a thousand."""

    ingredient: str
    least: Fraction
    """Micrograms."""
    most: Fraction
    source: str
    source_date: str


class Weekly(NamedTuple):
    """A medicine that is taken once in so many days."""

    ingredient: str
    days: int
    is_typed: bool
    """Whether a daily plan of it wants more than a yes."""
    what_can_happen: str
    source: str
    source_date: str
    only_words: tuple[str, ...] = ()
    """Words in the name, as names are compared, of the kind that this holds for; empty for every kind."""
    not_words: tuple[str, ...] = ()
    """Words in the name or the unit of the kinds that it does not hold for."""
    only_strengths: tuple[Fraction, ...] = ()
    """Milligrams in one dose of the kind that this holds for, beside those told by words."""
    not_strengths: tuple[Fraction, ...] = ()
