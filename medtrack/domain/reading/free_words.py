"""The only words of a prescription that are the person's own: a medication's name, and a reason."""

from __future__ import annotations

import re

from medtrack.domain.amounts import UNITS

from .phrases import patterns, phrases
from .spelling import NUMBER_WORDS, SAME

THEN = re.compile(r"(?:[,;.] )*(?:and )?(?:then|followed by|-- >)(?! \d+ (?:day|week) off)(?![^\s])")
"""What leads from one step of a sequence to the next."""

_STOPPERS = frozenset(
    ["max", "gap", "cycle", "rate", "days", "times", "bounds", "prn", "month", "year", "amount"]
)
_LEADS = re.compile(r"(?:at|in|on|before|after|with|every|\d+) ")
_LONGEST_NAME = 60
_HOW = (
    "a an the be is are to of and or if when not no do it this that then every per with without in on at by "
    "from until before after more than less only about may might can patient doctor please directed half "
    "quarter double triple extra sliding scale loading increase decrease reduce taper hold avoid never skip "
    "up down"
)
_NO_NAME = frozenset(_HOW.split())
_HOW_LONG = (
    "about around approximately not no if unless until except more less than only but while when next least "
    "few several couple long life now ever day days week weeks month months year years hour hours minute "
    "minutes"
)
_NO_REASON = frozenset(_HOW_LONG.split())


def end_of_words(said: str, start: int, *, in_reason: bool) -> int:
    """Where free words end: at a sign, or a phrase that says something else; a name also ends at a number."""
    at = start
    while at < len(said):
        stop = said.find(" ", at)
        stop = len(said) if stop < 0 else stop
        word = said[at:stop]
        joins_names = not in_reason and word == "/" and at > start and said[stop + 1 : stop + 2].isalpha()
        if not joins_names:
            if not word[0].isalnum() or (not in_reason and word[0].isdigit()) or THEN.match(said, at):
                break
            if _says_something_else(said, at, in_reason=in_reason):
                break
        at = stop + 1
    return max(start, at - 1)


def is_name(typed: str) -> bool:
    """Whether these words can be a medication's name: none of them says how to take it."""
    words = typed.lower().split()
    known = any(
        word in _NO_NAME or word in SAME or word in NUMBER_WORDS or (word in UNITS and len(word) > 1)
        for word in words
    )
    return 0 < len(typed) <= _LONGEST_NAME and not known and typed[0].isalpha()


def is_reason(typed: str) -> bool:
    """Whether these words can be a reason: none of them is about time or makes a condition."""
    words = typed.lower().split()
    return bool(words) and words[0] != "to" and not _NO_REASON & set(words)


def _says_something_else(said: str, at: int, *, in_reason: bool) -> bool:
    found = patterns()
    if not in_reason and (found["form"].match(said, at) or found["kind"].match(said, at)):
        return True
    for phrase in phrases():
        match = phrase.pattern.match(said, at)
        if match is None or phrase.kind == "bare":
            continue
        if not in_reason:
            return True
        if phrase.kind in _STOPPERS:
            return phrase.kind != "amount" or said[at].isdigit()
        if phrase.kind == "when" and _LEADS.match(match.group()):
            return True
    return False
