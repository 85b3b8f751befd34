"""Abbreviations and signs of prescriptions: what each means, and which of them get misread.

The dangerous ones are those of ISMP's List of Error-Prone Abbreviations, Symbols, and Dose Designations
(2021) and the Joint Commission's "Do Not Use" list. They are understood where only one meaning is
possible, with a warning, and never printed. Those with two meanings are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.amounts import show_number


class Abbreviation(NamedTuple):
    """A short form: the words it stands for and, where it gets misread, as what and what is written instead.

    In `means`, `*2 time` is 'twice': a count that cannot be an amount.
    """

    means: str
    risk: str | None = None
    writes: str | None = None


_LATIN = {
    "qd q1d": Abbreviation("every day", "four times a day", "daily"),
    "qod": Abbreviation("every 2 day", "daily or four times a day", "every 2 days"),
    "bid bd bds": Abbreviation("*2 time a day"),
    "tid tds": Abbreviation("*3 time a day"),
    "qid qds": Abbreviation("*4 time a day"),
    "qw": Abbreviation("every week"),
    "biw": Abbreviation("*2 time a week", "twice a day", "twice a week"),
    "tiw": Abbreviation("*3 time a week", "three times a day", "three times a week"),
    "qiw": Abbreviation("*4 time a week", "four times a day", "four times a week"),
    "qam": Abbreviation("every morning"),
    "qpm": Abbreviation("every evening"),
    "qhs": Abbreviation("at bedtime", "every hour", "at bedtime"),
    "qn": Abbreviation("at night", "every hour", "at night"),
    "nocte noct": Abbreviation("at night"),
    "mane": Abbreviation("in the morning"),
    "am": Abbreviation("in the morning"),
    "ac": Abbreviation("before meal"),
    "pc": Abbreviation("after meal"),
    "prn": Abbreviation("as needed"),
    "ud utd mdu": Abbreviation("as directed", "unit dose", "as directed"),
    "po": Abbreviation("by mouth"),
    "iv": Abbreviation("intravenous"),
    "im": Abbreviation("intramuscular"),
    "sc sq subq": Abbreviation("subcutaneous", "under the tongue", "subcutaneous"),
    "sl": Abbreviation("sublingual"),
    "pr": Abbreviation("rectal"),
    "pv": Abbreviation("vaginal"),
    "cc": Abbreviation("ml", "units", "ml"),
    "u iu": Abbreviation("units", "a zero, a four or into a vein", "units"),
    "ug": Abbreviation("mcg", "milligrams, a thousand times as much", "mcg"),
}
ABBREVIATIONS = {short: meaning for shorts, meaning in _LATIN.items() for short in shorts.split()}
"""Every short form, lower case and without points."""

SIGNS = {
    "@": Abbreviation("at", "a two", "at"),
    "&": Abbreviation("and", "a two", "and"),
    "+": Abbreviation("and", "a four", "and"),
    "°": Abbreviation("hour", "a zero", "hours"),
}

TWO_MEANINGS = {
    "od": "A short form of two letters can mean once daily or the right eye. Type 'once daily' or "
    "'in the right eye'.",
    "biweekly bi-weekly": "'biweekly' can mean twice a week or every 2 weeks. Type 'every 2 weeks', "
    "or the days: "
    "'on Monday and Thursday'.",
    "bimonthly bi-monthly": "'bimonthly' can mean twice a month or every 2 months. Type the days: "
    "'monthly on day 1 and 15'.",
    "biannually biannual bi-annual biennial": "A word like 'biannual' can mean twice a year or "
    "every 2 years. "
    "Type the dates.",
    "semiweekly semi-weekly": "'semiweekly' does not say which days. Type them: 'on Monday and Thursday'.",
    "ss": "A short form of two letters can mean one half or sliding scale. Type 'half a tablet', or the "
    "units to take.",
    "d/c dc": "A short form of two letters can mean discharge or discontinue. Type 'stop', or leave it out.",
    "ad au as": "An abbreviation of an ear can be read as one of an eye. Type 'in the right ear', "
    "'in the left ear' "
    "or 'in each ear'.",
    "os ou": "An abbreviation of an eye can be read as one of an ear or of 'by mouth'. Type 'in the "
    "left eye', "
    "'in both eyes' or 'by mouth'.",
    "hs": "A short form of two letters can mean at bedtime or half strength. Type 'at bedtime', or the "
    "strength in full.",
    "pm": "'PM' can mean in the afternoon or in the evening. Type 'in the evening', or the time: 'at 18:00'.",
    "sos": "'SOS' can mean as needed, or once only if needed. Type 'as needed' or 'once'.",
}
"""Short forms of two meanings, to the question that settles them, which does not print them either."""
ASKED = {short: question for shorts, question in TWO_MEANINGS.items() for short in shorts.split()}
"""Each such short form by itself, lower case and without points."""

_MISREAD = (
    (
        r"(?<![\w.,])\.\d+",
        "A number without a zero before its point is misread as ten times as much",
        "{value}",
    ),
    (r"(?<![\w.,/-])\d+\.0+(?![\d/.-])", "A zero after the point is misread as ten times as much", "{whole}"),
    (
        r"(?<![\w.,/-])\d+\.\d*[1-9]0+(?![\d/.-])",
        "A needless zero makes a number longer than it is",
        "{short}",
    ),
    (r"[µμ]g\b", "The sign for micrograms is misread as milligrams, a thousand times as much", "mcg"),
    (r"(?<![\w.,/-])\d{4,}(?=\s*(?:units?|mg|mcg)\b)", "A long number without a comma is misread", "{comma}"),
    (
        r"(?i)\bx\s?\d+\s?d\b",
        "A short form of days is misread as doses",
        "{days}",
    ),
    (r"(?<!\d )\b1/2(?=\s*tab)", "A fraction is misread as a whole number", "half a tablet"),
    (
        r"(?<![\w.,])(?:[\d,]*\.)?\d+(?:mg|mcg|m[lL]|g|units?)\b",
        "A unit that touches its number is misread as more zeros",
        "{spaced}",
    ),
    (
        r"\bMS(?:O4)?\b",
        "An abbreviation of morphine or magnesium sulfate is misread as the other",
        "the name in full",
    ),
    (r"\bMgSO4\b", "A formula for magnesium sulfate is misread as morphine", "magnesium sulfate"),
    (r"\b(?:MTX|mtx)\b", "An abbreviation of methotrexate is misread as mitoxantrone", "methotrexate"),
    (r"\b(?:HCTZ?|hctz?)\b", "An abbreviation is misread as hydrocortisone", "the name in full"),
    (r"\b(?:APAP|apap)\b", "People do not know an abbreviation of acetaminophen", "acetaminophen"),
    (r"\b(?:AZT|azt)\b", "An abbreviation of zidovudine is misread as azathioprine", "zidovudine"),
    (
        r"(?i)\b(?:tsp|tbsp|teaspoons?|tablespoons?|teaspoonfuls?|tablespoonfuls?)\b",
        "Kitchen spoons differ threefold; measure with an oral syringe",
        "ml",
    ),
)


NAMES_IN_FULL = {
    "mso4": "morphine sulfate", "mgso4": "magnesium sulfate", "znso4": "zinc sulfate",
    "mtx": "methotrexate", "azt": "zidovudine", "hctz": "hydrochlorothiazide", "apap": "acetaminophen",
    "cpz": "chlorpromazine", "ptu": "propylthiouracil",
}  # fmt: skip
"""Short names that are misread as another drug's, lower case, to the one they stand for."""
MISREAD_NAMES = frozenset({"ms", "hct", "t3", "tac", *NAMES_IN_FULL})
"""Those and the ones that could stand for two drugs: never recorded as a name, or as part of one."""


