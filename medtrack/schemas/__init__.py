"""JSON Schemas (draft 2020-12) of every document that `--json` and `export` print, one file for each kind.

What several share stands once, in `common.json`; `schema` gives a document that stands alone. A schema lists
the commands that print its kind under `x-commands`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_FOLDER = os.path.dirname(__file__)
_SHARED = "common"
_REF = f"{_SHARED}.json#/$defs/"
"""How a schema refers to what is shared, also inside of `common.json` itself."""


def kinds() -> list[str]:
    """The `kind` of every document there is a schema of, by name."""
    names = (os.path.splitext(name) for name in os.listdir(_FOLDER))
    return sorted(name for name, ending in names if ending == ".json" and name != _SHARED)


def schema(kind: str) -> Schema:
    """The schema of a kind that stands alone: what it shares with others is in its own `$defs`."""
    own, shared = _read(kind), _read(_SHARED)["$defs"]
    wanted: Schema = {}
    open_ = list(_shared_names(own))
    while open_:
        name = open_.pop()
        if name not in wanted:
            wanted[name] = shared[name]
            open_ += _shared_names(shared[name])
    whole = {**own, "$defs": {**own.get("$defs", {}), **dict(sorted(wanted.items()))}}
    standing: Schema = json.loads(json.dumps(whole).replace(f'"{_REF}', '"#/$defs/'))
    return standing


def _shared_names(part: Any) -> Iterator[str]:
    """The names of the shared parts that a part refers to."""
    if isinstance(part, dict):
        if str(part.get("$ref", "")).startswith(_REF):
            yield part["$ref"].removeprefix(_REF)
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _shared_names(each)


def _read(name: str) -> Schema:
    with open(os.path.join(_FOLDER, f"{name}.json"), encoding="utf-8") as file:
        read: Schema = json.load(file)
    return read
