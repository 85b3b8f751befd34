"""Adherence as people take it in at a glance: day by day, week by week, and beside the span before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from medtrack.domain.adherence import Day, all_day_counts, day_of, period_of, sum_counts
from medtrack.domain.pictures import Calendar, Share, day_state, shown_from
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.wording import say_number_of
from medtrack.errors import UsageRefused

from .adherence import METHOD, NONE_DUE, Measured, check_period, measure, say_taken, tell, window_of
from .chart import Chart
from .journal import span_of

TOGETHER = "all together"
"""What all scheduled medications are called where they are one."""
_DAY = timedelta(1)


def adherence_in_pictures(
    chart: Chart,
    typed: Sequence[str],
    *,
    by: str | None = None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    calendar: bool = False,
    compare: bool = False,
    week_starts: int = 0,
) -> Report:
    """The adherence listing with a calendar of every scheduled medication, the span before it, or both.

    Raises what `adherence` raises.
    """
    check_period(by)
    if compare and by is not None:
        raise UsageRefused(what="--compare sets the whole span beside the one before: leave out --by.")
    medications = chart.chosen(list(typed))
    first, last = window_of(chart, medications, span_of(chart, since, until, span))
    measured = measure(chart, medications, first, last)
    report = tell(chart, measured, by, week_starts)
    if compare:
        earlier = before(chart, measured)
        report = compared(chart, report, earlier)
        if earlier is not None and report.rows:
            report = report._replace(footer=[say_before(earlier), *report.footer])
    if calendar:
        pictures = calendars(chart, measured, week_starts)
        report = report._replace(
            meta={**report.meta, "calendar": [calendar_cells(picture) for picture in pictures]},
            pictures=pictures,
        )
    return report


# --- beside the span before ---------------------------------------------------------------------------------


def before(chart: Chart, measured: Measured) -> Measured | None:
    """The same medications in as many days right before; None where the calendar does not reach so far."""
    length = measured.last - measured.first + _DAY
    if measured.first - date.min <= 2 * length:
        return None
    medications = [each.medication for each in measured.counted]
    return measure(chart, medications, measured.first - length, measured.first - _DAY)


def compared(chart: Chart, report: Report, earlier: Measured | None) -> Report:
    """The listing with its bars, and what each share was in the span before."""
    if earlier is None:
        return report
    found = {row["medication"]: row for row in tell(chart, earlier).rows}
    alone = earlier.scheduled
    if len(alone) == 1:
        # All together were one medication then, whose row is the row of all.
        found["all"] = {**found[alone[0].medication.name], "medication": "all"}
    rows: list[Cells] = [{**row, "before": _before_cell(found.get(row["medication"]))} for row in report.rows]

    def said(row: Row) -> str:
        there = found.get(row["medication"])
        if there is None:
            return NONE_DUE if row["method"] == METHOD else "0 as needed"
        return _say(there)

    columns: list[Column] = []
    for column in report.columns:
        if column.key == "taken":
            columns.append(column._replace(show=_say))
        elif column.bar:
            columns += [column._replace(title=""), Column("before", "Before", said, right=True)]
        else:
            columns.append(column)
    meta = {**report.meta, "before": {"since": earlier.first, "until": earlier.last}}
    return report._replace(columns=columns, rows=rows, meta=meta)


def say_before(earlier: Measured) -> str:
    """Which span stands beside the one asked about."""
    length = say_number_of((earlier.last - earlier.first).days + 1, "day")
    return f"Before: {earlier.first} to {earlier.last}, {length}, by the same rules."


def _before_cell(row: Row | None) -> Cells | None:
    if row is None:
        return None
    return {key: row[key] for key in ("expected", "taken", "expected_days", "exact_days", "adherence")}


def _say(row: Row) -> str:
    """The share of a row in words; of all together the days on which everything was right."""
    if row["medication"] != "all":
        return say_taken(row)
    if not row["expected_days"]:
        return "no day counts yet"
    return f"{row['exact_days']} of {say_number_of(row['expected_days'], 'day')} right"


# --- day by day ---------------------------------------------------------------------------------------------


def calendars(chart: Chart, measured: Measured, week_starts: int = 0) -> list[Calendar]:
    """A calendar of all scheduled medications together, where there are several, and one of each.

    All together is their product: a day is right when each was. Of a longer span its last year is shown,
    and the calendar says so.
    """
    today = day_of(chart.local(chart.now), chart.day_starts)
    return [_calendar(each, measured, today, week_starts) for each in subjects(chart, measured)]


class Subject(NamedTuple):
    """What has shares of its own: one scheduled medication, or all of them together."""

    name: str
    of: str
    """What its shares count: 'dose' or 'day'."""
    several: Sequence[Mapping[date, Day]]
    """The days of each medication it is about."""
    begun: date | None
    """The day of the first dose ever."""

    def shares(self, first: date, last: date, by: str, week_starts: int = 0) -> list[Share]:
        """Doses taken of those planned, or days right of those that count, in each week or month."""
        return [
            share._replace(started=self.begun is not None and self.begun <= share.until)
            for share in _shares(self.several, first, last, self.of, by, week_starts)
        ]


def subjects(chart: Chart, measured: Measured) -> list[Subject]:
    """All scheduled medications together, where there are several, and each of them."""
    scheduled = measured.scheduled
    begun = [
        None if each.first is None else day_of(chart.local(each.first), chart.day_starts)
        for each in scheduled
    ]
    found = [
        Subject(each.medication.name, "dose", [each.days], first)
        for each, first in zip(scheduled, begun, strict=True)
    ]
    if len(scheduled) > 1:
        first = min((day for day in begun if day is not None), default=None)
        found.insert(0, Subject(TOGETHER, "day", [each.days for each in scheduled], first))
    return found


def _calendar(subject: Subject, measured: Measured, today: date, week_starts: int) -> Calendar:
    first = shown_from(measured.first, measured.last, week_starts)
    states = {}
    for number in range((min(today, measured.last) - first).days + 1):
        day = first + timedelta(number)
        states[day] = day_state([days[day] for days in subject.several if day in days])
    weeks = subject.shares(first, measured.last, "week", week_starts)
    is_whole = first == measured.first
    return Calendar(subject.name, first, measured.last, states, weeks, subject.of, is_whole, week_starts)


def _shares(
    several: Sequence[Mapping[date, Day]], first: date, last: date, of: str, by: str, week_starts: int
) -> list[Share]:
    periods: dict[date, list[date]] = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        periods.setdefault(period_of(day, by, week_starts), []).append(day)
    found = []
    for dates in periods.values():
        if of == "day":
            counts = all_day_counts(several, dates)
            part, whole = counts["exact_days"], counts["expected_days"]
        else:
            counts = sum_counts(several[0][day] for day in dates if day in several[0])
            part, whole = counts["taken"], counts["expected"]
        found.append(Share(dates[0], dates[-1], part, whole))
    return found


def calendar_cells(picture: Calendar) -> Cells:
    """A calendar as scripts read it."""
    return {
        "medication": "all" if picture.of == "day" else picture.title,
        "days": [{"date": day, "state": state} for day, state in picture.states.items()],
        "weeks": [
            {
                "since": week.since,
                "until": week.until,
                "part": week.part,
                "whole": week.whole,
                "started": week.started,
            }
            for week in picture.weeks
        ],
    }
