"""What is to be known of a medication: as the person wrote it down, and what the knowledge pack has."""

from __future__ import annotations

from collections.abc import Mapping
from shlex import quote
from typing import NamedTuple

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.names import LONGEST_NOTE, folded, handles, read_given, read_text
from medtrack.domain.regimen import Medication
from medtrack.domain.report import UNDO, Column, Report
from medtrack.domain.safety.allergies import allergy_findings, read_allergy, ruled_out
from medtrack.domain.safety.findings import Medicine
from medtrack.domain.safety.naming import read_name
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.stacks import effects_of
from medtrack.domain.wording import say_list
from medtrack.errors import UsageRefused
from medtrack.store import assessment
from medtrack.store import together as rows
from medtrack.store.together import Advice

from .assessing import country_of, say_allergy
from .chart import Chart
from .together import say_tried

TOPICS: Mapping[str, str] = {
    "for": "For",
    "how": "How to take it",
    "watch": "Watch for",
    "missed": "A missed dose",
    "call": "Who to call",
}
"""What can be known of a medication, and how it is headed."""
_COLUMNS = tuple(Column(key) for key in ("medication", "topic", "text", "said_by"))


class Known(NamedTuple):
    """A fact of the knowledge pack about a medication, in words."""

    text: str
    source: str
    is_warning: bool = False
    """Whether it stands on the card of all that is taken, too."""


def advise(
    chart: Chart,
    typed: str,
    flags: Mapping[str, str | None],
    *,
    by: str | None = None,
    drop: str | None = None,
) -> Report:
    """Write down what is to be known of a medication, or take a topic out; the latest counts.

    Raises MedicationNotFound, BadText, UsageRefused.
    """
    medication = chart.find(typed)
    given = {topic: read_text(text, topic, LONGEST_NOTE) for topic, text in flags.items() if text is not None}
    said_by = read_given(by, "name")
    if drop is not None and drop not in TOPICS:
        raise UsageRefused(what=f"--drop is one of {say_list(TOPICS)}, not {drop[:40]!r}.")
    if drop in given:
        raise UsageRefused(what=f"--drop {drop} and --{drop} cannot go together: choose one.")
    if not given and drop is None:
        names = ", ".join(f"--{topic}" for topic in TOPICS)
        raise UsageRefused(what=f"What is to be known of {medication.name}? Give some of {names}.")
    with chart.writing("advise") as work:
        if drop is not None:
            if drop not in rows.advice(chart.record, medication):
                raise UsageRefused(what=f"Nothing is written down of {medication.name} under {drop!r}.")
            rows.add_advice(work, medication, drop, None, None)
        for topic, text in given.items():
            rows.add_advice(work, medication, topic, text, said_by)
        work.summary = f"{medication.name}: {say_list([*given, *([f'no {drop}'] if drop else [])])}"
    found = rows.advice(chart.record, medication)
    lines = [f"Recorded about {medication.name}:"]
    lines += [f"{TOPICS[topic]}: {say_advice(found[topic])}" for topic in given]
    lines += [f"Taken out: {TOPICS[drop].lower()}. It stays in the history."] if drop else []
    told = [{"medication": medication.name, **each._asdict()} for each in found.values()]
    return Report("advice", _COLUMNS, told, lines=[*lines, UNDO])


def say_advice(each: Advice) -> str:
    """What is to be known, and on whose word."""
    return each.text + (f" ({each.said_by})" if each.said_by else "")


def advice_of(chart: Chart, medication: Medication) -> dict[str, Advice]:
    """What was written down of a medication, by topic."""
    return rows.advice(chart.record, medication)


def known_of(chart: Chart, pack: Pack, medication: Medication) -> list[Known]:
    """What the knowledge pack has of a medication, each fact with its source."""
    country = country_of(chart)
    reading = read_name(pack, medication.name, country)
    found: list[Known] = []
    for name in reading.ingredients:
        titles = [pack.title(each) for each in pack.ingredient(name).duplicate_groups]
        # Some kinds are one substance, under its own name.
        kinds = [each for each in titles if name not in each]
        if kinds:
            found.append(
                Known(f"{name} is one of the {say_list(kinds)}.", "FDA Established Pharmacologic Class")
            )
        weekly = pack.weekly(name)
        if weekly is not None:
            found.append(Known(weekly.what_can_happen, weekly.source, is_warning=True))
        for limit in pack.limits:
            # What was found in no second source is not told here; check tells it with that remark.
            is_ours = limit.country in ("", country)
            if limit.ingredient == name and is_ours and limit.checked == "yes":
                most = show_amount(Amount(limit.most, limit.unit))
                text = f"At most {most} of {name} in {limit.hours} hours by the label."
                found.append(Known(text, limit.source))
        # A cream that stays on the skin has none of them.
        for stack in () if reading.is_local else effects_of(pack, name):
            text = f"{name} is one of the {stack.title}; several add up."
            watch_for = pack.effect(stack.effect).watch_for
            found.append(Known(f"{text} Watch for: {watch_for}.", stack.source))
    others = [each for each in reading.look_alikes if each not in reading.ingredients]
    if others:
        found.append(
            Known(f"Easily mixed up with {say_list(others)}.", "FDA and ISMP lists of look-alike names")
        )
    return found


def _from_assessment(chart: Chart, pack: Pack, medication: Medication) -> list[str]:
    """What is known of the person that has to do with a medication: allergies, and that it was tried."""
    country = country_of(chart)
    medicine = Medicine(medication.name, read_name(pack, medication.name, country))
    lines = []
    for each in assessment.allergies(chart.record):
        known = read_allergy(pack, each.substance, country, each.severity, each.certainty)
        if allergy_findings(pack, [medicine], [known]):
            lines.append(
                f"Allergy: {say_allergy(each)}. What that means for it: medtrack check"
                f" {quote(medication.name)} --mine"
            )
        elif any(labels for _, labels in ruled_out(pack, [medicine], [known])):
            lines.append(f"Allergy: {say_allergy(each)}.")
    lines += [
        f"Tried before: {say_tried(each)}."
        for each in rows.tried(chart.record)
        if folded(each.name) == folded(medication.name)
    ]
    return lines


def teaching_lines(chart: Chart, pack: Pack, medication: Medication) -> list[str]:
    """What is to be known of a medication, for its card; what is missing of a missed dose is said too."""
    found = advice_of(chart, medication)
    lines = _from_assessment(chart, pack, medication)
    lines += [f"{title}: {say_advice(found[topic])}" for topic, title in TOPICS.items() if topic in found]
    lines += [f"{each.text} Source: {each.source}." for each in known_of(chart, pack, medication)]
    if "missed" not in found:
        name = quote(handles(chart.medications)[medication.id])
        lines.append(
            "A missed dose: nothing is written down. Ask your pharmacist, or read the leaflet; then: medtrack"
            f" advise {name} --missed TEXT"
        )
    return lines
