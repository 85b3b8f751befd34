"""Which medication a person means: never a guess, at most an offer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack import errors
from medtrack.domain.names import LONGEST_NAME, LONGEST_NOTE, folded, handles, read_text, resolve
from medtrack.domain.regimen import Medication


def medications(*names: str) -> list[Medication]:
    """'Metformin=met' has a code."""
    return [
        Medication(number, f"med-{number}", name, code=code or None)
        for number, (name, _, code) in enumerate((each.partition("=") for each in names), 1)
    ]


CABINET = medications("Metformin=m", "Metoprolol", "Vitamin D", "Vitamin D3", "M=x", "Straße")
FOUND = [
    ("Metformin", "Metformin"),
    ("METFORMIN", "Metformin"),
    ("  vitamin   d ", "Vitamin D"),
    ("vitamin d3", "Vitamin D3"),
    ("metf", "Metformin"),
    ("metop", "Metoprolol"),
    # A name beats a code, or it could never be typed.
    ("m", "M"),
    ("x", "M"),
    ("STRASSE", "Straße"),
    ("str", "Straße"),
]


@pytest.mark.parametrize(("typed", "name"), FOUND)
def test_what_is_meant(typed: str, name: str) -> None:
    assert resolve(typed, CABINET).name == name


@pytest.mark.parametrize("typed", ["met", "ME", "vit", "vitamin"])
def test_several_fit(typed: str) -> None:
    with pytest.raises(errors.MedicationAmbiguous) as refused:
        resolve(typed, CABINET)
    assert refused.value.exit_code == 22
    assert str(refused.value).count("'M" if typed[0] in "mM" else "'Vitamin") >= 2


TWICE = medications("Ibuprofen", "Metformin", "ibuprofen=ibu")


@pytest.mark.parametrize(
    ("typed", "number"), [("ibuprofen#1", 1), ("IBUPROFEN#3", 3), ("ibu", 3), ("met", 2)]
)
def test_of_two_of_one_name_each_has_a_handle(typed: str, number: int) -> None:
    assert handles(TWICE) == {1: "Ibuprofen#1", 2: "Metformin", 3: "ibuprofen#3"}
    assert resolve(typed, TWICE).id == number


def test_of_two_of_one_name_it_means_the_one_that_is_taken() -> None:
    for typed in ("ibuprofen", "ibup"):
        with pytest.raises(errors.MedicationAmbiguous, match="'Ibuprofen#1' or 'ibuprofen#3'"):
            resolve(typed, TWICE)
        with pytest.raises(errors.MedicationAmbiguous):
            resolve(typed, TWICE, lambda _: True)
        assert resolve(typed, TWICE, lambda each: each.id == 3).id == 3


def test_of_two_names_the_one_that_is_taken_is_not_guessed() -> None:
    with pytest.raises(errors.MedicationAmbiguous):
        resolve("met", CABINET, lambda each: each.name == "Metformin")


def test_a_name_that_looks_like_a_handle_is_a_name() -> None:
    assert resolve("a#2", medications("a", "a", "a#2")).id == 3


NEAR = [
    ("metfromin", "Did you mean 'Metformin'"),
    ("metformine", "Did you mean 'Metformin'"),
    ("insulin", "'medtrack meds' lists what there is."),
    ("ormin", "Did you mean 'Metformin'"),
    ("*", "'medtrack meds' lists what there is."),
    ("x" * 5_000, "'medtrack meds' lists what there is."),
]


@pytest.mark.parametrize(("typed", "hint"), NEAR)
def test_a_near_miss_is_offered_and_never_taken(typed: str, hint: str) -> None:
    with pytest.raises(errors.MedicationNotFound) as refused:
        resolve(typed, CABINET)
    assert hint in str(refused.value)


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_typed_means_nothing(typed: str) -> None:
    # Not even the only medication there is, which has no code either.
    with pytest.raises(errors.MedicationNotFound):
        resolve(typed, medications("Metformin"))


def test_an_empty_record_says_how_to_begin() -> None:
    with pytest.raises(errors.MedicationNotFound, match="medtrack add"):
        resolve("metformin", [])


@given(
    st.lists(
        st.text(alphabet="abAB é", min_size=1, max_size=4).filter(str.strip), min_size=1, unique_by=folded
    )
)
@settings(max_examples=100, deadline=None)
def test_every_medication_can_be_reached_by_its_name(names: list[str]) -> None:
    cabinet = [Medication(number, str(number), name) for number, name in enumerate(names)]
    for each in cabinet:
        assert resolve(each.name, cabinet) == each
        assert resolve(f"  {each.name.swapcase()} ", cabinet) == each


@given(
    st.text(max_size=6), st.lists(st.text(alphabet="abc", min_size=1, max_size=5), max_size=5, unique=True)
)
@settings(max_examples=150, deadline=None)
def test_what_is_found_begins_with_what_was_typed(typed: str, names: list[str]) -> None:
    cabinet = [Medication(number, str(number), name) for number, name in enumerate(names)]
    fitting = [name for name in names if folded(typed) and name.startswith(folded(typed))]
    if folded(typed) in names:
        assert resolve(typed, cabinet).name == folded(typed)
    elif len(fitting) == 1:
        assert resolve(typed, cabinet).name == fitting[0]
    else:
        with pytest.raises(errors.MedicationAmbiguous if fitting else errors.MedicationNotFound):
            resolve(typed, cabinet)


@pytest.mark.parametrize(
    "text", ["Metformin", "[bold]x[/]", "=1+1", "日本", "a\nb", "x" * LONGEST_NAME, "<b>"]
)
def test_text_is_kept_exactly(text: str) -> None:
    assert read_text(f"  {text}\n", "name") == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        (" \t ", "it is empty"),
        ("x" * (LONGEST_NAME + 1), "it has 201 characters, and the most is 200"),
        ("a\udcffb", "it holds bytes that are not text"),
    ],
)
def test_text_that_cannot_be_stored(text: str, why: str) -> None:
    with pytest.raises(errors.BadText, match=why):
        read_text(text, "name")


def test_a_note_may_be_long() -> None:
    assert len(read_text("x" * LONGEST_NOTE, "note", LONGEST_NOTE)) == LONGEST_NOTE
    with pytest.raises(errors.BadText, match="10,001"):
        read_text("x" * (LONGEST_NOTE + 1), "note", LONGEST_NOTE)
