"""The words of a prescription, spelled one way: short forms written out, numbers exact, plurals dropped.

Everything that follows reads this one spelling: 'Take 1-2 TABS q4-6h prn' becomes
'take 1~2 tablet every 4~6 hour as needed'. A number is a decimal or a fraction, `~` is 'to', a clock time
is `t08:00`, a date `d2026-03-08`, a day of the year `y02-29`, an ordinal `#15`, a strength of two
ingredients `=30/500`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.amounts import UNITS, exact, read_number
from medtrack.domain.wording import MONTHS
from medtrack.errors import NotSettled

from .moments import clock_of_digits, day_word, is_clock, read_clock, read_date
from .notation import ABBREVIATIONS, ASKED, SIGNS, every_evening_at, warn_of, warn_of_numbers
from .spelling import NUMBER_WORDS, SAME, correct
from .strokes import ask_about_fraction, check_fraction, check_separators, check_span_of_times

LONGEST = 1_000
"""Characters; a longer text is no prescription line and is not read at all."""

_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)
_TOKEN = re.compile(
    rf"""
      (?P<rrule>(?:RRULE:)?FREQ=[A-Z0-9=;,+-]+)
    | (?P<iso>\d{{4}}-\d\d?-\d\d?)(?![\d/:-]|\.\d)
    | (?P<numeric>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}})(?!\d)
    | (?P<span_month>{_MONTH})\ (?P<span_first>\d{{1,2}})-(?P<span_last>\d{{1,2}}),?\ (?P<span_year>\d{{4}})
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{_MONTH})\b(?:,?\ (?P<year>\d{{4}}))?
    | (?P<month_first>{_MONTH})\ (?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?\b(?![-/:.]\d)
      (?:,?\ (?P<year_last>\d{{4}}))?
    | (?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::00)?(?:\s?(?P<half>[ap])\.?m\b\.?)?
    | (?P<hour_alone>\d{{1,2}})(?P<gap>\s?)(?P<half_alone>[ap])\.?m\b\.?
    | (?P<military>\d{{4}})(?:\s?hours|\s?hrs|h)\b
    | (?P<span>\d+)(?P<span_unit>[dwh])\b
    | (?P<by>x)(?=\d)
    | (?P<ordinal>\d{{1,2}})(?:st|nd|rd|th)\b
    | (?P<pair>(?:\d{{2,}}(?:\.\d+)?|\d\.\d+|\d(?=/\d{{3}}))/\d+(?:\.\d+)?)(?![\dhdw]|/\d)
    | (?P<number>\d+\ +(?:1/2|[12]/3|[13]/4|[1-4]/5|[15]/6|[1357]/8)(?![/\d])
      |\d+/\d+(?![hdw\d])|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d*\.\d+|\d+)
    | (?P<per_day>d/c)\b
    | (?P<pointed>[a-z](?:\.[a-z\d]+)+)\b\.?
    | (?P<word>[^\W\d_](?:[^\W_]|['-](?=[^\W_]))*)
    | (?P<sign>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EVERY_N = re.compile(r"q(\d+)(?:-(\d+))?(h|hr|hrs|hours?|d|days?|w|wk|weeks?|min|mins|mo|am|pm)")
_PLAIN = str.maketrans(
    {
        0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2010: "-", 0x2011: "-", 0x2013: "-",
        0x2014: "-",
        0x2212: "-", 0xB5: "u", 0x3BC: "u", 0xD7: "x", 0xA0: " ", 0x202F: " ",
    }
)  # fmt: skip
"""Quotes, dashes, the micro sign, the multiplication sign and fixed spaces, to what a keyboard has."""
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_UNITS_OF_TIME = {"h": "hour", "d": "day", "w": "week", "mi": "min", "mo": "month"}
_ROMAN = re.compile(
    r"(?:^|(?<=take )|(?<=[,;:] ))i{1,3}(?= (?:tab|cap|puff|drop))"
    r"|(?:(?<=tabs )|(?<=caps )|(?<=tablets )|(?<=capsules ))i{1,3}"
    r"(?= (?:bd|bid|tds|tid|qds|qid|daily|mane|nocte)\b)",
    re.IGNORECASE,
)
"""Apothecaries' numbers, where an amount begins."""
_SPREAD_OUT = (
    (re.compile(r"\bM[ /]W[ /]F\b"), "Mon, Wed, Fri"),
    (re.compile(r"\bM-F\b"), "Mon-Fri"),
    (re.compile(r"\bsub[ -]q\b", re.IGNORECASE), "subq"),
)
"""Short forms of several words, each to one that the table of abbreviations or of days has."""
_NAMED_MEAL = re.compile(r" (?:(?:the|your) )?(?:breakfast|lunch|dinner|supper|tea)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+|/\d+)?")
_JOINING = frozenset(SAME.values()) | {"and", "the", "in", "at", "every", "or", "cream", "ointment", "gel"}


class Word(NamedTuple):
    """One word as spelled here, and where it stood in the text."""

    said: str
    start: int
    end: int


class Words(NamedTuple):
    """A prescription in one spelling, with the way back to what was typed."""

    said: str
    text: str
    places: tuple[int, ...]
    """Where in `said` each word begins."""
    words: tuple[Word, ...]
    warnings: tuple[str, ...]

    def typed(self, start: int, end: int) -> str:
        """What was typed for this stretch of `said`."""
        first = self.words[bisect_right(self.places, start) - 1]
        last = self.words[max(bisect_right(self.places, max(end - 1, start)) - 1, 0)]
        return self.text[first.start : last.end]


def read_words(text: str, today: date | None = None) -> Words:
    """Spell a prescription one way.

    Raises NotSettled for text over 1,000 characters, signs no prescription has, and short forms with
    two meanings; BadTime for a date or a clock time that cannot be; BadAmount for a number that cannot.
    """
    if len(text) > LONGEST:
        raise NotSettled(
            what=f"This text has {len(text):,} characters; a prescription line has at most {LONGEST:,}. "
            "Type one medication's line."
        )
    plain = " ".join(text.translate(_PLAIN).split())
    plain = _ROMAN.sub(lambda found: str(len(found.group())), plain)
    for spread, short in _SPREAD_OUT:
        plain = spread.sub(short, plain)
    for sign, spelled in _VULGAR.items():
        plain = re.sub(rf"(?<=\d) ?{sign}", f" {spelled}", plain)
        decimal = exact(Fraction(spelled))
        plain = plain.replace(sign, decimal if "/" not in decimal else spelled)
    if re.search(r"(?<![\d/-])\d-\d-\d(?:-\d)?(?![\d/-])", plain):
        raise NotSettled(
            what="Numbers joined like '1-0-1' give each time of day by its place alone. Type the times: "
            "'1 tablet in the morning and 1 tablet in the evening'."
        )
    strange = re.search(r"(?![0-9])\d|[^\w\s.,;:/()\[\]%'\"=@&+*°<>!?#~-]", plain)
    if strange:
        raise NotSettled(what=f"{strange.group()!a} is no part of a prescription. Type it in words.")
    check_separators(plain)
    warnings = list(warn_of_numbers(text))
    words = [_date_word(word, today) for word in _spell(plain, warnings)]
    check_span_of_times([word.said for word in words])
    words = _join_numbers(words)
    places: list[int] = []
    position = 0
    for word in words:
        places.append(position)
        position += len(word.said) + 1
    said = " ".join(word.said for word in words)
    return Words(said, plain, tuple(places), tuple(words), tuple(dict.fromkeys(warnings)))


def _spell(plain: str, warnings: list[str]) -> list[Word]:
    words: list[Word] = []
    for match in _TOKEN.finditer(plain):
        start, end = match.span()
        typed = match.group()
        if match["rrule"]:
            words.append(Word("rrule", start, end))
        elif match["span_month"]:
            for day in (match["span_first"], match["span_last"]):
                words.append(Word(day_word(match, match["span_month"], day, match["span_year"]), start, end))
            words.insert(-1, Word("to", start, end))
        elif match["iso"] or match["numeric"] or match["month"] or match["month_first"]:
            words.append(Word(read_date(match), start, end))
        elif match["hour"] or match["hour_alone"] or match["military"]:
            words.append(Word(read_clock(match, [word.said for word in words]), start, end))
        elif match["span"]:
            words.append(Word(exact(read_number(match["span"])), start, end - 1))
            words.append(Word(_UNITS_OF_TIME[match["span_unit"].lower()], end - 1, end))
        elif match["ordinal"]:
            words.append(Word("#" + match["ordinal"].lstrip("0"), start, end))
        elif match["pair"] or match["number"]:
            words.extend(_spell_numbers(match, plain, words, warnings))
        elif match["by"] or match["per_day"] or match["pointed"] or match["word"]:
            words.extend(_spell_word(typed, start, end, words, plain, warnings))
        else:
            words.extend(_spell_sign(typed, plain, start, end, warnings))
    return words


def _date_word(word: Word, today: date | None) -> Word:
    """'today' and 'tomorrow' as the dates they are, where the day is known."""
    ahead = {"today": 0, "tomorrow": 1}.get(word.said)
    if ahead is None or today is None:
        return word
    return word._replace(said=f"d{(today + timedelta(days=ahead)).isoformat()}")


def _spell_numbers(match: re.Match[str], plain: str, before: list[Word], warnings: list[str]) -> list[Word]:
    """A number, a pair like '30/500', a clock time of four digits, or the length 'for 5/7'."""
    typed, (start, end), is_pair = match.group(), match.span(), match["pair"] is not None
    said = [word.said for word in before[-2:]]
    if is_clock(typed, said, plain[end:]):
        return [Word(clock_of_digits(typed), start, end)]
    length = re.fullmatch(r"([1-9]\d?)/(7|52|12)", typed)
    if length and said[-1:] in (["for"], ["x"]):
        number, unit = length[1], {"7": "day", "52": "week", "12": "month"}[length[2]]
        written = f"for {number} {unit}{'s'[: number != '1']}"
        warnings.append(
            f"The short form for '{written}' can be misread as a date or a fraction; "
            f"medtrack writes '{written}'."
        )
        slash = start + len(number)
        return [Word(number, start, slash), Word(unit, slash, end)]
    if length:
        raise NotSettled(what=ask_about_fraction(typed))
    if is_pair:
        return [Word("=" + typed, start, end)]
    said_number = _spell_number(typed, plain, start, end)
    check_fraction(typed, plain[end:])
    return [Word(said_number, start, end)]


def _spell_number(typed: str, plain: str, start: int, end: int) -> str:
    """One exact number."""
    if plain[end : end + 2] in (". ", " .") and plain[end + 2 : end + 3].isdigit() and plain[end] == ".":
        raise NotSettled(
            what=f"'{typed}. {plain[end + 2]}' can be one number or two. Type '{typed}.{plain[end + 2]}' "
            "without the space if it is one."
        )
    if (
        start
        and plain[start - 1] == "-"
        and (start == 1 or plain[start - 2].isspace())
        and not plain[:start].rstrip("-").rstrip()[-1:].isdigit()
    ):
        read_number("-" + typed)
    if re.fullmatch(r"[1-9]\d{0,2}\.\d\d0", typed):
        raise NotSettled(
            what=f"'{typed}' can be {exact(read_number(typed))} or, with a point between thousands, "
            f"{int(typed.replace('.', '')):,}. Type it as one of these."
        )
    return exact(read_number(typed))


def _spell_word(
    typed: str, start: int, end: int, before: list[Word], plain: str, warnings: list[str]
) -> list[Word]:
    lower = typed.lower()
    short = lower.replace(".", "")
    after_number = bool(before) and _NUMBER.fullmatch(before[-1].said) is not None
    if len(short) == 1 and short not in ("a", "x", "q", "@") and not after_number:
        return [Word(lower, start, end)]
    if short in ("d", "w") and after_number and [word.said for word in before[-2:-1]] in (["for"], ["x"]):
        return [Word(_UNITS_OF_TIME[short], start, end)]
    nth = _EVERY_N.fullmatch(short)
    if nth:
        return [Word(_spell_every(nth, warnings), start, end)]
    if (
        short in ASKED
        and not _is_part_of_name(short, before)
        and not _is_plain_english(short, typed, plain, end)
    ):
        if short != "hs" or not _means_bedtime(before):
            raise NotSettled(what=ASKED[short])
        warnings.append(
            "The short form for 'at bedtime' can be misread as half strength; medtrack writes 'at bedtime'."
        )
        said = "bedtime" if before[-1].said == "at" else "at bedtime"
        return [Word(said, start, end)]
    if short in ABBREVIATIONS and not _is_part_of_name(short, before):
        abbreviation = ABBREVIATIONS[short]
        if short in ("ac", "pc") and _NAMED_MEAL.match(plain, end):
            return [Word(abbreviation.means.partition(" ")[0], start, end)]
        if abbreviation.risk:
            warnings.append(warn_of(abbreviation))
        led = before[-1].said if before else ""
        said = abbreviation.means.rpartition(" ")[2] if led in ("the", "every", "in") else abbreviation.means
        return [Word(said if short == "am" else abbreviation.means, start, end)]
    return _spell_plain(typed, start, end, warnings, first=not before)


def _spell_plain(typed: str, start: int, end: int, warnings: list[str], *, first: bool) -> list[Word]:
    """A word that is no short form, its parts where hyphens join them, or the one it is a slip of."""
    lower = typed.lower()
    if "-" in lower:
        parts = lower.split("-")
        if all(part in SAME or part in NUMBER_WORDS or part in UNITS for part in parts):
            return _split_hyphens(parts, start)
    if lower in SAME or lower in NUMBER_WORDS or lower in UNITS:
        return [Word(SAME.get(lower) or NUMBER_WORDS.get(lower) or UNITS[lower].lower(), start, end)]
    corrected = correct(lower, first=first)
    if corrected is not None:
        warnings.append(f"{typed!r} was read as '{corrected}'.")
        return [Word(SAME.get(corrected) or UNITS.get(corrected) or corrected, start, end)]
    return [Word(lower, start, end)]


def _split_hyphens(parts: list[str], start: int) -> list[Word]:
    """The words of 'one-two', 'one-half', 'twenty-five', 'twice-daily'."""
    said = [SAME.get(part) or NUMBER_WORDS.get(part) or UNITS[part].lower() for part in parts]
    whole = Word("", start, start + len("-".join(parts)))
    if said == ["1", "half"]:
        return [whole._replace(said="0.5")]
    if len(said) == 2 and all(part.isdecimal() for part in said):
        low, high = map(int, said)
        tens = low >= 20 and high < 10
        return [whole._replace(said=str(low + high) if tens else f"{low}~{high}")]
    if len(said) == 2 and all(word.endswith("day") and word != "day" for word in said):
        return [whole._replace(said=" to ".join(said))]
    return [whole._replace(said=word) for word in said]


def _is_plain_english(short: str, typed: str, plain: str, end: int) -> bool:
    """Whether 'as' or 'ad' is a word: only capitals in a text that has small letters are short forms."""
    if short not in ("as", "ad"):
        return False
    is_needed = re.match(r" (?:needed|required|necessary|directed)", plain[end:], re.IGNORECASE)
    return not typed.isupper() or plain.isupper() or is_needed is not None


def _is_part_of_name(short: str, before: list[Word]) -> bool:
    """Whether a short form cannot be meant: 'U' without a number, or the 'PM' of a name like 'Tylenol PM'."""
    if short in ("u", "iu", "cc", "ug"):
        return not (before and _NUMBER.fullmatch(before[-1].said))
    if short not in ("am", "pm") or not before:
        return False
    no_amount_yet = not any(word.said[0].isdigit() for word in before)
    return no_amount_yet and before[-1].said.isalpha() and before[-1].said not in _JOINING


def _means_bedtime(before: list[Word]) -> bool:
    """HS is bedtime only after a whole dose or a frequency; after a strength it could be half strength."""
    return bool(before) and before[-1].said in (
        "at",
        "daily",
        "every day",
        "day",
        "tablet",
        "capsule",
        "by mouth",
        "mouth",
    )


def _spell_every(nth: re.Match[str], warnings: list[str]) -> str:
    low, high, unit = nth.groups()
    if unit in ("am", "pm"):
        written = every_evening_at(low, unit[0])
        warnings.append(
            f"The short form for '{written}' can be misread as every {low} hours; "
            f"medtrack writes '{written}'."
        )
        return f"every day at t{written[-5:]}"
    name = next(name for short, name in _UNITS_OF_TIME.items() if unit.startswith(short))
    return f"every {low}{'~' + high if high else ''} {name}"


def _spell_sign(typed: str, plain: str, start: int, end: int, warnings: list[str]) -> list[Word]:
    if typed == "-" and plain[start - 1 : start].isalnum() and plain[end : end + 1].isalnum() and start:
        return [Word("-", start, end)]
    if typed in SIGNS:
        warnings.append(warn_of(SIGNS[typed]))
        return [Word(SIGNS[typed].means, start, end)]
    return [Word("--" if typed == "-" else typed, start, end)]


def _join_numbers(words: list[Word]) -> list[Word]:
    """Numbers of several words made one: 'one and a half' 1.5, 'half a' 0.5, '1-2' or '1 to 2' 1~2."""
    joined: list[Word] = []
    at = 0
    while at < len(words):
        said, taken = _join_at([word.said for word in words[at : at + 5]])
        joined.append(Word(said, words[at].start, words[at + taken - 1].end))
        at += taken
    ranged: list[Word] = []
    at = 0
    while at < len(joined):
        word = joined[at]
        after = [found.said for found in joined[at + 1 : at + 3]]
        is_range = len(after) == 2 and after[0] in ("-", "to", "or") and _NUMBER.fullmatch(after[1])
        if is_range and _NUMBER.fullmatch(word.said):
            ranged.append(Word(f"{word.said}~{after[1]}", word.start, joined[at + 2].end))
            at += 3
        else:
            if word.said != "-":
                ranged.append(word)
            at += 1
    return ranged


def _join_at(said: list[str]) -> tuple[str, int]:
    """The number that begins here, and how many words it takes."""
    fractions = {"half": Fraction(1, 2), "quarter": Fraction(1, 4)}
    if said[0] in fractions:
        for article in (["of", "a"], ["of", "an"], ["of", "1"], ["a"], ["an"]):
            if said[1 : 1 + len(article)] == article:
                return exact(fractions[said[0]]), 1 + len(article)
        if said[1:2] in (["to"], ["or"]) and _NUMBER.fullmatch(" ".join(said[2:3])):
            return exact(fractions[said[0]]), 1
        return said[0], 1
    if not _NUMBER.fullmatch(said[0]):
        return said[0], 1
    if said[1:2] == ["quarter"] and said[2:4] in (["of", "a"], ["of", "1"]) and "/" not in said[0]:
        return exact(Fraction(said[0]) / 4), 4
    for words in (["and", "a", "half"], ["and", "half"]):
        if said[1 : 1 + len(words)] == words:
            return exact(Fraction(said[0]) + Fraction(1, 2)), 1 + len(words)
    if said[1:4] == ["and", "a", "quarter"]:
        return exact(Fraction(said[0]) + Fraction(1, 4)), 4
    return said[0], 1
