"""Pairs of medicines that do not go together, or not at the same time.

Of one pair of medicines and one kind of worry one finding is told: the worst rule gives the severity, and
among rules of that severity the most specific gives the words, since a rule about two ingredients knows
more than one about two classes. A rule may except a class, and holds in both directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .facts import Ingredient, Rule
from .findings import APART, Finding, Medicine, advice, pair, rank
from .pack import Pack, selectors


def interactions(pack: Pack, medicines: Sequence[Medicine]) -> list[Finding]:
    """What every two of the medicines do to each other; the ingredients of one product are left alone."""
    found = []
    for one, other in combinations(medicines, 2):
        found += _between(pack, *pair(one, other))
    return found


def _between(pack: Pack, one: Medicine, other: Medicine) -> list[Finding]:
    chosen: dict[str, Rule] = {}
    for left in _reaching(pack, one):
        for right in _reaching(pack, other):
            # What both hold is a duplicate, whatever its class does to others of the class.
            if left.name == right.name:
                continue
            for rule in rules_of(pack, left, right):
                if pack.kind_of(rule) is not None:
                    continue
                family = pack.effect(rule.effect).family
                known = chosen.get(family)
                if known is None or _order(rule) < _order(known):
                    chosen[family] = rule
    return [_finding(pack, one, other, rule) for rule in _without_echoes(chosen)]


def rules_of(pack: Pack, left: Ingredient, right: Ingredient) -> list[Rule]:
    """The rules that hold for two ingredients, with their exceptions applied."""
    return [
        rule
        for rule, _ in pack.rules_between(selectors(left), selectors(right))
        if rule.except_class not in left.classes and rule.except_class not in right.classes
    ]


def _reaching(pack: Pack, medicine: Medicine) -> list[Ingredient]:
    """The ingredients that reach the whole body; of a cream or eye drop few do."""
    known = [pack.ingredient(name) for name in medicine.ingredients]
    return [each for each in known if each.acts_through_skin or not medicine.reading.is_local]


def _order(rule: Rule) -> tuple[int, int, str]:
    return rank(rule.severity), rule.breadth, rule.id


def _without_echoes(chosen: dict[str, Rule]) -> list[Rule]:
    """Without the worry about a level that only says why the other, named one comes about."""
    named = [rule for family, rule in chosen.items() if family != "level"]
    level = chosen.get("level")
    if level is not None and not any(rank(rule.severity) <= rank(level.severity) for rule in named):
        named.append(level)
    return named


def _finding(pack: Pack, one: Medicine, other: Medicine, rule: Rule) -> Finding:
    effect = pack.effect(rule.effect)
    what_to_do = advice(rule.severity, rule.what_to_do)
    if rule.hours_apart and rank(rule.severity) >= rank("moderate"):
        what_to_do = f"{APART} {rule.what_to_do}"
    return Finding(
        "interaction",
        rule.severity,
        one.label,
        other.label,
        effect.what_can_happen,
        what_to_do,
        rule.source,
        rule.source_date,
        f"{rule.id}:{'+'.join(sorted({*one.ingredients} | {*other.ingredients}))}",
        effect.watch_for,
        rule.hours_apart,
        effect.family,
        rule.checked != "no",
        (one.label, other.label),
    )
