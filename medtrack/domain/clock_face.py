"""Times of day and weeks as a person reads them: by 24 hours, or by 12 where that was chosen.

Everything is said on the 24-hour clock first. What is stored, typed, or read by scripts stays so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

CLOCKS = ("24h", "12h")
WEEK_STARTS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TOLD = (
    # What is to be typed: a command up to the end of its line or sentence, and the value of an option.
    r"(?P<typed>\bmedtrack [a-z][^,;]*|--[a-z-]+[ =](?:'[^']*'|\"[^\"]*\"|\S+))"
    rf"|(?P<span>(?<![\d:])(?P<from>{_TIME})-(?P<to>{_TIME})(?!:?\d))"
    rf"|(?P<time>(?<![\d:.+T-]){_TIME}(?!:?\d))"
)


def on_twelve_hours(text: str, own: Iterable[str] = ()) -> str:
    """The text with its times on the 12-hour clock: '8:05 am', '12:00 noon'.

    What is to be typed stays as it is, and so do the words a person wrote, which are given as `own`.
    """
    if ":" not in text:
        return text
    kept = "|".join(re.escape(words) for words in sorted({*own} - {""}, key=len, reverse=True))
    pattern = f"(?P<own>{kept})|{_TOLD}" if kept else _TOLD
    return re.sub(pattern, _told, text)


def _told(found: re.Match[str]) -> str:
    if found["time"]:
        return _twelve(found["time"])
    if found["span"]:
        return f"{_twelve(found['from'])} to {_twelve(found['to'])}"
    return found[0]


def _twelve(clock: str) -> str:
    """'08:05' as '8:05 am'.

    Noon and midnight by their names, since 12 am and 12 pm are read both ways (NIST, Times of Day FAQs).
    """
    if clock in ("00:00", "12:00"):
        return "12:00 midnight" if clock == "00:00" else "12:00 noon"
    hour = int(clock[:2])
    return f"{hour % 12 or 12}:{clock[3:]} {'am' if hour < 12 else 'pm'}"
