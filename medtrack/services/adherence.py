"""The adherence report: counts and shares per medication and period, each beside its rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from medtrack.domain.adherence import (
    COUNTS,
    DAY_COUNTS,
    Day,
    all_day_counts,
    day_of,
    doses_of_expected,
    period_of,
    ratio,
    sum_counts,
)
from medtrack.domain.interruptions import Holiday, drug_holidays, longest_gap
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.shares import percent
from medtrack.domain.slots import FAR
from medtrack.domain.wording import say_duration, say_list, say_number_of
from medtrack.errors import UsageRefused
from medtrack.store.doses import amended_between
from medtrack.store.record import BEGINNING

from .changes import corrections
from .chart import Chart
from .counting import Counted, count, first_day
from .data_quality import named_in, say_quality
from .journal import span_of

PERIODS = ("day", "week", "month")
METHOD = "dose log"
NONE_DUE = "no doses were due"
_CORRECTION = ("at", "medication", "what", "before", "after", "reason", "decided_by", "recorded_at")
MOST_DAYS = 36_600
RULES = (
    "Taken: planned doses taken, of those whose time has passed; held and unknown ones are not counted,"
    " as-needed doses never, and an extra dose repairs no missed one.",
    "On time: of the doses taken, inside the window. Days right: days with as many doses as planned, of"
    " the days with planned doses, none of them still open or on hold.",
)


class Measured(NamedTuple):
    """The medications that had a plan or a dose in the days `first` to `last`, both inside."""

    first: date
    last: date
    counted: list[Counted]

    @property
    def scheduled(self) -> list[Counted]:
        """Those whose doses are planned."""
        return [each for each in self.counted if each.active]


def adherence(
    chart: Chart,
    typed: Sequence[str],
    *,
    by: str | None = None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    week_starts: int = 0,
) -> Report:
    """Adherence per medication over a span of days, from the first plan to today where none is given.

    Rows carry additive counts, so those of `--by day` add up to those of `--by month`. With several
    scheduled medications a last row, `all`, has the day measures of all together: their product, never an
    average. Raises MedicationNotFound, BadSpan, UsageRefused.
    """
    check_period(by)
    medications = chart.chosen(list(typed))
    first, last = window_of(chart, medications, span_of(chart, since, until, span))
    return tell(chart, measure(chart, medications, first, last), by, week_starts)


def check_period(by: str | None) -> None:
    """Refuse a period that is none of `PERIODS`; raises UsageRefused."""
    if by is not None and by not in PERIODS:
        raise UsageRefused(what=f"--by is one of {say_list(PERIODS)}, not {by!r}.")


def measure(chart: Chart, medications: Sequence[Medication], first: date, last: date) -> Measured:
    """The medications, counted by day over the days `first` to `last`, both inside."""
    return Measured(first, last, [each for each in count(chart, medications, first, last) if each.days])


def tell(chart: Chart, measured: Measured, by: str | None = None, week_starts: int = 0) -> Report:
    """The measures as a listing, for the whole span or a row for each `day`, `week` or `month` of it."""
    first, last, counted = measured
    scheduled = measured.scheduled
    rows: list[Cells] = []
    parts: dict[date, list[Cells]] = {}
    for each in counted:
        for begins, ends, dates in _periods(each.days, by, first, last, week_starts):
            row = _row(chart, each, begins, ends, {day: each.days[day] for day in dates})
            rows.append(row)
            if each.active:
                parts.setdefault(begins, []).append(row)
    if len(scheduled) > 1:
        several = [each.days for each in scheduled]
        started = any(day.doses for days in several for day in days.values())
        every = dict.fromkeys(chain.from_iterable(several))
        for begins, ends, dates in _periods(every, by, first, last, week_starts):
            rows.append(
                _all_row(parts[begins], all_day_counts(several, dates), begins, ends, started=started)
            )
    return _report(chart, rows, measured, by)


def say_pauses(chart: Chart, measured: Measured) -> list[str]:
    """What the longest gap leaves out, where there is any of it in the days measured."""
    begins, ends = chart.day_begins(measured.first), chart.day_begins(measured.last + timedelta(1))
    ends = min(chart.now, ends)
    paused = any(
        held.since < ends and (held.until is None or held.until > begins)
        for each in measured.scheduled
        for held in each.holds
    )
    return ["Longest gap: the time without a dose, less what of it was on hold or unknown."] if paused else []


def window_of(
    chart: Chart, medications: Sequence[Medication], asked: tuple[datetime, datetime] | None
) -> tuple[date, date]:
    """The first and last day counted: as asked, else from the first plan or dose to today."""
    today = day_of(chart.local(chart.now), chart.day_starts)
    begins, ends = asked or (BEGINNING, FAR)
    first = first_day(chart, medications) if begins == BEGINNING else chart.local(begins).date()
    last = max(first, today) if ends == FAR else chart.local(ends - timedelta(seconds=1)).date()
    if (last - first).days > MOST_DAYS:
        raise UsageRefused(what="The span is longer than a hundred years: choose a shorter one.")
    return min(first, last), last


def _periods(
    days: Mapping[date, object], by: str | None, first: date, last: date, week_starts: int
) -> list[tuple[date, date, list[date]]]:
    """The periods that hold any of the days: first and last day (both inside), and the days."""
    if by is None:
        return [(first, last, list(days))] if days else []
    groups: dict[date, list[date]] = {}
    for day in sorted(days):
        groups.setdefault(period_of(day, by, week_starts), []).append(day)
    found = []
    for begins, dates in groups.items():
        length = {"day": timedelta(1), "week": timedelta(7)}.get(by)
        after = begins + length if length else (begins + timedelta(32)).replace(day=1)
        found.append((max(begins, first), min(after - timedelta(1), last), dates))
    return found


def _row(chart: Chart, each: Counted, since: date, until: date, days: dict[date, Day]) -> Cells:
    counts = sum_counts(days.values())
    begins, ends = chart.day_begins(since), min(chart.now, chart.day_begins(until + timedelta(1)))
    started = each.first is not None and each.first <= ends
    adherence, uncapped = _shares(counts, started=started)
    return {
        "medication": each.medication.name,
        "since": since,
        "until": until,
        **counts,
        "adherence": adherence,
        "adherence_uncapped": uncapped,
        "longest_gap_hours": _gap_hours(each, begins, ends, days.values()) if each.active else None,
        "holidays": [holiday._asdict() for holiday in _holidays(chart, each, days)],
        "method": METHOD if each.active else "as needed",
        "on_time_window": _windows(days.values()),
        "started": started,
        "bar": adherence,
    }


def _shares(counts: Mapping[str, int], *, started: bool) -> tuple[Fraction | None, Fraction | None]:
    """Adherence and the uncapped one; none before the first dose: not started is a state, not 0 %."""
    expected = counts["expected"] if started else 0
    return ratio(counts["taken"], expected), ratio(doses_of_expected(counts), expected)


def _holidays(chart: Chart, each: Counted, days: Mapping[date, Day]) -> list[Holiday]:
    """The drug holidays; what was not taken before the first dose is no holiday from it."""
    if each.first is None:
        return []
    begun = day_of(chart.local(each.first), chart.day_starts)
    return drug_holidays({day: counted for day, counted in days.items() if day >= begun})


def _gap_hours(each: Counted, begins: datetime, ends: datetime, days: Iterable[Day]) -> Fraction | None:
    """The longest time without a dose from `begins` to `ends`, in hours."""
    gap = longest_gap(days, begins, ends, first=each.first, active=each.active, holds=each.holds)
    minutes = 0 if gap is None else gap // timedelta(minutes=1)
    # A dose taken this very minute has had no time for a gap.
    return Fraction(minutes, 60) if minutes else None


def _windows(days: Iterable[Day]) -> str | None:
    """The on-time window of the slots counted: '± 1 hour'; several where plans differ."""
    found = frozenset().union(*{day.windows for day in days})
    return say_list(f"± {say_duration(window)}" for window in sorted(found)) or None


def _all_row(
    parts: Sequence[Cells], day_counts: dict[str, int], since: date, until: date, *, started: bool
) -> Cells:
    """The row of all scheduled medications over a period; `parts` are their own rows of it."""
    counts = {name: sum(part[name] for part in parts) for name in COUNTS} | day_counts
    adherence, uncapped = _shares(counts, started=started)
    return {
        "medication": "all",
        "since": since,
        "until": until,
        **counts,
        "adherence": adherence,
        "adherence_uncapped": uncapped,
        "longest_gap_hours": None,
        "holidays": [],
        "method": METHOD,
        "on_time_window": None,
        "started": started,
        # Days right, since a share of all doses together would be an average.
        "bar": ratio(counts["exact_days"], counts["expected_days"]) if started else None,
    }


# --- what people read --------------------------------------------------------------------------------------


def _report(chart: Chart, rows: list[Cells], measured: Measured, by: str | None) -> Report:
    first, last = measured.first, measured.last
    columns = (
        Column("medication", "Medication"),
        Column("since", None if by is None else "From"),
        Column("until", None if by is None else "To"),
        Column("expected"),
        Column("taken", "Taken", say_taken, right=True),
        Column("bar", None if by is None else "", bar=True),
        Column("on_time", "On time", _of_taken, right=True),
        *(
            Column(key, key.capitalize(), _own_count(key), right=True)
            for key in ("skipped", "missed", "extra")
        ),
        *(
            Column(key)
            for key in COUNTS
            if key not in ("expected", "taken", "on_time", "skipped", "missed", "extra")
        ),
        *(Column(key) for key in DAY_COUNTS if key != "exact_days"),
        Column("exact_days", "Days right", _days_right, right=True),
        Column("adherence"),
        Column("adherence_uncapped"),
        Column("longest_gap_hours", "Longest gap", _gap, right=True),
        Column("holidays"),
        Column("method"),
        Column("on_time_window", "Window"),
        Column("started"),
    )
    length = say_number_of((last - first).days + 1, "day")
    begins, ends = chart.midnight(first), chart.midnight(last + timedelta(1))
    told = named_in(chart, rows)
    corrected = corrections(chart, told, begins, ends)
    amended = sum(amended_between(chart.record, each.id, begins, ends) for each in told)
    source = f"Days start at {chart.day_starts:%H:%M}. Source: the person's own dose log."
    footer = [
        *RULES,
        *say_pauses(chart, measured),
        source,
        *say_quality(chart, rows, corrected, amended, last),
    ]
    return Report(
        "adherence",
        columns,
        rows,
        {
            "since": first,
            "until": last,
            "day_starts": f"{chart.day_starts:%H:%M}",
            "method": METHOD,
            "person": chart.person,
            "zone_data": chart.moment.zone_data,
            "corrections": [{key: row[key] for key in _CORRECTION} for row in corrected],
            "amended": amended,
            "doses_open": sum(row["doses_open"] for row in rows if row["medication"] != "all"),
        },
        lines=[f"Adherence of {chart.person or 'this record'}, {first} to {last}, {length}"],
        footer=footer if rows else (),
        empty=f"No doses were due from {first} to {last}.",
    )


def say_taken(row: Row) -> str:
    """What was taken of what was planned, with its share: '52 of 60 = 86.7 %', or why there is none."""
    if row["method"] != METHOD:
        return f"{row['doses']} as needed"
    if row["medication"] == "all":
        return ""
    if not row["expected"]:
        return _nothing_counted(row)
    of = f"{row['taken']} of {row['expected']}"
    share = row["adherence"]
    if not row["started"]:
        return f"{of}, not started"
    return f"{of} = {percent(share)}" if isinstance(share, Fraction) else of


def _nothing_counted(row: Row) -> str:
    """Why there is no share. It begins with how many were taken, since it stands under that heading."""
    untaken = row["pending"] - row["doses_open"]
    counts = (
        (row["held"], "held or unknown"),
        (row["doses_open"], "taken already"),
        (untaken, "still open"),
    )
    said = [f"{number} {what}" for number, what in counts if number > 0]
    return ", ".join(["0 of 0 due", *said]) if said else NONE_DUE


def _own_count(key: str) -> Callable[[Row], str]:
    """A count of one medication; the row of all shows day measures only, for a sum would hide an average."""
    return lambda row: "" if row["medication"] == "all" else str(row[key])


def _of_taken(row: Row) -> str:
    return f"{row['on_time']} of {row['taken']}" if row["taken"] and row["medication"] != "all" else ""


def _days_right(row: Row) -> str:
    return f"{row['exact_days']} of {row['expected_days']}" if row["expected_days"] else ""


def _gap(row: Row) -> str:
    hours = row["longest_gap_hours"]
    return say_duration(timedelta(hours=float(hours))) if isinstance(hours, Fraction) else ""
