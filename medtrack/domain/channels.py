"""Channels: the ways by which a reminder reaches somebody."""

from __future__ import annotations

import shlex
from typing import NamedTuple
from unicodedata import category, normalize

from medtrack.errors import BadText, UsageRefused

KINDS = ("stdout", "desktop", "command", "url")

LONGEST_NAME = 30
LONGEST_TARGET = 4_000
"""Characters of a command or an address; what is longer was not typed for one."""


class Channel(NamedTuple):
    """One way to reach somebody, under the name it was given."""

    name: str
    kind: str
    """'stdout', 'desktop', 'command' or 'url'."""
    target: tuple[str, ...] = ()
    """The command's argument list; for 'url' the address alone, which may hold a secret."""
    names: bool = False
    """Whether what is sent may name medications."""


def read_channel_name(text: str) -> str:
    """A channel's name as it is stored: letters, digits, - and _, at most 30. Raises BadText."""
    name = normalize("NFC", text.strip())
    # The vowel signs of Hindi, Thai and Tamil words are marks, not letters; none begins a word.
    strange = [
        sign
        for at, sign in enumerate(name)
        if not (sign.isalnum() or sign in "-_" or (at and category(sign)[0] == "M"))
    ]
    why = None
    if not name:
        why = "it is empty"
    elif strange:
        why = f"{strange[0]!r} is not a letter, a digit or one of - _"
    elif name.startswith("-"):
        why = "it begins with - as an option does"
    elif len(name) > LONGEST_NAME:
        why = f"it is longer than {LONGEST_NAME} characters"
    if why is not None:
        raise BadText(what="channel's name", why=why)
    return name


def read_command(text: str) -> tuple[str, ...]:
    """The argument list of a command as it is typed for a shell: quotes group, nothing else is interpreted.

    Raises UsageRefused, which never repeats the command: its arguments may hold a secret.
    """
    why = None
    words: list[str] = []
    try:
        words = shlex.split(text)
    except ValueError:
        why = "a quotation mark or a backslash is left open at its end"
    if why is None and (not words or not words[0].strip()):
        why = "it names no program"
    elif "\0" in text:
        why = "it holds a NUL character, which no argument does"
    elif len(text) > LONGEST_TARGET:
        why = f"it is longer than {LONGEST_TARGET:,} characters"
    if why is not None:
        raise UsageRefused(what=f"The channel's command cannot be read: {why}.")
    return tuple(words)


def read_url(text: str) -> str:
    """The address of a service, as apprise writes them: one line, with a scheme.

    Raises UsageRefused, which never repeats the address: it may hold a secret.
    """
    url = text.strip()
    why = None
    if not url:
        why = "it is empty"
    elif len(url.splitlines()) > 1:
        why = "it has more than one line"
    elif any(category(sign)[0] == "C" for sign in url):
        why = "it holds a character that cannot be printed"
    elif not _scheme(url):
        why = "it does not begin with a scheme, like ntfy:// or mailto://"
    elif len(url) > LONGEST_TARGET:
        why = f"it is longer than {LONGEST_TARGET:,} characters"
    if why is not None:
        raise UsageRefused(what=f"The channel's address cannot be read: {why}.")
    return url


def say_channel(channel: Channel) -> str:
    """Where a channel leads, without a secret: the program alone of a command, the scheme of an address."""
    if channel.kind == "command":
        return f"command {channel.target[0]}"
    if channel.kind == "url":
        return f"url {_scheme(channel.target[0])}://…"
    return channel.kind


def _scheme(url: str) -> str:
    """What stands before :// in lower case; '' where there is no scheme or nothing follows it."""
    scheme, mark, rest = url.partition("://")
    known = scheme.isascii() and scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").isalnum()
    return scheme.lower() if mark and rest and known else ""
