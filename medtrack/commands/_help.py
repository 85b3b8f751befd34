"""Commands whose help has parts: what they are for, what they take, examples, exit codes."""

import sys
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from medtrack.errors import UsageRefused
from medtrack.render.screen import narrow

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter


class _Telling:
    """Help in parts: what it is for, what it takes, examples, exit codes."""

    def get_help(self, ctx: "Context") -> str:
        """The help, in lines that fit a narrow terminal."""
        width = narrow(sys.stdout)
        if width is None:
            return super().get_help(ctx)  # type: ignore[misc, no-any-return]
        from ._page import narrow_help

        return narrow_help(ctx, width)

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        # Typer puts braces around what must be given.
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece.strip("{}") for piece in pieces]

    def format_help_text(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        from ._told import told

        for paragraph in told(ctx.command).paragraphs:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(paragraph)

    def format_epilog(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        from ._told import told

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

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:  # noqa: ARG002
        """Write its commands, each with the whole of what it is for."""
        from ._told import told

        with formatter.section("Commands"):
            formatter.write_dl([(name, told(each).paragraphs[0]) for name, each in self.commands.items()])

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, Command | None, list[str]]":
        """Find the command by name; raises UsageRefused, with what was meant, where there is none."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            from medtrack.usage import unknown_command

            path = ctx.command_path.partition(" ")[2]
            raise UsageRefused(what=unknown_command(path, args[0], self.commands))
        return super().resolve_command(ctx, args)
