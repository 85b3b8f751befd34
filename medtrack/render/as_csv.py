"""The report as CSV (RFC 4180, LF line ends): a header of keys, one flat cell per value.

A spreadsheet runs a cell that begins like a formula, so such text gets an apostrophe first, and
control characters are written as visible escapes; `--json` carries text exactly.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from medtrack.domain.amounts import Amount, exact

from .data import data
from .inert import formula_free, inert, json_inert

if TYPE_CHECKING:
    from medtrack.domain.report import Report


def render(report: Report) -> str:
    """The CSV document; nothing at all where the report has neither columns nor rows."""
    keys = _keys(report)
    if not keys:
        return ""
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow([formula_free(inert(key)) for key in keys])
    writer.writerows([_cell(row.get(key)) for key in keys] for row in report.rows)
    return page.getvalue()


def _keys(report: Report) -> list[str]:
    """The columns' keys in order, or every key of the rows where the report names no columns."""
    if report.columns:
        return [column.key for column in report.columns if not column.bar]
    return list(dict.fromkeys(key for row in report.rows for key in row))


def _cell(value: object) -> str:
    """One value in one flat cell: '0.5 tablet', an instant with its offset, a list as compact JSON."""
    if isinstance(value, str):
        return formula_free(inert(value))
    if isinstance(value, Amount):
        return formula_free(inert(f"{exact(value.value)} {value.unit}"))
    if value is None:
        return ""
    told = data(value)
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, dict | list):
        import json

        return json_inert(json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    return str(told)
