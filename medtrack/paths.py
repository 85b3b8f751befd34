"""Where records, settings and state live. Asking creates nothing.

The directories are those platformdirs gives. On Linux they are worked out here from the same variables,
because importing platformdirs costs more than the whole idle `remind`; elsewhere it is asked.
"""

from __future__ import annotations

import os
import sys

from .errors import BadText, NoHome, UsageRefused

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "medtrack"
DEFAULT_PERSON = "me"
EVERYONE = "all"
"""Not a person's name: it stands for every record."""

_LONGEST_NAME = 100
_LONGEST_FILE_NAME = 230
"""Bytes: leaves room, in the 255 a file system takes, for what is appended beside a record."""


def data_dir(environ: Mapping[str, str] | None = None) -> str:
    """The directory of the records, absolute. Raises NoHome where neither HOME nor XDG_DATA_HOME says."""
    directory = _directory("XDG_DATA_HOME", ".local/share", os.environ if environ is None else environ)
    if directory is None:
        raise NoHome
    return directory


def state_dir(environ: Mapping[str, str] | None = None) -> str | None:
    """The directory of what can be done without (heartbeats, known records); None where there is no home."""
    return _directory("XDG_STATE_HOME", ".local/state", os.environ if environ is None else environ)


def config_dir(environ: Mapping[str, str] | None = None) -> str | None:
    """The directory of this machine's settings, such as channels; None where there is no home."""
    return _directory("XDG_CONFIG_HOME", ".config", os.environ if environ is None else environ)


def _directory(variable: str, below_home: str, environ: Mapping[str, str]) -> str | None:
    if sys.platform != "linux":
        return _asked_of_platformdirs(variable)
    named = environ.get(variable, "")
    # A relative path in a variable is invalid and ignored (XDG Base Directory Specification 0.8).
    if named.startswith("/"):
        return os.path.join(named, APP)
    home = _home(environ)
    return None if home is None else os.path.join(home, below_home, APP)


def _home(environ: Mapping[str, str]) -> str | None:
    home = environ.get("HOME", "")
    return home.rstrip("/") or "/" if home.startswith("/") else None


def _asked_of_platformdirs(variable: str) -> str | None:
    import platformdirs

    ask = {
        "XDG_DATA_HOME": platformdirs.user_data_dir,
        "XDG_STATE_HOME": platformdirs.user_state_dir,
        "XDG_CONFIG_HOME": platformdirs.user_config_dir,
    }[variable]
    try:
        return ask(APP)
    except RuntimeError:
        return None


def records_dir(environ: Mapping[str, str] | None = None) -> str:
    """The directory that holds one file per person. Raises NoHome."""
    return os.path.join(data_dir(environ), "records")


def imports_dir(environ: Mapping[str, str] | None = None) -> str:
    """The directory of the data sets that were brought along, for everyone here. Raises NoHome."""
    return os.path.join(data_dir(environ), "imports")


def record_path(db: str | None, person: str | None, environ: Mapping[str, str]) -> str:
    """The record's file, absolute and with symbolic links resolved; it need not exist.

    --db beats --person beats MEDTRACK_DB beats MEDTRACK_PERSON beats the person 'me'; a variable that is
    set but empty counts as not set. Raises UsageRefused for a path that is none, BadText for a name that
    cannot be a person's, NoHome.
    """
    if db is not None:
        return _typed_path(db, "--db", environ)
    if person is not None:
        return person_path(person, environ)
    if environ.get("MEDTRACK_DB"):
        return _typed_path(environ["MEDTRACK_DB"], "MEDTRACK_DB", environ)
    return person_path(environ.get("MEDTRACK_PERSON") or DEFAULT_PERSON, environ)


def person_path(person: str, environ: Mapping[str, str]) -> str:
    """The record's file of a person. Raises BadText and NoHome."""
    return os.path.realpath(os.path.join(records_dir(environ), f"{read_name(person)}.db"))


def _typed_path(typed: str, source: str, environ: Mapping[str, str]) -> str:
    why = None
    if not typed.strip():
        why = "is empty"
    elif typed.strip() == ":memory:":
        why = "names no file; a record in memory would be lost"
    elif typed.lstrip().lower().startswith("file:"):
        why = "is a URI; write the plain path"
    elif "\0" in typed:
        why = "holds a NUL character, which no path does"
    if why is not None:
        raise UsageRefused(what=f"{source} {why}.")
    if typed == "~" or typed.startswith("~/"):
        home = _home(environ)
        if home is None:
            raise NoHome
        typed = home + typed[1:]
    return os.path.realpath(typed)


def read_name(person: str) -> str:
    """A person's name as it can be a file's name: letters, digits, space and - _ . '

    Spaces around it are dropped, and letters that can be written in two ways are stored in one (NFC).
    Raises BadText.
    """
    name = person.strip()
    marks = ""
    if not name.isascii():
        from unicodedata import category, normalize

        name = normalize("NFC", name)
        # The vowel signs of Hindi, Thai and Tamil names are marks, not letters; none begins a name.
        marks = "".join(sign for sign in name[1:] if category(sign)[0] == "M")
    strange = [sign for sign in name if not (sign.isalnum() or sign in " -_.'" or sign in marks)]
    why = None
    if not name:
        why = "it is empty"
    elif strange:
        why = f"{strange[0]!r} is not a letter, a digit, a space or one of - _ . '"
    elif name.startswith("."):
        why = "it begins with a dot"
    elif name.casefold() == EVERYONE:
        why = "'all' stands for everyone"
    elif len(name) > _LONGEST_NAME or len(name.encode()) > _LONGEST_FILE_NAME:
        why = f"it is longer than {_LONGEST_NAME} characters or too long for a file's name"
    if why is not None:
        raise BadText(what="name", why=why)
    return name


def people(environ: Mapping[str, str]) -> list[str]:
    """The names of the people who have a record here, in order; [] when there is none, or no home."""
    try:
        files = os.listdir(records_dir(environ))
    except (OSError, NoHome):
        return []
    names = set()
    for file in files:
        stem, suffix = os.path.splitext(file)
        if suffix != ".db":
            continue
        try:
            name = read_name(stem)
        except BadText:
            continue
        if name == stem or os.path.exists(person_path(name, environ)):
            names.add(name)
    return sorted(names)
