"""The seal on every fact and the chain through every device's actions, so that damage shows.

It guards against accidents, not against an owner who rewrites everything. The serialisation is
versioned: a later one gets a new name, and rows sealed under this one keep their hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

try:
    # As random.py does: hashlib loads OpenSSL, which costs more than everything hashed here.
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.11
    except ImportError:
        from hashlib import sha256 as _sha256

Value = str | int | None


def digest(data: bytes) -> bytes:
    """The SHA-256 of some bytes."""
    return bytes(_sha256(data).digest())


def _netstring(value: Value) -> bytes:
    """A value so that no two lists of values serialise alike."""
    if value is None:
        return b"~"
    if isinstance(value, int):
        return b"i%d," % value
    text = value.encode()
    return b"%d:%b," % (len(text), text)


def _fields(fields: Mapping[str, Value]) -> bytes:
    return b"".join(_netstring(name) + _netstring(fields[name]) for name in sorted(fields))


def seal(kind: str, uid: str, fields: Mapping[str, Value]) -> bytes:
    """The hash of one fact: its kind, its uid and every field that has a value, in name order.

    Fields without a value are left out, so that a column added later does not break older seals.
    """
    present = {name: value for name, value in fields.items() if value is not None}
    return digest(b"medtrack fact 1\n" + _netstring(kind) + _netstring(uid) + _fields(present))


def link(previous: bytes, fields: Mapping[str, Value], facts: Iterable[bytes]) -> bytes:
    """The hash of one action: the same device's action before it, its own fields, its facts in order."""
    return digest(b"medtrack action 1\n" + previous + _fields(fields) + b"".join(facts))


def follows(
    earlier: Iterable[bytes], fields: Mapping[str, Value], facts: Sequence[bytes], head: bytes
) -> bool:
    """Whether an action's link goes on from one of the same device's earlier actions, or begins its chain.

    That is the one before it, which is to be given first. Only where a machine was copied with all it
    remembers did two go on under one name, and a merged record holds both branches: there it is an older
    one. No branch is dropped, and an action that is lost from the middle of any still shows.
    """
    return any(link(previous, fields, facts) == head for previous in (*earlier, b""))


class Chains:
    """The actions of a record gone through from the oldest, each held to those of its device before it."""

    def __init__(self) -> None:
        self._heads: dict[str, list[bytes]] = {}

    def has_next(self, device: str, fields: Mapping[str, Value], facts: Sequence[bytes], head: bytes) -> bool:
        """Whether this is the link of a device's next action: its own fields, its facts' seals in order."""
        heads = self._heads.setdefault(device, [])
        is_next = follows(heads[-1:], fields, facts, head) or follows(heads[::-1], fields, facts, head)
        heads.append(head)
        return is_next
