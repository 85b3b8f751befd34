"""What the notes show: counts that do not depend on the order, beside the share of the time they are of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.regimen import Note
from medtrack.domain.side_effects import GRADES, MEANINGS, Changed, History, patterns, symptom_of

START = datetime(2026, 3, 1, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = {1: "prazosin", 2: "sertraline"}


def note(hours: float, text: str = "dizziness", medication: int | None = None) -> Note:
    at = START + hours * HOUR
    return Note(1, text, 1, medication, at, "UTC", at.replace(tzinfo=None), None)


def nightly(days: int, *changes: Changed) -> History:
    return History("prazosin", [START + timedelta(days=day) for day in range(days)], changes)


def test_the_sentence_of_the_counts() -> None:
    change = Changed(START - timedelta(days=2), "the change to 2 mg")
    notes = [note(1), note(25), note(49), note(73, medication=1), note(97), note(110)]
    (found,) = patterns(notes, [nightly(6, change)], NAMES, START + timedelta(days=6))
    assert found.reads_as == (
        "dizziness: 5 of 6 notes within 3 hours after a dose of prazosin (18 of 144 hours are such = 12.5 %);"
        " suspected in 1 of 6; first note 2 days after the change to 2 mg"
    )


def test_the_edges_of_the_hours_after_a_dose() -> None:
    def near(hours: float) -> int:
        found = patterns([note(hours), note(1)], [nightly(1)], NAMES, START + 24 * HOUR)
        return found[0].near - 1

    assert [near(hours) for hours in (-0.01, 0, 2.99, 3, 3.01)] == [0, 1, 1, 1, 0]


def test_one_note_alone_is_no_pattern_and_a_medicine_never_taken_is_none() -> None:
    assert patterns([note(1)], [nightly(3)], NAMES, START + 72 * HOUR) == []
    assert patterns([note(1), note(2)], [History("prazosin", [], ())], NAMES, START + 72 * HOUR) == []
    assert patterns([note(12), note(13)], [nightly(3)], NAMES, START + 72 * HOUR) == [], (
        "none near, none named"
    )
    (named,) = patterns([note(12, medication=1), note(13)], [nightly(3)], NAMES, START + 72 * HOUR)
    assert (named.near, named.suspected) == (0, 1)


def test_a_change_long_before_or_after_every_note_is_not_said() -> None:
    for hours, expected in (
        (1 - 42 * 24 - 0.01, None),
        (1 - 42 * 24, "the start"),
        (2, "the start"),
        (2.01, None),
    ):
        change = Changed(START + hours * HOUR, "the start")
        (found,) = patterns([note(1), note(2)], [nightly(3, change)], NAMES, START + 72 * HOUR)
        assert (found.change and found.change.words) == expected, hours


def test_the_first_note_after_a_change_is_not_one_before_it() -> None:
    change = Changed(START + timedelta(days=10), "the change to 2 mg")
    notes = [note(24 * day + 1) for day in (0, 3, 5, 9, 12, 13)]
    (found,) = patterns(notes, [nightly(14, change)], NAMES, START + timedelta(days=14))
    assert (found.before, found.followed_at) == (4, START + timedelta(days=12, hours=1))
    assert found.reads_as.endswith("; 4 of 6 notes before the change to 2 mg, the next one 2 days after it")


def test_a_note_at_the_moment_of_a_change_is_after_it_and_the_latest_change_is_told() -> None:
    changes = [Changed(START, "the start"), Changed(START + timedelta(days=4), "the change to 2 mg")]
    (found,) = patterns([note(25), note(96)], [nightly(5, *changes)], NAMES, START + timedelta(days=5))
    assert (found.before, found.followed_at) == (1, changes[1].at)
    (found,) = patterns([note(25), note(26)], [nightly(5, *changes)], NAMES, START + timedelta(days=5))
    assert (found.change, found.before) == (changes[0], 0), "no note followed the later one"


def test_hours_before_the_days_asked_for_are_not_counted_but_a_dose_in_them_is_near() -> None:
    since = START + 2 * HOUR
    (found,) = patterns([note(2.5), note(9)], [nightly(1)], NAMES, START + 12 * HOUR, since=since)
    assert (found.near, found.covered, found.whole) == (1, HOUR, 10 * HOUR)


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=12),
    st.lists(st.integers(-50, 50), max_size=6),
)
def test_notes_before_a_change_and_the_first_after_it_are_all_of_them(days, changed) -> None:
    changes = [Changed(START + timedelta(days=day), f"change {day}") for day in changed]
    notes = [note(24 * day, medication=1) for day in days]
    (found,) = patterns(notes, [nightly(1, *changes)], NAMES, START + timedelta(days=60))
    if found.change is None:
        assert found.before == 0
        assert found.followed_at is None
        return
    before = [each for each in notes if each.noted_at < found.change.at]
    after = [each.noted_at for each in notes if each.noted_at >= found.change.at]
    assert (found.before, found.followed_at) == (len(before), min(after))
    assert found.followed_at - found.change.at <= timedelta(days=42)


@given(
    st.lists(st.floats(0, 200), min_size=2, max_size=12),
    st.lists(st.floats(0, 200), min_size=1, max_size=12),
    st.randoms(),
)
def test_counts_are_of_the_notes_and_the_time_in_any_order(noted, taken, shuffle) -> None:
    history = History("prazosin", sorted(START + hours * HOUR for hours in taken), ())
    notes = [note(hours) for hours in noted]
    until = START + 201 * HOUR
    found = patterns(notes, [history], NAMES, until)
    shuffle.shuffle(notes)
    assert patterns(notes, [history], NAMES, until) == found
    for each in found:
        assert 0 <= each.near <= each.notes == len(noted)
        assert timedelta(0) < each.covered <= each.whole
        assert each.covered <= len(taken) * each.within


def test_what_a_note_is_about() -> None:
    for text in (
        "Dizziness: on standing",
        "dizziness, at noon",
        "dizziness (fell)",
        "dizziness - again",
        "DIZZINESS",
    ):
        assert symptom_of(text) == "dizziness"
    assert symptom_of("dry  mouth") == "dry mouth"
    assert symptom_of(": odd") == ": odd"


def test_notes_are_put_together_by_the_word_asked_for() -> None:
    notes = [note(1, "dizzy"), note(25, "felt dizzy again")]
    assert patterns(notes, [nightly(3)], NAMES, START + 72 * HOUR) == []
    (found,) = patterns(notes, [nightly(3)], NAMES, START + 72 * HOUR, word="dizz")
    assert (found.symptom, found.near, found.notes) == ("dizz", 2, 2)


def test_every_grade_has_its_meaning() -> None:
    assert list(GRADES) == list(MEANINGS) == [1, 2, 3, 4, 5]
