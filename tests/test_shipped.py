"""What is shipped beside the program tells of the program as it is."""

from __future__ import annotations

import pytest

from medtrack.completions import SHELLS, script
from tests import shipped


def test_the_words_are_those_of_the_commands() -> None:
    assert shipped.WORDS.read_text(encoding="utf-8") == shipped.words(), "python -m tests.shipped"


def test_what_is_said_of_options_is_said_of_options_that_are_there() -> None:
    rows = {(row[0], name) for row in (line.split("\t") for line in shipped.words().splitlines())
            for name in row[2].lstrip("*").split(" ")}  # fmt: skip
    assert shipped.TAKES.keys() <= rows
    assert shipped.VERBS.keys() <= shipped.commands().keys()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_says_how_it_is_set_up(shell: str) -> None:
    assert f"medtrack completion {shell}" in script(shell)
