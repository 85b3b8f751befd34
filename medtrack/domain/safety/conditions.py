"""Medicines that do not go with what the person has: kidney disease, asthma, a pregnancy.

A condition is a word the person uses. It is read by the phrases of it that are known ('severe asthma' is
asthma), or by a kidney value; what was read is always said. A condition that no fact is known of is said to
be not checked. Nothing here knows how bad a condition is, but for the kidneys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from .facts import ConditionRule
from .findings import LEADS_ALONE, Finding, Medicine, rank
from .naming import name_key
from .pack import Pack, selectors

_FILTRATION = re.compile(
    r"\b(?:e?gfr|creatinine clearance|cr ?cl|cl ?cr)\b\D{0,12}(\d{1,3}(?:\.\d+)?)\b", re.IGNORECASE
)
"""The clearance of creatinine, on which labels dose, is read by the same stages as the eGFR."""
_STAGES = ((Fraction(30), "kidney_severe"), (Fraction(60), "kidney"))
"""Below so many ml/min/1.73 m2 (KDIGO 2024: G4 and worse, G3)."""
_DENIED = re.compile(r"\b(no|not|without|never|mother|father|sister|brother|family)\b")
"""Words beside which a condition is somebody else's, or absent: nothing is read then."""


class KnownCondition(NamedTuple):
    """What somebody has, and what that was taken for."""

    name: str
    """As the person said it."""
    means: tuple[str, ...]
    """What the rules call it, with what it includes; nothing where no rule knows it."""
    titles: tuple[str, ...]
    """What it was taken for, in words for people."""

    @property
    def is_known(self) -> bool:
        """Whether medicines can be held against it."""
        return bool(self.means)


def read_condition(pack: Pack, name: str, note: str | None = None) -> KnownCondition:
    """What a word for a condition stands for; a kidney value or a stage may stand in the note."""
    if is_denied(name):
        return KnownCondition(name, (), ())
    found = _named(pack, name_key(name))
    value = _FILTRATION.search(f"{name} {note or ''}")
    if value is not None:
        found += [means for most, means in _STAGES if Fraction(value[1]) < most][:1]
    elif note is not None and "kidney" in found:
        found += [each for each in _named(pack, name_key(f"kidney disease {note}")) if each not in found]
    found = [each for each in dict.fromkeys(found) if not _is_told(pack, each, found)]
    means = [*found, *(other for each in found for other in pack.condition(each).includes)]
    return KnownCondition(
        name, tuple(dict.fromkeys(means)), tuple(pack.condition(each).title for each in found)
    )


def is_denied(text: str) -> bool:
    """Whether a condition in a text may be somebody else's, or absent: 'no diabetes', 'mother: asthma'."""
    return _DENIED.search(name_key(text)) is not None


def _named(pack: Pack, key: str) -> list[str]:
    """The conditions whose words stand in a text, longest first: 'kidney stones' is no 'kidney disease'."""
    found: list[str] = []
    for word, means in pack.condition_words:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", key):
            key = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", key)
            found += means
    return found


def _is_told(pack: Pack, one: str, others: Sequence[str]) -> bool:
    return any(one in pack.condition(other).includes for other in others)


def condition_findings(
    pack: Pack, medicines: Sequence[Medicine], conditions: Sequence[KnownCondition]
) -> list[Finding]:
    """The worst about each medicine and each condition; of creams and drops only what acts further."""
    found = []
    for condition in conditions:
        rules = [rule for rule in pack.condition_rules if rule.condition in condition.means]
        for medicine in medicines if rules else ():
            worst = _worst(pack, medicine, condition, rules)
            if worst is not None:
                found.append(worst)
    return found


def _worst(
    pack: Pack, medicine: Medicine, condition: KnownCondition, rules: Sequence[ConditionRule]
) -> Finding | None:
    found = []
    for name in medicine.ingredients:
        ingredient = pack.ingredient(name)
        if medicine.reading.is_local and not ingredient.acts_through_skin:
            continue
        called = selectors(ingredient)
        found += [
            _finding(medicine, condition, name, rule)
            for rule in rules
            if rule.medicine in called and rule.except_medicine not in called
        ]
    return min(found, key=lambda each: (rank(each.severity), each.key), default=None)


def _finding(medicine: Medicine, condition: KnownCondition, name: str, rule: ConditionRule) -> Finding:
    return Finding(
        "condition",
        rule.severity,
        medicine.label,
        condition.name,
        rule.what_can_happen,
        f"{LEADS_ALONE[rule.severity]} {rule.what_to_do}",
        rule.source,
        rule.source_date,
        f"{rule.id}:{name}:{name_key(condition.name)}",
        family="condition",
        is_compared=rule.checked != "no",
        labels=(medicine.label,),
    )
