"""What a command says about itself: its docstring, told as help and in the manual.

The first paragraph is what it is for. 'Example: ...' is a command line that works, and 'Exit code 4: why.
27: why.' names the exit codes of its own; those that follow from what it takes are the same for every command
and are added here.
"""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typer._click import Command

_EXAMPLE, _CODES = "Example: ", "Exit code "
_PARTS = re.compile(rf"\n\n|\n(?={_EXAMPLE}|{_CODES})")
_CODE = re.compile(r"(?:^|(?<=[.;]) )(\d+): ")
_MEDICATION = re.compile(r"\bMED\b")
_TIME = re.compile(r"\b(TIME|TIMES|SLOT)\b")
_WITHOUT_RECORD = frozenset({"completion", "schema"})
_FORCE = "--force"


class Told(NamedTuple):
    """What a docstring says, in its parts."""

    paragraphs: list[str]
    """What the command is for, and what is to be known of it."""
    examples: list[str]
    codes: list[tuple[str, str]]
    """Each exit code, and what it says, in order."""


def told(command: "Command") -> Told:
    """What a command says about itself."""
    said = [" ".join(each.split()) for each in _PARTS.split(cleandoc(command.help or ""))]
    own = [each for each in said if each.startswith(_CODES)]
    return Told(
        [each for each in said if not each.startswith((_EXAMPLE, _CODES))],
        [each.removeprefix(_EXAMPLE) for each in said if each.startswith(_EXAMPLE)],
        _codes(command, [pair for each in own for pair in _read(each.removeprefix(_CODES))]),
    )


def _read(said: str) -> Iterator[tuple[int, str]]:
    parts = _CODE.split(said)[1:]
    for code, why in zip(parts[::2], parts[1::2], strict=True):
        yield int(code), why.rstrip(".;")


def _codes(command: "Command", own: list[tuple[int, str]]) -> list[tuple[str, str]]:
    takes = " ".join(str(param.metavar) for param in command.params)
    common = {0: "done", 2: "what was typed cannot be"}
    if _MEDICATION.search(takes):
        common |= {21: "there is no such medication", 22: "several medications could be meant"}
    if _TIME.search(takes):
        common[23] = "that clock time happened twice"
    if any(_FORCE in param.opts for param in command.params):
        common[35] = "the file is there: --force replaces it"
    if command.name in _WITHOUT_RECORD:
        common[46] = "the output cannot be written"
    listed = {f"{code}": why for code, why in sorted({**common, **dict(own)}.items())}
    if command.name not in _WITHOUT_RECORD:
        listed |= {
            "25, 34": "there is no record of that person",
            "40-49": "a file cannot be used; 41: no record yet",
        }
    return sorted(listed.items(), key=lambda pair: int(pair[0][:2]))
