"""Kill `take` at every system call, over and over: `python -m tests.faults.kill --rounds 1000`.

Each round ends one `medtrack take` with SIGKILL: every other round at one of its system calls that touch
the record, its folder or what is remembered of it (in turn, so all of them in a few hundred rounds), the
others after a random few milliseconds. After each the file must be sound, an acknowledged dose must be in it
once, an unacknowledged one once or not at all, and the next `take` must work. Prints the count of rounds, of
kills that hit, of acknowledged doses lost and of doses doubled; exit code 1 where there is any. `--seed`
repeats a run; `--first-add` kills the very first `add`, which makes the record, at every call instead.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.harness import STRACE, TRACEBACK, Call, Done, Home, doses_noted, soundness, strays

ADD = ("add", "ibuprofen", "--as-needed", "--amount", "1 tablet", "--yes")
TAKE = ("take", "ibuprofen", "--again", "--note")
KILL = "signal=KILL"
FRESH_EVERY = 200
"""Rounds after which the record starts anew, so that a long run does not slow down."""


class Verdict(NamedTuple):
    """What one kill did."""

    hit: bool
    acknowledged: bool
    flaws: list[str]
    """'lost', 'doubled', or a sentence; none where all is well."""


def judge(home: Home, note: str, done: Done) -> Verdict:
    """Look at the record after a `take` of a dose with this note was cut short."""
    acknowledged = done.code == 0 or "Recorded:" in done.out
    flaws = []
    # The next command comes first: it must not need anyone to mend the record before it.
    following = home.run(*TAKE, f"{note} next")
    if following.code != 0:
        flaws.append(f"the next take failed: {following.code} {following.err.strip()}")
    sound = soundness(home.record)
    if sound != "ok":
        flaws.append(f"damaged: {sound}")
    found = doses_noted(home.record, note)
    if found == 0 and acknowledged:
        flaws.append("lost")
    if found > 1 or doses_noted(home.record, f"{note} next") > 1:
        flaws.append("doubled")
    if TRACEBACK in done.err + following.err:
        flaws.append("traceback")
    return Verdict(done.code != 0, acknowledged, flaws)


def kill_at(home: Home, call: Call, note: str) -> Verdict:
    """Kill a `take` at one of its system calls, and look."""
    return judge(home, note, home.inject(call, KILL, *TAKE, note))


def kill_after(home: Home, seconds: float, note: str) -> Verdict:
    """Kill a `take` a moment after it started, and look."""
    return judge(home, note, home.signalled(signal.SIGKILL, seconds, *TAKE, note))


def kill_first_add(folder: Path, calls: Sequence[Call]) -> Iterator[tuple[Call, list[str]]]:
    """Kill the very first `add` at each of these calls, each in an untouched home; what went wrong."""
    for number, call in enumerate(calls):
        home = Home(folder / f"first-{number}")
        done = home.inject(call, KILL, *ADD)
        flaws = []
        if home.record.exists():
            sound = soundness(home.record)
            if sound != "ok":
                flaws.append(f"damaged: {sound}")
            listed = home.run("meds")
            if listed.code != 0 or TRACEBACK in listed.err:
                flaws.append(f"a record that cannot be read: {listed.code} {listed.err.strip()}")
        elif done.code == 0:
            flaws.append("lost")
        if "ibuprofen" not in home.run("meds").out:
            following = home.run(*ADD)
            if following.code != 0:
                flaws.append(f"the next add failed: {following.code} {following.err.strip()}")
        listed = home.run("meds", "--csv")
        if listed.out.count("ibuprofen") != 1:
            flaws.append("lost or doubled")
        left = [name for name in strays(home) if ".new-" not in name and "state" not in name]
        if left:
            flaws.append(f"left behind: {left}")
        yield call, flaws
        shutil.rmtree(home.folder)


def main() -> int:
    """Run the sweep and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-add", action="store_true")
    wanted = parser.parse_args()
    if STRACE is None:
        print("strace is not installed; nothing was tested.")
        return 2
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if wanted.first_add:
            return _first_add(folder)
        return _takes(folder, wanted.rounds, random.Random(wanted.seed))


def _first_add(folder: Path) -> int:
    calls = Home(folder / "measured").calls(*ADD)
    bad = 0
    for call, flaws in kill_first_add(folder, calls):
        bad += bool(flaws)
        for flaw in flaws:
            print(f"{call.name} #{call.number}: {flaw}")
    print(f"{len(calls)} kills of the first add, {bad} with a flaw.")
    return 1 if bad else 0


def _takes(folder: Path, rounds: int, chance: random.Random) -> int:
    seed = Home(folder / "seed")
    seed.run(*ADD)
    seed.run(*TAKE, "warm")
    started = time.monotonic()
    seed.run(*TAKE, "warm")
    length = time.monotonic() - started
    counted: dict[str, int] = {"hit": 0, "acknowledged": 0, "lost": 0, "doubled": 0, "other": 0}
    home, calls = seed, []
    for number in range(rounds):
        if number % FRESH_EVERY == 0:
            home = seed.copy(folder / f"home-{number}")
            calls = home.calls(*TAKE, "measured")
        note = f"round {number}"
        if number % 2:
            call = calls[(number // 2) % len(calls)]
            where, verdict = f"{call.name} #{call.number}", kill_at(home, call, note)
        else:
            moment = chance.uniform(0, 1.2 * length)
            where, verdict = f"{1000 * moment:.1f} ms", kill_after(home, moment, note)
        counted["hit"] += verdict.hit
        counted["acknowledged"] += verdict.acknowledged
        for flaw in verdict.flaws:
            counted[flaw if flaw in counted else "other"] += 1
            print(f"round {number}, {where}: {flaw}")
    print(
        f"{rounds} rounds over {len(calls)} system calls: {counted['hit']} killed, {counted['acknowledged']}"
        f" acknowledged, {counted['lost']} lost, {counted['doubled']} doubled,"
        f" {counted['other']} other flaws."
    )
    return 1 if counted["lost"] + counted["doubled"] + counted["other"] else 0


if __name__ == "__main__":
    sys.exit(main())
