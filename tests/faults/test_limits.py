"""Too few descriptors, too little memory, no processes: one sentence or a dose, never half of either."""

from __future__ import annotations

import resource
import subprocess

import pytest

from tests.faults.harness import TRACEBACK, Home, doses_noted, program, soundness
from tests.faults.writing import TAKE

MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("limit", "values"),
    [
        (resource.RLIMIT_NOFILE, range(6, 14)),
        (resource.RLIMIT_AS, (40 * MEGABYTE, 60 * MEGABYTE, 100 * MEGABYTE)),
        (resource.RLIMIT_NPROC, (0,)),
    ],
    ids=["descriptors", "memory", "processes"],
)
def test_a_limit_of_the_system_is_no_obstacle_or_told_truly(
    limit: int, values: range | tuple[int, ...], copied: Home
) -> None:
    for value in values:
        for words in ((*TAKE, f"within {value}"), ("log",)):
            done = subprocess.run(
                [*program(), *words],
                env=copied.environ,
                cwd=copied.folder,
                preexec_fn=lambda value=value: resource.setrlimit(limit, (value, value)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert TRACEBACK not in done.stderr, (value, done)
            assert "bug in medtrack" not in done.stderr, (value, done)
            if words[0] == "take":
                assert doses_noted(copied.record, f"within {value}") == (done.returncode == 0), (value, done)
    assert soundness(copied.record) == "ok"
