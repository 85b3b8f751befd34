"""Identities that hold on every device: UUID version 7 (RFC 9562), made from a time and random bytes."""

from __future__ import annotations

from datetime import datetime


def uuid7(at: datetime, noise: bytes) -> str:
    """The UUIDv7 text for an instant and 10 bytes of randomness; later instants sort later."""
    milliseconds = int(at.timestamp() * 1000)
    raw = bytearray(milliseconds.to_bytes(6, "big") + noise[:10])
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
