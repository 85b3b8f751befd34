"""The same ingredient twice, or two of one kind, but not what is meant to go together."""

from __future__ import annotations

import pytest

from medtrack.domain.safety.duplicates import duplicates
from medtrack.domain.safety.pack import Pack

from .conftest import medicine


def found(pack: Pack, *names: str) -> list[tuple[str, str]]:
    return [
        (each.severity, each.key.rsplit(":", 1)[0])
        for each in duplicates(pack, [medicine(pack, name, "US") for name in names])
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Tylenol", "Percocet", [("major", "same:acetaminophen")]),
        ("Zestril", "Prinivil", [("moderate", "same:lisinopril")]),
        ("Advil", "Aleve", [("major", "kind:nsaid")]),
        ("docusate", "senna", [("minor", "kind:laxative")]),
        ("insulin glargine", "insulin lispro", []),
        ("insulin glargine", "insulin degludec", [("major", "kind:insulin_basal")]),
        ("albuterol", "salmeterol", []),
        # A rule speaks of just that pair.
        ("aspirin", "clopidogrel", []),
        # ACE inhibitor with sartan is told as what it is, a rule.
        ("lisinopril", "losartan", []),
        ("lisinopril", "ramipril", [("moderate", "kind:ace_inhibitor")]),
        ("hydrocortisone cream", "Cortef", [("minor", "same:hydrocortisone")]),
    ],
)
def test_two_medicines(pack: Pack, one: str, other: str, expected: list[tuple[str, str]]) -> None:
    assert found(pack, one, other) == expected
    assert found(pack, other, one) == expected


def test_two_of_one_product_are_none(pack: Pack) -> None:
    assert found(pack, "Entresto") == []


def test_both_ingredients_of_a_product_are_told(pack: Pack) -> None:
    assert {key for _, key in found(pack, "NyQuil Cold & Flu", "Tylenol Cold + Flu Severe")} == {
        "same:acetaminophen",
        "same:dextromethorphan",
    }
