"""What a person writes down stays in the record: no network, no child process, no file elsewhere."""

from __future__ import annotations

import re
import socket
import sys

import pytest

from tests.faults.harness import STRACE, TRACEBACK, Home
from tests.faults.hostile import LINES

CANARY = "zebrafish"
SCRIPT = f"""
import sys
from pathlib import Path
from tests.faults import warm
from tests.faults.hostile import LINES
from tests.faults.writing import WRITERS, ready
warm.preload()
home = ready(WRITERS["redo"], Path(sys.argv[1]))
for line in ("note|{CANARY}", "take|ibuprofen|--again|--note|{CANARY}", "add|{CANARY}|--at|08:00|--yes", *LINES):
    done = warm.run(home, line.split("|"))
    print(line, done.code)
    # Of a name that nobody knows the person is told so; nothing else repeats it on that channel.
    print(done.err.replace("Not checked: {CANARY}.", "").replace("NOT checked: {CANARY}.", ""), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def traced_script(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str, str, str]:
    """Every command run once under strace: the home, the calls, and what was printed."""
    if STRACE is None:
        pytest.skip("strace is not installed")
    folder = tmp_path_factory.mktemp("private")
    home = Home(folder / "home")
    trace = folder / "trace"
    done = home.start(
        [STRACE, "-f", "-y", "-s", "4096", "-o", str(trace), "-e", "trace=%network,execve,execveat,open,openat,creat",
         sys.executable, "-c", SCRIPT, str(home.folder)],
        PYTHONDONTWRITEBYTECODE="1",
    )  # fmt: skip
    assert done.code == 0, done
    return home, trace.read_text(errors="replace"), done.out, done.err


def test_every_command_was_run(traced_script: tuple[Home, str, str, str]) -> None:
    _, _, out, err = traced_script
    ended = [int(line.rsplit(" ", 1)[1]) for line in out.splitlines()]
    assert len(ended) == len(LINES) + 3
    assert sum(code in (0, 4, 10, 11) for code in ended) > len(LINES) * 2 / 3, out
    assert 3 not in ended
    assert TRACEBACK not in err


def test_a_test_that_used_the_network_would_fail() -> None:
    with pytest.raises(AssertionError, match="uses the network"):
        socket.create_connection(("localhost", 9), timeout=1)


def test_no_command_uses_the_network(traced_script: tuple[Home, str, str, str]) -> None:
    _, calls, _, _ = traced_script
    assert "openat(" in calls
    assert [line for line in calls.splitlines() if re.search(r"\b(socket|connect|sendto|bind)\(", line)] == []


def test_no_command_starts_another_program(traced_script: tuple[Home, str, str, str]) -> None:
    _, calls, _, _ = traced_script
    started = [line for line in calls.splitlines() if re.search(r"\bexecve(at)?\(", line)]
    assert len(started) == 1, "the script itself"


def test_no_file_is_made_outside_of_the_home(traced_script: tuple[Home, str, str, str]) -> None:
    home, calls, _, _ = traced_script
    made = [line for line in calls.splitlines() if "O_CREAT" in line and ") = -1" not in line]
    outside = [line for line in made if f"<{home.folder}/" not in line and "/dev/null" not in line]
    assert len(made) > 20
    assert outside == []


def test_what_was_written_down_is_in_the_record_and_its_copies_alone(
    traced_script: tuple[Home, str, str, str],
) -> None:
    home, _, _, err = traced_script
    holding = {
        str(path.relative_to(home.folder))
        for path in home.folder.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    }
    assert "data/medtrack/records/me.db" in holding
    kept = r"data/medtrack/records/me\.db(\.backups/.*|\.before-restore-.*)?|copy\.db|old\.db|all\.json|more\.json|clinic\.html"
    assert [name for name in holding if not re.fullmatch(kept, name)] == []
    assert CANARY not in err


def test_a_bug_is_told_without_what_the_record_holds(copied: Home) -> None:
    broken = (
        "import sys, medtrack.services.noting as n, medtrack.app as a\n"
        f"def note(*words, **more): raise ValueError('{CANARY}')\n"
        f"n.note = note; sys.exit(a.run(['note', '{CANARY}']))"
    )
    done = copied.start([sys.executable, "-c", broken])
    assert done.code == 3
    assert "This is a bug in medtrack" in done.err
    assert CANARY not in done.out + done.err
