"""Command lines and files that nobody should have to read: refused in a sentence, and nothing raw on a terminal.

A sample; `python -m tests.faults.argv --vectors 100000` takes very many.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable
from random import Random

import pytest

from tests.conftest import Result
from tests.faults import argv, hostile
from tests.faults.harness import TRACEBACK, Home, heavy, program
from tests.faults.writing import ADD

Run = Callable[..., Result]


def test_hostile_command_lines_end_in_a_documented_way() -> None:
    done = heavy("tests.faults.argv", "--vectors", "600", "--workers", "1")
    assert done.code == 0, done
    assert "600 command lines" in done.out
    assert " 0 flawed" in done.out


def test_every_command_and_option_gets_its_share() -> None:
    commands, chance = hostile.table(), Random(7)
    words = {word for _ in range(6000) for word in hostile.vector(chance, commands)}
    assert commands.keys() - {""} <= words
    assert {option.names[0] for options in commands.values() for option in options} <= words


@pytest.mark.parametrize("sent", ["\x1b[2J", "a\rb", "\x9b31m", "\u202egnp", "\x07"])
def test_a_raw_byte_on_a_terminal_would_be_seen(sent: str) -> None:
    assert argv.RAW.search(f"before\n{sent}after\n")
    assert not argv.RAW.search("caf\xe9 \u0430 \U0001f48a\n")


NO_TEXT = "caf\udce9"
"""A word whose bytes are Latin-1, as Python hands it to the program."""


@pytest.mark.parametrize(
    "words",
    [
        ("take", "ibuprofen", "--by", NO_TEXT),
        ("take", "ibuprofen", "--note", NO_TEXT),
        ("take", "ibuprofen", "--key", NO_TEXT),
        ("skip", "metformin", "--for", "08:00", "--reason", NO_TEXT),
        ("skip", "metformin", "--for", "08:00", "--reason", "ill", "--by", NO_TEXT),
        ("skip", "metformin", "--for", "08:00", "--reason", "ill", "--key", NO_TEXT),
        ("add", NO_TEXT, "--at", "08:00", "--yes"),
        ("add", "aspirin", "--at", "08:00", "--for", NO_TEXT, "--yes"),
        ("change", "metformin", "--at", "09:00", "--reason", NO_TEXT),
        ("change", "metformin", "--at", "09:00", "--by", NO_TEXT),
        ("taper", "metformin", "2 tablets 3d -> stop", "--reason", NO_TEXT),
        ("taper", "metformin", "2 tablets 3d -> stop", "--by", NO_TEXT),
        ("hold", "metformin", "--reason", NO_TEXT),
        ("hold", "metformin", "--by", NO_TEXT),
        ("resume", "metformin", "--reason", NO_TEXT),
        ("resume", "metformin", "--by", NO_TEXT),
        ("stop", "metformin", "--reason", NO_TEXT),
        ("stop", "metformin", "--by", NO_TEXT),
        ("stop", "metformin", "--by", " "),
        ("travel", "Asia/Tokyo", "--reason", NO_TEXT),
        ("amend", "1", "--at", "now", "--reason", NO_TEXT),
        ("amend", NO_TEXT, "--void", "--reason", "slip"),
        ("backfill", "metformin", "yesterday", "--by", NO_TEXT),
        ("backfill", NO_TEXT, "yesterday"),
        ("settings", NO_TEXT, "x"),
        ("note", NO_TEXT),
        ("settings", "person", NO_TEXT),
        ("people", "add", NO_TEXT),
        ("undo", NO_TEXT),
    ],
    ids=" ".join,
)
def test_bytes_that_are_no_text_are_refused_wherever_text_is_kept(words: tuple[str, ...], run: Run) -> None:
    now = "2026-03-10T09:00[Europe/Paris]"
    assert run(list(ADD), now=now).code == 0
    assert run("add metformin --amount '1 tablet' --at 08:00 --from 2026-03-01 --yes", now=now).code == 0
    assert run("take ibuprofen --at 07:00", now=now).code == 0
    if words[0] == "resume":
        assert run("hold metformin", now=now).code == 0
    before = run("export", now=now).out
    done = run(list(words), now=now)
    assert done.code in (2, 21, 24), done
    assert run("export", now=now).out == before


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/full", "/proc/self/mem"])
def test_a_file_without_an_end_is_refused(file: str, copied: Home) -> None:
    if not os.path.exists(file):
        pytest.skip(f"there is no {file} here")
    room = 1 << 29
    done = subprocess.run(
        [*program(), "import", file],
        env=copied.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (room, room)),
    )
    assert done.returncode in (2, 49), done
    assert TRACEBACK not in done.stderr
    assert done.stderr.count("\n") == 1
