"""The names of RxNorm (NLM), from RXNCONSO.RRF and RXNREL.RRF of a release, full or prescribable.

Lines of cells that end in `|`. A concept is kept where the source is RxNorm itself and it is not suppressed.
Relations are stored in both directions, so they are read without one: what is related is told from the
kinds of the two ends (a brand name and an ingredient), and only for relations that lead to ingredients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from medtrack.errors import ImportRefused

_CONCEPT_CELLS, _RELATION_CELLS = 19, 17
KINDS = ("IN", "PIN", "MIN", "BN", "SCDC", "SBD", "SCD")
"""Ingredient, precise ingredient, several ingredients, brand, component, branded drug, clinical drug."""
_MOST_CONCEPTS = 1_000_000
_SYNONYMS = ("SY", "TMSY", "PSN")
LEADS_TO = {"PIN": "IN", "MIN": "IN", "BN": "IN", "SCDC": "IN", "SBD": "BN", "SCD": "SCDC"}
"""By which kind of neighbour a concept's ingredients are found."""
_RELATIONS = frozenset(
    [
        "has_ingredient", "ingredient_of", "has_ingredients", "ingredients_of", "tradename_of",
        "has_tradename", "form_of", "has_form", "part_of", "has_part", "consists_of", "constitutes",
        "precise_ingredient_of", "has_precise_ingredient",
    ]
)  # fmt: skip


class Concept(NamedTuple):
    """A name of a concept."""

    number: int
    """The RXCUI."""
    kind: str
    """One of KINDS; empty for a further name of a concept."""
    name: str


def concepts(lines: Iterable[str], file: str) -> Iterator[Concept]:
    """The names of RXNCONSO.RRF that are of use. Raises ImportRefused with the line that is none."""
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("|")
        if len(cells) != _CONCEPT_CELLS or not cells[0].isdecimal():
            raise ImportRefused(what=f"line {number} of {file} is no line of RXNCONSO.RRF.")
        if cells[11] != "RXNORM" or cells[16] not in ("N", "") or cells[1] != "ENG":
            continue
        if cells[12] in KINDS:
            yield Concept(int(cells[0]), cells[12], cells[14])
        elif cells[12] in _SYNONYMS:
            yield Concept(int(cells[0]), "", cells[14])


def relations(lines: Iterable[str], file: str) -> Iterator[tuple[int, int]]:
    """The pairs of concepts of RXNREL.RRF that may lead to ingredients. Raises ImportRefused."""
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("|")
        if len(cells) != _RELATION_CELLS:
            raise ImportRefused(what=f"line {number} of {file} is no line of RXNREL.RRF.")
        # Relations between atoms have no concept on their sides.
        if cells[7] in _RELATIONS and cells[0].isdecimal() and cells[4].isdecimal():
            yield int(cells[0]), int(cells[4])


def names(
    found: Iterable[Concept], related: Iterable[tuple[int, int]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name of a concept with the names of its ingredients. Raises ImportRefused for too many.

    In memory are the concepts and what leads from one to the next: of the full release some hundred
    thousand.
    """
    kinds: dict[int, str] = {}
    called: dict[int, list[str]] = {}
    for concept in found:
        if concept.kind:
            kinds[concept.number] = concept.kind
            called.setdefault(concept.number, []).insert(0, concept.name)
        else:
            called.setdefault(concept.number, []).append(concept.name)
        if len(called) > _MOST_CONCEPTS:
            raise ImportRefused(what=f"it holds more than {_MOST_CONCEPTS:,} concepts, as no release does.")
    leads: dict[int, set[int]] = {}
    for one, other in related:
        for start, end in ((one, other), (other, one)):
            if LEADS_TO.get(kinds.get(start, ""), "-") == kinds.get(end):
                leads.setdefault(start, set()).add(end)
    for number, kind in kinds.items():
        reached = {number}
        while reached and kind != "IN":
            reached = {end for start in reached for end in leads.get(start, ())}
            kind = LEADS_TO[kind]
        held = tuple(sorted(called[end][0] for end in reached))
        for name in dict.fromkeys(called[number]) if held else ():
            yield name, held


def edition(file: str) -> str:
    """The day in the name of a release, `RxNorm_full_10052026.zip`, as ISO 8601 has it; else empty."""
    found = re.search(r"(?<!\d)(\d\d)(\d\d)(20\d\d)(?!\d)", file)
    return f"{found[3]}-{found[1]}-{found[2]}" if found and int(found[1]) <= 12 else ""
