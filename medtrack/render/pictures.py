"""Pictures in signs: a calendar for a terminal or a page of plain text, and a bar.

The signs differ in shape, so that nothing is lost without colour; a legend under each calendar says in
words what they are and how many there are. Where the screen has no such signs, ASCII ones stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from medtrack.domain.pictures import STATES, Calendar, Share, month_names
from medtrack.domain.shares import percent
from medtrack.domain.wording import WEEKDAYS, say_number_of

from .words import sentence

SIGNS = dict(zip(STATES, "●◐○+=·~", strict=True))
_ASCII_SIGNS = dict(zip(STATES, "#/o+=.~", strict=True))
_SHORT = {
    "full": "all", "part": "some", "none": "none", "extra": "more", "held": "on hold",
    "nothing": "nothing planned", "open": "open",
}  # fmt: skip
"""What a day is, in a line of its week."""
STYLES = {"full": "green", "part": "yellow", "none": "red", "extra": "magenta", "held": "cyan"}
"""Colours are added on a terminal; they say nothing that the signs do not."""
_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = "_123456#"
_WIDE = 27
"""Weeks up to which a column is two characters wide."""
_BAR = 10
_LABEL = " " * 5


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    style: str = ""


Line = list[Span]


def calendar(picture: Calendar, encoding: str) -> list[Line]:
    """A calendar: its title, the names of the months, seven rows of days, a row of weeks, the legend."""
    return [*grid(picture, encoding), *legend(picture, encoding)]


def grid(picture: Calendar, encoding: str, wide: int | None = None) -> list[Line]:
    """The rows whose columns stand over each other, so that no line may be folded.

    Where the screen is `wide` so many characters and that is too little, the later weeks stand below.
    """
    columns = picture.columns
    width = 2 if len(columns) <= _WIDE and (wide is None or _size(len(columns), 2) <= wide) else 1
    at_once = len(columns) if wide is None else max((wide - len(_LABEL)) // width, 1)
    lines: list[Line] = [[Span(sentence(picture.title, encoding), "bold")]]
    for first in range(0, len(columns), at_once):
        lines += _block(picture, encoding, slice(first, first + at_once), width, wide)
    return lines


def _size(columns: int, width: int) -> int:
    # After the last column nothing is left blank.
    return len(_LABEL) + columns * width - width + 1


def _block(picture: Calendar, encoding: str, part: slice, width: int, wide: int | None) -> list[Line]:
    """Some weeks: the names of the months, seven rows of days, a row of weeks."""
    signs = _signs(encoding)
    columns = picture.columns[part]
    # A name may stand out over the last column where there is room.
    room = len(columns) * width + 4
    room = room if wide is None else min(room, wide - len(_LABEL) + 1)
    months = _months(columns, max(picture.since, columns[0]), width, room)
    lines: list[Line] = [[Span(_LABEL + months)]]
    for row, name in enumerate(picture.weekdays):
        line = [Span(name[:3].ljust(len(_LABEL)))]
        for first in columns:
            state = picture.state_on(first + timedelta(row))
            sign = " " if state is None else signs[state]
            line += [Span(sign, STYLES.get(state or "", "")), Span(" " * (width - 1))]
        lines.append(line)
    shares = "".join(level(week, encoding).ljust(width) for week in picture.weeks[part])
    lines.append([Span("Week " + shares)])
    return lines


def legend(picture: Calendar, encoding: str) -> list[Line]:
    """What the signs mean and how many there are of each; the lowest and the highest week."""
    signs = _signs(encoding)
    line: Line = []
    for state, number in picture.totals.items():
        line += [Span(signs[state], STYLES.get(state, "")), Span(f" {STATES[state]}: {number}   ")]
    lines = [line or [Span("No day of it has come yet.")]]
    return [*lines, *([Span(said)] for said in (least(picture), cut(picture)) if said)]


def told(picture: Calendar, encoding: str) -> list[str]:
    """A calendar in reading order: a line for each week, and how many days there are of each state."""
    lines = [sentence(picture.title, encoding)]
    what = "doses taken" if picture.of == "dose" else "days right"
    for first, week in zip(picture.columns, picture.weeks, strict=True):
        days = [first + timedelta(at) for at in range(7)]
        said = [
            f"{WEEKDAYS[day.weekday()][:3]} {_SHORT[state]}"
            for day in days
            if (state := picture.state_on(day)) is not None
        ]
        if said:
            share = f"; {week.part} of {week.whole} {what}" if week.whole else ""
            lines.append(f"Week of {first}: {', '.join(said)}{share}")
    totals = [f"{STATES[state]}: {number}" for state, number in picture.totals.items()]
    lines.append("; ".join(totals) or "No day of it has come yet.")
    return [*lines, *(said for said in (least(picture), cut(picture)) if said)]


def cut(picture: Calendar) -> str:
    """What a calendar of a longer span leaves out."""
    return "" if picture.is_whole else f"Only the last year of the span is drawn, from {picture.since} on."


def _signs(encoding: str) -> dict[str, str]:
    return SIGNS if has(encoding, "".join(SIGNS.values())) else _ASCII_SIGNS


def _months(columns: Sequence[date], since: date, width: int, edge: int) -> str:
    """The line over the columns; a name that would run into the next, or to the edge, is left out."""
    placed: list[tuple[int, str]] = []
    for number, name in sorted(month_names(columns, since).items(), reverse=True):
        if number * width + len(name) < edge:
            edge = number * width
            placed.append((edge, name))
    line = ""
    for at, name in reversed(placed):
        line = line.ljust(at) + name
    return line


def least(picture: Calendar) -> str:
    """The weeks in words: the span of their shares, each with its numbers."""
    counted = [(week.ratio, week) for week in picture.weeks if week.ratio is not None]
    if picture.weeks and not any(week.started for week in picture.weeks):
        return "Not started."
    if len(counted) < 2:
        return ""
    low = min(counted, key=itemgetter(0))[1]
    high = max(counted, key=itemgetter(0))[1]
    what = "doses taken" if picture.of == "dose" else "days right"
    if low.ratio == high.ratio:
        weeks = say_number_of(len(counted), "week")
        return f"Week: {what}, {percent(low.ratio or Fraction(0))} in each of {weeks}."
    return f"Week: {what}, from {_say_week(low)} to {_say_week(high)}."


def _say_week(week: Share) -> str:
    ratio = week.ratio
    share = "" if ratio is None else f" = {percent(ratio)}"
    return f"{week.part} of {week.whole}{share} ({week.since} on)"


def level(week: Share, encoding: str) -> str:
    """The share of a week as one sign: the highest only for all, the lowest only for none, else a space."""
    return level_of(week.ratio, encoding)


def level_of(ratio: Fraction | None, encoding: str) -> str:
    """A share as one sign, as `level` has it."""
    if ratio is None:
        return " "
    levels = _LEVELS if has(encoding, _LEVELS) else _ASCII_LEVELS
    return levels[_step(ratio, len(levels) - 1)]


def bar(share: object, encoding: str) -> str:
    """A share as a bar of ten: full only for all, empty only for none; nothing where there is no share.

    Several shares are a sparkline: one sign each, as those of the weeks under a calendar.
    """
    if isinstance(share, list):
        return "".join(level_of(each, encoding) for each in share).rstrip()
    if not isinstance(share, Fraction):
        return ""
    full, empty = ("█", "░") if has(encoding, "█░") else ("#", ".")
    step = _step(min(share, Fraction(1)), _BAR)
    return full * step + empty * (_BAR - step)


def _step(ratio: Fraction, steps: int) -> int:
    if ratio in (0, 1):
        return int(ratio) * steps
    return min(max(round(ratio * steps), 1), steps - 1)


def has(encoding: str, signs: str) -> bool:
    """Whether an encoding carries all of these signs."""
    try:
        signs.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
