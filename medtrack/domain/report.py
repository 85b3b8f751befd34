"""What a service hands to the render room: typed rows under named columns, and sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Row = Mapping[str, object]


class Column(NamedTuple):
    """One field of a listing."""

    key: str
    """Its name in JSON and CSV: a promise to scripts."""
    title: str | None = None
    """Its heading for people; None keeps it to the machine faces."""
    show: Callable[[Row], str] | None = None
    """The cell as people read it, made from the whole row; None shows the value in plain words."""
    right: bool = False
    """Numbers are set flush right."""


class Report(NamedTuple):
    """A listing or a receipt.

    Cell values are typed: `str`, `int`, `bool`, `None`, `Fraction` (a ratio), `Amount`, aware `datetime`
    already in the zone to be shown, `date`, `time`, `timedelta`, and lists or dicts of these.
    """

    kind: str
    """The `kind` of the JSON envelope."""
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    meta: Mapping[str, object] = {}
    """Further keys of the JSON envelope."""
    lines: Sequence[str] = ()
    """Sentences for people, before the rows."""
    footer: Sequence[str] = ()
    """Sentences for people, after the rows: what was counted, and by which rule."""
    empty: str = ""
    """What people read where there are no rows."""
