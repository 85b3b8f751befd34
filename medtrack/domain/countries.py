"""Countries by their codes (ISO 3166-1 alpha-2): they say what medicine a brand is, and whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from medtrack.errors import UsageRefused

from .names import folded

_ALSO = {"UK": "GB", "USA": "US"}
"""What people type for a code that is another one."""
_MOST = 3


def read_country(typed: str, known: Mapping[str, str]) -> str:
    """The code of a country, of `known` codes with their English names. Raises UsageRefused.

    A name is not taken for its code, but the code is offered.
    """
    code = _ALSO.get(typed.upper(), typed.upper())
    if code in known:
        return code
    meant = _meant(folded(typed), known)
    offered = " or ".join(f"{each} ({known[each]})" for each in meant)
    hint = f" Did you mean {offered}?" if meant else " It is a code of ISO 3166, like US or GB."
    raise UsageRefused(
        what=f"--country is a code of two letters, and {typed[:40]!r} is none of a country.{hint}"
    )


def _meant(key: str, known: Mapping[str, str]) -> list[str]:
    """The codes of the names that begin with what was typed, else of those that are nearly it."""
    names = {folded(name): code for code, name in known.items()}
    begin = [code for name, code in names.items() if name.startswith(key)]
    near = [names[name] for name in get_close_matches(key, names, n=_MOST, cutoff=0.75)]
    return begin[:_MOST] or near
