"""Writing down a score of an instrument or a reading, and saying what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.baselines import baseline_of, say_against
from medtrack.domain.instruments import (
    Answers,
    Instrument,
    read_answer,
    read_answers,
    read_total,
    say_clusters,
    total,
)
from medtrack.domain.measures import (
    KINDS,
    Measure,
    Reading,
    against_normal,
    doubt_of,
    read_name,
    read_normal,
    read_reading,
    say_other_unit,
)
from medtrack.domain.names import LONGEST_NOTE, read_given
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.when import read_past
from medtrack.domain.wording import say_list
from medtrack.errors import ConfirmationNeeded, Stopped, UsageRefused
from medtrack.store.measures import add_measure

from .chart import Chart
from .outcomes import (
    Reference,
    all_measures,
    baseline_day,
    help_now,
    measure_columns,
    measure_row,
    say_measure,
    say_not_known,
    spellings,
    title_of,
)

Ask = Callable[[Sequence[str], str], str]
"""Says some lines, then asks a question."""
_TRIES = 3
"""How often an item is asked again after an answer that cannot be."""


class MeasureFlags(NamedTuple):
    """What was typed beside the name and the value, as text."""

    items: str | None = None
    normal: str | None = None
    at: str = "now"
    note: str | None = None
    is_new: bool = False
    is_sure: bool = False
    """It is meant in the unit that was typed."""


def measure(
    chart: Chart,
    known: Reference,
    typed: str,
    value: str | None,
    flags: MeasureFlags,
    ask: Ask | None = None,
    confirm: Callable[[str], bool] | None = None,
) -> Report:
    """Write down a score or a reading; an instrument without either is asked item by item.

    `ask` and `confirm` are None where there is nobody to ask. A reading that may be meant in another unit is
    asked about. Raises UsageRefused, BadText, BadTime, ConfirmationNeeded, Stopped.
    """
    name = read_name(typed, spellings(chart, known, is_new=flags.is_new))
    measured_at = read_past(flags.at, now=chart.now, zone=chart.zone, what="A score or a reading")
    entry = Measure(
        0, "", name, None, None, None, None, (), None,
        measured_at,
        chart.zones.at(measured_at).key or "UTC",
        chart.local(measured_at),
        read_given(flags.note, "note", LONGEST_NOTE),
    )  # fmt: skip
    instrument = known.instruments.get(name)
    warnings: list[str] = []
    if instrument is None:
        entry = _reading(chart, entry, value, flags)
        warnings = _doubts(chart, entry, flags, confirm)
    else:
        entry = _score(instrument, entry, value, flags, ask)
    with chart.writing("measure") as work:
        number = add_measure(work, entry)
        work.summary = f"measured {title_of(known, name)}: {say_measure(known, entry)}"
    entry = entry._replace(id=number)
    lines = [f"Recorded: {title_of(known, name)} {say_measure(known, entry)}, {chart.say(measured_at)}."]
    help_, is_urgent_now = [], False
    if instrument is not None:
        lines += _say_score(chart, instrument, entry)
        help_ = help_now(chart, known, [entry])
        is_urgent_now = bool(help_)
        help_ = help_ or say_not_known(chart, known, instrument, entry)
    else:
        lines += _say_normal(entry)
    row = measure_row(chart, known, entry)
    columns = tuple(Column(column.key) for column in measure_columns(chart, known))
    meta = {"needs_help": is_urgent_now, "help": help_, "warnings": warnings}
    return Report("measure", columns, [row], meta, lines=[*lines, *help_, UNDO])


def _score(
    instrument: Instrument, entry: Measure, value: str | None, flags: MeasureFlags, ask: Ask | None
) -> Measure:
    if flags.normal is not None:
        raise UsageRefused(what=f"--range is for values of a lab; {instrument.title} has its own.")
    if value is not None:
        if flags.items is not None:
            raise UsageRefused(what="Give the total or the --items, not both: the items make the total.")
        return entry._replace(value=Fraction(read_total(instrument, value)))
    if flags.items is not None:
        answers = read_answers(instrument, flags.items)
    elif not instrument.items:
        raise UsageRefused(what=f"Give the score: medtrack measure {instrument.name} 0 to {instrument.most}.")
    elif ask is None:
        wanted = len(instrument.items)
        raise UsageRefused(
            what=f"Give the {wanted} answers with --items 1,2,0,… or the total, 0 to {instrument.most};"
            " on a terminal it is asked item by item."
        )
    else:
        answers = _asked(instrument, ask)
    score = total(answers)
    return entry._replace(value=None if score is None else Fraction(score), items=answers)


def _asked(instrument: Instrument, ask: Ask) -> Answers:
    """The answers as they are given on the terminal; an empty one is left out. Raises UsageRefused."""
    words = "  ".join(f"{number} {each}" for number, each in enumerate(instrument.answers))
    given: list[str] = []
    for number, item in enumerate(instrument.items, start=1):
        lead = [instrument.ask, words] if number == 1 else []
        for attempt in range(_TRIES):
            answer = ask(lead, f"{number} of {len(instrument.items)}. {item}").strip()
            try:
                read_answer(instrument, answer, number)
                break
            except UsageRefused:
                if attempt == _TRIES - 1:
                    raise
                lead = [f"0 to {len(instrument.answers) - 1}, or nothing to leave it out."]
        given.append(answer or "-")
    return read_answers(instrument, ",".join(given))


def _reading(chart: Chart, entry: Measure, value: str | None, flags: MeasureFlags) -> Measure:
    if flags.items is not None:
        raise UsageRefused(what=f"{entry.name!r} has no items; give its value.")
    if value is None:
        kind = KINDS.get(entry.name)
        example = kind.example if kind is not None else "0.8 mmol/l"
        raise UsageRefused(what=f"Give the value: medtrack measure {entry.name} '{example}'.")
    read = read_reading(entry.name, value)
    if entry.name not in KINDS:
        units = {each.unit for each in all_measures(chart) if each.name == entry.name}
        if units and read.unit is None and None not in units:
            was = say_list(sorted(unit for unit in units if unit is not None))
            raise UsageRefused(what=f"{entry.name} was in {was} before: give the unit, too.")
    return entry._replace(
        value=read.value,
        second=read.second,
        unit=read.unit,
        comparator=read.comparator,
        in_stones=read.in_stones,
        normal=None if flags.normal is None else read_normal(flags.normal),
    )


def _doubts(
    chart: Chart, entry: Measure, flags: MeasureFlags, confirm: Callable[[str], bool] | None
) -> list[str]:
    """What is doubtful about a unit, where nobody was asked. Raises ConfirmationNeeded, Stopped."""
    reading = Reading(entry.value or Fraction(0), entry.second, entry.unit, entry.comparator)
    doubt = doubt_of(entry.name, reading)
    before = [each for each in all_measures(chart) if each.name == entry.name]
    other = say_other_unit(entry.name, reading, before[-1] if before else None)
    said = [each for each in (doubt, other) if each is not None]
    if said and not flags.is_sure:
        if confirm is None and doubt is not None:
            raise ConfirmationNeeded(what=doubt)
        if confirm is not None and not confirm(f"{' '.join(said)} Write it down?"):
            raise Stopped
        if confirm is not None:
            return []
    return said


def _say_score(chart: Chart, instrument: Instrument, entry: Measure) -> list[str]:
    """What the score says: its clusters, and itself against the baseline."""
    clusters = say_clusters(instrument, entry.items)
    said = [] if clusters is None else [clusters]
    if entry.value is None:
        return [*said, "Its sum does not count until every item is answered."]
    every = [each for each in all_measures(chart) if each.name == entry.name]
    against = say_against(instrument, baseline_of(every, baseline_day(chart)), entry)
    return said if against is None else [*said, against]


def _say_normal(entry: Measure) -> list[str]:
    place = against_normal(entry.value or Fraction(0), entry.comparator, entry.normal)
    if entry.normal is None:
        return []
    if place is None:
        return [f"The lab's range is {entry.normal}; whether it is in it cannot be told."]
    return [f"It is {place} the lab's range, {entry.normal}."]
