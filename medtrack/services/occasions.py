"""Reminders that are about no dose: supply to be ordered, packs that expire, check-ins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from medtrack.domain.candidates import reached_at
from medtrack.domain.reminder_words import Notice
from medtrack.domain.reminders import CheckIn, Told, read_check_in
from medtrack.store.supplies import supplies

from .chart import Chart
from .expiring import expiries
from .planning import habits
from .supplying import low

_DAY = timedelta(days=1)


def check_in_of(chart: Chart) -> CheckIn | None:
    """When the person wants to be asked how it goes."""
    return read_check_in(chart.settings.get("check-in", "off"))


def occasions(chart: Chart) -> Iterator[Notice]:
    """What is to be told by now; in the morning, and each once for its supply, its pack or its hour."""
    local = chart.local(chart.now)
    if local.time() >= _morning(chart):
        yield from _of_supply(chart)
    wanted = check_in_of(chart)
    if wanted is not None:
        asked_at = reached_at(wanted.last(local), chart.zones)
        # One that is older than a day is not worth a word any more: the next one asks.
        if chart.now - _DAY < asked_at <= chart.now:
            yield Notice((Told("check-in", "", asked_at, "0"),), "check-in", chart.say(asked_at), "")


def _of_supply(chart: Chart) -> Iterator[Notice]:
    known = supplies(chart.record)
    for standing in low(chart):
        latest = known[standing.medication.id][-1].occurred_at
        told = Told("refill", standing.medication.uid, latest, "0")
        day = "" if standing.runs_out_on is None else f"none for the dose of {standing.runs_out_on}"
        yield Notice((told,), "low", day, standing.medication.name)
    today = chart.local(chart.now).date()
    for expiry in expiries(chart):
        steps = [name for name, day in (("ahead", expiry.tell_on), ("day", expiry.on)) if day <= today]
        if steps:
            told_all = (
                Told("expiry", expiry.medication.uid, expiry.supply.occurred_at, step) for step in steps
            )
            about = "expired" if expiry.on < today else "expiry"
            yield Notice(tuple(told_all), about, expiry.on.isoformat(), expiry.medication.name)


def next_occasions(chart: Chart) -> Iterator[datetime]:
    """The instants after now at which there may be one more."""
    local = chart.local(chart.now)
    times = [_morning(chart), time()]
    wanted = check_in_of(chart)
    if wanted is not None:
        times.append(wanted.at)
    for at in times:
        for day in (local.date(), local.date() + _DAY):
            instant = reached_at(datetime.combine(day, at), chart.zones)
            if instant > chart.now:
                yield instant


def _morning(chart: Chart) -> time:
    return habits(chart).morning
