"""Which observation fills which line of a protocol, which is due at a minute, and what is unfinished."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.protocol_reading import protocol_of, read_protocol
from medtrack.domain.protocols import Protocol
from medtrack.domain.sessions import (
    Item,
    Observation,
    Session,
    checklist,
    comes_after,
    comes_after_dose,
    happened_at,
    next_due,
    phase_dates,
    phase_on,
    remarks,
    unfinished,
    urgent,
    week_of,
)
from medtrack.knowledge import read_shipped_protocol

BEGUN = datetime(2026, 3, 10, 13, 40, tzinfo=UTC)
DOSED = BEGUN + timedelta(minutes=20)
INFUSION = protocol_of(
    {
        "name": "IV ketamine",
        "rest": {"minutes": 90},
        "within": 5,
        "before": [
            {"key": "bp", "text": "before"},
            {"key": "solids", "kind": "time", "minutes": 360, "text": "x"},
        ],
        "during": [
            {"key": "bp", "at": [0, 15, 30, 45, 60, 90], "text": "x"},
            {"key": "spo2", "at": [30], "on_leaving": True, "text": "x"},
            {"key": "mood", "text": "x"},
        ],
        "after": [{"key": "escort", "text": "x"}],
    },
    "iv",
    "iv",
)


def shipped() -> Protocol:
    return read_protocol(read_shipped_protocol("spravato") or "", "spravato", "spravato")


def seen(minute: float, kind: str, value: str, *, before: bool = False) -> Observation:
    at = DOSED + timedelta(minutes=minute)
    return Observation(int(minute * 10) + 500, "", kind, value, before, at)


def session(
    protocol: Protocol, *observed: Observation, dosed: bool = True, ended: float | None = None
) -> Session:
    all_seen = [*observed, *([seen(0, "dose", "56 mg")] if dosed else [])]
    return Session(
        1,
        "",
        protocol,
        date(2026, 3, 10),
        BEGUN,
        "UTC",
        BEGUN.replace(tzinfo=None),
        observations=tuple(sorted(all_seen, key=lambda each: each.observed_at)),
        ended_at=None if ended is None else DOSED + timedelta(minutes=ended),
    )


def items(found: Session, minute: float) -> list[Item]:
    return checklist(found, DOSED + timedelta(minutes=minute))


def item(found: Session, minute: float, key: str, due: int | None = None, part: str = "during") -> Item:
    return next(each for each in items(found, minute) if (each.part, each.key, each.due) == (part, key, due))


def test_before_the_dose_only_what_is_asked_before_it_is_due() -> None:
    found = session(shipped(), dosed=False)
    listed = items(found, -10)
    assert {each.state for each in listed if each.part == "before"} == {"due"}
    assert {each.state for each in listed if each.part != "before"} == {"to come"}
    following = next_due(found, listed)
    assert following is not None
    assert following.key == "food"
    assert found.minute(DOSED) is None


@pytest.mark.parametrize(
    ("minute", "state"), [(0, "to come"), (39.9, "to come"), (40, "due"), (79, "due"), (80, "unfinished")]
)
def test_the_pressure_at_40_minutes_is_due_until_another_would_count_for_the_next(
    minute: float, state: str
) -> None:
    assert item(session(shipped()), minute, "bp", 40).state == state


@pytest.mark.parametrize(
    ("minute", "timing"),
    [
        (20, "early"),
        (29, "early"),
        (30, "on time"),
        (40, "on time"),
        (50, "on time"),
        (51, "late"),
        (79, "late"),
    ],
)
def test_an_observation_early_or_late_counts_and_is_said_to_be_so(minute: float, timing: str) -> None:
    found = item(session(shipped(), seen(minute, "bp", "130/80")), 200, "bp", 40)
    assert (found.state, found.minute, found.timing) == ("done", minute, timing)


def test_the_nearest_of_two_counts_and_the_last_one_on_leaving() -> None:
    found = session(shipped(), *(seen(minute, "bp", "130/80") for minute in (25, 41, 60, 110, 125)))
    assert item(found, 130, "bp", 40).minute == 41
    assert (item(found, 130, "bp", 120).minute, item(found, 130, "bp", 120).timing) == (125, "on time")


def test_too_early_for_leaving_is_said_and_never_late() -> None:
    assert item(session(shipped(), seen(90, "bp", "130/80")), 130, "bp", 120).timing == "early"
    assert item(session(shipped(), seen(150, "bp", "130/80")), 160, "bp", 120).timing == "on time"


@pytest.mark.parametrize(("minute", "is_done"), [(150, True), (151, False), (209, False), (9800, False)])
def test_the_last_planned_one_is_filled_by_one_at_most_half_an_hour_late(minute: int, is_done: bool) -> None:
    late = seen(minute, "bp", "130/80")
    found = session(shipped(), seen(41, "bp", "149/91"), late)
    assert (item(found, minute, "bp", 120).state == "done") == is_done
    assert (item(found, minute, "bp", 120).state == "unfinished") != is_done
    assert (comes_after(found, late)) != is_done
    last = item(session(INFUSION, seen(minute - 30, "bp", "130/80")), minute, "bp", 90)
    assert (last.state == "done") == is_done


def test_what_has_no_minute_is_observed_until_half_an_hour_after_all_that_has_one() -> None:
    assert item(session(shipped(), seen(150, "sedation", "5")), 160, "sedation").state == "done"
    late = seen(151, "sedation", "5")
    found = session(shipped(), late)
    assert item(found, 160, "sedation").state == "unfinished"
    assert comes_after(found, late)
    assert not comes_after(found, seen(9800, "nausea", "3")), "the protocol plans none"
    assert not comes_after(found, seen(9800, "ready", "Jo"))
    assert not comes_after(session(shipped(), dosed=False), late)
    wide = INFUSION._replace(within=45)
    assert item(session(wide, seen(135, "bp", "130/80")), 140, "bp", 90).timing == "on time"


def test_each_of_many_times_catches_its_own() -> None:
    found = session(INFUSION, *(seen(minute, "bp", "130/80") for minute in (0, 14, 31, 44, 62, 88)))
    caught = [(each.due, each.minute, each.timing) for each in items(found, 95) if each.key == "bp"][1:]
    assert caught == [
        (due, at, "on time") for due, at in zip((0, 15, 30, 45, 60, 90), (0, 14, 31, 44, 62, 88), strict=True)
    ]


def test_what_is_measured_before_the_session_is_no_observation_in_it() -> None:
    found = session(INFUSION, seen(-5, "bp", "130/80", before=True))
    assert item(found, 3, "bp", None, "before").state == "done"
    assert item(found, 3, "bp", 0).state == "due"


def test_what_is_missing_at_the_end_is_unfinished_and_nothing_is_to_come() -> None:
    found = session(shipped(), seen(-5, "bp", "130/80"), seen(130, "escort", "Ben"), ended=130)
    listed = items(found, 500)
    assert [each.key for each in unfinished(listed)] == [
        "food", "drink", "nasal-spray", "medicines", "bp", "bp", "spo2", "sedation", "dissociation", "ready",
    ]  # fmt: skip
    assert {each.state for each in listed} == {"done", "unfinished"}
    assert next_due(found, listed) is None


def test_the_next_is_what_is_due_first_then_what_comes_first() -> None:
    def after(minute: float, *observed: Observation) -> tuple[str, int | None]:
        found = session(INFUSION, seen(-1, "bp", "1/1"), seen(-1, "solids", "none"), *observed)
        following = next_due(found, items(found, minute))
        assert following is not None
        return following.key, following.due

    assert after(3) == ("bp", 0)
    assert after(10) == ("bp", 15)
    assert after(16, seen(15, "bp", "130/80")) == ("bp", 30)
    assert after(95, seen(90, "bp", "130/80"), seen(91, "spo2", "97"), seen(92, "mood", "calm")) == (
        "escort",
        None,
    )


def test_what_the_protocol_says_is_said_in_numbers() -> None:
    food = seen(-1, "food", (DOSED - timedelta(minutes=80)).isoformat())
    found = session(shipped(), food, seen(-2, "bp", "141/80"), seen(-1, "nasal-spray", "none"), ended=95)
    assert remarks(found) == [
        "Last food: 1 hour 20 minutes before the dose; the protocol asks for at least 2 hours. Tell your clinic.",
        "Blood pressure before the dose: 141/80. Above 140/90 the label has the clinic weigh benefit and risk before"
        " a dose: show them the number.",
        "It ended 95 minutes after the dose; the protocol asks for at least 120.",
    ]
    assert remarks(session(shipped(), seen(-2, "bp", "140/90"), ended=120)) == []


def test_what_the_team_is_to_see_at_once_is_said_by_bounds_with_a_source() -> None:
    found = session(
        shipped(), seen(-5, "bp", "128/82"), seen(10, "bp", "160/100"), seen(20, "bp", "168/100"),
        seen(30, "bp", "160/107"), seen(31, "spo2", "90"), seen(32, "spo2", "62"), seen(33, "sedation", "3"),
        seen(34, "sedation", "0"), seen(35, "dissociation", "10"),
    )  # fmt: skip
    assert [line.partition(" Source: ")[0] for line in urgent(found)] == [
        "Blood pressure 168/100 (minute 20). It is +40/+18 against 128/82 before the dose. From 40 of the upper or 25"
        " of the lower number on, the label counts a rise as a large one: show the staff the number now.",
        "Blood pressure 160/107 (minute 30). It is +32/+25 against 128/82 before the dose. From 40 of the upper or 25"
        " of the lower number on, the label counts a rise as a large one: show the staff the number now.",
        "SpO2 62 % (minute 32). Below 90 %: show the staff the number now.",
        "Sedation 0 of 5 (MOAA/S): does not answer (minute 34). No answer to the name: tell the staff now.",
    ]
    assert all(" Source: " in line for line in urgent(found))
    assert remarks(found) == urgent(found)
    over = found._replace(ended_at=DOSED + timedelta(minutes=130))
    assert urgent(over) == urgent(found)
    assert remarks(over) == [line.partition(" Source: ")[0] for line in urgent(found)], "in short"


@pytest.mark.parametrize(("value", "is_told"), [("179/114", False), ("180/100", True), ("230/140", True)])
def test_a_pressure_with_none_before_it_is_held_against_the_limit_before_a_dose(
    value: str, is_told: bool
) -> None:
    told = urgent(session(shipped(), seen(40, "bp", value)))
    assert bool(told) == is_told
    assert all("against 140/90 (none from before the dose is written down)" in line for line in told)
    assert urgent(session(shipped(), seen(-5, "bp", value))) == [], "before the dose it has its own sentence"
    assert urgent(session(shipped(), seen(-5, "bp", value, before=True), dosed=False)) == []
    assert urgent(session(INFUSION, seen(40, "bp", value), seen(41, "spo2", "62"))) == []


def test_the_rest_time_counts_from_the_dose_and_from_the_start_while_there_is_none() -> None:
    assert session(shipped(), dosed=False).rests_until == BEGUN + timedelta(hours=2)
    assert session(shipped()).rests_until == DOSED + timedelta(hours=2)


def test_the_phases_of_a_course_follow_each_other_on_the_calendar() -> None:
    first = date(2026, 3, 10)
    dates = phase_dates(shipped(), first)
    assert [(each.first, each.last) for each in dates] == [
        (date(2026, 3, 10), date(2026, 4, 6)),
        (date(2026, 4, 7), date(2026, 5, 4)),
        (date(2026, 5, 5), None),
    ]
    assert week_of(first, date(2026, 3, 16)) == 1
    assert week_of(first, date(2026, 3, 17)) == 2


@given(st.integers(0, 4000))
def test_every_day_of_a_course_is_in_one_phase(days: int) -> None:
    first = date(2026, 3, 10)
    day = first + timedelta(days=days)
    inside = [
        each
        for each in phase_dates(shipped(), first)
        if each.first <= day and (each.last is None or day <= each.last)
    ]
    assert inside == [phase_on(shipped(), first, day)]


@given(
    st.lists(
        st.tuples(st.integers(-60, 400), st.sampled_from(["bp", "spo2", "mood", "escort"])), max_size=12
    ),
    st.integers(-30, 500),
    st.one_of(st.none(), st.integers(0, 500)),
)
def test_an_observation_fills_at_most_one_line_and_states_are_what_they_say(
    observed: list[tuple[int, str]], minute: int, ended: int | None
) -> None:
    numbered = [
        seen(at, kind, "128/82")._replace(id=number) for number, (at, kind) in enumerate(observed, start=1)
    ]
    found = session(INFUSION, *numbered, ended=ended)
    listed = items(found, minute)
    filled = [
        each.observation.id for each in listed if each.observation is not None and each.part == "during"
    ]
    assert len(filled) == len(set(filled))
    for each in listed:
        assert (each.state == "done") == (each.observation is not None)
        assert each.timing is None or each.due is not None
        if ended is not None:
            assert not each.is_open
    following = next_due(found, listed)
    assert following is None or following.is_open


def test_a_drink_after_the_dose_fills_no_line_from_before_it_and_is_no_fasting_time() -> None:
    def drink(minute: float, written: float = 120) -> Observation:
        return seen(written, "drink", (DOSED + timedelta(minutes=minute)).isoformat())

    late, early = drink(110), drink(-10, 121)
    found = session(shipped(), late, ended=125)
    assert item(found, 130, "drink", None, "before").state == "unfinished"
    assert comes_after_dose(found, late)
    assert not [line for line in remarks(found) if "drink" in line]
    both = session(shipped(), late, early)
    assert item(both, 130, "drink", None, "before").observation == early
    assert [line for line in remarks(both) if line.startswith("Last drink: 10 minutes before the dose")]
    assert not comes_after_dose(session(shipped(), late, dosed=False), late), "no dose is given yet"
    assert not comes_after_dose(found, drink(0))


def test_what_is_said_of_the_time_before_was_then_whenever_it_is_written_down() -> None:
    found = session(shipped())
    at_noon = DOSED - timedelta(minutes=100)
    assert happened_at(found, seen(1000, "food", at_noon.isoformat())) == at_noon
    assert happened_at(found, seen(1000, "nasal-spray", "none")) is None
    assert happened_at(found, seen(1000, "medicines", "yes")) is None
    assert happened_at(found, seen(50, "bp", "130/80")) == DOSED + timedelta(minutes=50)
