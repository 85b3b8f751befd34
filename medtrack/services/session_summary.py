"""Sessions in short, a row for each: what a clinic asks of them, beside their place in the course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from medtrack.domain.observations import say_kind
from medtrack.domain.pressure import read_pressure
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.sessions import Observation, Session, checklist, remarks, unfinished
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_list
from medtrack.store import sessions as rows

from .chart import Chart
from .courses import listed
from .session_rows import say_item


def sessions_in_short(chart: Chart, first: date, last: date) -> Report:
    """The sessions that began on the days `first` to `last`, both inside, by time."""
    by_id = {each.id: each for each in rows.sessions(chart.record)}
    found: list[Cells] = [
        {**row, **_seen(chart, by_id[row["id"]])}
        for row in listed(chart).rows
        if first <= by_id[row["id"]].local.date() <= last
    ]
    columns = (
        Column("id"),
        Column("started_at", "Began", lambda row: say_local(chart.shown(row["started_at"]))),
        Column("protocol"),
        Column("name", "Treatment"),
        Column("course_from"),
        Column("number", "No.", right=True),
        Column("week", "Week", right=True),
        Column("phase", "Phase"),
        Column("days_since_last"),
        Column("given", "Dose", lambda row: say_list(row["given"])),
        Column("pressure_before", "Blood pressure before"),
        Column("pressure_highest", "Highest after"),
        Column("pressure_last", "Last"),
        Column("strongest", "At most", lambda row: say_strongest(row["strongest"])),
        Column("minutes", "Minutes", _minutes, right=True),
        Column("ended_at"),
        Column("unfinished", "Not written down", lambda row: say_list(row["unfinished"])),
        Column("remarks", "What the protocol says to it", lambda row: " ".join(row["remarks"])),
        Column("note", "Note"),
    )
    footer = [
        "Minutes: from the dose to the end. Highest after: the highest upper number from the dose on. Other"
        " numbers are as they were written down; 0 is not at all, sedation 5 is awake (MOAA/S)."
    ]
    return Report(
        "sessions",
        columns,
        found,
        footer=footer if found else (),
        empty="No session is written down in these days.",
    )


def _seen(chart: Chart, session: Session) -> Cells:
    """What was observed in a session, and what is missing."""
    given = session.dose
    pressures = [each for each in session.observations if each.kind == "bp"]
    before = [each for each in pressures if given is None or each.observed_at < given.observed_at]
    after = [each for each in pressures if each not in before]
    told = [part for part in (session.note, session.end_note) if part]
    return {
        "name": session.protocol.name,
        "given": session.doses,
        "pressure_before": before[-1].value if before else None,
        "pressure_highest": max((each.value for each in after), key=read_pressure, default=None),
        "pressure_last": after[-1].value if after else None,
        "strongest": _strongest(session.observations),
        "unfinished": [say_item(item) for item in unfinished(checklist(session, chart.now))],
        "remarks": remarks(session),
        "note": "; ".join(told) or None,
    }


_WORST: dict[str, Callable[[Sequence[int]], int]] = {
    "dissociation": max, "cadss": max, "nausea": max, "sedation": min, "spo2": min,
}  # fmt: skip
"""Which value of several is the one to be told; MOAA/S and oxygen fall."""


def _strongest(observed: Sequence[Observation]) -> dict[str, int]:
    found = {
        kind: [int(each.value) for each in observed if each.kind == kind and each.value.isdigit()]
        for kind in _WORST
    }
    return {kind: _WORST[kind](values) for kind, values in found.items() if values}


def say_strongest(strongest: Row) -> str:
    """The strongest effects in words: 'dissociation 7, nausea 3, sedation 4, SpO2 96'."""
    return ", ".join(f"{say_kind(kind)} {value}" for kind, value in strongest.items())


def _minutes(row: Row) -> str:
    if row["ended_at"] is None:
        return "open"
    return "" if row["minutes"] is None else str(row["minutes"])
