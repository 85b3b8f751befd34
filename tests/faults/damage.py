"""Damage a record of 100 doses in every way: `python -m tests.faults.damage --flips 20000`.

It is cut at every byte, and single bits of it are flipped at random, mostly where something is written. Then
every listing must print exactly what it printed of the whole record or refuse, in a sentence and with a
documented exit code; the file must be left as it is; and `verify` must find every damage. A flip that `verify` does not
find must have changed nothing: SQLite gives back the same schema, rows and numbers (most of a small file is
empty space). Of the truncated files each is read by `verify` and one listing in turn. Prints the count of
tracebacks, of wrong rows and of damages not found; exit code 1 where there is any.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import shlex
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.conftest import Result, sealed
from tests.faults import warm

Run = Callable[[str], Result]
NOW = "2026-03-10T09:00:00+01:00[Europe/Paris]"
LISTINGS = (
    "log --csv",
    "log --json --since 2026-03-01",
    "meds --all --csv",
    "show metformin --json",
    "show ibuprofen --json",
    "schedule --csv --days 3",
    "notes --csv",
    "history --csv",
    "changes --csv",
    "report --json --span 2026-03",
    "stock --csv",
    "allergy list --csv",
)
HOT = ("today --json", "due --json", "adherence --json --span 2026-03")
"""Sums and the board rely on `verify` for what they do not print row by row; they end in plain words too."""
SAID = (0, 4, 10, 11, 20, 21, 22, 40, 43, 44, 45, 46, 47)


def whole_record(run: Run, folder: Path, record: Path) -> bytes:
    """The bytes of a record of 100 doses, with everything in it that is listed."""
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["taken_at", "medication", "note"])
    start = datetime(2026, 1, 20, 7, tzinfo=UTC)
    for number in range(96):
        at = start + timedelta(hours=12 * number, minutes=number % 7)
        table.writerow([at.isoformat(), "metformin" if number % 9 else "ibuprofen", f"note {number}"])
    (folder / "doses.csv").write_text(rows.getvalue())
    for line in (
        "add 'metformin 500 mg tablet' --at 08:00,20:00 --from 2026-01-20 --yes",
        "add ibuprofen --as-needed --amount '1 tablet' --from 2026-01-20 --yes",
        "add prednisone --at 08:00 --amount '1 tablet' --from 2026-03-01 --yes",
        f"import {shlex.quote(str(folder / 'doses.csv'))}",
        "take prednisone --note 'with food'",
        "take ibuprofen --note 'head ache'",
        "undo",
        "redo",
        "amend 3 --at '2026-01-21 08:31' --reason 'looked at the clock'",
        "hold prednisone --from now --until 2026-03-12 --reason operation",
        "resume prednisone --reason 'called off'",
        "stop prednisone --reason done",
        "note 'dizzy in the morning' --grade 2 --med metformin",
        "note 'slept well'",
        "helped ibuprofen 7",
        "refill metformin '60 dose'",
        "allergy add penicillin --reaction hives",
        "settings day-starts 04:00",
    ):
        done = run(line)
        if done.code not in (0, 4):
            raise AssertionError((line, done))
    return record.read_bytes()


def wrong(run: Run, record: Path, expected: dict[str, Result], lines: Sequence[str]) -> Iterator[str]:
    """What the listings of a damaged record do wrong."""
    before = os.stat(record)
    for line in lines:
        got = run(line)
        if got.code not in SAID or "Traceback" in got.err or "bug in medtrack" in got.err:
            yield f"{line}: traceback or exit {got.code}: {got.err}"
        if got.code == expected[line].code and line not in HOT and got.out != expected[line].out:
            yield f"{line}: wrong rows with exit {got.code}"
        if got.code >= 20 and got.out:
            yield f"{line}: rows beside an error"
    after = os.stat(record)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        yield "the bytes changed"
    for beside in ("-journal", "-wal", "-shm"):
        if os.path.exists(f"{record}{beside}"):
            os.unlink(f"{record}{beside}")
            yield f"{beside} was left beside it"


def logical(record: Path) -> list[str]:
    """All that SQLite gives back of a file: its numbers, schema and rows. Raises sqlite3.Error.

    But for the moments at which the tables were made, which sqlite-utils writes down: no seal covers it, and
    nothing reads it.
    """
    with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True)) as file:
        file.text_factory = lambda text: text.decode(errors="replace")
        numbers = [
            str(file.execute(f"pragma {name}").fetchone()[0])
            for name in ("application_id", "user_version", "encoding", "integrity_check")
        ]
        moments = [row[0] for row in file.execute("select quote(applied_at) from _sqlite_migrations")]
        lines = list(file.iterdump())
        for moment in moments:
            lines = [line.replace(moment, "'then'") for line in lines]
        return [*numbers, *lines]


def missed(run: Run, record: Path, content: list[str]) -> bool | None:
    """Whether `verify` misses what is damaged; None where nothing that SQLite gives back is."""
    if run("verify").code != 0:
        return False
    try:
        return True if logical(record) != content else None
    except sqlite3.Error:
        return True


class Patient:
    """A record to be damaged and made whole again, looked at by medtrack in this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.record = folder / "me.db"
        os.environ.update(sealed(folder), MEDTRACK_DB=str(self.record), MEDTRACK_NOW=NOW)
        self.whole = whole_record(self.run, folder, self.record)
        self.expected = {line: self.run(line) for line in (*LISTINGS, *HOT)}
        self.content = logical(self.record)

    def run(self, line: str) -> Result:
        """Run one command line."""
        from medtrack.app import run

        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(shlex.split(line))
        return Result(code, out.getvalue(), err.getvalue())

    def cut(self, length: int) -> list[str]:
        """Cut the file at this length, which is less than it has; what is wrong."""
        os.truncate(self.record, length)
        lines = (LISTINGS[length % len(LISTINGS)],)
        flaws = list(wrong(self.run, self.record, self.expected, lines))
        return flaws + ["verify did not find it"] * (missed(self.run, self.record, self.content) is not False)

    def flip(self, place: int, bit: int) -> tuple[list[str], bool]:
        """Flip a bit and flip it back; what is wrong, and whether it changed anything."""
        with self.record.open("r+b", buffering=0) as file:
            os.pwrite(file.fileno(), bytes([self.whole[place] ^ bit]), place)
        flaws = list(wrong(self.run, self.record, self.expected, (*LISTINGS, *HOT)))
        told = missed(self.run, self.record, self.content)
        if told:
            flaws.append("verify did not find it")
        self.record.write_bytes(self.whole)
        return flaws, told is not None


