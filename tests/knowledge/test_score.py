"""What checks must get right, written down from labels and guidelines apart from the rules.

The bar: 95 of 100 major pairs found at major or above, no moderate or worse alarm on a pair known to be
harmless, every allergy conflict found, and no name silently taken for another.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from medtrack.domain.safety.allergies import read_allergy
from medtrack.domain.safety.checking import Checked, check
from medtrack.domain.safety.findings import Finding, Medicine, rank
from medtrack.domain.safety.naming import read_name
from medtrack.domain.safety.pack import Pack
from medtrack.knowledge import read_pack

from .tables import Row, cases


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack()


def check_pair(pack: Pack, row: Row) -> Checked:
    found = check(pack, [Medicine(row[key], read_name(pack, row[key], row["country"])) for key in ("a", "b")])
    assert not found.unknown, row
    return found


def at_least(findings: Sequence[Finding], severity: str) -> list[Finding]:
    return [each for each in findings if rank(each.severity) <= rank(severity)]


def test_major_pairs_are_found(pack: Pack) -> None:
    rows = cases("major_pairs")
    assert len(rows) >= 400
    missed = [(row["a"], row["b"]) for row in rows if not at_least(check_pair(pack, row).findings, "major")]
    assert missed == []


@pytest.mark.parametrize(
    "row", cases("moderate_pairs"), ids=lambda row: f"{row['country']}-{row['a']}-{row['b']}"
)
def test_pairs_that_want_a_word_get_the_right_one(pack: Pack, row: Row) -> None:
    worry = pack.effect(row["effect"]).what_can_happen
    found = at_least(check_pair(pack, row).findings, "moderate")
    assert worry in [each.effect for each in found], found


@pytest.mark.parametrize("other", ["phenytoin", "carbamazepine"])
def test_fluconazole_raises_and_is_not_lowered(pack: Pack, other: str) -> None:
    pair = {"a": other, "b": "fluconazole", "country": "US"}
    found = [each.family for each in check_pair(pack, pair).findings]
    assert pack.effect("loss_of_effect").family not in found


def test_harmless_pairs_raise_no_alarm(pack: Pack) -> None:
    rows = cases("harmless_pairs")
    assert len(rows) >= 250
    alarms = [
        (row["a"], row["b"], found)
        for row in rows
        if (found := at_least(check_pair(pack, row).findings, "moderate"))
    ]
    assert alarms == []


@pytest.mark.parametrize("row", cases("allergies"), ids=lambda row: f"{row['allergy']}-{row['medicine']}")
def test_allergies(pack: Pack, row: Row) -> None:
    medicine = Medicine(row["medicine"], read_name(pack, row["medicine"]))
    assert medicine.reading.is_known
    found = check(pack, [medicine], [read_allergy(pack, row["allergy"])]).findings
    severities = {"conflict": ("contraindicated", "major"), "caution": ("moderate",), "none": ()}
    assert tuple(each.severity for each in found if each.severity in severities[row["expected"]]) == tuple(
        each.severity for each in found
    )
    assert bool(found) == (row["expected"] != "none")


@pytest.mark.parametrize("row", cases("duplicates"), ids=lambda row: f"{row['a']}-{row['b']}")
def test_duplicates(pack: Pack, row: Row) -> None:
    found = [each for each in check_pair(pack, row).findings if each.kind == "duplicate"]
    if row["expected"] == "none":
        assert found == []
    elif row["expected"] == "kind:":
        assert any(each.key.startswith("kind:") for each in found), found
    else:
        assert any(f":{row['expected']}:" in each.key for each in found), found


@pytest.mark.parametrize("row", cases("names"), ids=lambda row: f"{row['country']}-{row['typed']}")
def test_names(pack: Pack, row: Row) -> None:
    reading = read_name(pack, row["typed"], row["country"])
    expected = set(row["expected"].split("+")) - {""}
    if row["kind"] == "exact":
        assert set(reading.ingredients) == expected
    elif row["kind"].startswith("lookalike:"):
        assert set(reading.ingredients) == expected
        assert row["kind"].removeprefix("lookalike:") in reading.look_alikes
    else:
        assert reading.ingredients == (), "a near miss is never taken"
        if row["kind"] == "suggest":
            offered = [set(read_name(pack, name, row["country"]).ingredients) for name in reading.suggestions]
            assert expected in offered
