"""Command lines and files that nobody should have to read: refused in a sentence, and nothing raw on a terminal.

A sample; `python -m tests.faults.argv --vectors 100000` takes very many.
"""

from __future__ import annotations

import os
import resource
import subprocess
from pathlib import Path
from random import Random

import pytest

from tests.faults import argv, hostile
from tests.faults.harness import TRACEBACK, Home, heavy, program


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
def test_a_raw_byte_on_a_terminal_would_be_seen(sent: str, tmp_path: Path) -> None:
    assert argv.RAW.search(f"before\n{sent}after\n")
    assert not argv.RAW.search("caf\xe9 \u0430 \U0001f48a\n")


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
