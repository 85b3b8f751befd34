"""What the phrases say about the dose: how much each time."""

from __future__ import annotations

from fractions import Fraction

from medtrack.errors import NotSettled

from .draft import Draft, Said
from .terms import MEASURE, UNIT_NAMES, Match, number, range_of


def say_amount(draft: Draft, match: Match) -> None:
    """'1 to 2 tablets', '500 mg'."""
    low, high = range_of(match["n"])
    draft.amount = Said(low, high, UNIT_NAMES[match["unit"]])


def say_wide_range(draft: Draft, match: Match) -> None:
    """'0.5 - 1 mg', where '1 - 60 mg' could be one of the 60 mg strength."""
    low, high = range_of(f"{match['low']}~{match['high']}")
    measured = match["unit"] in MEASURE.split("|")
    if (
        (measured and low.denominator == 1)
        or high is None
        or high > 4 * low
        or match["low_unit"] not in (None, match["unit"])
    ):
        raise NotSettled(
            what=f"'{match['low']} - {match['high']} {match['unit']}' can be a range, or "
            f"{match['low']} of the "
            f"{match['high']} {match['unit']} strength. Type '{match['low']} to {match['high']} "
            f"{match['unit']}', "
            f"or the strength and the number: '{match['high']} {match['unit']} tablet, "
            f"{match['low']} tablet'."
        )
    draft.amount = Said(low, high, UNIT_NAMES[match["unit"]])


def say_by_weight(draft: Draft, match: Match) -> None:
    """'1.8 mg/kg'."""
    low, high = range_of(f"{match['low']}~{match['high']}" if match["high"] else match["low"])
    draft.amount = Said(low, high, f"{match['unit']}/kg")


def say_spoonfuls(draft: Draft, match: Match) -> None:
    """'two 5 ml spoonfuls', which are 10 ml; one where no number stands before it."""
    low, high = range_of(match["n"] or "1")
    each = number(match["each"])
    draft.amount = Said(low * each, high * each if high else None, "ml")


def say_half(draft: Draft, match: Match) -> None:
    """'half tablet'."""
    share = Fraction(1, 2) if match["share"] == "half" else Fraction(1, 4)
    draft.amount = Said(share, None, UNIT_NAMES[match["unit"]])


def say_a_unit(draft: Draft, match: Match) -> None:
    """'a tablet'."""
    draft.amount = Said(Fraction(1), None, UNIT_NAMES[match["unit"]])


def say_bare(draft: Draft, match: Match) -> None:
    """A number without a unit."""
    low, high = range_of(match["n"])
    draft.amount = Said(low, high, None)


def say_share(draft: Draft, match: Match) -> None:
    """'take half', of one of whatever it is."""
    draft.amount = Said(Fraction(1, 2) if match["share"] == "half" else Fraction(1, 4), None, None)
