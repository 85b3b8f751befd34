"""Many processes at one record: `python -m tests.faults.crowd --writers 16 --takes 100 --readers 4`.

Every writer logs its doses one after the other, each a process of its own, while readers list the log over and
over. Afterwards every dose must be there once, `verify` must find the record sound, and no reader may have been refused or
have seen a dose vanish again. Prints the count of refused, lost and doubled doses; exit code 1 where there is
any.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.faults.harness import Home
from tests.faults.writing import TAKE, WRITERS, ready


def crowd(home: Home, writers: int, takes: int, readers: int) -> Counter[str]:
    """Let them all at the record of a home; what went wrong."""
    tally: Counter[str] = Counter()
    done = threading.Event()

    def write(writer: int) -> int:
        notes = [f"{writer} {number}" for number in range(takes)]
        ended = [home.run(*TAKE, note) for note in notes]
        for each in ended:
            if each.code != 0:
                print(each, flush=True)
        return sum(each.code != 0 for each in ended)

    def read() -> tuple[int, int]:
        refused, seen = 0, 0
        while not done.is_set():
            listed = home.run("log", "--json")
            refused += listed.code != 0
            count = len(json.loads(listed.out)["rows"]) if listed.code == 0 else seen
            refused += count < seen
            seen = count
            tally["readings"] += 1
        return refused, seen

    with ThreadPoolExecutor(writers + readers) as pool:
        reading = [pool.submit(read) for _ in range(readers)]
        tally["refused"] = sum(pool.map(write, range(writers)))
        done.set()
        tally["readers refused"] = sum(each.result()[0] for each in reading)
    with closing(sqlite3.connect(home.record)) as file:
        there = Counter(row[0] for row in file.execute("select note from doses"))
    wanted = [f"{writer} {number}" for writer in range(writers) for number in range(takes)]
    tally["lost"] = sum(there[note] == 0 for note in wanted)
    tally["doubled"] = sum(there[note] > 1 for note in wanted)
    tally["unsound"] = home.run("verify").code != 0
    return tally


def main() -> int:
    """Run them and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--takes", type=int, default=100)
    parser.add_argument("--readers", type=int, default=4)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home = ready(WRITERS["take"], Path(place) / "home")
        del home.environ["MEDTRACK_NOW"]  # from here on the time goes on
        tally = crowd(home, wanted.writers, wanted.takes, wanted.readers)
    bad = ("refused", "lost", "doubled", "readers refused", "unsound")
    print(
        f"{wanted.writers} writers of {wanted.takes} doses each, {wanted.readers} readers"
        f" ({tally['readings']} readings): {tally['refused']} refused, {tally['lost']} lost,"
        f" {tally['doubled']} doubled, {tally['readers refused']} readings refused or stale."
    )
    return 1 if any(tally[word] for word in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
