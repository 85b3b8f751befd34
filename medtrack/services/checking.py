"""What is worth a call to the pharmacist, among what is taken or named, and what was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from medtrack.domain.names import LONGEST_NOTE, folded, read_text
from medtrack.domain.person import Acknowledgement
from medtrack.domain.regimen import Medication, Plan
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.safety.allergies import Allergy, read_allergy
from medtrack.domain.safety.checking import Checked
from medtrack.domain.safety.checking import check as check_all
from medtrack.domain.safety.conditions import KnownCondition, read_condition
from medtrack.domain.safety.findings import Finding, rank
from medtrack.domain.safety.limits import limit_findings
from medtrack.domain.safety.naming import Reading
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.slips import slip_findings
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import UsageRefused
from medtrack.store import assessment as rows

from .assessing import age_of, country_of
from .chart import Chart
from .medicines import named, regimen, standing_plans

_KEYS = (
    "kind", "severity", "a", "b", "effect", "what_to_do", "source", "source_date", "watch_for", "hours_apart",
    "is_compared", "medicines", "asked_at", "asked",
)  # fmt: skip
_COLUMNS = tuple(Column(key) for key in _KEYS)
_NOT_ADVICE = (
    "This is not complete and no medical advice: where nothing is found there may still be something."
    " Ask your pharmacist before you start or change anything, and do not end a prescribed medicine on your"
    " own."
)
_NEVER_CHECKED = (
    "Not looked at: additives of tablets, food other than grapefruit; kidneys, liver, pregnancy and the like"
    " only where they are written down (medtrack condition add)."
)


class Outcome(NamedTuple):
    """One check: what it was about and what came out."""

    checked: Checked
    asked: dict[Finding, Acknowledgement]
    """What was asked about a finding, where nothing has changed since."""
    allergies: list[Allergy]
    conditions: list[KnownCondition]
    not_counted: list[str]

    @property
    def findings(self) -> list[Finding]:
        """Everything found, the right ones first."""
        return self.checked.findings

    def about(self, names: Sequence[str]) -> Outcome:
        """The same, with only the findings that some of these medicines have a part in."""
        of_them = [each for each in self.findings if set(each.labels) & set(names)]
        return self._replace(checked=self.checked._replace(findings=of_them))


def check(
    chart: Chart | None,
    pack: Pack,
    typed: Sequence[str],
    now: datetime,
    *,
    mine: bool = False,
    everything: bool = False,
) -> Report:
    """Hold what is taken, or what was named, against each other and the person's allergies.

    With `mine` the named ones are held against what is taken too, and only what is about them is told.
    Without a chart no allergy and no country is known. The report's meta says what was checked, against
    what, and what was not. Raises BadText for a name that is empty or no text.
    """
    names = [read_text(name, "name") for name in typed]
    outcome = look(chart, pack, names, now, mine=mine)
    if mine and names:
        outcome = outcome.about(names)
    lines = _lines(outcome, everything)
    return Report(
        "check",
        _COLUMNS,
        [_row(each, outcome) for each in outcome.findings],
        _meta(outcome, pack, now),
        lines=lines,
        footer=_footer(chart, outcome, pack, now, bool(names), mine),
    )


def look(
    chart: Chart | None,
    pack: Pack,
    typed: Sequence[str],
    now: datetime,
    *,
    mine: bool = False,
    instead: tuple[Medication, Sequence[Plan]] | None = None,
) -> Outcome:
    """Every finding about what is taken, or was named; with `instead`, as if that was written down."""
    country = None if chart is None else country_of(chart)
    age = None if chart is None else age_of(chart)
    some = named(pack, typed, country, now)
    taken = [] if chart is None or (typed and not mine) else regimen(chart, pack, country, instead)
    about = [*taken, *some]
    allergies = (
        []
        if chart is None
        else [read_allergy(pack, each.substance, country) for each in rows.allergies(chart.record)]
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
    asked = {} if chart is None else _asked(chart, checked.findings)
    return Outcome(checked, asked, allergies, conditions, totals.not_counted)


# --- what was asked about ----------------------------------------------------------------------------


def acknowledge(chart: Chart, pack: Pack, typed: Sequence[str], now: datetime, note: str) -> Report:
    """Write down that somebody was asked about the findings there are, or about those on some medicines.

    They are told in one line from then on, until a plan or a medicine of theirs changes. Raises
    UsageRefused where there is nothing to ask about.
    """
    said = read_text(note, "note", LONGEST_NOTE)
    outcome = look(chart, pack, (), now)
    wanted = {folded(name) for name in typed}
    open_ones = [
        each for each in outcome.findings if not wanted or wanted & {folded(label) for label in each.labels}
    ]
    if not open_ones:
        raise UsageRefused(what="There is no finding about that to ask about. 'medtrack check' lists them.")
    with chart.writing("check") as work:
        for each in open_ones:
            known = Acknowledgement(each.key, _basis(chart, each), said, chart.now)
            rows.add_acknowledgement(work, known)
        work.summary = f"asked about {say_number_of(len(open_ones), 'finding')}: {said}"
    lines = [f"Recorded: you asked about {say_number_of(len(open_ones), 'finding')} ({said})."]
    lines += [f"- {about(each)}" for each in open_ones]
    lines += ["They stay quiet until one of these medicines or its plan changes.", "Not right? medtrack undo"]
    again = look(chart, pack, (), now)
    told = [_row(each, again) for each in again.findings if each in open_ones]
    return Report("check", _COLUMNS, told, {"recorded": True}, lines=lines)


def _asked(chart: Chart, findings: Sequence[Finding]) -> dict[Finding, Acknowledgement]:
    known = {(each.finding, each.basis): each for each in rows.acknowledgements(chart.record)}
    if not known:
        return {}
    found = {each: known.get((each.key, _basis(chart, each))) for each in findings}
    return {finding: each for finding, each in found.items() if each is not None}


def _basis(chart: Chart, finding: Finding) -> str:
    """What a finding rests on: the severity told, and the standing plans of its medicines."""
    by_name = {folded(each.name): each for each in chart.medications}
    plans = []
    for label in finding.labels:
        medication = by_name.get(folded(label))
        if medication is not None:
            plans += [plan.uid for plan in standing_plans(chart, medication)]
    return " ".join([finding.severity, *sorted(plans)])


# --- what people and scripts read --------------------------------------------------------------------


def _row(finding: Finding, outcome: Outcome) -> Cells:
    asked = outcome.asked.get(finding)
    own = {key: getattr(finding, key) for key in _KEYS[:11]}
    return {
        **own,
        "medicines": list(finding.labels),
        "asked_at": None if asked is None else asked.asked_at,
        "asked": None if asked is None else asked.note,
    }


def about(finding: Finding) -> str:
    """The medicines of a finding, in words."""
    if finding.kind == "allergy":
        return f"{finding.a}, with an allergy to {finding.b}"
    if finding.kind == "condition":
        return f"{finding.a}, with {finding.b}"
    if finding.kind in ("interaction", "duplicate"):
        return f"{finding.a} with {finding.b}"
    return f"{finding.a}, {finding.b}" if finding.b else finding.a


def _lines(outcome: Outcome, everything: bool) -> list[str]:
    shown, folded_in, minor = [], 0, 0
    covered = _covered(outcome.findings)
    for each in outcome.findings:
        if each in outcome.asked:
            continue
        if everything or not (each.severity == "minor" or each in covered):
            shown.append(each)
        elif each.severity == "minor":
            minor += 1
        else:
            folded_in += 1
    lines = [_headline(outcome)]
    for each in shown:
        lines += ["", *_block(each)]
    quiet = []
    if folded_in:
        quiet.append(f"{say_number_of(folded_in, 'pair')} told above together")
    if minor:
        quiet.append(say_number_of(minor, "minor finding"))
    if quiet:
        lines += ["", f"Not shown: {say_list(quiet)}. --all shows all."]
    asked = [(each, outcome.asked[each]) for each in outcome.findings if each in outcome.asked]
    if asked:
        lines.append("")
    for each, known in asked:
        lines.append(f"Asked about {known.asked_at:%Y-%m-%d} ({known.note}): {about(each)}, {each.severity}.")
    return [*lines, ""]


def _covered(findings: Sequence[Finding]) -> set[Finding]:
    """The findings about pairs that a stack of the same worry, no less bad, tells with the others."""
    stacks = [each for each in findings if each.kind == "stack" and len(each.labels) > 2]
    return {
        each
        for each in findings
        if each.kind == "interaction"
        and any(
            stack.family == each.family
            and set(each.labels) <= set(stack.labels)
            and rank(stack.severity) <= rank(each.severity)
            for stack in stacks
        )
    }


def _headline(outcome: Outcome) -> str:
    medicines = say_number_of(len(outcome.checked.known), "medicine")
    if not outcome.checked.known and not outcome.checked.unknown:
        return "Nothing is taken now and nothing was named, so nothing was checked."
    if not outcome.checked.known:
        return "Nothing was checked: no medicine in it is known."
    if not outcome.findings:
        return f"Nothing was found about {medicines}."
    return f"{say_number_of(len(outcome.findings), 'finding')} about {medicines}, the worst first."


def _block(finding: Finding) -> list[str]:
    kind = "timing" if finding.hours_apart and finding.severity in ("moderate", "minor") else finding.kind
    lines = [
        f"{finding.severity.upper()} ({kind}): {about(finding)}",
        f"  {finding.effect}",
        f"  What to do: {finding.what_to_do}",
    ]
    if finding.watch_for:
        lines.append(f"  Watch for: {finding.watch_for}.")
    compared = "" if finding.is_compared else "; not found in a second source yet"
    return [*lines, f"  Source: {finding.source} ({finding.source_date}){compared}."]


def _footer(
    chart: Chart | None, outcome: Outcome, pack: Pack, now: datetime, has_names: bool, mine: bool
) -> list[str]:
    known, unknown = outcome.checked.known, outcome.checked.unknown
    several = f"{len(known)} of {say_number_of(len(known) + len(unknown), 'medicine')}"
    lines = [f"Checked: {several} against {len(pack):,} rules of {pack.date:%Y-%m-%d} ({pack.version})."]
    lines += [f"NOT checked: {why_not(each.reading)}" for each in unknown]
    lines += [
        f"NOT checked: the allergy to {each.substance}. {_why_no_allergy(each)}" for each in _unread(outcome)
    ]
    lines += [
        f"NOT checked: what {each.name} means for a medicine. No rule knows that condition."
        for each in outcome.conditions
        if not each.is_known
    ]
    if outcome.not_counted:
        lines.append(
            f"NOT counted: how much of {say_list(outcome.not_counted)} is taken in a day could not be told."
        )
    lines += list(dict.fromkeys(remark for each in known for remark in each.reading.remarks))
    if has_names:
        lines += list(dict.fromkeys(_mind(each.reading) for each in known if each.reading.look_alikes))
    if pack.is_old(now.date()):
        lines.append(f"The rules are more than a year old ({pack.date:%Y-%m-%d}): get a newer medtrack.")
    read = [f"{each.name}, read as {say_list(each.titles)}" for each in outcome.conditions if each.is_known]
    if read:
        lines.append(f"Held against {'; '.join(read)}: few facts, so ask about every medicine.")
    if chart is None:
        lines.append("There is no record yet, so no allergy and no condition was considered.")
    elif has_names:
        lines.append(
            "What was found among what you take without it: medtrack check."
            if mine
            else "What you take was not held against it: --mine does that too."
        )
    return [*lines, _NEVER_CHECKED, _NOT_ADVICE]


def _unread(outcome: Outcome) -> list[Allergy]:
    return [each for each in outcome.allergies if not each.is_known]


def _why_no_allergy(allergy: Allergy) -> str:
    return allergy.note or "No rule knows that word."


def why_not(reading: Reading) -> str:
    """Why a name cannot be checked, and what it may have meant."""
    if reading.remarks:
        return " ".join(reading.remarks)
    if reading.suggestions:
        others = f" Not the same medicine: {', '.join(reading.look_alikes)}." if reading.look_alikes else ""
        offered = " or ".join(reading.suggestions)
        return f"{reading.typed}. Did you mean {offered}? Compare with the packet.{others}"
    return f"{reading.typed}. It is no name that is known; show the packet to your pharmacist."


def _mind(reading: Reading) -> str:
    return f"Mind the name: {reading.typed} is not the same medicine as {' or '.join(reading.look_alikes)}."


def _meta(outcome: Outcome, pack: Pack, now: datetime) -> Cells:
    return {
        "checked": [
            {
                "typed": each.label,
                "ingredients": list(each.ingredients),
                "look_alikes": list(each.reading.look_alikes),
                "remarks": list(each.reading.remarks),
            }
            for each in outcome.checked.known
        ],
        "not_checked": [
            {
                "typed": each.label,
                "suggestions": list(each.reading.suggestions),
                "why": why_not(each.reading),
            }
            for each in outcome.checked.unknown
        ],
        "allergies": [each.substance for each in outcome.allergies if each.is_known],
        "allergies_not_checked": [each.substance for each in _unread(outcome)],
        "conditions": [
            {"typed": each.name, "read_as": list(each.titles)} for each in outcome.conditions if each.is_known
        ],
        "conditions_not_checked": [each.name for each in outcome.conditions if not each.is_known],
        "not_counted": outcome.not_counted,
        "rules": len(pack),
        "rules_date": pack.date,
        "rules_version": pack.version,
        "rules_are_old": pack.is_old(now.date()),
    }
