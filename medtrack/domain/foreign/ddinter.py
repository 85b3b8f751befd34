"""The pairs of DDInter, as its CSV files have them: one file for each letter of the ATC classification.

`DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level`, with Major, Moderate, Minor or Unknown. Pairs of no known level
are left out. A pair is in the file of either of its two medicines, so two medicines of groups of which no
file was downloaded are in none: the public files leave out C, G, J, M, N and S.
"""

from __future__ import annotations

import csv  # noqa: TID253  (an import is no daily command)
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from medtrack.domain.safety.naming import name_key
from medtrack.domain.wording import say_list
from medtrack.errors import ImportRefused

HEADER = ["DDInterID_A", "Drug_A", "DDInterID_B", "Drug_B", "Level"]
LEVELS = {"major": "major", "moderate": "moderate", "minor": "minor"}
GROUPS = {
    "A": "stomach, bowel and diabetes",
    "B": "blood",
    "C": "heart and circulation",
    "D": "skin",
    "G": "sex hormones and bladder",
    "H": "other hormones",
    "J": "infections",
    "L": "cancer and immunity",
    "M": "muscles and joints",
    "N": "nerves and mind",
    "P": "parasites",
    "R": "lungs and allergy",
    "S": "eyes and ears",
    "V": "various",
}
"""The main groups of the ATC classification, in plain words."""


_key = lru_cache(maxsize=8192)(name_key)
"""The same few names stand on many lines."""


class Pair(NamedTuple):
    """Two medicines, as names are compared and as the file names them."""

    a: str
    b: str
    severity: str
    names: tuple[str, str]


def pairs(lines: Iterable[str], file: str) -> Iterator[Pair]:
    """The pairs of a file that have a level. Raises ImportRefused with the line that is no pair."""
    rows = csv.reader(lines, strict=True)
    number = 1
    try:
        header = next(rows, [])
        if [cell.strip() for cell in header] != HEADER:
            raise ImportRefused(what=f"{file} does not begin with the line {','.join(HEADER)} of DDInter.")
        for number, row in enumerate(rows, 2):
            if not row:
                continue
            if len(row) != len(HEADER):
                raise ImportRefused(what=f"line {number} of {file} has {len(row)} cells instead of 5.")
            level = row[4].strip().lower()
            a, b = _key(row[1]), _key(row[3])
            if level not in (*LEVELS, "unknown") or not a or not b:
                raise ImportRefused(what=f"line {number} of {file} is no pair with a level.")
            if level in LEVELS:
                yield Pair(a, b, LEVELS[level], (row[1].strip(), row[3].strip()))
    except csv.Error as error:
        raise ImportRefused(what=f"line {number + 1} of {file} cannot be read as CSV: {error}.") from None


def holes(files: Iterable[str]) -> list[str]:
    """What the files leave out, told from the letters in their names."""
    named = [re.search(r"(?:^|[_-])([A-Za-z])\.csv$", file) for file in files]
    letters = [found[1].upper() for found in named if found]
    if not letters:
        return ["Which groups of medicines it covers is not to be told from the names of its files."]
    missing = [title for letter, title in GROUPS.items() if letter not in letters]
    if not missing:
        return []
    return [f"It has no pair of two medicines that both belong to: {say_list(missing)}."]
