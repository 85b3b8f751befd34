"""The score that change, response and remission are told against, by one rule everywhere.

It is the first score that was ever written down, whatever days are listed. Where a day is named (a treatment
began, or began anew), it is the last score up to and including that day, as trials take the last value before
treatment for the baseline (CDISC ADaM, ABLFL; ICH E9). Its score and its date are always said beside what is
told against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .instruments import Change, Instrument, say_change
from .measures import Measure

FIRST = "first"
"""What is typed for the first score ever."""


class Baseline(NamedTuple):
    """A score, and why it is the one that others are held against."""

    score: Measure
    why: str


def baseline_of(every: Sequence[Measure], named: date | None = None) -> Baseline | None:
    """The baseline among all scores of one instrument, for the day named if any; None where there is none.

    A sum with an answer missing is none. Where no score is there up to the day named it is the first one, and
    that is said.
    """
    scored = sorted(
        (each for each in every if each.value is not None), key=lambda each: (each.measured_at, each.id)
    )
    if not scored:
        return None
    if named is None:
        return Baseline(scored[0], "the first score")
    until = [each for each in scored if each.local.date() <= named]
    if until:
        return Baseline(until[-1], f"the last up to {named}")
    return Baseline(scored[0], f"the first score; there is none up to {named}")


def say_against(instrument: Instrument, baseline: Baseline | None, entry: Measure) -> str | None:
    """A score against its baseline in a sentence; None where it has no value or is not after the baseline."""
    if baseline is None or entry.value is None:
        return None
    was = baseline.score
    if entry.measured_at <= was.measured_at:
        return None
    change = Change(int(was.value or 0), int(entry.value))
    told = "; ".join(say_change(instrument, change))
    return f"Against the baseline, {change.first} on {was.local:%Y-%m-%d} ({baseline.why}): {told}."
