"""What is observed is read within what can be at all."""

from __future__ import annotations

import pytest

from medtrack.domain.observations import read_value, say_value
from medtrack.errors import MedtrackError


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("bp", " 128 / 82 ", "128/82"),
        ("bp", "128/82 mmHg", "128/82"),
        ("spo2", "97 %", "97"),
        ("spo2", "97", "97"),
        ("sedation", "05", "5"),
        ("pulse", "61", "61"),
        ("mood", " calm ", "calm"),
    ],
)
def test_values_are_kept_in_one_way(kind: str, typed: str, kept: str) -> None:
    assert read_value(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("bp", "820/128"), ("bp", "82/128"), ("bp", "128"), ("bp", "nan/80"), ("bp", "128/82/70"), ("bp", "90/90"),
        ("spo2", "101"), ("spo2", "49"), ("spo2", "-1"), ("spo2", "97.5"), ("sedation", "6"), ("sedation", "²"),
        ("dissociation", "11"), ("cadss", "93"), ("pulse", "14"), ("pulse", "1e2"), ("nausea", ""),
        ("note", " "),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(MedtrackError) as refused:
        read_value(kind, typed)
    assert refused.value.exit_code == 2


def test_sedation_is_said_in_words() -> None:
    assert say_value("sedation", "4") == "4 of 5 (MOAA/S): answers slowly to the name"
