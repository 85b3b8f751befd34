"""What the shells are given, so that TAB completes: a script for each, and the table of words.

The scripts ask `medtrack __complete`. `words.tsv` is made from the commands by `python -m tests.shipped`.
"""

from __future__ import annotations

import os

_FILES = {"bash": "medtrack.bash", "zsh": "_medtrack", "fish": "medtrack.fish"}
SHELLS = tuple(_FILES)
"""The shells there is a script for."""


TABLE = os.path.join(os.path.dirname(__file__), "words.tsv")
"""Every verb and option; `domain.completion` says how it is written."""


def table() -> str:
    """The table of words."""
    with open(TABLE, encoding="utf-8") as file:
        return file.read()


def script(shell: str) -> str:
    """The script for a shell, one of SHELLS."""
    with open(os.path.join(os.path.dirname(__file__), _FILES[shell]), encoding="utf-8") as file:
        return file.read()
