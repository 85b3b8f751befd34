"""Effects that add up over several medicines: drowsiness, bleeding, serotonin, potassium, heart rhythm.

Two of them are one finding about a pair, where a rule speaks of that pair; a stack is told where there
is no such rule, or from three medicines on. The findings about pairs stay beside it; what prints them may
fold them into it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .facts import Stack
from .findings import Finding, Medicine, advice, rank
from .pack import Pack, selectors

SENIOR = 65
"""From this age on, AGS Beers 2023 counts drowsy, drying and salt-losing medicines more strictly."""


def stacks(
    pack: Pack, medicines: Sequence[Medicine], pairs: Sequence[Finding], age: int | None = None
) -> list[Finding]:
    """The effects that add up over the medicines; `pairs` are the findings about two of them."""
    found = []
    for stack in pack.stacks:
        members = _members(pack, medicines, stack)
        count = _count(pack, members, stack)
        severity = _severity(stack, count, age)
        if severity is None:
            continue
        family = pack.effect(stack.effect).family
        labels = tuple(sorted({each.label for each in members}, key=str.casefold))
        if count == 2 and any(
            finding.family == family and set(finding.labels) <= set(labels) for finding in pairs
        ):
            continue
        found.append(_finding(pack, stack, labels, severity, count))
    return found


def effects_of(pack: Pack, ingredient: str) -> list[Stack]:
    """The effects of an ingredient that add up with others like it; not those of certain kinds together."""
    own = selectors(pack.ingredient(ingredient))
    return [stack for stack in pack.stacks if len(stack.members) == 1 and stack.members[0] in own]


def _members(pack: Pack, medicines: Sequence[Medicine], stack: Stack) -> list[Medicine]:
    def is_one(medicine: Medicine, member: str) -> bool:
        if medicine.reading.is_local:
            return False
        return any(member in selectors(pack.ingredient(name)) for name in medicine.ingredients)

    by_member = [[each for each in medicines if is_one(each, member)] for member in stack.members]
    if len(stack.members) > 1 and not all(by_member):
        return []
    together: list[Medicine] = []
    for some in by_member:
        together += [each for each in some if each not in together]
    return together


def _count(pack: Pack, members: Sequence[Medicine], stack: Stack) -> int:
    """How many there are: the same ingredient twice is one, and so is one product with two of them."""
    names = {
        name
        for medicine in members
        for name in medicine.ingredients
        if set(stack.members) & set(selectors(pack.ingredient(name)))
    }
    return min(len(members), len(names))


def _severity(stack: Stack, count: int, age: int | None) -> str | None:
    found = []
    if count >= stack.at_least:
        found.append(stack.severity)
    if count >= stack.many:
        found.append(stack.severity_of_many)
    if stack.at_least_65 and age is not None and age >= SENIOR and count >= stack.at_least_65:
        found.append(stack.severity_65)
    return min(found, key=rank, default=None)


def _finding(pack: Pack, stack: Stack, labels: tuple[str, ...], severity: str, count: int) -> Finding:
    effect = pack.effect(stack.effect)
    several = f"{count} {stack.title}" if len(stack.members) == 1 else f"Together: {stack.title}"
    return Finding(
        "stack",
        severity,
        labels[0],
        ", ".join(labels[1:]) or None,
        f"{several}. {effect.what_can_happen}",
        advice(severity, stack.what_to_do),
        stack.source,
        stack.source_date,
        f"stack:{stack.name}:{'+'.join(labels)}",
        effect.watch_for,
        family=effect.family,
        labels=labels,
    )
