"""One check: every finding about what is taken, or may be, in the order of what matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .allergies import Allergy, allergy_findings, ruled_out
from .conditions import KnownCondition, condition_findings
from .duplicates import duplicates
from .findings import Finding, Medicine, in_order
from .interactions import interactions
from .pack import Pack
from .stacks import stacks


class Checked(NamedTuple):
    """What was found, and what it was found about."""

    findings: list[Finding]
    known: list[Medicine]
    unknown: list[Medicine]
    """Whose names were not recognised: nothing is known about them."""
    ruled_out: Sequence[tuple[Allergy, list[str]]] = ()
    """The allergies that were ruled out, each with the medicines that it would speak of."""


def check(
    pack: Pack,
    medicines: Sequence[Medicine],
    allergies: Sequence[Allergy] = (),
    age: int | None = None,
    limits: Sequence[Finding] = (),
    country: str | None = None,
    conditions: Sequence[KnownCondition] = (),
) -> Checked:
    """Hold medicines against each other and what is known of the person; `limits` are found elsewhere.

    The sentences name ingredients as people of the country know them.
    """
    known = [each for each in medicines if each.reading.is_known]
    apart, owners = _apart(known)
    pairs = interactions(pack, apart) + duplicates(pack, apart)
    found = [
        *pairs,
        *allergy_findings(pack, apart, allergies),
        *condition_findings(pack, apart, conditions),
        *stacks(pack, apart, pairs, age),
    ]
    found = [
        *(each._replace(labels=_owned(each.labels, owners)) if owners else each for each in found),
        *limits,
    ]
    spoken = [
        each._replace(
            effect=pack.spoken(each.effect, country), what_to_do=pack.spoken(each.what_to_do, country)
        )
        for each in found
    ]
    out = [(allergy, [*_owned(labels, owners)]) for allergy, labels in ruled_out(pack, apart, allergies)]
    return Checked(in_order(spoken), known, [each for each in medicines if not each.reading.is_known], out)


def _apart(medicines: Sequence[Medicine]) -> tuple[list[Medicine], dict[str, str]]:
    """Medicines written down in one breath as the several they are, and by what name each is known."""
    found: list[Medicine] = []
    owners: dict[str, str] = {}
    for each in medicines:
        several = [Medicine(f"{part.typed} (in {each.label})", part) for part in each.reading.parts]
        owners |= {part.label: each.label for part in several}
        found += several or [each]
    return found, owners


def _owned(labels: Sequence[str], owners: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owners.get(label, label) for label in labels))
