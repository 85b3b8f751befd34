"""The knowledge pack in memory: reference facts by name, each with its source.

The facts come as plain data (`medtrack.knowledge` compiles and reads them); this gives them their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from .facts import (
    AllergyRule,
    Condition,
    ConditionRule,
    DailyLimit,
    DoseRange,
    Effect,
    Ingredient,
    Meaning,
    OpioidFactor,
    Rule,
    Stack,
    Weekly,
)

OLD = timedelta(days=365)
"""A pack older than this says so in every check."""
Facts = Mapping[str, Any]
_NAMED = re.compile(r"\{([^{}]+)\}")


class NameSet(Protocol):
    """Names that a person brought along."""

    @property
    def title(self) -> str:
        """Whose names they are, with the version."""

    def meanings(self, key: str) -> list[tuple[str, ...]]:
        """The substances that a name, as names are compared, stands for; several where it is of several."""


class Pack:
    """Every reference fact, of one version and date."""

    name_sets: Sequence[NameSet] = ()
    """Where names are looked up that are not in it."""

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

    @cached_property
    def combinations(self) -> frozenset[frozenset[str]]:
        """The ingredients of every product that holds several."""
        names: Mapping[str, list[list[Any]]] = self._facts["names"]
        return frozenset(
            frozenset(meaning[2])
            for meanings in names.values()
            for meaning in meanings
            if len(meaning[2]) > 1
        )

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

    @property
    def ingredients(self) -> Iterable[str]:
        """Every ingredient, by its name."""
        found: Mapping[str, Any] = self._facts["ingredients"]
        return found

    def all_names(self, ingredient: str) -> tuple[str, ...]:
        """Every name of an ingredient itself, as names are compared, with the French one; no brands."""
        return self._names_of.get(ingredient, (ingredient,))

    @cached_property
    def _names_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for key, meanings in self._facts["names"].items():
            for _, kind, ingredients, *_ in meanings:
                if kind in ("ingredient", "synonym") and len(ingredients) == 1:
                    found.setdefault(ingredients[0], []).append(key)
        for key, ingredients in self._facts["french_names"].items():
            for ingredient in ingredients:
                found.setdefault(ingredient, []).append(key)
        return {ingredient: tuple(dict.fromkeys(keys)) for ingredient, keys in found.items()}

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

    def called(self, ingredient: str, country: str | None) -> str:
        """An ingredient as people of a country know it: both names where the country is not known."""
        elsewhere: str | None = self._facts["local_names"].get(ingredient)
        if elsewhere is None or country == "US":
            return ingredient
        return f"{ingredient} ({elsewhere})" if country in (None, "CA") else elsewhere

    def spoken(self, sentence: str, country: str | None) -> str:
        """A sentence in which `{ingredient}` stands for whatever that is called in a country."""

        def call(found: re.Match[str]) -> str:
            name = found[1]
            return self.called(name, country) if name in self._facts["ingredients"] else found[0]

        return _NAMED.sub(call, sentence) if "{" in sentence else sentence

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

    def condition(self, name: str) -> Condition:
        """A condition by its name."""
        title, includes = self._facts["conditions"][name]
        return Condition(title, tuple(includes))

    @cached_property
    def condition_words(self) -> list[tuple[str, list[str]]]:
        """The words people use for conditions, as names are compared, and what they mean; longest first."""
        words: Mapping[str, list[str]] = self._facts["condition_words"]
        return sorted(words.items(), key=lambda each: (-len(each[0]), each[0]))

    @property
    def condition_rules(self) -> Iterator[ConditionRule]:
        """Every rule about a condition."""
        return (ConditionRule(*row) for row in self._facts["condition_rules"])

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
        if row is None:
            return None
        days, is_typed, what, source, source_date, *kinds = row
        words = (tuple(each) for each in kinds[:2])
        strengths = (tuple(map(Fraction, each)) for each in kinds[2:])
        return Weekly(ingredient, days, bool(is_typed), what, source, source_date, *words, *strengths)


def selectors(ingredient: Ingredient) -> list[str]:
    """What a rule may call an ingredient: by its name, or by a class it belongs to."""
    return [f"ingredient:{ingredient.name}", *(f"class:{name}" for name in ingredient.classes)]
