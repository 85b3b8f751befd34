"""What is said unasked when a plan is about to be written down, before it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from medtrack.domain.names import folded
from medtrack.domain.regimen import Medication, Plan
from medtrack.domain.safety.findings import Finding, rank
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.slips import slip_findings
from medtrack.errors import Stopped, WeeklyPlan

from .assessing import country_of
from .chart import Chart
from .looking import look
from .medicines import regimen
from .telling import about, why_not

Confirm = Callable[[str], bool]
"""Asks a question on a terminal."""
Type = Callable[[str], str]
"""Asks for words on a terminal."""


class Caution:
    """What checks a plan before it is written down, and asks where somebody is there to answer."""

    def __init__(self, pack: Pack, typed: str | None = None, ask: Type | None = None) -> None:
        self.pack = pack
        self.typed = typed
        """What was typed beforehand to confirm a weekly medicine planned more often."""
        self.ask = ask

    def before(
        self,
        chart: Chart,
        medication: Medication,
        plans: Sequence[Plan],
        *,
        yes: bool = False,
        confirm: Confirm | None = None,
    ) -> list[str]:
        """The sentences that speak of themselves: what is major or worse, and a name that is not known.

        `confirm` is asked about what is major, unless `yes` has answered. Raises Stopped, and WeeklyPlan
        where a medicine of once a week is planned more often and the words for that were not typed.
        """
        outcome = look(chart, self.pack, (), chart.now, instead=(medication, plans))
        for unknown in outcome.checked.unknown:
            if folded(unknown.label) == folded(medication.name):
                self._misspelt(chart, medication, plans, unknown.reading.suggestions)
        self._weekly(medication, [each for each in outcome.findings if medication.name in each.labels])
        said = [say_finding(each) for each in loud_about(outcome.findings, medication.name)]
        if said and not yes and confirm is not None and not confirm(" ".join(said) + " Write it down?"):
            raise Stopped
        said += [
            f"Not checked: {why_not(each.reading)}"
            for each in outcome.checked.unknown
            if folded(each.label) == folded(medication.name)
        ]
        return said

    def _misspelt(
        self, chart: Chart, medication: Medication, plans: Sequence[Plan], suggestions: Sequence[str]
    ) -> None:
        """Ask in the same way about a name that is nearly one of those medicines, as if it was that one."""
        for name in suggestions:
            meant = medication._replace(name=name)
            planned = [
                each
                for each in regimen(chart, self.pack, country_of(chart), (meant, plans))
                if each.medicine.label == name
            ]
            self._weekly(medication, slip_findings(self.pack, planned))

    def _weekly(self, medication: Medication, findings: Sequence[Finding]) -> None:
        """Ask for words, not for a yes, where daily doses have killed people."""
        for each in findings:
            name = each.key.removeprefix("weekly:")
            weekly = self.pack.weekly(name) if name != each.key else None
            if weekly is None or not weekly.is_typed:
                continue
            words = f"{name} more than once a week"
            typed = self.typed
            if typed is None and self.ask is not None:
                typed = self.ask(f"{each.effect} If a prescriber ordered it so, type '{words}'")
            if typed is None or folded(typed) != words:
                raise WeeklyPlan(
                    medication=_with_meant(medication.name, name), why=weekly.what_can_happen, words=words
                )


def _with_meant(typed: str, name: str) -> str:
    """A name as it was typed, with what it was nearly."""
    return typed if folded(name) in folded(typed) else f"{typed} (do you mean {name}?)"


def loud_about(findings: Sequence[Finding], label: str) -> list[Finding]:
    """The findings about a medicine that speak unasked: major or worse, each worry once.

    What adds up over several medicines is left to `check` where one of its pairs speaks already.
    """
    loud = [each for each in findings if label in each.labels and rank(each.severity) <= rank("major")]
    told = {each.family for each in loud if each.kind != "stack"}
    return [each for each in loud if each.kind != "stack" or each.family not in told]


def say_finding(finding: Finding) -> str:
    """A finding in one sentence or two, where nobody asked for it."""
    return f"{about(finding)} ({finding.severity}): {finding.effect} {finding.what_to_do}"
