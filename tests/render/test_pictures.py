"""Calendars and bars in signs: readable without colour, honest at both ends, whole on any screen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.pictures import STATES, Calendar, Share
from medtrack.domain.report import Column, Report
from medtrack.render import as_table, as_text
from medtrack.render.pictures import SIGNS, bar, calendar, grid, least, level
from tests.render.hostile import HOSTILE

MONDAY = date(2026, 2, 23)


def picture(days: int = 14, title: str = "metformin", of: str = "dose") -> Calendar:
    """Two weeks or more, one state after another, beginning on a Wednesday."""
    since = MONDAY + timedelta(2)
    dates = [since + timedelta(number) for number in range(days)]
    states = {day: list(STATES)[number % len(STATES)] for number, day in enumerate(dates)}
    weeks: dict[date, list[date]] = {}
    for day in dates:
        weeks.setdefault(day - timedelta(day.weekday()), []).append(day)
    shares = [Share(week[0], week[-1], min(number * 3, 14), 14) for number, week in enumerate(weeks.values())]
    return Calendar(title, dates[0], dates[-1], states, shares, of)


def drawn(made: Calendar, encoding: str = "utf-8") -> str:
    return "\n".join("".join(span.text for span in line).rstrip() for line in calendar(made, encoding))


def test_a_calendar() -> None:
    assert drawn(picture(11)) == (
        "metformin\n"
        "     Mar\n"
        "Mon    ·\n"
        "Tue    ~\n"
        "Wed  ● ●\n"
        "Thu  ◐ ◐\n"
        "Fri  ○ ○\n"
        "Sat  + +\n"
        "Sun  =\n"
        "Week ▁ ▃\n"
        "● all doses: 2   ◐ some doses: 2   ○ no dose: 2   + more than planned: 2   "
        "= on hold or unknown: 1   · nothing planned: 1   ~ still open: 1\n"
        "Week: doses taken, from 0 of 14 = 0 % (2026-02-25 on) to 3 of 14 = 21.4 % (2026-03-02 on)."
    )


def test_a_calendar_where_the_screen_has_ascii_alone() -> None:
    page = drawn(picture(), "ascii")
    assert page.isascii()
    assert page.split("\n")[4] == "Wed  # #"
    assert page.split("\n")[9] == "Week _ 2 3"


def test_a_year_fits_a_screen_of_eighty() -> None:
    lines = drawn(picture(371)).split("\n")
    assert max(map(len, lines[:10])) <= 64
    assert lines[2].startswith("Mon   ")
    # Whole rows: every day stands in the column of its week.
    assert sum(len(re.sub(r"\s", "", line[5:])) for line in lines[2:9]) == 371


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp437"])
def test_no_two_signs_are_alike(encoding: str) -> None:
    line = [span.text for span in calendar(picture(), encoding)[10] if len(span.text) == 1]
    assert len(line) == len(set(line)) == len(STATES)


@pytest.mark.parametrize("days", [1, 6, 12, 40, 100, 190, 371])
def test_names_of_months_never_run_into_each_other(days: int) -> None:
    names = drawn(picture(days)).split("\n")[1].split()
    assert names
    assert all(re.fullmatch("[A-Z][a-z]{2}", name) for name in names)


@given(st.fractions(0, 1))
def test_a_bar_is_full_only_for_all_and_empty_only_for_none(share: Fraction) -> None:
    drawn_bar = bar(share, "utf-8")
    assert len(drawn_bar) == 10
    assert (drawn_bar == "█" * 10) == (share == 1)
    assert (drawn_bar == "░" * 10) == (share == 0)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_sign_of_a_week_is_highest_only_for_all(part: int, more: int) -> None:
    week = Share(MONDAY, MONDAY, part, part + more)
    sign = level(week, "utf-8")
    assert (sign == " ") == (part + more == 0)
    assert (sign == "█") == (more == 0 and part > 0)
    assert (sign == "▁") == (part == 0 and more > 0)


def test_bars_of_nothing_are_nothing_and_of_more_than_all_are_full() -> None:
    assert bar(None, "utf-8") == ""
    assert bar(Fraction(3, 2), "utf-8") == "█" * 10
    assert bar(Fraction(1, 2), "ascii") == "#####....."


def test_the_weeks_in_words() -> None:
    weeks = [Share(MONDAY + timedelta(7 * n), MONDAY + timedelta(7 * n + 6), 7, 7) for n in range(3)]
    made = picture()._replace(weeks=weeks)
    assert least(made) == "Week: doses taken, 100 % in each of 3 weeks."
    assert least(made._replace(weeks=weeks[:1])) == ""
    assert least(made._replace(weeks=[*weeks, weeks[0]._replace(part=2)], of="day")) == (
        "Week: days right, from 2 of 7 = 28.6 % (2026-02-23 on) to 7 of 7 = 100 % (2026-02-23 on)."
    )


REPORT = Report("x", [Column("a", "A")], [{"a": 1}], footer=["rule"], pictures=[picture()])


def test_colour_is_added_on_a_terminal_and_says_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    styled = as_table.render(REPORT, width=120, styled=True)
    plain = as_table.render(REPORT, width=120, styled=False)
    assert "\x1b[32m" in styled
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", styled) == plain
    assert drawn(picture()) in "\n".join(line.rstrip() for line in as_text.render(REPORT).split("\n"))


@pytest.mark.parametrize("width", [10, 40, 80])
def test_a_calendar_is_never_folded_nor_cut(width: int) -> None:
    made = picture(371)
    page = as_table.render(REPORT._replace(pictures=[made]), width=width, styled=False)
    rows = ["".join(span.text for span in line).rstrip() for line in grid(made, "utf-8", width)]
    assert "\n".join(rows) in page
    assert max(map(len, rows)) <= width
    whole = ["".join(span.text for span in line) for line in grid(made, "utf-8")]
    for at, name in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Week"], start=2):
        beside = "".join(row[5:] for row in rows if row.startswith(name)) if width > 5 else ""
        assert beside == whole[at][5:].rstrip() or " " in whole[at][5:].rstrip(), name


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_name_stays_one_harmless_line(text: str) -> None:
    lines = drawn(picture(title=text)).split("\n")
    assert len(lines) == 12
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lines[0])


def test_a_picture_without_rows_is_shown_too() -> None:
    page = as_text.render(Report("x", pictures=[picture()], empty=""))
    assert page.startswith("metformin\n")
    assert page.endswith("on).\n")


def test_every_sign_is_explained() -> None:
    assert set(SIGNS) == set(STATES)
