"""The brief: what the next visit needs, short enough for one page.

Its sections hold what is to be said as sentences, the most important first, beside all the rows for scripts.
How many of them a page has room for is for whoever sets it; each section says where the rest is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack import __version__
from medtrack.domain.adherence import day_of
from medtrack.domain.document import Document, More, Section
from medtrack.domain.person import Condition, Visit
from medtrack.domain.report import Report, Row
from medtrack.domain.when import read_bound, say_local
from medtrack.domain.wording import say_number_of
from medtrack.errors import NotSettled, UsageRefused
from medtrack.store import assessment
from medtrack.store import together as rows

from .adherence import METHOD, NONE_DUE, measure, say_taken, tell, window_of
from .as_needed import as_needed_use
from .assessing import age_of, allergies, conditions, say_allergy
from .brief_words import (
    as_needed_entries,
    change_entries,
    measure_entries,
    note_entries,
    pattern_entries,
    session_entries,
    supply_entries,
)
from .changes import changes
from .chart import Chart
from .held_doses import ON_HOLD, of_held_slots
from .listing import meds
from .lived import Lived, lived
from .noticing import note_patterns
from .noting import notes
from .outcomes import Reference, all_measures, baseline_day, help_now, measures
from .reporting import DAYS
from .session_summary import sessions_in_short
from .supplying import stock_report
from .together import questions, say_helper, say_tried, team, tried, visits

LAST_VISIT = "last-visit"
_DAY = timedelta(1)
_COUNTED = {
    "missed": "missed",
    "skipped": "skipped",
    "held": "held",
    "extra": "extra",
    "other_amount": "in another amount",
}
"""What else is counted of a medicine, in words."""


class _Window(NamedTuple):
    """The days of a brief, both inside, and why they begin where they do."""

    first: date
    last: date
    why: str

    @property
    def days(self) -> str:
        """How many days these are, in words."""
        return say_number_of((self.last - self.first).days + 1, "day")


def brief(
    chart: Chart,
    known: Reference,
    *,
    since: str | None = None,
    baseline: str | None = None,
    taken_out: str | None = None,
) -> Document:
    """One page about a person for the next visit, from the last visit, or a day, up to today.

    Without `since`: the last visit where one is written down, else the last thirty days. `baseline` names the
    day of the scores that others are held against. `taken_out` says what is not in a redacted record.

    Raises NotSettled, UsageRefused, BadTime.
    """
    window = _window(chart, since)
    first, last, _ = window
    named = baseline_day(chart, baseline)
    words = f"{first}..{last}"
    measured = measure(chart, chart.medications, first, last)
    every = [lived(chart, each, first, last) for each in chart.medications]
    adherence = tell(chart, measured)
    noted = notes(chart, None)
    noted = noted._replace(rows=[row for row in noted.rows if _is_of_now(chart, row, first)])
    counted = note_patterns(chart, None, span=words)
    if taken_out is not None:
        # What a note is about is in its words, and those are left out.
        counted = counted._replace(rows=[])
    scored = measures(chart, known, None, span=words)
    held = sessions_in_short(chart, first, last)
    changed = changes(chart, words)
    needed = as_needed_use(chart, every, first, last)
    on_hand = stock_report(chart, [])
    then = _visits(chart, first)
    urgent = help_now(
        chart, known, [each for each in all_measures(chart)[::-1] if each.local.date() >= first]
    )
    sections = [
        _section(
            "visits", "Decided", then, [_say_visit(row) for row in then.rows], "No visit is written down.",
            More("visit", "medtrack visit list"),
        ),
        _section(
            "changes", "Changed", changed, change_entries(chart, changed),
            "Nothing changed in the regimen.", More("change", f"medtrack changes {words}"),
        ),
        _section(
            "adherence", "Takes", adherence, _takes(chart, adherence.rows, every), "Nothing is taken.",
            More("medicine", f"medtrack adherence --since {first}"), _rule(adherence, every, window),
        ),
        _section(
            "as_needed", "As needed", needed, as_needed_entries(needed.rows),
            "Nothing was planned or taken as needed.",
            More("medicine", f"medtrack report --since {first}"),
        ),
        _section(
            "notes", "Side effects", noted, note_entries(chart, noted.rows), "None is written down.",
            More("note", f"medtrack notes --since {_earliest(chart, noted.rows, first)}"),
        ),
        _section(
            "patterns", "Patterns", counted, pattern_entries(counted),
            "No two notes of a kind after doses of one medicine in these days."
            if taken_out is None
            else "Left out: what a note is about is in its words.",
            More("pattern", f"medtrack notes --patterns --since {first}"),
            ["Counts, never causes: what comes after a dose need not come from it."] if counted.rows else (),
        ),
        _section(
            "measures", "Scores", scored, measure_entries(chart, known, first, last, named),
            "No score and no reading is written down.", More("measure", f"medtrack measures --since {first}"),
            urgent,
        ),
        _section(
            "sessions", "Sessions", held, session_entries(chart, held.rows), "None is written down.",
            More("session", "medtrack session list"),
        ),
        _section(
            "supply", "On hand", on_hand, supply_entries(on_hand), "No supply is written down.",
            More("medicine", "medtrack stock"),
        ),
        _section(
            "questions", "To ask", questions(chart), [each.text for each in rows.questions(chart.record)],
            "No question is waiting.", More("question", "medtrack question list"),
        ),
        _section(
            "allergies", "Allergies", allergies(chart),
            [say_allergy(each) for each in assessment.allergies(chart.record)],
            "None is written down; that does not say there is none.",
            More("allergy", "medtrack allergy list"),
        ),
        _section(
            "conditions", "Conditions", conditions(chart),
            [_say_condition(each) for each in assessment.conditions(chart.record)],
            "None is written down.", More("condition", "medtrack condition list"),
        ),
        _section(
            "tried", "Tried before", tried(chart), [say_tried(each) for each in rows.tried(chart.record)],
            "Nothing is written down.", More("treatment", "medtrack tried list"),
        ),
        _section(
            "team", "Who helps", team(chart), [say_helper(each) for each in rows.team(chart.record)],
            "Nobody is written down.", More("helper", "medtrack team list"),
        ),
    ]  # fmt: skip
    return Document(
        "brief",
        "Brief for the next visit",
        chart.person,
        _facts(chart, window, taken_out),
        sections,
        "adherence",
        {
            "person": chart.person,
            "since": first,
            "until": last,
            "made_at": chart.zones.shown(chart.now),
            "medtrack": __version__,
            "day_starts": f"{chart.day_starts:%H:%M}",
            "method": METHOD,
            "help": urgent,
            **({} if taken_out is None else {"redacted": taken_out}),
        },
        [section.key for section in sections if section.key != "adherence"],
        foremost=("allergies",),
        is_one_page=True,
    )


def _section(
    key: str,
    label: str,
    report: Report,
    entries: Sequence[str],
    empty: str,
    more: More,
    footer: Sequence[str] = (),
) -> Section:
    """A section whose rows are for scripts, and whose entries are what people read."""
    columns = [column._replace(title=None) for column in report.columns]
    said = Report(key, columns, report.rows, lines=entries or [empty], footer=footer)
    return Section(key, label, said, more=more)


# --- the days -------------------------------------------------------------------------------------------


def _window(chart: Chart, since: str | None) -> _Window:
    today = day_of(chart.local(chart.now), chart.day_starts)
    last_one = _last_visit(chart)
    if since is None and last_one is None:
        return _Window(today - (DAYS - 1) * _DAY, today, "the last thirty days")
    if since is None or since.strip().lower() == LAST_VISIT:
        if last_one is None:
            raise NotSettled(
                what="No visit before today is written down, so there is no last one. Name a day: medtrack"
                f" brief --since {today - (DAYS - 1) * _DAY}. Or write the visit down: medtrack visit add"
                " --with NAME --on DATE"
            )
        return _Window(
            last_one.visited_on,
            max(today, last_one.visited_on),
            f"the visit with {last_one.with_whom} on {last_one.visited_on}",
        )
    bound = read_bound(since, now=chart.now, zone=chart.zone, ahead=False)
    first = chart.local(bound).date() if isinstance(bound, datetime) else bound
    if first > today:
        raise UsageRefused(what=f"{first} is still to come: --since is a day in the past, or last-visit.")
    # A span that no record can have is refused as everywhere.
    window_of(chart, chart.medications, (chart.midnight(first), chart.midnight(today + _DAY)))
    return _Window(first, today, f"{first}")


def _last_visit(chart: Chart) -> Visit | None:
    """The last visit that is over: before today, or today's where it is written down what was decided."""
    today = chart.local(chart.now).date()
    over = [
        each
        for each in rows.visits(chart.record)
        if each.visited_on < today or (each.visited_on == today and each.decided)
    ]
    return max(over, key=lambda each: (each.visited_on, each.id), default=None)


