"""Setting up on what reminders are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from medtrack.domain.channels import Channel, read_channel_name, read_command, read_url, say_channel
from medtrack.domain.names import meant
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.wording import say_list
from medtrack.errors import UsageRefused
from medtrack.outside.sending import doubt_of
from medtrack.store.channels import Channels
from medtrack.store.reminders import rules

from .chart import Chart

_COLUMNS = (
    Column("name", "Channel"),
    Column("kind"),
    Column("says", "What it is"),
    Column("names", "Names medications"),
    Column("hears", "Hears"),
)


def read_channel(
    name: str,
    *,
    stdout: bool,
    desktop: bool,
    command: str | None,
    url: Callable[[], str] | None,
    names: bool,
) -> Channel:
    """A channel as it was typed; `url` reads its address. Raises BadText and UsageRefused."""
    kinds = [stdout, desktop, command is not None, url is not None]
    if sum(kinds) != 1:
        raise UsageRefused(what="A channel is one of --stdout, --desktop, --command 'PROG ARG' or --url -.")
    called = read_channel_name(name)
    if command is not None:
        return Channel(called, "command", read_command(command), names)
    if url is not None:
        return Channel(called, "url", (read_url(url()),), names)
    return Channel(called, "stdout" if stdout else "desktop", (), names)


def add(chart: Chart, channels: Channels, wanted: Channel) -> Report:
    """Set up a channel. Raises DiskTrouble."""
    there = channels.of(chart.record.path)
    is_new = wanted.name not in [channel.name for channel in there]
    kept = [wanted if channel.name == wanted.name else channel for channel in there]
    channels.keep(chart.record.path, [*kept, wanted] if is_new else kept)
    what = "names medications" if wanted.names else "names no medication (--names would)"
    lines = [
        f"{'Set up' if is_new else 'Changed'}: {wanted.name}, {say_channel(wanted)}. It {what}.",
        _hears(chart, wanted)[1],
        *([doubt] if (doubt := doubt_of(wanted)) else ()),
        f"Try it: medtrack remind test {wanted.name}",
    ]
    return Report("channel", tuple(Column(each.key) for each in _COLUMNS), [_row(chart, wanted)], lines=lines)


def remove(chart: Chart, channels: Channels, name: str) -> Report:
    """Take a channel away. Raises UsageRefused where there is none of the name, and DiskTrouble."""
    there = channels.of(chart.record.path)
    kept = [channel for channel in there if channel.name != name]
    if len(kept) == len(there):
        raise _unknown(name, there)
    channels.keep(chart.record.path, kept)
    lines = [f"Taken away: {name}."]
    if name in {rule.then for rule in rules(chart.record).values()}:
        lines.append("A rule still names it; its reminders come on the other channels: medtrack remind rule")
    return Report("channel", lines=lines)


def listed(chart: Chart, channels: Channels) -> Report:
    """The channels of a record on this machine."""
    rows = [_row(chart, channel) for channel in channels.of(chart.record.path)]
    return Report(
        "channels",
        _COLUMNS,
        rows,
        empty="There is no channel: reminders are printed, without names, and cron mails what is printed.",
    )


def _hears(chart: Chart, channel: Channel) -> tuple[str, str]:
    if channel.name in {rule.then for rule in rules(chart.record).values()}:
        return "what a rule tells it", "It hears only what a rule tells it: medtrack remind rule"
    return "every reminder", "It hears every reminder; one that a rule names with --then hears only that."


def _row(chart: Chart, channel: Channel) -> Cells:
    return {
        "name": channel.name,
        "kind": channel.kind,
        "says": say_channel(channel),
        "names": channel.names,
        "hears": _hears(chart, channel)[0],
    }


def chosen(channels: Sequence[Channel], name: str | None) -> list[Channel]:
    """The channel of a name, or all. Raises UsageRefused where there is none of the name."""
    found = [channel for channel in channels if name in (None, channel.name)]
    if name is not None and not found:
        raise _unknown(name, channels)
    return found


def _unknown(name: str, there: Sequence[Channel]) -> UsageRefused:
    known = [channel.name for channel in there]
    hint = meant(name, known, f"There is {say_list(known) or 'none'}: medtrack remind channel list")
    return UsageRefused(what=f"There is no channel {name[:40]!r} on this machine. {hint}")
