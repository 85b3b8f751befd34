"""Thousands of real commands in minutes: medtrack is imported once, and every command runs in a forked child.

The child is a process of its own with its own environment, folder and descriptors, and leaves by
`medtrack.app.main`, as a command started by a shell does; only the imports are done before. strace can be
attached to it before it begins, to kill it at one of its system calls.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
import pickle
import pkgutil
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from tests.faults.harness import STRACE, Call, Done, Home, calls_in

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds after which a command hangs: more than the ten it waits for a lock."""
HUNG = -1000
"""Stands for the exit code of a command that did not end."""


def preload() -> None:
    """Import all of medtrack and what it imports on use, so that no child has to."""
    import medtrack

    for module in pkgutil.walk_packages(medtrack.__path__, "medtrack."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in ("sqlite_utils", "sqlite_utils.migrations", "dateutil.rrule", "dateutil.parser", "tzdata",
                 "rich.table", "rich.console", "rich.progress", "difflib", "csv", "json", "platformdirs"):  # fmt: skip
        import_module(name)
    from medtrack import app

    # A process makes its table of commands anew; here it is made once for all of them.
    app.get_command = functools.cache(app.get_command)
    for stub in app.get_command(app.app).commands.values():  # type: ignore[attr-defined]
        stub.load()
    gc.freeze()  # what is made so far stays: to look through it in a child would only copy pages


def _begin(home: Home, environ: dict[str, str], streams: Sequence[int]) -> None:
    """Become a process of this home: its environment, its folder, its three streams."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update({**home.environ, **environ})
    os.chdir(home.folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115


def weaken(synchronous: str) -> None:
    """Have this process open records with less care than medtrack takes."""
    from medtrack.store import backups, connection, record, replacement

    careful = connection.connect

    def careless(path: str) -> sqlite3.Connection:
        opened = careful(path)
        opened.execute(f"pragma synchronous = {synchronous}")
        return opened

    for module in (backups, connection, record, replacement):
        module.connect = careless  # type: ignore[attr-defined]


def _work(words: Sequence[str]) -> NoReturn:
    """Run a command as `python -m medtrack` would; an exception that gets out is shown as Python shows it."""
    from medtrack import app

    sys.argv = ["medtrack", *words]
    try:
        app.main()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


class Child:
    """A command in a forked child, which waits for a word to begin."""

    def __init__(
        self,
        home: Home,
        words: Sequence[str],
        streams: Sequence[int],
        environ: dict[str, str] | None = None,
        within: Callable[[], None] | None = None,
    ) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()  # a child must not have part in a record that is still open here
        waiting, self._start = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.read(waiting, 1)
                _begin(home, environ or {}, streams)
                if within is not None:
                    within()
                _work(words)
            finally:
                os._exit(70)
        os.close(waiting)

    def begin(self) -> None:
        """Let it run."""
        os.write(self._start, b"x")
        os.close(self._start)

    def end(self, patience: float = PATIENCE) -> int:
        """Wait for its end; its exit code, negative for a signal, HUNG where it had to be killed."""
        watched = os.pidfd_open(self.pid)
        try:
            hung = not select.select([watched], [], [], patience)[0]
        finally:
            os.close(watched)
        if hung:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        return HUNG if hung else os.waitstatus_to_exitcode(status)


@contextlib.contextmanager
def captured() -> Iterator[tuple[list[int], Callable[[], tuple[str, str]]]]:
    """Three streams for a child: nothing to read, and two files to write to; and what was written there."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = os.memfd_create("out"), os.memfd_create("err")

    def read(stream: int) -> str:
        return os.pread(stream, 1 << 24, 0).decode(errors="replace")

    try:
        yield [nothing, out, err], lambda: (read(out), read(err))
    finally:
        for stream in (nothing, out, err):
            os.close(stream)


def run(home: Home, words: Sequence[str], **environ: str) -> Done:
    """Run one command to its end."""
    with captured() as (streams, said):
        child = Child(home, words, streams, environ)
        child.begin()
        code = child.end()
        return Done(code, *said())


def here(home: Home, words: Sequence[str]) -> Done:
    """Run one command in this very process: ten times as quick, for what comes after a fault."""
    from medtrack.app import run as run_app

    out, err = io.BytesIO(), io.BytesIO()
    before = sys.stdin, sys.stdout, sys.stderr
    environ, place = dict(os.environ), os.getcwd()
    try:
        os.environ.clear()
        os.environ.update(home.environ)
        os.chdir(home.folder)
        sys.stdin = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(out, encoding="utf-8")
        sys.stderr = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace")
        code = run_app(words)
        sys.stdout.flush()
        sys.stderr.flush()
        return Done(code, out.getvalue().decode(), err.getvalue().decode())
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(place)


def killed_after(home: Home, words: Sequence[str], seconds: float) -> Done:
    """Run a command, and kill it so many seconds after it began."""
    with captured() as (streams, said):
        child = Child(home, words, streams)
        child.begin()
        time.sleep(seconds)
        os.kill(child.pid, signal.SIGKILL)
        code = child.end()
        return Done(code, *said())


def traced(home: Home, words: Sequence[str], *options: str, within: Callable[[], None] | None = None) -> Done:
    """Run a command with strace attached to it from its beginning; `within` is done first in its process."""
    with captured() as (streams, said):
        child = Child(home, words, streams, within=within)
        tracer = subprocess.Popen(
            [STRACE or "", "-f", "-p", str(child.pid), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert tracer.stderr is not None
        told = tracer.stderr.readline()
        if b"attached" not in told:
            os.kill(child.pid, signal.SIGKILL)
            child.end()
            raise AssertionError(told)
        child.begin()
        code = child.end()
        tracer.stderr.read()
        tracer.wait()
        tracer.stderr.close()
        return Done(code, *said())


def calls(home: Home, words: Sequence[str]) -> list[Call]:
    """Run a command, and list its system calls that touch its home, in order."""
    trace = home.folder.with_suffix(".trace")
    done = traced(home, words, "-y", "-o", str(trace))
    if done.code != 0:
        raise AssertionError(done)
    return calls_in(trace, home.folder)


def killed_at(home: Home, words: Sequence[str], call: Call) -> Done:
    """Run a command, and kill it at one of its system calls, before that is done."""
    fault = f"inject={call.name}:signal=KILL:when={call.number}"
    return traced(home, words, "-o", os.devnull, "-e", f"trace={call.name}", "-e", fault)


def put_back(folder: Path, kept: Path) -> None:
    """Make a folder what another is, under its own name: records are remembered by their path."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder, symlinks=True)


def shared(workers: int, job: Callable[[int], T]) -> list[T]:
    """Run a job in so many processes at once, each told which it is; what each gave."""
    sys.stdout.flush()
    started = []
    for number in range(workers):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            code = 1
            try:
                answer = pickle.dumps(job(number))
                with open(writing, "wb") as file:
                    file.write(answer)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(code)
        os.close(writing)
        started.append((pid, reading))
    answers: list[Any] = []
    for pid, reading in started:
        with open(reading, "rb") as file:
            content = file.read()
        os.waitpid(pid, 0)
        if not content:
            raise AssertionError("a worker failed")
        answers.append(pickle.loads(content))
    return answers


def roomy() -> str | None:
    """Where homes are quickest made and thrown away: in memory where that is possible."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
