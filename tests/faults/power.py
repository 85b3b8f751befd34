"""Cut the power at any moment of every command that writes: `python -m tests.faults.power --states 10000`.

strace logs everything a command does to its home. From the log, after every call of it, the states are
made that a disk may be left in (`tests.faults.disk` says which, and its limits), and each is looked at as after a
kill (`tests.faults.kill`): what was acknowledged is there once, nothing is there by half, SQLite and `verify` find it sound,
and the next command works. States are counted once each, whatever way they come about. `sqlite-utils
insert` and `task add` (taskwarrior, where it is installed) go through the same. `--synchronous` runs medtrack
with less care than it takes, to show that the losses are found. Prints a table; exit code 1 where medtrack lost or doubled
anything, or left anything damaged.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from tests.faults import warm
from tests.faults.disk import TRACED, Disk, Event, Log, Tree, lay_out, tree_of
from tests.faults.harness import STRACE, Home
from tests.faults.kill import Target
from tests.faults.peers import PEERS, Peer, installed
from tests.faults.writing import FINE, WRITERS

MEDTRACK = "medtrack"
COLUMNS = ("states", "told", "lost", "doubled", "damaged")
"""Of the states, those after the answer are 'told': only there can anything acknowledged be lost."""
DRY = 30
"""Turns without a new state after which all of them are taken to be found."""
_OPTIONS = ("-xx", "-s", str(1 << 22), "-e", TRACED, "-e", "signal=none")


class Subject(Protocol):
    """A command under test, in a home of its own."""

    home: Home

    def traced(self, trace: Path, options: Sequence[str]) -> None:
        """Run it where all is as before it, and have strace log it."""

    def flaws(self, acknowledged: bool) -> list[str]:
        """What is wrong with the home as it is now."""


class Ours:
    """A command of medtrack."""

    def __init__(self, name: str, folder: Path, synchronous: str | None) -> None:
        self._target = Target(WRITERS[name], folder)
        self._within = functools.partial(warm.weaken, synchronous) if synchronous else None
        self.home = self._target.home
        self._target.put_back()

    def traced(self, trace: Path, options: Sequence[str]) -> None:
        """Run it where all is as before it, and have strace log it."""
        words = self._target.writer.words
        done = warm.traced(self.home, words, "-o", str(trace), *options, within=self._within)
        if done.code not in FINE:
            raise AssertionError(done)

    def flaws(self, acknowledged: bool) -> list[str]:
        """What is wrong with the home as it is now."""
        return self._target.flaws(acknowledged, warm.here)


class State(NamedTuple):
    """What a disk may be left with, and what the person knew."""

    tree: Tree
    told: bool
    after: int
    """How many events there had been."""


def logged(subject: Subject, trace: Path) -> tuple[Tree, Sequence[Event]]:
    """Run a command under strace; what was there before it, and what it did.

    Raises AssertionError where the log does not lead from what was there to what is.
    """
    before = tree_of(subject.home.folder)
    subject.traced(trace, _OPTIONS)
    events = Log(trace, subject.home.folder, before, by_output=isinstance(subject, Ours)).events
    disk = Disk(before)
    for event in events:
        disk.add(event)
    if disk.whole() != tree_of(subject.home.folder):
        raise AssertionError("the log does not hold everything that was done")
    return before, events


def states(before: Tree, events: Sequence[Event], chance: Random) -> Iterator[State]:
    """The states a power cut may leave, each once, without end or until no more are found.

    First, of the log's end and then of its beginnings in any order, what is left if nothing and if everything
    on its way arrived; then by chance.
    """
    moments = [Disk(before)]
    for event in events:
        moments.append(moments[-1].copy())
        moments[-1].add(event)
    order = list(enumerate(moments))
    order = [order.pop(), *chance.sample(order, len(order))]
    seen: set[bytes] = set()
    dry = 0
    for turn in count():
        known = len(seen)
        for number, disk in order:
            for tree in disk.extremes() if turn == 0 else [disk.loss(chance) for _ in range(3)]:
                mark = hashlib.sha256(pickle.dumps((tree, disk.told))).digest()
                if mark not in seen:
                    seen.add(mark)
                    yield State(tree, disk.told, number)
        dry = dry + 1 if len(seen) == known else 0
        if dry == DRY:
            return


class Tally(Counter[str]):
    """What the power cuts did, by word."""

    def add(self, flaws: Sequence[str], told: bool) -> None:
        """Count one state."""
        self["states"] += 1
        self["told"] += told
        for word in ("lost", "doubled"):
            self[word] += word in flaws
        self["damaged"] += any(flaw not in ("lost", "doubled") for flaw in flaws)


def cut(subject: Subject, folder: Path, wanted: int, seed: str, shown: int = 5) -> Tally:
    """Cut the power of one command in so many ways, or in all there are, and look at each."""
    before, events = logged(subject, folder / "trace")
    tally = Tally()
    for state in islice(states(before, events, Random(seed)), wanted):
        lay_out(state.tree, subject.home.folder)
        flaws = subject.flaws(state.told)
        tally.add(flaws, state.told)
        if flaws and shown:
            shown -= 1
            print(f"{seed}, after {state.after} of {len(events)} calls: {'; '.join(flaws)}", flush=True)
    return tally


def sweep(
    names: Sequence[str], folder: Path, wanted: int, seed: int, synchronous: str | None = None
) -> dict[str, Tally]:
    """Cut the power of these commands so often in all; what it did to each."""
    left, found = wanted, {}
    for number, name in enumerate(names):
        place = folder / str(number)
        place.mkdir(parents=True)
        subject = Peer(name, place) if name in PEERS else Ours(name, place, synchronous)
        found[name] = cut(subject, place, -(-left // (len(names) - number)), f"{seed}: {name}")
        left -= found[name]["states"]
    return found


def main() -> int:
    """Run the sweep and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--states", type=int, default=1000, help="of medtrack's commands together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=WRITERS)
    parser.add_argument("--synchronous", choices=("off", "normal", "full", "extra"))
    parser.add_argument("--peers", action="store_true", help="the other programs too")
    wanted = parser.parse_args()
    if STRACE is None:
        print("strace is not installed; nothing was tested.")
        return 2
    warm.preload()
    names = [wanted.only] if wanted.only else list(WRITERS)
    with tempfile.TemporaryDirectory(dir=warm.roomy()) as place:

        def part(worker: int) -> dict[str, Tally]:
            mine = names[worker :: wanted.workers]
            share = wanted.states * len(mine) // len(names)
            return sweep(mine, Path(place) / str(worker), share, wanted.seed, wanted.synchronous)

        found = {name: tally for each in warm.shared(wanted.workers, part) for name, tally in each.items()}
        ours = sum(found.values(), Counter[str]())
        rows = {f"{MEDTRACK}, {len(found)} commands": ours}
        if wanted.peers:
            there = installed()
            rows |= sweep(there, Path(place) / "peers", wanted.states // len(names) * len(there), wanted.seed)
    print(f"{'':<24}" + "".join(f"{word:>9}" for word in COLUMNS))
    for name, tally in rows.items():
        print(f"{name:<24}" + "".join(f"{tally[word]:>9,}" for word in COLUMNS))
    return 1 if ours["lost"] + ours["doubled"] + ours["damaged"] else 0


if __name__ == "__main__":
    sys.exit(main())
