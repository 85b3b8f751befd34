"""When a slot is told, again and to whom at last; snoozes, quiet hours and check-ins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.matching import Held, Match, match
from medtrack.domain.regimen import Clock, Plan
from medtrack.domain.reminders import (
    CheckIn,
    Quiet,
    Rule,
    Snooze,
    Telling,
    changes_of,
    read_check_in,
    read_quiet,
    say_rule,
    steps_of,
    tellings,
)
from medtrack.domain.slots import slots_of
from medtrack.domain.zones import always
from medtrack.errors import BadTiming, UsageRefused
from tests.domain.test_matching import TABLET, at, dose

MINUTE = timedelta(minutes=1)
PLANNED = at("10 08:00")
RULE = Rule((15 * MINUTE, 60 * MINUTE), "carer", 75 * MINUTE)


def matches(*doses: str, times: str = "08:00,20:00") -> list[Match]:
    clocks = tuple(time.fromisoformat(each) for each in times.split(","))
    plan = Plan(1, "plan", 1, TABLET, Clock(clocks), date(2026, 3, 10))
    planned = slots_of([plan], always("UTC"), at("09 00:00"), at("13 00:00"))
    return match(planned.slots, [dose(each) for each in doses], planned.edges).matches


def told(
    now: str,
    found: list[Match],
    rule: Rule = RULE,
    known: set[tuple[datetime, str]] | None = None,
    snoozes: tuple[Snooze, ...] = (),
    holds: tuple[Held, ...] = (),
    since: str = "10 00:00",
) -> list[Telling]:
    return list(tellings(found, holds, rule, snoozes, known or set(), at(now), at(since)))


def said(found: list[Telling]) -> list[tuple[str, tuple[str, ...], bool, bool]]:
    return [(each.state, each.steps, each.is_then, each.is_again) for each in found]


def test_the_steps_of_a_rule_in_order() -> None:
    assert [(step.name, step.at - PLANNED, step.is_then) for step in steps_of(PLANNED, RULE, ())] == [
        ("0", 0 * MINUTE, False),
        ("900", 15 * MINUTE, False),
        ("3600", 60 * MINUTE, False),
        ("then", 75 * MINUTE, True),
    ]


def test_a_snooze_moves_what_falls_into_it_to_its_end_and_is_a_step_itself() -> None:
    snooze = Snooze(1, at("10 08:10"), at("10 08:40"))
    assert [(step.name.split(" ")[0], step.at) for step in steps_of(PLANNED, RULE, [snooze])] == [
        ("0", at("10 08:00")),
        ("900", at("10 08:40")),
        ("snooze", at("10 08:40")),
        ("3600", at("10 09:00")),
        ("then", at("10 09:15")),
    ]


def test_a_snooze_before_the_planned_time_only_moves_the_first_step() -> None:
    snooze = Snooze(1, at("10 07:50"), at("10 08:05"))
    assert [(step.name, step.at) for step in steps_of(PLANNED, Rule(), [snooze])] == [("0", at("10 08:05"))]


def test_a_snooze_that_was_over_before_changes_nothing() -> None:
    snooze = Snooze(1, at("09 08:10"), at("09 08:40"))
    assert steps_of(PLANNED, RULE, [snooze]) == steps_of(PLANNED, RULE, ())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("10 07:59", []),
        ("10 08:00", [("due", ("0",), False, False)]),
        ("10 08:20", [("due", ("0", "900"), False, False)]),
        ("10 09:20", [("overdue", ("0", "900", "3600"), False, False), ("overdue", ("then",), True, False)]),
        ("10 13:59", [("overdue", ("0", "900", "3600"), False, False), ("overdue", ("then",), True, False)]),
        ("10 14:00", [("missed", ("0", "900", "3600"), False, False), ("missed", ("then",), True, False)]),
    ],
)
def test_steps_that_passed_while_nothing_ran_are_told_as_one(now: str, expected: object) -> None:
    assert said(told(now, matches())) == expected


def test_what_was_told_is_told_again_by_its_rule_alone() -> None:
    known = {(PLANNED, "0")}
    assert said(told("10 08:10", matches(), known=known)) == []
    assert said(told("10 08:15", matches(), known=known)) == [("due", ("900",), False, True)]
    assert said(told("10 08:15", matches(), Rule(), known=known)) == []


def test_a_missed_dose_that_was_announced_is_not_told_again_but_the_carer_is() -> None:
    found = told("10 14:00", matches(), known={(PLANNED, "0")})
    assert said(found) == [("missed", ("then",), True, False)]


def test_a_dose_that_was_missed_before_the_first_check_is_nobodys_news() -> None:
    assert told("10 14:00", matches(), since="10 08:01") == []


@pytest.mark.parametrize("taken", ["10 07:30", "10 08:05", "10 13:00"])
def test_a_dose_that_is_written_down_says_nothing(taken: str) -> None:
    assert told("10 14:30", matches(taken)) == []


@pytest.mark.parametrize("state", ["held", "unknown"])
def test_a_held_slot_says_nothing(state: str) -> None:
    assert told("10 08:30", matches(), holds=(Held(at("10 00:00"), None, state),)) == []


@given(
    runs=st.lists(st.integers(0, 60 * 47), min_size=1, max_size=40),
    repeats=st.lists(st.integers(1, 300), max_size=4, unique=True).map(sorted),
    then=st.none() | st.integers(1, 1_000),
    snoozed=st.lists(st.tuples(st.integers(0, 60 * 40), st.integers(1, 300)), max_size=3),
    taken=st.lists(st.integers(0, 60 * 47), max_size=3),
)
def test_every_step_is_told_at_most_once_and_the_first_always_whenever_checks_run(
    runs: list[int], repeats: list[int], then: int | None, snoozed: list[tuple[int, int]], taken: list[int]
) -> None:
    begin = at("10 00:00")
    rule = Rule(tuple(each * MINUTE for each in repeats), None if then is None else "x",
                None if then is None else then * MINUTE)  # fmt: skip
    snoozes = [
        Snooze(1, begin + since * MINUTE, begin + (since + length) * MINUTE) for since, length in snoozed
    ]
    known: set[tuple[datetime, str]] = set()
    for run in sorted(runs):
        now = begin + run * MINUTE
        doses = [f"{begin + each * MINUTE:%d %H:%M}" for each in taken if each <= run]
        made = [each for each in snoozes if each.since <= now]
        found = matches(*doses)
        for each in tellings(found, (), rule, made, known, now, begin):
            planned_at = each.found.slot.planned_at
            assert each.found.dose is None
            assert planned_at <= now
            new = {(planned_at, step) for step in each.steps}
            assert not new & known
            known |= new
        for each in found:
            step = next(step for step in steps_of(each.slot.planned_at, rule, made) if step.name == "0")
            if each.dose is None and step.at <= now:
                assert (each.slot.planned_at, "0") in known


@given(now=st.integers(0, 60 * 47), later=st.integers(1, 60 * 24))
def test_nothing_is_told_between_one_change_and_the_next(now: int, later: int) -> None:
    begin = at("10 00:00")
    found, snoozes = matches("10 09:00"), (Snooze(1, at("10 20:10"), at("10 21:00")),)
    here = begin + now * MINUTE
    known = {
        (each.found.slot.planned_at, step)
        for each in tellings(found, (), RULE, snoozes, set(), here, begin)
        for step in each.steps
    }
    change = min((each for each in changes_of(found, (), RULE, snoozes) if each > here), default=None)
    then = here + later * MINUTE
    if change is None or then < change:
        assert list(tellings(found, (), RULE, snoozes, known, then, begin)) == []


@pytest.mark.parametrize(
    ("typed", "covered", "clear"),
    [
        ("22:00-07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "21:59"]),
        ("13:00-14:30", ["13:00", "14:29"], ["12:59", "14:30", "00:00"]),
        ("10pm-7am", ["22:00"], ["07:00"]),
    ],
)
def test_quiet_hours_are_half_open_and_go_over_midnight(
    typed: str, covered: list[str], clear: list[str]
) -> None:
    quiet = read_quiet(typed)
    assert quiet is not None
    day = date(2026, 3, 10)
    assert all(quiet.covers(datetime.combine(day, time.fromisoformat(each))) for each in covered)
    assert not any(quiet.covers(datetime.combine(day, time.fromisoformat(each))) for each in clear)


@pytest.mark.parametrize(
    "typed", ["", "22:00", "22:00-22:00", "22-7", "25:00-07:00", "late-early", "22:00-07:00-"]
)
def test_what_are_no_quiet_hours_is_refused(typed: str) -> None:
    with pytest.raises((UsageRefused, BadTiming)):
        read_quiet(typed)


@given(since=st.times(), until=st.times())
def test_quiet_hours_are_written_as_they_are_read(since: time, until: time) -> None:
    since, until = (each.replace(second=0, microsecond=0) for each in (since, until))
    if since != until:
        assert read_quiet(str(Quiet(since, until))) == Quiet(since, until)


def test_off_is_neither_quiet_nor_a_check_in() -> None:
    assert read_quiet("OFF") is None
    assert read_check_in("off") is None


def test_a_check_in_is_daily_or_on_a_weekday() -> None:
    assert read_check_in("daily 21:00") == CheckIn(None, time(21))
    assert read_check_in("Sun 6pm") == CheckIn(6, time(18))
    assert str(read_check_in("sunday 18:00")) == "sun 18:00"


@pytest.mark.parametrize("typed", ["", "sun", "21:00", "daily", "weekdays 9:00", "someday 9:00", "sun 25:00"])
def test_what_is_no_check_in_is_refused(typed: str) -> None:
    with pytest.raises((UsageRefused, BadTiming)):
        read_check_in(typed)


@given(weekday=st.none() | st.integers(0, 6), hour=st.integers(0, 23), local=st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01")))  # fmt: skip
def test_the_last_check_in_is_never_ahead_and_within_its_period(
    weekday: int | None, hour: int, local: datetime
) -> None:
    found = CheckIn(weekday, time(hour)).last(local)
    assert timedelta() <= local - found < timedelta(days=1 if weekday is None else 7)
    assert weekday in (None, found.weekday())


def test_a_rule_in_words() -> None:
    assert say_rule(Rule()) == "told once, when it is planned"
    assert say_rule(RULE) == (
        "told when it is planned, again after 15 minutes and 1 hour, then told to carer after 1 hour 15 minutes"
    )
