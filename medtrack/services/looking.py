"""Every finding about what is taken or named, by the pack and by what was brought along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from medtrack.domain.names import folded
from medtrack.domain.person import Acknowledgement
from medtrack.domain.regimen import Medication, Plan
from medtrack.domain.safety.allergies import Allergy, read_allergy
from medtrack.domain.safety.checking import Checked
from medtrack.domain.safety.checking import check as check_all
from medtrack.domain.safety.conditions import KnownCondition, read_condition
from medtrack.domain.safety.datasets import Held, hold
from medtrack.domain.safety.findings import Finding, in_order
from medtrack.domain.safety.limits import limit_findings
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.slips import slip_findings
from medtrack.store import assessment as rows

from .assessing import age_of, country_of
from .chart import Chart
from .medicines import named, regimen, standing_plans

if TYPE_CHECKING:
    from medtrack.store.datasets import StoredSet


class Outcome(NamedTuple):
    """One check: what it was about and what came out."""

    checked: Checked
    asked: dict[Finding, Acknowledgement]
    """What was asked about a finding, where nothing has changed since."""
    allergies: list[Allergy]
    conditions: list[KnownCondition]
    not_counted: list[str]
    held: list[Held]
    """The data sets of pairs that a person brought along, and which medicines each of them knows."""
    names_of: list[str]
    """The titles of the data sets in which names were looked up."""
    broken: list[tuple[str, str]]
    """The data sets that cannot be used, and why."""
    named: list[str]
    """The labels of what was named for this check alone."""

    @property
    def findings(self) -> list[Finding]:
        """Everything found, the right ones first."""
        return self.checked.findings

    def about(self, names: Sequence[str]) -> Outcome:
        """The same, with only the findings that some of these medicines have a part in."""
        of_them = [each for each in self.findings if set(each.labels) & set(names)]
        return self._replace(checked=self.checked._replace(findings=of_them))


def look(
    chart: Chart | None,
    pack: Pack,
    typed: Sequence[str],
    now: datetime,
    *,
    mine: bool = False,
    instead: tuple[Medication, Sequence[Plan]] | None = None,
    sets: Sequence[StoredSet] = (),
    logged: bool = False,
) -> Outcome:
    """Every finding about what is taken, or was named; with `instead`, as if that was written down.

    With `logged` what was taken as needed of late counts, beside what its plan allows. `sets` are the data
    sets that a person brought along: those of pairs are held against the medicines.
    """
    country = None if chart is None else country_of(chart)
    age = None if chart is None else age_of(chart)
    some = named(pack, typed, country, now)
    taken = (
        [] if chart is None or (typed and not mine) else regimen(chart, pack, country, instead, logged=logged)
    )
    about = [*taken, *some]
    allergies = (
        []
        if chart is None
        else [
            read_allergy(pack, each.substance, country, each.severity, each.certainty)
            for each in rows.allergies(chart.record)
        ]
    )
    conditions = (
        []
        if chart is None
        else [read_condition(pack, each.name, each.note) for each in rows.conditions(chart.record)]
    )
    # Of a bare name no amount is known, and none is missing.
    amounts = [*taken, *(each for each in some if each.planned)]
    totals = limit_findings(pack, amounts, country=country, age=age)
    limits = [*slip_findings(pack, about), *totals.findings]
    checked = check_all(pack, [each.medicine for each in about], allergies, age, limits, country, conditions)
    pair_sets = [each for each in sets if not each.holds_names]
    found, held = hold(pack, pair_sets, [each.medicine for each in about], checked.findings)
    checked = checked._replace(findings=in_order(found))
    asked = {} if chart is None else _asked(chart, checked.findings)
    return Outcome(
        checked,
        asked,
        allergies,
        conditions,
        totals.not_counted,
        [each for one, each in zip(pair_sets, held, strict=True) if not one.problem],
        [each.title for each in sets if each.holds_names and not each.problem],
        [(each.name, each.problem) for each in sets if each.problem],
        [each.medicine.label for each in some],
    )


def _asked(chart: Chart, findings: Sequence[Finding]) -> dict[Finding, Acknowledgement]:
    known = {(each.finding, each.basis): each for each in rows.acknowledgements(chart.record)}
    if not known:
        return {}
    found = {each: known.get((each.key, basis_of(chart, each))) for each in findings}
    return {finding: each for finding, each in found.items() if each is not None}


def basis_of(chart: Chart, finding: Finding) -> str:
    """What a finding rests on: the severity told, and the standing plans of its medicines."""
    by_name = {folded(each.name): each for each in chart.medications}
    plans = []
    for label in finding.labels:
        medication = by_name.get(folded(label))
        if medication is not None:
            plans += [plan.uid for plan in standing_plans(chart, medication)]
    return " ".join([finding.severity, *sorted(plans)])