def _facts(chart: Chart, window: _Window, taken_out: str | None) -> list[tuple[str, str]]:
    profile = assessment.profile(chart.record)
    name = profile.get("name") or chart.person
    age = age_of(chart)
    who = name or ("left out" if taken_out else "not named in the record")
    if "born" in profile:
        who += f", born {profile['born']} ({age} years)"
    today = chart.local(chart.now).date()
    ahead = [each for each in rows.visits(chart.record) if each.visited_on > today]
    coming = min(ahead, key=lambda each: each.visited_on, default=None)
    made_at = say_local(chart.shown(chart.now))
    return [
        ("Person", who),
        ("Since", f"{window.why}; {window.days} up to {window.last}"),
        *([] if coming is None else [("Next", f"with {coming.with_whom} on {coming.visited_on}")]),
        ("Made", f"{made_at} ({chart.zone.key}), medtrack {__version__}, from the person's own record"),
        *([] if taken_out is None else [("Redacted", taken_out)]),
    ]


# --- what is taken --------------------------------------------------------------------------------------


def _takes(chart: Chart, counted: Sequence[Row], every: Sequence[Lived]) -> list[str]:
    """A sentence for each medicine: how it is to be taken, and how it was.

    What is taken comes before what is not any more, the most often missed first.
    """
    plans: dict[str, list[Row]] = {}
    for row in meds(chart).rows:
        plans.setdefault(row["medication"], []).append(row)
    # The row of all comes last, so a medication of that name keeps its own.
    by_name = {row["medication"]: row for row in reversed(counted)}
    if "all" not in plans:
        by_name.pop("all", None)

    def rank(name: str) -> tuple[bool, bool, Fraction, str]:
        share = by_name[name]["adherence"] if name in by_name else None
        return name not in plans, share is None, share or Fraction(0), name

    names = sorted({*plans, *by_name}, key=rank)
    held = {each.medication.name: len(of_held_slots(each.matches, each.course)) for each in every}
    return [_take(name, plans.get(name, []), by_name.get(name), held.get(name, 0)) for name in names]


