"""The busiest commands take no more instructions than they may: a count, not a time, so no noise is in it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import KEPT, sealed
from tests.instructions import JOBS, counted
from tests.transcript import in_home

NOW = "2026-03-10T09:00[Europe/Paris]"


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not here")
def test_the_busiest_commands_take_few_instructions(tmp_path: Path) -> None:
    run = in_home(tmp_path)
    assert run(["add", "sertraline", "--at", "08:00", "--from", "2026-03-01", "--yes"], NOW).code == 0
    for _ in range(2):
        run(["remind"], NOW)
    program = Path(sys.executable).with_name("medtrack")
    environ = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **sealed(tmp_path),
        "MEDTRACK_NOW": NOW,
    }
    bare = counted([sys.executable, "-c", "pass"], environ)
    for job, words, bar in JOBS:
        run(list(words), NOW)
        assert counted([str(program), *words], environ) <= bar * bare, job
