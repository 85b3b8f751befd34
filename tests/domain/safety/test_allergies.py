"""Allergies: what is written down is a word, and the word may mean a group, a medicine, or nothing known."""

from __future__ import annotations

from medtrack.domain.safety.allergies import allergy_findings, read_allergy, ruled_out
from medtrack.domain.safety.pack import Pack

from .conftest import medicine


def severity(pack: Pack, allergy: str, name: str) -> str | None:
    found = allergy_findings(pack, [medicine(pack, name)], [read_allergy(pack, allergy)])
    assert len(found) <= 1, "the worst of one allergy and one medicine"
    return found[0].severity if found else None


def test_what_holds_it_comes_before_what_is_related(pack: Pack) -> None:
    (found,) = allergy_findings(pack, [medicine(pack, "Augmentin")], [read_allergy(pack, "amoxicillin")])
    assert (found.severity, found.effect) == (
        "contraindicated",
        "It holds what the allergy is to ({amoxicillin}).",
    )


def test_side_chains_decide_among_penicillins_and_cephalosporins(pack: Pack) -> None:
    assert severity(pack, "amoxicillin", "cephalexin") == "major"
    assert severity(pack, "penicillin", "cephalexin") == "moderate"
    assert severity(pack, "penicillin", "cefazolin") == "minor"
    assert severity(pack, "penicillin", "aztreonam") is None
    assert severity(pack, "ceftazidime", "aztreonam") == "major"


def test_the_kin_of_aspirin_that_spare_the_stomach_are_asked_about(pack: Pack) -> None:
    assert severity(pack, "aspirin", "naproxen") == "contraindicated"
    assert severity(pack, "aspirin", "celecoxib") == "moderate"
    assert severity(pack, "celecoxib", "celecoxib") == "contraindicated"


def test_sulfa_is_not_sulfite_nor_sulfur(pack: Pack) -> None:
    assert severity(pack, "Sulfa drugs", "Septrin") == "contraindicated"
    assert severity(pack, "sulfa", "furosemide") == "minor"
    assert severity(pack, "sulfites", "Septrin") is None
    assert read_allergy(pack, "sulfites").note


def test_an_ester_is_no_amide(pack: Pack) -> None:
    assert severity(pack, "benzocaine", "lidocaine") is None
    assert severity(pack, "lidocaine", "lignocaine") == "contraindicated"


def test_what_no_rule_knows_is_not_known(pack: Pack) -> None:
    for word in ("latex", "lactose", "Xyzzyqol", "[bold]x"):
        assert not read_allergy(pack, word).is_known, word
    assert read_allergy(pack, "amoxicilin").reading.suggestions[0] == "amoxicillin"


def test_a_word_is_read_whatever_its_case(pack: Pack) -> None:
    assert severity(pack, "PENICILLINS", "flucloxacillin") == "contraindicated"


def test_what_is_related_is_worse_after_a_severe_reaction(pack: Pack) -> None:
    some = [medicine(pack, "cephalexin"), medicine(pack, "amoxicillin")]
    for severity, expected in ((None, "moderate"), ("mild", "moderate"), ("severe", "major")):
        (found,) = allergy_findings(pack, some[:1], [read_allergy(pack, "penicillin G", None, severity)])
        assert found.severity == expected
        assert ("was severe" in found.effect) == (severity == "severe")


def test_a_suspected_allergy_counts_and_says_so(pack: Pack) -> None:
    (found,) = allergy_findings(
        pack, [medicine(pack, "amoxicillin")], [read_allergy(pack, "penicillin", certainty="suspected")]
    )
    assert found.severity == "contraindicated"
    assert found.effect.endswith(" The allergy is suspected, not confirmed.")


def test_a_ruled_out_allergy_is_no_finding_and_is_told(pack: Pack) -> None:
    some = [medicine(pack, "amoxicillin"), medicine(pack, "metformin")]
    allergies = [
        read_allergy(pack, "penicillin", certainty="ruled-out"),
        read_allergy(pack, "latex", certainty="ruled-out"),
        read_allergy(pack, "sulfa", certainty="confirmed"),
    ]
    assert allergy_findings(pack, some, allergies) == []
    assert [(each.substance, labels) for each, labels in ruled_out(pack, some, allergies)] == [
        ("penicillin", ["amoxicillin"]),
        ("latex", []),
    ]
