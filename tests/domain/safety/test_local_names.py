"""What an ingredient is called where the person lives, in every sentence about it."""

from __future__ import annotations

import pytest

from medtrack.domain.safety.checking import check
from medtrack.domain.safety.pack import Pack

from .conftest import medicine


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("US", "acetaminophen"),
        ("GB", "paracetamol"),
        ("NZ", "paracetamol"),
        ("CA", "acetaminophen (paracetamol)"),
        (None, "acetaminophen (paracetamol)"),
    ],
)
def test_an_ingredient_is_called_as_its_country_does(pack: Pack, country: str | None, said: str) -> None:
    found = check(pack, [medicine(pack, "Tylenol"), medicine(pack, "Panadol")], country=country).findings
    assert [each.effect for each in found] == [
        f"Both contain {said}, so it adds up to more than each packet says."
    ]
    assert f"count {said} from both" in found[0].what_to_do


def test_what_it_is_about_is_the_same_everywhere(pack: Pack) -> None:
    """By its key an answer of the pharmacist stays with a finding when the person moves."""
    some = [medicine(pack, "Tylenol"), medicine(pack, "Panadol")]
    keys = {check(pack, some, country=country).findings[0].key for country in ("US", "GB", None)}
    assert len(keys) == 1


def test_only_what_is_an_ingredient_is_replaced(pack: Pack) -> None:
    assert pack.spoken("{albuterol} {nothing} {", "GB") == "salbutamol {nothing} {"
    assert pack.spoken("{aspirin}", "GB") == "aspirin"
