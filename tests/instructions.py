"""How many instructions the busiest commands take: `python -m tests.instructions`.

Counted by valgrind's callgrind, beside `python -c pass`: the same on every run, whatever else the machine does. Exit
code 1 where one takes more than it may.
"""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import Bench

JOBS = (
    ("due --quiet, nothing changed", ("due", "--quiet"), 1.2),
    ("remind, nothing to say", ("remind",), 1.2),
    ("take NAME, committed with full sync", ("take", "sertraline", "--again"), 9.6),
)
DOSES = 2_000


def counted(command: list[str], environ: dict[str, str]) -> int:
    """The instructions of a whole process."""
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*valgrind, *command],
        env={**environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return int(re.findall(r"Collected : (\d+)", done.stderr)[0])


def main() -> None:
    """Print the table."""
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not here")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(__file__).parent.parent / "medtrack"), quiet=2)
    too_many = False
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), DOSES, 1)
        bare = counted([sys.executable, "-c", "pass"], bench.environ)
        print(f"{'job':<42} {'millions':>8} {'x bare':>7} {'at most':>8}")
        for job, words, bar in JOBS:
            # What it writes for the next time is not counted.
            bench.used([*bench.medtrack, *words])
            found = counted([*bench.medtrack, *words], bench.environ)
            too_many |= found > bar * bare
            print(f"{job:<42} {found / 1e6:>8.1f} {found / bare:>7.3f} {bar:>8.1f}", flush=True)
    sys.exit(too_many)


if __name__ == "__main__":
    main()
