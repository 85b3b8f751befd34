"""Questions to the person at the terminal, on stderr; nothing is ever asked of a script."""

import sys


def words(question: str) -> str:
    """Ask for words; empty where none are typed."""
    from typer import prompt

    from .render.inert import inert

    return str(prompt(inert(question), default="", show_default=False, err=True))


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
