"""Kill every command that writes at every system call: `python -m tests.faults.kill --rounds 10000`.

Each round ends one command of `tests.faults.writing` with SIGKILL: at one of its system calls that touch its
home, all of them in turn, and in the rounds that are left after a random moment. Afterwards every file of
the home must hold what it held before or what it holds after the whole command, and all of that where
the command had answered; SQLite and `verify` must find the record sound; what left nothing must work when it is
run again, and after the others the next `take` must. Prints the count of rounds, of kills that hit,
of acknowledged actions lost and of actions doubled; exit code 1 where there is any. `--seed` repeats a
run; `--only NAME` kills one command alone.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from medtrack.store.device import END_LOST
from tests.faults import warm
from tests.faults.harness import STRACE, TRACEBACK, Call, Done, Home, spread
from tests.faults.writing import FINE, NEXT, WRITERS, Held, Writer, held, ready

Run = Callable[[Home, Sequence[str]], Done]
RECORD = "data/medtrack/records/me.db"
BIRTH = Counter(action=1, setting=1, zone_change=1)
"""What a record holds that was just made: whose it is, and the first zone."""


class Verdict(NamedTuple):
    """What one kill did."""

    hit: bool
    acknowledged: bool
    flaws: list[str]
    """'lost', 'doubled', or a sentence; none where all is well."""


class Target:
    """A command in its home, to be killed and put back over and over."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        self.writer = writer
        self.home: Home = ready(writer, folder / "home")
        self._kept, self._looked_at = folder / "kept", folder / "looked at"
        shutil.copytree(self.home.folder, self._kept)
        self.before = held(self.home.folder)
        began = time.monotonic()
        warm.run(self.home, writer.words)
        self.seconds = time.monotonic() - began
        self.after = held(self.home.folder)
        self.put_back()
        self.calls: list[Call] = warm.calls(self.home, writer.words)

    def put_back(self) -> None:
        """Make the home what it was before the command."""
        warm.put_back(self.home.folder, self._kept)

    def kill_at(self, call: Call) -> Verdict:
        """Kill the command at one of its system calls, and look."""
        self.put_back()
        return self.judge(warm.killed_at(self.home, self.writer.words, call))

    def kill_after(self, seconds: float) -> Verdict:
        """Kill the command a moment after it began, and look."""
        self.put_back()
        return self.judge(warm.killed_after(self.home, self.writer.words, seconds))

    def judge(self, done: Done) -> Verdict:
        """Look at the home after the command was cut short in it."""
        acknowledged = done.code in FINE or bool(done.out)
        flaws = self.flaws(acknowledged)
        if TRACEBACK in done.err:
            flaws.append("traceback")
        return Verdict(done.code < 0, acknowledged, flaws)

    def flaws(self, acknowledged: bool, run: Run = warm.run) -> list[str]:
        """What is wrong with the home as it is now, if the command was cut short, acknowledged or not."""
        # SQLite would mend what it looks at, and the next command must not need that: so a copy is looked at.
        warm.put_back(self._looked_at, self.home.folder)
        now = held(self._looked_at)
        if not self.writer.seeded and now.get(RECORD) == BIRTH:
            now = self.before  # the record was made, and nothing was added to it
        flaws = list(self._against(now, acknowledged))
        words = NEXT if now.get(RECORD) != self.before.get(RECORD) or now == self.after else self.writer.words
        following = run(self.home, words)
        if following.code not in FINE:
            flaws.append(f"the next command failed: {following.code} {following.err.strip()}")
        flaws += self._afterwards(held(self.home.folder), words is NEXT)
        verified = run(self.home, ("verify", "--json"))
        if verified.code != 0:
            is_end_lost = verified.out and json.loads(verified.out)["rows"] == [{"finding": END_LOST}]
            flaws.append("lost" if is_end_lost else f"verify: {verified.code} {verified.out}{verified.err}")
        if TRACEBACK in following.err + verified.err:
            flaws.append("traceback")
        return flaws

    def _against(self, now: Held, acknowledged: bool) -> Iterator[str]:
        for name in sorted({*self.before, *self.after, *now}):
            there = now.get(name)
            if there in (self.before.get(name), self.after.get(name)):
                continue
            more = isinstance(there, Counter) and name in self.after and there > self.after[name]  # type: ignore[operator]
            yield "doubled" if more else f"{name}: {there}"
        if acknowledged and now != self.after:
            yield "lost"
        if now.get(RECORD) != self.before.get(RECORD) and now != self.after:
            yield f"the record is new, and beside it is not all: {now}"

    def _afterwards(self, now: Held, is_next: bool) -> Iterator[str]:
        wanted = dict(self.after)
        if is_next:
            record = wanted[RECORD]
            assert isinstance(record, Counter)
            wanted[RECORD] = record + Counter(dose=1, action=1)
        # A restore that was cut short may have kept the record aside once already.
        if not wanted.items() <= now.items():
            yield f"after the next command it holds {now}, not {wanted}"


class Tally(Counter[str]):
    """What many kills did, by word."""

    def add(self, verdict: Verdict, where: str) -> None:
        """Count one kill, and tell what went wrong."""
        self["rounds"] += 1
        self["killed"] += verdict.hit
        self["acknowledged"] += verdict.acknowledged
        for flaw in verdict.flaws:
            self[flaw if flaw in ("lost", "doubled") else "other"] += 1
            print(f"{where}: {flaw}", flush=True)


def sweep(
    names: Sequence[str], folder: Path, rounds: int, seed: int, worker: int = 0, workers: int = 1
) -> Tally:
    """One worker's part of so many kills, spread over these commands and all of their calls."""
    targets = {name: Target(WRITERS[name], folder / name) for name in names}
    every = sum(len(target.calls) for target in targets.values())
    moments = max(rounds - every, rounds // 4)
    share = every if rounds - moments == every else max((rounds - moments) // len(names), 2)
    chosen = [(name, call) for name, target in targets.items() for call in spread(target.calls, share)]
    tally = Tally()
    for number, (name, call) in enumerate(chosen):
        if number % workers == worker:
            tally.add(targets[name].kill_at(call), f"{name}, {call.name} #{call.number}")
    chance = random.Random(f"{seed} {worker}")
    for number in range(worker, moments, workers):
        name = names[number % len(names)]
        seconds = chance.uniform(0, 1.2 * targets[name].seconds)
        tally.add(targets[name].kill_after(seconds), f"{name}, {1000 * seconds:.1f} ms")
    tally["calls"] = len(chosen) if worker == 0 else 0
    return tally


def main() -> int:
    """Run the sweep and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=WRITERS)
    wanted = parser.parse_args()
    if STRACE is None:
        print("strace is not installed; nothing was tested.")
        return 2
    warm.preload()
    names = [wanted.only] if wanted.only else list(WRITERS)
    with tempfile.TemporaryDirectory(dir=warm.roomy()) as place:

        def part(worker: int) -> Tally:
            folder = Path(place) / str(worker)
            return sweep(names, folder, wanted.rounds, wanted.seed, worker, wanted.workers)

        tally = sum(warm.shared(wanted.workers, part), Counter[str]())
    print(
        f"{tally['rounds']:,} rounds over {len(names)} commands, at {tally['calls']:,} system calls and random moments:"
        f" {tally['killed']:,} killed, {tally['acknowledged']:,} acknowledged, {tally['lost']} lost,"
        f" {tally['doubled']} doubled, {tally['other']} other flaws."
    )
    return 1 if tally["lost"] + tally["doubled"] + tally["other"] else 0


if __name__ == "__main__":
    sys.exit(main())
