"""Numbers joined by a stroke, '1/2', '5/10', '5/7': fractions, two doses, or lengths of time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medtrack.domain.amounts import HALVED, UNITS, is_one_number
from medtrack.errors import NotSettled

_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_COUNTED = re.compile(r"(?: ?(?:-|to\b|or\b) ?[\d./]+)?(?: of)?(?: an?\b)?[ -]?([^\W\d_]+)", re.IGNORECASE)
"""What a number counts: the word behind it, or behind the range that it begins."""


def check_separators(plain: str) -> None:
    """Refuse a comma for a point, and thousands set apart by anything but a comma."""
    decimal = re.search(rf"(?<![\d.,])(\d+),(\d+)(?![\d,])(?= ?(?:{_UNIT})\b)", plain, re.IGNORECASE)
    if decimal and not re.fullmatch(r"[1-9]\d{0,2},\d{3}", decimal.group()):
        raise NotSettled(
            what=f"'{decimal.group()}' has a comma, which parts thousands or two numbers. If it is a "
            f"decimal, type '{decimal[1]}.{decimal[2].rstrip('0') or '0'}'."
        )
    apart = re.search(
        rf"(?<![\w.,/-])\d{{1,3}}(?: 000|['_]\d{{3}})+(?![\d.,])(?= ?(?:{_UNIT})\b)", plain, re.IGNORECASE
    )
    if apart:
        number = int(re.sub(r"\D", "", apart.group()))
        raise NotSettled(what=f"'{apart.group()}' can be one number or two. If it is one, type '{number:,}'.")


def check_span_of_times(said: Sequence[str]) -> None:
    """Refuse '8am-8pm': at both, or all the time between them?"""
    for before, joint, after in zip(said, said[1:], said[2:], strict=False):
        if joint in ("-", "--") and re.match(r"t\d\d:", before) and re.match(r"t\d\d:", after):
            raise NotSettled(
                what=f"'{before[1:]} - {after[1:]}' can be two times, or all the time between them. Type "
                "the times: 'at 08:00 and 20:00'."
            )


def check_fraction(typed: str, after: str) -> None:
    """Refuse '5/10 ml', which can be two doses as well as a fraction; '1/2 tablet' cannot."""
    found = _COUNTED.match(after)
    word = found[1].lower() if found else ""
    unit = UNITS.get(word)
    if unit is None:
        unit = "tablet"  # a spoon, a part of an hour, or what the line has named
    several = unit in HALVED and word.endswith("s") and not typed.startswith("1/")
    if (
        "/" in typed
        and " " not in typed
        and (several or not is_one_number(typed, unit) or unit not in HALVED)
    ):
        first, _, second = typed.partition("/")
        raise NotSettled(
            what=f"'{typed}' can be a fraction, or two numbers: {first} and {second}, or {first} to "
            f"{second}. Type one number with a point ('0.5 mg'), 'half a tablet', or each dose with "
            "its own time."
        )


def ask_about_fraction(typed: str) -> str:
    """'5/7' by itself: a length as British prescribers write it, a share of the week, or a date."""
    number, _, of = typed.partition("/")
    unit = {"7": "day", "12": "month", "52": "week"}[of]
    length = f"for {number} {unit}{'s'[: int(number) != 1]}"
    other = {"day": f", on {number} days of the week" if int(number) < 7 else ""}.get(unit, ", how often")
    return f"'{typed}' can mean {length}{other}, or a date. Type '{length}', or the days."
