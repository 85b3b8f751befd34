"""The answers that are known already, given before anything is loaded.

Shell prompts and cron ask `due --quiet`, `due --prompt` and `remind` hundreds of times a day, and nearly
always nothing has changed since the last time. Where the whole command has left its answer, and the record
is as it was then, it is given here; in every other case, whatever the doubt, the whole command answers.
"""

from __future__ import annotations

import os
import sys

from . import paths
from .domain.prompt import prompt_line
from .errors import MedtrackError
from .store.heartbeat import Heartbeats
from .store.outlook import Outlook, Outlooks, given

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DUE = {"--quiet": False, "-q": False, "--prompt": True}
"""Whether each option of `due` that can be answered here prints."""


def answer(words: Sequence[str], environ: Mapping[str, str]) -> int | None:
    """Answer a command line and give its exit code; None where the whole command is needed."""
    asked = _asked(words)
    if asked is None or environ.get("MEDTRACK_TZ"):
        return None
    db, person, verb, prints = asked
    typed = environ.get("MEDTRACK_NOW", "")
    try:
        state = paths.state_dir(environ)
        everyone = _everyone(db, person, environ)
        files = everyone or [paths.record_path(db, person, environ)]
    except MedtrackError:
        return None
    if state is None:
        return None
    beats = Heartbeats(os.path.join(state, "heartbeats"), simulated=bool(typed))
    if everyone and not _is_nobody_missing(beats, everyone):
        return None
    outlooks = Outlooks(os.path.join(state, "outlooks"), simulated=bool(typed))
    known = [each for each in map(outlooks.of, files) if each is not None]
    now = _now(typed, known)
    if len(known) < len(files) or now is None or any(now < each.since for each in known):
        return None
    if verb == "due":
        return _due(known, now, prints)
    if any(now >= each.quiet_until for each in known):
        return None
    return _beat(beats, files, now)


def _everyone(db: str | None, person: str | None, environ: Mapping[str, str]) -> list[str]:
    """The records of all people where all are asked about."""
    if db is not None or (person is None and environ.get("MEDTRACK_DB")):
        return []
    if (person or environ.get("MEDTRACK_PERSON", "")).strip().casefold() != paths.EVERYONE:
        return []
    # Where there is nobody, the name of nobody is refused by the whole command.
    return [paths.person_path(name, environ) for name in paths.people(environ)]


def _is_nobody_missing(beats: Heartbeats, everyone: Sequence[str]) -> bool:
    """Whether everybody of whom a check ran is here still: one whose record vanished is to be told of."""
    folder = os.path.dirname(everyone[0])
    return all(path in everyone or os.path.dirname(path) != folder for path in beats.paths())


def _due(known: Sequence[Outlook], now: int, prints: bool) -> int | None:
    if any(now >= each.due_until for each in known):
        return None
    due, overdue = sum(each.due for each in known), sum(each.overdue for each in known)
    if prints and (line := prompt_line(due, overdue)):
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except (AttributeError, OSError, ValueError):
            return None
    return 11 if overdue else 10 if due else 0


def _beat(beats: Heartbeats, files: Sequence[str], now: int) -> int | None:
    """Leave a heartbeat of every record; None where one has something to say about the checks themselves."""
    found = [(file, beats.of(file)) for file in files]
    if any(beat is None or beat.is_gap(now) or now < beat.last for _, beat in found):
        return None
    kept = [beats.keep(file, beat.beaten(now)) for file, beat in found if beat is not None]
    return 0 if all(kept) else None


def _asked(words: Sequence[str]) -> tuple[str | None, str | None, str, bool] | None:
    """The record's file and the person as they were named, the verb, and whether it prints."""
    named: dict[str, str | None] = {"--db": None, "--person": None}
    rest = list(words)
    while rest and rest[0].startswith("--"):
        option, has_value, value = rest.pop(0).partition("=")
        if option not in named or named[option] is not None or not (has_value or rest):
            return None
        named[option] = value if has_value else rest.pop(0)
    if rest == ["remind"]:
        return named["--db"], named["--person"], "remind", False
    if len(rest) == 2 and rest[0] == "due" and rest[1] in _DUE:
        return named["--db"], named["--person"], "due", _DUE[rest[1]]
    return None


def _now(typed: str, known: Sequence[Outlook]) -> int | None:
    """Now in seconds since 1970; None where a time that was given needs more to be read than is loaded here.

    One that was given in the same words as when an answer was worked out is the same instant.
    """
    if not typed:
        from time import time

        return int(time())
    same = [each.since for each in known if each.given == given(typed)]
    return same[0] if same else None
