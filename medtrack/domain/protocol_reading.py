"""Protocols read from TOML: strictly, or refused with a sentence that names the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from medtrack.errors import BadAmount, UsageRefused

from .amounts import UNITS, read_amount
from .observations import RANGES
from .pressure import read_pressure
from .protocols import (
    MEASURED,
    WORDS,
    After,
    Before,
    Doses,
    During,
    Fact,
    Mention,
    Phase,
    Protocol,
    Rest,
    Urgent,
)

LARGEST = 65_536
"""Bytes of a protocol's file."""
LONGEST_MINUTES = 2_880
"""Two days: nothing in one session is later than that."""
_KEY = re.compile(r"[a-z][a-z0-9-]{0,23}")
_LIKE = {"at": "15, 30", "amounts": '"20 mg"', "classes": '"benzodiazepine"', "names": '"lorazepam"'}
"""How the lists of a table are written."""
_MOST = 40
"""Entries of a list."""
_LONGEST = 600
"""Characters of a sentence."""
_BEFORE_KINDS = ("time", "confirm", *MEASURED)


class Unread(Exception):  # it never leaves this module
    """Why a protocol cannot be read."""


def read_protocol(text: str, key: str, what: str) -> Protocol:
    """Read a protocol from TOML; `what` names it in a refusal. Raises UsageRefused."""
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(what, f"it is no TOML: {str(error)[:200]}") from None
    except (ValueError, RecursionError):
        raise _refused(what, "it is no TOML that can be read") from None
    return protocol_of(document, key, what)


def protocol_of(document: Mapping[str, Any], key: str, what: str) -> Protocol:
    """The protocol a document says, every key and value checked. Raises UsageRefused."""
    try:
        return _protocol(document, key)
    except Unread as unread:
        raise _refused(what, str(unread)) from None


def _refused(what: str, why: str) -> UsageRefused:
    return UsageRefused(what=f"The protocol {what} cannot be used: {why}. Nothing was recorded.")


