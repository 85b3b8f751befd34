"""A timer of the person's own systemd: two units for each record."""

from __future__ import annotations

import os
import re
import shutil
from datetime import timedelta

from medtrack.errors import NoHome, SchedulerFailed, UsageRefused

from .jobs import Installed, Job, alone, ask, minutes, read, remove, words_of, write

NAME = "systemd"
_KINDS = ("service", "timer")


def there() -> bool:
    """Whether this machine has systemd."""
    return shutil.which("systemctl") is not None


def text_of(job: Job) -> str:
    """Both units, each under a comment with its name. Raises UsageRefused where they cannot be written."""
    every = minutes(job)
    words = [*job.arguments, *(part for pair in job.environment for part in pair)]
    if any("\ud800" <= sign <= "\udfff" for word in words for sign in word):
        raise UsageRefused(what="A path that is not text (UTF-8) cannot be put into a unit of systemd.")
    # Whatever the quoting, systemd takes these in a program's own path for a mistake.
    if any(sign in "\"'\\" for sign in job.arguments[0]):
        raise UsageRefused(
            what="systemd runs no program whose path has a quotation mark or a backslash in it: "
            f"{job.arguments[0]}. Install medtrack elsewhere, or use another scheduler."
        )
    # The program itself is never expanded, so that only arguments have their $ doubled (systemd.service(5)).
    program, *arguments = (_quoted(word) for word in job.arguments)
    command = " ".join([program, *(word.replace("$", "$$") for word in arguments)])
    environment = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environment)
    # Minutes end at 59, so that 'every 60' is no step systemd knows.
    when = "*:00" if every == 60 else f"*:0/{every}"
    return (
        f"# {_name(job.key, 'service')}\n"
        "[Unit]\nDescription=medtrack reminders\n\n"
        f"[Service]\nType=oneshot\n{environment}ExecStart={command}\n\n"
        f"# {_name(job.key, 'timer')}\n"
        "[Unit]\nDescription=medtrack reminders\n\n"
        f"[Timer]\nOnCalendar={when}\nPersistent=true\nAccuracySec=1s\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def install(job: Job) -> None:
    """Write both units and start the timer; where that fails, all is as it was.

    Raises UsageRefused, NoHome, SchedulerMissing and SchedulerFailed.
    """
    units = dict(zip(_KINDS, parts(text_of(job)), strict=True))
    files = {kind: _file(job.key, kind) for kind in _KINDS}
    timer = _name(job.key, "timer")
    with alone():
        # Asked first: without a manager of the person's own nothing is to be written at all.
        _tell("daemon-reload")
        before = {kind: read(file) for kind, file in files.items()}
        try:
            for kind, file in files.items():
                write(file, units[kind].encode())
            _tell("daemon-reload")
            _tell("enable", "--now", timer)
            # One that runs already goes by its old times until it is started anew.
            _tell("restart", timer)
        except (OSError, SchedulerFailed) as failure:
            _put_back(job.key, before)
            if isinstance(failure, OSError):
                raise SchedulerFailed(what="systemd", why=f"{failure.filename}: {failure.strerror}") from None
            raise


def uninstall(key: str) -> bool:
    """Stop the timer and remove both units; whether there was one.

    Raises NoHome, and SchedulerFailed where the files cannot be removed, or are removed while the
    manager did not hear of it.
    """
    files = [_file(key, kind) for kind in _KINDS]
    with alone():
        if not any(map(os.path.lexists, (*files, _wanted(key)))):
            return False
        quiet: SchedulerFailed | None = None
        try:
            if there():
                _tell("disable", "--now", _name(key, "timer"))
        except SchedulerFailed as failure:
            quiet = failure
        try:
            for file in (_wanted(key), *files):
                remove(file)
        except OSError as failure:
            raise SchedulerFailed(what="systemd", why=f"{failure.filename}: {failure.strerror}") from None
        if quiet is not None:
            raise SchedulerFailed(
                what="systemctl",
                why=quiet.facts["why"],
                outcome="The timer's files are removed; it may go on until you log out",
            )
        if there():
            _tell("daemon-reload")
    return True


def installed(key: str) -> list[Installed]:
    """The timer with this key, as its files stand. Raises nothing."""
    try:
        files = [_file(key, kind) for kind in _KINDS]
    except NoHome:
        return []
    service, timer = ((read(file) or b"").decode(errors="replace") for file in files)
    if not timer:
        return []
    found = re.search(r"^OnCalendar=\*:(?:(00)|0/(\d+))$", timer, re.MULTILINE)
    every = (60 if found[1] else int(found[2])) if found else 0
    known = 1 <= every <= 60 and len(re.findall("^On", timer, re.MULTILINE)) == 1
    # `systemctl disable` leaves the files and takes the link away.
    runs = known and os.path.lexists(_wanted(key))
    program = re.search(r"^ExecStart=(.*)$", service, re.MULTILINE)
    return [
        Installed(
            NAME,
            timedelta(minutes=every) if runs else None,
            service + timer,
            _first_word(program[1]) if program else "",
        )
    ]


def parts(text: str) -> tuple[str, str]:
    """The service and the timer of what `text_of` gives."""
    at = text.index("\n# medtrack-remind-") + 1
    return text[:at], text[at:]


def _quoted(word: str) -> str:
    """A word in quotes, with what systemd.syntax(7) and systemd.unit(5) give a meaning taken literally."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _first_word(command: str) -> str:
    """The program of an ExecStart line as `_quoted` writes it, or as a person would."""
    quoted = re.match(r'"((?:[^"\\]|\\.)*)"', command)
    word = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else command.split(" ")[0]
    return word.replace("%%", "%")


def _name(key: str, kind: str) -> str:
    return f"medtrack-remind-{key}.{kind}"


def _folder() -> str:
    named = os.environ.get("XDG_CONFIG_HOME", "")
    home = os.path.expanduser("~")
    if not named.startswith("/") and not home.startswith("/"):
        raise NoHome
    return os.path.join(named if named.startswith("/") else os.path.join(home, ".config"), "systemd", "user")


def _file(key: str, kind: str) -> str:
    return os.path.join(_folder(), _name(key, kind))


def _wanted(key: str) -> str:
    """The link that `systemctl enable` makes, as the unit's [Install] says."""
    return os.path.join(_folder(), "timers.target.wants", _name(key, "timer"))


def _tell(*words: str) -> None:
    done = ask(("systemctl", "--user", "--no-ask-password", *words))
    if done.returncode != 0:
        raise SchedulerFailed(what="systemctl --user", why=words_of(done))


def _put_back(key: str, before: dict[str, bytes | None]) -> None:
    """Have the units as they were; a manager that does not hear of it has nothing to run."""
    if before["timer"] is None:
        ask(("systemctl", "--user", "--no-ask-password", "disable", "--now", _name(key, "timer")))
        remove(_wanted(key))
    for kind, content in before.items():
        if content is None:
            remove(_file(key, kind))
        else:
            write(_file(key, kind), content)
    ask(("systemctl", "--user", "--no-ask-password", "daemon-reload"))
