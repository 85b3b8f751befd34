"""Amounts of one ingredient over all products and a rolling day, opioids together, and slips in doses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.domain.amounts import Amount, read_amount
from medtrack.domain.safety.findings import Finding
from medtrack.domain.safety.limits import Regular, contents, limit_findings
from medtrack.domain.safety.naming import read_name
from medtrack.domain.safety.pack import Pack
from medtrack.domain.safety.slips import slip_findings
from medtrack.knowledge import read_pack

from .conftest import medicine

START = datetime(2026, 3, 9, tzinfo=UTC)
PACK = read_pack()


def daily(pack: Pack, name: str, strength: str | None, amount: str, *hours: int, days: int = 14) -> Regular:
    planned = [
        (START + timedelta(days=day, hours=hour), read_amount(amount))
        for day in range(days)
        for hour in hours
    ]
    return Regular(medicine(pack, name), strength, planned)


def as_needed(pack: Pack, name: str, strength: str | None, most: str, hours: int) -> Regular:
    return Regular(medicine(pack, name), strength, [], (read_amount(most), timedelta(hours=hours)))


def limits(*regular: Regular, country: str | None = None, age: int | None = None) -> list[Finding]:
    return limit_findings(PACK, regular, country=country, age=age).findings


@pytest.mark.parametrize(
    ("name", "strength", "amount", "held"),
    [
        ("paracetamol", "500 mg", "2 tablets", {"acetaminophen": 1000}),
        ("paracetamol", None, "1 g", {"acetaminophen": 1000}),
        ("paracetamol", "120 mg/5 ml", "10 ml", {"acetaminophen": 240}),
        ("co-codamol 30/500", None, "2 tablets", {"codeine": 60, "acetaminophen": 1000}),
        ("codeine + paracetamol", "30 mg/500 mg", "1 tablet", {"codeine": 30, "acetaminophen": 500}),
        ("Robitussin DM", None, "10 ml", {"guaifenesin": 200, "dextromethorphan": 20}),
        ("levothyroxine", "100 mcg", "half a tablet", {"levothyroxine": Fraction(1, 20)}),
        ("paracetamol", None, "2 tablets", None),
        ("co-codamol", "500 mg", "1 tablet", None),
        ("paracetamol", "120 mg/5 ml", "1 tablet", None),
        ("paracetamol", "strong", "1 tablet", None),
    ],
)
def test_what_is_in_an_amount(
    name: str, strength: str | None, amount: str, held: dict[str, int] | None
) -> None:
    assert contents(read_name(PACK, name), strength, read_amount(amount)) == held


def test_one_ingredient_adds_up_over_products() -> None:
    tylenol = daily(PACK, "Tylenol", "500 mg", "2 tablets", 8, 14, 20)
    nyquil = daily(PACK, "NyQuil Cold & Flu", None, "2 capsules", 8, 16, 22)
    assert limits(tylenol) == []
    (over,) = (each for each in limits(tylenol, nyquil) if "acetaminophen" in each.key)
    assert over.severity == "major"
    assert "Up to 4,950 mg of {acetaminophen} come together in 24 hours" in over.effect
    assert over.labels == ("NyQuil Cold & Flu", "Tylenol")


def test_a_day_is_any_24_hours_and_not_a_date() -> None:
    """2,500 mg late on one date and 2,000 mg early on the next are one night."""
    late = Regular(medicine(PACK, "Tylenol"), "500 mg", [(START + timedelta(hours=22), read_amount("5"))])
    early = Regular(medicine(PACK, "Panadol"), "500 mg", [(START + timedelta(hours=26), read_amount("4"))])
    far = Regular(medicine(PACK, "Panadol"), "500 mg", [(START + timedelta(hours=46), read_amount("4"))])
    assert limits(late, early)
    assert limits(late, far) == [], "24 hours later the first dose no longer counts"


def test_as_needed_counts_at_its_most() -> None:
    assert limits(as_needed(PACK, "paracetamol", "500 mg", "8 tablets", 24)) == []
    assert limits(as_needed(PACK, "paracetamol", "500 mg", "9 tablets", 24))
    assert limits(as_needed(PACK, "paracetamol", "500 mg", "3 tablets", 6)), "four times six hours"


def test_over_the_label_is_asked_about_where_it_may_be_prescribed() -> None:
    (asked,) = limits(daily(PACK, "ibuprofen", "800 mg", "1 tablet", 8, 14, 20))
    assert asked.severity == "moderate"
    assert "That may be right where a prescriber ordered it" in asked.what_to_do


def test_limits_of_adults_are_not_held_against_a_child() -> None:
    child = daily(PACK, "paracetamol", "500 mg", "3 tablets", 8, 14, 20)
    assert limits(child, age=40)
    assert limits(child, age=9) == []


def test_the_lower_limit_holds_where_the_country_is_not_known() -> None:
    loperamide = daily(PACK, "Imodium", "2 mg", "2 capsules", 8, 14, 20)
    assert limits(loperamide)
    assert limits(loperamide, country="US")
    assert limits(loperamide, country="GB") == []


def test_what_cannot_be_told_is_said_to_be_not_counted() -> None:
    found = limit_findings(PACK, [daily(PACK, "Tylenol", None, "2 tablets", 8)])
    assert found.not_counted == ["Tylenol"]


@given(st.lists(st.integers(0, 23), min_size=1, max_size=6, unique=True), st.integers(1, 3))
@settings(deadline=None)
def test_more_doses_never_make_less(hours, tablets) -> None:
    few = daily(PACK, "paracetamol", "500 mg", f"{tablets} tablets", *hours[:-1] or hours, days=3)
    many = daily(PACK, "paracetamol", "500 mg", f"{tablets} tablets", *hours, days=3)
    assert len(limits(few)) <= len(limits(many))
    total = tablets * 500 * len(hours)
    assert bool(limits(many)) == (total > 4000)


# --- opioids ---------------------------------------------------------------------------------------------


def test_opioids_are_added_in_morphine() -> None:
    oxycodone = daily(PACK, "oxycodone", "10 mg", "1 tablet", 8, 20)
    assert limits(oxycodone) == [], "30 MME"
    (both,) = limits(oxycodone, daily(PACK, "tramadol", "50 mg", "1 tablet", 8, 20, 22))
    assert "come to 60 mg of morphine in 24 hours" in both.effect
    assert "no limit" in both.what_to_do
    assert both.severity == "moderate"


def test_a_patch_counts_by_the_hour() -> None:
    patch = daily(PACK, "fentanyl patch", "25 mcg/h", "1 patch", 8, days=1)
    (found,) = limits(patch)
    assert "come to 60 mg of morphine" in found.effect
    told = limit_findings(PACK, [daily(PACK, "fentanyl", "100 mcg", "1 lozenge", 8)])
    assert (told.findings, told.not_counted) == ([], ["fentanyl"])


def test_buprenorphine_has_no_factor() -> None:
    assert limits(daily(PACK, "buprenorphine", "8 mg", "3 tablets", 8)) == []


# --- once a week, and a thousandfold ---------------------------------------------------------------------


def slips(*regular: Regular) -> list[Finding]:
    return slip_findings(PACK, regular)


def weekly(*hours: int, every: int = 7, weeks: int = 3) -> Regular:
    planned = [
        (START + timedelta(days=every * week, hours=hour), read_amount("4 tablets"))
        for week in range(weeks)
        for hour in hours
    ]
    return Regular(medicine(PACK, "methotrexate"), "2.5 mg", planned)


def test_methotrexate_once_a_week_is_silent_in_parts_too() -> None:
    assert slips(weekly(8)) == []
    assert slips(weekly(8, 20)) == []
    assert slips(weekly(8, 20, 32)) == [], "three doses 12 hours apart, once a week"


@pytest.mark.parametrize("every", [1, 2, 3])
def test_methotrexate_more_often_calls(every: int) -> None:
    (found,) = slips(weekly(8, every=every, weeks=5))
    assert found.severity == "contraindicated"
    assert "Daily doses have killed people" in found.effect


def test_methotrexate_twice_a_day_or_as_needed_calls() -> None:
    assert slips(weekly(8, 20, every=1, weeks=7))
    assert slips(as_needed(PACK, "methotrexate", "2.5 mg", "1 tablet", 24))


@pytest.mark.parametrize(
    ("name", "strength", "is_slip"),
    [
        ("levothyroxine", "100 mcg", False),
        ("levothyroxine", "100 mg", True),
        ("digoxin", "125 mcg", False),
        ("digoxin", "0.125 mg", False),
        ("digoxin", "125 mg", True),
        ("metformin", "500 mg", False),
        ("metformin", "500 mcg", True),
        ("metformin", "500 g", True),
        ("prednisolone", "1 mg", False),
    ],
)
def test_a_thousandfold(name: str, strength: str, is_slip: bool) -> None:
    assert bool(slips(daily(PACK, name, strength, "1 tablet", 8))) == is_slip


def test_a_dose_in_its_own_unit_is_held_to_its_range() -> None:
    found = slips(Regular(medicine(PACK, "levothyroxine"), None, [(START, Amount(Fraction(100), "mg"))]))
    assert "One dose would hold 100 mg of {levothyroxine}" in found[0].effect


def test_what_a_prescriber_allows_counts_over_all_that_hold_it() -> None:
    own = as_needed(PACK, "paracetamol", "500 mg", "4 tablets", 24)
    other = as_needed(PACK, "co-codamol 8/500", None, "2 tablets", 24)
    assert limits(own, country="GB") == [], "alone, the plan itself is its limit"
    (over,) = limits(own, other, country="GB")
    assert (over.severity, over.labels) == ("moderate", ("co-codamol 8/500", "paracetamol"))
    assert over.effect == (
        "Up to 3,000 mg of {acetaminophen} come together in 24 hours;"
        " the plan of paracetamol says at most 2,000 mg."
    )
    assert over.source == "the plan of paracetamol as it was written down"


def test_the_lower_of_label_and_plan_holds() -> None:
    more = as_needed(PACK, "paracetamol", "500 mg", "10 tablets", 24)
    other = as_needed(PACK, "co-codamol 8/500", None, "2 tablets", 24)
    (over,) = limits(more, other, country="GB")
    assert "says at most 4,000 mg" in over.effect
    assert "the label" in over.effect


def test_a_prescriber_limit_holds_for_a_child_too() -> None:
    own = as_needed(PACK, "ibuprofen", "100 mg/5 ml", "30 ml", 24)
    other = daily(PACK, "Nurofen", "200 mg", "1 tablet", 8, 14)
    (over,) = limits(own, other, age=9)
    assert "Up to 1,000 mg of {ibuprofen}" in over.effect
    assert "the plan of ibuprofen says at most 600 mg" in over.effect


@pytest.mark.parametrize(
    ("name", "strength", "unit", "is_weekly"),
    [
        ("Ozempic", "0.5 mg", "dose", True),
        ("semaglutide", None, "dose", True),
        ("Rybelsus", "7 mg", "tablet", False),
        ("semaglutide", "14 mg", "tablet", False),
        ("Bydureon", "2 mg", "dose", True),
        ("Byetta", None, "dose", False),
        ("alendronate", "70 mg", "tablet", True),
        ("Fosamax", "10 mg", "tablet", False),
        ("risedronate", "35 mg", "tablet", True),
        ("risedronate", "5 mg", "tablet", False),
    ],
)
def test_a_weekly_kind_or_strength_planned_daily(
    name: str, strength: str, unit: str, is_weekly: bool
) -> None:
    planned = [(START + timedelta(days=day), Amount(Fraction(1), unit)) for day in range(14)]
    assert bool(slips(Regular(medicine(PACK, name), strength, planned))) == is_weekly


@pytest.mark.parametrize(
    ("most", "hours", "is_found"),
    [(None, 0, True), ("4", 24, True), ("8", 168, True), ("4", 168, False), ("4", 336, False)],
)
def test_a_weekly_medicine_as_needed(most: str | None, hours: int, is_found: bool) -> None:
    limit = None if most is None else (read_amount(most), timedelta(hours=hours))
    needed = Regular(medicine(PACK, "methotrexate"), "2.5 mg", [], limit, read_amount("4"), True)
    assert bool(slips(needed)) == is_found


@pytest.mark.parametrize(("most", "is_far"), [("10", False), ("16", False), ("17", True), ("40", True)])
def test_far_over_the_label_nothing_speaks_of_a_prescriber(most: str, is_far: bool) -> None:
    (found,) = limit_findings(PACK, [as_needed(PACK, "Tylenol", "500 mg", most, 24)]).findings
    assert ("prescriber ordered it" in found.what_to_do) != is_far
    assert ("more than 2 times" in found.what_to_do) == is_far


@pytest.mark.parametrize(("hours", "total"), [(20, "4,500 mg"), (30, None)])
def test_what_was_taken_as_needed_counts_where_no_plan_says_how_much(hours: int, total: str | None) -> None:
    taken = [(timedelta(hours=ago), read_amount("3 tablets")) for ago in (1, 8, hours)]
    found = limits(Regular(medicine(PACK, "paracetamol"), "500 mg", [], None, None, True, taken))
    assert [total in each.effect for each in found if total] == ([True] if total else [])
    assert bool(found) == (total is not None)
