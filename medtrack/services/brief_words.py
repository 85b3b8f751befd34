"""The sentences of a brief: what changed, what was noted, measured and done, each entry on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from medtrack.domain.baselines import baseline_of, say_against
from medtrack.domain.instruments import Instrument
from medtrack.domain.measures import Measure, decimal, say_stones
from medtrack.domain.report import Report, Row
from medtrack.domain.side_effects import FATAL, GRADES
from medtrack.domain.wording import say_list, say_minutes, say_number_of

from .changes import say_around_sessions
from .chart import Chart
from .outcomes import Reference, all_measures, by_unit, say_measure, title_of
from .session_summary import say_strongest
from .supplying import say_short

_PAUSES = ("on hold", "resumed", "not recorded")


def _day(chart: Chart, at: datetime) -> str:
    return f"{chart.shown(at):%Y-%m-%d}"


def _shown(report: Report) -> dict[str, Callable[[Row], str]]:
    """How a listing says its cells, by column."""
    return {column.key: column.show for column in report.columns if column.show is not None}


def change_entries(chart: Chart, changed: Report) -> list[str]:
    """Every change of the regimen, the latest minute first: '2026-03-05 sertraline changed: 2 tablets daily'.

    Pauses come after the rest. Last stands, in one entry, how often what was held around sessions.
    """
    shown = _shown(changed)
    said = []
    around = [_day(chart, row["at"]) for row in changed.rows if row["with_session"]]
    by_hand = [row for row in changed.rows if not row["with_session"]]
    # What was done in one minute stays in the order it was done in: started, then changed.
    latest_first = sorted(by_hand, key=lambda row: row["at"].replace(second=0, microsecond=0), reverse=True)
    for row in sorted(latest_first, key=lambda row: row["what"] in _PAUSES):
        what = " ".join(part for part in (row["medication"], shown["what"](row)) if part)
        to = row["after"] or ""
        was = f" (before: {row['before']})" if row["before"] else ""
        by = f" By {row['decided_by']}." if row["decided_by"] else ""
        late = " [back-dated]" if row["back_dated"] else ""
        said.append(
            f"{_day(chart, row['at'])} {what}"
            + (f": {to}" if to else "")
            + was
            + (f". Why: {row['reason']}" if row["reason"] else "")
            + f".{by}{late}"
        )
    if around:
        days = " to ".join(dict.fromkeys((around[0], around[-1])))
        said.append(f"{days} {say_around_sessions(changed.rows)}.")
    return said


def as_needed_entries(used: Sequence[Row]) -> list[str]:
    """How often each medicine was taken as needed, beside its rule; the most often first."""
    said = []
    for row in sorted(used, key=lambda row: -row["doses"]):
        parts = [_say_doses(row["doses"], row["days"], row["of_days"])]
        # Where no plan says that it is as needed, no 24 hours are counted.
        if row["most_in_24_hours"]:
            parts.append(f"at most {say_number_of(row['most_in_24_hours'], 'dose')} in any 24 hours")
        if isinstance(row["shortest_gap"], timedelta):
            parts.append(f"the two closest {say_minutes(row['shortest_gap'])} apart")
        if row["beyond_rule"] is not None and row["doses"]:
            parts.append(f"{row['beyond_rule']} of {say_number_of(row['doses'], 'dose')} beyond the rule")
        rule = f" Rule: {row['rule']}." if row["rule"] else ""
        said.append(f"{row['medication']}: {', '.join(parts)}.{rule}")
    return said


def _say_doses(doses: int, days: int, of_days: int | None) -> str:
    """'7 doses in 30 days, on 5 of these days': how many, in how many days, and on how many of them."""
    said = say_number_of(doses, "dose")
    if of_days is None:
        return f"{said} on {say_number_of(days, 'day')}"
    said += f" in {say_number_of(of_days, 'day')}"
    # A dose from before the plan, or after midnight, may be of a day beside those.
    return said if not doses or days > of_days else f"{said}, on {days} of these days"


def note_entries(chart: Chart, noted: Sequence[Row]) -> list[str]:
    """The side effects and remarks: those of the highest grade first, of these the latest."""
    ordered = sorted(noted, key=lambda row: (row["grade"] or 0, row["noted_at"]), reverse=True)
    said = []
    for row in ordered:
        when = _day(chart, row["noted_at"])
        if row["ended_at"] is not None:
            when += f" to {_day(chart, row['ended_at'])}"
        # The words come last, since they may be too many for a page.
        grade = f"grade {row['grade']}, {GRADES[row['grade']]}" if row["grade"] else None
        goes_on = "not over" if row["grade"] not in (None, FATAL) and row["ended_at"] is None else None
        about = "; ".join(part for part in (grade, row["medication"], goes_on) if part)
        did = f". Done: {row['did']}" if row["did"] else ""
        said.append(f"{when}{f' ({about})' if about else ''}: {row['text']}{did}")
    return said


def pattern_entries(counted: Report) -> list[str]:
    """How the notes lie to the doses, as counts; what was noted most often comes first."""
    ordered = sorted(counted.rows, key=lambda row: (-row["notes"], -row["near"]))
    return [f"{row['reads_as']}." for row in ordered]


def measure_entries(
    chart: Chart, known: Reference, first: date, last: date, baseline: date | None
) -> list[str]:
    """Each score and reading of these days: the last, against the baseline, and how far they go.

    `baseline` is the day that names it, as in `baseline_of`; a reading is told beside the first there is.
    """
    every = sorted(all_measures(chart), key=lambda each: (each.name, each.measured_at, each.id))
    said = []
    for name, group in groupby(every, key=lambda each: each.name):
        found = list(group)
        inside = [each for each in found if first <= each.local.date() <= last]
        if inside:
            # Instruments are what a visit asks for first.
            said.append((name not in known.instruments, name, _measure(known, name, found, inside, baseline)))
    return [text for *_, text in sorted(said)]


def _measure(
    known: Reference,
    name: str,
    found: Sequence[Measure],
    inside: Sequence[Measure],
    baseline: date | None,
) -> str:
    latest = inside[-1]
    text = f"{title_of(known, name)} {say_measure(known, latest)} on {latest.local:%Y-%m-%d}."
    instrument = known.instruments.get(name)
    if instrument is not None:
        against = say_against(instrument, baseline_of(found, baseline), latest)
        text += "" if against is None else f" {against}"
    else:
        begun = next((each for each in found if each.value is not None), latest)
        if begun.measured_at < latest.measured_at:
            text = f"{text[:-1]}; the first was {say_measure(known, begun)} on {begun.local:%Y-%m-%d}."
    text += _say_extent(name, inside, instrument)
    if latest.normal:
        text = f"{text[:-1]} (lab's range {latest.normal})."
    return text + (f" {latest.note}." if latest.note else "")


def _say_extent(name: str, inside: Sequence[Measure], instrument: Instrument | None) -> str:
    """How many have a value, and how far they go: ' 3 scores in these days: lowest 3, highest 7 of 27.'"""
    groups = by_unit(name, inside)
    unit, values = groups[-1] if groups else (None, [])
    without = sum(each.value is None for each in inside)
    others = len(inside) - without - len(values)
    numbers = [value for _, value in values]
    left = [f"{without} without a total"] if without else []
    left += [f"{others} in another unit"] if others else []
    said = say_list(left)
    if len(numbers) > 2:
        is_in_stones = values[-1][0].in_stones
        say = say_stones if is_in_stones else decimal
        of = f" {unit}" if unit and not is_in_stones else ""
        of = of if instrument is None else f" of {instrument.most}"
        what = "readings" if instrument is None else "scores"
        # Of a blood pressure it is the first of its two numbers that is compared.
        which = "systolic " if values[-1][0].second is not None else ""
        least, most = say(min(numbers)), say(max(numbers))
        more = f", and {said}" if said else ""
        return f" {len(numbers)} {what} in these days: {which}lowest {least}, highest {most}{of}{more}."
    return f" In these days also {said}." if said and len(inside) > 1 else ""


def session_entries(chart: Chart, held: Sequence[Row]) -> list[str]:
    """How many there were, then each, the latest first."""
    said = [f"{say_number_of(len(held), 'session')} in these days."] if len(held) > 1 else []
    for row in reversed(held):
        parts = [say_list(row["given"]) or "no dose written down"]
        pressures = (
            ("before", "pressure_before"),
            ("highest", "pressure_highest"),
            ("last", "pressure_last"),
        )
        told = [f"{row[key]} {when}" for when, key in pressures if row[key]]
        parts += [f"blood pressure {', '.join(told)}"] if told else []
        parts += [say_strongest(row["strongest"])] if row["strongest"] else []
        if row["ended_at"] is None:
            parts.append("not ended")
        elif row["minutes"] is not None:
            parts.append(f"left at minute {row['minutes']}")
        if row["unfinished"]:
            parts.append(f"not written down: {say_list(row['unfinished'])}")
        where = f"no. {row['number']}" + (f", {row['phase']}" if row["phase"] else "")
        text = f"{_day(chart, row['started_at'])} {row['name']} ({where}): {'; '.join(parts)}."
        said.append(" ".join([text, *row["remarks"], *([f"{row['note']}."] if row["note"] else [])]))
    return said


def supply_entries(on_hand: Report) -> list[str]:
    """What is on hand of each medicine; what runs out first comes first.

    Of one of which more was taken than there was, nothing is known but that.
    """
    shown = _shown(on_hand)
    ordered = sorted(on_hand.rows, key=lambda row: (row["runs_out_on"] is None, str(row["runs_out_on"])))
    said = []
    for row in ordered:
        if row["short"] is not None:
            said.append(f"{say_short(row['medication'], row['short'])} Count it.")
            continue
        ends, order = shown["runs_out_on"](row), shown["order_by"](row)
        when = [f"runs out {ends}" if row["runs_out_on"] is not None else ends]
        when += [f"order {'now' if order == 'now' else f'by {order}'}"] if order else []
        said.append(f"{row['medication']}: {', '.join([shown['amount'](row), *when])}.")
    return said
