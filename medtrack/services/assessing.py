"""What is to be known of the person: profile, allergies, conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from medtrack.domain.names import LONGEST_NOTE, folded, meant, read_text
from medtrack.domain.person import CERTAINTIES, RULED_OUT, SEVERITIES, Condition, KnownAllergy, age_on
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.safety.allergies import Allergy, read_allergy
from medtrack.domain.safety.conditions import read_condition
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list
from medtrack.errors import NotSettled, UsageRefused
from medtrack.store import assessment as rows

from .chart import Chart

_ALLERGIES = (
    Column("id", "Id", right=True),
    Column("substance", "Allergy"),
    Column("reaction", "Reaction"),
    Column("severity", "Severity"),
    Column("certainty", "Certainty", lambda row: say_certainty(row["certainty"])),
)
_CONDITIONS = (Column("id", "Id", right=True), Column("name", "Condition"), Column("note", "Note"))
Fact = TypeVar("Fact", KnownAllergy, Condition)


def country_of(chart: Chart) -> str | None:
    """The person's country, where it is known."""
    return rows.profile(chart.record).get("country")


def age_of(chart: Chart) -> int | None:
    """The person's age today, where the day of birth is known."""
    born = rows.profile(chart.record).get("born")
    return None if born is None else age_on(date.fromisoformat(born), chart.local(chart.now).date())


# --- allergies and conditions ------------------------------------------------------------------------


def allergies(chart: Chart) -> Report:
    """The allergies that stand; also those that were ruled out."""
    found = [_allergy_row(each) for each in rows.allergies(chart.record)]
    return Report("allergies", _ALLERGIES, found, empty="No allergy is written down.")


def _allergy_row(each: KnownAllergy) -> Cells:
    return {column.key: getattr(each, column.key) for column in _ALLERGIES}


def say_certainty(certainty: str | None) -> str:
    """How sure an allergy is, in words."""
    return (certainty or "").replace("-", " ")


def add_allergy(
    chart: Chart,
    pack: Pack,
    substance: str,
    reaction: str | None = None,
    severity: str | None = None,
    certainty: str | None = None,
) -> Report:
    """Write down an allergy, and say what the checks take it for; the same one again corrects what is given.

    Raises UsageRefused, BadText.
    """
    if severity is not None and severity not in SEVERITIES:
        raise UsageRefused(what=f"--severity is one of {say_list(SEVERITIES)}, not {severity[:40]!r}.")
    if certainty is not None and certainty not in CERTAINTIES:
        raise UsageRefused(what=f"--certainty is one of {say_list(CERTAINTIES)}, not {certainty[:40]!r}.")
    words = read_text(substance, "allergy")
    said = None if reaction is None else read_text(reaction, "reaction", LONGEST_NOTE)
    with chart.writing("allergy") as work:
        same = [each for each in rows.allergies(chart.record) if folded(each.substance) == folded(words)]
        was = same[-1] if same else KnownAllergy(0, "", words)
        entry = was._replace(
            reaction=said or was.reaction,
            severity=severity or was.severity,
            certainty=certainty or was.certainty,
        )
        if entry in same:
            _refuse_twice(same, words, lambda each: each.substance, "allergy")
        for each in same:
            work.void(each.uid, "corrected")
        entry = entry._replace(id=rows.add_allergy(work, entry))
        work.summary = f"allergy to {say_allergy(entry)}"
    lines = _say_allergy(read_allergy(pack, entry.substance, country_of(chart)), entry)
    lines += [f"It was: {say_allergy(each)}." for each in same]
    receipt = tuple(Column(column.key) for column in _ALLERGIES)
    is_checked = read_allergy(pack, entry.substance, country_of(chart)).is_known
    see = "What it means for what you take: medtrack check"
    return Report(
        "allergies", receipt, [_allergy_row(entry)], {"is_checked": is_checked}, lines=[*lines, see, UNDO]
    )


def say_allergy(each: KnownAllergy) -> str:
    """An allergy in words: 'penicillin (hives, severe, ruled out)'."""
    return f"{each.substance}{_in_brackets(each)}"


