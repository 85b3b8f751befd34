"""Which adherence a person asked for: by the dose log, in detail, or by supply."""

from __future__ import annotations

from collections.abc import Sequence

from medtrack.domain.report import Report
from medtrack.errors import UsageRefused

from .chart import Chart


def adherence_by(
    chart: Chart,
    typed: Sequence[str],
    *,
    method: str | None = None,
    detail: bool = False,
    calendar: bool = False,
    compare: bool = False,
    by: str | None = None,
    since: str | None = None,
    until: str | None = None,
    span: str | None = None,
    week_starts: int = 0,
) -> Report:
    """Adherence by a method; a week begins on the weekday `week_starts`, 0 for Monday.

    Raises what the method raises, and UsageRefused for two that disagree."""
    if by is not None and (method is not None or detail):
        other = "--method" if method is not None else "--detail"
        raise UsageRefused(what=f"--by makes rows of logged doses: leave it out with {other}.")
    if (calendar or compare) and (method is not None or detail):
        other = "--method" if method is not None else "--detail"
        raise UsageRefused(what=f"--calendar and --compare show logged doses: leave them out with {other}.")
    if method is not None:
        if detail:
            raise UsageRefused(what="--detail is about logged doses, --method about supply: keep one.")
        from .possession import adherence_by_supply

        return adherence_by_supply(chart, typed, method, since=since, until=until, span=span)
    if detail:
        from .measuring import adherence_in_detail

        return adherence_in_detail(chart, typed, since=since, until=until, span=span)
    if calendar or compare:
        from .calendar import adherence_in_pictures

        return adherence_in_pictures(
            chart,
            typed,
            by=by,
            since=since,
            until=until,
            span=span,
            calendar=calendar,
            compare=compare,
            week_starts=week_starts,
        )
    from .adherence import adherence

    return adherence(chart, typed, by=by, since=since, until=until, span=span, week_starts=week_starts)
