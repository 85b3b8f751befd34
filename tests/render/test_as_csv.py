from __future__ import annotations

import csv
import json
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from io import StringIO

import pytest
from hypothesis import given

from medtrack.domain.amounts import Amount
from medtrack.domain.report import Column, Report
from medtrack.render.as_csv import render
from tests.render.hostile import HOSTILE
from tests.render.test_inert import ANY_TEXT, is_harmless


def read(document: str) -> list[list[str]]:
    return list(csv.reader(StringIO(document, newline="")))


def test_every_kind_of_value_to_the_letter() -> None:
    row = {
        "id": -5,
        "medication": 'x "y", z',
        "taken_at": datetime(2026, 3, 10, 8, tzinfo=timezone(timedelta(hours=1))),
        "on": date(2026, 3, 10),
        "local_time": time(8),
        "amount": Amount(Fraction(1, 2), "tablet"),
        "adherence": Fraction(2, 5),
        "window": timedelta(hours=1),
        "differs": True,
        "note": None,
        "flags": ["gap", "é"],
        "slot": {"planned_at": date(2026, 3, 10)},
    }
    columns = [Column(key, show=lambda row: "for people") for key in row]
    assert render(Report("log", columns, [row | {"hidden": 1}], lines=["for people"])) == (
        "id,medication,taken_at,on,local_time,amount,adherence,window,differs,note,flags,slot\n"
        '-5,"x ""y"", z",2026-03-10T08:00:00+01:00,2026-03-10,08:00,0.5 tablet,0.4,PT1H,true,,'
        '"[""gap"",""é""]","{""planned_at"":""2026-03-10""}"\n'
    )


def test_nothing_is_the_header_alone() -> None:
    assert render(Report("log", [Column("id"), Column("note")], empty="for people")) == "id,note\n"
    assert render(Report("log", empty="for people")) == ""


def test_without_columns_the_header_holds_every_key_once() -> None:
    assert render(Report("log", rows=[{"b": 1, "a": 2}, {"a": 3, "=c": 4}])) == "b,a,'=c\n1,2,\n,3,4\n"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("-1+2", "'-1+2"),
        ("＝1+1", "'＝1+1"),
        (" =1", "' =1"),
        ("\t=1", r"\t=1"),
        ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
        ("two\nlines", r"two\nlines"),
        ("a\u202eb", r"a\u202eb"),
        ("\ud83d", r"\ud83d"),
        ("[/red] :pill:", "[/red] :pill:"),
    ],
)
def test_text_is_inert_in_a_spreadsheet_and_on_a_terminal(typed: str, stored: str) -> None:
    assert read(render(Report("x", [Column("note")], [{"note": typed}]))) == [["note"], [stored]]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_nested_value_reads_back_exactly(text: str) -> None:
    document = render(Report("x", [Column("note")], [{"note": [text]}]))
    assert json.loads(read(document)[1][0]) == [text]
    assert all(is_harmless(line) for line in document.split("\n"))


@given(ANY_TEXT, ANY_TEXT)
def test_what_is_read_back_is_one_safe_cell_each(one: str, other: str) -> None:
    document = render(Report("x", [Column("a"), Column("b")], [{"a": one, "b": other}]))
    header, row = read(document)
    assert header == ["a", "b"]
    assert len(row) == 2
    for cell in row:
        assert is_harmless(cell)
        assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
