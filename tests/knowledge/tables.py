"""The tables of the pack and of the cases, read for the tests."""

from __future__ import annotations

import csv
from pathlib import Path

import medtrack.knowledge

PACK = Path(medtrack.knowledge.__file__).parent
CASES = Path(__file__).parent
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (PACK / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str) -> list[Row]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
