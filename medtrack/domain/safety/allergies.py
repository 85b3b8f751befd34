"""Medicines that the person is allergic to, or that are near enough to what they are allergic to.

An allergy is a word the person uses: a medicine, a brand, a group ('sulfa'), or something medtrack knows
nothing of (latex), which is then said to be not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from medtrack.domain.person import RULED_OUT

from .facts import AllergyRule, Ingredient
from .findings import Finding, Medicine, advice, rank
from .naming import Reading, name_key, read_name
from .pack import Pack

_NOT_BEFORE = (
    "Do not take it before your doctor or pharmacist has cleared it."
    " Swelling of the face or trouble breathing is an emergency: 999, 911 or 112."
)


_KIND = "It is one of what the allergy is to ({{{name}}})."
_EVERY = "all:"
"""Before a selector in the pack: a word that people use for a whole kind of medicines."""


class Allergy(NamedTuple):
    """What somebody is allergic to, and what that was taken for."""

    substance: str
    """As the person said it."""
    ingredients: tuple[str, ...]
    selectors: frozenset[str]
    """What the rules may call it."""
    reading: Reading | None
    note: str = ""
    """Why it was not checked, where medtrack knows that it cannot be."""
    is_severe: bool = False
    """Whether the reaction was severe: what is related is then no question for the first dose."""
    certainty: str | None = None
    """How sure it is: one of `person.CERTAINTIES`."""
    every: str = ""
    """What the word names as a whole, 'cephalosporins': every medicine of it is what the allergy is to."""

    @property
    def is_known(self) -> bool:
        """Whether medicines can be held against it."""
        return bool(self.selectors)


def read_allergy(
    pack: Pack,
    substance: str,
    country: str | None = None,
    severity: str | None = None,
    certainty: str | None = None,
) -> Allergy:
    """What a word for an allergy stands for; how bad the reaction was and how sure it is, where known."""
    return _read(pack, substance, country)._replace(is_severe=severity == "severe", certainty=certainty)


def _read(pack: Pack, substance: str, country: str | None) -> Allergy:
    word = pack.substance(name_key(substance))
    if word is not None:
        means, note = word
        if means == "nothing":
            return Allergy(substance, (), frozenset(), None, note)
        every = means.removeprefix(_EVERY)
        return Allergy(substance, (), frozenset({every}), None, every="" if every == means else every)
    reading = read_name(pack, substance, country)
    names: set[str] = set()
    for name in reading.ingredients:
        names.update(_called(pack.ingredient(name)))
    return Allergy(substance, reading.ingredients, frozenset(names), reading)


def _called(ingredient: Ingredient) -> Iterable[str]:
    yield f"ingredient:{ingredient.name}"
    yield from (f"class:{name}" for name in ingredient.classes)
    yield from (f"group:{name}" for name in ingredient.allergy_groups)


def allergy_findings(
    pack: Pack, medicines: Sequence[Medicine], allergies: Sequence[Allergy]
) -> list[Finding]:
    """Every medicine that holds, or is related to, what the person is allergic to.

    What was ruled out is no finding: `ruled_out` tells it.
    """
    known = [each for each in allergies if each.is_known and each.certainty != RULED_OUT]
    if not known:
        return []
    rules = list(pack.allergy_rules)
    found = []
    for medicine in medicines:
        for allergy in known:
            worst = _worst(pack, medicine, allergy, rules)
            if worst is not None:
                found.append(worst)
    return found


def ruled_out(
    pack: Pack, medicines: Sequence[Medicine], allergies: Sequence[Allergy]
) -> list[tuple[Allergy, list[str]]]:
    """The allergies that were ruled out, each with the medicines a check would have spoken of."""
    found = []
    for allergy in (each for each in allergies if each.certainty == RULED_OUT):
        rules = list(pack.allergy_rules) if allergy.is_known else []
        labels = [each.label for each in medicines if _worst(pack, each, allergy, rules) is not None]
        found.append((allergy, labels))
    return found


def _worst(pack: Pack, medicine: Medicine, allergy: Allergy, rules: Sequence[AllergyRule]) -> Finding | None:
    found = []
    for name in medicine.ingredients:
        if name in allergy.ingredients:
            found.append(_holds_it(pack, medicine, allergy, name))
            continue
        called = set(_called(pack.ingredient(name)))
        if allergy.every in called:
            whole = next((rule for rule in rules if _is_of_one_kind(rule, allergy.every)), None)
            found.append(
                _holds_it(pack, medicine, allergy, name)
                if whole is None
                else _related(medicine, allergy, name, whole._replace(severity="contraindicated"))
            )
            continue
        found += [
            _related(medicine, allergy, name, rule)
            for rule in rules
            if rule.result != "none"
            and rule.medicine in called
            and rule.except_medicine not in called
            and rule.allergic_to in allergy.selectors
        ]
    worst = min(found, key=lambda each: (rank(each.severity), each.key), default=None)
    if worst is not None and allergy.certainty == "suspected":
        return worst._replace(effect=f"{worst.effect} The allergy is suspected, not confirmed.")
    return worst


def _is_of_one_kind(rule: AllergyRule, kind: str) -> bool:
    return rule.result == "conflict" and rule.allergic_to == rule.medicine == kind


def _holds_it(pack: Pack, medicine: Medicine, allergy: Allergy, name: str) -> Finding:
    return Finding(
        "allergy",
        "contraindicated",
        medicine.label,
        allergy.substance,
        f"It holds what the allergy is to ({{{name}}})." if not allergy.every else _KIND.format(name=name),
        _NOT_BEFORE,
        "the allergy as it was written down; the ingredients on the packet",
        pack.date.isoformat(),
        f"allergy:{name}:{name_key(allergy.substance)}",
        labels=(medicine.label,),
    )


def _related(medicine: Medicine, allergy: Allergy, name: str, rule: AllergyRule) -> Finding:
    if allergy.is_severe and rule.result == "caution":
        what = f"{rule.what_can_happen} The reaction was severe, so it may not suit you at all."
        rule = rule._replace(severity="major", what_can_happen=what, what_to_do=_NOT_BEFORE)
    what_to_do = rule.what_to_do
    if rule.severity not in ("contraindicated", "major"):
        what_to_do = advice(rule.severity, rule.what_to_do)
    return Finding(
        "allergy",
        rule.severity,
        medicine.label,
        allergy.substance,
        rule.what_can_happen,
        what_to_do,
        rule.source,
        rule.source_date,
        f"{rule.id}:{name}:{name_key(allergy.substance)}",
        is_compared=rule.checked != "no",
        labels=(medicine.label,),
    )
