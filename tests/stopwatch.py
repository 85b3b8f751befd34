"""Times whole processes: CPU and memory, one command in turn with another."""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from medtrack.completing import ASKED

ON_TERMINAL = "on a terminal:"
_WATCH = """
import os, sys
told, command = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(told, False)
_, _, used = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
os.write(told, f"{used.ru_utime} {used.ru_stime} {used.ru_maxrss}".encode())
"""
"""Starts the command and tells what it used. The peak of a process counts that of what started it: this is small."""


class Used(NamedTuple):
    """What a process took."""

    milliseconds: float
    """CPU, user and system."""
    megabytes: float
    """Memory at its peak; less than a bare Python needs cannot be seen."""


class Stopwatch:
    """Times whole processes, in an environment of their own."""

    def __init__(self, environ: dict[str, str], runs: int) -> None:
        self.environ = environ
        self.runs = runs
        self.typed = Path(os.devnull)
        """What a shell hands over when TAB is pressed."""

    def used(self, command: Sequence[str]) -> Used:
        """What one run of a command takes; one that begins with ON_TERMINAL prints to one of 160 columns."""
        reads, writes = os.pipe()
        watch = [sys.executable, "-I", "-S", "-c", _WATCH, str(writes)]
        if command[0] == ON_TERMINAL:
            ours, theirs = pty.openpty()
            environ = {**self.environ, "TERM": "xterm-256color", "COLUMNS": "160"}
            process = subprocess.Popen([*watch, *command[1:]], env=environ, pass_fds=[writes],
                                       stdin=theirs, stdout=theirs, stderr=theirs)  # fmt: skip
            os.close(theirs)
            with suppress(OSError):  # it ends like this
                while os.read(ours, 1 << 16):
                    pass
            os.close(ours)
        else:
            with open(self.typed if ASKED in command else os.devnull, "rb") as given:
                process = subprocess.Popen([*watch, *command], env=self.environ, pass_fds=[writes],
                                           stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(writes)
        with open(reads, encoding="ascii") as told:
            user, system, peak = map(float, told.read().split())
        process.wait()
        return Used(1000 * (user + system), peak / 1024)

    def ratio(self, command: Sequence[str], other: Sequence[str]) -> tuple[Used, float]:
        """What a command takes, in the median, and the ratio of its CPU to another's, run in turn with it."""
        pairs = [(self.used(other), self.used(command)) for _ in range(self.runs + 1)][1:]
        theirs = statistics.median(one.milliseconds for one, _ in pairs)
        ours = statistics.median(one.milliseconds for _, one in pairs)
        return Used(ours, statistics.median(one.megabytes for _, one in pairs)), ours / theirs
