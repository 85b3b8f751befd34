"""The knowledge pack in memory: reference facts by name, each with its source.

The facts come as plain data (`medtrack.knowledge` compiles and reads them); this gives them their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from medtrack.domain.strengths import MILLIGRAMS

OLD = timedelta(days=365)
"""A pack older than this says so in every check."""
SEVERITIES = ("contraindicated", "major", "moderate", "minor")
"""From the worst down."""
Facts = Mapping[str, Any]


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


class Pack:
    """Every reference fact, of one version and date."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.version: str = facts["version"]
        self.date = date.fromisoformat(facts["date"])
        self._ingredients: dict[str, Ingredient] = {}
        self._words: dict[str, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._facts["rules"])

    def is_old(self, today: date) -> bool:
        """Whether it is more than a year old."""
        return today - self.date > OLD

    # --- names -----------------------------------------------------------------------------------

    @property
    def keys(self) -> Iterable[str]:
        """Every name, as names are compared."""
        keys: Mapping[str, Any] = self._facts["names"]
        return keys

    def meanings(self, key: str) -> list[Meaning]:
        """What a name, as names are compared, stands for, in every country."""
        return [
            Meaning(
                name,
                kind,
                tuple(ingredients),
                country,
                bool(checked),
                bool(varies),
                tuple(Fraction(each) for each in strengths),
                per,
            )
            for name, kind, ingredients, country, checked, varies, strengths, per in self._facts["names"].get(
                key, ()
            )
        ]

    def words(self, kind: str) -> frozenset[str]:
        """Words that stand beside a name and are not part of it: of a form, phrase, local, salt or metal."""
        if kind not in self._words:
            self._words[kind] = frozenset(self._facts["words"][kind])
        return self._words[kind]

    def abbreviation(self, key: str) -> str | None:
        """What an abbreviation that is not to be guessed could mean."""
        found: str | None = self._facts["abbreviations"].get(key)
        return found

    def look_alikes(self, key: str) -> list[str]:
        """The names that are taken for this one."""
        found: list[str] = self._facts["lookalikes"].get(key, [])
        return found

    def substance(self, key: str) -> tuple[str, str] | None:
        """What a word for an allergy means: a selector, or 'nothing' with the sentence that says why."""
        found = self._facts["substances"].get(key)
        return None if found is None else (found[0], found[1])

    # --- ingredients and classes -----------------------------------------------------------------

    def ingredient(self, name: str) -> Ingredient:
        """An ingredient by its name."""
        known = self._ingredients.get(name)
        if known is None:
            classes, allergies, duplicates, skin = self._facts["ingredients"][name]
            known = Ingredient(name, tuple(classes), tuple(allergies), tuple(duplicates), bool(skin))
            self._ingredients[name] = known
        return known

    @property
    def class_names(self) -> Iterable[str]:
        """Every class."""
        names: Mapping[str, Any] = self._facts["classes"]
        return names

    def title(self, class_name: str) -> str:
        """A class in words for people."""
        title: str = self._facts["classes"][class_name][0]
        return title

    def duplicate_severity(self, class_name: str) -> str:
        """How bad two medicines of one class are; empty where that is no matter."""
        severity: str = self._facts["classes"][class_name][1]
        return severity

    def kind_of(self, rule: Rule) -> str | None:
        """The class of which a rule forbids two, where two of it are a duplicate; else None."""
        name = rule.a.removeprefix("class:")
        return name if rule.a == rule.b and self.duplicate_severity(name) else None

    def effect(self, name: str) -> Effect:
        """What can happen."""
        return Effect(name, *self._facts["effects"][name])

    # --- rules -----------------------------------------------------------------------------------

    @cached_property
    def _rules(self) -> dict[tuple[str, str], list[int]]:
        index: dict[tuple[str, str], list[int]] = {}
        for number, rule in enumerate(self._facts["rules"]):
            index.setdefault((rule[1], rule[2]), []).append(number)
        return index

    def rules_between(self, some: Iterable[str], others: Iterable[str]) -> Iterator[tuple[Rule, bool]]:
        """The rules between two sets of selectors, and whether `some` is the rule's b side."""
        some, others = tuple(some), tuple(others)
        for left in some:
            for right in others:
                for pair, swapped in (((left, right), False), ((right, left), True)):
                    if swapped and left == right:
                        continue
                    for number in self._rules.get(pair, ()):
                        yield Rule(*self._facts["rules"][number]), swapped

    @property
    def rules(self) -> Iterator[Rule]:
        """Every rule about two ingredients or classes."""
        return (Rule(*row) for row in self._facts["rules"])

    @property
    def allergy_rules(self) -> Iterator[AllergyRule]:
        """Every rule about an allergy."""
        return (AllergyRule(*row) for row in self._facts["allergies"])

    @property
    def stacks(self) -> Iterator[Stack]:
        """Every effect that adds up."""
        for name, members, *rest, covers, source, source_date in self._facts["stacks"]:
            yield Stack._make((name, tuple(members), *rest, tuple(covers), source, source_date))

    @property
    def limits(self) -> Iterator[DailyLimit]:
        """The most of each ingredient by its labels."""
        for ingredient, country, unit, most, *rest in self._facts["limits"]:
            yield DailyLimit(ingredient, country, unit, Fraction(most), *rest)

    @property
    def opioid_factors(self) -> dict[str, OpioidFactor]:
        """What each opioid counts for in milligrams of morphine; '(threshold)' is where to ask."""
        return {
            row[0]: OpioidFactor(row[0], row[1], Fraction(row[2]) if row[2] else None, *row[3:])
            for row in self._facts["mme"]
        }

    def dose_range(self, ingredient: str) -> DoseRange | None:
        """Between what single doses of an ingredient lie."""
        row = self._facts["dose_ranges"].get(ingredient)
        return None if row is None else DoseRange(ingredient, Fraction(row[0]), Fraction(row[1]), *row[2:])

    def weekly(self, ingredient: str) -> Weekly | None:
        """Whether an ingredient is taken once in so many days."""
        row = self._facts["weekly"].get(ingredient)
        return None if row is None else Weekly(ingredient, row[0], bool(row[1]), *row[2:])


def selectors(ingredient: Ingredient) -> list[str]:
    """What a rule may call an ingredient: by its name, or by a class it belongs to."""
    return [f"ingredient:{ingredient.name}", *(f"class:{name}" for name in ingredient.classes)]
