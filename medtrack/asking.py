"""Questions to the person at the terminal, on stderr; nothing is ever asked of a script."""

import sys
from collections.abc import Sequence

_ANSWERS = " [y/N]: "
"""What typer puts after a question that is answered by yes or no."""


def words(question: str) -> str:
    """Ask for words; empty where none are typed."""
    from typer import prompt

    return str(prompt(_told(question), default="", show_default=False, err=True))


def words_after(lines: Sequence[str], question: str) -> str:
    """Say some lines, then ask for words."""
    from typer import echo

    for line in lines:
        echo(_told(line), err=True)
    return words(question)


def is_interactive() -> bool:
    """Whether a person sits at both ends: nothing is ever asked of a script."""
    try:
        return sys.stdin.isatty() and sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def confirm(question: str) -> bool:
    """Ask whether to go on."""
    from typer import confirm as ask

    return ask(_told(question, len(_ANSWERS)), err=True)


def secret(question: str, twice: bool) -> str:
    """Ask for what is not shown, twice where `twice` says so."""
    from typer import prompt

    return str(prompt(_told(question), hide_input=True, confirmation_prompt=twice, err=True))


def _told(text: str, beside: int = 0) -> str:
    """What is asked or said on stderr, harmless, folded with room for so much beside its end."""
    from .render.folding import folded
    from .render.inert import readable
    from .render.screen import encoding_of, width_of

    width = width_of(sys.stderr)
    return folded(readable(text, encoding_of(sys.stderr)), None if width is None else width - beside)
