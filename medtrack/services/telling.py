"""What a check found, in words for people and in rows for scripts, and what was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from medtrack.domain.person import RULED_OUT
from medtrack.domain.report import Cells, Column
from medtrack.domain.safety.allergies import Allergy
from medtrack.domain.safety.findings import Finding, rank
from medtrack.domain.safety.naming import Reading
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list, say_number_of

from .chart import Chart
from .looking import Outcome

_KEYS = (
    "kind", "severity", "a", "b", "effect", "what_to_do", "source", "source_date", "watch_for", "hours_apart",
    "is_compared", "medicines", "asked_at", "asked",
)  # fmt: skip
COLUMNS = tuple(Column(key) for key in _KEYS)
_NOT_ADVICE = (
    "This is not complete and no medical advice: where nothing is found there may still be something."
    " Ask your pharmacist before you start or change anything, and do not end a prescribed medicine on your"
    " own."
)
_NEVER_CHECKED = (
    "Not looked at: additives of tablets, food other than grapefruit; kidneys, liver, pregnancy and the like"
    " only where they are written down (medtrack condition add)."
)


def row(finding: Finding, outcome: Outcome) -> Cells:
    """A finding as a row under COLUMNS, with what was asked about it."""
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


def lines(outcome: Outcome, everything: bool) -> list[str]:
    """The findings for people, the worst first; `everything` shows also what is minor or told together."""
    shown, folded_in, minor = [], 0, 0
    covered = _covered(outcome.findings)
    light = [each for each in outcome.findings if each.severity == "minor" and each not in outcome.asked]
    for each in outcome.findings:
        if each in outcome.asked:
            continue
        # One that is minor is shorter told than said to be there.
        if everything or light == [each] or not (each.severity == "minor" or each in covered):
            shown.append(each)
        elif each.severity == "minor":
            minor += 1
        else:
            folded_in += 1
    said = [_headline(outcome)]
    for each in shown:
        said += ["", *_block(each)]
    quiet = []
    if folded_in:
        quiet.append(f"{say_number_of(folded_in, 'pair')} told above together")
    if minor:
        quiet.append(say_number_of(minor, "minor finding"))
    if quiet:
        said += ["", f"Not shown: {say_list(quiet)}. --all shows all."]
    asked = [(each, outcome.asked[each]) for each in outcome.findings if each in outcome.asked]
    if asked:
        said.append("")
    for each, known in asked:
        said.append(f"Asked about {known.asked_at:%Y-%m-%d} ({known.note}): {about(each)}, {each.severity}.")
    return [*said, ""]


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


def footer(
    chart: Chart | None, outcome: Outcome, pack: Pack, now: datetime, has_names: bool, mine: bool
) -> list[str]:
    """What was checked, against what and of which date, and what was not."""
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
    lines += [_say_ruled_out(allergy, labels) for allergy, labels in outcome.checked.ruled_out]
    lines += _about_sets(outcome)
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


def _about_sets(outcome: Outcome) -> list[str]:
    """What was brought along: what it is, which medicines it does not know, and its holes."""
    lines = []
    known = {each.label for each in outcome.checked.known}
    for about_set, inside, outside in outcome.held:
        title = " ".join(part for part in (about_set.title, about_set.version) if part)
        several = f"{len(inside)} of {say_number_of(len(inside) + len(outside), 'medicine')}"
        lines.append(
            f"Also checked against {title}, imported {about_set.imported_on} ({about_set.licence}): it knows"
            f" {several}."
        )
        if outside:
            lines.append(f"NOT in {about_set.title}: {say_list(outside)}.")
        alone = [label for label in inside if label not in known]
        if alone:
            lines.append(f"{say_list(alone)}: held against {about_set.title} alone.")
        lines += [f"{about_set.title}: {hole}" for hole in about_set.holes]
    if outcome.names_of:
        lines.append(f"Names were also looked up in {say_list(outcome.names_of)}.")
    lines += [
        f"NOT used: the data set {name}, because {why}. Import it again, or: medtrack check --forget {name}"
        for name, why in outcome.broken
    ]
    return lines


def _say_ruled_out(allergy: Allergy, labels: Sequence[str]) -> str:
    would = f"It would speak of {say_list(labels)}" if labels else "Nothing in this check has to do with it"
    return f"NOT counted: the allergy to {allergy.substance}, which was ruled out. {would}."


def _unread(outcome: Outcome) -> list[Allergy]:
    return [each for each in _counted(outcome) if not each.is_known]


def _counted(outcome: Outcome) -> list[Allergy]:
    return [each for each in outcome.allergies if each.certainty != RULED_OUT]


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


def meta(outcome: Outcome, pack: Pack, now: datetime) -> Cells:
    """The same for scripts."""
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
        "allergies": [each.substance for each in _counted(outcome) if each.is_known],
        "allergies_not_checked": [each.substance for each in _unread(outcome)],
        "allergies_ruled_out": [
            {"substance": allergy.substance, "medicines": labels}
            for allergy, labels in outcome.checked.ruled_out
        ],
        "conditions": [
            {"typed": each.name, "read_as": list(each.titles)} for each in outcome.conditions if each.is_known
        ],
        "conditions_not_checked": [each.name for each in outcome.conditions if not each.is_known],
        "not_counted": outcome.not_counted,
        "imports": [
            {
                "name": each.about.name,
                "title": each.about.title,
                "version": each.about.version,
                "licence": each.about.licence,
                "imported_on": each.about.imported_on,
                "holes": list(each.about.holes),
                "checked": each.inside,
                "not_checked": each.outside,
            }
            for each in outcome.held
        ],
        "names_from": outcome.names_of,
        "imports_not_used": [{"name": name, "why": why} for name, why in outcome.broken],
        "rules": len(pack),
        "rules_date": pack.date,
        "rules_version": pack.version,
        "rules_are_old": pack.is_old(now.date()),
    }
