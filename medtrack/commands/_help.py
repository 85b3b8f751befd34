"""What a command says about itself: its docstring, told as help and in the manual.

The first paragraph is what it is for. 'Example: ...' is a command line that works, and 'Exit code 4: why.
27: why.' names the exit codes of its own; those that follow from what it takes are the same for every command
and are added here.
"""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, NamedTuple

from typer.core import TyperCommand, TyperGroup

from medtrack.errors import UsageRefused

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

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


class _Telling:
    """Help in parts: what it is for, what it takes, examples, exit codes."""

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        # Typer puts braces around what must be given.
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece.strip("{}") for piece in pieces]

    def format_help_text(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        for paragraph in told(ctx.command).paragraphs:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(paragraph)

    def format_epilog(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        said = told(ctx.command)
        formatter.write(f"\n{'Example' if len(said.examples) == 1 else 'Examples'}:\n")
        for example in said.examples:
            formatter.write(f"  {example}\n")
        with formatter.section("Exit codes"):
            formatter.write_dl(said.codes)


class TellingCommand(_Telling, TyperCommand):
    """A command that tells of itself so."""


class TellingGroup(_Telling, TyperGroup):
    """A command of several that tells of itself so."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.subcommand_metavar = "COMMAND ..."

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, Command | None, list[str]]":
        """Find the command by name; raises UsageRefused, with what was meant, where there is none."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            from medtrack.usage import unknown_command

            path = ctx.command_path.partition(" ")[2]
            raise UsageRefused(what=unknown_command(path, args[0], self.commands))
        return super().resolve_command(ctx, args)
