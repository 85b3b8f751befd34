"""Every measure of adherence there is of the dose log, one a row, each beside its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from medtrack.domain.adherence import (
    LATE_ENTRY,
    capped_adherence,
    doses_of_expected,
    entries,
    ratio,
)
from medtrack.domain.interruptions import HOLIDAY_DAYS
from medtrack.domain.pattern import by_part_of_day, by_weekday, outcomes
from medtrack.domain.persistence import PERMISSIBLE
from medtrack.domain.regimen import Medication
from medtrack.domain.regularity import regularity, spaced
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.shares import percent
from medtrack.domain.wording import WEEKDAYS, say_duration, say_minutes

from .adherence import measure, tell, window_of
from .as_needed import used
from .chart import Chart, Course
from .counting import Counted, day_span
from .details import EVEN, kept_up
from .journal import span_of

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def adherence_in_detail(
    chart: Chart,
    typed: Sequence[str],
    *,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
) -> Report:
    """Each measure of each medication over a span of days, from the first plan to today where none is given.

    A row has a count `number` `of` another and their `ratio`, or a length of time. Initiation and persistence
    are those of the whole record. Raises MedicationNotFound, BadSpan, UsageRefused.
    """
    medications = chart.chosen(list(typed))
    first, last = window_of(chart, medications, span_of(chart, since, until, span))
    measured = measure(chart, medications, first, last)
    rows: list[Cells] = []
    # The row of all comes last: a medication of that name keeps its own.
    sums_of = {row["medication"]: row for row in reversed(tell(chart, measured).rows)}
    for each in measured.counted:
        begins, ends = day_span(chart, first, last)
        course = chart.course(each.medication, begins, min(ends, chart.now + _SECOND))
        if each.active:
            rows += _scheduled(chart, each, course, sums_of[each.medication.name])
        rows += _as_needed(chart, each.medication, course, begins, ends)
        rows += _entered(each.medication, course)
    columns = (
        Column("medication", "Medication"),
        Column("measure", "Measure", lambda row: row["measure"].replace("_", " ")),
        Column("part", "Of"),
        Column("number"),
        Column("of"),
        Column("ratio", "Value", _value, right=True),
        Column("length"),
        Column("rule", "Rule"),
    )
    return Report(
        "adherence-detail",
        columns,
        rows,
        {"since": first, "until": last, "day_starts": f"{chart.day_starts:%H:%M}", "person": chart.person},
        lines=[f"Adherence of {chart.person or 'this record'} in detail, {first} to {last}"],
        footer=[
            "Source: the person's own dose log. Held and unknown doses and those still open are in no count;"
            " as-needed doses are in no share.",
            "The terms are those of ABC (Vrijens 2012): initiation, implementation, persistence.",
        ]
        if rows
        else (),
        empty=f"No doses were due from {first} to {last}.",
    )


def _cells(
    medication: Medication,
    measure: str,
    rule: str,
    *,
    part: str | None = None,
    number: int | None = None,
    of: int | None = None,
    ratio: Fraction | None = None,
    length: timedelta | None = None,
) -> Cells:
    return {
        "medication": medication.name,
        "measure": measure,
        "part": part,
        "number": number,
        "of": of,
        "ratio": ratio,
        "length": length,
        "rule": rule,
    }


def _share(
    medication: Medication,
    measure: str,
    number: int,
    of: int,
    rule: str,
    part: str | None = None,
    *,
    started: bool = True,
) -> Cells:
    """A count of another, with their ratio; none while not started, which is a state and not 0 %."""
    share = ratio(number, of) if started else None
    return _cells(medication, measure, rule, part=part, number=number, of=of, ratio=share)


def _scheduled(chart: Chart, each: Counted, course: Course, sums: Row) -> Iterator[Cells]:
    medication = each.medication
    started = bool(sums["started"])
    capped, capped_of = capped_adherence(each.days.values())
    for name, number, of, rule in (
        ("taking", sums["taken"], sums["expected"], "planned doses taken"),
        ("taking_capped", capped, capped_of, "by day, at most as many as planned"),
        ("taking_uncapped", doses_of_expected(sums), sums["expected"], "every dose, may pass 100 %"),
        ("days_exact", sums["exact_days"], sums["expected_days"], "days with as many as planned"),
        (
            "days_at_least",
            sums["at_least_days"],
            sums["monitored_days"],
            "days with no fewer, also where none was planned",
        ),
        ("on_time", sums["on_time"], sums["taken"], _in_window(sums)),
        ("early", sums["early"], sums["taken"], "of the doses taken"),
        ("late", sums["late"], sums["taken"], "of the doses taken"),
        ("other_amount", sums["other_amount"], sums["taken"], "of the doses taken, not as much as planned"),
    ):
        yield _share(medication, name, number, of, rule, started=started)
    if sums["doses_open"]:
        rule = "doses, counted once the time for them is over"
        yield _cells(medication, "taken_already", rule, number=sums["doses_open"])
    extras = [dose.taken_at for dose in course.extras if dose.uid not in course.as_needed]
    found = regularity(spaced(course.matches, extras), each.holds)
    for kind, number in (("even", found.even), ("too short", found.short), ("too long", found.long)):
        yield _share(medication, "intervals", number, found.intervals, f"even: {EVEN}", kind)
    rule = f"runs of {HOLIDAY_DAYS} days or more without a dose"
    yield _cells(medication, "drug_holidays", rule, number=len(sums["holidays"]))
    hours = sums["longest_gap_hours"]
    gap = None if hours is None else timedelta(minutes=int(hours * 60))
    yield _cells(medication, "longest_gap", "up to now or the end, without pauses", length=gap)
    yield from _persisted(chart, each)
    closed = outcomes(course.matches, each.holds, chart.now)
    for part in by_weekday(closed, chart.day_starts):
        name = WEEKDAYS[int(part.name)]
        yield _share(
            medication, "weekday", part.taken, part.expected, "planned doses taken", name, started=started
        )
    for part in by_part_of_day(closed):
        name = str(part.name)
        yield _share(
            medication, "time_of_day", part.taken, part.expected, "planned doses taken", name, started=started
        )


def _in_window(sums: Row) -> str:
    window = sums["on_time_window"]
    return "of the doses taken" if window is None else f"of the doses taken, {window}"


def _persisted(chart: Chart, each: Counted) -> Iterator[Cells]:
    """Initiation and persistence, from the first plan of the record on."""
    medication = each.medication
    planned_at, lag, kept = kept_up(chart, each)
    if planned_at is not None:
        rule = "first planned to first taken" if lag is not None else "not started"
        yield _cells(medication, "initiation", rule, length=lag)
    if kept is not None:
        how = {"gap": "ended by a gap", "plan": "ended with its plan"}.get(kept.ended or "", "goes on")
        rule = f"first to last dose, {how}; a gap is longer than {say_duration(PERMISSIBLE)}"
        yield _cells(medication, "persistence", rule, length=kept.length)


def _as_needed(
    chart: Chart, medication: Medication, course: Course, begins: datetime, ends: datetime
) -> Iterator[Cells]:
    """The use of what is taken as needed; nothing where no plan says so."""
    taken = [dose for dose in course.extras if dose.uid in course.as_needed]
    found = used(chart, medication, taken, begins, ends)
    if found is None:
        return
    yield _cells(
        medication, "as_needed", "doses a day", number=found.doses, of=found.days, ratio=found.per_day
    )
    yield _cells(medication, "most_in_24_hours", "doses in any 24 hours", number=found.most)
    yield _cells(medication, "shortest_interval", "between two doses", length=found.shortest)
    yield _cells(medication, "over_the_most", "doses over the most allowed", number=found.over)
    yield _cells(medication, "too_soon", "doses sooner than allowed", number=found.too_soon)


def _entered(medication: Medication, course: Course) -> Iterator[Cells]:
    filled = [found.dose for found in course.matches if found.dose is not None]
    found = entries([dose for dose in (*filled, *course.extras) if dose.status == "taken"])
    rule = f"written down more than {say_duration(LATE_ENTRY)} after"
    yield _share(medication, "entries", found.late, found.doses, rule, "late")
    yield _share(medication, "entries", found.reconstructed, found.doses, "from the plan", "reconstructed")
    yield _share(medication, "entries", found.doubtful, found.doses, "either of the two", "either")


def _value(row: Row) -> str:
    if row["measure"] == "as_needed":
        return f"{row['number']} in {row['of']} days"
    if row["of"] == 0:
        return "nothing to count"
    if row["of"] is not None:
        return f"{row['number']} of {row['of']}" + (
            "" if row["ratio"] is None else f" = {percent(row['ratio'])}"
        )
    if row["number"] is not None:
        return str(row["number"])
    return "" if row["length"] is None else say_minutes(row["length"])
