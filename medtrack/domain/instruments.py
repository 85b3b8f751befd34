"""Scored instruments: reading answers and totals, and what a score and a change of it mean.

Everything an instrument says comes from its row in `medtrack/knowledge/instruments.toml`, which names the
source of the bands and of what a change means. A total with an answer missing is no total: no rule of the
owners' for missing answers was found. Response and remission are those of one time, against the baseline;
they are said about numbers and are never a diagnosis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from medtrack.errors import UsageRefused

from .shares import percent

Answers = tuple[int | None, ...]
"""One for each item, in order; None where there is none."""
_MISSING = ("", "-", "?")


class Cluster(NamedTuple):
    """Items that belong together, and how many of them a pattern asks for."""

    name: str
    first: int
    last: int
    needed: int


class Instrument(NamedTuple):
    """One scored instrument; scores are whole numbers from 0 to `most`, a higher one being worse."""

    name: str
    """As it is stored: 'phq9'."""
    title: str
    about: str
    aliases: tuple[str, ...]
    most: int
    ask: str
    """What every item is read after; empty where the items may not be shipped."""
    answers: tuple[str, ...]
    """The words of each answer, from 0 on."""
    items: tuple[str, ...]
    bands: tuple[tuple[int, str], ...]
    """The least score of each band with its words, from the lowest on."""
    urgent_item: int | None
    """The item, counted from 1, that means that help is needed now where it is above 0."""
    remission: int | None
    """The highest score of remission."""
    remission_words: str
    response: Fraction | None
    """The share of the baseline by which it must fall."""
    response_above: int
    """Response is defined for a baseline above this."""
    change: int | None
    """How many points are called a change that matters."""
    change_share: Fraction | None
    """Or which share of the baseline."""
    clusters: tuple[Cluster, ...]
    cluster_from: int
    """From which answer on an item counts in its cluster."""
    source: str
    change_source: str


def instrument_of(name: str, row: Mapping[str, Any]) -> Instrument:
    """The instrument of one row of the file."""

    def share(key: str) -> Fraction | None:
        return Fraction(row[key], 100) if key in row else None

    return Instrument(
        name,
        row["title"],
        row["about"],
        tuple(row["aliases"]),
        row["most"],
        row.get("ask", ""),
        tuple(row.get("answers", ())),
        tuple(row.get("items", ())),
        tuple((least, words) for least, words in row["bands"]),
        row.get("urgent_item"),
        row.get("remission"),
        row.get("remission_words", ""),
        share("response"),
        row.get("response_above", 0),
        row.get("change"),
        share("change_share"),
        tuple(Cluster(*each) for each in row.get("clusters", ())),
        row.get("cluster_from", 0),
        row["source"],
        row.get("change_source", ""),
    )


# --- reading ----------------------------------------------------------------------------------------


def read_answer(instrument: Instrument, text: str, number: int) -> int | None:
    """The answer to one item, counted from 1; None where it is left out. Raises UsageRefused."""
    typed = text.strip()
    if typed in _MISSING:
        return None
    highest = len(instrument.answers) - 1
    if not (typed.isascii() and typed.isdigit() and len(typed) < 3 and int(typed) <= highest):
        raise UsageRefused(
            what=f"Item {number} of {instrument.title} is 0 to {highest}, or - where there is no answer,"
            f" not {typed[:40]!r}."
        )
    return int(typed)


def read_answers(instrument: Instrument, text: str) -> Answers:
    """Read '1,2,0,…': one answer for each item, '-' or nothing where there is none. Raises UsageRefused."""
    if not instrument.items:
        raise UsageRefused(
            what=f"{_begin(instrument.title)} is kept as its total alone: give that, 0 to {instrument.most}."
        )
    typed = text.split(",")
    wanted = len(instrument.items)
    if len(typed) != wanted:
        raise UsageRefused(
            what=f"{instrument.title} has {wanted} items, and {len(typed)}"
            f" {'is' if len(typed) == 1 else 'are'} given. One answer for each,"
            " with commas, - where there is none."
        )
    answers = tuple(read_answer(instrument, each, number) for number, each in enumerate(typed, start=1))
    if all(answer is None for answer in answers):
        raise UsageRefused(what=f"No item of {instrument.title} is answered, so there is nothing to record.")
    return answers


def read_total(instrument: Instrument, text: str) -> int:
    """Read a total. Raises UsageRefused for anything but a whole number from 0 to the most there can be."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed) <= instrument.most):
        raise UsageRefused(
            what=f"{_begin(instrument.title)} is a whole number from 0 to {instrument.most},"
            f" not {typed[:40]!r}."
        )
    return int(typed)


# --- what it says -----------------------------------------------------------------------------------


def total(answers: Answers) -> int | None:
    """The sum of the answers; None where one is missing."""
    given = [answer for answer in answers if answer is not None]
    return sum(given) if len(given) == len(answers) else None


