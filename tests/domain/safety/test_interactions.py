"""Pairs that do not go together: class-aware, with exceptions, in both directions, once for each worry."""

from __future__ import annotations

import pytest

from medtrack.domain.safety.findings import Finding, Medicine
from medtrack.domain.safety.interactions import interactions
from medtrack.domain.safety.naming import Reading
from medtrack.domain.safety.pack import Pack

from .conftest import medicine, small_pack


def found(pack: Pack, *names: str) -> list[Finding]:
    return interactions(pack, [medicine(pack, name) for name in names])


def test_a_rule_holds_in_both_directions() -> None:
    pack = small_pack(
        {"x": ["left"], "y": ["right"]}, [("R1", "class:left", "class:right", "", "major", "harm")]
    )
    assert found(pack, "x", "y") == found(pack, "y", "x") != []


def test_an_exception_on_either_side_lifts_it() -> None:
    pack = small_pack(
        {"x": ["left"], "y": ["right"], "z": ["right", "mild"], "w": ["left", "mild"]},
        [("R1", "class:left", "class:right", "mild", "major", "harm")],
    )
    assert found(pack, "x", "y")
    assert not found(pack, "x", "z")
    assert not found(pack, "w", "y")


def test_the_most_specific_rule_has_the_words_and_the_worst_the_severity() -> None:
    pack = small_pack(
        {"x": ["left"], "y": ["right"]},
        [
            ("R1", "class:left", "class:right", "", "major", "harm"),
            ("R2", "ingredient:x", "class:right", "", "major", "harm"),
            ("R3", "ingredient:x", "ingredient:y", "", "moderate", "harm"),
        ],
    )
    (only,) = found(pack, "x", "y")
    assert only.severity == "major"
    assert "Do R2." in only.what_to_do


def test_each_worry_of_a_pair_is_told_once_and_a_mere_level_not_beside_it() -> None:
    pack = small_pack(
        {"x": ["left"], "y": ["right"]},
        [
            ("R1", "class:left", "class:right", "", "major", "harm"),
            ("R2", "class:left", "class:right", "", "moderate", "sleep"),
            ("R3", "class:left", "class:right", "", "major", "level_rise"),
        ],
    )
    assert [(each.family, each.severity) for each in found(pack, "x", "y")] == [
        ("harm", "major"),
        ("sleep", "moderate"),
    ]


def test_a_level_is_told_where_it_is_the_worst() -> None:
    pack = small_pack(
        {"x": ["left"], "y": ["right"]},
        [
            ("R1", "class:left", "class:right", "", "moderate", "harm"),
            ("R3", "class:left", "class:right", "", "major", "level_rise"),
        ],
    )
    assert {each.severity for each in found(pack, "x", "y")} == {"major", "moderate"}


def test_what_is_in_one_product_is_left_alone(pack: Pack) -> None:
    assert found(pack, "Suboxone") == []
    assert found(pack, "Vimovo", "metformin") == []


def test_a_cream_reaches_little_and_a_patch_all(pack: Pack) -> None:
    assert found(pack, "ketoconazole cream", "simvastatin") == []
    assert found(pack, "ketoconazole", "simvastatin")
    assert found(pack, "miconazole oral gel", "warfarin")


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        # MAO-B inhibitors: forbidden with meperidine, to be asked about with antidepressants, meant with levodopa.
        ("rasagiline", "meperidine", "contraindicated"),
        ("rasagiline", "sertraline", "major"),
        ("rasagiline", "levodopa", None),
        ("phenelzine", "levodopa", "major"),
        # Clozapine and quetiapine are the antipsychotics of Parkinson's disease.
        ("levodopa", "haloperidol", "major"),
        ("levodopa", "quetiapine", None),
        # A hormonal coil is not affected by enzyme inducers, the pill is.
        ("Mirena", "carbamazepine", None),
        ("Microgynon", "carbamazepine", "major"),
        # Rifaximin stays in the gut.
        ("Microgynon", "rifaximin", None),
        ("Microgynon", "rifampicin", "major"),
    ],
)
def test_exceptions_of_the_pack(pack: Pack, one: str, other: str, severity: str | None) -> None:
    severities = [each.severity for each in found(pack, one, other) if each.severity != "minor"]
    assert severities[:1] == ([severity] if severity else [])


def test_timing_changes_the_advice_and_does_not_shout(pack: Pack) -> None:
    (timing,) = found(pack, "levothyroxine", "calcium carbonate")
    assert timing.hours_apart == "4"
    assert timing.severity == "moderate"
    assert timing.what_to_do == "Do not take them at the same time. Take them 4 hours apart."


def test_a_name_that_was_not_read_has_no_findings(pack: Pack) -> None:
    assert interactions(pack, [medicine(pack, "warfarin"), Medicine("y", Reading("y", ()))]) == []