class _Table:
    """One table of the document: every key is asked for once, and none is left over."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            name = re.sub(r"\[\d+\]$", "", where)
            written = f"[[{name}]]" if name != where else f"[{name}]"
            raise Unread(f"{where} is no table: write {written}, and its keys on the lines below")
        self.left = dict(value)
        self.where = where

    def _named(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def take(self, key: str) -> object:
        return self.left.pop(key, None)

    def text(self, key: str, *, required: bool = True, longest: int = _LONGEST) -> str:
        value = self.take(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise Unread(f"{self._named(key)} is {'missing' if value is None else 'no text'}")
        if len(value) > longest:
            raise Unread(f"{self._named(key)} has {len(value):,} characters, and the most is {longest}")
        return " ".join(value.split())

    def word(self, key: str) -> str:
        value = self.text(key, longest=24)
        if not _KEY.fullmatch(value):
            raise Unread(f"{self._named(key)} is a word of small letters and hyphens, not {value!r}")
        return value

    def number(self, key: str, least: int, most: int, *, required: bool = False) -> int | None:
        value = self.take(key)
        if value is None and not required:
            return None
        return self._number(value, key, least, most)

    def _number(self, value: object, key: str, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unread(f"{self._named(key)} is a whole number from {least} to {most:,}")
        return value

    def numbers(self, key: str, least: int, most: int) -> tuple[int, ...]:
        return tuple(sorted({self._number(value, key, least, most) for value in self._list(key)}))

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._list(key)
        if not all(isinstance(each, str) and 0 < len(each) <= 60 for each in found):
            raise Unread(f"{self._named(key)} is a list of texts, like {key} = [{_LIKE[key]}]")
        return tuple(str(each) for each in found)

    def _list(self, key: str) -> list[object]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > _MOST:
            like = f", like {key} = [{_LIKE[key]}]" if key in _LIKE else f", each written as [[{key}]]"
            raise Unread(f"{self._named(key)} is a list of at most {_MOST}, in [ ]{like}")
        return value

    def tables(self, key: str) -> list[_Table]:
        where = self._named(key)
        return [_Table(each, f"{where}[{number}]") for number, each in enumerate(self._list(key), start=1)]

    def table(self, key: str) -> _Table | None:
        value = self.take(key)
        return None if value is None else _Table(value, self._named(key))

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            raise Unread(f"{self._named(key)} is true or false")
        return bool(value)

    def done(self) -> None:
        if self.left:
            names = ", ".join(repr(str(key)[:40]) for key in list(self.left)[:3])
            raise Unread(f"nobody knows {names}{f' in {self.where}' if self.where else ''}")


def _protocol(document: Mapping[str, Any], key: str) -> Protocol:
    whole = _Table(document, "")
    name = whole.text("name", longest=60)
    source = whole.text("source", required=False)
    within = whole.number("within", 0, 60)
    rest = whole.table("rest")
    if rest is None:
        raise Unread("rest is missing: how many minutes a session lasts at least")
    bp, dose, urgent = whole.table("bp"), whole.table("dose"), whole.tables("urgent")
    found = Protocol(
        key,
        name,
        source,
        _rest(rest),
        10 if within is None else within,
        tuple(_phase(each) for each in whole.tables("phase")),
        tuple(_before(each) for each in whole.tables("before")),
        tuple(_during(each) for each in whole.tables("during")),
        tuple(_after(each) for each in whole.tables("after")),
        tuple(_mention(each) for each in whole.tables("mention")),
        tuple(_fact(each) for each in whole.tables("remark")),
        _maybe(whole.table("emergency")),
        _maybe(whole.table("driving")),
    )
    whole.done()
    _check(found)
    found = found._replace(
        dose=None if dose is None else _doses(dose), urgent=tuple(_urgent(each) for each in urgent)
    )
    return found if bp is None else _with_bp(found, bp)


def _rest(table: _Table) -> Rest:
    minutes = table.number("minutes", 0, LONGEST_MINUTES, required=True) or 0
    rest = Rest(minutes, table.text("text", required=False), table.text("source", required=False))
    table.done()
    return rest


def _phase(table: _Table) -> Phase:
    phase = Phase(
        table.text("name", longest=60),
        table.number("first_week", 1, 520, required=True) or 1,
        table.number("last_week", 1, 520),
        table.number("a_week", 1, 14),
        table.number("sessions", 1, 500),
        table.text("text"),
        table.text("source", required=False),
    )
    if phase.last_week is not None and phase.last_week < phase.first_week:
        raise Unread(f"{table.where} ends before it begins")
    table.done()
    return phase


def _before(table: _Table) -> Before:
    key = table.word("key")
    kind = table.text("kind", required=False) or (key if key in MEASURED else "confirm")
    if kind not in _BEFORE_KINDS:
        raise Unread(f"{table.where}.kind is one of {', '.join(_BEFORE_KINDS)}, not {kind[:40]!r}")
    if kind in MEASURED and key != kind:
        raise Unread(f"{table.where}.key is {kind!r}, as its kind")
    minutes = table.number("minutes", 0, LONGEST_MINUTES)
    if minutes is not None and kind != "time":
        raise Unread(f"{table.where}.minutes belongs to the kind 'time' alone")
    found = Before(key, kind, minutes, table.text("text"), table.text("source", required=False))
    table.done()
    return found


def _during(table: _Table) -> During:
    found = During(
        table.word("key"),
        table.numbers("at", 0, LONGEST_MINUTES),
        table.flag("on_leaving"),
        table.text("text"),
        table.text("source", required=False),
    )
    table.done()
    return found


def _after(table: _Table) -> After:
    found = After(table.word("key"), table.text("text"), table.text("source", required=False))
    table.done()
    return found


def _mention(table: _Table) -> Mention:
    found = Mention(
        table.texts("classes"),
        table.texts("names"),
        table.text("text"),
        table.text("source", required=False),
    )
    if not found.classes and not found.names:
        raise Unread(f"{table.where} names no medicines: give classes or names")
    table.done()
    return found


def _fact(table: _Table) -> Fact:
    found = Fact(table.text("text"), table.text("source", required=False))
    table.done()
    return found


def _maybe(table: _Table | None) -> Fact | None:
    return None if table is None else _fact(table)


def _doses(table: _Table) -> Doses:
    typed = table.text("unit", longest=30)
    unit = UNITS.get(typed.lower())
    if unit is None:
        raise Unread(f"{table.where}.unit is a unit like 'mg', not {typed!r}")
    amounts = []
    for each in table.texts("amounts"):
        try:
            amount = read_amount(each, unit)
        except BadAmount:
            raise Unread(f"{table.where}.amounts are doses like '56 mg', not {each!r}") from None
        if amount.unit != unit:
            raise Unread(f"{table.where}.amounts are in {unit}, not {each!r}")
        amounts.append(amount.value)
    found = Doses(
        unit,
        tuple(sorted(set(amounts))),
        table.text("text", required=False),
        table.text("source", required=False),
    )
    table.done()
    return found


def _urgent(table: _Table) -> Urgent:
    kind = table.word("kind")
    below, rise = None, None
    if kind == "bp":
        rise = _rise(table)
    elif kind in RANGES:
        least, most, _ = RANGES[kind]
        below = table.number("below", least + 1, most, required=True)
    else:
        raise Unread(f"{table.where}.kind is one of {', '.join(MEASURED)}, not {kind!r}")
    found = Urgent(kind, below, rise, table.text("text"), table.text("source", required=False))
    table.done()
    return found


def _rise(table: _Table) -> tuple[int, int]:
    """By how much a blood pressure is above the one before the dose: '40/25'."""
    typed = table.text("rise", longest=10)
    found = re.fullmatch(r"([1-9][0-9]{0,2})/([1-9][0-9]{0,2})", typed, re.ASCII)
    if found is None:
        raise Unread(f"{table.where}.rise is how much higher both numbers are, like '40/25', not {typed!r}")
    return int(found[1]), int(found[2])


def _with_bp(protocol: Protocol, table: _Table) -> Protocol:
    typed = table.text("above", longest=10)
    try:
        above = read_pressure(typed)
    except UsageRefused:
        raise Unread(f"bp.above is a blood pressure like '140/90', not {typed!r}") from None
    found = protocol._replace(
        bp_asked_above=above, bp_text=table.text("text"), bp_source=table.text("source", required=False)
    )
    table.done()
    return found


def _check(protocol: Protocol) -> None:
    """That no word means two things, and no week is in two phases."""
    _once("before", (each.key for each in protocol.before))
    _once("during", (each.key for each in protocol.during))
    _once("after", (each.key for each in protocol.after))
    before, during, after = (
        {each.key for each in part} for part in (protocol.before, protocol.during, protocol.after)
    )
    twice = (
        ((before | after) - set(MEASURED)) & during | before & after | (before | during | after) & set(WORDS)
    )
    if twice:
        raise Unread(f"{min(twice)!r} means two things: give one of them another key")
    last: int | None = 0
    for phase in protocol.phases:
        if last is None or phase.first_week <= last:
            raise Unread(f"the phase {phase.name!r} begins before the one above it is over")
        last = phase.last_week


def _once(where: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise Unread(f"{key!r} stands twice in {where}")
        seen.add(key)
