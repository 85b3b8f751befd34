"""How the reminders of a record stand: what runs them, what they tell on, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from medtrack.domain.channels import Channel, say_channel
from medtrack.domain.reminders import say_rule
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import InputUnreadable, SchedulerFailed
from medtrack.outside import schedulers
from medtrack.outside.schedulers import Installed
from medtrack.outside.sending import send_all
from medtrack.store.channels import Channels
from medtrack.store.heartbeat import Heartbeat, Heartbeats
from medtrack.store.reminders import Ledger, rules
from medtrack.store.surroundings import is_missing

from .chart import Chart
from .installing import cells_of, say_installed
from .occasions import check_in_of
from .quiet import quiet_of
from .watchdog import gap_of, instant, say_gap

_FAILING = timedelta(days=1)
"""How long a failure is told of."""
_TEST = "This is a test from medtrack: reminders arrive here."


def troubles(
    chart: Chart, channels: Sequence[Channel], beat: Heartbeat | None, found: Sequence[Installed]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the reminders of a record, each with what to do."""
    gap = None if beat is None else gap_of(chart, beat)
    if gap is not None:
        yield say_gap(chart, gap), "See whether they run: medtrack remind status"
    for each in found:
        if each.program and is_missing(each.program):
            yield (
                f"{each.scheduler.capitalize()} runs {each.program}, which is not there any more.",
                "Set it up anew: medtrack remind install",
            )
    if len(found) > 1:
        names = say_list(each.scheduler for each in found)
        yield (
            f"Reminders are checked twice, by {names}.",
            "Keep one: medtrack remind uninstall takes away this record's own, and medtrack --person all"
            " remind uninstall that of everyone's.",
        )
    known = {channel.name for channel in channels}
    for name in sorted({rule.then for rule in rules(chart.record).values() if rule.then} - known):
        yield (
            f"A rule tells the channel {name!r}, which is not set up on this machine.",
            f"Set it up: medtrack remind channel add {name} ...",
        )
    yield from _failing(chart, known)


def of_record(
    chart: Chart, channels: Channels, heartbeats: Heartbeats, keys: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the reminders of a record, where some were ever set up: nobody else is asked."""
    beat = heartbeats.of(chart.record.path)
    if beat is None:
        return
    try:
        # Of who runs the checks by their own means no other program is asked.
        found = installed_for(keys) if beat.every else []
        known = channels.of(chart.record.path)
    except (InputUnreadable, SchedulerFailed) as refusal:
        yield str(refusal), "See how the reminders stand: medtrack remind status"
        return
    yield from troubles(chart, known, beat, found)


def _failing(chart: Chart, known: Collection[str]) -> Iterator[tuple[str, str]]:
    ledger = Ledger(chart.record, simulated=chart.moment.simulated)
    failed: dict[str, list[tuple[int, str]]] = {}
    for entry in ledger.entries(chart.now - 2 * _FAILING):
        if entry.channel in known and entry.failure is not None and entry.tried_at >= chart.now - _FAILING:
            failed.setdefault(entry.channel, []).append((entry.tries, entry.failure))
    for name, found in failed.items():
        tries, why = max(found)
        reminders = say_number_of(len(found), "reminder")
        yield (
            f"{reminders} did not arrive on the channel {name!r}, tried {say_number_of(tries, 'time')}:"
            f" {why}.",
            f"Try it: medtrack remind test {name}",
        )


def status(
    chart: Chart, channels: Sequence[Channel], beat: Heartbeat | None, found: Sequence[Installed]
) -> Report:
    """How the reminders of a record stand."""
    lines = say_installed(found)
    last = None if beat is None else chart.zones.shown(instant(beat.last))
    lines.append("No check has run yet." if last is None else f"Last check: {chart.say(last)}.")
    told = [f"{channel.name} ({say_channel(channel)})" for channel in channels] or ["what is printed"]
    lines.append(f"Told on: {say_list(told)}.")
    names = {medication.id: medication.name for medication in chart.medications}
    lines += [
        f"{'Every other medication' if number is None else names[number]}: {say_rule(rule)}."
        for number, rule in rules(chart.record).items()
        if number is None or number in names
    ]
    quiet, check_in = quiet_of(chart), check_in_of(chart)
    if quiet is not None:
        lines.append(f"Quiet: {quiet}.")
    if check_in is not None:
        lines.append(f"Check-in: {check_in}.")
    wrong = list(troubles(chart, channels, beat, found))
    rows: list[Cells] = [{"finding": finding, "what_to_do": cure} for finding, cure in wrong]
    columns = (Column("finding", "Finding"), Column("what_to_do", "What to do"))
    meta = {
        "installed": cells_of(found),
        "last_check_at": last,
        "channels": [channel.name for channel in channels],
        "quiet": None if quiet is None else str(quiet),
        "check_in": None if check_in is None else str(check_in),
    }
    return Report("status", columns, rows, meta, lines)


def tested(channels: Sequence[Channel]) -> Report:
    """Send a word to every channel, and tell what arrived."""
    sent = [channel for channel in channels if channel.kind != "stdout"]
    failures = dict(zip(sent, send_all([(channel, _TEST) for channel in sent], "medtrack"), strict=True))
    rows: list[Cells] = [
        {"channel": channel.name, "arrived": failures.get(channel) is None, "why": failures.get(channel)}
        for channel in channels
    ]
    columns = (
        Column("channel", "Channel"),
        Column("arrived"),
        Column("why"),
        Column("says", "Result", lambda row: "sent" if row["arrived"] else f"failed: {row['why']}"),
    )
    printed = [_TEST] if len(sent) < len(channels) or not channels else []
    empty = "No channel is set up: reminders are printed like this."
    return Report(
        "test", columns, rows, {"failed": sum(not row["arrived"] for row in rows)}, printed, empty=empty
    )


def installed_for(keys: Sequence[str]) -> list[Installed]:
    """What is installed under any of the keys."""
    return [each for key in keys for each in schedulers.installed(key)]
