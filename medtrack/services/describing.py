"""Which schemas there are, and one of them."""

from __future__ import annotations

import json

from medtrack.domain.names import meant
from medtrack.domain.report import Column, Report
from medtrack.errors import NotSettled
from medtrack.schemas import kinds, schema


def schemas() -> Report:
    """Every schema, with the commands that print what it describes."""
    rows = [
        {"kind": kind, "commands": found["x-commands"], "about": found["description"]}
        for kind, found in ((kind, schema(kind)) for kind in kinds())
    ]
    columns = (Column("kind", "Kind"), Column("commands", "Commands"), Column("about", "What it is"))
    return Report("schemas", columns, rows, footer=["One of them whole: medtrack schema KIND"])


def schema_page(typed: str) -> str:
    """The schema of a kind as a JSON document. Raises NotSettled where there is none."""
    if typed not in kinds():
        of_command = [kind for kind in kinds() if typed in schema(kind)["x-commands"]]
        if of_command:
            hint = f"Did you mean {' or '.join(map(repr, of_command))}?"
        else:
            hint = meant(typed, kinds(), "'medtrack schema' lists them.")
        raise NotSettled(what=f"There is no schema {typed[:40]!r}. {hint}")
    return json.dumps(schema(typed), indent=2, ensure_ascii=False) + "\n"
