"""What TAB offers, answered before anything is loaded: the shells' scripts ask `medtrack __complete SHELL`.

The words come on standard input with a NUL after each: nobody sees them among the running processes. Verbs
and options are those of a table made from the commands; names of medications and doses are read from the
record, names of people from its folder, and those of zones from the tzdata package. Nothing is written, asked
or complained of: whatever is wrong, nothing is offered.
"""

from __future__ import annotations

import os
import sys

from . import paths
from .completions import table
from .domain.bash_words import put_back, typed
from .domain.completion import OPEN, Asked, asked
from .errors import MedtrackError

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASKED = "__complete"
"""The word by which a script of a shell asks."""
FILES = "\t"
"""The line that tells a shell to offer files."""
_MOST = 1 << 20
"""Bytes of a command line that are read at most."""


def main(shell: str, environ: Mapping[str, str]) -> None:
    """Answer a shell on standard output."""
    try:
        if not os.isatty(0):
            given = os.fsdecode(_read()).split("\0")[:-1]
            sys.stdout.buffer.write(
                os.fsencode("".join(f"{line}\n" for line in offered(shell, given, environ)))
            )
            sys.stdout.flush()
    except (AttributeError, MedtrackError, OSError, ValueError):
        return


def _read() -> bytes:
    read = b""
    while len(read) < _MOST and (more := os.read(0, _MOST)):
        read += more
    return read


def offered(shell: str, given: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The lines for a shell: a word and, for zsh and fish, after a tab what it says.

    zsh and fish give the words after the program, the last as far as it is typed; they choose among what they
    are offered and quote it. bash gives the line and its break characters, and puts in what it gets.
    """
    if not given:
        return []
    if shell == "bash":
        line = typed(given[0], given[1] if len(given) > 1 else "", environ.get("HOME", ""))
        words, begun = line.words[1:], line.begun
    else:
        words, begun = list(given[:-1]), given[-1]
    found = asked(table(), words, begun)
    named = [(found.head + word, said) for word, said in _looked_up(found, environ)]
    fitting = [(word, said) for word, said in (*found.words, *named) if word.isprintable()]
    matching = [word for word, _ in fitting if word[: len(begun)].casefold() == begun.casefold()]
    has_files = "@file" in found.takes
    if has_files and shell != "fish":
        # bash and zsh offer words or files, not both at once.
        has_files, fitting = not matching, fitting if matching else []
    offers = [f"{word}\t{said}" if said else word for word, said in fitting]
    if shell == "bash":
        offers = [put_back(word, line) for word in matching]
    return [FILES] * has_files + offers


def _looked_up(wanted: Asked, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in wanted.takes:
        if each == "@medication":
            for file in _files(wanted.values, environ):
                found += [pair for pair in _medications(file, wanted.given) if pair not in found]
        elif each == "@dose":
            for file in _files(wanted.values, environ):
                found += _doses(file)
        elif each == "@zone":
            found += [(name, "") for name in _zones()]
        elif each == "@person":
            found += [(name, "") for name in paths.people(environ)]
        elif each not in (OPEN, "@file", ""):
            found.append((each, ""))
    return found


def _files(values: Mapping[str, str], environ: Mapping[str, str]) -> list[str]:
    """The records that the line is about."""
    db, person = values.get("--db"), values.get("--person")
    named = person or ("" if environ.get("MEDTRACK_DB") else environ.get("MEDTRACK_PERSON", ""))
    if db is None and named.strip().casefold() == paths.EVERYONE:
        return [paths.person_path(name, environ) for name in paths.people(environ)]
    return [paths.record_path(db, person, environ)]


def _medications(file: str, given: Sequence[str]) -> list[tuple[str, str]]:
    """The names in a record, told apart where two are the same, and the codes, each with its name.

    One that is among what is given already, by its name or its code, is not offered again.
    """
    from .store.glimpse import names

    known = names(file)
    folded = [" ".join(name.split()).casefold() for _, name, _ in known]
    typed_already = {word.casefold() for word in given}
    words, codes = [], []
    for each, (number, name, code) in zip(folded, known, strict=True):
        word = name if folded.count(each) == 1 else f"{name}#{number}"
        if word.casefold() in typed_already or (code or "").casefold() in typed_already:
            continue
        words.append((word, ""))
        if code is not None:
            codes.append((code, name if name.isprintable() else ""))
    return words + codes


def _doses(file: str) -> list[tuple[str, str]]:
    """The ids of the last doses in a record, the newest first, each with what it was."""
    from .store.glimpse import doses

    return [(str(number), said if said.isprintable() else "") for number, said in doses(file)]


def _zones() -> list[str]:
    """Every time zone by its name."""
    try:
        import tzdata
    except ImportError:
        return []
    with open(os.path.join(os.path.dirname(tzdata.__file__), "zones"), encoding="utf-8") as file:
        return sorted(file.read().split())
