"""Outcomes: scores of instruments and readings over time, and what they say against the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from medtrack.domain.amounts import exact
from medtrack.domain.baselines import FIRST, Baseline, baseline_of, say_against
from medtrack.domain.curves import Curve, Point, curve_of
from medtrack.domain.helplines import Helpline, emergency, say_help
from medtrack.domain.instruments import (
    Instrument,
    band,
    is_urgent,
    remitted_last,
    say_answered,
    say_band,
)
from medtrack.domain.measures import (
    KINDS,
    Kind,
    Measure,
    against_normal,
    decimal,
    in_unit,
    say_value,
)
from medtrack.domain.names import folded
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import FAR
from medtrack.domain.when import read_bound, say_local
from medtrack.domain.wording import say_list
from medtrack.errors import UsageRefused
from medtrack.store.measures import listed_measures
from medtrack.store.record import BEGINNING

from .assessing import country_of
from .changes import changes, say_change_of
from .chart import Chart
from .journal import span_of

_REGIMEN = ("started", "changed", "taper", "stopped", "on hold", "resumed")
"""What is marked on a chart."""


class Reference(NamedTuple):
    """What is known of measures: the instruments, and whom to call."""

    instruments: Mapping[str, Instrument]
    helplines: Mapping[str, Helpline]


# --- the listing ----------------------------------------------------------------------------------------


def measures(
    chart: Chart,
    known: Reference,
    typed: str | None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    *,
    medication: str | None = None,
    is_drawn: bool = False,
    baseline: str | None = None,
) -> Report:
    """The scores and readings by time; of one name with what it says against the baseline, and drawn.

    `medication` marks the changes of that one alone; `baseline` is a day, as in `baseline_day`.

    Raises UsageRefused, BadSpan, BadTime, MedicationNotFound.
    """
    begins, ends = span_of(chart, since, until, span) or (BEGINNING, FAR)
    found = list(listed_measures(chart.record, begins, ends))
    about = None if medication is None else chart.find(medication).name
    named = baseline_day(chart, baseline)
    if typed is not None:
        name = _named(chart, known, typed)
        found = [each for each in found if each.name == name]
    footer: list[str] = []
    if typed is not None or is_drawn:
        every = all_measures(chart)
        for name in dict.fromkeys(each.name for each in found):
            # The days that are listed choose no other baseline.
            against = baseline_of([each for each in every if each.name == name], named)
            footer += _said_of(known, name, [each for each in found if each.name == name], against)
    curves = [] if not is_drawn else drawn(chart, known, found, about)
    rows = [measure_row(chart, known, each) for each in found]
    columns = [
        column if any(row[column.key] is not None for row in rows) else column._replace(title=None)
        for column in measure_columns(chart, known)
    ]
    help_ = help_now(chart, known, found[::-1])
    return Report(
        "measures",
        columns,
        rows,
        {"help": help_},
        footer=[*footer, *help_],
        empty="No measure is written down for that.",
        curves=curves,
    )


def drawn(
    chart: Chart, known: Reference, found: Sequence[Measure], medication: str | None = None
) -> list[Curve]:
    """A curve for each measure that has two values or more, with what changed in the regimen marked on it."""
    marks = _marks(chart, medication)
    ordered = sorted(found, key=lambda each: (each.name, each.measured_at, each.id))
    curves = []
    for name, group in groupby(ordered, key=lambda each: each.name):
        curves += [each for each in curves_in(known, name, list(group), marks) if len(each.points) > 1]
    return curves


def curves_in(
    known: Reference, name: str, group: Sequence[Measure], marks: Sequence[tuple[datetime, str]] = ()
) -> list[Curve]:
    """The values of one measure as a curve for each unit they are in."""
    return [_curve(known, name, unit, values, marks) for unit, values in by_unit(name, group)]


def _curve(
    known: Reference,
    name: str,
    unit: str | None,
    values: Sequence[tuple[Measure, Fraction]],
    marks: Sequence[tuple[datetime, str]],
) -> Curve:
    points = sorted(
        (Point(each.local, value, each.comparator or "") for each, value in values),
        key=lambda point: point.at,
    )
    others = [Point(each.local, each.second) for each, _ in values if each.second is not None]
    others.sort(key=lambda point: point.at)
    instrument = known.instruments.get(name)
    scale = None
    if instrument is not None:
        scale = [Fraction(least) for least, _ in instrument.bands] or [Fraction(0)]
        scale.append(Fraction(instrument.most))
    return curve_of(title_of(known, name), unit or "", points, others, marks, scale)


def by_unit(name: str, group: Sequence[Measure]) -> list[tuple[str | None, list[tuple[Measure, Fraction]]]]:
    """Each unit with the values that are in it, of readings of one name; that of the last reading comes last.

    A value in another unit of a reading that medtrack knows is worked out into that of the last one. Of a lab
    none is: its values in one unit are never put together with those in another.
    """
    group = [each for each in group if each.value is not None]
    if not group:
        return []
    kind = KINDS.get(name)
    if kind is not None:
        unit = group[-1].unit
        return [(unit, [(each, _in_unit(kind, each, unit or "")) for each in group])]
    found: dict[str | None, list[tuple[Measure, Fraction]]] = {}
    for each in group:
        found.setdefault(each.unit, []).append((each, each.value or Fraction(0)))
    last = found.pop(group[-1].unit)
    return [*found.items(), (group[-1].unit, last)]


def _in_unit(kind: Kind, entry: Measure, unit: str) -> Fraction:
    """The value in a unit: as it was typed, or worked out to the decimals that unit is read with."""
    value = entry.value or Fraction(0)
    if entry.unit in (unit, None):
        return value
    return Fraction(decimal(in_unit(kind, value, entry.unit or "", unit), kind.places[unit]))


def _marks(chart: Chart, medication: str | None) -> list[tuple[datetime, str]]:
    """What changed in the regimen, by the wall clock, in words; what sessions hold is none of it."""
    found = []
    for row in changes(chart, None).rows:
        if row["what"] not in _REGIMEN or row["medication"] is None or row["with_session"]:
            continue
        if medication is None or row["medication"] == medication:
            found.append((chart.shown(row["at"]).replace(tzinfo=None), say_change_of(chart, row)))
    return found


def _said_of(known: Reference, name: str, found: Sequence[Measure], baseline: Baseline | None) -> list[str]:
    instrument = known.instruments.get(name)
    if instrument is None:
        return []
    scored = [each for each in found if each.value is not None]
    said = []
    against = say_against(instrument, baseline, scored[-1]) if scored else None
    if against is not None:
        last = scored[-1]
        said.append(f"{instrument.title}: {int(last.value or 0)} on {last.local:%Y-%m-%d}. {against}")
    in_a_row = remitted_last(instrument, [int(each.value or 0) for each in scored])
    if in_a_row > 1:
        said.append(f"The last {in_a_row} of {len(scored)} scores in a row are ones of remission.")
    said.append(f"Source of {instrument.title}: {instrument.source}.")
    if instrument.change_source and against is not None:
        said.append(f"Of its changes: {instrument.change_source}.")
    return said


def baseline_day(chart: Chart, typed: str | None = None) -> date | None:
    """The day up to which the last score is the baseline: as typed, else as the setting says.

    None is the first score ever. Raises UsageRefused for a day to come, and BadTime.
    """
    if typed is None:
        kept = chart.settings.get("baseline", FIRST)
        return None if kept == FIRST else date.fromisoformat(kept)
    if typed.strip().casefold() == FIRST:
        return None
    bound = read_bound(typed, now=chart.now, zone=chart.zone, ahead=False)
    day = chart.local(bound).date() if isinstance(bound, datetime) else bound
    if day > chart.local(chart.now).date():
        raise UsageRefused(what=f"{day} is still to come: the baseline is a day in the past, or {FIRST}.")
    return day


def _named(chart: Chart, known: Reference, typed: str) -> str:
    """The measure a person means; raises UsageRefused where nothing of that name is written down."""
    name = spellings(chart, known).get(folded(typed))
    if name is None:
        there = say_list(dict.fromkeys(each.name for each in all_measures(chart))) or "none yet"
        raise UsageRefused(what=f"No measure {typed!r} is written down. There are: {there}.")
    return name


def spellings(chart: Chart, known: Reference, *, is_new: bool = False) -> dict[str, str]:
    """Every spelling of a measure, folded, with its name; of a new one only what is exactly the same."""
    found = {folded(each.name): each.name for each in all_measures(chart)}
    for of in (known.instruments, KINDS):
        for name, each in of.items():
            spelled = () if is_new else (each.title, *each.aliases)
            found |= {folded(spelling): name for spelling in (name, *spelled)}
    return found


def all_measures(chart: Chart) -> list[Measure]:
    """Every measure that stands, by time."""
    return list(listed_measures(chart.record, BEGINNING, FAR))


# --- rows -------------------------------------------------------------------------------------------


def title_of(known: Reference, name: str) -> str:
    """The name of a measure as people read it."""
    if name in known.instruments:
        return known.instruments[name].title
    return KINDS[name].title if name in KINDS else name


def say_measure(known: Reference, entry: Measure) -> str:
    """The value as people read it: '14 of 27, moderate (10 to 14)', '128/82 mmHg'."""
    instrument = known.instruments.get(entry.name)
    if instrument is None:
        return say_value(entry)
    if entry.value is None:
        return say_answered(entry.items)
    words = say_band(instrument, int(entry.value))
    return f"{int(entry.value)} of {instrument.most}" + (f", {words}" if words else "")


def measure_row(chart: Chart, known: Reference, entry: Measure) -> Cells:
    """A measure as cells."""
    instrument = known.instruments.get(entry.name)
    score = None if entry.value is None or instrument is None else int(entry.value)
    return {
        "id": entry.id,
        "measured_at": chart.zones.shown(entry.measured_at),
        "local_time": entry.local.isoformat(timespec="seconds"),
        "zone": entry.zone,
        "name": entry.name,
        "value": None if entry.value is None else exact(entry.value),
        "second": None if entry.second is None else exact(entry.second),
        "unit": entry.unit,
        "comparator": entry.comparator,
        "most": None if instrument is None else instrument.most,
        "band": None if score is None or instrument is None else band(instrument, score),
        "items": list(entry.items) or None,
        "range": entry.normal,
        "in_range": None
        if entry.value is None
        else against_normal(entry.value, entry.comparator, entry.normal),
        "note": entry.note,
        "reads_as": say_measure(known, entry),
    }


def measure_columns(chart: Chart, known: Reference) -> tuple[Column, ...]:
    """The columns of measures."""

    def placed(row: Row) -> str:
        return "" if row["range"] is None else f"{row['in_range'] or 'cannot be told:'} {row['range']}"

    def items(row: Row) -> str:
        return (
            ""
            if row["items"] is None
            else " ".join("-" if each is None else str(each) for each in row["items"])
        )

    return (
        Column("id", "Id", right=True),
        Column("measured_at", "Time", lambda row: say_local(chart.shown(row["measured_at"]))),
        Column("local_time"),
        Column("zone"),
        Column("name", "Measure", lambda row: title_of(known, row["name"])),
        Column("value"),
        Column("second"),
        Column("unit"),
        Column("comparator"),
        Column("most"),
        Column("band"),
        Column("reads_as", "Value"),
        Column("items", "Items", items),
        Column("range", "Lab's range", placed),
        Column("in_range"),
        Column("note", "Note"),
    )


# --- help ---


def help_now(chart: Chart, known: Reference, found: Sequence[Measure]) -> list[str]:
    """Where to get help now, if an answer of these measures says so: the first of them is named."""
    for entry in found:
        instrument = known.instruments.get(entry.name)
        if instrument is None or instrument.urgent_item is None:
            continue
        score = None if entry.value is None else int(entry.value)
        if is_urgent(instrument, entry.items, score):
            when = chart.dated(entry.measured_at)[:10]
            first = f"Item {instrument.urgent_item} of {instrument.title} is above zero ({when})."
            own = chart.settings.get("crisis")
            return [first, *say_help(known.helplines, country_of(chart), own)]
    return []


def say_not_known(chart: Chart, known: Reference, instrument: Instrument, entry: Measure) -> list[str]:
    """One sentence where the item that asks for help was left out, or only a total was given."""
    number = instrument.urgent_item
    if number is None or (entry.items and entry.items[number - 1] is not None):
        return []
    country = country_of(chart)
    call, own = emergency(known.helplines, country), chart.settings.get("crisis")
    found = known.helplines.get(country or "")
    lines = [f"call {call}", *([own] if own else []), *([found.line] if found else [])]
    why = "was left out" if entry.items else "is not known from a total"
    return [f"Item {number} of {instrument.title} {why}. If it is above zero: {'; '.join(lines)}."]