def _in_brackets(each: KnownAllergy) -> str:
    """What is known of an allergy, where anything is: ' (hives, severe, ruled out)'."""
    told = [part for part in (each.reaction, each.severity, say_certainty(each.certainty)) if part]
    return f" ({', '.join(told)})" if told else ""


def _say_allergy(known: Allergy, entry: KnownAllergy) -> list[str]:
    first = f"Recorded: allergy to {say_allergy(entry)}."
    if known.is_known:
        what = "Every check holds your medicines against it."
        if entry.certainty == RULED_OUT:
            what = "It counts as none: every check names it as ruled out, with what it would have spoken of."
        return [f"{first} {what}", *(known.reading.remarks if known.reading is not None else ())]
    why = known.note or "No check knows what it is, so nothing is held against it."
    near = known.reading.suggestions if known.reading is not None else ()
    return [f"{first} {why}" + (f" Did you mean {' or '.join(near)}?" if near else "")]


def remove_allergy(chart: Chart, typed: str) -> Report:
    """Take an allergy out; it stays in the history. Raises NotSettled where there is none of that name."""
    with chart.writing("allergy") as work:
        entry = _named(rows.allergies(chart.record), typed, lambda each: each.substance, "allergy")
        work.void(entry.uid)
        work.summary = f"no allergy to {entry.substance}"
    return _removed("allergies", f"Removed: allergy to {entry.substance}.")


def conditions(chart: Chart) -> Report:
    """The conditions that stand."""
    found: list[Cells] = [
        {key: getattr(each, key) for key in ("id", "name", "note")} for each in rows.conditions(chart.record)
    ]
    return Report("conditions", _CONDITIONS, found, empty="No condition is written down.")


def add_condition(chart: Chart, pack: Pack, name: str, note: str | None) -> Report:
    """Write down a condition, and say what the checks take it for.

    Raises BadText, and UsageRefused where it is there.
    """
    words = read_text(name, "condition")
    said = None if note is None else read_text(note, "note", LONGEST_NOTE)
    with chart.writing("condition") as work:
        _refuse_twice(rows.conditions(chart.record), words, lambda each: each.name, "condition")
        number = rows.add_condition(work, Condition(0, "", words, said))
        work.summary = f"condition {words}"
    known = read_condition(pack, words, said)
    if known.is_known:
        lines = [
            f"Recorded: {words}. Every check holds your medicines against it, read as"
            f" {say_list(known.titles)}.",
            "What it means for what you take: medtrack check",
        ]
    else:
        lines = [f"Recorded: {words}. It is kept for your visits; no check knows it."]
    receipt = tuple(Column(column.key) for column in _CONDITIONS)
    row: Cells = {"id": number, "name": words, "note": said}
    return Report("conditions", receipt, [row], {"is_checked": known.is_known}, lines=[*lines, UNDO])


def remove_condition(chart: Chart, typed: str) -> Report:
    """Take a condition out; it stays in the history. Raises NotSettled where there is none of that name."""
    with chart.writing("condition") as work:
        entry = _named(rows.conditions(chart.record), typed, lambda each: each.name, "condition")
        work.void(entry.uid)
        work.summary = f"no condition {entry.name}"
    return _removed("conditions", f"Removed: {entry.name}.")


def _refuse_twice(known: Sequence[Fact], words: str, name: Callable[[Fact], str], what: str) -> None:
    if any(folded(name(each)) == folded(words) for each in known):
        raise UsageRefused(what=f"The {what} {words!r} is written down already: medtrack {what} list.")


def _named(known: Sequence[Fact], typed: str, name: Callable[[Fact], str], what: str) -> Fact:
    for each in known:
        if folded(name(each)) == folded(typed) or str(each.id) == typed.strip():
            return each
    hint = meant(typed, map(name, known), f"See: medtrack {what} list.")
    raise NotSettled(what=f"There is no {what} {typed!r} in this record. {hint}")


def _removed(kind: str, said: str) -> Report:
    return Report(kind, lines=[f"{said} It stays in the history.", UNDO])
