"""What is said of a command line that cannot be read: what was meant, or where a word goes.

Nothing is guessed: it offers, and the person types it again. What there is stands in the table of words that
TAB completes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from shlex import quote

from .completions import table

_OTHERS = {
    "config": "settings", "configure": "settings", "delete": "amend undo", "edit": "amend", "end": "stop",
    "init": "add", "list": "meds", "ls": "meds", "missed": "adherence", "new": "add", "next": "schedule",
    "pause": "hold", "remove": "amend stop", "rm": "amend undo", "status": "today", "took": "take",
    "version": "--version",
}  # fmt: skip
"""What other programs call it, and people; several where each may be meant."""
_HELP = "help"
"""What is offered in any case."""
_MOST = 3
"""How many are offered at most."""


class Words:
    """The verbs and options of every command, as they are called."""

    def __init__(self) -> None:
        self.rows = [line.split("\t") for line in table().split("\n")]

    def verbs(self, path: str) -> list[str]:
        """What can follow a command."""
        return [row[2] for row in self.rows if row[0] == path and row[1:2] == ["verb"]]

    def options(self, path: str) -> dict[str, bool]:
        """The options of a command in every spelling, and whether each takes a value."""
        found = [row for row in self.rows if row[0] == path and row[1:2] == ["option"]]
        return {name: bool(row[3]) for row in found for name in row[2].lstrip("*").split(" ")}

    def path(self, typed: Sequence[str]) -> str:
        """The command that a line is of, as far as it can be told."""
        path, rest = "", list(typed)
        while rest:
            word = rest.pop(0)
            if word.startswith("-"):
                rest = rest[1:] if self.options(path).get(word) else rest
            elif word in self.verbs(path):
                path = f"{path} {word}".lstrip()
            elif not path:
                return ""
        return path


def unknown_command(path: str, typed: str, names: Iterable[str]) -> str:
    """What is said of a word that is no command; `path` is of what it would be one."""
    called = f"medtrack {path}".rstrip()
    said = f"There is no command {typed[:40]!r}{f' of {called!r}' if path else ''}."
    other = "" if path else _OTHERS.get(typed.casefold(), "")
    near = [] if typed == _HELP else other.split() if other else nearest(typed, names)
    return f"{said} {_meant([f'{called} {name}' for name in near])}'{called} --help' shows what there is."


def unknown_option(name: str, typed: Sequence[str], path: str | None) -> str:
    """What is said of an option that is none of a command's; `path` is the command, where that is known."""
    words = Words()
    path = words.path(typed) if path is None else path
    called = f"medtrack {path}".rstrip()
    placed = _placed(words, name, typed, path)
    if placed is not None:
        return placed
    longer = next((each for each in typed if each.startswith(name) and len(each) > 2), name)
    here = words.options(path)
    near = [f"-{longer}"] if f"-{longer}" in here else [f"--{each}" for each in _near_option(name, here)]
    said = f"There is no option {name[:40]!r} of '{called}'."
    return f"{said} {_meant(near)}'{called} --help' shows what there is."


def _near_option(name: str, here: Iterable[str]) -> list[str]:
    plain = [each.lstrip("-") for each in here if each.startswith("--")]
    typed = name.lstrip("-")
    begun = [each for each in plain if len(each) > 1 and typed.startswith(each)]
    return nearest(typed, plain) or begun if typed else []


def _placed(words: Words, name: str, typed: Sequence[str], path: str) -> str | None:
    """Where an option goes that belongs elsewhere on the line."""
    if path and name in words.options(""):
        given = _given(name, typed, words.options("")[name])
        return f"{name} goes before the command: medtrack {given} {path} ..."
    for inner in _further(words, typed, path):
        if name in words.options(inner):
            given = _given(name, typed, words.options(inner)[name])
            return f"{name} goes after the command: medtrack {inner} ... {given}"
    return None


def _further(words: Words, typed: Sequence[str], path: str) -> Iterator[str]:
    """The commands that are named on the line beyond this one, each within the one before it."""
    rest = list(typed)
    for word in path.split():
        rest = rest[rest.index(word) + 1 :] if word in rest else rest
    for word in rest:
        if word in words.verbs(path):
            path = f"{path} {word}".lstrip()
            yield path


def _given(name: str, typed: Sequence[str], has_value: bool) -> str:
    """An option with its value, as it was typed."""
    for number, word in enumerate(typed):
        if word.startswith(f"{name}="):
            return quote(word)
        if word == name and has_value and number + 1 < len(typed):
            return f"{name} {quote(typed[number + 1])}"
    return name


def missing_command(path: str) -> str:
    """What is said where a command of several does not say which."""
    verbs = Words().verbs(path)
    return f"'medtrack {path}' takes a word more: {', '.join(verbs[:-1])} or {verbs[-1]}."


def _meant(near: Sequence[str]) -> str:
    return f"Did you mean {' or '.join(repr(each) for each in near)}? " if near else ""


def nearest(typed: str, names: Iterable[str]) -> list[str]:
    """The names that a word may be a slip of the finger for: those it begins, else the nearest."""
    wanted = typed.casefold()[:40]
    known = list(names)
    begun = [name for name in known if len(wanted) > 1 and name.startswith(wanted)]
    if begun:
        return begun[:_MOST]
    far = {name: _slips(wanted, name) for name in known}
    least = min(far.values(), default=99)
    allowed = min(2, (len(wanted) + 1) // 2)
    return [name for name in known if far[name] == least][:_MOST] if 0 <= least <= allowed and wanted else []


def _slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or changed about with their neighbour.

    The optimal string alignment distance (Damerau 1964, "A technique for computer detection and correction of
    spelling errors").
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, letter in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != letter))
            if older and j > 1 and sign == other[j - 2] and one[i - 2] == letter:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
