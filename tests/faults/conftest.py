"""What the fault tests share: homes with a small record in them, and file systems of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.harness import STRACE, Home
from tests.faults.writing import ADD, TAKE

Mount = Callable[..., None]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an as-needed and a planned medication and one dose; copy it, never write to it."""
    home = Home(tmp_path_factory.mktemp("seeded") / "home")
    for words in (ADD, ("add", "metformin", "--at", "08:00,20:00", "--yes"), (*TAKE, "first")):
        done = home.run(*words)
        assert done.code == 0, done
    return home


@pytest.fixture
def copied(seeded: Home, tmp_path: Path) -> Home:
    """A copy of the seeded home, of this test alone."""
    return seeded.copy(tmp_path / "copied")


@pytest.fixture
def traced() -> None:
    """The test injects faults with strace."""
    if STRACE is None:
        pytest.skip("strace is not installed")


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount a file system until the test ends; the test is skipped where that is not permitted."""
    there: list[Path] = []

    def call(place: Path, *options: str) -> None:
        done = subprocess.run(
            [shutil.which("mount") or "mount", *options, str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
        there.append(place)

    yield call
    for place in reversed(there):
        subprocess.run([shutil.which("umount") or "umount", "-l", str(place)], check=False)
