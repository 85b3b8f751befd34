"""A protocol is read strictly: whatever is wrong with it is a sentence, and it reads back as it was."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain import protocol_reading
from medtrack.domain.protocol_reading import protocol_of, read_protocol
from medtrack.domain.protocols import document_of
from medtrack.errors import UsageRefused
from medtrack.knowledge import read_shipped_protocol

PLAIN: dict[str, Any] = {"name": "IV ketamine", "rest": {"minutes": 120}}


def why(document: dict[str, Any]) -> str:
    with pytest.raises(UsageRefused) as refused:
        protocol_of(document, "iv", "'iv.toml'")
    said = str(refused.value)
    assert said.startswith("The protocol 'iv.toml' cannot be used: ")
    assert said.endswith(". Nothing was recorded.")
    return said[39 : -len(". Nothing was recorded.")]


def test_the_one_that_ships_has_a_source_on_every_line_of_fact() -> None:
    text = read_shipped_protocol("spravato") or ""
    document = tomllib.loads(text)
    parts = [each for value in document.values() for each in (value if isinstance(value, list) else [value])]
    tables = [each for each in parts if isinstance(each, dict)]
    assert len(tables) > 20
    assert all(each["source"].strip() for each in tables)
    protocol = read_protocol(text, "spravato", "spravato")
    assert protocol.rest.minutes == 120
    assert [(each.first_week, each.last_week, each.sessions) for each in protocol.phases] == [
        (1, 4, 8), (5, 8, 4), (9, None, None),
    ]  # fmt: skip
    assert {each.key: each.minutes for each in protocol.before} == {
        "food": 120, "drink": 30, "nasal-spray": 60, "bp": None, "medicines": None,
    }  # fmt: skip
    said = " ".join(each["text"] for each in tables if "text" in each).casefold()
    for word in ("must not", "no-go", "do not give", "safe to", "you can be treated"):
        assert word not in said, "a protocol decides nothing"


def test_no_other_file_is_reached_by_its_name() -> None:
    for name in ("", "../pack", "spravato.toml", "nothing", "é", "a" * 400):
        assert read_shipped_protocol(name) is None


def test_it_reads_back_as_it_was() -> None:
    protocol = read_protocol(read_shipped_protocol("spravato") or "", "spravato", "x")
    assert protocol_of(json.loads(json.dumps(document_of(protocol))), "spravato", "x") == protocol


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"rest": {"minutes": 0}, "within": 0},
        {"before": [{"key": "food", "kind": "time", "minutes": 0, "text": "x"}]},
        {"during": [{"key": "bp", "at": [0], "text": "x"}, {"key": "mood", "on_leaving": True, "text": "x"}]},
        {
            "bp": {"above": "140/90", "text": "x"},
            "emergency": {"text": "x"},
            "driving": {"text": "y", "source": "z"},
        },
        {"mention": [{"names": ["lithium"], "text": "x"}], "remark": [{"text": "y"}], "source": "clinic"},
        {"dose": {"unit": "mg"}},
        {"dose": {"unit": "tablet", "amounts": ["2 tablets", "half a tablet"], "text": "x", "source": "y"}},
        {
            "urgent": [
                {"kind": "spo2", "below": 90, "text": "x"},
                {"kind": "bp", "rise": "40/25", "text": "y"},
            ]
        },
        {"phase": [{"name": "a", "first_week": 1, "last_week": 1, "a_week": 3, "sessions": 3, "text": "x"}]},
    ],
)
def test_the_least_of_everything_reads_back_too(change: dict[str, Any]) -> None:
    protocol = protocol_of({**PLAIN, **change}, "iv", "x")
    assert protocol_of(document_of(protocol), "iv", "x") == protocol


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "name is no text"),
        ({"name": 3}, "name is no text"),
        ({"name": "x" * 61}, "name has 61 characters, and the most is 60"),
        ({"rest": 120}, "rest is no table: write [rest], and its keys on the lines below"),
        ({"rest": {"minutes": -1}}, "rest.minutes is a whole number from 0 to 2,880"),
        ({"rest": {"minutes": True}}, "rest.minutes is a whole number from 0 to 2,880"),
        ({"rest": {"minutes": 1.5}}, "rest.minutes is a whole number from 0 to 2,880"),
        ({"rest": {}}, "rest.minutes is a whole number from 0 to 2,880"),
        ({"go": "ahead"}, "nobody knows 'go'"),
        ({"rest": {"minutes": 1, "hours": 2}}, "nobody knows 'hours' in rest"),
        ({"within": 61}, "within is a whole number from 0 to 60"),
        ({"before": {"key": "bp"}}, "before is a list of at most 40, in [ ], each written as [[before]]"),
        ({"before": [1]}, "before[1] is no table: write [[before]], and its keys on the lines below"),
        ({"before": [{"key": "BP", "text": "x"}]}, "before[1].key is a word of small letters and hyphens, not 'BP'"),
        ({"before": [{"key": "bp"}]}, "before[1].text is missing"),
        (
            {"before": [{"key": "food", "kind": "meal", "text": "x"}]},
            "before[1].kind is one of time, confirm, bp, pulse, spo2, sedation, dissociation, cadss, nausea, not 'meal'",
        ),
        ({"before": [{"key": "a", "minutes": 3, "text": "x"}]}, "before[1].minutes belongs to the kind 'time' alone"),
        ({"before": [{"key": "a", "kind": "bp", "text": "x"}]}, "before[1].key is 'bp', as its kind"),
        ({"during": [{"key": "bp", "at": 40, "text": "x"}]}, "during[1].at is a list of at most 40, in [ ], like at = [15, 30]"),
        ({"during": [{"key": "bp", "at": [1] * 41, "text": "x"}]}, "during[1].at is a list of at most 40, in [ ], like at = [15, 30]"),
        ({"during": [{"key": "bp", "at": ["40"], "text": "x"}]}, "during[1].at is a whole number from 0 to 2,880"),
        ({"during": [{"key": "bp", "on_leaving": 1, "text": "x"}]}, "during[1].on_leaving is true or false"),
        ({"during": [{"key": "bp", "text": "x"}] * 2}, "'bp' stands twice in during"),
        ({"after": [{"key": "dose", "text": "x"}]}, "'dose' means two things: give one of them another key"),
        (
            {"before": [{"key": "tea", "text": "x"}], "during": [{"key": "tea", "text": "x"}]},
            "'tea' means two things: give one of them another key",
        ),
        ({"mention": [{"text": "x"}]}, "mention[1] names no medicines: give classes or names"),
        ({"mention": [{"names": [1], "text": "x"}]}, "mention[1].names is a list of texts, like names = [\"lorazepam\"]"),
        ({"phase": [{"name": "a", "first_week": 3, "last_week": 2, "text": "x"}]}, "phase[1] ends before it begins"),
        (
            {"phase": [{"name": "a", "first_week": 1, "text": "x"}, {"name": "b", "first_week": 9, "text": "x"}]},
            "the phase 'b' begins before the one above it is over",
        ),
        ({"dose": "56 mg"}, "dose is no table: write [dose], and its keys on the lines below"),
        ({"dose": {"amounts": ["56 mg"]}}, "dose.unit is missing"),
        ({"dose": {"unit": "blob"}}, "dose.unit is a unit like 'mg', not 'blob'"),
        ({"dose": {"unit": "mg", "amounts": ["lots"]}}, "dose.amounts are doses like '56 mg', not 'lots'"),
        ({"dose": {"unit": "mg", "amounts": ["1 g"]}}, "dose.amounts are in mg, not '1 g'"),
        ({"dose": {"unit": "mg", "amounts": [56]}}, "dose.amounts is a list of texts, like amounts = [\"20 mg\"]"),
        ({"dose": {"unit": "mg", "most": 1}}, "nobody knows 'most' in dose"),
        ({"urgent": [{"kind": "mood", "below": 1, "text": "x"}]}, "urgent[1].kind is one of bp, pulse, spo2, sedation, dissociation, cadss, nausea, not 'mood'"),
        ({"urgent": [{"kind": "spo2", "text": "x"}]}, "urgent[1].below is a whole number from 51 to 100"),
        ({"urgent": [{"kind": "spo2", "below": 90}]}, "urgent[1].text is missing"),
        ({"urgent": [{"kind": "bp", "rise": "40", "text": "x"}]}, "urgent[1].rise is how much higher both numbers are, like '40/25', not '40'"),
        ({"urgent": [{"kind": "bp", "below": 90, "text": "x"}]}, "urgent[1].rise is missing"),
        ({"bp": {"above": "high", "text": "x"}}, "bp.above is a blood pressure like '140/90', not 'high'"),
        ({"bp": {"above": "90/140", "text": "x"}}, "bp.above is a blood pressure like '140/90', not '90/140'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(change: dict[str, Any], said: str) -> None:
    assert why({**PLAIN, **change}) == said


def test_what_is_missing_is_named() -> None:
    assert why({"rest": {"minutes": 1}}) == "name is missing"
    assert why({"name": "x"}) == "rest is missing: how many minutes a session lasts at least"


@pytest.mark.parametrize(
    "text",
    ["", "a = ", "[" * 5000, "a = " + "[" * 20_000, "a = 1" + "0" * 5000, "\x00", "a = 1\na = 2", "é = 1"],
)
def test_what_is_no_toml_is_a_sentence(text: str) -> None:
    with pytest.raises(UsageRefused):
        read_protocol(text, "iv", "x")


_KEYS = st.sampled_from(
    [
        "name",
        "rest",
        "minutes",
        "before",
        "during",
        "after",
        "phase",
        "mention",
        "key",
        "kind",
        "text",
        "at",
        "bp",
    ]
) | st.text(max_size=4)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _JSON, max_size=6))
def test_whatever_a_file_says_it_is_a_protocol_or_a_sentence(document: dict[str, Any]) -> None:
    said = ""
    try:
        protocol = protocol_of({**PLAIN, **document}, "iv", "x")
        assert protocol_of(document_of(protocol), "iv", "x") == protocol
    except UsageRefused as refused:
        said = str(refused)
    assert "\n" not in said


def test_the_page_tells_every_key_that_a_protocol_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is read once, with every kind of its own, and what is asked for is what the page tells."""
    asked: set[str] = set()
    take = protocol_reading._Table.take

    def noted(table: protocol_reading._Table, key: str) -> object:
        where = re.sub(r"\[\d+\]", "", table.where)
        asked.add(f"{where}.{key}" if where else key)
        return take(table, key)

    monkeypatch.setattr(protocol_reading._Table, "take", noted)
    read_protocol(read_shipped_protocol("spravato") or "", "spravato", "spravato")
    page = Path(__file__).parents[1] / "transcripts" / "session.md"
    told = re.findall(r"^\| `([a-z_.]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    parts = {key.partition(".")[0] for key in asked if "." in key}
    assert sorted(told) == sorted(asked - parts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('dose = {unit = "mg", amounts = [20]}', 'dose.amounts is a list of texts, like amounts = ["20 mg"]'),
        ('dose = {unit = "mg", amounts = "20 mg"}', 'in [ ], like amounts = ["20 mg"]'),
        ('[before]\nkey = "food"', "each written as [[before]]"),
        ('before = ["food"]', "before[1] is no table: write [[before]], and its keys on the lines below"),
        ("driving = true", "driving is no table: write [driving]"),
    ],
)
def test_a_refused_file_is_told_how_it_is_written(text: str, said: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        read_protocol(f'name = "x"\nrest = {{minutes = 60}}\n{text}\n', "x", "x")
    assert said in str(refused.value)
