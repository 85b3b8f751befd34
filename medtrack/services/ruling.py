"""How each medication is told again while nothing is written down, and who is told at last."""

from __future__ import annotations

from datetime import timedelta

from medtrack.domain.channels import Channel, read_channel_name
from medtrack.domain.regimen import Medication
from medtrack.domain.reminders import Rule, say_rule
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_duration
from medtrack.errors import UsageRefused
from medtrack.store.reminders import add_rule, rules

from .chart import Chart

_NOBODY = "me"
"""A record that nobody gave a name is that of 'me', which tells somebody else nothing."""
ALL = "all"
"""Stands for every medication without a rule of its own."""
_LONGEST = timedelta(days=1)
_MOST = 10
_HOUR = timedelta(hours=1)
_COLUMNS = (
    Column("medication", "Medication"),
    Column("repeats"),
    Column("then"),
    Column("then_after"),
    Column("says", "Reminders"),
)


def rule(
    chart: Chart,
    typed: str,
    *,
    repeat: str | None,
    times: str | None,
    then: str | None,
    after: str | None,
    channels: list[Channel],
) -> Report:
    """Set how a medication is told, or with 'all' those that have no rule of their own.

    Raises MedicationNotFound, BadDuration, BadText, UsageRefused.
    """
    wanted = _read(repeat, times, then, after)
    medication = None if typed.casefold() == ALL else chart.find(typed)
    name = "every medication without a rule of its own" if medication is None else medication.name
    with chart.writing("remind rule") as work:
        add_rule(work, medication, wanted)
        work.summary = f"reminders of {typed if medication is None else name}: {say_rule(wanted)}"
    lines = [f"Recorded: {name} is {say_rule(wanted)}."]
    if wanted.then is not None:
        lines.append(f"The channel {wanted.then} hears only that.")
        if chart.person == _NOBODY:
            lines.append("It hears of 'me'. To say whose dose it is: medtrack settings person NAME")
        if wanted.then not in [channel.name for channel in channels]:
            lines.append(
                f"It is not set up on this machine yet: medtrack remind channel add {wanted.then} ..."
            )
    row = _row(medication, wanted)
    return Report(
        "rule",
        tuple(Column(each.key) for each in _COLUMNS),
        [row],
        lines=[*lines, UNDO],
    )


def rule_list(chart: Chart) -> Report:
    """The rules there are."""
    by_id = {medication.id: medication for medication in chart.medications}
    found = rules(chart.record)
    rows = [
        _row(None if number is None else by_id[number], each)
        for number, each in found.items()
        if number is None or number in by_id
    ]
    rows.sort(key=lambda row: (row["medication"] == ALL, row["medication"]))
    return Report(
        "rules", _COLUMNS, rows, empty="There is no rule: each dose is told once, when it is planned."
    )


def _row(medication: Medication | None, wanted: Rule) -> Cells:
    return {
        "medication": ALL if medication is None else medication.name,
        "repeats": list(wanted.repeats),
        "then": wanted.then,
        "then_after": wanted.then_after,
        "says": say_rule(wanted),
    }


def _read(repeat: str | None, times: str | None, then: str | None, after: str | None) -> Rule:
    lengths = [] if repeat is None else [read_duration(each) for each in repeat.split(",")]
    if times is not None:
        if len(lengths) != 1:
            raise UsageRefused(what="--times goes with one length: --repeat 15m --times 3.")
        if not (times.isascii() and times.isdigit() and 1 <= int(times[:4]) <= _MOST):
            raise UsageRefused(what=f"--times takes a whole number from 1 to {_MOST}, not {times[:20]!r}.")
        lengths = [lengths[0] * number for number in range(1, int(times) + 1)]
    if sorted(set(lengths)) != lengths or len(lengths) > _MOST:
        raise UsageRefused(
            what=f"--repeat takes up to {_MOST} lengths that grow, like 15m,1h: from the planned time."
        )
    name = None if then is None else read_channel_name(then)
    if after is not None and name is None:
        raise UsageRefused(what="--after says when --then is told: name its channel.")
    last = None
    if name is not None:
        last = read_duration(after) if after is not None else (lengths[-1] + lengths[0] if lengths else _HOUR)
    if any(each > _LONGEST for each in (*lengths, *([] if last is None else [last]))):
        raise UsageRefused(what="A reminder comes within 24 hours of the planned time.")
    return Rule(tuple(lengths), name, last)
