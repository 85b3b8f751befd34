"""A reading said back is itself a prescription, with the same meaning; no text breaks the reader."""

from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.reading import Part, Reading, as_row, read_prescription
from medtrack.errors import BadAmount, BadTime, NotSettled

NAMES = st.sampled_from(["", "metformin 500 mg tablet, ", "Vitamin D3 ", "co-codamol 30/500 tablet, "])
AMOUNTS = st.sampled_from(["1 tablet", "half a tablet", "1-2 tablets", "2 tabs", "one and a half tablets"])
TIMINGS = st.sampled_from(
    [
        "daily", "twice daily", "TDS", "every 8 hours", "every 72 hours", "at 08:00 and 21:30", "weekly",
        "on Monday and Thursday", "every Friday at 9am", "every other day", "every 2 weeks",
        "monthly on day 1 and 31", "yearly on 29 February", "21 days on, 7 days off",
        "in the morning and at bedtime", "as needed for pain", "q4-6h prn pain, max 8/day",
        "as needed, at most 4 in 24 hours, at least 6 hours apart", "at night as needed",
        "every 6 hours from the last dose", "every 2 weeks on Monday", "FREQ=WEEKLY;BYDAY=MO,TH",
        "30 minutes before breakfast", "three times daily with food", "as a single dose",
    ]
)  # fmt: skip
ENDINGS = st.sampled_from(["", " for 10 days", " x 14 doses", " until 8 March 2026", " starting 2026-03-01"])
REASONS = st.sampled_from(["", ", for diabetes", ", to lower cholesterol", ", by mouth, for type 2 diabetes"])

VOCABULARY = (
    "take apply 1 2 half one 1-2 500 mg 5 ml tablet tablets puffs units daily twice once three times a day "
    "per every 8 hours 4-6 week at night bedtime morning noon in the with food before breakfast after meals "
    "08:00 8am and , . ( ) then stop for 7 x 14 doses until 2026-03-08 as needed pain max least apart on "
    "Monday monthly 15 yearly February QD BID qod prn HS qhs OD U metformin of to be taken by mouth cream 21 "
    "days off - / % kg directed or not"
)
WORDS = VOCABULARY.split()


def meaning(reading: Reading) -> tuple[object, ...]:
    """What must survive being said and read again."""

    def of(part: Part) -> tuple[object, ...]:
        return (
            part.amount, part.amount_high, part.timing, part.as_needed, part.for_days, part.count, part.until,
            part.starts, part.step, part.advice,
        )  # fmt: skip

    name = (reading.name or "").lower()
    return name, reading.strength, reading.form, reading.route, reading.reason, *map(of, reading.parts)


def read_or_refuse(text: str) -> Reading | None:
    """The reading, or None where it was refused in a way a person can act on; anything else is an error."""
    try:
        return read_prescription(text)
    except (NotSettled, BadAmount, BadTime):
        return None


def assert_stable(reading: Reading) -> None:
    again = read_prescription(reading.reads_as)
    assert meaning(again) == meaning(reading)
    assert again.reads_as == reading.reads_as
    assert again.warnings == ()


@given(NAMES, AMOUNTS, TIMINGS, ENDINGS, REASONS)
@settings(max_examples=300, deadline=None)
def test_prescriptions_said_back_mean_the_same(
    name: str, amount: str, timing: str, ending: str, reason: str
) -> None:
    reading = read_or_refuse(f"{name}{amount} {timing}{ending}{reason}")
    if reading is None:
        return
    assert reading.question is None
    assert_stable(reading)


@given(
    st.lists(
        st.tuples(AMOUNTS, st.sampled_from(["daily", "twice daily"]), st.integers(1, 30)),
        min_size=2,
        max_size=5,
    )
)
@settings(deadline=None)
def test_tapers_said_back_mean_the_same(steps: list[tuple[str, str, int]]) -> None:
    text = " then ".join(f"{amount} {timing} for {days} days" for amount, timing, days in steps)
    reading = read_prescription(f"prednisone 5 mg tablet, {text}")
    assert [part.step for part in reading.parts] == list(range(1, len(steps) + 1))
    assert_stable(reading)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
@settings(max_examples=1_000, deadline=None)
def test_any_order_of_known_words_is_read_or_refused(text: str) -> None:
    reading = read_or_refuse(text)
    if reading is None:
        return
    as_row(reading)
    if reading.question is None:
        assert all(part.amount and part.timing for part in reading.parts)
        assert meaning(read_prescription(reading.reads_as))[5:] == meaning(reading)[5:]


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text)
