"""Hand medtrack command lines that nobody should have to type: `python -m tests.faults.argv --vectors 100000`.

Each is a real process (`tests.faults.warm`), one in four on a pseudo-terminal with somebody typing at it. A
flaw is: a traceback, the exit code of a bug or one that is documented nowhere, a control byte on the terminal
(all of what is not a line's end: with NO_COLOR not even medtrack has any to send), a command that does not
end, and a record that is not sound afterwards or not closed. Prints what is wrong with the words that did it;
exit code 1 where there is any. `--first N --vectors 1` with the same `--seed` repeats one.

Root would be let do anything, so the run leaves root first.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import sys
import tempfile
import termios
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.faults import warm
from tests.faults.harness import TRACEBACK, Done, Home
from tests.faults.hostile import table, vector
from tests.faults.writing import WRITERS, counts, ready
from tests.test_errors import kinds

CODES = {0, 1, 2, 4, 10, 11, 130, *(kind.exit_code for kind in kinds() if kind.exit_code >= 20)}
"""The exit codes the README names, but for 3, which is a bug."""
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What must not reach a terminal: control bytes, and what turns the direction of what follows."""
TYPED = (
    b"y\n\x04\x04",
    b"n\n\x04\x04",
    b"\x04\x04",
    b"\xff\x1b[A\n[red]\ny\n\x04\x04",
    b"\n" * 20 + b"\x04\x04",
)
FRESH_EVERY = 200
"""Vectors after which the home starts anew, so that a long run does not slow down."""


def on_terminal(home: Home, words: Sequence[str], typed: bytes, term: str) -> Done:
    """Run a command on a terminal of its own; what it sent there, byte for byte in Latin-1."""
    master, slave = pty.openpty()
    way = termios.tcgetattr(slave)
    way[1] &= ~termios.OPOST
    way[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, way)
    fcntl.fcntl(master, fcntl.F_SETFL, os.O_NONBLOCK)
    os.write(master, typed)
    child = warm.Child(home, words, [slave, slave, slave], {"TERM": term})
    child.begin()
    os.close(slave)
    sent = bytearray()
    while select.select([master], [], [], warm.PATIENCE)[0]:
        try:
            more = os.read(master, 1 << 16)
        except OSError:  # nobody has the other end any more
            break
        if not more:
            break
        sent += more
    code = child.end(patience=1)
    os.close(master)
    return Done(code, sent.decode("latin-1"), "")


class Trial:
    """A home, and what comes of handing it command lines."""

    def __init__(self, folder: Path) -> None:
        self.home = ready(WRITERS["take"], folder / "home")
        self.home.environ |= {"COLUMNS": "80"}
        self._kept = folder / "kept"
        shutil.copytree(self.home.folder, self._kept)
        self._last = self.home.record.read_bytes()

    def put_back(self) -> None:
        """Make the home what it was at first."""
        warm.put_back(self.home.folder, self._kept)
        self._last = self.home.record.read_bytes()

    def flaws(self, words: Sequence[str], chance: Random) -> Iterator[str]:
        """Run one command line; what is wrong."""
        is_terminal = chance.random() < 0.25
        if is_terminal:
            done = on_terminal(
                self.home, words, chance.choice(TYPED), chance.choice(("dumb", "xterm-256color", ""))
            )
            try:
                sent = done.out.encode("latin-1").decode()
            except UnicodeDecodeError:
                yield f"bytes that are no text on a terminal: {done.out!r}"
                sent = done.out
        else:
            done = warm.run(self.home, words)
            sent = done.out.replace("\r\n", "\n") + done.err
        if done.code not in CODES:
            yield f"exit {done.code}: {(done.err or done.out)[-400:]!r}"
        if TRACEBACK in sent:
            yield f"traceback: {sent[-400:]!r}"
        if raw := RAW.search(sent):
            where = "on a terminal" if is_terminal else "into a pipe"
            yield f"raw {raw[0]!r} {where}: {sent[max(0, raw.start() - 100) : raw.end() + 40]!r}"
        yield from self._record()

    def _record(self) -> Iterator[str]:
        """Whether the record, where it was touched, is sound and closed."""
        record = self.home.record
        beside = [
            path.name
            for path in record.parent.glob("*")
            if re.search(r"-journal|-wal|-shm|\.new-", path.name)
        ]
        if beside:
            yield f"left beside the record: {beside}"
        content = record.read_bytes() if record.exists() else b""
        if content != self._last:
            self._last = content
            if isinstance(said := counts(record), str):
                yield said
            elif (verified := warm.run(self.home, ("verify",))).code != 0:
                yield f"verify: {verified.code} {verified.out}{verified.err}"


def sweep(folder: Path, numbers: Sequence[int], seed: int) -> Counter[str]:
    """Hand over the command lines of these numbers; how many there were, and how many did wrong."""
    commands = table()
    trial = Trial(folder)
    tally: Counter[str] = Counter()
    for turn, number in enumerate(numbers):
        chance = Random(f"{seed} {number}")
        words = vector(chance, commands)
        flaws = list(trial.flaws(words, chance))
        tally["vectors"] += 1
        tally["flawed"] += bool(flaws)
        for flaw in flaws:
            tally[flaw.partition(" ")[0].rstrip(":")] += 1
            print(f"{number}: {[word[:300] for word in words]}\n    {flaw}", flush=True)
        if flaws or turn % FRESH_EVERY == FRESH_EVERY - 1:
            trial.put_back()
    return tally


def leave_root() -> None:
    """Start this run again as a user who may read everything and write next to nothing; return if one is."""
    if os.getuid() != 0:
        return
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SystemExit("Not as root: a hostile command line may name any file of this machine.")
    only = "-all,+dac_read_search"  # this tree and its interpreter may lie in root's home
    ids = ("--reuid=65534", "--regid=65534", "--clear-groups")
    caps = (f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}")
    os.execv(setpriv, [setpriv, *ids, *caps, sys.executable, "-m", "tests.faults.argv", *sys.argv[1:]])


def main() -> int:
    """Run the sweep and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    leave_root()
    warm.preload()
    with tempfile.TemporaryDirectory(dir=warm.roomy()) as place:

        def part(worker: int) -> Counter[str]:
            numbers = range(wanted.first + worker, wanted.first + wanted.vectors, wanted.workers)
            return sweep(Path(place) / str(worker) / "a" / "b", numbers, wanted.seed)

        tally = sum(warm.shared(wanted.workers, part), Counter[str]())
    print(
        f"{tally['vectors']:,} command lines, one in four on a terminal: {tally['flawed']} flawed"
        f" ({tally['traceback'] + tally['exit']} tracebacks or undocumented exit codes,"
        f" {tally['raw'] + tally['bytes']} with raw control bytes)."
    )
    return 1 if tally["flawed"] else 0


if __name__ == "__main__":
    sys.exit(main())
