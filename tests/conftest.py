"""A sealed home for every test, and ways to run the program in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is.
settings.register_profile("medtrack", deadline=None, max_examples=60)
settings.load_profile("medtrack")

KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "COVERAGE_PROCESS_START")


LOOPBACK = ("127.0.0.1", "::1")


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Nothing in the suite may reach another machine; what other processes do is traced in faults/test_private.py.

    This machine itself may be reached, by its loopback addresses in figures: a name would be looked up.
    """
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in LOOPBACK:
        raise AssertionError(f"a test uses the network: {event} {arguments}")


sys.addaudithook(_refuse_network)


class Result(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the test's own: nothing outside it can be read or written by accident."""
    for name in list(os.environ):
        if name.startswith(("MEDTRACK", "XDG_")):
            monkeypatch.delenv(name)
    place = tmp_path / "home"
    place.mkdir()
    for name, value in sealed(place).items():
        monkeypatch.setenv(name, value)
    return place


def sealed(place: Path) -> dict[str, str]:
    """The environment that points every path of medtrack into a folder."""
    return {
        "HOME": str(place),
        "XDG_DATA_HOME": str(place / "data"),
        "XDG_STATE_HOME": str(place / "state"),
        "XDG_CONFIG_HOME": str(place / "config"),
        "USER": "ann",
        "TZ": "Europe/Paris",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }


@pytest.fixture(scope="session")
def month_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the sample month, typed once for all tests of this process."""
    from tests.sample_month import write

    return write(tmp_path_factory.mktemp("month"))


@pytest.fixture
def month(month_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample month, which every command of the test is about, at the end of that month."""
    from tests.sample_month import NOW

    file = home / month_file.name
    shutil.copyfile(month_file, file)
    monkeypatch.setenv("MEDTRACK_DB", str(file))
    monkeypatch.setenv("MEDTRACK_NOW", NOW)
    return file


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run one command line in this process: `run('take metformin', now='2026-03-10T08:00[Europe/Paris]')`."""
    from medtrack.app import run as run_app

    def call(line: str | list[str], *, now: str | None = None, **environ: str) -> Result:
        capfd.readouterr()
        with monkeypatch.context() as patched:
            if now is not None:
                patched.setenv("MEDTRACK_NOW", now)
            for name, value in environ.items():
                patched.setenv(name, value)
            code = run_app(shlex.split(line) if isinstance(line, str) else line)
        printed = capfd.readouterr()
        return Result(code, printed.out, printed.err)

    return call


@pytest.fixture
def spawn(home: Path) -> Callable[..., Result]:
    """Run one command line as a process of its own, as a shell would."""

    def call(line: str | list[str], *, stdin: str | None = None, **environ: str) -> Result:
        words = shlex.split(line) if isinstance(line, str) else line
        done = subprocess.run(
            [sys.executable, "-m", "medtrack", *words],
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={
                **{name: os.environ[name] for name in KEPT if name in os.environ},
                **sealed(home),
                **environ,
            },
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return call
