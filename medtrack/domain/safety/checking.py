"""One check: every finding about what is taken, or may be, in the order of what matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .allergies import Allergy, allergy_findings
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
    pairs = interactions(pack, known) + duplicates(pack, known)
    found = [
        *pairs,
        *allergy_findings(pack, known, allergies),
        *condition_findings(pack, known, conditions),
        *stacks(pack, known, pairs, age),
        *limits,
    ]
    spoken = [
        each._replace(
            effect=pack.spoken(each.effect, country), what_to_do=pack.spoken(each.what_to_do, country)
        )
        for each in found
    ]
    return Checked(in_order(spoken), known, [each for each in medicines if not each.reading.is_known])
