"""A board on a terminal, drawn anew each second until there is nothing to show or the person leaves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medtrack.domain.report import Report

Board = Callable[[timedelta], "Report | None"]
"""The board after so much time; None when it is over."""
_STEP = 1.0


def can_be_live() -> bool:
    """Whether there is a terminal that can draw over what it drew."""
    try:
        return sys.stdout.isatty() and os.environ.get("TERM") not in (None, "", "dumb")
    except (AttributeError, ValueError):
        return False


def shown_live(board: Board) -> None:
    """Draw the board each second; a bell sounds once when something comes due. Ctrl-C ends it."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from . import as_table

    styled = not os.environ.get("NO_COLOR")
    console = Console(no_color=not styled)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    begun, rung = monotonic(), None
    try:
        with Live(console=console, auto_refresh=False, transient=False) as screen:
            while (report := board(timedelta(seconds=monotonic() - begun))) is not None:
                page = as_table.render(report, encoding, width=console.width, styled=styled)
                screen.update(Text.from_ansi(page), refresh=True)
                due = report.meta["due"]
                if due is not None and due != rung:
                    console.bell()
                rung = due
                sleep(_STEP)
    except KeyboardInterrupt:
        return
