"""Dates and clock times as a prescription writes them, in the one spelling of `words`."""

from __future__ import annotations

import re
from datetime import date, time

from medtrack.domain.amounts import UNITS
from medtrack.domain.wording import MONTHS
from medtrack.errors import BadTime, NotSettled


def read_date(match: re.Match[str]) -> str:
    """A date, with its year or of every year. Raises NotSettled for '10/11/2026', BadTime."""
    typed = match.group()
    if match["numeric"]:
        raise NotSettled(
            what=f"{typed!r} can be read as more than one date. Type it like '8 March 2026' or '2026-03-08'."
        )
    if match["iso"]:
        year, month, day = typed.split("-")
        return day_word(match, MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else "", day, year)
    return day_word(
        match, match["month"] or match["month_first"], match["day"] or match["day_second"],
        match["year"] or match["year_last"],
    )  # fmt: skip


def day_word(match: re.Match[str], month: str, day: str, year: str | None) -> str:
    """A day with its year, `d2026-03-08`, or of every year, `y03-08`; raises BadTime where there is none."""
    months = [name[:3].lower() for name in MONTHS]
    try:
        found = date(int(year or 2024), 1 + months.index(month[:3].lower()), int(day))
    except ValueError:
        raise BadTime(typed=match.group(), why="there is no such day") from None
    return f"d{found.isoformat()}" if year else f"y{found:%m-%d}"


def read_clock(match: re.Match[str], before: list[str]) -> str:
    """A clock time as `t08:00`, after the words `before`. Raises NotSettled for 'take 1 pm', and BadTime."""
    typed = match.group()
    if match["hour_alone"] and match["gap"]:
        lead = before[-2:]
        listed = lead[-1:] in (["and"], [","], ["or"]) and lead[:1] and lead[0].startswith("t")
        if lead[-1:] != ["at"] and not listed:
            half = "morning" if match["half_alone"].lower() == "a" else "evening"
            raise NotSettled(
                what=f"{typed!r} can be a time of day, or {match['hour_alone']} in the {half}. "
                f"Type 'at {typed.replace(' ', '')}' or 'in the {half}'."
            )
    hour, minute = (
        int(match["hour"] or match["hour_alone"] or match["military"][:2]),
        int(match["minute"] or 0),
    )
    if match["military"]:
        minute = int(match["military"][2:])
    half = (match["half"] or match["half_alone"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise BadTime(typed=typed, why=f"no clock shows {hour} {half}m")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return f"t{time(hour, minute):%H:%M}"
    except ValueError:
        raise BadTime(typed=typed, why="no clock shows it") from None


def is_clock(digits: str, before: list[str], after: str) -> bool:
    """Whether four digits are a time of day: 'at 0800', and 'and 2000' after one; never 'at 1000 units'."""
    follows = before[-1:] == ["at"] or (
        before[-1:] in (["and"], [","]) and len(before) > 1 and before[-2].startswith("t")
    )
    unit = re.match(r"\s?([^\W\d_]+)", after)
    return len(digits) == 4 and digits.isdigit() and follows and not (unit and unit[1].lower() in UNITS)


def clock_of_digits(digits: str) -> str:
    """'0800' as `t08:00`; raises BadTime where no clock shows it."""
    try:
        return f"t{time(int(digits[:2]), int(digits[2:])):%H:%M}"
    except ValueError:
        raise BadTime(typed=digits, why="no clock shows it") from None
