"""The report that goes to the clinic, as one document for every face.

Who and when; what was planned and what changed; what was taken of it, beside the span before; each day; what
went otherwise and why; as-needed use and side effects; what is on hand; how it was written down and counted.
A further part is one more section here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from medtrack import __version__
from medtrack.domain.adherence import day_of
from medtrack.domain.document import Document, Section
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.slots import reach
from medtrack.domain.when import say_local
from medtrack.domain.windows import WEEKS
from medtrack.domain.wording import say_list, say_number_of
from medtrack.store.doses import listed_doses
from medtrack.store.everything import save_all

from .adherence import METHOD, RULES, Measured, measure, say_pauses, tell, window_of
from .as_needed import as_needed_use
from .calendar import before, calendar_cells, calendars, compared, say_before
from .changes import changes, together
from .chart import Chart
from .data_quality import say_quality
from .details import details, pattern
from .journal import span_of
from .listing import meds
from .lived import Lived, deviations, lived
from .noting import notes
from .outcomes import Reference, measures
from .session_summary import sessions_in_short
from .supplying import stock_report
from .timeline import in_report

DAYS = 30
"""Days of a report for which no span is asked: today and those before it."""
_DAY = timedelta(1)
_FROM_MEMORY = {"about": "at about that time", "reconstructed": "reconstructed", "told": "told by somebody"}
_METHOD = (
    *RULES,
    "A planned dose counts once it can no longer be taken in time: half way to the next, at most 7 days."
    " A dose fills the planned time nearest to it; late and missed are kept apart.",
    "A day of the calendar shows the doses taken on that day beside those planned for it. All together is the"
    " product over the medications: a day is right when every one was taken as planned; nothing is averaged.",
    "No limit for good or bad is drawn: none holds for every medicine. A person's own log tends to show more"
    " doses taken than electronic monitoring does (PMC4917812).",
    "Terms follow ABC (Br J Clin Pharmacol 2012;73:691) and EMERGE (Ann Intern Med 2018;169:30). This is a"
    " record and an arithmetic helper, not a clinician.",
)


def report(
    chart: Chart,
    known: Reference,
    *,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    baseline: str | None = None,
    taken_out: str | None = None,
) -> Document:
    """The adherence report of one person over a span, or the thirty days up to today.

    `baseline` names the day of the scores that others are held against; `taken_out` says what is not in a
    redacted record.

    Raises BadSpan, BadTime, UsageRefused.
    """
    asked = span_of(chart, since, until, span)
    if asked is None:
        today = day_of(chart.local(chart.now), chart.day_starts)
        asked = chart.midnight(today - (DAYS - 1) * _DAY), chart.midnight(today + _DAY)
    first, last = window_of(chart, chart.medications, asked)
    measured = measure(chart, chart.medications, first, last)
    earlier = before(chart, measured)
    # The weeks around a change reach beyond the window.
    around = timedelta(weeks=max(WEEKS))
    _check_doses(chart, (first if earlier is None else earlier.first) - around, last + around)
    every = [lived(chart, medication, first, last) for medication in chart.medications]
    length = say_number_of((last - first).days + 1, "day")
    made_at = chart.shown(chart.now)
    words = f"{first}..{last}"
    adherence = tell(chart, measured)
    changed = changes(chart, words)
    scored = measures(chart, known, None, span=words, is_drawn=True, baseline=baseline)
    sections = [
        _regimen(chart, last),
        Section(
            "changes",
            "What changed",
            _seen(
                changed._replace(folded=together(changed.rows), empty="Nothing changed in these days."),
                "at", "medication", "what", "before", "after", "reason", "decided_by", "back_dated",
            ),
        ),
        _adherence(chart, adherence, measured, earlier),
        _days(chart, measured),
        Section(
            "details",
            "Timing, intervals and how long",
            details(chart, measured.counted, every, _by_medication(adherence)),
        ),
        Section(
            "pattern", "By weekday and time of day", pattern(chart, measured.counted, every)
        ),
        Section(
            "deviations",
            "Doses that did not go as planned",
            _seen(deviations(chart, every), "at", "medication", "what", "reason", "given_by"),
        ),
        Section(
            "as_needed",
            "Taken as needed",
            as_needed_use(chart, every, first, last),
            "Use as needed; it is in no share above",
        ),
        Section(
            "notes",
            "Side effects and remarks",
            _seen(
                notes(chart, None, span=words)._replace(empty="None is written down in these days."),
                "noted_at", "text", "grade", "medication", "ended_at", "did", "naranjo",
            ),
            "Side effects and remarks; grades are those of CTCAE, 1 mild to 5 fatal",
        ),
        Section(
            "measures",
            "Scores and readings",
            _seen(
                scored._replace(empty="None is written down in these days."),
                "measured_at", "name", "reads_as", "items", "range", "note",
            ),
        ),
        Section("sessions", "Supervised sessions", _seen_in(sessions_in_short(chart, first, last))),
        Section(
            "timeline",
            "Before and after each change: counts, never causes",
            in_report(chart, known, first, last),
        ),
        Section(
            "supply", "On hand now", stock_report(chart, [])._replace(empty="No supply is written down.")
        ),
        _quality(chart, adherence, every, last),
        Section("method", "How it was counted", Report("method", lines=_method(chart))),
    ]  # fmt: skip
    return Document(
        "report",
        f"Adherence report: {chart.person or 'this record'}",
        chart.person,
        [
            ("Person", chart.person or ("left out" if taken_out else "not named in the record")),
            ("Window", f"{first} to {last}, both inside, {length}"),
            ("Made", f"{say_local(made_at)} ({chart.zone.key}), medtrack {__version__}"),
            ("Source", "the person's own dose log (self-report)"),
            *([] if taken_out is None else [("Redacted", taken_out)]),
        ],
        sections,
        "adherence",
        {
            "person": chart.person,
            "since": first,
            "until": last,
            "before": None if earlier is None else {"since": earlier.first, "until": earlier.last},
            "made_at": chart.zones.shown(chart.now),
            "medtrack": __version__,
            "day_starts": f"{chart.day_starts:%H:%M}",
            "method": METHOD,
            "zone_data": chart.moment.zone_data,
            "help": scored.meta["help"],
            **({} if taken_out is None else {"redacted": taken_out}),
        },
        ("measures", "sessions"),
    )


def _by_medication(adherence: Report) -> dict[str, Row]:
    """The rows of the listing; that of all comes last, so a medication of that name keeps its own."""
    return {row["medication"]: row for row in reversed(adherence.rows)}


def _check_doses(chart: Chart, first: date, last: date) -> None:
    """Check the seal of every dose that the page quotes or counts, since it is handed on as it is.

    Raises RecordDamaged.
    """
    margin = max((reach(chart.plans(each)) for each in chart.medications), default=timedelta()) + _DAY
    begins, ends = chart.midnight(first) - margin, chart.midnight(last + _DAY) + margin
    for _ in listed_doses(chart.record, begins, ends):
        pass


def _seen_in(report: Report) -> Report:
    """The listing as a page shows it: its columns where they hold anything."""
    return _seen(report, *(column.key for column in report.columns))


def _seen(report: Report, *keys: str) -> Report:
    """The listing as a page shows it: these columns where they hold anything, all of them for scripts."""
    used = {key for key in keys if any(row[key] for row in report.rows)}
    return report._replace(
        columns=[column if column.key in used else column._replace(title=None) for column in report.columns]
    )


def _regimen(chart: Chart, last: date) -> Section:
    """What is taken at the end of the window, on the day itself where that is not over yet."""
    is_past = last < chart.local(chart.now).date()
    listed = meds(chart, as_of=last.isoformat() if is_past else None)
    # What began after a window that is over is no part of its regimen; what is still to come now is news.
    rows = [row for row in listed.rows if not (is_past and row["state"] == "planned")]
    listed = listed._replace(rows=rows, empty="No medication is written down as taken then.")
    when = f"at the end of {last}" if is_past else "now"
    return Section(
        "regimen",
        f"Regimen {when}",
        _seen(listed, "medication", "reads_as", "reason", "starts", "until", "state"),
    )


def _adherence(chart: Chart, adherence: Report, measured: Measured, earlier: Measured | None) -> Section:
    """The shares with their numerators and denominators, beside those of the span before."""
    listed = compared(chart, adherence, earlier)
    footer = [say_before(earlier)] if earlier is not None and listed.rows else []
    footer += say_pauses(chart, measured) if listed.rows else []
    return Section("adherence", "Doses taken of doses planned", listed._replace(lines=(), footer=footer))


def _days(chart: Chart, measured: Measured) -> Section:
    pictures = calendars(chart, measured, chart.week_starts)
    columns = [Column(key) for key in ("medication", "days", "weeks")]
    # Scripts get the same weeks whoever reads.
    cells = [calendar_cells(picture) for picture in calendars(chart, measured)]
    empty = f"No doses were due from {measured.first} to {measured.last}."
    return Section(
        "calendar",
        "Day by day, week by week",
        Report("calendar", columns, cells, pictures=pictures, empty=empty),
    )


def _quality(chart: Chart, adherence: Report, every: Sequence[Lived], last: date) -> Section:
    """How the numbers came about: when they were written down, how surely, and what was corrected."""
    doses = [dose for each in every for dose in each.doses]
    certainty = {kind: sum(dose.certainty == kind for dose in doses) for kind in ("exact", *_FROM_MEMORY)}
    said = say_quality(chart, adherence.rows, adherence.meta["corrections"], adherence.meta["amended"], last)
    lines = [f"Self-report: {say_number_of(len(doses), 'dose')} written down as taken in these days."]
    late_entries = sum(row["late_entries"] for row in adherence.rows if row["medication"] != "all")
    if doses and not late_entries:
        lines.append("None of them was written down more than 24 hours later.")
    memory = [f"{certainty[kind]} {words}" for kind, words in _FROM_MEMORY.items() if certainty[kind]]
    if memory:
        lines.append(f"From memory: {say_list(memory)}.")
    counts: Cells = {
        "doses": len(doses),
        "late_entries": late_entries,
        **certainty,
        "amended": adherence.meta["amended"],
        "corrections": adherence.meta["corrections"],
    }
    return Section(
        "data_quality",
        "How it was written down",
        Report("data_quality", [Column(key) for key in counts], [counts], lines=[*lines, *said]),
    )


def _method(chart: Chart) -> list[str]:
    return [*_METHOD, f"Days start at {chart.day_starts:%H:%M}."]


def write(pages: Sequence[tuple[str, bytes]], *, force: bool = False) -> Report:
    """Write documents to files of the owner's alone, each whole or not at all; says so.

    Where one of the files is there already, none is written without `force`. Raises FileExists, OutputFailed.
    """
    save_all(pages, replace=force)
    return Report("report", lines=[f"Written: {file}" for file, _ in pages])
