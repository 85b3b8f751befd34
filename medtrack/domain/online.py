"""What is asked of public services about medicines, and what their answers say.

Three services of the US: RxNav (names and their numbers), openFDA (label texts) and MedlinePlus Connect
(pages for patients). RxNav's service for interactions was shut down in January 2024 and is not asked. What
leaves the machine is a name or a number of RxNorm, one at a time, and nothing about the person. Nothing is
ever taken from a missing answer: no hit is no reassurance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

RXNAV, OPENFDA, MEDLINEPLUS = "rxnav", "openfda", "medlineplus"
SERVICES = {
    RXNAV: "https://rxnav.nlm.nih.gov",
    OPENFDA: "https://api.fda.gov",
    MEDLINEPLUS: "https://connect.medlineplus.gov",
}
"""The services and where they are."""
_RXNORM = "2.16.840.1.113883.6.88"
"""The number (OID) by which HL7 knows RxNorm."""
_LONGEST_QUOTE = 320
_MOST_QUOTES = 2
_MOST_CANDIDATES = 4


class Answer(NamedTuple):
    """What came back for one address."""

    status: int
    """The HTTP status; 0 where nothing came back."""
    body: str
    why: str = ""
    """Why nothing of use came back."""


class Label(NamedTuple):
    """What a label says, as openFDA has it."""

    interactions: str
    boxed: str
    """Empty where it has no boxed warning."""
    address: str
    """Where the whole label is; empty where that is not known."""


class Page(NamedTuple):
    """A page for patients."""

    title: str
    address: str


# --- what is asked -----------------------------------------------------------------------------------


def ask_number(name: str) -> str:
    """The address, below the service, that gives the RxCUI of a name."""
    return f"/REST/rxcui.json?name={quote(name, safe='')}&search=2"


def ask_near_names(term: str) -> str:
    """The address that gives what is spelled like a term."""
    return f"/REST/approximateTerm.json?term={quote(term, safe='')}&maxEntries={_MOST_CANDIDATES}&option=1"


def ask_name(number: str) -> str:
    """The address that gives the name of an RxCUI."""
    return f"/REST/rxcui/{quote(number, safe='')}/properties.json"


def ask_label(name: str) -> str:
    """The address that gives a label of a medicine that has a section on interactions."""
    plain = name.replace('"', " ")
    words = f'openfda.generic_name:"{plain}" AND _exists_:drug_interactions'
    return f"/drug/label.json?search={quote(words, safe='')}&limit=1"


def ask_page(number: str) -> str:
    """The address that gives the page for patients about an RxCUI."""
    return (
        f"/service?mainSearchCriteria.v.cs={_RXNORM}&mainSearchCriteria.v.c={quote(number, safe='')}"
        "&knowledgeResponseType=application%2Fjson"
    )


# --- what is answered --------------------------------------------------------------------------------


def _document(body: str) -> Any:
    """The answer as plain data; None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(document: Any, *path: str | int) -> Any:
    """What stands at a place in plain data; None where there is no such place."""
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _text(value: Any) -> str:
    """Text, or the texts of a list, on one line."""
    parts = value if isinstance(value, list) else [value]
    return " ".join(" ".join(part.split()) for part in parts if isinstance(part, str))


def is_readable(body: str) -> bool:
    """Whether an answer is plain data at all, and not some page of an error."""
    return isinstance(_document(body), dict)


def read_number(body: str) -> str | None:
    """The RxCUI in an answer."""
    number = _at(_document(body), "idGroup", "rxnormId", 0)
    return number if isinstance(number, str) and number.isdecimal() else None


def read_near_numbers(body: str) -> list[str]:
    """The RxCUIs that are offered for a term, each once, best first."""
    found = _at(_document(body), "approximateGroup", "candidate")
    numbers = [_at(each, "rxcui") for each in found] if isinstance(found, list) else []
    return list(dict.fromkeys(each for each in numbers if isinstance(each, str) and each.isdecimal()))


def read_name(body: str) -> str | None:
    """The name in the properties of an RxCUI."""
    return _text(_at(_document(body), "properties", "name")) or None


def read_label(body: str) -> Label | None:
    """The label in an answer of openFDA."""
    result = _at(_document(body), "results", 0)
    interactions = _text(_at(result, "drug_interactions"))
    boxed = _text(_at(result, "boxed_warning"))
    if not interactions and not boxed:
        return None
    number = _text(_at(result, "set_id"))
    known = re.fullmatch(r"[0-9A-Fa-f-]{36}", number)
    address = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={number}" if known else ""
    return Label(interactions, boxed, address)


def read_page(body: str) -> Page | None:
    """The first page in an answer of MedlinePlus Connect."""
    entry = _at(_document(body), "feed", "entry", 0)
    title = _text(_at(entry, "title", "_value") or _at(entry, "title"))
    address = _text(_at(entry, "link", 0, "href"))
    # Only its own pages: an address is something people click on.
    if not title or not re.match(r"https://(?:[\w-]+\.)*medlineplus\.gov(?:/|$)", address):
        return None
    return Page(title, address)


def sentences_naming(text: str, names: Iterable[str]) -> list[str]:
    """The sentences of a label that name a medicine by one of its names, cut to a length people read."""
    words = [re.escape(name) for name in names if len(name) > 3]
    if not words:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    found = []
    for sentence in re.split(r"(?<=[.;:!?])\s+(?=[A-Z0-9(•])", text):
        match = pattern.search(sentence)
        if match is not None:
            found.append(_cut(sentence, match.start()))
    return list(dict.fromkeys(found))[:_MOST_QUOTES]


def first_words(text: str) -> str:
    """The beginning of a long text."""
    return _cut(text, 0)


def _cut(text: str, around: int) -> str:
    """So much of a text about one place as people read."""
    if len(text) <= _LONGEST_QUOTE:
        return text
    start = max(0, min(around - _LONGEST_QUOTE // 2, len(text) - _LONGEST_QUOTE))
    before, after = "..." if start else "", "..." if start + _LONGEST_QUOTE < len(text) else ""
    return f"{before}{text[start : start + _LONGEST_QUOTE].strip()}{after}"
