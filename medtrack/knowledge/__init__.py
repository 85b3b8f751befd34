"""Reference facts about medicines, shipped as data files: every row names its source.

The CSV files are what people read and review; `pack.json` is made from them by
`python -m medtrack.knowledge.build` and is what the program reads, a record on each line. A test makes it
anew and compares every byte. README.md beside this says how the facts were gathered and which need care.
"""

from __future__ import annotations

import json
import os

from medtrack.domain.safety.pack import Pack

PACK = os.path.join(os.path.dirname(__file__), "pack.json")
"""The compiled facts."""
PROTOCOLS = os.path.join(os.path.dirname(__file__), "protocols")
"""The protocols of sessions that come with medtrack: a TOML file each, every line with its source."""


def read_pack() -> Pack:
    """The knowledge pack of this installation."""
    with open(PACK, encoding="utf-8") as file:
        return Pack(json.load(file))


def read_shipped_protocol(name: str) -> str | None:
    """The text of a protocol that comes with medtrack; None where there is none of that name."""
    if not name.isascii() or not name.isalnum():
        return None
    try:
        with open(os.path.join(PROTOCOLS, f"{name}.toml"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
