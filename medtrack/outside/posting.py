"""Sending to one of the services that apprise knows; its address may hold a secret and is never printed."""

from __future__ import annotations

import logging
import re
import warnings
from contextvars import ContextVar

_UNREADABLE = "the address is not one apprise can read"
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)
"""What apprise says while it sends one message: a context goes along into the threads it makes."""


class _Listener(logging.Handler):
    """Keeps what apprise would print, for the one who sends."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line, and print nothing."""
        lines = _heard.get()
        if lines is not None:
            lines.append(record.getMessage())


_LISTENER = _Listener(logging.WARNING)


def why_unknown(url: str) -> str | None:
    """Why apprise cannot send to an address; None where it can try. Nothing is sent."""
    _hush()
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        return _missing()
    asset = AppriseAsset(storage_mode="memory")
    return None if Apprise.instantiate(url, asset=asset) is not None else _UNREADABLE


def post(url: str, title: str, text: str) -> str | None:
    """Send a text to a service; gives None once the service took it, else why not, without the address.

    It takes as long as the service lets it: the caller bounds the time.
    """
    _hush()
    try:
        from apprise import Apprise, AppriseAsset, NotifyFormat
    except ImportError:
        return _missing()
    lines: list[str] = []
    token = _heard.set(lines)
    try:
        # No files of its own, and codes like :pill: stay as they were typed.
        asset = AppriseAsset(async_mode=False, storage_mode="memory", interpret_emojis=False)
        service = Apprise.instantiate(url, asset=asset)
        if service is None:
            return _UNREADABLE
        sender = Apprise(asset=asset)
        sender.add(service)
        if sender.notify(body=text, title=title, body_format=NotifyFormat.TEXT):
            return None
    finally:
        _heard.reset(token)
    # 'error=403.' is how apprise ends a line about an answer that is no success.
    answers = re.findall(r"\berror=([1-5]\d\d)\b", " ".join(lines))
    return f"the service answered with error {answers[-1]}" if answers else "the service cannot be reached"


def _missing() -> str:
    from medtrack.packages import added

    return f"apprise is not installed: {added('apprise')}"


def _hush() -> None:
    """Keep what apprise and the libraries below it say off the screen: it may hold the address."""
    # Where nobody handles a logger's lines, Python prints them as a last resort.
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    said = logging.getLogger("apprise")
    said.propagate = False
    if _LISTENER not in said.handlers:
        said.addHandler(_LISTENER)
    warnings.simplefilter("ignore")
