"""How fast the daily commands are: `python -m tests.bench`.

Every job is a whole process, timed as CPU (user + system, median of several runs) beside `python -c pass`
of the same environment in the same call, and printed as a ratio to it. Byte-compiled files are made
first: without them every start-up is several times slower. The one question of a million doses is beside the `sqlite3`
shell; two jobs are beside other programs that keep a list, where they are installed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from time import process_time

from medtrack.completing import ASKED
from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import Clock, Plan
from medtrack.domain.runs import offsets_in
from medtrack.domain.slots import planned_seconds
from medtrack.domain.zones import always
from tests.bench_peers import AHEAD, ENTRIES, beside_peers
from tests.conftest import KEPT, sealed
from tests.stopwatch import ON_TERMINAL, Stopwatch

MEDICATIONS = (
    ("levothyroxine", ["--at", "07:30"]),
    ("metformin", ["--at", "08:00,20:00"]),
    ("apixaban", ["--every", "12h"]),
    ("atorvastatin", ["--at", "22:00"]),
    ("alendronate", ["--at", "07:00", "--on", "mon"]),
    ("sertraline", ["--at", "08:00"]),
    ("lisinopril", ["--at", "08:00"]),
    ("contraceptive", ["--at", "21:00", "--cycle", "21/7"]),
    ("furosemide", ["--at", "08:00,14:00"]),
    ("colecalciferol", ["--at", "09:00", "--monthly", "1"]),
)
FIFTEEN = (
    "warfarin", "amiodarone", "metoprolol", "lisinopril", "spironolactone", "furosemide", "atorvastatin", "metformin",
    "gliclazide", "levothyroxine", "calcium carbonate", "omeprazole", "sertraline", "tramadol", "co-codamol",
)  # fmt: skip
START = datetime(2006, 1, 1, 8, tzinfo=UTC)
NOW = "2026-03-10T09:00[Europe/Paris]"
BARE = (sys.executable, "-c", "pass")


class Bench(Stopwatch):
    """A record of many doses, and a stopwatch for what is done with it."""

    def __init__(self, folder: Path, doses: int, runs: int) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.db = str(folder / "bench.db")
        super().__init__({**kept, **sealed(folder), "MEDTRACK_NOW": NOW, "MEDTRACK_DB": self.db}, runs)
        self.medtrack = [sys.executable, "-m", "medtrack"]
        entry = Path(sys.executable).with_name("medtrack")
        if entry.exists():
            self.medtrack = [str(entry)]
        for name, flags in MEDICATIONS:
            self._do("add", name, "--from", "2006-01-01", *flags, "--yes")
        self.typed = folder / "typed"
        self.typed.write_bytes(b"take\0metf\0")
        self.fifteen = str(folder / "fifteen.db")
        """Another record, of fifteen medicines with much to say about them."""
        for name in FIFTEEN:
            self._do("--db", self.fifteen, "add", name, "--at", "08:00", "--yes")
        rows = folder / "doses.csv"
        with rows.open("w", encoding="utf-8") as file:
            file.write("taken_at,medication\n")
            for number in range(doses):
                name = MEDICATIONS[number % len(MEDICATIONS)][0]
                at = START + timedelta(minutes=number * 20 * 365 * 1440 // doses, seconds=number % 60)
                file.write(f"{at.isoformat()},{name}\n")
        self._do("import", str(rows))
        # What was due at that time is told, and the answers are known from then on.
        for _ in range(2):
            self._do("remind")

    def _do(self, *words: str) -> None:
        subprocess.run([*self.medtrack, *words], env=self.environ, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)  # fmt: skip


_FIFTEEN = "(fifteen)"
"""Stands for the file of that record."""
JOBS = (
    ("take NAME, committed with full sync", ("take", "sertraline", "--again"), 8.0),
    ("--help", ("--help",), 7.0),
    ("schedule --json, 10 medications, 7 days", ("schedule", "--json", "--days", "7"), 8.0),
    ("parse, a prescription of one line", ("parse", "metformin 500 mg tablet, 1 tab twice daily"), 10.0),
    ("check, 10 medications", ("check",), 12.0),
    ("check, 15 medications", ("--db", _FIFTEEN, "check"), 12.0),
    ("due --quiet, nothing changed", ("due", "--quiet"), 1.6),
    ("remind, nothing to say", ("remind",), 1.6),
    ("TAB, the name of a medication", (ASKED, "fish"), 7.0),
    ("today", ("today",), None),
    ("adherence, one year, 10 medications", ("adherence", "--span", "2025"), 12.0),
    ("the same as a table on a terminal", (ON_TERMINAL, "adherence", "--span", "2025"), 12.0),
    ("report --format html, one year", ("report", "--span", "2025", "--format", "html"), None),
)
ALL_OF_IT = ("adherence", "--by", "month")
MANY = 1_000_000
REFERENCE = "select medication_id, substr(local_time, 1, 7), sum(status = 'taken') from dose group by 1, 2"
"""The same question for the `sqlite3` shell: no derived table, no index made for it."""
WRITE, WEEK = ("take", "sertraline", "--again"), ("schedule", "--days", "7")


def slots_a_second() -> float:
    """How many instants of a three-times-daily clock plan over ten years in Paris are made in a second."""
    offsets_in.cache_clear()
    times = (time(8), time(14), time(20))
    plan = Plan(1, "plan", 1, Amount(Fraction(1), "tablet"), Clock(times), date(2016, 1, 1))
    since, until = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    zones = always("Europe/Paris")
    began = process_time()
    made = len(planned_seconds(plan, zones, since, until))
    return made / (process_time() - began)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--doses", type=int, default=200_000, help="in the record of the daily jobs")
    parser.add_argument("--runs", type=int, default=9)
    wanted = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(__file__).parent.parent / "medtrack"), quiet=2)
    millions = statistics.median(slots_a_second() for _ in range(wanted.runs)) / 1e6
    print(f"Ten years of a clock plan, three times daily: {millions:.1f} million slots a second (at least 2)")
    _jobs(wanted.doses, wanted.runs)
    _beside_the_shell(wanted.runs)
    with tempfile.TemporaryDirectory() as name:
        mine = Bench(Path(name), ENTRIES, wanted.runs)
        print(f"\n{ENTRIES:,} entries, of which a week holds {AHEAD}: write one, list a week")
        beside_peers(mine, [[*mine.medtrack, *WRITE], [*mine.medtrack, *WEEK]], BARE)


def _jobs(doses: int, runs: int) -> None:
    print(
        f"\nA record of {doses:,} doses, {len(MEDICATIONS)} medications; CPU and memory, median of {runs} runs"
    )
    print(f"{'job':<42} {'CPU ms':>7} {'MB':>5} {'x bare':>7} {'at most':>8}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), doses, runs)
        for job, words, bar in JOBS:
            # Where it prints to is said before the program.
            place = [word for word in words if word == ON_TERMINAL]
            typed = [bench.fifteen if word == _FIFTEEN else word for word in words if word != ON_TERMINAL]
            used, ratio = bench.ratio([*place, *bench.medtrack, *typed], BARE)
            limit = "" if bar is None else f"{bar:.1f}"
            print(
                f"{job:<42} {used.milliseconds:>7.1f} {used.megabytes:>5.0f} {ratio:>7.2f} {limit:>8}",
                flush=True,
            )


def _beside_the_shell(runs: int) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        print("\nThe sqlite3 shell is not here: adherence by month is not measured beside it.")
        return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), MANY, runs)
        used, ratio = bench.ratio([*bench.medtrack, *ALL_OF_IT], [shell, bench.db, REFERENCE])
    print(
        f"\nAdherence by month, 20 years, {MANY:,} doses: {used.milliseconds:.0f} ms, {used.megabytes:.0f} MB,"
        f" {ratio:.2f} times the sqlite3 shell on the same file (at most 1.1).",
        flush=True,
    )


if __name__ == "__main__":
    main()
