"""Packs that will not be good any more, and from when on that is told."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from medtrack.domain.regimen import Medication
from medtrack.domain.stock import Supply
from medtrack.store.supplies import supplies

from .chart import Chart
from .supplying import say_day, standings


class Expiry(NamedTuple):
    """A pack that will not be good any more."""

    medication: Medication
    supply: Supply
    on: date
    """The last day on which it may be used."""
    tell_on: date
    """From when on it is told: as long before as supply is ordered."""


def expiries(chart: Chart) -> list[Expiry]:
    """The packs of medications that are taken of which the last one received has its day, by that day.

    One that is used up by the log is none.
    """
    on_hand = {each.medication.id: each.stock.value for each in standings(chart, chart.medications)}
    found = []
    known = supplies(chart.record)
    for medication in chart.medications:
        received = [each for each in known.get(medication.id, []) if each.kind == "received"]
        if not received or not chart.is_taken(medication) or on_hand.get(medication.id, 1) <= 0:
            continue
        on = received[-1].expires_on
        if on is not None:
            found.append(Expiry(medication, received[-1], on, on - chart.order_ahead))
    return sorted(found, key=lambda each: (each.on, each.medication.name))


def say_expiries(chart: Chart) -> list[str]:
    """The packs that expire soon, or did, for the board."""
    today = chart.local(chart.now).date()
    return [
        f"Expire{'d' if each.on < today else 's'}: {each.medication.name}, {say_day(each.on)}."
        for each in expiries(chart)
        if each.tell_on <= today
    ]
