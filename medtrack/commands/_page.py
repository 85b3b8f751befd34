"""How help is laid out on a terminal narrower than it is written for: in lines that fit it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typer._click.formatting import HelpFormatter

from medtrack.render.folding import NARROWEST, fold

if TYPE_CHECKING:
    from typer._click import Context

_TWO_COLUMNS = 70
"""Columns of a terminal from which names and what they mean stand beside each other."""


class _Narrow(HelpFormatter):
    """Help for a narrow terminal: what a name means stands below it, and no word is cut that fits.

    An example is written as it is: folded by the terminal it can still be copied, and runs.
    """

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage, its further lines set in."""
        self._write(f"{prefix or 'Usage: '}{prog} {args}", rest="  ")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        self._write(text)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names with what they mean."""
        first = min(max(len(name) for name, _ in rows), col_max) + col_spacing
        for name, meaning in rows:
            if self.width < _TWO_COLUMNS or len(name) > col_max:
                self._write(name, rest="  ")
                with self.indentation():
                    self._write(meaning)
                continue
            for number, line in enumerate(fold(meaning, self.width - self.current_indent - first)):
                self._write(f"{'' if number else name:<{first}}{line}")

    def _write(self, text: str, rest: str = "") -> None:
        for line in fold(f"{'':>{self.current_indent}}{text}", self.width, rest):
            self.write(f"{line}\n")


def narrow_help(ctx: "Context", width: int) -> str:
    """The help of a command in lines of a width at most."""
    page = _Narrow(width=max(width, NARROWEST))
    ctx.command.format_help(ctx, page)
    return page.getvalue().rstrip("\n")
