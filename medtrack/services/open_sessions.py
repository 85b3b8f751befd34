"""Sessions that are open, as the board and the doctor tell them; without their protocols, which cost time."""

from __future__ import annotations

from datetime import timedelta

from medtrack.store.sessions import open_sessions

from .chart import Chart

LEFT_OPEN = timedelta(days=1)
"""A session open for longer was not ended, or somebody forgot to say so."""


def open_lines(chart: Chart) -> list[str]:
    """What the board says of a session that is open, and of one nobody ended."""
    lines = []
    for each in open_sessions(chart.record):
        began = f"Session {each.id} ({each.protocol}) began {chart.say(each.started_at)}"
        if chart.now - each.started_at > LEFT_OPEN:
            lines.append(f"{began} and was never ended: medtrack session end --at TIME")
        else:
            lines.append(f"{began} and is open: medtrack session show")
    return lines


def left_open(chart: Chart) -> list[tuple[str, str]]:
    """The sessions nobody ended for a day, each with what to do."""
    return [
        (
            f"Session {each.id} ({each.protocol}) of {chart.dated(each.started_at)} was never ended.",
            f"Say when it was: medtrack session end --session {each.id} --at TIME",
        )
        for each in open_sessions(chart.record)
        if chart.now - each.started_at > LEFT_OPEN
    ]
