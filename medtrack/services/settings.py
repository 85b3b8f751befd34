"""Settings: the person's own clock times and where their day starts."""

from __future__ import annotations

from datetime import time

from medtrack.domain.baselines import FIRST
from medtrack.domain.clock_face import CLOCKS, WEEK_STARTS
from medtrack.domain.names import meant, read_text
from medtrack.domain.reminders import read_check_in, read_quiet
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_clock, read_clocks, read_duration
from medtrack.domain.wording import say_duration, say_list
from medtrack.errors import UsageRefused
from medtrack.store.settings import add_setting

from .chart import Chart
from .outcomes import baseline_day
from .planning import habits

MEANINGS = {
    "person": "whose record this is",
    "day-starts": "when a day of the adherence report starts",
    "once": "times for something daily",
    "twice": "times for twice daily",
    "three": "times for three times daily",
    "four": "times for four times daily",
    "morning": "in the morning",
    "noon": "at noon",
    "evening": "in the evening",
    "night": "at night",
    "bedtime": "at bedtime",
    "breakfast": "breakfast",
    "lunch": "lunch",
    "dinner": "dinner",
    "before-meal": "how long before a meal 'before' is",
    "clock": "which clock times are shown on: 24h or 12h",
    "week-starts": "with which day a week begins in calendars",
    "order-ahead": "how many days before it runs out to order",
    "quiet": "hours in which no reminder sounds",
    "check-in": "when a reminder asks how it goes",
    "baseline": "the day of the scores that others are held against, or first",
    "crisis": "whom to call first in a crisis, in your own words",
}
_WORDS = {"person": "name", "crisis": "words"}
_REMINDERS = {"quiet": read_quiet, "check-in": read_check_in}
_CHOICES = {"clock": CLOCKS, "week-starts": WEEK_STARTS}
_LISTS = {"once": 1, "twice": 2, "three": 3, "four": 4}
_COLUMNS = (
    Column("key", "Setting"),
    Column("value", "Value"),
    Column("is_default", "Default"),
    Column("meaning", "What it says"),
)


def settings(chart: Chart, key: str | None, value: str | None) -> Report:
    """List the settings, show one, or make one. A change of default times changes no plan that is there.

    Raises UsageRefused for an unknown key, and what reading a time or a length raises.
    """
    if key is not None and key not in MEANINGS:
        hint = meant(key, MEANINGS, f"The settings are {say_list(MEANINGS)}.")
        raise UsageRefused(what=f"There is no setting {key[:40]!r}. {hint}")
    if key is None or value is None:
        return Report("settings", _COLUMNS, [row for row in _rows(chart) if key in (None, row["key"])])
    text = _checked(chart, key, value)
    with chart.writing("settings") as work:
        add_setting(work, key, text)
        work.summary = f"set {key} to {text}"
    rows = [row for row in _rows(chart) if row["key"] == key]
    return Report("settings", _COLUMNS, rows, lines=[f"Recorded: {key} is {text}.", UNDO])


def _checked(chart: Chart, key: str, value: str) -> str:
    """The value as it is stored."""
    if key in _WORDS:
        return read_text(value, _WORDS[key])
    if key == "baseline":
        day = baseline_day(chart, value)
        return FIRST if day is None else day.isoformat()
    if key == "before-meal":
        return f"{int(read_duration(value).total_seconds()) // 60}m"
    if key == "order-ahead":
        if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value) <= 365):
            raise UsageRefused(what=f"order-ahead takes a whole number of days up to 365, not {value!r}.")
        return str(int(value))
    if key in _CHOICES:
        chosen = value.strip().casefold()
        if chosen not in _CHOICES[key]:
            raise UsageRefused(what=f"{key} is one of {say_list(_CHOICES[key])}, not {value[:40]!r}.")
        return chosen
    if key in _REMINDERS:
        wanted = _REMINDERS[key](value)
        return "off" if wanted is None else str(wanted)
    if key in _LISTS:
        times = read_clocks(value)
        if len(times) != _LISTS[key]:
            raise UsageRefused(what=f"{key} takes {_LISTS[key]} times, not {len(times)}.")
        return ",".join(_text(each) for each in times)
    at = read_clock(value)
    if key == "day-starts" and at >= time(12):
        raise UsageRefused(what="A day starts before noon: day-starts takes a time from 00:00 to 11:59.")
    return _text(at)


def _text(at: time) -> str:
    return at.isoformat("minutes")


def _rows(chart: Chart) -> list[Cells]:
    made = chart.settings
    current = habits(chart)
    rows: list[Cells] = []
    for key, meaning in MEANINGS.items():
        if key == "person":
            value = chart.person
        elif key == "day-starts":
            value = _text(chart.day_starts)
        elif key == "before-meal":
            value = say_duration(current.before_meal)
        elif key == "order-ahead":
            value = str(chart.order_ahead.days)
        elif key in _CHOICES:
            value = made.get(key, _CHOICES[key][0])
        elif key in _REMINDERS:
            value = made.get(key, "off")
        elif key == "baseline":
            value = made.get(key, FIRST)
        elif key == "crisis":
            value = made.get(key, "by your country")
        else:
            times = getattr(current, key)
            value = _text(times) if isinstance(times, time) else ",".join(_text(each) for each in times)
        rows.append({"key": key, "value": value, "is_default": key not in made, "meaning": meaning})
    return rows