def band(instrument: Instrument, score: int) -> str | None:
    """The words for a score; None where the instrument has none."""
    return next((words for least, words in reversed(instrument.bands) if score >= least), None)


def say_band(instrument: Instrument, score: int) -> str | None:
    """The band with its limits: 'moderate (10 to 14)'."""
    for at in reversed(range(len(instrument.bands))):
        least, words = instrument.bands[at]
        if score >= least:
            highest = instrument.bands[at + 1][0] - 1 if at + 1 < len(instrument.bands) else instrument.most
            return f"{words} ({least} to {highest})"
    return None


def is_urgent(instrument: Instrument, answers: Answers, score: int | None) -> bool:
    """Whether the item that asks for help is above 0, or must be for such a total."""
    if instrument.urgent_item is None:
        return False
    if answers:
        return bool(answers[instrument.urgent_item - 1])
    return score is not None and score > instrument.most - (len(instrument.answers) - 1)


def say_answered(answers: Answers) -> str:
    """What a sum with gaps is: 'no total: 8 of 9 items answered, which make 12'."""
    given = [answer for answer in answers if answer is not None]
    return f"no total: {len(given)} of {len(answers)} items answered, which make {sum(given)}"


def say_clusters(instrument: Instrument, answers: Answers) -> str | None:
    """How many items of each cluster are at or above the answer that counts; None without clusters."""
    if not instrument.clusters or not answers:
        return None
    counted, needed = [], []
    for name, first, last, wanted in instrument.clusters:
        found = answers[first - 1 : last]
        above = sum(answer is not None and answer >= instrument.cluster_from for answer in found)
        counted.append(f"{name} {above} of {len(found)}")
        needed.append(f"{name} {wanted}")
    return (
        f"Items at '{instrument.answers[instrument.cluster_from]}' or more: {', '.join(counted)}."
        f" The DSM-5 pattern asks for at least {', '.join(needed)}; it is no diagnosis."
    )


class Change(NamedTuple):
    """A score against its baseline."""

    first: int
    now: int

    @property
    def fall(self) -> int:
        """How many points less; below 0 where it is more."""
        return self.first - self.now

    @property
    def share(self) -> Fraction | None:
        """The fall as a share of the baseline; None where that was 0."""
        return Fraction(self.fall, self.first) if self.first else None


def has_responded(instrument: Instrument, change: Change) -> bool | None:
    """Whether it fell by the share that is called response; None where that is not defined."""
    if instrument.response is None or change.first <= instrument.response_above or change.share is None:
        return None
    return change.share >= instrument.response


def is_remission(instrument: Instrument, score: int) -> bool | None:
    """Whether the score is one of remission, this time; None where that is not defined."""
    return None if instrument.remission is None else score <= instrument.remission


def matters(instrument: Instrument, change: Change) -> bool | None:
    """Whether so many points, or such a share, are called a change that matters; None where not defined."""
    if instrument.change is None:
        return None
    if abs(change.fall) >= instrument.change:
        return True
    least, share = instrument.change_share, change.share
    return least is not None and share is not None and abs(share) >= least


def say_change(instrument: Instrument, change: Change) -> list[str]:
    """The change against the baseline in sentences, each number with what it is of."""
    if change.fall:
        much = f"{abs(change.fall)} {'less' if change.fall > 0 else 'more'}"
        share = "" if change.share is None else f" ({abs(change.fall)} of {change.first} = {_share(change)})"
    else:
        much, share = "no change", ""
    said = [f"{much}{share}"]
    responded = has_responded(instrument, change)
    if responded is not None and instrument.response is not None:
        asked = f"{_whole(instrument.response)} less, or more"
        said.append(f"response ({asked}): {'reached' if responded else 'not reached'}")
    elif instrument.response is not None and instrument.response_above:
        said.append(f"response is not defined for a baseline of {instrument.response_above} or less")
    remission = is_remission(instrument, change.now)
    if remission is not None:
        said.append(
            f"remission ({instrument.remission_words}): {'reached this time' if remission else 'not reached'}"
        )
    important = matters(instrument, change)
    if important is not None:
        asked = f"{instrument.change} points or more"
        if instrument.change_share is not None:
            asked = f"{instrument.change} points or {_whole(instrument.change_share)}, or more"
        said.append(f"a change that matters ({asked}): {'yes' if important else 'no'}")
    return said


def _whole(share: Fraction) -> str:
    return f"{int(share * 100)} %"


def _share(change: Change) -> str:
    return percent(abs(change.share or Fraction(0)))


def remitted_last(instrument: Instrument, scores: Sequence[int]) -> int:
    """How many of the last scores in a row are ones of remission: two in a row are called sustained."""
    found = 0
    for score in reversed(scores):
        if not is_remission(instrument, score):
            break
        found += 1
    return found


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
