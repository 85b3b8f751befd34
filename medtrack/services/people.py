"""Whose records are kept here, and beginning one."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from medtrack.domain.report import Column, Report

from .chart import Chart

_COLUMNS = (Column("person", "Person"), Column("record", "Record"))


def people(known: Sequence[tuple[str, str]]) -> Report:
    """The people who have a record here: name and file of each."""
    rows = [{"person": name, "record": path} for name, path in known]
    return Report(
        "people", _COLUMNS, rows, empty="Nobody has a record yet. The first 'medtrack add' makes one."
    )


def forgotten(path: str, is_there: bool) -> Report:
    """That a record which is gone, or what one that is there was found to lack, is not expected any more."""
    if is_there:
        said = f"What {path} lacks is not expected any more."
    else:
        said = f"{path} is not expected any more; the next 'medtrack add' there makes a new record."
    return Report("people", lines=[said])


def begin(chart: Chart) -> Report:
    """Make the record of a new person, with nothing in it yet."""
    chart.record.make(chart.stamp)
    row = {"person": chart.person, "record": chart.record.path}
    lines = [f"For {chart.person}: medtrack --person {quote(chart.person)} add ..."]
    receipt = tuple(Column(column.key) for column in _COLUMNS)
    return Report("people", receipt, [row], lines=lines)
