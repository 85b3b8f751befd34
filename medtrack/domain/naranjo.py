"""The Naranjo scale: ten questions about one reaction and one medicine, and the word for their sum.

The questions are said anew in plain words, since the published wording is not free. Points and bands are
those of Naranjo and others, Clin Pharmacol Ther 1981;30:239. The sum is a help to talk about it, no finding.
"""

from __future__ import annotations

from typing import NamedTuple

from medtrack.errors import UsageRefused

SOURCE = "Naranjo, Clin Pharmacol Ther 1981;30:239, its questions in other words"
_WORDS = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "?": "not known", "": "not known"}
_LETTERS = {"yes": "y", "no": "n", "not known": "?"}


class Question(NamedTuple):
    """One question and the points of each answer; not knowing is none."""

    words: str
    yes: int
    no: int


QUESTIONS = (
    Question("Is it known that this medicine can do this, from its leaflet for example?", 1, 0),
    Question("Did it begin after the medicine was taken?", 2, -1),
    Question("Did it get better after the medicine was stopped, or an antidote was given?", 1, 0),
    Question("Did it come back when the medicine was taken again?", 2, -1),
    Question("Could something else have brought it about by itself?", -1, 2),
    Question("Did it come back with a dummy medicine (placebo)?", -1, 1),
    Question("Was so much of the medicine found in blood or another fluid that it does harm?", 1, 0),
    Question("Was it worse with a higher dose, or less with a lower one?", 1, 0),
    Question("Did something like it happen before, with this medicine or one of its kind?", 1, 0),
    Question("Was it shown by something that can be measured or seen, like a test?", 1, 0),
)
_BANDS = ((9, "definite"), (5, "probable"), (1, "possible"))

Answers = tuple[str, ...]
"""One of 'yes', 'no' and 'not known' for each question."""


def read_answer(text: str, number: int) -> str:
    """The answer to one question, counted from 1. Raises UsageRefused."""
    found = _WORDS.get(text.strip().lower())
    if found is None:
        raise UsageRefused(what=f"Question {number} is answered y, n or ?, not {text.strip()[:40]!r}.")
    return found


def read_answers(text: str) -> Answers:
    """Read 'y,n,?,…': one answer for each question. Raises UsageRefused."""
    typed = text.split(",")
    if len(typed) != len(QUESTIONS):
        raise UsageRefused(
            what=f"There are {len(QUESTIONS)} questions, and {len(typed)} answers are given: y, n or ? for"
            " each, with commas."
        )
    return tuple(read_answer(each, number) for number, each in enumerate(typed, start=1))


def answers_text(answers: Answers) -> str:
    """The answers as they are stored: 'y,n,?,…'."""
    return ",".join(_LETTERS[answer] for answer in answers)


def score(answers: Answers) -> int:
    """The sum of the points, from -4 to 13."""
    points = {"yes": lambda each: each.yes, "no": lambda each: each.no}
    return sum(
        points[answer](each) for each, answer in zip(QUESTIONS, answers, strict=True) if answer in points
    )


def band(points: int) -> str:
    """What the scale calls a sum: definite from 9, probable from 5, possible from 1, else doubtful."""
    return next((words for least, words in _BANDS if points >= least), "doubtful")


def say_score(points: int) -> str:
    """The sum with its word and the limits of that: '6: probable (5 to 8)'."""
    limits = {"definite": "9 or more", "probable": "5 to 8", "possible": "1 to 4", "doubtful": "0 or less"}
    return f"{points}: {band(points)} ({limits[band(points)]})"
