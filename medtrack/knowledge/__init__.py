"""Reference facts about medicines, shipped as data files: every row names its source.

The CSV files are what people read and review; `pack.json` is made from them by
`python -m medtrack.knowledge.build` and is what the program reads, a record on each line. A test makes it
anew and compares every byte. README.md beside this says how the facts were gathered and which need care.
"""

from __future__ import annotations

import json
import os
from typing import Any

from medtrack.domain.helplines import Helpline
from medtrack.domain.instruments import Instrument, instrument_of
from medtrack.domain.safety.pack import Pack

_FOLDER = os.path.dirname(__file__)
PACK = os.path.join(_FOLDER, "pack.json")
"""The compiled facts."""
PROTOCOLS = os.path.join(os.path.dirname(__file__), "protocols")
"""The protocols of sessions that come with medtrack: a TOML file each, every line with its source."""


def read_pack() -> Pack:
    """The knowledge pack of this installation."""
    with open(PACK, encoding="utf-8") as file:
        return Pack(json.load(file))


def read_instruments() -> dict[str, Instrument]:
    """The scored instruments by name."""
    return {name: instrument_of(name, row) for name, row in _table("instruments").items()}


def read_helplines() -> dict[str, Helpline]:
    """Whom to call for help now, by country."""
    return {
        country: Helpline(row["emergency"], row["line"], row["source"])
        for country, row in _table("helplines").items()
    }


def read_countries() -> dict[str, str]:
    """The English name of each country by its code of ISO 3166-1 alpha-2.

    Source: iso3166.tab of the IANA zone database, as the tzdata package has it; public domain.
    """
    from importlib.resources import files

    text = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {code: name for code, name, *_ in rows}


def _table(name: str) -> dict[str, Any]:
    import tomllib

    with open(os.path.join(_FOLDER, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


def read_shipped_protocol(name: str) -> str | None:
    """The text of a protocol that comes with medtrack; None where there is none of that name."""
    if f"{name}.toml" not in os.listdir(PROTOCOLS):
        return None
    with open(os.path.join(PROTOCOLS, f"{name}.toml"), encoding="utf-8") as file:
        return file.read()
