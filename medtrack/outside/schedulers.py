"""What can run medtrack again and again on this machine: cron, systemd or launchd."""

from __future__ import annotations

from typing import Protocol

from medtrack.errors import SchedulerFailed, SchedulerMissing

from .jobs import Installed as Installed
from .jobs import Job as Job

NAMES = ("cron", "systemd", "launchd")


class _Scheduler(Protocol):
    def there(self) -> bool: ...
    def text_of(self, job: Job) -> str: ...
    def install(self, job: Job) -> None: ...
    def uninstall(self, key: str) -> bool: ...
    def installed(self, key: str) -> list[Installed]: ...


def default() -> str | None:
    """The first that this machine has: launchd, cron, systemd; None where it has none."""
    return next((name for name in ("launchd", "cron", "systemd") if _called(name).there()), None)


def text_of(name: str, job: Job) -> str:
    """What `install` would write. Raises UsageRefused where the job cannot be written so."""
    return _called(name).text_of(job)


def install(name: str, job: Job) -> None:
    """Have the job run from now on, in place of the one with the same key.

    Raises UsageRefused, NoHome, SchedulerMissing and SchedulerFailed; nothing is changed then unless the
    refusal says so.
    """
    scheduler = _called(name)
    if not scheduler.there():
        raise SchedulerMissing(what=name)
    scheduler.install(job)


def uninstall(name: str, key: str) -> bool:
    """Have the job with this key run no more; whether there was one. Raises what `install` does."""
    if not _called(name).there():
        raise SchedulerMissing(what=name)
    return _called(name).uninstall(key)


def installed(key: str) -> list[Installed]:
    """The job with this key in every scheduler this machine has.

    Raises SchedulerFailed only where nothing was found and one of them could not be asked.
    """
    found: list[Installed] = []
    failed: SchedulerFailed | None = None
    for name in NAMES:
        scheduler = _called(name)
        try:
            found += scheduler.installed(key) if scheduler.there() else []
        except SchedulerMissing:
            continue
        except SchedulerFailed as failure:
            failed = failure
    if failed is not None and not found:
        raise failed
    return found


def _called(name: str) -> _Scheduler:
    """The scheduler with this name, imported on use."""
    from . import crontab, launchd, systemd

    schedulers: dict[str, _Scheduler] = {"cron": crontab, "systemd": systemd, "launchd": launchd}
    return schedulers[name]
