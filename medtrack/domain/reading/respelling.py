"""A person's own words without error-prone notation, for advice, reasons and what a refusal repeats.

The rest of a prescription is understood and said in medtrack's own words; these are printed as typed, so
what gets misread in them (`notation` says why) is spelled out, and what has two meanings is asked about.
"""

from __future__ import annotations

import re

from medtrack.domain.amounts import UNITS
from medtrack.errors import NotSettled

from .notation import ABBREVIATIONS, ASKED, NAMES_IN_FULL, SIGNS, every_evening_at

_AFTER_NUMBER = frozenset(["u", "iu", "ug", "cc"])
"""Short forms of units, which are words or names where no number stands before them."""
_ONLY_CAPITALS = frozenset(["ad", "as", "au", "os", "ou"])
"""Short forms that are plain words, here or elsewhere, in small letters."""
_NOT_DANGEROUS = frozenset(["pm", "sos"])
"""Asked about in a timing, and harmless in a remark."""
_UNSETTLED_NAMES = ("ms", "hct")
_SPOKEN = {"<": "less than", ">": "more than"} | {sign: meant.means for sign, meant in SIGNS.items()}
_MEASURE = r"(?:mg|mcg|ml|g|units?|mmol|kg)"


def _pointed(short: str) -> str:
    """A short form with or without its points: 'qd', 'q.d.'."""
    return r"\.?".join(map(re.escape, short))


_SHORT = "|".join(
    _pointed(short)
    for short, meant in sorted(ABBREVIATIONS.items(), key=lambda pair: -len(pair[0]))
    if meant.risk and short not in _AFTER_NUMBER
)
_NAME = "|".join(sorted(NAMES_IN_FULL, key=len, reverse=True))
_STEPS: tuple[tuple[str, str], ...] = (
    (r"[µμ](?=g\b)", "mc"),
    (r"(?<![\w.,])\.(?=\d)", "0."),
    (r"(?<![\w.,/-])(\d[\d,]*)\.0+(?![\d/.-])", r"\1"),
    (r"(?<![\w.,/-])(\d[\d,]*\.\d*[1-9])0+(?![\d/.-])", r"\1"),
    (rf"(?i)(?<=\d)(?={_MEASURE}\b)", " "),
    (r"(?<=\d)\s?[lL]\b", " L"),
    (r"(?i)\bx\s?(\d+)\s?d\b", r"for \1 days"),
    (r"(?<!\d )\b1/2 (?=tab|cap)", "half a "),
    (r"(?i)\bsub[- ]q\b", "subcutaneous"),
)


def respell(text: str) -> str:
    """The text with its error-prone notation spelled out; what cannot be settled is left as it is."""
    text = re.sub(rf"(?i)\b(?:{_NAME})\b", lambda found: NAMES_IN_FULL[found.group().lower()], text)
    for pattern, written in _STEPS:
        text = re.sub(pattern, written, text)
    text = re.sub(
        r"(?i)(?<![:\d])(\d+)\s*(iu|u|ug|cc)\b",
        lambda found: f"{found[1]} {ABBREVIATIONS[found[2].lower()].writes}",
        text,
    )
    text = re.sub(rf"(?<![\w.,/-])\d{{4,}}(?=\s*{_MEASURE}\b)", lambda found: f"{int(found.group()):,}", text)
    text = re.sub(r"(?i)\bq(\d\d?)([ap])m\b", lambda found: every_evening_at(found[1], found[2]), text)
    text = re.sub(rf"(?i)(?<![\w.])(?:{_SHORT})\b\.?(?!\w)", _in_full, text)
    text = re.sub(r"(?<=\d)\s*°(?!\s*[CF])", " hours", text)
    text = re.sub(r"°(?!\s*[CF])", "degrees", text)
    return re.sub(r"\s*[@&+<>]\s*", _speak, text)


def plain_words(text: str) -> str:
    """The person's own words as medtrack prints them; raises NotSettled for a short form of two meanings."""
    if text.isupper():
        text = re.sub(r"\bAS\b", "as", text)  # in capitals throughout it is the word
    for word in re.findall(r"[^\W_]+(?:[./][^\W_]+)*", text):
        short = word.lower().replace(".", "")
        if short in _UNSETTLED_NAMES and word.isupper():
            raise NotSettled(what="A short name in these words is misread as another. Type it in full.")
        if short in ASKED and short not in _NOT_DANGEROUS | UNITS.keys():
            if short in _ONLY_CAPITALS and not word.isupper():
                continue
            raise NotSettled(what=ASKED[short])
    return respell(text)


def _in_full(found: re.Match[str]) -> str:
    short = found.group().lower().replace(".", "")
    return ABBREVIATIONS[short].writes or ABBREVIATIONS[short].means


def _speak(found: re.Match[str]) -> str:
    sign = found.group().strip()
    joins_before = found.string[: found.start()][-1:] not in ("", "'", "(")
    joins_after = found.string[found.end() :][:1] not in ("", "'", ")")
    return " " * joins_before + _SPOKEN[sign] + " " * joins_after
