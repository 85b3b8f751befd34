"""The same ingredient in two medicines, or two medicines of one kind.

Two of one kind are no finding where a rule speaks of just that pair (aspirin with clopidogrel after a
stent), and where they are meant to go together: a long-acting and a mealtime insulin are of two kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .facts import Ingredient, Rule
from .findings import Finding, Medicine, advice, pair, rank, worst
from .interactions import rules_of
from .pack import Pack

_SOURCE = "the ingredients on the packets"


def duplicates(pack: Pack, medicines: Sequence[Medicine]) -> list[Finding]:
    """What two of the medicines have in common."""
    found = []
    for one, other in combinations(medicines, 2):
        found += _between(pack, *pair(one, other))
    return found


def _between(pack: Pack, one: Medicine, other: Medicine) -> list[Finding]:
    shared = [name for name in one.ingredients if name in other.ingredients]
    found = [_same_ingredient(pack, one, other, pack.ingredient(name)) for name in shared]
    groups: dict[str, Rule | None] = {}
    for left in map(pack.ingredient, one.ingredients):
        for right in map(pack.ingredient, other.ingredients):
            if left.name in shared or right.name in shared:
                continue
            common = [name for name in left.duplicate_groups if name in right.duplicate_groups]
            rules = rules_of(pack, left, right)
            within = {kind: rule for rule in rules if (kind := pack.kind_of(rule)) is not None}
            if not within and (not common or _is_told_of(pack, rules, common[0])):
                continue
            for kind, rule in within.items():
                groups.setdefault(kind, rule)
            if not within and common:
                groups.setdefault(common[0], None)
    return found + [_same_kind(pack, one, other, name, rule) for name, rule in _worst_only(pack, groups)]


def _is_told_of(pack: Pack, rules: Sequence[Rule], group: str) -> bool:
    """Whether a rule speaks of just this pair, or is no less bad: ACE inhibitor with sartan."""
    severity = pack.duplicate_severity(group) or "moderate"
    return any(rule.breadth < 2 or rank(rule.severity) <= rank(severity) for rule in rules)


def _worst_only(pack: Pack, groups: dict[str, Rule | None]) -> list[tuple[str, Rule | None]]:
    """Of nested kinds (opioids, sedating medicines) the one that matters most."""
    if not groups:
        return []
    name = min(groups, key=lambda each: (rank(_severity(pack, each, groups[each])), each))
    return [(name, groups[name])]


def _severity(pack: Pack, group: str, rule: Rule | None) -> str:
    return rule.severity if rule is not None else pack.duplicate_severity(group) or "moderate"


def _same_ingredient(pack: Pack, one: Medicine, other: Medicine, shared: Ingredient) -> Finding:
    severities = [pack.duplicate_severity(group) or "moderate" for group in shared.duplicate_groups]
    severity = worst(severities) if severities else "moderate"
    if one.reading.is_local or other.reading.is_local:
        severity = "minor"
    return Finding(
        "duplicate",
        severity,
        one.label,
        other.label,
        f"Both contain {{{shared.name}}}, so it adds up to more than each packet says.",
        advice(severity, f"Ask whether both are meant, and count {{{shared.name}}} from both."),
        _SOURCE,
        pack.date.isoformat(),
        f"same:{shared.name}:{'+'.join(sorted({*one.ingredients} | {*other.ingredients}))}",
        family="duplicate",
        labels=(one.label, other.label),
    )


def _same_kind(pack: Pack, one: Medicine, other: Medicine, group: str, rule: Rule | None) -> Finding:
    severity = _severity(pack, group, rule)
    effect = f"Both are {pack.title(group)}: their effects and side effects add up."
    watch_for = ""
    if rule is not None:
        worry = pack.effect(rule.effect)
        watch_for = worry.watch_for
        if worry.family != "duplicate":
            effect = f"Both are {pack.title(group)}. {worry.what_can_happen}"
    special = rule.what_to_do if rule is not None else "Ask whether both are meant."
    return Finding(
        "duplicate",
        severity,
        one.label,
        other.label,
        effect,
        advice(severity, special),
        rule.source if rule is not None else "FDA Established Pharmacologic Class 2019; class names",
        rule.source_date if rule is not None else "2019",
        f"kind:{group}:{'+'.join(sorted({*one.ingredients} | {*other.ingredients}))}",
        watch_for,
        family="duplicate",
        is_compared=rule is None or rule.checked != "no",
        labels=(one.label, other.label),
    )