def _take(name: str, plans: Sequence[Row], counted: Row | None, on_hold: int) -> str:
    said = "; ".join(
        f"{row['reads_as']}" + ("" if row["state"] == "taking" else f" ({row['state']})") for row in plans
    )
    title, why = name, ""
    if plans:
        first = plans[0]
        title = " ".join(part for part in (name, first["strength"], first["form"]) if part)
        why = f" for {first['reason']}" if first["reason"] else ""
    told = f"{title}{why}: {said or 'no longer taken'}."
    if counted is None or counted["method"] != METHOD:
        return told
    share = say_taken(counted)
    parts = [share.capitalize() if share == NONE_DUE else f"Taken {share}"]
    if counted["taken"]:
        parts.append(f"on time {counted['on_time']} of {counted['taken']} ({counted['on_time_window']})")
    # Where none was due, what is held is told beside that.
    told_already = () if counted["expected"] else ("held",)
    parts += [
        f"{counted[key]} {what}" for key, what in _COUNTED.items() if counted[key] and key not in told_already
    ]
    parts += [f"{on_hold} {ON_HOLD}"] if on_hold else []
    return f"{told} {'; '.join(parts)}."


def _rule(adherence: Report, every: Sequence[Lived], window: _Window) -> list[str]:
    if not adherence.rows:
        return []
    each = [row for row in adherence.rows if row["medication"] != "all"]
    late, doses = sum(row["late_entries"] for row in each), sum(row["doses"] for row in each)
    together = adherence.rows[-1]
    said = ""
    if len(each) < len(adherence.rows) and together["expected_days"]:
        right = f"{together['exact_days']} of {together['expected_days']}"
        said = f"Days on which all was as planned: {right}. "
    said += (
        f"Taken: planned doses taken of those whose time has passed, {window.first} to {window.last}. Held,"
        " unknown and as-needed doses are in no count; an extra one repairs none. On time: in the window."
        " Source: the person's own log."
    )
    if late:
        said += f" Written down more than 24 hours later: {late:,} of {say_number_of(doses, 'dose')}."
    from_memory = sum(dose.certainty == "reconstructed" for one in every for dose in one.doses)
    if from_memory:
        said += f" Reconstructed from the plan, so always on time: {from_memory:,}."
    corrected = len(adherence.meta["corrections"]) + adherence.meta["amended"]
    if corrected:
        said += f" Corrected after the fact: {corrected:,}; medtrack report says which."
    return [said]


# --- visits and side effects ------------------------------------------------------------------------------


def _visits(chart: Chart, first: date) -> Report:
    """The visits of these days, and the last one before them, the latest first."""
    known, last_one, today = visits(chart), _last_visit(chart), chart.local(chart.now).date()
    told = [
        row
        for row in known.rows
        if first <= row["on"] <= today or (last_one is not None and row["id"] == last_one.id)
    ]
    return known._replace(rows=sorted(told, key=lambda row: (row["on"], row["id"]), reverse=True))


def _say_visit(row: Row) -> str:
    return f"{row['on']}, {row['with']}: {row['decided'] or 'nothing is written down'}"


def _say_condition(each: Condition) -> str:
    return f"{each.name} ({each.note})" if each.note else each.name


def _is_of_now(chart: Chart, row: Row, first: date) -> bool:
    """Whether a note is of these days, or of a side effect that began before them and is not over."""
    is_of_days: bool = chart.local(row["noted_at"]).date() >= first
    return is_of_days or (row["grade"] is not None and row["ended_at"] is None)


def _earliest(chart: Chart, noted: Sequence[Row], first: date) -> date:
    return min([first, *(chart.local(row["noted_at"]).date() for row in noted)])
