"""An agent of launchd, on macOS: one property list for each record."""

from __future__ import annotations

import os
import plistlib
import shutil
import sys
from datetime import timedelta

from medtrack.errors import NoHome, SchedulerFailed, UsageRefused

from .jobs import Installed, Job, alone, ask, minutes, read, remove, words_of, write

NAME = "launchd"


def there() -> bool:
    """Whether this machine has launchd."""
    return sys.platform == "darwin" and shutil.which("launchctl") is not None


def text_of(job: Job) -> str:
    """The property list. Raises UsageRefused where it cannot be written."""
    every = minutes(job)
    agent: dict[str, object] = {
        "Label": _label(job.key),
        "ProgramArguments": list(job.arguments),
        "StartInterval": every * 60,
        "RunAtLoad": True,
    }
    if job.environment:
        agent["EnvironmentVariables"] = dict(job.environment)
    try:
        # plistlib indents with tabs, which a terminal is not shown.
        return plistlib.dumps(agent).decode().replace("\t", "  ")
    except UnicodeEncodeError:
        raise UsageRefused(what="A path that is not text (UTF-8) cannot be put into launchd.") from None


def install(job: Job) -> None:
    """Write the agent and load it; where that fails, it is as it was.

    Raises UsageRefused, NoHome, SchedulerMissing and SchedulerFailed.
    """
    content = text_of(job).encode()
    file = _file(job.key)
    with alone():
        before = read(file)
        try:
            write(file, content)
        except OSError as failure:
            raise SchedulerFailed(what="launchd", why=f"{failure.filename}: {failure.strerror}") from None
        _unload(job.key)
        done = ask(("launchctl", "bootstrap", _domain(), file))
        if done.returncode == 0:
            return
        if before is None:
            remove(file)
        else:
            write(file, before)
            ask(("launchctl", "bootstrap", _domain(), file))
        raise SchedulerFailed(what="launchctl", why=words_of(done))


def uninstall(key: str) -> bool:
    """Unload the agent and remove it; whether there was one. Raises NoHome and SchedulerFailed."""
    file = _file(key)
    with alone():
        if not os.path.lexists(file):
            return False
        _unload(key)
        try:
            remove(file)
        except OSError as failure:
            raise SchedulerFailed(what="launchd", why=f"{failure.filename}: {failure.strerror}") from None
    return True


def installed(key: str) -> list[Installed]:
    """The agent with this key, as its file stands. Raises nothing."""
    try:
        content = read(_file(key))
    except NoHome:
        return []
    if content is None:
        return []
    agent = _agent(content)
    seconds, words = agent.get("StartInterval"), agent.get("ProgramArguments")
    known = type(seconds) is int and 60 <= seconds <= 3600 and not agent.get("Disabled")
    every = timedelta(seconds=seconds) if known and isinstance(seconds, int) else None
    program = str(words[0]) if isinstance(words, list) and words else ""
    return [Installed(NAME, every, content.decode(errors="replace"), program)]


def _agent(content: bytes) -> dict[str, object]:
    """What a property list says; nothing where it is damaged."""
    try:
        agent = plistlib.loads(content)
    except Exception:
        # plistlib lets through whatever its parser meets.
        return {}
    return agent if isinstance(agent, dict) else {}


def _label(key: str) -> str:
    return f"medtrack.remind.{key}"


def _file(key: str) -> str:
    home = os.path.expanduser("~")
    if not home.startswith("/"):
        raise NoHome
    return os.path.join(home, "Library", "LaunchAgents", f"{_label(key)}.plist")


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _unload(key: str) -> None:
    """Have launchd know nothing of the agent; that it knew nothing is as well."""
    ask(("launchctl", "bootout", f"{_domain()}/{_label(key)}"))
