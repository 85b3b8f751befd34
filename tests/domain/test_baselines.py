"""Which score is the baseline, and what is told against it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.baselines import baseline_of, say_against
from medtrack.domain.measures import Measure
from medtrack.knowledge import read_instruments

PHQ9 = read_instruments()["phq9"]
START = datetime(2026, 1, 1, 9, tzinfo=UTC).replace(tzinfo=None)


def score(day: int, value: int | None) -> Measure:
    at = START + timedelta(days=day)
    number = None if value is None else Fraction(value)
    return Measure(
        day + 1, f"u{day}", "phq9", number, None, None, None, (), None, at.replace(tzinfo=UTC), "UTC", at, None
    )  # fmt: skip


SCORES = [score(0, 20), score(10, None), score(30, 8), score(60, 18), score(90, 9)]


def test_it_is_the_first_score_ever_unless_a_day_is_named() -> None:
    found = baseline_of(SCORES)
    assert found is not None
    assert (found.score.value, found.why) == (20, "the first score")
    assert baseline_of([score(0, None)]) is None, "a sum with an answer missing is no score"


def test_of_a_day_that_is_named_it_is_the_last_score_up_to_it() -> None:
    for day, value in ((date(2026, 3, 2), 18), (date(2026, 3, 1), 8), (date(2026, 1, 12), 20)):
        found = baseline_of(SCORES, day)
        assert found is not None
        assert (found.score.value, found.why) == (value, f"the last up to {day}")


def test_a_day_before_every_score_gives_the_first_and_says_so() -> None:
    found = baseline_of(SCORES, date(2025, 12, 31))
    assert found is not None
    assert (found.score.value, found.why) == (20, "the first score; there is none up to 2025-12-31")


def test_response_is_said_beside_the_score_and_the_date_it_is_of() -> None:
    assert say_against(PHQ9, baseline_of(SCORES), SCORES[-1]) == (
        "Against the baseline, 20 on 2026-01-01 (the first score): 11 less (11 of 20 = 55.0 %);"
        " response (50 % less, or more): reached; remission (below 5): not reached."
    )
    assert say_against(PHQ9, baseline_of(SCORES, date(2026, 2, 1)), SCORES[-1]) == (
        "Against the baseline, 8 on 2026-01-31 (the last up to 2026-02-01): 1 more (1 of 8 = 12.5 %);"
        " response is not defined for a baseline of 9 or less; remission (below 5): not reached."
    )


def test_nothing_is_held_against_a_later_score_or_itself() -> None:
    late = baseline_of(SCORES, date(2026, 4, 30))
    assert late is not None
    assert all(say_against(PHQ9, late, each) is None for each in SCORES)
    assert say_against(PHQ9, baseline_of(SCORES), SCORES[1]) is None


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 27) | st.none()), unique_by=lambda each: each[0]),
    st.none() | st.integers(-10, 310),
    st.randoms(),
)
def test_the_order_they_were_typed_in_does_not_matter(
    typed: list[tuple[int, int | None]], named: int | None, shuffle
) -> None:
    scores = [score(*each) for each in typed]
    day = None if named is None else (START + timedelta(days=named)).date()
    found = baseline_of(scores, day)
    shuffled = list(scores)
    shuffle.shuffle(shuffled)
    assert baseline_of(shuffled, day) == found
    assert (found is None) == all(each.value is None for each in scores)
