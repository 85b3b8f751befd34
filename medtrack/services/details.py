"""What a clinician asks beyond the share taken: timing, intervals, holidays, how long, and on which days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from medtrack.domain.adherence import Entries, entries, ratio
from medtrack.domain.interruptions import HOLIDAY_DAYS
from medtrack.domain.pattern import PARTS, by_part_of_day, by_weekday, outcomes
from medtrack.domain.persistence import PERMISSIBLE, Persistence, initiation_lag, persistence
from medtrack.domain.regularity import TOLERANCE, regularity, spaced
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.shares import percent
from medtrack.domain.slots import reach
from medtrack.domain.wording import WEEKDAYS, say_duration, say_list, say_minutes, say_number_of
from medtrack.store.doses import open_doses

from .chart import Chart, scheduled_spans
from .counting import Counted
from .lived import Lived

EVEN = f"{(1 - TOLERANCE) * 100} % to {(1 + TOLERANCE) * 100} % of the planned interval"
_DAY = timedelta(1)
_DAYS = [name.lower() for name in WEEKDAYS]


class Kept(NamedTuple):
    """When a medication was begun and how long it was kept up, in the whole record."""

    planned_at: datetime | None
    """The first planned dose ever; None where none was yet."""
    lag: timedelta | None
    """From there to the first dose taken; None where none was."""
    persistence: Persistence | None


def kept_up(chart: Chart, each: Counted) -> Kept:
    """Initiation and persistence of a medication, from the first plan of the record on."""
    medication, plans = each.medication, chart.plans(each.medication)
    active = [(since, until) for since, until in scheduled_spans(plans, chart.zones) if since < until]
    if not active:
        return Kept(None, None, None)
    starts = min(since for since, _ in active)
    slots = chart.course(medication, starts, starts + reach(plans), plans).matches
    planned_at = slots[0].slot.planned_at if slots else None
    return Kept(
        planned_at,
        None if planned_at is None else initiation_lag(planned_at, each.first),
        persistence(open_doses(chart.record, medication.id), active, each.holds, chart.now),
    )


def _scheduled(counted: Sequence[Counted], every: Sequence[Lived]) -> list[tuple[Counted, Lived]]:
    by_id = {each.medication.id: each for each in every}
    return [(each, by_id[each.medication.id]) for each in counted if each.active]


def details(
    chart: Chart, counted: Sequence[Counted], every: Sequence[Lived], rows: Mapping[str, Row]
) -> Report:
    """Timing, intervals, holidays, initiation, persistence and entries of each scheduled medication.

    `rows` are those of the adherence listing by medication: what both say is said once.
    """
    cells = [_row(chart, each, went, rows[each.medication.name]) for each, went in _scheduled(counted, every)]
    columns = (
        Column("medication", "Medication"),
        Column("taken"),
        Column("early", "Early", _number("early", "taken"), right=True),
        Column("on_time", "On time", _share("on_time", "taken"), right=True),
        Column("late", "Late", _number("late", "taken"), right=True),
        Column("other_amount", "Other amount", _number("other_amount", "taken"), right=True),
        Column("intervals"),
        Column("even_intervals", "Even intervals", _share("even_intervals", "intervals"), right=True),
        Column("short_intervals", "Too short", _number("short_intervals", "intervals"), right=True),
        Column("long_intervals", "Too long", _number("long_intervals", "intervals"), right=True),
        Column("holidays", "Drug holidays", _holidays),
        Column("started"),
        Column("initiation_lag", "Begun after", _begun),
        Column("persistence", "Kept up", _kept),
        Column("persistence_ended"),
        Column("doses"),
        Column("late_entries", "Entered late", _number("late_entries", "doses"), right=True),
        Column("reconstructed"),
    )
    # What never happened, and is said below anyway, needs no column.
    rare = {key for key in ("other_amount", "late_entries") if not any(row[key] for row in cells)}
    footer = [
        f"Even: {EVEN}; pauses are left out. Drug holidays: {HOLIDAY_DAYS} days or more in a row without a"
        " dose.",
        "Begun after: from the first planned dose to the first taken. Kept up: from the first dose to the"
        f" last in the whole record, ended where none followed for longer than {say_duration(PERMISSIBLE)}.",
    ]
    seen = [column._replace(title=None) if column.key in rare else column for column in columns]
    return Report("details", seen, cells, footer=footer if cells else (), empty="No doses were due.")


def _row(chart: Chart, each: Counted, went: Lived, sums: Row) -> Cells:
    kept = kept_up(chart, each)
    held = kept.persistence
    even = regularity(spaced(went.matches, [dose.taken_at for dose in went.extras]), each.holds)
    found: Entries = entries(went.doses)
    return {
        **{key: sums[key] for key in ("medication", "taken", "early", "on_time", "late", "other_amount")},
        "intervals": even.intervals,
        "even_intervals": even.even,
        "short_intervals": even.short,
        "long_intervals": even.long,
        "holidays": sums["holidays"],
        "started": sums["started"],
        "initiation_lag": kept.lag,
        "persistence": None if held is None else held.length,
        "persistence_ended": None if held is None else held.ended,
        "doses": found.doses,
        "late_entries": found.late,
        "reconstructed": found.reconstructed,
    }


def _number(part: str, whole: str) -> Callable[[Row], str]:
    """A count of another: '3 of 50'; nothing of nothing."""
    return lambda row: f"{row[part]} of {row[whole]}" if row[whole] else ""


def _share(part: str, whole: str) -> Callable[[Row], str]:
    """A count of another with their share: '47 of 50 = 94.0 %'."""
    number = _number(part, whole)

    def said(row: Row) -> str:
        share = ratio(row[part], row[whole])
        return "" if share is None else f"{number(row)} = {percent(share)}"

    return said


def _holidays(row: Row) -> str:
    if not row["started"]:
        return ""
    return (
        say_list(
            f"{each['since']} to {each['until']}, {say_number_of(each['days'], 'day')}"
            for each in row["holidays"]
        )
        or "none"
    )


def _begun(row: Row) -> str:
    lag = row["initiation_lag"]
    return "not started" if lag is None else _say_days(lag)


def _kept(row: Row) -> str:
    if row["persistence"] is None:
        return ""
    how = {"gap": "ended by a gap", "plan": "ended with its plan"}.get(row["persistence_ended"], "goes on")
    return f"{_say_days(row['persistence'])}, {how}"


def _say_days(length: timedelta) -> str:
    """Whole days where there are some, for nobody asks for the minutes of a year."""
    return say_duration(length // _DAY * _DAY) if length >= 2 * _DAY else say_minutes(length)


def pattern(chart: Chart, counted: Sequence[Counted], every: Sequence[Lived]) -> Report:
    """Planned doses taken on each weekday and in each part of the day: a missed evening is seen at once."""
    cells: list[Cells] = []
    for each, went in _scheduled(counted, every):
        closed = outcomes(went.matches, each.holds, chart.now)
        on_day = {_DAYS[int(part.name)]: part for part in by_weekday(closed, chart.day_starts)}
        at_time = {str(part.name): part for part in by_part_of_day(closed)}
        found = {name: (on_day | at_time).get(name) for name in (*_DAYS, *PARTS)}
        if not any(found.values()):
            continue
        row: Cells = {"medication": each.medication.name}
        for name, part in found.items():
            row[name] = None if part is None else {"taken": part.taken, "expected": part.expected}
        parts = [found[name] for name in _DAYS]
        # What was never begun has no shares to draw.
        row["week"] = None
        if each.first is not None:
            row["week"] = [None if part is None else ratio(part.taken, part.expected) for part in parts]
        cells.append(row)
    used = {name for name in (*_DAYS, *PARTS) if any(row[name] for row in cells)}
    columns = [Column("medication", "Medication")]
    columns += [_part(name, name[:3].capitalize(), used) for name in _DAYS]
    columns.append(Column("week", "", bar=True))
    columns += [_part(name, name.capitalize(), used) for name in PARTS]
    footer = [
        "Planned doses taken of those planned. Morning from 06:00, afternoon from 12:00, evening from 18:00."
    ]
    return Report("pattern", columns, cells, footer=footer if cells else (), empty="No doses were due.")


def _part(name: str, title: str, used: set[str]) -> Column:
    def said(row: Row) -> str:
        return "" if row[name] is None else f"{row[name]['taken']} of {row[name]['expected']}"

    return Column(name, title if name in used else None, said, right=True)
