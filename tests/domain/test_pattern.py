"""Weekdays and parts of the day: taken of expected."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount
from medtrack.domain.matching import Dose, Held, match
from medtrack.domain.pattern import Outcome, Part, by_part_of_day, by_weekday, outcomes
from medtrack.domain.regimen import Clock, Plan
from medtrack.domain.slots import slots_of
from medtrack.domain.zones import always

MONDAY = datetime.fromisoformat("2026-03-09")
THREE = time(3)


def test_the_slots_that_count() -> None:
    plan = Plan(1, "p", 1, Amount(Fraction(1), "tablet"), Clock((time(8), time(20))), date(2026, 3, 9))
    start = MONDAY.replace(tzinfo=UTC)
    slots = slots_of([plan], always("UTC"), start, start + timedelta(5)).slots

    def dose(text: str, status: str = "taken") -> Dose:
        at = datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)
        return Dose(
            0, text, 1, status, at, "UTC", at.replace(tzinfo=None), None, None, "exact", None, None, at
        )

    doses = [
        dose("09 08:00"),
        dose("09 20:00", "skipped"),
        dose("10 08:00"),
        dose("11 20:30"),
        dose("12 08:00"),
    ]
    held = [Held(datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC), "held")]
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    found = outcomes(match(slots, doses).matches, held, now)
    # The 10th is paused; the dose of the 12th could still be taken, so it is not in yet.
    assert [(each.local.day, each.local.hour, each.is_taken) for each in found] == [
        (9, 8, True), (9, 20, False), (11, 8, False), (11, 20, True),
    ]  # fmt: skip
    assert by_weekday(found, THREE) == [Part(0, 1, 2), Part(2, 1, 2)]
    assert by_part_of_day(found) == [Part("morning", 1, 2), Part("evening", 1, 2)]


def test_edges() -> None:
    def outcome(hour: int) -> Outcome:
        return Outcome(MONDAY.replace(hour=hour), True)

    # 02:00 on Monday is still Sunday where days begin at 03:00.
    assert by_weekday([outcome(2), outcome(3)], THREE) == [Part(0, 1, 1), Part(6, 1, 1)]
    assert by_weekday([outcome(2)], time()) == [Part(0, 1, 1)]
    assert by_part_of_day(map(outcome, (0, 5, 6, 11, 12, 17, 18, 23))) == [
        Part("night", 2, 2), Part("morning", 2, 2), Part("afternoon", 2, 2), Part("evening", 2, 2),
    ]  # fmt: skip
    assert by_weekday([], THREE) == by_part_of_day([]) == []


results = st.lists(st.builds(Outcome, st.datetimes(MONDAY, MONDAY + timedelta(200)), st.booleans()))


@given(results, st.sampled_from([time(), THREE]))
@settings(max_examples=100, deadline=None)
def test_every_slot_is_in_one_part(found: list[Outcome], day_starts: time) -> None:
    for parts in (by_weekday(found, day_starts), by_part_of_day(found)):
        assert sum(part.expected for part in parts) == len(found)
        assert sum(part.taken for part in parts) == sum(each.is_taken for each in found)
        assert all(0 <= part.taken <= part.expected for part in parts)
