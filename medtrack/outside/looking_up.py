"""The only way to another machine: one question at a time, and only where the person asked for it.

Addresses are https, or plain http on this machine itself, where tests and mirrors listen. A redirection is
not followed: it would carry a medicine's name to somebody who was not named beforehand.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from medtrack.domain.online import SERVICES, Answer
from medtrack.errors import UsageRefused

PATIENCE = 10.0
"""Seconds to wait for an answer."""
_LARGEST = 4 << 20
"""Bytes of an answer."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Straight(urllib.request.HTTPRedirectHandler):
    """Takes a redirection for an answer of no use."""

    def redirect_request(self, *_words: object, **_more: object) -> None:
        """Never go elsewhere."""
        return


def bases(environ: Mapping[str, str]) -> dict[str, str]:
    """Where each service is: at its own address, or where a variable like MEDTRACK_RXNAV_URL says.

    Raises UsageRefused for an address that is neither https nor on this machine.
    """
    found = {}
    for service, address in SERVICES.items():
        variable = f"MEDTRACK_{service.upper()}_URL"
        base = environ.get(variable) or address
        parts = _parts(base)
        if parts != ("https", False) and parts != ("http", True) and parts != ("https", True):
            raise UsageRefused(what=f"{variable} is an https address, or http on this machine, not {base!r}.")
        found[service] = base.rstrip("/")
    return found


def _parts(base: str) -> tuple[str, bool] | None:
    """The scheme of an address, and whether it is on this machine; None where it is no address."""
    try:
        parts = urlsplit(base)
        host = parts.hostname
    except ValueError:
        return None
    return (parts.scheme, host in _LOOPBACK) if host and not parts.query and not parts.fragment else None


def fetch(address: str) -> Answer:
    """Ask one address; whatever goes wrong is told in the answer."""
    # The scheme was checked with the base, which every address begins with.
    headers = {"Accept": "application/json", "User-Agent": "medtrack"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310
    handlers: list[urllib.request.BaseHandler] = [_Straight()]
    if (urlsplit(address).hostname or "") in _LOOPBACK:
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return _read(answer, answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return _refused(error)
    except (TimeoutError, urllib.error.URLError, ssl.SSLError, http.client.HTTPException, OSError) as error:
        return Answer(0, "", _why(error))


def _read(answer: http.client.HTTPResponse | urllib.error.HTTPError, status: int) -> Answer:
    body = answer.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        return Answer(0, "", "the answer is too large")
    return Answer(status, body.decode("utf-8", "replace"))


def _refused(error: urllib.error.HTTPError) -> Answer:
    if error.code == 404:
        return _read(error, 404)
    if error.code in (403, 429):
        return Answer(0, "", "it was asked too often; try again later")
    if 300 <= error.code < 400:
        return Answer(0, "", "it points elsewhere, which is not followed")
    return Answer(0, "", f"it answered with error {error.code}")


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"no answer within {PATIENCE:.0f} seconds"
    if isinstance(reason, ssl.SSLError):
        return "its certificate could not be checked"
    return "it could not be reached"
