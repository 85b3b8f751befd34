"""Identities that hold on every device: UUID version 7 (RFC 9562), made from a time and random bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)


def uuid7(at: datetime, noise: bytes, *, major: int = 0, minor: int = 0) -> str:
    """The UUIDv7 text for an instant, two counters and 6 bytes of randomness; what is made later sorts later.

    Instants here are whole seconds, so the counters (12 and 14 bits, each wrapping around) keep the order
    within one, as RFC 9562 section 6.2 allows.
    """
    milliseconds = (at - _EPOCH) // _TICK
    ordered = (0x7000 | (major & 0x0FFF)).to_bytes(2, "big") + (0x8000 | (minor & 0x3FFF)).to_bytes(2, "big")
    text = (milliseconds.to_bytes(6, "big") + ordered + noise[:6]).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def later(at: datetime, uid: str) -> datetime:
    """The instant for identities that shall sort after this one: as given, or just past its time.

    So what is written in the knowledge of something sorts after it, whatever a clock says (RFC 9562, section
    6.2, on clock rollback): the latest of several facts is the same wherever records are merged.
    """
    try:
        return max(at, _EPOCH + (int(uid[:8] + uid[9:13], 16) + 1) * _TICK)
    except (ValueError, OverflowError):
        return at
