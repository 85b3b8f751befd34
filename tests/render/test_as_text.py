from __future__ import annotations

import subprocess
import sys

import pytest

from medtrack.domain.report import Column, Report
from medtrack.render.as_text import render
from tests.render.hostile import HOSTILE
from tests.render.sample import COLUMNS, ROW
from tests.render.test_inert import is_harmless


def test_sentences_table_sentences_to_the_letter() -> None:
    rows = [ROW, ROW | {"id": 10, "medication": "x [bold]", "note": "a\nb"}]
    report = Report(
        "log", COLUMNS, rows, lines=["Doses\x1b[0m:", "two\nlines"], footer=["2 doses."], empty="No doses."
    )
    assert render(report) == (
        "Doses\\x1b[0m:\n"
        "two\\nlines\n"
        "\n"
        "Id  Medication  Taken             Amount         Note\n"
        " 9  metformin   2026-03-10 08:00  half a tablet\n"
        "10  x [bold]    2026-03-10 08:00  half a tablet  a\\nb\n"
        "\n"
        "2 doses.\n"
    )


def test_where_there_are_no_rows_it_says_so() -> None:
    report = Report("log", COLUMNS, lines=["Doses:"], footer=["Since 1 March."], empty="No doses.")
    assert render(report) == "Doses:\nNo doses.\nSince 1 March.\n"


def test_a_further_table_without_rows_has_no_title_unless_it_says_so_in_words() -> None:
    bare = Report("more", [Column("a", "A")], lines=["More of it:"])
    page = Report("x", [Column("a", "A")], [{"a": 1}], footer=["One."], tables=[bare])
    assert render(page) == "A\n1\n\nOne.\n"
    told = page._replace(tables=[bare._replace(empty="There is none.")])
    assert render(told) == "A\n1\n\nMore of it:\nThere is none.\n\nOne.\n"


def test_what_is_told_as_one_stands_in_place_of_the_rows() -> None:
    page = Report("x", [Column("a", "A")], [{"a": 1}, {"a": 2}], folded=[{"a": "1 and 2"}])
    assert render(page) == "A\n1 and 2\n"


def test_a_receipt_is_its_sentences() -> None:
    assert (
        render(Report("take", lines=["Taken."], footer=["Undo: medtrack undo"]))
        == "Taken.\nUndo: medtrack undo\n"
    )
    assert (
        render(Report("take", [Column("id")], [{"id": 1}], lines=["Taken."], footer=["Undo."]))
        == "Taken.\nUndo.\n"
    )
    assert render(Report("take")) == ""


def test_columns_without_any_heading_have_no_heading_line() -> None:
    assert render(Report("x", [Column("a", ""), Column("b", "")], [{"a": 1, "b": "x"}])) == "1  x\n"


def test_wide_characters_keep_the_columns_straight() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    rows = [{"a": "薬", "b": 1}, {"a": "abc", "b": 2}, {"a": "💊x", "b": 3}]
    assert render(Report("x", columns, rows)) == "A    B\n薬   1\nabc  2\n💊x  3\n"


def test_columns_stay_straight_where_escapes_stand_for_letters() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    assert render(Report("x", columns, [{"a": "é", "b": 1}]), "ascii") == "A     B\n\\xe9  1\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_on_its_line_and_is_not_cut(text: str) -> None:
    page = render(Report("x", [Column("a", "A"), Column("b", "B")], [{"a": text, "b": "end"}]))
    heading, row, rest = page.split("\n")
    assert rest == ""
    assert row.endswith("  end")
    assert len(row) >= len(text) + 5
    assert all(is_harmless(line) for line in (heading, row))


def test_a_heading_is_text_too() -> None:
    assert render(Report("x", [Column("a", "A\x1b[0m\u202e")], [{"a": 1}])) == "A\\x1b[0m\\u202e\n1\n"


def test_ascii_alone_loads_no_rich() -> None:
    code = (
        "import sys; from medtrack.domain.report import *; from medtrack.render.as_text import render;"
        "print(render(Report('x', [Column('a', 'A')], [{'a': sys.argv[1]}])) and 'rich' in sys.modules)"
    )
    for text, loaded in (("plain", "False"), ("薬", "True")):
        ran = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == loaded
