"""How medtrack is called for a record: what a person types next, and what cron runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING

from . import paths
from .domain.chain import digest
from .errors import NoHome

if TYPE_CHECKING:
    from .outside.schedulers import Job

_VARIABLES = ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
"""What says where things are, and is not set where cron runs."""


class Calling:
    """The record of one command; `path` is None where all people's are asked about."""

    def __init__(self, environ: Mapping[str, str], path: str | None) -> None:
        self.environ = environ
        self.path = path

    def of(self, path: str) -> str:
        """What a person who is not in this command types for a record, quoted for a shell."""
        people = paths.people(self.environ)
        person = next((name for name in people if paths.person_path(name, self.environ) == path), None)
        if person == paths.DEFAULT_PERSON:
            return paths.APP
        named = f"--db {quote(path)}" if person is None else f"--person {quote(person)}"
        return f"{paths.APP} {named}"

    @property
    def job(self) -> Job:
        """The check of this record, or of everyone's, as another program runs it every five minutes."""
        from .outside.schedulers import Job

        if self.path is None:
            named, about = ("--person", paths.EVERYONE), paths.records_dir(self.environ)
        else:
            named, about = ("--db", self.path), self.path
        kept = tuple(
            (name, self.environ[name]) for name in _VARIABLES if self.environ.get(name, "")[:1] == "/"
        )
        return Job(_key_of(about), (*program(), *named, "remind"), kept, timedelta(minutes=5))

    def keys(self, path: str) -> list[str]:
        """Under which a check of a record may be set up: its own, and that of everyone's."""
        try:
            return [_key_of(path), _key_of(paths.records_dir(self.environ))]
        except NoHome:
            return [_key_of(path)]


def program() -> tuple[str, ...]:
    """How other programs run medtrack: absolute, whatever their PATH."""
    typed = os.path.abspath(sys.argv[0])
    if os.path.basename(typed) == paths.APP and os.access(typed, os.X_OK) and os.path.isfile(typed):
        return (typed,)
    return (sys.executable, "-m", paths.APP)


def _key_of(path: str) -> str:
    return digest(os.fsencode(path)).hex()[:12]
