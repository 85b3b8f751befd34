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


def read_pack() -> Pack:
    """The knowledge pack of this installation."""
    with open(PACK, encoding="utf-8") as file:
        return Pack(json.load(file))
