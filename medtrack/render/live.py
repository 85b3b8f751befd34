"""A board on a terminal, drawn anew each second until there is nothing to show or the person leaves."""

from __future__ import annotations

import os
import sys
from collections import Counter
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


def fitted(report: Report, render: Callable[[Report], str], height: int) -> str:
    """The page in so many lines, where it can be: first without most of its footer, then with fewer rows.

    The report's meta says which rows can be spared, in that order; how many are left out is said above them.
    """
    page = render(report)
    if _is_within(page, height):
        return page
    short = report._replace(footer=report.footer[-1:])
    page = render(short)
    spared: list[int] = report.meta["spared"]
    for number in range(1, len(spared) + 1):
        if _is_within(page, height):
            break
        gone = Counter(report.rows[each]["state"] for each in spared[:number])
        kept = [row for place, row in enumerate(report.rows) if place not in spared[:number]]
        said = ", ".join(f"{many} {state}" for state, many in gone.items())
        more = f"Not on this screen: {said}. All of it: medtrack session show"
        page = render(short._replace(rows=kept, lines=[*report.lines, more]))
    return page


def _is_within(page: str, height: int) -> bool:
    return len(page.splitlines()) <= height


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
                page = fitted(
                    report,
                    lambda part: as_table.render(part, encoding, width=console.width, styled=styled),
                    console.height - 1,
                )
                screen.update(Text.from_ansi(page), refresh=True)
                due = report.meta["due"]
                if due is not None and due != rung:
                    console.bell()
                rung = due
                sleep(_STEP)
    except KeyboardInterrupt:
        return
