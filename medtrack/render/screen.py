"""What there is at the other end: a terminal or not, how wide, in which letters, with escapes or without."""

from __future__ import annotations

import os
import sys
from typing import TextIO

USUAL = 80
"""Columns for which pages and help are written."""
_ONLY_LINES = frozenset(("", "dumb", "unknown"))
"""The names in TERM of what prints lines and nothing else; without a name nothing is known of it."""
_ESCAPE = b"\x1b["
_BARE = frozenset(("C", "POSIX"))
_COERCED = "C.UTF-8"
"""What Python sets LC_CTYPE to where the locale is C (PEP 538)."""


def is_a_terminal(stream: TextIO | None) -> bool:
    """Whether somebody reads it as it is written, on a screen or in a speaking terminal."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def is_a_screen(stream: TextIO | None) -> bool:
    """Whether a table can be drawn: a terminal, and not one that only prints lines."""
    return is_a_terminal(stream) and os.environ.get("TERM", "") not in _ONLY_LINES


def is_styled(stream: TextIO | None) -> bool:
    """Whether bold and colours may be printed: not under NO_COLOR, and where the terminal has them."""
    return not os.environ.get("NO_COLOR") and is_a_screen(stream) and _has("bold")


def can_be_drawn_over(stream: TextIO | None) -> bool:
    """Whether the terminal can go back up and draw over what it drew."""
    return is_a_screen(stream) and _has("cuu1")


def _has(capability: str) -> bool:
    """Whether the terminal that TERM names has this by an escape of ECMA-48; what is not known has not."""
    try:
        import curses

        curses.setupterm(os.environ.get("TERM"), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return (curses.tigetstr(capability) or b"").startswith(_ESCAPE)
    except (ImportError, OSError, ValueError):
        return False
    except curses.error:
        return False


def width_of(stream: TextIO | None) -> int | None:
    """The columns of a terminal: COLUMNS where it is a number above zero, else what it says, else the usual.

    None where it is no terminal: nothing is folded in a pipe or a file.
    """
    if stream is None or not is_a_terminal(stream):
        return None
    typed = os.environ.get("COLUMNS", "")
    if typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed) > 0:
        return int(typed)
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL
    except (OSError, ValueError):
        return USUAL


def narrow(stream: TextIO | None) -> int | None:
    """The columns of a terminal that has fewer than the usual; None of any other, and of none."""
    width = width_of(stream)
    return width if width is not None and width < USUAL else None


def encoding_of(stream: TextIO | None) -> str:
    """The encoding in which a stream is written; on a terminal, ASCII where it is declared to have another.

    Under the C locale Python writes UTF-8 all the same (PEP 538, PEP 540), which is right for files and
    pipes. On a terminal that was declared to be C or Latin-1 each letter would be two or three wrong ones.
    ASCII is part of every codeset that a terminal has.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if not is_a_terminal(stream) or os.environ.get("PYTHONIOENCODING") or os.environ.get("PYTHONUTF8") == "1":
        return encoding
    declared = _declared()
    return encoding if declared is None or _is_same(declared, encoding) else "ascii"


def takes_bytes(stream: TextIO | None) -> bool:
    """Whether it is a pipe or a file: no terminal, and nothing that takes text alone."""
    return getattr(stream, "buffer", None) is not None and not is_a_terminal(stream)


def encoding_of_data(stream: TextIO | None) -> str:
    """The encoding of what programs read: UTF-8 whatever the locale, and on a terminal what it shows."""
    return "utf-8" if takes_bytes(stream) else encoding_of(stream)


def _declared() -> str | None:
    """The codeset that the environment declares, as POSIX reads it; None where it declares none."""
    whole, letters, rest = (os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if not whole and letters == _COERCED and rest in _BARE:
        letters = ""
    name = whole or letters or rest
    if name in _BARE:
        return "ascii"
    return name.partition("@")[0].partition(".")[2] or None


def _is_same(declared: str, encoding: str) -> bool:
    from codecs import lookup

    try:
        return lookup(declared).name == lookup(encoding).name
    except LookupError:
        return True
