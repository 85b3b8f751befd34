"""The dose of a session against its protocol: another amount is warned of, a slip of the unit is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.protocol_reading import protocol_of, read_protocol
from medtrack.domain.protocols import Protocol
from medtrack.domain.session_doses import read_dose
from medtrack.errors import MedtrackError
from medtrack.knowledge import read_shipped_protocol

PLAIN = protocol_of({"name": "Ketamine infusion", "rest": {"minutes": 90}}, "iv", "iv")
IN_MG = protocol_of(
    {"name": "Ketamine infusion", "rest": {"minutes": 90}, "dose": {"unit": "mg"}}, "iv", "iv"
)
TABLETS = protocol_of(
    {"name": "Swallowed", "rest": {"minutes": 9}, "dose": {"unit": "tablet", "amounts": ["1", "2 tablets"]}},
    "t",
    "t",
)


def shipped() -> Protocol:
    return read_protocol(read_shipped_protocol("spravato") or "", "spravato", "spravato")


@pytest.mark.parametrize(
    ("protocol", "typed", "kept"),
    [
        (shipped(), "56mg", "56 mg"),
        (shipped(), "28 mg", "28 mg"),
        (shipped(), "84.0 mg", "84 mg"),
        (IN_MG, "38.5 mg", "38.5 mg"),
        (PLAIN, "4 ml", "4 ml"),
        (TABLETS, "1 tablet", "1 tablet"),
    ],
)
def test_a_dose_of_the_protocol_is_taken_in_silence(protocol: Protocol, typed: str, kept: str) -> None:
    assert read_dose(protocol, typed) == (kept, None)


@pytest.mark.parametrize(
    ("protocol", "typed", "said"),
    [
        (shipped(), "57 mg", "57 mg is none of the doses of Spravato (28 mg, 56 mg and 84 mg; US label"),
        (shipped(), "5600 mg", "5,600 mg is none of the doses of Spravato"),
        (shipped(), "3 sprays", "counted in mg; 3 sprays is held against no dose of it."),
        (IN_MG, "4 ml", "counted in mg; 4 ml is held against no dose of it."),
        (TABLETS, "3 tablets", "3 tablets is none of the doses of Swallowed (1 tablet and 2 tablets)"),
        (TABLETS, "5 mg", "counted in tablet; 5 mg is held against no dose of it."),
    ],
)
def test_another_amount_is_kept_and_warned_of(protocol: Protocol, typed: str, said: str) -> None:
    assert said in (read_dose(protocol, typed).warning or "")


@pytest.mark.parametrize(
    ("protocol", "typed", "said"),
    [
        (shipped(), "56", "The dose '56' has no unit: add it, like '56 mg'."),
        (PLAIN, "40", "The dose '40' has no unit: add it, like '40 mg'."),
        (shipped(), "56 g", "A dose of Spravato is counted in mg, so it cannot be 56 g."),
        (shipped(), "56000 mcg", "it cannot be 56,000 mcg."),
        (shipped(), "84 tablets", "it cannot be 84 tablets."),
        (IN_MG, "half a capsule", "it cannot be half a capsule."),
        (shipped(), "some", "does not begin with a number"),
        (shipped(), "0 mg", "it is zero"),
    ],
)
def test_what_cannot_be_is_refused(protocol: Protocol, typed: str, said: str) -> None:
    with pytest.raises(MedtrackError) as refused:
        read_dose(protocol, typed)
    assert refused.value.exit_code == 2
    assert said in str(refused.value)


@given(st.integers(1, 999_999))
def test_in_its_unit_every_amount_is_kept_as_it_was_typed(number: int) -> None:
    found = read_dose(shipped(), f"{number} mg")
    assert found.value == f"{number:,} mg"
    assert (found.warning is None) == (number in (28, 56, 84))
