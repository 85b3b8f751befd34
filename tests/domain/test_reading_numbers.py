"""No number that was typed is dropped or changed: it is in the reading, where it belongs, or it is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import chain

from hypothesis import example, given, settings
from hypothesis import strategies as st

from medtrack.domain.reading import Reading, as_row, read_prescription
from medtrack.errors import BadAmount, BadTime, NotSettled

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59)
"""Numbers whose reading as another's length in hours, days or weeks would be a coincidence."""

PIECES = (
    "{} tablets", "{} mg", "{} ml", "{} puffs", "{} units", "{}", "half a tablet", "{} mg tablet", "{} mg/ml",
    "every {} hours", "every {} days", "every {} weeks", "{} times a day", "{} hourly", "q{}h", "q{}d", "{}x/day",
    "daily", "twice daily", "tds", "a day", "weekly", "as needed", "prn pain", "at night", "with food",
    "at {}:07", "{}am", "{} minutes before breakfast", "{} hours after lunch", "{} hour before bed",
    "for {} days", "x {} doses", "x{}d", "for {}/7", "for {}/52", "{}/7", "for {} weeks", "until {} have been taken",
    "until {} March 2026", "starting 2026-05-{}", "monthly on day {}", "on the {}th of the month",
    "{} days on, {} days off", "max {} in {} hours", "at most {} mg a day", "up to {} times a day",
    "at least {} hours apart", "({} mg)", "({} ml)", "({} tablets)", "{} mg each time",
    "in the morning", "on Monday", "except Sunday", "every Friday", "for diabetes", "for type {} diabetes", "then",
    "and", ",", "(", ")", "take", "of ibuprofen", "ibuprofen", "with {} ml of water", "over {} minutes", "{}-{} tablets",
    "{} to {} mg", "q{}-{}h", "by mouth", "then stop", "{} x {} mg", "{} x", "one", "three", "each eye", "at {} ml/hour",
)  # fmt: skip
WORDS = {"one": 1, "three": 3, "half": Fraction(1, 2)}


def read_or_refuse(text: str) -> Reading | None:
    try:
        return read_prescription(text)
    except (NotSettled, BadAmount, BadTime):
        return None


def numbers_in(text: str) -> set[Fraction]:
    """Every number of a text; a clock time or a date is its digits, and 0 is none."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower())
    found = {Fraction(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}
    return (found | {Fraction(WORDS[word]) for word in re.findall(r"[a-z]+", plain) if word in WORDS}) - {0}


def numbers_of(reading: Reading) -> set[Fraction]:
    """Every number of a reading: the sentence, and the row without what is asked or warned of."""
    row = as_row(reading)
    return numbers_in(str({key: row[key] for key in row.keys() - {"warnings", "question"}}))


def as_lengths(number: Fraction) -> set[Fraction]:
    """The number, and what it is as the same length of time in another unit: 2 weeks are 14 days."""
    return {number * factor for factor in (1, 7, 24, 60, Fraction(1, 7), Fraction(1, 24), Fraction(1, 60))}


@st.composite
def soups(draw: st.DrawFn) -> str:
    """Pieces of prescriptions in any order, with numbers that differ from each other."""
    text = " ".join(draw(st.lists(st.sampled_from(PIECES), min_size=2, max_size=7)))
    numbers = chain(draw(st.permutations(PRIMES)), PRIMES)
    return re.sub(r"\{\}", lambda _: str(next(numbers)), text).replace(" ,", ",")


@given(soups())
@settings(max_examples=800, deadline=None)
@example("40 mg x 5 days, 31 mg x 7 days")
@example("prednisone 40 mg daily x 5 days, 31 mg daily x 7 days then stop")
@example("31 tablets (7 mg) daily")
@example("2 mg tablet, 3 tablets (6 mg) daily")
@example("5 ml qds 5/7")
def test_every_number_typed_is_in_the_reading_or_it_is_refused(text: str) -> None:
    reading = read_or_refuse(text)
    if reading is None:
        return
    typed = numbers_in(re.sub(r"(?<=\d)/(?:7|52)\b", "", text))
    missing = {number for number in typed if not as_lengths(number) & numbers_of(reading)}
    assert missing == set(), reading.reads_as
    for part in reading.parts:
        assert part.amount is None or part.amount.value in typed | {Fraction(1)}, reading.reads_as


AMOUNTS = ("{} tablets", "{} mg", "{} ml", "{} units", "{} puffs", "take {} tablets", "{} drops")
RATES = {
    "{} times a day": ("frequency", "d"), "{}x a day": ("frequency", "d"), "every {} hours": ("period", "h"),
    "q{}h": ("period", "h"), "{} hourly": ("period", "h"), "every {} days": ("period", "d"),
    "every {} weeks": ("period", "wk"), "{} times a week": ("frequency", "wk"), "{} times weekly": ("frequency", "wk"),
}  # fmt: skip
BOUNDS = {
    "for {} days": "d", "x {} days": "d", "x{}d": "d", "for {}/7": "d", "for {} weeks": "wk", "for {}/52": "wk",
    "x {} doses": None,
}  # fmt: skip
LIMITS = ("max {} in 24 hours", "at most {} a day", "not to exceed {} per day")
OTHERS = ("by mouth", "with food", "as needed", "with water", ", for pain", "in each eye", "prn")


@given(
    st.permutations([2, 3, 4, 5, 6, 7, 8, 9]), st.sampled_from(AMOUNTS), st.sampled_from(list(RATES)),
    st.sampled_from(list(BOUNDS)), st.sampled_from(LIMITS), st.lists(st.sampled_from(OTHERS), max_size=2, unique=True),
    st.data(),
)  # fmt: skip
@settings(max_examples=600, deadline=None)
def test_each_number_stays_with_what_it_was_typed_for(
    numbers: list[int],
    amount: str,
    rate: str,
    bounds: str,
    limit: str,
    others: list[str],
    data: st.DataObject,
) -> None:
    """One phrase for each fact, in any order: what is read of a fact is the number of its own phrase."""
    of_amount, of_rate, of_bounds, of_limit, *_ = numbers
    phrases = {
        "amount": amount.format(of_amount), "rate": rate.format(of_rate), "bounds": bounds.format(of_bounds),
        "limit": limit.format(max(numbers) * of_limit),
    }  # fmt: skip
    kept = data.draw(st.lists(st.sampled_from(list(phrases)), min_size=1, unique=True))
    text = " ".join(data.draw(st.permutations([phrases[kind] for kind in kept] + others)))
    reading = read_or_refuse(text)
    if reading is None:
        return
    (part,) = reading.parts
    row = as_row(reading)
    assert (part.amount.value if part.amount else None) == (of_amount if "amount" in kept else None), (
        reading.reads_as
    )
    if "rate" in kept:
        key, unit = RATES[rate]
        timing = row["timing"]
        assert isinstance(timing, dict)
        assert (timing[key], timing["periodUnit"]) == (of_rate, unit), reading.reads_as
    if "bounds" in kept:
        unit_of_bounds = BOUNDS[bounds]
        found = part.bounds if unit_of_bounds else part.count
        assert found == ((of_bounds, unit_of_bounds) if unit_of_bounds else of_bounds), reading.reads_as
    else:
        assert (part.bounds, part.count) == (None, None)
    if "limit" in kept:
        assert part.max_amount is not None
        assert part.max_amount.value == max(numbers) * of_limit, reading.reads_as
