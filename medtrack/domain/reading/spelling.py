"""One spelling for every word a prescription may use, and the slips of the finger that are put right."""

from __future__ import annotations

NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        start=1,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90"}

_SPELLINGS = {
    "take": "take takes taken taking swallow swallowed chew chewed suck sucked dissolve dissolved drink",
    "inhale": "inhale inhaled inhaling breathe",
    "apply": "apply applied rub spread wear",
    "inject": "inject injected",
    "insert": "insert inserted",
    "instil": "instil instill instilled",
    "use": "use used using",
    "give": "give given administer administered",
    "put": "put place placed",
    "spray": "spray sprays",
    "hour": "hour hours hr hrs h",
    "min": "min mins minute minutes",
    "day": "day days die",
    "week": "week weeks wk wks",
    "month": "month months mo mos mth mths",
    "year": "year years yr yrs",
    "fortnight": "fortnight fortnights",
    "time": "time times",
    "*1 time": "once",
    "*2 time": "twice",
    "*3 time": "thrice",
    "daily": "daily",
    "weekly": "weekly",
    "monthly": "monthly",
    "yearly": "yearly annually",
    "fortnightly": "fortnightly",
    "hourly": "hourly",
    "every night": "nightly",
    "meal": "meal meals mealtime mealtimes",
    "breakfast": "breakfast",
    "lunch": "lunch lunchtime",
    "dinner": "dinner supper tea dinnertime suppertime teatime",
    "bedtime": "bedtime bed",
    "morning": "morning mornings",
    "noon": "noon midday",
    "afternoon": "afternoon afternoons",
    "evening": "evening evenings",
    "night": "night nights nighttime",
    "waking": "waking wakening awakening rising",
    "needed": "needed required necessary",
    "max": "max maximum maximim",
    "monday": "monday mon",
    "mondays": "mondays",
    "tuesday": "tuesday tue tues",
    "tuesdays": "tuesdays",
    "wednesday": "wednesday wed weds",
    "wednesdays": "wednesdays",
    "thursday": "thursday thu thur thurs",
    "thursdays": "thursdays",
    "friday": "friday fri",
    "fridays": "fridays",
    "saturday": "saturday sat",
    "saturdays": "saturdays",
    "sunday": "sunday sun",
    "sundays": "sundays",
    "weekday": "weekday weekdays",
    "weekend": "weekend weekends",
    "other": "other",
    "alternate": "alternate alternating alt",
    "half": "half",
    "quarter": "quarter quarters",
    "monday , wednesday , friday": "mwf",
    "every": "every each q",
    "cycle": "cycle cycles",
    "stop": "stop discontinue",
    "drop": "gtt gtts",
    "5 ml spoonful": "teaspoon teaspoons teaspoonful teaspoonfuls tsp",
    "15 ml spoonful": "tablespoon tablespoons tablespoonful tablespoonfuls tbsp",
    "spoonful": "spoon spoons",
    "units": "international",
    "puff": "inhalation inhalations",
    "by": "by",
    "mouth": "mouth",
    "before": "before",
    "after": "after",
    "with": "with",
    "until": "until till",
    "for": "for",
    "second": "second",
    "third": "third",
    "first": "first",
    "except": "except excluding",
    "orodispersible": "odt",
}
SAME = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings.split()}
"""Every spelling, lower case, to the one used from here on."""

_SLIPS = (
    "take tablet tablets capsule capsules times daily weeks week days day every morning night evening needed "
    "required bedtime breakfast before after hours weekly twice months"
)
_CORRECTED = _SLIPS.split()
_OFTEN = ("once", "twice", "thrice", "daily", "weekly", "monthly", "hourly", "nightly", "three", "every")


def correct(word: str, *, first: bool) -> str | None:
    """The word meant, where one slip of the finger tells it from exactly one known word; else None.

    A slip is two letters swapped, one too many or one missing after the first letter; the first word of
    a line may also be 'take' with one wrong letter. No other word is changed for a wrong letter, because
    'weak' is not 'week' and 'mouth' not 'month', and numbers and units of measure are never changed.
    """
    if len(word) < 3:
        return None
    found = [known for known in _CORRECTED if _is_swapped(word, known)]
    if not found and len(word) > 4:
        found = [known for known in _CORRECTED if len(known) > 4 and _is_one_letter_off(word, known)]
    if not found and first:
        found = ["take"] if len(word) == 4 and sum(map(str.__ne__, word, "take")) == 1 else []
    return found[0] if len(found) == 1 else None


def is_near_frequency(word: str) -> bool:
    """Whether a word is one slip away from one that says how often, so that it can be no name: 'twise'."""
    return any(
        _is_one_letter_off(word, known)
        or (len(word) == len(known) and sum(map(str.__ne__, word, known)) == 1)
        or _is_swapped(word, known)
        for known in _OFTEN
    )


def _is_swapped(word: str, known: str) -> bool:
    """Whether swapping two neighbouring letters of one gives the other."""
    if len(word) != len(known):
        return False
    wrong = [place for place in range(len(word)) if word[place] != known[place]]
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(word) == sorted(known)


def _is_one_letter_off(word: str, known: str) -> bool:
    """Whether one letter was dropped from, or added to, a known word that begins alike."""
    long, short = (word, known) if len(word) > len(known) else (known, word)
    if len(long) != len(short) + 1 or long[0] != short[0]:
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