def every_evening_at(hour: str, half: str) -> str:
    """What 'q6pm' means: 'daily at 18:00'."""
    return f"daily at {int(hour) % 12 + (12 if half.lower() == 'p' else 0):02d}:00"


def warn_of(abbreviation: Abbreviation) -> str:
    """Why a short form is dangerous, as one sentence that does not itself print it."""
    return f"The short form for '{abbreviation.writes}' can be misread as {abbreviation.risk}; " + (
        f"medtrack writes '{abbreviation.writes}'."
    )


def warn_of_numbers(text: str) -> Iterator[str]:
    """A sentence for each dangerous way of writing a number, a unit or a drug's name in the text."""
    for pattern, risk, writes in _MISREAD:
        for found in {match.group(): None for match in re.finditer(pattern, text)}:
            shown = writes.format(
                value=show_number(Fraction(found)) if found.replace(".", "", 1).isdigit() else found,
                whole=found.partition(".")[0],
                short=found.rstrip("0").rstrip("."),
                comma=f"{int(found):,}" if found.isdecimal() else found,
                spaced=_space_out(found),
                days=f"for {found.strip('xXdD ')} days",
            )
            yield f"{risk}; medtrack writes '{shown}'."


def warn_of_amount(text: str) -> list[str]:
    """A sentence for each dangerous way in which an amount or a strength is written."""
    found = list(warn_of_numbers(text))
    for word in re.findall(r"[^\W\d_]+", text):
        abbreviation = ABBREVIATIONS.get(word.lower())
        if abbreviation is not None and abbreviation.risk is not None:
            found.append(warn_of(abbreviation))
    return found


def _space_out(found: str) -> str:
    """'500mg' as '500 mg', '.50mL' as '0.5 ml'."""
    if not found[:1].isdigit() and found[:1] != ".":
        return found
    digits = found.rstrip("abcdefghijklmnopqrstuvwxyzL")
    if not digits or not digits[-1].isdigit():
        return found
    value = show_number(Fraction(digits.replace(",", "")))
    return f"{value} {found[len(digits) :].lower()}"
