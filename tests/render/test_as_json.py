from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.report import Column, Report
from medtrack.render.as_json import render
from tests.render.hostile import HOSTILE
from tests.render.test_inert import is_harmless


def test_the_envelope_to_the_letter() -> None:
    report = Report(
        kind="log",
        columns=[
            Column("id", "Id"),
            Column("amount", "Amount"),
            Column("adherence"),
            Column("flags", "Flags"),
        ],
        rows=[
            {
                "flags": ["gap"],
                "id": 1,
                "amount": Amount(Fraction(1, 2), "tablet"),
                "hidden": "not a column",
                "adherence": None,
            },
            {"id": 2, "amount": None, "adherence": Fraction(2, 5), "flags": []},
        ],
        meta={"since": date(2026, 3, 1), "window": timedelta(hours=1)},
        lines=["for people"],
        footer=["for people"],
        empty="for people",
    )
    assert (
        render(report)
        == """{
  "version": 1,
  "kind": "log",
  "since": "2026-03-01",
  "window": "PT1H",
  "rows": [
    {"id": 1, "amount": {"value": "0.5", "unit": "tablet"}, "adherence": null, "flags": ["gap"]},
    {"id": 2, "amount": null, "adherence": 0.4, "flags": []}
  ]
}
"""
    )


def test_nothing_is_an_empty_list() -> None:
    assert (
        render(Report("doses", empty="None yet."))
        == '{\n  "version": 1,\n  "kind": "doses",\n  "rows": []\n}\n'
    )


def test_without_columns_every_key_of_a_row_is_written() -> None:
    assert json.loads(render(Report("x", rows=[{"b": 1, "a": None}])))["rows"] == [{"b": 1, "a": None}]


@pytest.mark.parametrize("key", ["version", "kind", "rows"])
def test_meta_cannot_take_the_envelopes_keys(key: str) -> None:
    with pytest.raises(ValueError, match=key):
        render(Report("x", meta={key: 1}))


def test_no_number_is_outside_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render(Report("x", rows=[{"a": float("nan")}]))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_hostile_text_reads_back_exactly_and_acts_on_no_terminal(text: str, encoding: str) -> None:
    document = render(Report("x", [Column("note")], [{"note": text}], {"about": text}), encoding)
    assert json.loads(document.encode(encoding)) == {
        "version": 1,
        "kind": "x",
        "about": text,
        "rows": [{"note": text}],
    }
    assert all(is_harmless(line) for line in document.split("\n"))


PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.dictionaries(st.text(st.characters(codec="utf-8")), PLAIN | st.lists(PLAIN))))
def test_what_goes_in_comes_back(rows: list[dict[str, object]]) -> None:
    assert json.loads(render(Report("x", rows=rows)))["rows"] == rows
