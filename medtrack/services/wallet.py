"""The wallet card: what somebody who finds or treats the person must know, on a few lines."""

from __future__ import annotations

from datetime import date

from medtrack.domain.document import Document, Section
from medtrack.domain.matching import held_spans, hold_over
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.safety.pack import Pack
from medtrack.domain.slots import plan_span
from medtrack.store import assessment
from medtrack.store import together as rows

from .assessing import say_certainty
from .chart import Chart
from .regimen import title
from .teaching import advice_of, known_of, say_advice

EVERY = "all"
_TAKEN = (
    Column("medication", "Medicine", lambda row: str(row["title"])),
    Column("title"),
    Column("how", "How"),
    Column("reason", "For"),
    Column("watch", "Watch for"),
    Column("missed", "A missed dose"),
    Column("call", "Who to call"),
)
_ALLERGIES = (
    Column("substance", "Allergy"),
    Column("reaction", "Reaction"),
    Column("severity", "Severity"),
    Column("certainty", "Certainty", lambda row: say_certainty(row["certainty"])),
)
_CONTACTS = (Column("name", "Name"), Column("role", "Role"), Column("phone", "Phone"))


def card(chart: Chart, pack: Pack, typed: str) -> Document:
    """The card of one medication, or of all that is taken now.

    Raises MedicationNotFound, MedicationAmbiguous.
    """
    known = assessment.profile(chart.record)
    name = known.get("name") or chart.person
    is_every = typed.strip().casefold() == EVERY and not _is_a_name(chart, typed)
    if is_every:
        chosen = [each for each in chart.medications if _plans_now(chart, each)]
    else:
        chosen = [chart.find(typed)]
    day = chart.local(chart.now).date()
    facts = [("Name", name)] if name else []
    facts += [("Born", known["born"])] if "born" in known else []
    facts.append(("As of", day.isoformat()))
    sections = [
        Section("medications", "Takes", _taken(chart, chosen)),
        Section("allergies", "Allergies", _allergies(chart)),
        Section("contacts", "To call", _contacts(chart)),
    ]
    if is_every:
        told = [
            f"{each.name}: {fact.text} Source: {fact.source}."
            for each in chosen
            for fact in known_of(chart, pack, each)
            if fact.is_warning
        ]
    else:
        told = [f"{each.text} Source: {each.source}." for each in known_of(chart, pack, chosen[0])]
    if told:
        sections.insert(1, Section("known", "Good to know", Report("known", lines=told)))
    return Document(
        "card", "Medication card", chart.person, facts, sections, "medications", _meta(known, day)
    )


def _meta(known: dict[str, str], day: date) -> Cells:
    return {"name": known.get("name"), "born": known.get("born"), "as_of": day}


def _is_a_name(chart: Chart, typed: str) -> bool:
    return any(each.name.casefold() == typed.strip().casefold() for each in chart.medications)


def _plans_now(chart: Chart, medication: Medication) -> list[str]:
    """The plans that run now, in words."""
    running = ((plan, plan_span(plan, chart.zones)) for plan in chart.plans(medication))
    return [
        chart.describe(plan._replace(ended=None))
        for plan, (since, until) in running
        if since <= chart.now < until
    ]


def _taken(chart: Chart, chosen: list[Medication]) -> Report:
    found: list[Cells] = []
    for medication in chosen:
        said = {topic: say_advice(each) for topic, each in advice_of(chart, medication).items()}
        plans = _plans_now(chart, medication)
        if plans and hold_over(held_spans(chart.holds(medication), chart.zones), chart.now) is not None:
            plans.append("on hold now")
        how = [*plans, *([said["how"]] if "how" in said else [])]
        found.append(
            {
                "medication": medication.name,
                "title": title(medication),
                "how": "; ".join(how) or "not taken now",
                "reason": said.get("for") or medication.reason,
                "watch": said.get("watch"),
                "missed": said.get("missed"),
                "call": said.get("call"),
            }
        )
    # A column nobody filled would only make the card wider.
    columns = [
        column
        if column.key in ("medication", "how") or any(row[column.key] for row in found)
        else column._replace(title=None)
        for column in _TAKEN
    ]
    return Report("medications", columns, found, empty="Nothing is taken now.")


def _allergies(chart: Chart) -> Report:
    found: list[Cells] = [
        {column.key: getattr(each, column.key) for column in _ALLERGIES}
        for each in assessment.allergies(chart.record)
    ]
    # That none is written down does not say that there is none.
    return Report(
        "allergies", _ALLERGIES, found, empty="None is written down; that does not say there is none."
    )


def _contacts(chart: Chart) -> Report:
    found: list[Cells] = [
        {"name": each.name, "role": each.role, "phone": each.phone} for each in rows.team(chart.record)
    ]
    return Report("contacts", _CONTACTS, found, empty="Nobody is written down.")
