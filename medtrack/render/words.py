"""How typed values read to people: amounts, times, ratios and lengths of time in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.shares import percent

from .inert import readable

if TYPE_CHECKING:
    from medtrack.domain.report import Column, Report, Row


def words(value: object) -> str:
    """One value as people read it: '2026-03-10 08:00', 'half a tablet', '93.3 %', 'yes', nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {words(part)}" for key, part in value.items())
    return _typed(value)


def _typed(value: object) -> str:
    if isinstance(value, Amount):
        return show_amount(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")[:16]
    if isinstance(value, time):
        return value.isoformat("minutes")[:5]
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, Fraction):
        return percent(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(words, value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def span(length: timedelta) -> str:
    """A length of time: '2 h 30 min', '45 min', '36 h', '3 days 4 h'. Parts of a second are left out."""
    seconds = int(abs(length).total_seconds())
    days = seconds // 86_400 if seconds >= 2 * 86_400 else 0
    hours, rest = divmod(seconds - days * 86_400, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "days"), (hours, "h"), (minutes, "min"), (left, "s")]
    told = " ".join(f"{count} {unit}" for count, unit in parts if count)
    if not told:
        return "0 min"
    return f"-{told}" if length < timedelta(0) else told


def seen(report: Report) -> list[Column]:
    """The columns that people see."""
    return [column for column in report.columns if column.title is not None]


def cell(column: Column, row: Row, encoding: str) -> str:
    """One cell as people read it: harmless, on one line, in characters the screen has."""
    if column.bar:
        from .pictures import bar

        return bar(row.get(column.key), encoding)
    told = column.show(row) if column.show is not None else words(row.get(column.key))
    return readable(told, encoding)


def heading(column: Column, encoding: str) -> str:
    """The column's heading for people."""
    return readable(column.title or "", encoding)


def sentence(text: str, encoding: str) -> str:
    """A sentence for people, on one line whatever text of the person's own it holds."""
    return readable(text, encoding)
