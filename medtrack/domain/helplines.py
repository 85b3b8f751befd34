"""Where to get help now, by country: what is said whenever somebody thinks of dying or of self-harm.

The numbers are in `medtrack/knowledge/helplines.toml`, each with its source. What the person wrote down for
themselves (the setting `crisis`) comes first; nothing takes the rest away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_EMERGENCY = (
    "your emergency number (112 in Europe, 911 in the US and Canada, 999 in the UK, 000 in Australia)"
)
"""112 is the number of every country of the EU (Directive 2018/1972, article 109)."""
_SETTING = 'medtrack settings crisis "NAME NUMBER"'


class Helpline(NamedTuple):
    """Whom to call in one country."""

    emergency: str
    line: str
    """The name of the line, and how to reach it."""
    source: str


def say_help(lines: Mapping[str, Helpline], country: str | None, own: str | None) -> list[str]:
    """Where to get help now: the emergency number, a line to talk to, and what is missing for that."""
    found = lines.get(country or "")
    said = [
        "You need not be alone with thoughts of dying or of hurting yourself: talk to somebody now.",
        f"If you might act on them, or have hurt yourself: call {emergency(lines, country)}.",
    ]
    if own:
        said.append(f"You wrote down for this: {own}.")
    if found is not None:
        said.append(f"To talk: {found.line}.")
    elif country is None:
        said.append(
            "To talk: findahelpline.com lists a line for your country, which is not written down"
            " (medtrack profile --country US)."
        )
    else:
        said.append(f"To talk: findahelpline.com lists a line for {country}; medtrack knows none.")
    if not own:
        said.append(f"Somebody of your own to name here: {_SETTING}")
    return said


def emergency(lines: Mapping[str, Helpline], country: str | None) -> str:
    """The emergency number of a country, or how it is found."""
    found = lines.get(country or "")
    return _EMERGENCY if found is None else found.emergency