def places(whole: bytes, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Bits to flip, without end: mostly where something is written."""
    used = [place for place, byte in enumerate(whole) if byte]
    while True:
        place = chance.choice(used) if chance.random() < 0.8 else chance.randrange(len(whole))
        yield place, 1 << chance.randrange(8)


def sweep(folder: Path, flips: int, step: int, seed: int, worker: int, workers: int) -> Counter[str]:
    """One worker's part of the truncations, at every so many bytes, and of so many flips."""
    patient, tally = Patient(folder), Counter[str]()

    def told(flaws: list[str], where: str) -> None:
        for flaw in flaws:
            print(f"{where}: {flaw}", flush=True)
            kinds = ("traceback", "wrong rows", "did not find")
            tally[next((kind for kind in kinds if kind in flaw), "other")] += 1

    for number, (place, bit) in enumerate(places(patient.whole, random.Random(seed))):
        if number >= flips:
            break
        if number % workers == worker:
            flaws, is_damage = patient.flip(place, bit)
            tally["flips"] += 1
            tally["damages"] += is_damage
            told(flaws, f"bit {bit} of byte {place}")
    for number, length in enumerate(range(len(patient.whole) - 1, -1, -step)):
        if number % workers == worker:
            tally["cuts"] += 1
            told(patient.cut(length), f"cut at {length}")
    return tally


def main() -> int:
    """Run the sweep and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--step", type=int, default=1, help="truncate at every so many bytes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    warm.preload()
    with tempfile.TemporaryDirectory(dir=warm.roomy()) as place:

        def part(worker: int) -> Counter[str]:
            folder = Path(place) / str(worker)
            return sweep(folder, wanted.flips, wanted.step, wanted.seed, worker, wanted.workers)

        tally = sum(warm.shared(wanted.workers, part), Counter[str]())
    bad = tally["traceback"] + tally["wrong rows"] + tally["did not find"] + tally["other"]
    print(
        f"{tally['cuts']:,} truncations, {tally['flips']:,} flipped bits ({tally['damages']:,} of them changed"
        f" something): {tally['traceback']} tracebacks, {tally['wrong rows']} with wrong rows,"
        f" {tally['did not find']} not found by verify, {tally['other']} other flaws."
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
