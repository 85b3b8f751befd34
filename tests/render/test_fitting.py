from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from medtrack.domain.report import Column, Report
from medtrack.render import as_table, as_text
from medtrack.render.fitting import fitted, told

WORDS = st.text("ab é薬", max_size=30)
GRID = st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=4)


def listing(grid: list[list[str]]) -> Report:
    columns = [Column("0", "Id"), Column("1", "Name", right=True), Column("2", "Note")]
    return Report("x", columns, [{str(at): text for at, text in enumerate(row)} for row in grid])


@given(GRID, st.integers(1, 90))
def test_a_table_fits_and_folds_its_last_column_alone(grid: list[list[str]], width: int) -> None:
    found = fitted(listing(grid), "utf-8", width)
    if not found.widths:
        return
    assert sum(found.widths) + 2 * (len(found.widths) - 1) <= max(width, 10)
    for row in (found.titles, *found.rows):
        assert all(cell_len(text) <= wide for text, wide in zip(row[:-1], found.widths[:-1], strict=True))
        assert all(cell_len(word) <= found.widths[-1] for word in row[-1].split())


@given(GRID, st.integers(20, 90))
def test_rows_in_words_keep_the_order_and_every_word(grid: list[list[str]], width: int) -> None:
    found = fitted(listing(grid), "utf-8", 10)._replace(widths=[])
    for row in found.rows:
        lines = ["".join(f"{title}{value}" for title, value in line) for line in told(found, row, width)]
        assert all(cell_len(line) <= width for line in lines)
        said = "".join("".join(lines).replace(";", "").split())
        assert said == "".join(
            f"{title}:{''.join(value.split())}"
            for title, value in zip(found.titles, row, strict=True)
            if value
        )


def test_first_the_bars_go_then_what_is_empty_then_cells_are_said_shorter() -> None:
    columns = [
        Column("name", "Name"),
        Column("bar", "", bar=True),
        Column("by", "By"),
        Column("how", "How", short=lambda row: "late"),
        Column("why", "Why"),
    ]
    row = {"name": "abc", "bar": Fraction(1), "by": None, "how": "taken, late", "why": "ill"}
    report = Report("x", columns, [row])

    def shown(width: int) -> list[str]:
        return as_table.render(report, width=width, styled=False).splitlines()

    assert shown(40)[2] == "abc   ██████████      taken, late  ill"
    assert shown(33)[2] == "abc       taken, late  ill"
    assert shown(24)[2] == "abc   taken, late  ill"
    assert shown(20)[2] == "abc   late  ill"
    assert shown(12) == ["Name: abc", "How: taken,", "late", "Why: ill"]


def test_plain_lines_on_a_terminal_fold_in_the_same_places() -> None:
    report = listing([["1", "b", "a long note that goes on below itself, and nothing else does"]])
    assert as_text.render(report, width=40) == (
        "Id  Name  Note\n1      b  a long note that goes on below\n          itself, and nothing else does\n"
    )
    assert as_text.render(report, width=30) == (
        "Id: 1; Name: b\n  Note: a long note that goes\n    on below itself, and\n    nothing else does\n"
    )
