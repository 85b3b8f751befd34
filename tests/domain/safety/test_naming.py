"""Names: exact, then less and less; split; offered; and never silently another."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.safety.naming import name_key, read_name, strength_in, strengths_in
from medtrack.knowledge import read_pack

from .conftest import small_pack

PACK = read_pack()
KEYS = sorted(PACK.keys)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(st.text())
@settings(deadline=None)
def test_a_key_is_its_own_key(text) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(max_size=300), st.sampled_from([None, "US", "GB", "FR"]))
@settings(deadline=None)
def test_any_text_is_read_or_left_unread(text, country) -> None:
    reading = read_name(PACK, text, country)
    assert reading.typed == text
    assert set(reading.ingredients) <= set(PACK._facts["ingredients"])


def test_every_name_of_the_pack_is_read_as_itself_where_it_is_sold() -> None:
    for key in KEYS:
        for meaning in PACK.meanings(key):
            reading = read_name(PACK, meaning.name, meaning.country or "US")
            if (key, meaning.country) == ("benadryl", "GB"):
                assert not reading.is_known
            else:
                assert reading.ingredients == meaning.ingredients, meaning


@given(st.sampled_from([key for key in KEYS if len(key) > 4 and key.isalpha()]), st.data())
@settings(max_examples=300, deadline=None)
def test_a_slip_of_one_letter_is_never_taken_for_another_medicine(key, data) -> None:
    place = data.draw(st.integers(1, len(key) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slip = data.draw(
        st.sampled_from(
            [
                key[:place] + key[place + 1 :],
                key[:place] + letter + key[place:],
                key[:place] + letter + key[place + 1 :],
                key[: place - 1] + key[place] + key[place - 1] + key[place + 1 :],
            ]
        )
    )
    if slip in KEYS:
        return
    reading = read_name(PACK, slip, "US")
    assert not reading.is_known
    offered = {name_key(name) for name in reading.suggestions}
    assert (
        key in offered
        or any(
            set(read_name(PACK, name, "US").ingredients) & set(read_name(PACK, key, "US").ingredients)
            for name in reading.suggestions
        )
        or len(offered) >= 4
    )


def test_country_decides_and_without_one_it_is_asked() -> None:
    assert read_name(PACK, "Sominex", "US").ingredients == ("diphenhydramine",)
    assert read_name(PACK, "Sominex", "GB").ingredients == ("promethazine",)
    asked = read_name(PACK, "Sominex")
    assert not asked.is_known
    assert set(asked.suggestions) == {"diphenhydramine", "promethazine"}
    assert "medtrack profile --country" in asked.remarks[0]


def test_a_brand_of_another_country_is_read_aloud() -> None:
    assert "as it is sold in the US" in read_name(PACK, "Tylenol", "GB").remarks[0]
    assert read_name(PACK, "Tylenol", "US").remarks == ()


def test_a_name_of_no_open_list_is_read_aloud() -> None:
    assert "not found in an open list" in read_name(PACK, "Elvanse", "GB").remarks[0]


def test_every_part_of_a_combination_has_to_be_known() -> None:
    assert read_name(PACK, "lisinopril / hydrochlorothiazide").ingredients == (
        "lisinopril",
        "hydrochlorothiazide",
    )
    assert read_name(PACK, "lisinopril and xyzzyqol").ingredients == ()
    assert read_name(PACK, "codeine phosphate 30 mg + paracetamol 500 mg").ingredients == (
        "codeine",
        "acetaminophen",
    )


def test_a_line_extension_is_another_medicine() -> None:
    assert read_name(PACK, "Tylenol 500 mg").ingredients == ("acetaminophen",)
    assert read_name(PACK, "Tylenol 3").ingredients == ("codeine", "acetaminophen")
    assert read_name(PACK, "Tylenol Sinus").ingredients == ()
    assert read_name(PACK, "Advil PM").ingredients == ("ibuprofen", "diphenhydramine")


def test_a_salt_of_a_metal_keeps_its_other_half() -> None:
    assert read_name(PACK, "magnesium sulfate").ingredients == ()
    assert read_name(PACK, "metoprolol succinate").ingredients == ("metoprolol",)


def test_where_it_is_put_is_seen() -> None:
    pack = small_pack(
        {"x": []}, [], words={"form": ["cream"], "phrase": [], "local": ["cream"], "salt": [], "metal": []}
    )
    assert read_name(pack, "x cream").is_local
    assert not read_name(pack, "x").is_local


def test_a_strength_is_found_in_a_name() -> None:
    assert strength_in("levothyroxine 100 mcg tablets") == "100 mcg"
    assert strength_in("amoxicillin 125 mg/5 ml") == "125 mg/5 ml"
    assert strength_in("vitamin B12") is None


def test_each_of_several_medicines_keeps_its_strength() -> None:
    assert strengths_in(read_name(PACK, "digoxin 125 mg, warfarin 5 mg and ibuprofen")) == [
        "125 mg",
        "5 mg",
        None,
    ]
    assert strengths_in(read_name(PACK, "warfarin 5 mg, ibuprofen 5 mg/ml")) == [None, None]
