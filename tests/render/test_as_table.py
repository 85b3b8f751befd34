from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from medtrack.domain.report import Column, Report
from medtrack.render.as_table import render
from medtrack.render.inert import inert
from tests.render.hostile import HOSTILE
from tests.render.sample import COLUMNS
from tests.render.sample import ROW as PLAIN
from tests.render.test_inert import ANY_TEXT, is_harmless

ROW = PLAIN | {"medication": "metformin [/red] :pill:", "note": "felt sick and dizzy all morning"}
REPORT = Report(
    "log", COLUMNS, [ROW, ROW | {"id": 10, "note": None}], lines=["Doses [b]:"], footer=["2 doses."]
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_wide_enough_to_the_letter() -> None:
    assert render(REPORT, width=100, styled=False) == (
        "Doses [b]:\n"
        "\n"
        "Id  Medication               Taken             Amount         Note\n"
        f"{'─' * 93}\n"
        " 9  metformin [/red] :pill:  2026-03-10 08:00  half a tablet  felt sick and dizzy all morning\n"
        "10  metformin [/red] :pill:  2026-03-10 08:00  half a tablet\n"
        "\n"
        "2 doses.\n"
    )


def test_narrower_the_last_cell_alone_folds() -> None:
    assert render(REPORT, width=88, styled=False) == (
        "Doses [b]:\n"
        "\n"
        "Id  Medication               Taken             Amount         Note\n"
        f"{'─' * 88}\n"
        " 9  metformin [/red] :pill:  2026-03-10 08:00  half a tablet  felt sick and dizzy all\n"
        "                                                              morning\n"
        "10  metformin [/red] :pill:  2026-03-10 08:00  half a tablet\n"
        "\n"
        "2 doses.\n"
    )


def test_narrower_still_each_row_is_told_in_words() -> None:
    assert render(REPORT, width=80, styled=False) == (
        "Doses [b]:\n"
        "\n"
        "Id: 9; Medication: metformin [/red] :pill:; Taken: 2026-03-10 08:00\n"
        "  Amount: half a tablet; Note: felt sick and dizzy all morning\n"
        "Id: 10; Medication: metformin [/red] :pill:; Taken: 2026-03-10 08:00\n"
        "  Amount: half a tablet\n"
        "\n"
        "2 doses.\n"
    )


def test_at_20_columns_what_is_too_long_for_a_line_folds_by_itself() -> None:
    assert render(REPORT._replace(rows=[ROW, {"id": 10}]), width=20, styled=False) == (
        "Doses [b]:\n"
        "\n"
        "Id: 9\n"
        "  Medication:\n"
        "    metformin [/red]\n"
        "    :pill:\n"
        "  Taken: 2026-03-10\n"
        "    08:00\n"
        "  Amount: half a\n"
        "    tablet\n"
        "  Note: felt sick\n"
        "    and dizzy all\n"
        "    morning\n"
        "Id: 10\n"
        "\n"
        "2 doses.\n"
    )


def test_where_there_are_no_rows_it_says_so() -> None:
    report = Report("log", COLUMNS, lines=["Doses:"], footer=["Since 1 March."], empty="No doses.")
    assert render(report, styled=False) == "Doses:\nNo doses.\nSince 1 March.\n"


def test_a_receipt_is_its_sentences() -> None:
    assert (
        render(Report("take", [Column("id")], [{"id": 1}], lines=["Taken.", "a\nb"]), styled=False)
        == "Taken.\na\\nb\n"
    )


def test_an_ascii_terminal_gets_ascii() -> None:
    page = render(
        Report("x", [Column("a", "A"), Column("b", "B")], [{"a": "é", "b": 1}]), "ascii", styled=False
    )
    assert page == "A     B\n-------\n\\xe9  1\n"


def test_style_adds_no_word_and_its_absence_takes_none() -> None:
    styled = render(REPORT, width=80)
    assert "\x1b[1m" in styled
    plain = re.sub(r"\x1b\[[0-9;]*m", "", styled)
    assert [line.rstrip() for line in plain.split("\n")] == render(REPORT, width=80, styled=False).split("\n")


@pytest.mark.parametrize("width", [0, -5, 1, 2, 9, 20, 79, 10_000])
def test_every_width_shows_everything(width: int) -> None:
    page = render(REPORT, width=width, styled=False)
    for word in (
        "metformin",
        "[/red]",
        ":pill:",
        "2026-03-10",
        "08:00",
        "half",
        "tablet",
        "dizzy",
        "morning",
    ):
        assert word in page
    assert "…" not in page
    assert "hidden" not in page


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 20, 80])
def test_hostile_text_comes_out_as_typed(text: str, width: int) -> None:
    page = render(
        Report("x", [Column("a", "A"), Column("b", "Bee")], [{"a": text, "b": "end"}], footer=[text]),
        width=width,
    )
    plain = re.sub(r"\x1b\[[01]m", "", page)
    assert all(is_harmless(line) for line in plain.split("\n"))
    assert all(cell_len(line) <= max(width, 10) for line in plain.split("\n"))
    # A line break in a sentence is a line break; in a cell it is shown.
    assert plain.count("end") >= 1
    one_column = render(Report("x", [Column("a", "A")], [{"a": text}]), width=width, styled=False)
    assert squeezed(inert(text)) in squeezed(one_column)


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=3), st.integers(-3, 60))
def test_no_letter_is_lost_at_any_width(pairs: list[tuple[str, str]], width: int) -> None:
    columns = [Column("a", "A"), Column("b", "Bee", right=True)]
    page = render(Report("x", columns, [{"a": a, "b": b} for a, b in pairs]), width=width, styled=False)
    shown = sorted(squeezed(page))
    for sign in set(squeezed("".join(inert(a + "|" + b) for a, b in pairs))) - {"|"}:
        wanted = sum(inert(text).count(sign) for pair in pairs for text in pair)
        assert shown.count(sign) >= wanted


def test_a_further_table_without_rows_has_no_title_unless_it_says_so_in_words() -> None:
    bare = Report("more", [Column("a", "A")], lines=["More of it:"])
    page = Report("x", [Column("a", "A")], [{"a": 1}], footer=["One."], tables=[bare])
    assert "More of it" not in render(page, styled=False)
    told = page._replace(tables=[bare._replace(empty="There is none.")])
    assert "More of it:\nThere is none.\n" in render(told, styled=False)


def test_what_is_told_as_one_stands_in_place_of_the_rows() -> None:
    page = Report("x", [Column("a", "A")], [{"a": "one"}, {"a": "two"}], folded=[{"a": "both"}])
    assert "both" in render(page, styled=False)
    assert "two" not in render(page, styled=False)
