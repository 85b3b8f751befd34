"""How far a long piece of work has come, on a terminal and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from .screen import can_be_drawn_over

T = TypeVar("T")
_WORTH_SHOWING = 2_000
"""Fewer steps are over before anyone could read the bar."""
_WORTH_SHOWING_BYTES, _BLOCK = 2_000_000, 100_000


def tracked(steps: Sequence[T]) -> Iterable[T]:
    """The steps themselves, with a bar on stderr while they are gone through."""
    if len(steps) < _WORTH_SHOWING or not _is_a_screen():
        return steps
    from rich.console import Console
    from rich.progress import track

    return track(steps, description="Reading", console=Console(stderr=True), transient=True)


def _is_a_screen() -> bool:
    return can_be_drawn_over(sys.stderr)


def by_size(lines: Iterable[bytes], size: int) -> Iterable[bytes]:
    """The lines themselves, with a bar on stderr of how many of so many bytes they have come to."""
    if size < _WORTH_SHOWING_BYTES or not _is_a_screen():
        return lines
    return _measured(lines, size)


def _measured(lines: Iterable[bytes], size: int) -> Iterator[bytes]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=size)
        read = 0
        for line in lines:
            yield line
            read += len(line)
            if read > _BLOCK:
                bar.advance(task, read)
                read = 0
