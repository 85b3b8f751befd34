"""Files encrypted as the stock `age` tool does it (age-encryption.org/v1), for whoever has a key.

What is encrypted never lies on the disk in the clear: it goes from memory to memory. pyrage, which does
it, is an extra, and is imported when it is needed.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from medtrack.errors import ExtraMissing, InputUnreadable, KeyNeeded, RecordDamaged, UsageRefused

BINARY = b"age-encryption.org/v1\n"
ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_SCRYPT = b"\n-> scrypt "
_HEADER = 4096
"""Bytes of a file in which the line that names a passphrase stands, if any: it is the first one."""
_NO_KEY = ("No matching keys found", "Decryption failed")
"""What pyrage says where a key, or a passphrase, is not the one."""


class Unlock(NamedTuple):
    """What may open an encrypted file."""

    identities: Sequence[str] = ()
    """Files of secret keys: as `age-keygen` makes them, or of ssh."""
    ask: Callable[[str], str] | None = None
    """Asks for a passphrase; None where there is nobody to ask."""


NO_KEY = Unlock()

_MOST_KEYS = 1 << 20
"""Bytes of a file of keys that are read."""


def is_encrypted(path: str) -> bool:
    """Whether a file is one of age's. Raises InputUnreadable."""
    return _read(path, len(ARMOR)).startswith((BINARY, ARMOR))


def to_recipients(recipients: Sequence[str]) -> Callable[[bytes], bytes]:
    """Encrypts for the holders of these public keys: `age1...`, lines of ssh keys, or files of either.

    Raises ExtraMissing, UsageRefused for what is no public key, InputUnreadable.
    """
    pyrage = _pyrage()
    keys = [_recipient(pyrage, line) for each in recipients for line in _public_keys(each)]
    return lambda content: bytes(pyrage.encrypt(content, keys))


def with_passphrase(passphrase: str) -> Callable[[bytes], bytes]:
    """Encrypts for whoever knows a passphrase. Raises ExtraMissing, and UsageRefused for an empty one."""
    if not passphrase:
        raise UsageRefused(what="An empty passphrase protects nothing.")
    pyrage = _pyrage()
    return lambda content: bytes(pyrage.passphrase.encrypt(content, passphrase))


def decrypted(path: str, unlock: Unlock) -> bytes:
    """What an encrypted file holds.

    Raises KeyNeeded where nothing given opens it, ExtraMissing, InputUnreadable, and RecordDamaged where
    it was changed since it was encrypted.
    """
    pyrage = _pyrage()
    content = _read(path)
    has_passphrase = _SCRYPT in _header(content)
    if has_passphrase and unlock.ask is None:
        raise KeyNeeded(path=path, why="its passphrase is asked for on a terminal only")
    if not has_passphrase and not unlock.identities:
        raise KeyNeeded(path=path, why="no key was given. Name the file of yours: --identity FILE")
    try:
        if has_passphrase and unlock.ask is not None:
            return bytes(pyrage.passphrase.decrypt(content, unlock.ask(f"Passphrase of {path}")))
        keys = [key for file in unlock.identities for key in _identities(pyrage, file)]
        return bytes(pyrage.decrypt(content, keys))
    except pyrage.DecryptError as error:
        if str(error) in _NO_KEY:
            what = "that is not its passphrase" if has_passphrase else "none of the keys given opens it"
            raise KeyNeeded(path=path, why=what) from None
        raise RecordDamaged(path=path, why="it was changed since it was encrypted") from None


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError:
        from medtrack.packages import added

        raise ExtraMissing(what="An encrypted file", package="pyrage", how=added("pyrage")) from None
    return pyrage


def _public_keys(typed: str) -> list[str]:
    """The public keys that were typed: one, or those of a file, one a line, without its comments."""
    if typed.startswith(("age1", "ssh-")):
        return [typed]
    if typed.upper().startswith("AGE-SECRET-KEY-"):
        raise UsageRefused(
            what="That is a secret key: name its public one, which 'age-keygen -y FILE' shows."
        )
    return _lines(typed)


def _recipient(pyrage: Any, line: str) -> object:
    kind = pyrage.ssh if line.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(line)
    except pyrage.RecipientError:
        shown = line if line.startswith(("age1", "ssh-")) else "A line of the file"
        raise UsageRefused(
            what=f"{shown} is not a public key of age or ssh: it begins with age1, ssh-ed25519 or ssh-rsa."
        ) from None


def _identities(pyrage: Any, file: str) -> list[object]:
    lines = _lines(file)
    try:
        if any(line.startswith("-----BEGIN ") for line in lines):
            return [pyrage.ssh.Identity.from_buffer(_read(file, _MOST_KEYS))]
        return [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        raise InputUnreadable(path=file, why="it holds no secret key of age or ssh that is open") from None


def _lines(file: str) -> list[str]:
    """The lines of a file of keys, without blank ones and comments; at least one."""
    try:
        content = _read(file, _MOST_KEYS)
        # A device can go on without an end.
        if len(content) == _MOST_KEYS:
            raise InputUnreadable(path=file, why="it is too long for a file of keys")
        text = content.decode("ascii")
    except UnicodeDecodeError:
        raise InputUnreadable(path=file, why="it is not a file of keys") from None
    lines = [line.strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    if not kept:
        raise InputUnreadable(path=file, why="there is no key in it")
    return kept


def _header(content: bytes) -> bytes:
    """The first lines of an encrypted file, whether it is in ASCII armour or not."""
    if content.startswith(BINARY):
        return content[:_HEADER]
    try:
        return binascii.a2b_base64(b"".join(content[:_HEADER].splitlines()[1:9]))
    except binascii.Error:
        return b""


def _read(path: str, most: int = -1) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(most)
    except OSError as error:
        raise InputUnreadable(path=path, why=(error.strerror or str(error)).lower()) from None
