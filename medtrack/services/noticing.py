"""What the notes show, as counts; and Naranjo's questions about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from medtrack.domain.matching import Dose
from medtrack.domain.naranjo import (
    QUESTIONS,
    SOURCE,
    Answers,
    answers_text,
    band,
    read_answer,
    read_answers,
    say_score,
    score,
)
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.side_effects import FEWEST, WITHIN, Changed, History, patterns, symptom_of
from medtrack.domain.slots import FAR
from medtrack.domain.when import read_duration
from medtrack.domain.wording import say_number_of
from medtrack.errors import UsageRefused
from medtrack.store.doses import listed_doses
from medtrack.store.notes import add_naranjo, naranjo_answers
from medtrack.store.record import BEGINNING

from .changes import steps
from .chart import Chart
from .journal import span_of
from .noting import chosen, find_note
from .scoring import Ask

_LONGEST = timedelta(hours=72)
_SECOND = timedelta(seconds=1)
_TRIES = 3
"""How often a question is asked again after an answer that cannot be."""
_COUNTS = "These are counts and say nothing about causes: what comes after a dose need not come from it."


def note_patterns(
    chart: Chart,
    typed: str | None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    *,
    word: str | None = None,
    within: str | None = None,
) -> Report:
    """How the notes of each kind lie to the doses and the changes of each medication, as counts.

    Raises UsageRefused, BadSpan, BadTime, BadDuration, MedicationNotFound.
    """
    near = WITHIN if within is None else read_duration(within)
    if near > _LONGEST:
        raise UsageRefused(what="--within is at most 72h: what comes days after a dose comes after many.")
    asked = span_of(chart, since, until, span)
    found = chosen(chart, typed, asked, word)
    begins, ends = asked or (BEGINNING, FAR)
    ends, read_until = min(ends, chart.now), min(ends, chart.now + _SECOND)
    wanted = None if typed is None else chart.find(typed).name
    names = {medication.id: medication.name for medication in chart.medications}
    # A note soon after the span begins may lie near a dose from before it; one of this very second counts.
    read_from = max(begins - near, BEGINNING) if asked else BEGINNING
    doses = [each for each in listed_doses(chart.record, read_from, read_until) if each.status == "taken"]
    histories = [each for each in _histories(chart, doses) if wanted in (None, each.name)]
    listed = patterns(found, histories, names, ends, near, word, begins)
    kinds = [word or symptom_of(note.text) for note in found]
    alone = sum(kinds.count(kind) < FEWEST for kind in kinds)
    rows = [
        {
            "symptom": each.symptom,
            "medication": each.medication,
            "notes": each.notes,
            "near": each.near,
            "within_hours": int(each.within / timedelta(minutes=1)) / 60,
            "hours_after_a_dose": round(each.covered / timedelta(hours=1)),
            "hours": round(each.whole / timedelta(hours=1)),
            "suspected": each.suspected,
            "first_at": chart.zones.shown(each.first_at),
            "changed_at": None if each.change is None else chart.zones.shown(each.change.at),
            "change": None if each.change is None else each.change.words,
            "before_change": None if each.change is None else each.before,
            "followed_at": None if each.followed_at is None else chart.zones.shown(each.followed_at),
            "reads_as": each.reads_as,
        }
        for each in listed
    ]
    columns = [Column(key, "" if key == "reads_as" else None) for key in _KEYS]
    footer = [_COUNTS] if rows else []
    told = {
        medication.id
        for medication in chart.medications
        if medication.name in {each.medication for each in listed}
    }
    of_them = [dose for dose in doses if dose.medication_id in told]
    unsure = sum(dose.certainty != "exact" for dose in of_them)
    if unsure:
        footer.append(f"{unsure} of {say_number_of(len(of_them), 'dose')} have a time that is not exact.")
    if found:
        rule = "Notes are put together by their words up to the first comma, colon or full stop"
        footer.append(f"{rule}; --word WORD puts together all that have it in them.")
    if alone:
        footer.append(f"{say_number_of(alone, 'note')} of a kind of which there is one alone, not counted.")
    empty = f"There are no {FEWEST} notes of a kind after doses of one medication yet."
    return Report("note_patterns", columns, rows, footer=footer, empty=empty)


_KEYS = (
    "symptom", "medication", "notes", "near", "within_hours", "hours_after_a_dose", "hours", "suspected",
    "first_at", "changed_at", "change", "before_change", "followed_at", "reads_as",
)  # fmt: skip


def _histories(chart: Chart, doses: Sequence[Dose]) -> list[History]:
    """What each medication did: its doses, and every start and change of its plan."""
    taken: dict[int, list[datetime]] = {}
    for dose in doses:
        taken.setdefault(dose.medication_id, []).append(dose.taken_at)
    changed: dict[str, list[Changed]] = {}
    for row in steps(chart):
        if row["what"] in ("started", "changed", "taper") and row["medication"] is not None:
            words = (
                f"the start: {row['after']}" if row["what"] == "started" else f"the change to {row['after']}"
            )
            words += f" ({row['content']})" if row["content"] is not None else ""
            changed.setdefault(row["medication"], []).append(Changed(row["at"], words))
    return [
        History(medication.name, taken.get(medication.id, []), changed.get(medication.name, []))
        for medication in chart.medications
    ]


# --- Naranjo ----------------------------------------------------------------------------------------


def naranjo(chart: Chart, typed: str, answers: str | None, ask: Ask | None) -> Report:
    """Ask Naranjo's questions about a note, or take their answers, and keep the sum.

    Without answers and with nobody to ask, what was answered before is shown. Raises NotSettled and
    UsageRefused.
    """
    entry = find_note(chart, typed)
    about = next((each for each in chart.medications if each.id == entry.medication_id), None)
    if about is None:
        raise UsageRefused(
            what=f"Note {entry.id} names no medication, so there is nothing to ask about:"
            f" medtrack amend note:{entry.id} --med MED --reason TEXT."
        )
    before = naranjo_answers(chart.record).get(entry.id)
    if answers is not None:
        given = read_answers(answers)
    elif ask is not None:
        given = _asked(ask, f"{' '.join(entry.text.split())} and {about.name}")
    elif before is not None:
        return _told(entry.id, about.name, read_answers(before), is_recorded=False)
    else:
        raise UsageRefused(
            what=f"Give the {len(QUESTIONS)} answers with --answers y,n,?,…; on a terminal they are asked."
        )
    with chart.writing("naranjo") as work:
        add_naranjo(work, entry, answers_text(given), chart.now)
        work.summary = f"Naranjo's questions about note {entry.id}: {score(given)}"
    return _told(entry.id, about.name, given, is_recorded=True)


def _asked(ask: Ask, about: str) -> Answers:
    """The answers as they are given on the terminal. Raises UsageRefused."""
    given = []
    for number, question in enumerate(QUESTIONS, start=1):
        lead = [f"About {about}: y yes, n no, ? not known."] if number == 1 else []
        for attempt in range(_TRIES):
            answer = ask(lead, f"{number} of {len(QUESTIONS)}. {question.words}")
            try:
                given.append(read_answer(answer, number))
                break
            except UsageRefused:
                if attempt == _TRIES - 1:
                    raise
                lead = ["y, n or ?"]
    return tuple(given)


def _told(number: int, medication: str, answers: Answers, *, is_recorded: bool) -> Report:
    rows = [
        {
            "question": at,
            "words": each.words,
            "answer": answer,
            "points": {"yes": each.yes, "no": each.no}.get(answer, 0),
        }
        for at, (each, answer) in enumerate(zip(QUESTIONS, answers, strict=True), start=1)
    ]
    columns = (
        Column("question", "", right=True),
        Column("words", "Question"),
        Column("answer", "Answer"),
        Column("points", "Points", right=True),
    )
    points = score(answers)
    return Report(
        "naranjo",
        columns,
        rows,
        {
            "recorded": is_recorded,
            "note": number,
            "medication": medication,
            "score": points,
            "band": band(points),
        },
        lines=[
            f"{'Recorded: note' if is_recorded else 'Note'} {number} and {medication}, {say_score(points)}."
        ],
        footer=[
            f"Source: {SOURCE}.",
            "It is a help to talk about it with your doctor or pharmacist, and no finding.",
            *([UNDO] if is_recorded else []),
        ],
    )
