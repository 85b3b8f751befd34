"""Conditions: words people use, read aloud, and medicines held against what is known of them."""

from __future__ import annotations

import pytest

from medtrack.domain.safety.checking import check
from medtrack.domain.safety.conditions import condition_findings, read_condition
from medtrack.domain.safety.pack import Pack

from .conftest import medicine


def severity(pack: Pack, condition: str, name: str, note: str | None = None) -> str | None:
    found = condition_findings(pack, [medicine(pack, name)], [read_condition(pack, condition, note)])
    assert len(found) <= 1, "the worst of one condition and one medicine"
    return found[0].severity if found else None


@pytest.mark.parametrize(
    ("name", "note", "means"),
    [
        ("severe asthma", None, ("asthma",)),
        ("Pregnant", None, ("pregnancy",)),
        ("trying for a baby", None, ("pregnancy",)),
        ("eGFR 25", None, ("kidney_severe", "kidney")),
        ("eGFR: 29.9 ml/min", None, ("kidney_severe", "kidney")),
        ("eGFR 30", None, ("kidney",)),
        ("eGFR 75", None, ()),
        ("kidney disease", None, ("kidney",)),
        ("kidney disease", "stage 4", ("kidney_severe", "kidney")),
        ("kidney disease", "eGFR 28 in May", ("kidney_severe", "kidney")),
        ("CKD stage 3b", None, ("kidney",)),
        ("kidney stones", None, ("kidney_stones",)),
        ("Crohn's", None, ("bowel_inflammation",)),
        ("Lewy body dementia", None, ("parkinson", "dementia")),
        ("narrow-angle glaucoma", None, ("glaucoma_closed", "glaucoma")),
        ("no asthma", None, ()),
        ("mother had a stroke", None, ()),
        ("depression", None, ()),
        ("pregnancyish", None, ()),
        ("$(reboot) <b>", None, ()),
    ],
)
def test_words_for_conditions(pack: Pack, name: str, note: str | None, means: tuple[str, ...]) -> None:
    assert read_condition(pack, name, note).means == means


@pytest.mark.parametrize(
    ("condition", "name", "expected"),
    [
        ("pregnancy", "lisinopril", "contraindicated"),
        ("pregnancy", "Entresto", "contraindicated"),
        ("pregnancy", "Epilim", "contraindicated"),
        ("pregnancy", "Accutane", "contraindicated"),
        ("pregnancy", "warfarin", "contraindicated"),
        ("pregnancy", "ibuprofen", "major"),
        ("pregnancy", "paracetamol", None),
        ("pregnancy", "Imodium", None),
        ("asthma", "propranolol", "contraindicated"),
        ("asthma", "timolol eye drops", "contraindicated"),
        ("asthma", "bisoprolol", "major"),
        ("asthma", "paracetamol", None),
        ("heart failure", "Nurofen", "major"),
        ("heart failure", "hydrocortisone cream", None),
        ("eGFR 25", "metformin", "contraindicated"),
        ("eGFR 45", "metformin", "moderate"),
        ("kidney disease", "diclofenac", "major"),
        ("stomach ulcer", "ketorolac", "contraindicated"),
        ("stomach ulcer", "Aspirin", "major"),
        ("epilepsy", "Wellbutrin", "contraindicated"),
        ("Parkinson's", "metoclopramide", "major"),
        ("Parkinson's", "quetiapine", None),
        ("migraine with aura", "Microgynon", "contraindicated"),
        ("gout", "paracetamol", None),
    ],
)
def test_medicines_and_conditions(pack: Pack, condition: str, name: str, expected: str | None) -> None:
    assert severity(pack, condition, name) == expected


def test_a_finding_about_a_condition_says_what_it_is_about(pack: Pack) -> None:
    found = check(
        pack, [medicine(pack, "ibuprofen")], conditions=[read_condition(pack, "stomach ulcer")], country="GB"
    ).findings
    assert [(each.kind, each.a, each.b, each.labels) for each in found] == [
        ("condition", "ibuprofen", "stomach ulcer", ("ibuprofen",))
    ]
    assert "paracetamol is often named" in found[0].what_to_do
    assert found[0].what_to_do.startswith("Call your pharmacist before the next dose.")


@pytest.mark.parametrize(
    ("condition", "name", "severity"),
    [
        ("G6PD deficiency", "primaquine", "contraindicated"),
        ("G6PD deficiency", "dapsone", "major"),
        ("G6PD deficiency", "nitrofurantoin", "major"),
        ("G6PD deficiency", "rasburicase", "contraindicated"),
        ("liver cirrhosis", "Xarelto", "major"),
        ("cirrhosis of the liver", "apixaban", "major"),
        ("cirrhosis", "paracetamol", "moderate"),
        ("epilepsy", "metoclopramide", "contraindicated"),
        ("epilepsy", "bupropion", "contraindicated"),
        ("epilepsy", "tramadol", "major"),
        ("angle-closure glaucoma", "topiramate", "major"),
        ("angle-closure glaucoma", "oxybutynin", "major"),
        ("long QT", "amitriptyline", "moderate"),
        ("creatinine clearance 20", "metformin", "contraindicated"),
        ("CrCl 20 ml/min", "nitrofurantoin", "contraindicated"),
    ],
)
def test_what_labels_say_of_a_condition(pack: Pack, condition: str, name: str, severity: str) -> None:
    (found,) = condition_findings(pack, [medicine(pack, name)], [read_condition(pack, condition)])
    assert found.severity == severity
