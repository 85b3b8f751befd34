"""The products of the FDA's National Drug Code Directory: `product.txt`, cells between tabs.

A brand name stands for the substances of its products. The same name may stand for several sets of them
(line extensions): then it is asked about. Homeopathic products are left out: their names are those of
medicines, their contents are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from medtrack.errors import ImportRefused

NEEDED = ("PROPRIETARYNAME", "NONPROPRIETARYNAME", "SUBSTANCENAME")
_SUFFIX, _CATEGORY = "PROPRIETARYNAMESUFFIX", "MARKETINGCATEGORYNAME"
_MOST_SUBSTANCES = 6
"""Products of more (vitamins, allergen extracts) are no names of medicines that a rule could know."""


class Product(NamedTuple):
    """A brand name and what it holds."""

    name: str
    substances: tuple[str, ...]


def products(lines: Iterable[str], file: str) -> Iterator[Product]:
    """The brands of `product.txt`. Raises ImportRefused where the columns are missing or a line is cut."""
    rows = iter(lines)
    header = next(rows, "").rstrip("\r\n").split("\t")
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise ImportRefused(what=f"{file} has no column {missing[0]} as the FDA's product.txt has.")
    at = {name: header.index(name) for name in (*NEEDED, _SUFFIX, _CATEGORY) if name in header}
    for number, line in enumerate(rows, 2):
        cells = [cell.strip().strip('"') for cell in line.rstrip("\r\n").split("\t")]
        if cells == [""]:
            continue
        if len(cells) != len(header):
            raise ImportRefused(
                what=f"line {number} of {file} has {len(cells)} cells instead of {len(header)}: damaged."
            )
        if _CATEGORY in at and "HOMEOPATHIC" in cells[at[_CATEGORY]].upper():
            continue
        parts = [part.strip() for part in cells[at["SUBSTANCENAME"]].split(";")]
        held = tuple(dict.fromkeys(part for part in parts if part))
        brand, generic = cells[at["PROPRIETARYNAME"]], cells[at["NONPROPRIETARYNAME"]]
        if not brand or not held or len(held) > _MOST_SUBSTANCES or brand.casefold() == generic.casefold():
            continue
        suffix = cells[at[_SUFFIX]] if _SUFFIX in at else ""
        yield Product(f"{brand} {suffix}".strip(), held)
