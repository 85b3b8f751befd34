"""Times on the 12-hour clock: what they say, what is left as it is, and that they are read again."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.clock_face import on_twelve_hours
from medtrack.domain.when import read_clock
from medtrack.errors import BadTiming


@given(st.times())
def test_a_time_on_the_12_hour_clock_is_read_as_the_same(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert read_clock(on_twelve_hours(f"{at:%H:%M}")) == at


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("today 08:05", "today 8:05 am"),
        ("at 00:00, 00:30, 11:59, 12:00, 12:01 and 23:59", None),
        (
            "1 tablet twice daily at 08:00 and 20:00 with food",
            "1 tablet twice daily at 8:00 am and 8:00 pm with food",
        ),
        ("(08:00)", "(8:00 am)"),
        ("2026-03-29 02:30.", "2026-03-29 2:30 am."),
        ("22:00-07:00", "10:00 pm to 7:00 am"),
        ("Not right? medtrack amend 3 --at 08:00", "Not right? medtrack amend 3 --at 08:00"),
        ("--for 08:00, planned for 20:00", "--for 08:00, planned for 8:00 pm"),
        ("--at '2026-03-10 08:00' instead of 09:00", "--at '2026-03-10 08:00' instead of 9:00 am"),
        ("2026-03-10T08:00:00+01:00", "2026-03-10T08:00:00+01:00"),
        ("0:40:05 since the dose", "0:40:05 since the dose"),
        ("08:00:30", "08:00:30"),
        ("25:00, 9:00 and 12:60", "25:00, 9:00 and 12:60"),
        ("bp 128/82, nothing here", "bp 128/82, nothing here"),
        ("", ""),
    ],
)
def test_what_is_told(said: str, told: str | None) -> None:
    wanted = (
        "at 12:00 midnight, 12:30 am, 11:59 am, 12:00 noon, 12:01 pm and 11:59 pm" if told is None else told
    )
    assert on_twelve_hours(said) == wanted


def test_the_words_of_a_person_stay() -> None:
    text = "dizzy at 08:30"
    assert on_twelve_hours(f"Noted, today 09:00: {text}", [text]) == f"Noted, today 9:00 am: {text}"
    assert on_twelve_hours("08:00 (08:00)", ["(08:00)", ""]) == "8:00 am (08:00)"


@given(st.text())
def test_whatever_is_the_persons_own_stays(text: str) -> None:
    assert on_twelve_hours(text, [text]) == text


@pytest.mark.parametrize("typed", ["11:00 noon", "12:30 midnight", "0:00 midnight"])
def test_noon_and_midnight_are_at_twelve(typed: str) -> None:
    with pytest.raises(BadTiming, match="is 12:00"):
        read_clock(typed)
