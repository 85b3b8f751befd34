"""Who the person is, as little as they like: written down and listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from medtrack.domain.amounts import exact
from medtrack.domain.countries import read_country
from medtrack.domain.measures import WEIGHT, read_reading, say_stones
from medtrack.domain.names import read_text
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_bound
from medtrack.domain.wording import say_list
from medtrack.errors import UsageRefused
from medtrack.store import assessment as rows

from .chart import Chart

SEXES = ("female", "male", "other", "unknown")
"""FHIR R4 AdministrativeGender."""
_PROFILE = (Column("key", "What"), Column("value", "Value"))


class ProfileFlags(NamedTuple):
    """What was typed about the person, as text."""

    name: str | None = None
    born: str | None = None
    country: str | None = None
    sex: str | None = None
    weight: str | None = None


def profile(chart: Chart, flags: ProfileFlags, countries: Callable[[], Mapping[str, str]]) -> Report:
    """List what is known of the person, or write some of it down.

    `countries` gives the name of each country by its code. Raises UsageRefused, BadTime, BadText.
    """
    given = {
        key: _read(chart, countries, key, text) for key, text in flags._asdict().items() if text is not None
    }
    if not given:
        return Report(
            "profile", _profile_columns(chart), _profile_rows(chart), empty="Nothing is written down yet."
        )
    with chart.writing("profile") as work:
        for key, value in given.items():
            rows.add_profile(work, key, value)
        said = say_list([f"{key} {value}" for key, value in given.items()])
        work.summary = f"profile: {said}"
    lines = [f"Recorded: {said}.", UNDO]
    receipt = tuple(Column(column.key) for column in _PROFILE)
    return Report("profile", receipt, _profile_rows(chart), lines=lines)


def _read(chart: Chart, countries: Callable[[], Mapping[str, str]], key: str, text: str) -> str:
    typed = read_text(text, key)
    if key == "born":
        born = read_bound(typed, now=chart.now, zone=chart.zone, ahead=False)
        if isinstance(born, datetime) or born > chart.local(chart.now).date():
            raise UsageRefused(what=f"--born is a day in the past, like 1950-07-31, not {typed!r}.")
        return born.isoformat()
    if key == "country":
        return read_country(typed, countries())
    if key == "sex" and typed.lower() not in SEXES:
        raise UsageRefused(what=f"--sex is one of {say_list(SEXES)}, not {typed!r}.")
    if key == "weight":
        read = read_reading(WEIGHT, typed)
        return say_stones(read.value) if read.in_stones else f"{exact(read.value)} {read.unit}"
    return typed.lower() if key == "sex" else typed


def _profile_rows(chart: Chart) -> list[Cells]:
    known = rows.profile(chart.record)
    return [{"key": key, "value": _for_scripts(key, known[key])} for key in sorted(known)]


def _for_scripts(key: str, value: str) -> str:
    """The value with one number and one unit: a weight that is kept in stones and pounds is in pounds."""
    if key != "weight" or " st " not in value:
        return value
    read = read_reading(WEIGHT, value)
    return f"{exact(read.value)} {read.unit}"


def _profile_columns(chart: Chart) -> tuple[Column, ...]:
    known = rows.profile(chart.record)
    return (_PROFILE[0], Column("value", "Value", lambda row: known[row["key"]]))
