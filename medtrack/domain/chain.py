"""The seal on every fact and the chain through every device's actions, so that damage shows.

It guards against accidents, not against an owner who rewrites everything. The serialisation is
versioned: a later one gets a new name, and rows sealed under this one keep their hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

Value = str | int | None


def _netstring(value: Value) -> bytes:
    """A value so that no two lists of values serialise alike."""
    if value is None:
        return b"~"
    if isinstance(value, int):
        return b"i%d," % value
    text = value.encode()
    return b"%d:%b," % (len(text), text)


def seal(kind: str, uid: str, fields: Mapping[str, Value]) -> bytes:
    """The hash of one fact: its kind, its uid and every field that has a value, in name order (SHA-256).

    Fields without a value are left out, so that a column added later does not break older seals.
    """
    digest = hashlib.sha256(b"medtrack fact 1\n")
    digest.update(_netstring(kind) + _netstring(uid))
    for name in sorted(fields):
        if fields[name] is not None:
            digest.update(_netstring(name) + _netstring(fields[name]))
    return digest.digest()


def link(previous: bytes, fields: Mapping[str, Value], facts: Iterable[bytes]) -> bytes:
    """The hash of one action: the same device's action before it, its own fields, its facts in order."""
    digest = hashlib.sha256(b"medtrack action 1\n" + previous)
    for name in sorted(fields):
        digest.update(_netstring(name) + _netstring(fields[name]))
    for fact in facts:
        digest.update(fact)
    return digest.digest()
