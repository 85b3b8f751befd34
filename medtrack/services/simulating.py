"""What a journey, a shift, a hold or a taper would do: done to a copy in memory, and shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from medtrack.domain.matching import hold_over
from medtrack.domain.report import UNDO, Cells, Report
from medtrack.domain.when import read_bound
from medtrack.domain.wording import say_duration
from medtrack.store.record import Record

from .chart import Chart
from .supplying import Standing, say_lasting, standings
from .upcoming import schedule

BEFORE = timedelta(days=2)
"""How far back the dose before the first one shown is looked for."""


def simulate(
    chart: Chart, act: Callable[[Chart], Report], *, since: str | None = None, days: str | None = None
) -> Report:
    """The calendar that an action would leave behind, with its gaps; nothing is written.

    It begins the day before `since`, when the action begins; today where that is now. `act` writes to
    the chart it is given, which is of a copy in memory. Raises what `act` raises.
    """
    copy = Chart(Record.copied(chart.record), chart.moment)
    done = act(copy)
    copy.forget()
    first = chart.local(chart.now).date()
    if since is not None:
        begins = chart.begin(read_bound(since, now=chart.now, zone=chart.zone))
        first = chart.local(begins).date() - timedelta(1)
    planned = schedule(copy, [], days=days or "7", since=first.isoformat())
    gaps = _gaps(copy, planned.meta["since"], planned.meta["until"])
    earlier = {each.medication.id: each for each in standings(chart, chart.medications)}
    lasting = [
        each
        for each in standings(copy, copy.medications)
        if each.runs_out_on != earlier[each.medication.id].runs_out_on or each.runs_out_on is not None
    ]
    lines = [line.replace("Recorded:", "If so:") for line in done.lines if line != UNDO]
    return planned._replace(
        kind="simulate",
        meta={**planned.meta, "gaps": gaps, "runs_out": [_runs_out(each, earlier) for each in lasting]},
        lines=lines,
        footer=[
            *planned.footer,
            *(_say_gap(gap) for gap in gaps),
            *(say_lasting(each, earlier[each.medication.id]) for each in lasting),
            "Nothing was written down.",
        ],
    )


def _gaps(chart: Chart, since: datetime, until: datetime) -> list[Cells]:
    """The shortest and the longest time between two doses to be taken, of each scheduled medication."""
    found: list[Cells] = []
    for medication in chart.medications:
        course = chart.course(medication, since - BEFORE, until)
        taken = [
            match.slot.planned_at
            for match in course.matches
            if hold_over(course.holds, match.slot.planned_at) is None
        ]
        gaps = [later - earlier for earlier, later in pairwise(taken) if later >= since]
        if gaps:
            found.append({"medication": medication.name, "shortest": min(gaps), "longest": max(gaps)})
    return found


def _runs_out(standing: Standing, earlier: Mapping[int, Standing]) -> Cells:
    return {
        "medication": standing.medication.name,
        "runs_out_on": standing.runs_out_on,
        "before": earlier[standing.medication.id].runs_out_on,
    }


def _say_gap(gap: Cells) -> str:
    shortest, longest = say_duration(gap["shortest"]), say_duration(gap["longest"])
    between = longest if shortest == longest else f"{shortest} to {longest}"
    return f"{gap['medication']}: {between} between doses."
