"""Supply: CMA by hand, by the published values and by a cupboard that is emptied day by day; PDC and MPR."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.supply import Fill, cma, mpr, pdc, pdc_of_every

START = date(2026, 1, 1)
ALL = range(1, 10)
ROOT = Path(__file__).parents[2]
DATA = Path(
    os.environ.get("MEDTRACK_ADHERER", ROOT.parent / "shared" / "data" / "adherer" / "med_events.csv")
)


def day(number: int) -> date:
    """The first day is 0."""
    return START + timedelta(number)


def fill(number: int, days: Fraction | int, medication: str = "A", dose: Fraction | int | None = 1) -> Fill:
    return Fill(day(number), days, medication, dose)


# --- CMA by hand -----------------------------------------------------------------------------------------------------

# Day 0: 30 days, day 20: 30 (10 left over), day 80: 20 (a gap of 20), day 110: 30 (a gap of 10).
HISTORY = [fill(0, 30), fill(20, 30), fill(80, 20), fill(110, 30)]
BY_HAND = [
    # The window from day 0 to day 120.
    (1, 0, 120, "80/110"), (2, 0, 120, "110/120"), (3, 0, 120, "80/110"), (4, 0, 120, "110/120"),
    (5, 0, 120, "80/110"), (6, 0, 120, "90/120"), (7, 0, 120, "90/120"), (8, 0, 120, "90/120"),
    # Day 20 to 110: its first fill is on the first day, its last on the last.
    (1, 20, 90, "50/90"), (2, 20, 90, "80/90"), (5, 20, 90, "50/90"), (6, 20, 90, "50/90"),
    (7, 20, 90, "60/90"),
    # What was left from day 0 until day 50 is not part of it; the second fill is.
    (8, 20, 90, "50/80"),
    # Day 10 to 50: all of it covered; the last supply reaches over the end.
    (2, 10, 40, "30/30"), (6, 10, 40, "30/30"), (7, 10, 40, "1"), (8, 10, 40, "1"),
    # Day 60 to 80: nothing, and a fill on the last day that is used by none.
    (1, 60, 20, None), (2, 60, 20, None), (3, 60, 20, None), (4, 60, 20, "1"), (5, 60, 20, None),
    (6, 60, 20, None), (7, 60, 20, "0"), (8, 60, 20, "0"),
    # Day 62 to 78: a window without a fill.
    (1, 62, 16, None), (2, 62, 16, None), (5, 62, 16, None), (6, 62, 16, None), (7, 62, 16, "0"),
    # The stretches of CMA9: 0 to 20 covered, 20 to 80 by 40 of 60, 80 to 110 by 20 of 30, 110 to 200 by 30 of 90.
    (9, 0, 120, "(20+40+20+10/3)/120"), (9, 62, 16, "2/3"), (9, 100, 20, "(20/3+10/3)/20"),
    (9, 130, 30, "1/3"),
]  # fmt: skip


def number(text: str | None) -> Fraction | None:
    """'(20+10/3)/120' as an exact number."""
    if text is None:
        return None
    whole, _, under = text.rpartition("/") if text.startswith("(") else (text, "", "")
    parts = whole.strip("()").split("+")
    total = sum((Fraction(*map(int, part.split("/"))) for part in parts), Fraction(0))
    return total / int(under) if under else total


@pytest.mark.parametrize(("n", "since", "days", "expected"), BY_HAND)
def test_a_history_by_hand(n: int, since: int, days: int, expected: str | None) -> None:
    assert cma(n, HISTORY, since=since, days=days, followup_days=200) == number(expected)


def test_the_order_of_days_is_no_matter_and_a_second_follow_up_forgets_the_first() -> None:
    for n in ALL:
        assert cma(n, HISTORY[::-1], since=20, days=90) == cma(n, HISTORY, since=20, days=90)
    # From day 15 on, the supply of day 0 does not exist.
    assert cma(7, HISTORY, since=5, days=60, followup_start=day(15)) == Fraction(30, 60)
    assert cma(7, HISTORY, since=20, days=60) == Fraction(40, 60)
    # Nor that of day 110, where it ends at day 100: a stretch of 20 covered days of 20.
    asked = {"since": 65, "days": 20, "followup_start": day(15), "followup_days": 85}
    assert cma(9, HISTORY, **asked) == 1  # type: ignore[arg-type]
    assert cma(9, HISTORY, **asked | {"since": 0, "days": 65}) == Fraction(30, 65)  # type: ignore[arg-type]


def test_a_supply_over_one_leaves_cma1_and_2_above_one_and_3_and_4_at_it() -> None:
    fills = [fill(0, 90), fill(30, 90), fill(60, 30)]
    found = [cma(n, fills, since=0, days=90) for n in ALL]
    assert found == [3, Fraction(210, 90), 1, 1, 1, 1, 1, 1, Fraction(found[8] or 0)]


def test_what_is_left_is_lost_at_a_change_of_medication_where_asked() -> None:
    fills = [fill(0, 60, "A"), fill(30, 30, "B"), fill(90, 30, "B")]
    assert cma(7, fills, since=0, days=90) == 1
    assert cma(7, fills, since=0, days=90, carry_only_same=True) == Fraction(60, 90)
    # The supply from before day 45 lasts until day 90; with B's own alone until day 60.
    assert cma(8, fills, since=45, days=60) == 1
    assert cma(8, fills, since=50, days=60, carry_only_same=True) == Fraction(20, 50)


def test_what_is_left_lasts_by_the_ratio_of_the_doses_where_asked() -> None:
    halved = [fill(0, 40, dose=4), fill(30, 10, dose=2)]
    assert cma(7, halved, since=0, days=100) == Fraction(50, 100)
    assert cma(7, halved, since=0, days=100, dose_change=True) == Fraction(60, 100)
    tripled = [fill(0, 40, dose=1), fill(30, 10, dose=3)]
    assert cma(7, tripled, since=0, days=100, dose_change=True) == (40 + Fraction(10, 3)) / 100
    switched = [fill(0, 40, "A", 4), fill(30, 10, "B", 2)]
    assert cma(7, switched, since=0, days=100, dose_change=True, carry_only_same=True) == Fraction(40, 100)


def test_a_window_that_begins_within_a_day_stays_whole_days_long() -> None:
    # 5 days left of dose 1 are 2.5 days of dose 2: the supply from before day 20 ends at day 22.5.
    fills = [fill(0, 15, dose=1), fill(10, 10, dose=2)]
    asked = {"since": 20, "days": 31, "dose_change": True}
    # 28.5 days to day 51 are 28 (halves to even), none of them covered.
    assert cma(8, fills, **asked) == 0  # type: ignore[arg-type]
    # Until 22.5 + 28 = 50.5; the fill of day 40 covers what is left of it.
    assert cma(8, [*fills, fill(40, 20, dose=2)], **asked) == Fraction(21, 56)  # type: ignore[arg-type]


def test_a_window_that_supply_from_before_fills_is_none_to_cma8() -> None:
    assert cma(8, [fill(0, 90)], since=30, days=30) is None
    assert cma(8, [fill(0, 60)], since=30, days=30) is None
    assert cma(7, [fill(0, 90)], since=30, days=30) == 1


def test_fills_of_one_day_are_taken_in_the_order_given() -> None:
    asked = {"since": 0, "days": 60, "carry_only_same": True}
    first, second = fill(0, 20, "A"), fill(0, 30, "B")
    # The other one is what is left, and is lost.
    assert cma(7, [first, second], **asked) == Fraction(30, 60)  # type: ignore[arg-type]
    assert cma(7, [second, first], **asked) == Fraction(20, 60)  # type: ignore[arg-type]
    assert cma(7, [first, second], since=0, days=60) == Fraction(50, 60)
    assert cma(1, [first, second], since=0, days=60) is None
    assert cma(5, [first, second], since=0, days=60) is None


def test_fractions_of_days_stay_exact() -> None:
    fills = [fill(0, Fraction(1, 3)), fill(1, Fraction(1, 7))]
    assert cma(6, fills, since=0, days=3) == (Fraction(1, 3) + Fraction(1, 7)) / 3
    assert cma(9, fills, since=0, days=3, followup_days=3) == (Fraction(1, 3) + Fraction(1, 7)) / 3


def test_what_has_no_number() -> None:
    for n in (0, *ALL):
        assert cma(n, [], since=0, days=100) is None
        assert cma(n, HISTORY, since=0, days=0) is None
        assert cma(n, HISTORY, since=-1, days=50) is None
        assert cma(n, HISTORY, since=700, days=31) is None
        assert cma(n, HISTORY, since=0, days=10, followup_start=day(500)) is None
    assert cma(0, HISTORY, since=0, days=120) is None
    assert cma(4, [fill(0, 0), fill(20, 0)], since=10, days=10) is None
    unknown = [fill(0, 40, dose=4), fill(30, 10, dose=None)]
    assert cma(7, unknown, since=0, days=100, dose_change=True) is None
    assert cma(7, unknown, since=0, days=100) == Fraction(1, 2)
    assert cma(
        7, [each._replace(dose=None) for each in unknown], since=0, days=100, dose_change=True
    ) == Fraction(1, 2)


def test_a_supply_of_no_days_covers_none() -> None:
    assert [cma(n, [fill(0, 0)], since=0, days=30) for n in (2, 4, 6, 7, 8, 9)] == [0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("n", [-1, 10])
def test_there_are_no_others(n: int) -> None:
    with pytest.raises(ValueError, match="there is no CMA"):
        cma(n, HISTORY, since=0, days=120)


@pytest.mark.parametrize("wrong", [fill(0, -1), fill(0, 30, dose=0)])
def test_what_cannot_be_is_refused(wrong: Fill) -> None:
    with pytest.raises(ValueError, match="2026-01-01"):
        cma(7, [wrong], since=0, days=30)
    with pytest.raises(ValueError, match="2026-01-01"):
        pdc([wrong], day(0), day(30))


# --- CMA against a cupboard --------------------------------------------------------------------------------------------

histories = st.lists(
    st.builds(fill, st.integers(0, 120), st.integers(0, 40), st.sampled_from("AB"), st.integers(1, 4)),
    min_size=1,
    max_size=8,
)
windows = st.tuples(st.integers(0, 100), st.integers(1, 80))


class Cupboard:
    """The oracle: doses are put in on the day of a fill, and taken out once a day while there are any."""

    def __init__(self, fills: Sequence[Fill], days: int, *, only_same: bool, by_dose: bool) -> None:
        self.covered: list[Fraction] = []
        """For each day, how much of it."""
        waiting = sorted(fills, key=lambda each: each.on)
        doses = Fraction(0)
        last: Fill | None = None
        for number in range(days):
            while waiting and waiting[0].on == day(number):
                new = waiting.pop(0)
                if last is not None and only_same and new.medication != last.medication:
                    doses = Fraction(0)
                if last is not None and not by_dose:
                    doses = doses * (new.dose or 1) / (last.dose or 1)
                doses += new.days * Fraction(new.dose or 1)
                last = new
            used = min(doses, Fraction(last.dose or 1)) if last is not None else Fraction(0)
            doses -= used
            self.covered.append(used / (last.dose or 1) if last is not None else Fraction(0))
        self.left = doses / (last.dose or 1) if last is not None else Fraction(0)
        """Days that what is in it at the end still lasts."""


@given(histories, windows, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_cma_agrees_with_a_cupboard(
    fills: list[Fill], window: tuple[int, int], only_same: bool, by_dose: bool
) -> None:
    since, days = window
    until, follow = since + days, 200
    rule = {"only_same": only_same, "by_dose": by_dose}

    def found(n: int) -> Fraction | None:
        return cma(
            n, fills, since=since, days=days, followup_start=START, followup_days=follow,
            carry_only_same=only_same, dose_change=by_dose,
        )  # fmt: skip

    before = [each for each in fills if each.on <= day(until)]
    inside = [each for each in before if each.on >= day(since)]
    whole = Cupboard(before, until, **rule).covered
    assert found(7) == (sum(whole[since:until]) / days if before else None)

    own = Cupboard(inside, until, **rule).covered
    dates = sorted((each.on - START).days for each in inside)
    if dates and dates[0] < until:
        assert found(6) == sum(own[dates[0] : until]) / Fraction(until - dates[0])
    else:
        assert found(6) is None
    if dates and dates[0] < dates[-1]:
        assert found(5) == sum(own[dates[0] : dates[-1]]) / Fraction(dates[-1] - dates[0])
    else:
        assert found(5) is None

    every = Cupboard(fills, follow, **rule).covered
    edges = [*sorted({(each.on - START).days for each in fills}), follow]
    shares = [Fraction(0)] * follow
    for begins, ends in pairwise(edges):
        shares[begins:ends] = [sum(every[begins:ends]) / Fraction(ends - begins)] * (ends - begins)
    assert found(9) == (sum(shares[since:until]) / days if before else None)


@given(histories, windows)
@settings(max_examples=200, deadline=None)
def test_cma8_begins_where_the_cupboard_is_empty(fills: list[Fill], window: tuple[int, int]) -> None:
    since, days = window
    earlier = Cupboard(
        [each for each in fills if each.on < day(since)], since, only_same=False, by_dose=False
    )
    begins = since + int(earlier.left)
    shorter = since + days - begins
    assert cma(8, fills, since=since, days=days, followup_start=START) == (
        cma(7, fills, since=begins, days=shorter, followup_start=START) if shorter > 0 else None
    )


@given(histories, windows, st.integers(-5000, 5000), st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_laws_of_cma(
    fills: list[Fill], window: tuple[int, int], later: int, only_same: bool, by_dose: bool
) -> None:
    since, days = window

    def found(fills: Sequence[Fill]) -> list[Fraction | None]:
        return [
            cma(n, fills, since=since, days=days, carry_only_same=only_same, dose_change=by_dose) for n in ALL
        ]

    values = found(fills)
    assert found([each._replace(on=each.on + timedelta(later)) for each in fills]) == values
    assert all(value is None or (isinstance(value, Fraction) and value >= 0) for value in values)
    assert all(value is None or value <= 1 for value in values[2:])
    first, second, third, fourth, fifth, sixth, *_ = values
    assert third == (None if first is None else min(first, 1))
    assert second is None or fourth == min(second, 1)
    if not by_dose:
        # No day is covered that was not supplied; a lower dose makes more days of what is left.
        assert fifth is None or (third is not None and fifth <= third)
        assert sixth is None or (fourth is not None and sixth <= fourth)


@given(histories, st.builds(fill, st.integers(0, 120), st.integers(0, 40)), windows)
@settings(max_examples=200, deadline=None)
def test_another_supply_never_covers_less(fills: list[Fill], more: Fill, window: tuple[int, int]) -> None:
    since, days = window
    value = cma(7, fills, since=since, days=days, followup_start=START)
    with_more = cma(7, [*fills, more], since=since, days=days, followup_start=START)
    assert value is None or (with_more is not None and with_more >= value)


# --- published ---------------------------------------------------------------------------------------------------------

PUBLISHED = {
    "37": "40.36 42.86 40.36 42.86 40.36 42.86 40.82 30.61 41.30",
    "76": "140.00 77.92 100.00 77.92 100.00 77.92 69.04 36.14 70.63",
}
"""In percent, from the vignette of AdhereR; CMA8 from day 374 to 668, the others from day 182 to 547."""


@pytest.fixture(scope="module")
def patients() -> dict[str, list[Fill]]:
    """The example data of AdhereR, by patient; it is GPL and no part of the project."""
    if not DATA.is_file():
        pytest.skip("the example data of AdhereR is not on this machine")
    found: dict[str, list[Fill]] = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            on = datetime.strptime(row["DATE"], "%m/%d/%Y").date()  # noqa: DTZ007
            found[row["PATIENT_ID"]].append(
                Fill(on, int(row["DURATION"]), row["CATEGORY"], int(row["PERDAY"]))
            )
    return found


@pytest.mark.parametrize(("patient", "n"), [(patient, n) for patient in PUBLISHED for n in ALL])
def test_the_published_values(patients: dict[str, list[Fill]], patient: str, n: int) -> None:
    since, days = (374, 294) if n == 8 else (182, 365)
    value = cma(n, patients[patient], since=since, days=days)
    assert value is not None
    assert f"{float(value) * 100:.2f}" == PUBLISHED[patient].split()[n - 1]


def test_all_published_patients_have_numbers(patients: dict[str, list[Fill]]) -> None:
    assert len(patients) == 100
    assert sum(map(len, patients.values())) == 1080
    # The one patient whose only fill of the window falls on its last day.
    on_the_last_day = [
        name
        for name, fills in patients.items()
        if cma(2, fills, since=30, days=365) is None and cma(4, fills, since=30, days=365) == 1
    ]
    assert on_the_last_day == ["53"]


# --- PDC and MPR ---------------------------------------------------------------------------------------------------------

PDCS: list[tuple[str, list[Fill], list[tuple[int, int]], str | None]] = [
    # The window is day 0 to 60, its end not inside.
    ("one supply", [fill(0, 30)], [], "30/60"),
    ("it ends with the window", [fill(50, 30)], [], "10/60"),
    ("from before the window", [fill(-20, 30)], [], "10/60"),
    ("the same medication waits", [fill(0, 30), fill(20, 30)], [], "60/60"),
    ("another does not", [fill(0, 30, "A"), fill(20, 30, "B")], [], "50/60"),
    ("each waits for its own", [fill(0, 30, "A"), fill(10, 10, "B"), fill(12, 30, "B")], [], "50/60"),
    ("two on one day", [fill(0, 20), fill(0, 20)], [], "40/60"),
    ("held days leave both sides", [fill(0, 30)], [(40, 50)], "30/50"),
    ("and the supply shifts over them", [fill(0, 30)], [(10, 20)], "30/50"),
    ("and on to the next fill", [fill(0, 30), fill(35, 20)], [(10, 20)], "50/50"),
    ("received while held", [fill(15, 30)], [(10, 20)], "30/50"),
    ("held spans that meet and overlap", [fill(0, 30)], [(12, 18), (10, 15), (18, 20), (19, 19)], "30/50"),
    ("held before the window", [fill(-20, 30)], [(-10, -5)], "15/60"),
    ("held over its edge", [fill(0, 30)], [(50, 90)], "30/50"),
    ("a half day", [fill(0, Fraction(1, 2))], [], "1/120"),
    ("no days", [fill(0, 0)], [], "0"),
    ("long gone", [fill(-90, 30)], [], "0"),
    ("nothing received", [], [], None),
    ("nothing received yet", [fill(60, 30)], [], None),
    ("all of it held", [fill(0, 30)], [(0, 60)], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fills", "held", "expected"), [row[1:] for row in PDCS], ids=[row[0] for row in PDCS]
)
def test_days_covered(fills: list[Fill], held: list[tuple[int, int]], expected: str | None) -> None:
    spans = [(day(since), day(until)) for since, until in held]
    assert pdc(fills, day(0), day(60), held=spans) == (None if expected is None else Fraction(expected))


def test_a_window_of_no_days() -> None:
    assert pdc([fill(0, 30)], day(5), day(5)) is None
    assert pdc([fill(0, 30)], day(5), day(4)) is None
    assert mpr([fill(0, 30)], day(5), day(5)) is None


def test_possession() -> None:
    fills = [fill(-1, 100), fill(0, 30), fill(20, Fraction(61, 2)), fill(60, 30)]
    assert mpr(fills, day(0), day(60)) == Fraction(121, 120)
    assert mpr(fills, day(0), day(60), held=[(day(0), day(10))]) == Fraction(121, 100)
    assert mpr(fills, day(30), day(60)) is None


spans = st.tuples(st.integers(-10, 70), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair)))
quarters = st.integers(0, 80).map(lambda number: Fraction(number, 4))
supplies = st.lists(st.builds(fill, st.integers(-20, 70), quarters, st.sampled_from("AB")), max_size=6)


def emptied(
    fills: Sequence[Fill], held: Sequence[tuple[int, int]], by: Callable[[list[bool]], bool]
) -> Fraction | None:
    """The oracle: quarters of days are taken from a cupboard per medication, on days that are not held."""
    free = [number for number in range(-40, 60) if not any(since <= number < until for since, until in held)]
    left = {each.medication: 0 for each in fills}
    waiting = sorted((each for each in fills if each.on < day(60)), key=lambda each: each.on)
    measured = [number for number in free if number >= 0]
    if not waiting or not measured:
        return None
    covered = 0
    for number in free:
        while waiting and waiting[0].on <= day(number):
            new = waiting.pop(0)
            left[new.medication] += int(new.days * 4)
        for _ in range(4):
            covered += number >= 0 and by([doses > 0 for doses in left.values()])
            left = {name: max(0, doses - 1) for name, doses in left.items()}
    return Fraction(covered, 4 * len(measured))


@given(supplies, st.lists(spans, max_size=3))
@settings(max_examples=300, deadline=None)
def test_days_covered_agree_with_a_cupboard(fills: list[Fill], held: list[tuple[int, int]]) -> None:
    held_days = [(day(since), day(until)) for since, until in held]
    assert pdc(fills, day(0), day(60), held=held_days) == emptied(fills, held, any)
    every = dict.fromkeys("AB", held_days)
    assert pdc_of_every(fills, day(0), day(60), held=every) == emptied(fills, held, all)


def test_a_pause_of_one_medication_shifts_no_other() -> None:
    fills = [fill(0, 40, "A"), fill(0, 30, "B")]
    # A is on hand until day 40, B until day 40 too, for it is paused for ten days, which are not counted.
    held = {"B": [(day(10), day(20))]}
    assert pdc_of_every(fills, day(0), day(60), held=held) == Fraction(30, 50)
    assert pdc_of_every(fills, day(0), day(60), held={}) == Fraction(30, 60)
    assert pdc_of_every([], day(0), day(60), held={}) is None


@given(supplies, st.lists(spans, max_size=3), st.integers(-3000, 3000))
@settings(max_examples=200, deadline=None)
def test_laws_of_pdc(fills: list[Fill], held: list[tuple[int, int]], later: int) -> None:
    def found(later: int, *more: Fill) -> Fraction | None:
        moved = [each._replace(on=each.on + timedelta(later)) for each in (*fills, *more)]
        spans = [(day(since + later), day(until + later)) for since, until in held]
        return pdc(moved, day(later), day(60 + later), held=spans)

    value = found(0)
    assert value is None or 0 <= value <= 1
    assert found(later) == value
    if value is not None:
        assert (found(0, fill(10, 5)) or 0) >= value
    one = [each for each in fills if each.medication == "A"]
    possessed = mpr([each for each in one if each.on >= day(0)], day(0), day(60))
    covered = pdc([each for each in one if each.on >= day(0)], day(0), day(60))
    if possessed is not None and covered is not None:
        assert covered <= min(possessed, 1)
