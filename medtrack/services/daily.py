"""The backup of the day, made in passing by what somebody does anyway."""

from __future__ import annotations

from shlex import quote

from medtrack.errors import FileExists, MedtrackError
from medtrack.store import daily

from .chart import Chart


def daily_backup(chart: Chart) -> str | None:
    """Make today's backup beside the record where there is none; a sentence where that could not be done.

    Today is the person's own calendar day. Under a given time none is made: its day may be any, and backups
    of days to come would take the places of those of real days.
    """
    record = chart.record
    if chart.moment.simulated:
        return None
    today = chart.local(chart.now).date()
    if daily.is_kept(record.path, today):
        return None
    try:
        daily.keep_day(record, today)
    except FileExists:
        return None  # Another process was faster.
    except MedtrackError as refusal:
        why = refusal.facts.get("why", "the record did not come free")
        return (
            f"today's backup could not be made in {daily.folder_of(record.path)} ({why}); make one elsewhere:"
            f" medtrack --db {quote(record.path)} backup FILE"
        )
    return None
