"""Instruments: answers and totals as they are read, and what a score and a change of it mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.instruments import (
    Change,
    band,
    has_responded,
    is_remission,
    is_urgent,
    matters,
    read_answers,
    read_total,
    remitted_last,
    say_answered,
    say_band,
    say_change,
    say_clusters,
    total,
)
from medtrack.errors import UsageRefused
from medtrack.knowledge import read_instruments

KNOWN = read_instruments()
PHQ9, GAD7, PCL5, MADRS, QIDS, PAIN = (
    KNOWN[name] for name in ("phq9", "gad7", "pcl5", "madrs", "qids", "pain")
)


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("phq9", [(0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
                  (15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (27, "severe")]),
        ("gad7", [(4, "minimal"), (5, "mild"), (10, "moderate"), (14, "moderate"), (15, "severe"), (21, "severe")]),
        ("qids", [(5, "none"), (6, "mild"), (10, "mild"), (11, "moderate"), (15, "moderate"), (16, "severe"),
                  (20, "severe"), (21, "very severe"), (27, "very severe")]),
    ],
)  # fmt: skip
def test_the_edges_of_the_bands(name: str, edges: list[tuple[int, str]]) -> None:
    for score, words in edges:
        assert band(KNOWN[name], score) == words, score


def test_bands_say_their_limits() -> None:
    assert say_band(PHQ9, 14) == "moderate (10 to 14)"
    assert say_band(PHQ9, 27) == "severe (20 to 27)"
    assert say_band(PCL5, 33) == "within the cut-off of 31 to 33 (31 to 33)"
    assert say_band(MADRS, 31) is None


@given(st.sampled_from([PHQ9, GAD7, PCL5]), st.data())
def test_a_total_is_the_sum_and_none_where_an_answer_is_missing(instrument, data) -> None:
    answer = st.one_of(st.none(), st.integers(0, len(instrument.answers) - 1))
    answers = tuple(
        data.draw(st.lists(answer, min_size=len(instrument.items), max_size=len(instrument.items)))
    )
    typed = ",".join("-" if each is None else str(each) for each in answers)
    if all(each is None for each in answers):
        with pytest.raises(UsageRefused):
            read_answers(instrument, typed)
        return
    assert read_answers(instrument, typed) == answers
    found = total(answers)
    assert (found is None) == (None in answers)
    if found is not None:
        assert 0 <= found == sum(each or 0 for each in answers) <= instrument.most


def test_the_most_is_what_the_items_can_make() -> None:
    for instrument in KNOWN.values():
        if instrument.items:
            assert instrument.most == len(instrument.items) * (len(instrument.answers) - 1)


@pytest.mark.parametrize("typed", ["28", "-1", "7.5", "nan", "inf", "", "1e1", "²", "٣", "999999999999"])
def test_a_total_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(UsageRefused, match="whole number from 0 to 27"):
        read_total(PHQ9, typed)


@pytest.mark.parametrize(
    "typed", ["1,2", "0,0,0,0,0,0,0,0,4", "0,0,0,0,0,0,0,0,x", "0,0,0,0,0,0,0,0,0,0", "-,-,-,-,-,-,-,-,-"]
)
def test_answers_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(UsageRefused):
        read_answers(PHQ9, typed)


def test_of_an_instrument_without_items_only_the_total_is_taken() -> None:
    with pytest.raises(UsageRefused, match="kept as its total alone"):
        read_answers(MADRS, "1,2,3")


@given(st.integers(0, 3), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_item_nine_above_zero_is_always_urgent(last: int, others: list[int]) -> None:
    answers = (*others, last)
    assert is_urgent(PHQ9, answers, total(answers)) == (last > 0)


def test_a_total_is_urgent_where_the_other_items_cannot_make_it() -> None:
    assert [is_urgent(PHQ9, (), score) for score in (0, 24, 25, 27)] == [False, False, True, True]
    assert not is_urgent(GAD7, (), 21)
    assert is_urgent(PHQ9, (None,) * 8 + (1,), None), "also where the rest is missing"


@pytest.mark.parametrize(
    ("first", "now", "expected"),
    [(18, 9, True), (18, 10, False), (10, 5, True), (10, 6, False), (9, 0, None), (0, 0, None), (0, 5, None)],
)
def test_response_of_the_phq9(first: int, now: int, expected: bool | None) -> None:
    assert has_responded(PHQ9, Change(first, now)) is expected


@pytest.mark.parametrize(("score", "expected"), [(0, True), (4, True), (5, False)])
def test_remission_of_the_phq9(score: int, expected: bool) -> None:
    assert is_remission(PHQ9, score) is expected


def test_remission_of_the_others() -> None:
    assert [is_remission(MADRS, score) for score in (12, 13)] == [True, False]
    assert [is_remission(QIDS, score) for score in (5, 6)] == [True, False]
    assert is_remission(GAD7, 0) is None
    assert has_responded(GAD7, Change(20, 0)) is None


def test_changes_that_matter() -> None:
    assert [matters(GAD7, Change(12, now)) for now in (8, 9, 16, 15)] == [True, False, True, False]
    assert [matters(PCL5, Change(40, now)) for now in (30, 31)] == [True, False]
    assert [matters(PAIN, Change(3, now)) for now in (2, 1)] == [True, True], "30 % of 3 is less than a point"
    assert matters(PAIN, Change(0, 1)) is False
    assert matters(PHQ9, Change(20, 0)) is None


@given(st.sampled_from(list(KNOWN.values())), st.data())
def test_every_change_is_said_with_what_it_is_of(instrument, data) -> None:
    first, now = (data.draw(st.integers(0, instrument.most)) for _ in range(2))
    said = "; ".join(say_change(instrument, Change(first, now)))
    if "%" in said.split(";")[0]:
        assert f"{abs(first - now)} of {first} = " in said
    assert (first == now) == said.startswith("no change")


def test_scores_of_remission_in_a_row() -> None:
    assert remitted_last(PHQ9, [18, 4, 9, 4, 3]) == 2
    assert remitted_last(PHQ9, [4, 9]) == 0
    assert remitted_last(GAD7, [0, 0]) == 0
    assert remitted_last(PHQ9, []) == 0


def test_gaps_are_said() -> None:
    assert say_answered((1, None, 2)) == "no total: 2 of 3 items answered, which make 3"


def test_the_clusters_of_the_pcl5_are_counted_from_moderately_on() -> None:
    answers = (2, 1, 1, 1, 1, 2, 0, *([2] * 7), 1, 1, 1, 1, 1, 4)
    said = say_clusters(PCL5, answers) or ""
    assert "B 1 of 5, C 1 of 2, D 7 of 7, E 1 of 6" in said
    assert "at least B 1, C 1, D 2, E 2" in said
    assert say_clusters(PHQ9, (1,) * 9) is None
    assert [cluster.last - cluster.first + 1 for cluster in PCL5.clusters] == [5, 2, 7, 6]
