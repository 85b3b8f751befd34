"""What to ask about words that no phrase explains: each kind of them has its own question."""

from __future__ import annotations

import re

_KINDS: tuple[tuple[str, str], ...] = (
    (
        r"^finished\b|\b(?:\w+n't|dont|cannot|withh\w+|ceased?|cancel\w*|omit\w*|paus\w+|stopped|suspend\w*|"
        r"refus\w+|missed|forbidden|was|were|previous|discontinued|held)\b",
        "It tells of a dose that is not taken, or not now. Type only what is taken now; 'medtrack stop' and "
        "'medtrack hold' record what is not.",
    ),
    (
        r"escalat|increas|reduc|decreas|titrat|taper|adjust|wean|\bmay (?!\d)|tolerat",
        "The dose is to change, but not on which days. Type each step with its length: "
        "'5 mg daily for 7 days then 10 mg daily'.",
    ),
    (
        r"\b(?:if|when|unless|depending|per|according|scale|inr|blood|glucose|level|count|weight)\b",
        "It makes the dose depend on something that medtrack cannot see. Type the dose as it is now; "
        "'medtrack change' records the next one.",
    ),
    (
        r"(?:until|to|through|from|start\w*|on|by)(?: on)? y\d\d-\d\d",
        "It gives a day without its year. Type it like '8 March 2026' or '2026-03-08'.",
    ),
    (
        r"infus|\brate\b|/ ?(?:min|hour|hr|kg)\b",
        "A rate of flow has no single doses. Type the amount that is given and when: '1,000 ml at 22:00'.",
    ),
    (
        r"\b(?:now|tonight|immediately|straight ?away)\b|at \*1 time",
        "It does not say at what time, or whether it is one dose in all. "
        "Type it: 'as a single dose at 21:00'.",
    ),
    (
        r"\b(?:repeat|again)\b",
        "The second dose needs its own day. Type both: '1 tablet as a single dose at 08:00', and a line for "
        "the other from its date on.",
    ),
    (
        r"\buntil\b|\bcourse\b|\bfinish|\bgone\b|\bpack\b",
        "It does not say how long it lasts. Type it: 'for 7 days', 'x 14 doses' or 'until 8 March 2026'.",
    ),
    (
        r"(?:then )?\d+ (?:day|week) (?:off|break)|\bbreak\b",
        "It does not say whether it begins again. Type it: '21 days on, 7 days off'.",
    ),
    (
        r"\bat \d",
        "It gives an hour, and not in which half of the day. Type the time: 'at 08:00' or 'at 8am'.",
    ),
    (
        r"\bafter (?:every|each|a)\b",
        "What happens at no set time cannot be planned. Type 'as needed' with the most in a day: "
        "'1 capsule as needed, at most 8 in 24 hours'.",
    ),
    (
        r"\b(?:except|not|no|without|never|skip|but)\b",
        "It turns what is said around it. Type on which days and at which times it is taken.",
    ),
)  # fmt: skip
_PLACES = "Type it like 'metformin 500 mg tablet, 1 tablet twice daily with food, for diabetes'."
_OTHER = (
    "Type the line without it, where it changes neither the amount nor the time, and keep it with "
    "'medtrack note'; else say it another way."
)


CERTAIN_DAYS = (
    "A length before 'a week' or 'every month' can be the whole of it, or certain days each time. "
    "Type 'for 5 days', or the days: 'on Monday and Thursday'."
)
"""What to ask of 'for 5 days a week'."""
_NAME_FIRST = "If it is the medication's name, type it first: 'metformin 500 mg twice daily'."


def ask_about(typed: str, around: str, *, after: str) -> str:
    """The refusal of words that were not understood, with what to type instead.

    `around` is the rest of the line from these words on, in the one spelling; `after` is the kind of
    phrase before them: 'start', 'verb' and 'name' where the product is expected, 'amount' after one.
    """
    quoted = f"'{typed}'" if any(letter.isalnum() for letter in typed) else "A sign"
    said = f"{quoted} was not understood, and it may change the dose."
    for pattern, question in _KINDS:
        if re.search(pattern, typed.lower()) or re.match(rf"(?:{pattern})", around):
            return f"'{typed}' leaves something open. {question}" if len(typed) > 3 else question
    hint = _NAME_FIRST if after == "amount" and typed.isalpha() and len(typed) > 3 else _OTHER
    return f"{said} {_PLACES if after in ('start', 'verb', 'name') else hint}"
