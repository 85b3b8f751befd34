"""How far a long piece of work has come, on a terminal and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORTH_SHOWING = 2_000
"""Fewer steps are over before anyone could read the bar."""


def tracked(steps: Sequence[T]) -> Iterable[T]:
    """The steps themselves, with a bar on stderr while they are gone through."""
    if len(steps) < _WORTH_SHOWING or not _is_a_screen():
        return steps
    from rich.console import Console
    from rich.progress import track

    return track(steps, description="Reading", console=Console(stderr=True), transient=True)


def _is_a_screen() -> bool:
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False
