"""The files of the knowledge pack: every row has a source, every reference exists, and the pack is they."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from medtrack.domain.safety.facts import SEVERITIES
from medtrack.domain.safety.naming import name_key
from medtrack.knowledge import PACK as COMPILED
from medtrack.knowledge import read_pack
from medtrack.knowledge.build import page

from .tables import PACK, table

TABLES = sorted(path.stem for path in PACK.glob("*.csv"))
INGREDIENTS = {row["ingredient"] for row in table("ingredients")}
CLASSES = {row["class"] for row in table("classes")}
GROUPS = {group for row in table("ingredients") for group in row["allergy_groups"].split(";") if group}


def exists(selector: str) -> bool:
    kind, _, name = selector.removeprefix("all:").partition(":")
    return name in {"ingredient": INGREDIENTS, "class": CLASSES, "group": GROUPS | {"egg"}}[kind]


def test_the_compiled_pack_is_the_files() -> None:
    with open(COMPILED, encoding="utf-8", newline="") as file:
        assert file.read() == page(), "run python -m medtrack.knowledge.build"


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_source_and_its_date(name: str) -> None:
    rows = table(name)
    assert rows
    for row in rows:
        assert row["source"].strip(), row
        assert re.fullmatch(r"(19|20)\d\d(-\d\d-\d\d)?", row["source_date"]), row
        assert None not in row, row
        for cell in row.values():
            assert cell == cell.strip(), row
            assert not cell.endswith("?"), row
            assert "\n" not in cell, row


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ingredients", ("ingredient",)),
        ("classes", ("class",)),
        ("effects", ("effect",)),
        ("rules", ("rule",)),
        ("allergies", ("rule",)),
        ("substances", ("substance",)),
        ("stacks", ("stack",)),
        ("limits", ("ingredient", "country", "hours")),
        ("mme", ("opioid",)),
        ("abbreviations", ("abbreviation",)),
        ("lookalikes", ("name_a", "name_b")),
        ("dose_ranges", ("ingredient",)),
        ("weekly", ("ingredient",)),
        ("local_forms", ("ingredient",)),
        ("local_names", ("ingredient",)),
        ("french_names", ("french", "ingredient")),
        ("conditions", ("condition",)),
        ("condition_words", ("word", "condition")),
        ("condition_rules", ("rule",)),
        ("words", ("word", "kind")),
        ("names", ("name", "ingredient", "country")),
        ("products", ("product", "country")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_row_stands_twice(name: str, key: tuple[str, ...]) -> None:
    seen = [tuple(row[part].casefold() for part in key) for row in table(name)]
    assert len(seen) == len(set(seen))


def test_no_two_rules_say_the_same_of_the_same_pair() -> None:
    seen = [(frozenset((row["a"], row["b"])), row["effect"], row["except_class"]) for row in table("rules")]
    assert len(seen) == len(set(seen))


def test_every_reference_exists() -> None:
    effects = {row["effect"] for row in table("effects")}
    rules = {row["rule"] for row in table("rules")}
    for row in table("ingredients"):
        for name in (*row["classes"].split(";"), *row["duplicate_groups"].split(";")):
            assert not name or name in CLASSES, row
    for row in table("rules"):
        assert exists(row["a"]), row
        assert exists(row["b"]), row
        assert not row["except_class"] or row["except_class"] in CLASSES, row
        assert row["severity"] in SEVERITIES, row
        assert row["effect"] in effects, row
    for row in table("names"):
        assert row["ingredient"] in INGREDIENTS, row
        assert row["country"] in ("", "US", "GB"), row
    for row in table("products"):
        names = row["ingredients"].split(";")
        assert set(names) <= INGREDIENTS, row
        assert not row["strengths_mg"] or len(row["strengths_mg"].split(";")) == len(names), row
    for row in table("allergies"):
        assert exists(row["allergic_to"]), row
        assert exists(row["medicine"]), row
        assert not row["except_medicine"] or exists(row["except_medicine"]), row
        assert (row["severity"] in SEVERITIES) == (row["result"] != "none"), row
    conditions = {row["condition"] for row in table("conditions")}
    for row in table("conditions"):
        assert set(row["includes"].split(";")) - {""} <= conditions, row
    assert {row["condition"] for row in table("condition_words")} == conditions
    assert {row["condition"] for row in table("condition_rules")} == conditions
    for row in table("condition_rules"):
        assert exists(row["medicine"]), row
        assert not row["except_medicine"] or exists(row["except_medicine"]), row
        assert row["severity"] in SEVERITIES, row
    for row in table("substances"):
        assert row["means"] == "nothing" or exists(row["means"]), row
        assert (row["means"] == "nothing") == bool(row["note"]), row
    for row in table("stacks"):
        assert all(exists(member) for member in row["members"].split("+")), row
        assert row["effect"] in effects, row
        assert set(row["covers_rules"].split(";")) - {""} <= rules, row
    for name in ("limits", "dose_ranges", "weekly", "local_forms", "local_names", "french_names"):
        assert {row["ingredient"] for row in table(name)} <= INGREDIENTS, name
    assert {row["opioid"] for row in table("mme")} - {"(threshold)"} <= INGREDIENTS


def test_the_classes_that_make_duplicates_have_titles_for_people() -> None:
    grouped = {group for row in table("ingredients") for group in row["duplicate_groups"].split(";") if group}
    for row in table("classes"):
        assert (row["class"] in grouped) == bool(row["duplicate_severity"]), row
        assert "_" not in row["title"], row


def test_a_local_name_is_a_name_of_its_ingredient() -> None:
    pack = read_pack()
    for row in table("local_names"):
        meanings = pack.meanings(name_key(row["name"]))
        assert [each.ingredients for each in meanings if each.country in ("", "GB")] == [(row["ingredient"],)]


def test_what_stands_in_braces_is_an_ingredient() -> None:
    for path in PACK.glob("*.csv"):
        for row in table(path.stem):
            for cell in row.values():
                assert set(re.findall(r"\{([^{}]*)\}", cell)) <= INGREDIENTS, row


def test_no_two_facts_are_of_the_same_condition_and_medicine() -> None:
    seen = [(row["condition"], row["medicine"]) for row in table("condition_rules")]
    assert len(seen) == len(set(seen))


def test_numbers_are_numbers() -> None:
    for row in table("products"):
        assert all(Fraction(part) > 0 for part in row["strengths_mg"].split(";") if part), row
    for row in table("limits"):
        assert Fraction(row["most"]) > 0, row
        assert row["unit"] in ("mg", "mcg", "g"), row
    for row in table("dose_ranges"):
        assert 0 < Fraction(row["least"]) <= Fraction(row["most"]), row


def test_what_people_read_is_plain() -> None:
    """No shorthand of the trade, no word of safety, and every sentence whole."""
    shorthand = re.compile(r"\b(CYP\w*|P-gp|BP|AV|QD|PRN|Rx|OTC|SmPC|GI|IUD only)\b")
    read_aloud = [row[key] for row in table("effects") for key in ("what_can_happen",)]
    read_aloud += [row["what_to_do"] for name in ("rules", "stacks") for row in table(name)]
    read_aloud += [
        row[key]
        for name in ("allergies", "condition_rules")
        for row in table(name)
        for key in ("what_can_happen", "what_to_do")
        if row[key]
    ]
    for sentence in read_aloud:
        assert sentence.endswith("."), sentence
        assert sentence[0].isupper(), sentence
        assert not shorthand.search(sentence), sentence
        assert not re.search(r"\bsafe(ly)?\b", sentence, re.IGNORECASE), sentence


def test_nobody_is_told_to_stop_a_medicine() -> None:
    for row in [*table("rules"), *table("condition_rules")]:
        assert not re.match(r"stop\b", row["what_to_do"], re.IGNORECASE), row
        assert "stop taking" not in row["what_to_do"].lower(), row


def test_an_abbreviation_that_is_not_to_be_guessed_is_no_name() -> None:
    pack = read_pack()
    for row in table("abbreviations"):
        assert not pack.meanings(name_key(row["abbreviation"])), row


def test_a_name_that_means_two_things_differs_by_country_or_is_asked_about() -> None:
    """A name may mean several things in one country only where that is known: Benadryl in the UK."""
    pack = read_pack()
    several = set()
    for key in pack.keys:
        for country in ("US", "GB"):
            meanings = {each.ingredients for each in pack.meanings(key) if each.country in ("", country)}
            if len(meanings) > 1:
                several.add((key, country))
    assert several == {("benadryl", "GB")}
