"""What the person has that has to do with a medication: it is taken for it, or a rule speaks of the two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from medtrack.domain.names import folded
from medtrack.domain.person import Condition
from medtrack.domain.regimen import AsNeeded, Medication
from medtrack.domain.report import Cells
from medtrack.domain.safety.checking import check
from medtrack.domain.safety.conditions import KnownCondition, is_denied, read_condition
from medtrack.domain.safety.findings import Finding
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list
from medtrack.store import assessment

from .assessing import country_of
from .chart import Chart
from .medicines import read_medicine, standing_plans

_KEYS = ("severity", "effect", "what_to_do", "source", "source_date", "is_compared")


class Bearing(NamedTuple):
    """A condition beside a medication."""

    condition: Condition
    taken_for: str | None
    """What the medication is written down to be taken for, where that is this condition."""
    findings: Sequence[Finding]
    """What the rules say of the two, as `check` tells it."""
    is_known: bool
    """Whether the rules know the condition."""
    is_checked: bool
    """Whether they know the medicine too; where not, nothing follows from their silence."""

    @property
    def cells(self) -> Cells:
        """It for scripts."""
        return {
            "name": self.condition.name,
            "note": self.condition.note,
            "taken_for": self.taken_for,
            "is_checked": self.is_checked,
            "findings": [{key: getattr(each, key) for key in _KEYS} for each in self.findings],
        }


def bearings(chart: Chart, pack: Pack, medication: Medication) -> list[Bearing]:
    """Every condition of the person beside a medication."""
    country = country_of(chart)
    medicine = read_medicine(pack, medication, country)
    needed = [each.timing.reason for each in chart.plans(medication) if isinstance(each.timing, AsNeeded)]
    reasons = [each for each in (medication.reason, *needed) if each]
    found = []
    for each in assessment.conditions(chart.record):
        known = read_condition(pack, each.name, each.note)
        checked = check(pack, [medicine], country=country, conditions=[known])
        of_it = [finding for finding in checked.findings if finding.kind == "condition"]
        why = next((reason for reason in reasons if _is_for(pack, reason, known)), None)
        is_checked = known.is_known and not checked.unknown
        found.append(Bearing(each, why, of_it, known.is_known, is_checked))
    return found


def _is_for(pack: Pack, reason: str, condition: KnownCondition) -> bool:
    """Whether a reason is this condition: in its words, or read as the same."""
    if is_denied(condition.name):
        return False
    word = rf"(?<!\w){re.escape(folded(condition.name))}(?!\w)"
    is_named = re.search(word, folded(reason)) is not None and not is_denied(reason)
    return is_named or bool({*read_condition(pack, reason).titles} & {*condition.titles})


def bearing_lines(chart: Chart, medication: Medication, found: Sequence[Bearing]) -> list[str]:
    """What conditions have to do with a medication, in words, and which of them were not looked at."""
    is_taken = bool(standing_plans(chart, medication))
    lines = []
    for each in found:
        note = f" ({each.condition.note})" if each.condition.note else ""
        said = f"Condition: {each.condition.name}{note}."
        if each.taken_for is not None:
            lines.append(f"{said} It is written down as taken for {each.taken_for}.")
        lines += [f"{said} {_say(finding, is_taken=is_taken)}" for finding in each.findings]
    aside = [each for each in found if each.taken_for is None and not each.is_checked]
    unread = [each.condition.name for each in aside if not each.is_known]
    unheld = [each.condition.name for each in aside if each.is_known]
    if unread:
        lines.append(f"Not looked at: {say_list(unread)}, which no rule knows.")
    if unheld:
        lines.append(f"Not looked at: {say_list(unheld)}, since the name {medication.name} is not known.")
    return lines


def _say(finding: Finding, *, is_taken: bool) -> str:
    compared = "" if finding.is_compared else "; not found in a second source yet"
    said = f"{finding.severity.capitalize()}: {finding.effect}"
    # What is not taken any more asks for nothing.
    said += f" What to do: {finding.what_to_do}" if is_taken else ""
    return f"{said} Source: {finding.source} ({finding.source_date}){compared}."
