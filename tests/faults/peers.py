"""Other programs that keep a list in a file, put through the same: `python -m tests.faults.peers`.

They are `sqlite-utils insert` and, where it is installed, `task add` (taskwarrior). Each is killed at random
moments, and then many of it write at once. Prints, for each, what was acknowledged and is not there, what is
there twice, and what was refused; the power cuts have them with `power --peers`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.faults.harness import STRACE, Done, Home

PEERS = ("sqlite-utils insert", "task add")


def installed() -> list[str]:
    """Those that are there."""
    return [name for name in PEERS if name != "task add" or shutil.which("task")]


class Peer:
    """A command of another program: it writes 'two' where 'one' is, and lists what there is."""

    def __init__(self, name: str, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.adding, self.listed = (_sqlite_utils if name == PEERS[0] else _taskwarrior)(self.home)
        _well(self.home.start(self.adding("one")))

    def traced(self, trace: Path, options: Sequence[str]) -> None:
        """Run it where all is as before it, and have strace log it."""
        _well(self.home.start([STRACE or "", "-f", "-o", str(trace), *options, *self.adding("two")]))

    def flaws(self, acknowledged: bool) -> list[str]:
        """What is wrong with the home as it is now."""
        found = self.listed()
        if found is None:
            return ["damaged"]
        lost = found["one"] < 1 or (acknowledged and found["two"] < 1)
        doubled = found["one"] > 1 or found["two"] > 1
        return ["lost"] * lost + ["doubled"] * doubled + ["damaged"] * bool(found - Counter(one=9, two=9))


Adding = Callable[[str], list[str]]
Listing = Callable[[], Counter[str] | None]


def _sqlite_utils(home: Home) -> tuple[Adding, Listing]:
    program = str(Path(sys.executable).with_name("sqlite-utils"))

    def add(name: str) -> list[str]:
        (home.folder / f"{name}.json").write_text(json.dumps({"name": name}))
        return [program, "insert", "doses.db", "doses", f"{name}.json"]

    def listed() -> Counter[str] | None:
        try:
            with closing(sqlite3.connect(home.folder / "doses.db")) as file:
                sound = file.execute("pragma integrity_check").fetchone()[0] == "ok"
                names = Counter[str](row[0] for row in file.execute("select name from doses"))
                return names if sound else None
        except sqlite3.Error:
            return None

    add("two")
    return add, listed


def _taskwarrior(home: Home) -> tuple[Adding, Listing]:
    program = shutil.which("task") or "task"
    (home.folder / "taskrc").write_text("confirmation=no\n")
    home.environ |= {"TASKDATA": str(home.folder / "task"), "TASKRC": str(home.folder / "taskrc")}

    def listed() -> Counter[str] | None:
        done = home.start([program, "rc.gc=off", "export"])
        try:
            return Counter(task["description"] for task in json.loads(done.out)) if done.code == 0 else None
        except ValueError:
            return None

    return lambda name: [program, "add", name], listed


def _well(done: Done) -> None:
    if done.code != 0:
        raise AssertionError(done)


def kill(peer: Peer, rounds: int, chance: random.Random) -> Counter[str]:
    """Have it add so many times, each killed at a random moment; what went wrong."""
    began = time.monotonic()
    _well(peer.home.start(peer.adding("timed")))
    seconds = time.monotonic() - began
    tally: Counter[str] = Counter(rounds=rounds)
    acknowledged: Counter[str] = Counter()
    for number in range(rounds):
        name = f"k{number}"
        with subprocess.Popen(
            peer.adding(name),
            env=peer.home.environ,
            cwd=peer.home.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            time.sleep(chance.uniform(0, 1.2 * seconds))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        tally["killed"] += process.returncode < 0
        acknowledged[name] = process.returncode == 0
    return tally + _compared(peer, acknowledged)


def crowd(peer: Peer, writers: int, adds: int) -> Counter[str]:
    """Have so many at once add one after the other; what went wrong."""

    def write(writer: int) -> Counter[str]:
        names = [f"w{writer}n{number}" for number in range(adds)]
        return Counter({name: peer.home.start(peer.adding(name)).code == 0 for name in names})

    with ThreadPoolExecutor(writers) as pool:
        acknowledged = sum(pool.map(write, range(writers)), Counter[str]())
    refused = writers * adds - acknowledged.total()
    return Counter(rounds=writers * adds, refused=refused) + _compared(peer, acknowledged)


def _compared(peer: Peer, acknowledged: Counter[str]) -> Counter[str]:
    there = peer.listed()
    if there is None:
        return Counter(damaged=1)
    lost = sum(there[name] < 1 for name, is_told in acknowledged.items() if is_told)
    return Counter(lost=lost, doubled=sum(number > 1 for number in there.values()))


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=400)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--adds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    columns = ("rounds", "killed", "refused", "lost", "doubled", "damaged")
    print(f"{'':<36}" + "".join(f"{word:>9}" for word in columns))
    for name in installed():
        with tempfile.TemporaryDirectory() as place:
            runs = {
                "killed": kill(Peer(name, Path(place) / "killed"), wanted.kills, random.Random(wanted.seed)),
                f"{wanted.writers} at once": crowd(
                    Peer(name, Path(place) / "crowd"), wanted.writers, wanted.adds
                ),
            }
        for what, tally in runs.items():
            print(f"{f'{name}, {what}':<36}" + "".join(f"{tally[word]:>9,}" for word in columns))


if __name__ == "__main__":
    main()
