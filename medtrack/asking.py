"""Questions to the person at the terminal, on stderr; nothing is ever asked of a script."""

import sys
from collections.abc import Sequence


def words(question: str) -> str:
    """Ask for words; empty where none are typed."""
    from typer import prompt

    from .render.inert import inert

    return str(prompt(inert(question), default="", show_default=False, err=True))


def words_after(lines: Sequence[str], question: str) -> str:
    """Say some lines, then ask for words."""
    from typer import echo

    from .render.inert import inert

    for line in lines:
        echo(inert(line), err=True)
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

    from .render.inert import inert

    return ask(inert(question), err=True)


def secret(question: str, twice: bool) -> str:
    """Ask for what is not shown, twice where `twice` says so."""
    from typer import prompt

    from .render.inert import inert

    return str(prompt(inert(question), hide_input=True, confirmation_prompt=twice, err=True))
