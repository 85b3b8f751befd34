"""The report as JSON: one documented envelope, a promise to scripts.

`{"version": 1, "kind": …, …meta…, "rows": […]}`, a line for each key and each row. Text comes back
exactly as it was stored; what a terminal would act on is written as an escape.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .data import data
from .inert import json_inert

if TYPE_CHECKING:
    from medtrack.domain.report import Report, Row

VERSION = 1
"""Of the envelope; a change that breaks a reader raises it."""


def render(report: Report, encoding: str = "utf-8") -> str:
    """The JSON document. Raises ValueError where meta names one of the envelope's own keys."""
    envelope: dict[str, object] = {"version": VERSION, "kind": report.kind}
    for key, value in report.meta.items():
        if key in ("version", "kind", "rows"):
            raise ValueError(f"{key!r} belongs to the envelope")
        envelope[key] = data(value)
    head = "".join(f"  {_dump(key)}: {_dump(value)},\n" for key, value in envelope.items())
    rows = ",\n".join(f"    {_dump(_row(report, row))}" for row in report.rows)
    return json_inert(f'{{\n{head}  "rows": [' + (f"\n{rows}\n  " if rows else "") + "]\n}\n", encoding)


def _dump(value: object) -> str:
    # Without indent, json uses its C encoder, which is several times faster.
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _row(report: Report, row: Row) -> dict[str, object]:
    """The row's fields: those of the columns in their order, or all where the report names none."""
    if not report.columns:
        return {key: data(value) for key, value in row.items()}
    return {column.key: data(row.get(column.key)) for column in report.columns if not column.bar}
