"""Having the checks run: by cron, systemd or launchd."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from medtrack.domain.channels import Channel
from medtrack.domain.report import Cells, Report
from medtrack.domain.when import read_duration
from medtrack.domain.wording import say_duration, say_list
from medtrack.errors import SchedulerMissing, UsageRefused
from medtrack.outside import schedulers
from medtrack.outside.schedulers import Installed, Job
from medtrack.store.heartbeat import Heartbeat, Heartbeats

from .outlook import seconds

_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)


def read_every(text: str) -> timedelta:
    """How often the checks run. Raises BadDuration and UsageRefused."""
    every = read_duration(text)
    if not _SHORTEST <= every <= _LONGEST:
        raise UsageRefused(what=f"--every takes from 1 minute to 1 hour, not {text[:20]!r}.")
    return every


def chosen(names: Sequence[str]) -> str:
    """The scheduler that was named, or the first this machine has. Raises UsageRefused, SchedulerMissing."""
    if len(names) > 1:
        raise UsageRefused(what="Choose one of --cron, --systemd and --launchd.")
    name = names[0] if names else schedulers.default()
    if name is None:
        raise SchedulerMissing(what="cron, systemd or launchd")
    return name


def shown(name: str, job: Job) -> Report:
    """What would be written."""
    return Report("install", lines=schedulers.text_of(name, job).rstrip("\n").split("\n"))


def install(
    name: str,
    job: Job,
    files: Sequence[str],
    heartbeats: Heartbeats,
    now: datetime,
    channels: Sequence[Channel],
    keys: Sequence[str],
) -> Report:
    """Have the checks of some records run; again, in place of what was there.

    `keys` are those under which a check of any of these records may be set up.

    Raises SchedulerMissing, SchedulerFailed, UsageRefused.
    """
    schedulers.install(name, job)
    for file in files:
        # From here on it is known that checks should run: one that never does shows.
        at = seconds(now)
        before = heartbeats.of(file)
        first, gap = (at, None) if before is None else (before.first, before.gap)
        heartbeats.keep(file, Heartbeat(first, at, int(job.every.total_seconds()), gap))
    others = [
        each.scheduler
        for key in dict.fromkeys(keys)
        for each in schedulers.installed(key)
        if (key, each.scheduler) != (job.key, name)
    ]
    lines = [
        f"Reminders are checked every {_say_every(job.every)} by {name}. It was written:",
        *(f"  {line}" for line in schedulers.text_of(name, job).rstrip("\n").split("\n")),
    ]
    if others:
        lines.append(
            f"They are checked by {say_list(others)} too, from before; each dose is told once all the same."
            " To see them: medtrack remind status"
        )
    lines += _say_where(name, channels)
    lines.append("To see whether they run: medtrack remind status. To remove it: medtrack remind uninstall")
    return Report("install", lines=lines)


def _say_every(every: timedelta) -> str:
    return say_duration(every).removeprefix("1 ")


def _say_where(name: str, channels: Sequence[Channel]) -> list[str]:
    if any(channel.kind != "stdout" for channel in channels):
        return []
    where = {
        "cron": "cron mails what is printed, if this machine has mail",
        "systemd": "it goes to the journal",
    }
    printed = where.get(name, "nobody sees what is printed")
    return [f"They are printed: {printed}. For a channel: medtrack remind channel add desk --desktop"]


def uninstall(job: Job, files: Sequence[str], heartbeats: Heartbeats, keys: Sequence[str]) -> Report:
    """Have the checks run no more, by whatever ran them. Raises SchedulerFailed.

    `keys` are those under which a check of any of these records may be set up.
    """
    there = [each.scheduler for each in schedulers.installed(job.key)]
    for name in there:
        schedulers.uninstall(name, job.key)
    done = f"Removed from {say_list(there)}." if there else "Nothing was installed so; nothing was changed."
    left = [each.scheduler for key in dict.fromkeys(keys) for each in schedulers.installed(key)]
    if left:
        rest = (
            f"Checks still run from {say_list(dict.fromkeys(left))}. To remove them too: medtrack remind"
            " uninstall for one person, medtrack --person all remind uninstall for everyone"
        )
        return Report("uninstall", lines=[done, rest])
    for file in files:
        heartbeats.forget(file)
    return Report("uninstall", lines=[done, "Nothing reminds of it now."])


def cells_of(found: Sequence[Installed]) -> list[Cells]:
    """What is installed, for scripts."""
    return [{"scheduler": each.scheduler, "every": each.every, "program": each.program} for each in found]


def say_installed(found: Sequence[Installed]) -> list[str]:
    """What is installed, for people."""
    said = []
    for each in found:
        every = "as its line was changed by hand" if each.every is None else f"every {_say_every(each.every)}"
        said.append(f"Installed: {each.scheduler}, {every}.")
    return said or ["Not installed. To set it up: medtrack remind install"]
