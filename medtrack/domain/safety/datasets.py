"""Data a person brought along: pairs graded by somebody else, and names that the pack does not know.

What is in a data set is told beside the project's own rules, under its name, its version and its holes. A
pair that the pack tells of already, no less bad, is told once, with both sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple, Protocol

from .facts import SEVERITIES
from .findings import Finding, Medicine, advice, pair, rank
from .naming import forms_of
from .pack import Pack


class About(NamedTuple):
    """What a data set is."""

    name: str
    """ansm, ddinter, rxnorm or ndc."""
    title: str
    version: str
    """As its files say it; empty where they do not."""
    licence: str
    imported_on: date
    rows: int
    holes: tuple[str, ...]
    """What it leaves out, in whole sentences."""


class Pairing(NamedTuple):
    """That a data set names two medicines together."""

    severity: str
    level: str
    """In the words of the data set."""
    words: str
    is_sure: bool
    """False where it depends on doses or uses that the data set names."""


class PairSet(Protocol):
    """A data set of pairs."""

    @property
    def about(self) -> About:
        """What it is."""

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether one of some names is in it."""

    def pairings(self, some: Iterable[str], others: Iterable[str]) -> list[Pairing]:
        """What it says of two medicines, each by all of its names."""


class Held(NamedTuple):
    """One data set held against some medicines."""

    about: About
    inside: list[str]
    """The medicines it knows, as the person named them."""
    outside: list[str]


def hold(
    pack: Pack, sets: Sequence[PairSet], medicines: Sequence[Medicine], found: Sequence[Finding]
) -> tuple[list[Finding], list[Held]]:
    """The findings with those of the data sets, and which medicines each of them knows.

    A medicine that the pack does not know may be in a data set by the name it was typed with.
    """
    findings = list(found)
    held: list[Held] = []
    if not sets:
        return findings, held
    names = {each: _names(pack, each) for each in medicines}
    for one in sets:
        inside = [each for each in medicines if any(one.knows(keys) for keys in names[each].values())]
        for left, right in combinations(inside, 2):
            first, second = pair(left, right)
            best = _worst(one, names[first], names[second])
            if best is not None:
                findings = _told(findings, one.about, first, second, best)
        known = [each.label for each in inside]
        outside = [each.label for each in medicines if each not in inside]
        held.append(Held(one.about, known, outside))
    return findings, held


def _names(pack: Pack, medicine: Medicine) -> dict[str, tuple[str, ...]]:
    """Every name of each ingredient; of a medicine that is not known, what was typed, and less of it."""
    if medicine.reading.is_known:
        return {name: pack.all_names(name) for name in medicine.ingredients}
    return {medicine.label: tuple(forms_of(pack, medicine.label))}


def _worst(
    one: PairSet, some: dict[str, tuple[str, ...]], others: dict[str, tuple[str, ...]]
) -> Pairing | None:
    found = [
        pairing
        for name, keys in some.items()
        for other, more in others.items()
        if name != other
        for pairing in one.pairings(keys, more)
    ]
    return min(found, key=lambda each: (SEVERITIES.index(each.severity), not each.is_sure), default=None)


def _told(
    findings: list[Finding], about: About, first: Medicine, second: Medicine, pairing: Pairing
) -> list[Finding]:
    labels = (first.label, second.label)
    source = " ".join(part for part in (about.title, about.version) if part)
    for number, each in enumerate(findings):
        told = each.kind in ("interaction", "duplicate") and each.labels == labels
        if told and rank(each.severity) <= rank(pairing.severity):
            also = each._replace(source=f"{each.source}; {source} ({pairing.level})", is_compared=True)
            return [*findings[:number], also, *findings[number + 1 :]]
    grade = f"{about.title} lists the two together: {pairing.level}."
    depends = "" if pairing.is_sure else " Which of them holds depends on the dose or the use."
    words = f" {pairing.words}" if pairing.words else ""
    finding = Finding(
        "interaction",
        pairing.severity,
        *labels,
        f"{grade}{depends}{words}",
        advice(pairing.severity, "Show them this line."),
        source,
        about.imported_on.isoformat(),
        f"{about.name}:{'+'.join(sorted({*_parts(first)} | {*_parts(second)}))}",
        family=about.name,
        labels=labels,
    )
    return [*findings, finding]


def _parts(medicine: Medicine) -> tuple[str, ...]:
    return medicine.ingredients or (medicine.label.casefold(),)
