"""Laws of every check: the order of names, one more medicine, and names that are not known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.safety.allergies import read_allergy
from medtrack.domain.safety.checking import Checked, check
from medtrack.domain.safety.facts import SEVERITIES
from medtrack.domain.safety.findings import Finding, Medicine, rank
from medtrack.domain.safety.naming import read_name
from medtrack.knowledge import read_pack

from .conftest import medicine

PACK = read_pack()
NAMES = sorted(meaning.name for key in PACK.keys for meaning in PACK.meanings(key)[:1])
ALLERGIES = [read_allergy(PACK, word) for word in ("penicillin", "sulfa", "aspirin", "latex")]
some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True)
unread = st.sampled_from(["Xyzzyqol", "metfromin", "$(rm -rf ~)", "[bold]x", "", "MTX"])


def checked(names: list[str]) -> Checked:
    return check(PACK, [Medicine(name, read_name(PACK, name, "US")) for name in names], ALLERGIES, 70)


def identity(finding: Finding) -> tuple[str, ...]:
    """What a finding is about: a stack by its name alone, since it grows."""
    if finding.kind == "stack":
        return (finding.kind, finding.key.split(":")[1])
    return (finding.kind, finding.key, finding.a, finding.b or "")


@given(some_names, st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_names_does_not_matter(names, random) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    assert checked(names).findings == checked(shuffled).findings


@given(some_names, st.sampled_from(NAMES))
@settings(max_examples=200, deadline=None)
def test_one_more_medicine_never_removes_a_finding_nor_makes_one_milder(names, more) -> None:
    before = {identity(each): each.severity for each in checked(names).findings}
    after = (
        {identity(each): each.severity for each in checked([*names, more]).findings}
        if more not in names
        else before
    )
    for what, severity in before.items():
        assert what in after
        assert rank(after[what]) <= rank(severity)


@given(some_names, st.lists(unread, max_size=3))
@settings(max_examples=100, deadline=None)
def test_a_name_that_is_not_known_is_told_and_changes_nothing_else(names, others) -> None:
    found = checked([*names, *others])
    assert [each.label for each in found.unknown if each.label in others] == others
    assert len(found.known) + len(found.unknown) == len(names) + len(others)
    assert found.findings == checked(names).findings


@given(some_names)
@settings(max_examples=100, deadline=None)
def test_every_finding_says_what_can_happen_what_to_do_and_where_it_is_from(names) -> None:
    for each in checked(names).findings:
        assert each.severity in SEVERITIES
        assert each.effect.endswith((".", ")"))
        assert each.what_to_do.endswith(".")
        assert each.source
        assert each.source_date
        assert set(each.labels) <= set(names)
        assert "safe" not in f"{each.effect} {each.what_to_do} {each.watch_for}".lower()


def test_the_worst_come_first() -> None:
    found = checked(
        ["warfarin", "ibuprofen", "omeprazole", "amoxicillin", "levothyroxine", "Nardil", "Prozac"]
    )
    ranks = [rank(each.severity) for each in found.findings]
    assert ranks == sorted(ranks)
    assert found.findings[0].kind == "allergy"


def test_a_stack_says_all_of_them_and_the_pairs_stay() -> None:
    two = checked(["sertraline", "tramadol"]).findings
    three = checked(["sertraline", "tramadol", "trazodone"]).findings
    assert not [each for each in two if each.kind == "stack" and each.family == "serotonin"]
    (stack,) = (each for each in three if each.kind == "stack" and each.family == "serotonin")
    assert stack.labels == ("sertraline", "tramadol", "trazodone")
    assert stack.severity == "major"
    assert len([each for each in three if each.kind == "interaction" and each.family == "serotonin"]) == 3


def test_the_same_ingredient_twice_is_one_of_a_stack() -> None:
    found = checked(["Advil", "Motrin", "warfarin"]).findings
    assert not [each for each in found if each.kind == "stack" and each.family == "bleeding"]


def test_the_triple_that_harms_kidneys_needs_one_of_each() -> None:
    def triple(*names: str) -> bool:
        return any(each.key.startswith("stack:triple_kidney") for each in checked(list(names)).findings)

    assert triple("ibuprofen", "furosemide", "ramipril")
    assert not triple("furosemide", "ramipril", "losartan")
    assert not triple("ibuprofen", "naproxen", "furosemide")


def test_age_counts_drowsy_medicines_more_strictly() -> None:
    drowsy = [Medicine(name, read_name(PACK, name)) for name in ("gabapentin", "zolpidem", "mirtazapine")]

    def severity(age: int | None) -> str:
        (stack,) = (each for each in check(PACK, drowsy, (), age).findings if each.kind == "stack")
        return stack.severity

    assert (severity(None), severity(64), severity(65)) == ("moderate", "moderate", "major")


@pytest.mark.parametrize("joint", [", ", " & ", "+", "/", " with ", " and ", "; "])
def test_medicines_named_in_one_breath_are_held_against_each_other(joint: str) -> None:
    pack = read_pack()
    typed = f"Viagra{joint}GTN"
    for one in (typed, f"sildenafil{joint}nitroglycerin"):
        found = check(pack, [medicine(pack, one, "GB")]).findings
        assert [each.severity for each in found][:1] == ["contraindicated"], one
        assert found[0].labels == (one,)
    bleeding = check(pack, [medicine(pack, f"warfarin{joint}ibuprofen")]).findings
    assert bleeding[0].severity == "major"


@pytest.mark.parametrize(
    "typed",
    ["lisinopril/hydrochlorothiazide", "amoxicillin and clavulanate", "trimethoprim, sulfamethoxazole"],
)
def test_the_ingredients_of_one_product_are_one_medicine(typed: str) -> None:
    pack = read_pack()
    assert not medicine(pack, typed).reading.parts
    assert check(pack, [medicine(pack, typed)]).findings == []


def test_two_brands_are_no_product_even_where_one_holds_the_same() -> None:
    pack = read_pack()
    found = check(pack, [medicine(pack, "Tylenol PM and Percocet", "US")]).findings
    assert any(each.kind == "duplicate" and "{" not in each.effect for each in found)
