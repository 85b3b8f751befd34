"""Naranjo's questions: their points, and the words for the sum, as published in 1981."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.naranjo import QUESTIONS, answers_text, band, read_answers, say_score, score
from medtrack.errors import UsageRefused

ANSWERS = st.lists(st.sampled_from(["yes", "no", "not known"]), min_size=10, max_size=10).map(tuple)


def test_the_points_of_the_questions() -> None:
    points = [(question.yes, question.no) for question in QUESTIONS]
    assert points == [(1, 0), (2, -1), (1, 0), (2, -1), (-1, 2), (-1, 1), (1, 0), (1, 0), (1, 0), (1, 0)]
    assert score(("not known",) * 10) == 0
    assert sum(max(yes, no, 0) for yes, no in points) == 13
    assert sum(min(yes, no, 0) for yes, no in points) == -4


@given(ANSWERS)
def test_the_sum_lies_between_the_least_and_the_most_and_is_read_back(answers) -> None:
    assert -4 <= score(answers) <= 13
    assert read_answers(answers_text(answers)) == answers


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (-4, "doubtful"),
        (0, "doubtful"),
        (1, "possible"),
        (4, "possible"),
        (5, "probable"),
        (8, "probable"),
        (9, "definite"),
        (13, "definite"),
    ],
)
def test_the_words_for_the_sum(points: int, words: str) -> None:
    assert band(points) == words
    assert say_score(points).startswith(f"{points}: {words} (")


@pytest.mark.parametrize("typed", ["", "y", "y,n", ",".join("y" * 11), "y,y,y,y,y,y,y,y,y,maybe"])
def test_answers_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(UsageRefused):
        read_answers(typed)
