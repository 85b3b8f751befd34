"""Hand medtrack command lines that nobody should have to type: `python -m tests.faults.argv --vectors 100000`.

Forked children (`tests.faults.warm`) take a hundred each, one in four on a pseudo-terminal with somebody typing at
it. A flaw is: a traceback, the exit code of a bug or one that is documented nowhere, a control byte on the terminal
(all of what is not a line's end: with NO_COLOR not even medtrack has any to send), a command that does not
end, and a record that is not sound afterwards or not closed. Prints what is wrong with the words that did it;
exit code 1 where there is any. `--first N --vectors 1` with the same `--seed` repeats one.

Root would be let do anything, so the run leaves root first.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pickle
import pty
import re
import resource
import select
import shutil
import signal
import sys
import tempfile
import termios
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NoReturn

from tests.faults import warm
from tests.faults.harness import TRACEBACK, Done, Home
from tests.faults.hostile import Table, table, vector
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
ROOM = 1 << 30
"""Bytes of memory a command may have: one that reads a device without an end would take all there is."""
SERVERS = [f"MEDTRACK_{name}_URL" for name in ("RXNAV", "OPENFDA", "MEDLINEPLUS")]
TOGETHER = 100
"""Command lines that one child is handed, and that one home sees, one after the other."""


def on_terminal(words: Sequence[str], typed: bytes, term: str) -> Done:
    """Run a command line in this process, on a terminal of its own with somebody typing at it.

    What was sent to the terminal is given byte for byte, in Latin-1.
    """
    from medtrack.app import run

    master, slave = pty.openpty()
    way = termios.tcgetattr(slave)
    way[1] &= ~termios.OPOST
    way[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, way)
    os.write(master, typed)
    sent = bytearray()

    def read() -> None:
        # An error says that nobody has the other end any more.
        with contextlib.suppress(OSError):
            while True:
                if not select.select([master], [], [], 1)[0]:
                    # A question for a secret throws away what was typed before it: whoever waits now is left.
                    os.write(master, END_OF_INPUT)
                elif more := os.read(master, 1 << 16):
                    sent.extend(more)
                else:
                    break

    reader = threading.Thread(target=read)
    reader.start()
    os.environ["TERM"] = term
    sys.stdin = open(os.dup(slave), encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stdout = open(os.dup(slave), "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(os.dup(slave), "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    try:
        code = run(words)
    finally:
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        os.close(slave)
        reader.join()
        os.close(master)
    return Done(code, sent.decode("latin-1"), "")


def flaws(home: Home, words: Sequence[str], chance: Random) -> Iterator[str]:
    """Run a command line; what is wrong with its end and with what it said."""
    is_terminal = chance.random() < 0.25
    if is_terminal:
        done = on_terminal(words, chance.choice(TYPED), chance.choice(("dumb", "xterm-256color", "")))
        try:
            sent = done.out.encode("latin-1").decode()
        except UnicodeDecodeError:
            yield f"bytes that are no text on a terminal: {done.out!r}"
            sent = done.out
    else:
        done = warm.here(home, words)
        sent = done.out.replace("\r\n", "\n") + done.err
    if done.code not in CODES:
        yield f"exit {done.code}: {(done.err or done.out)[-400:]!r}"
    if TRACEBACK in sent:
        yield f"traceback: {sent[-400:]!r}"
    if raw := RAW.search(sent):
        where = "on a terminal" if is_terminal else "into a pipe"
        yield f"raw {raw[0]!r} {where}: {sent[max(0, raw.start() - 100) : raw.end() + 40]!r}"


class Keeper:
    """Looks whether the record of a home, where it was touched, is sound and closed."""

    def __init__(self, home: Home) -> None:
        self._home, self._record = home, home.record
        self._last = self._seen()

    def _seen(self) -> tuple[int, int]:
        try:
            found = os.stat(self._record)
        except OSError:
            return 0, 0
        return found.st_size, found.st_mtime_ns

    def flaws(self) -> Iterator[str]:
        """What is wrong with the record."""
        beside = [
            path.name
            for path in self._record.parent.glob("*")
            if re.search(r"-journal|-wal|-shm|\.new-", path.name)
        ]
        if beside:
            yield f"left beside the record: {beside}"
        if self._seen() == self._last:
            return
        self._last = self._seen()
        if isinstance(said := counts(self._record), str):
            yield said
        elif (verified := warm.here(self._home, ["verify"])).code != 0:
            yield f"verify: {verified.code} {verified.out}{verified.err}"


END_OF_INPUT = b"\4"
Found = tuple[int, list[str]]
"""The number of a command line, and what was wrong."""


def batch(home: Home, numbers: Sequence[int], seed: int, commands: Table) -> Iterator[Found]:
    """Hand over some command lines one after the other in one forked child; a hang or a death ends it early."""
    reading, writing = os.pipe()
    streams = [os.open(os.devnull, os.O_RDWR), writing, writing]

    def work() -> NoReturn:
        answers = os.fdopen(os.dup(1), "wb")
        keeper = Keeper(home)
        for number in numbers:
            signal.alarm(int(warm.PATIENCE))
            chance = Random(f"{seed} {number}")
            words = vector(chance, commands)
            try:
                found = [*flaws(home, words, chance), *keeper.flaws()]
            except BaseException:
                found = [f"traceback: {traceback.format_exc()[-600:]}"]
            pickle.dump((number, found), answers)
            answers.flush()
        os._exit(0)

    child = warm.Child(home, (), streams, within=work)
    for stream in {*streams}:
        os.close(stream)
    child.begin()
    left = list(numbers)
    with open(reading, "rb") as answers:
        while True:
            try:
                number, found = pickle.load(answers)
            except (EOFError, pickle.UnpicklingError):
                break
            left.remove(number)
            yield number, found
    code = child.end()
    if code != 0:
        yield left[0], [f"exit of the process, {code}: it hung, or died"]


def sweep(folder: Path, numbers: Sequence[int], seed: int) -> Counter[str]:
    """Hand over the command lines of these numbers; how many there were, and how many did wrong."""
    commands = table()
    home = ready(WRITERS["take"], folder / "home")
    # Where `check --online` asks nobody listens, as on a machine without a network.
    home.environ |= {"COLUMNS": "80"} | dict.fromkeys(SERVERS, "http://127.0.0.1:9")
    shutil.copytree(home.folder, folder / "kept")
    tally: Counter[str] = Counter()
    left = list(numbers)
    while left:
        for number, found in batch(home, left[:TOGETHER], seed, commands):
            left.remove(number)
            tally["vectors"] += 1
            tally["flawed"] += bool(found)
            words = vector(Random(f"{seed} {number}"), commands) if found else []
            for flaw in found:
                tally[flaw.partition(" ")[0].rstrip(":")] += 1
                print(f"{number}: {[word[:300] for word in words]}\n    {flaw}", flush=True)
        warm.put_back(home.folder, folder / "kept")
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
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
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
