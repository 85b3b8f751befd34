"""Which of the medicines a person takes a protocol asks to mention to the clinic; it blocks nothing."""

from __future__ import annotations

from medtrack.domain.names import folded
from medtrack.domain.protocols import Protocol
from medtrack.domain.safety.naming import read_name
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list

from .assessing import country_of
from .chart import Chart


def mentioned(chart: Chart, pack: Pack, protocol: Protocol) -> list[str]:
    """Each thing to mention as a sentence with the medicines it is about; and what could not be looked up."""
    country = country_of(chart)
    found: dict[str, list[str]] = {}
    unknown: list[str] = []
    for medication in chart.medications:
        if not chart.is_taken(medication):
            continue
        reading = read_name(pack, medication.name, country)
        if not reading.is_known and protocol.mentions:
            unknown.append(medication.name)
        classes = {name for each in reading.ingredients for name in pack.ingredient(each).classes}
        names = {folded(medication.name), *(folded(each) for each in reading.ingredients)}
        for mention in protocol.mentions:
            if classes & set(mention.classes) or names & {folded(each) for each in mention.names}:
                found.setdefault(mention.text, []).append(medication.name)
    lines = [f"{say_list(dict.fromkeys(names))}: {text}" for text, names in found.items()]
    if unknown:
        lines.append(f"Not looked up: {say_list(unknown)}. The name is not known; show it to the clinic.")
    return lines


def unknown_classes(pack: Pack, protocol: Protocol) -> list[str]:
    """The classes a protocol names that the knowledge pack has not."""
    known = pack.class_names
    return [name for mention in protocol.mentions for name in mention.classes if name not in known]
