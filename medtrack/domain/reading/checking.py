"""What a word or a number at a place in the line must not be, with what came before it."""

from __future__ import annotations

import re

from medtrack.errors import NotSettled

from .phrases import patterns
from .place import Place
from .terms import range_of

_LARGEST_BARE = 10
"""A bare number above this is no count of tablets anyone is told to take: it is a strength or a slip."""


_REGULAR = ("rate", "when", "times", "days", "month", "year", "cycle")
"""Kinds of phrases that say when a dose is taken whether it is needed or not."""


class CheckedPlace(Place):
    """A place whose next words are checked against those before them: each check refuses, or lets them by."""

    def _refuse_second_product(self) -> bool:
        product = patterns()["product"].match(self.said, self._at)
        amount = self.draft.amount
        if product and amount is not None and amount.unit is None:
            typed = self._typed(*product.span())
            raise NotSettled(
                what=f"A number stands before '{typed}', so it can be a count or part of the strength. "
                f"Type the product, then how many: '{product['strength']} {product['form']}, 1 "
                f"{product['form']} daily'."
            )
        return False

    def _check_lengths(self) -> None:
        """Refuse 'in the morning for 3 days, 2 at night for 5 days': together, or one after the other?"""
        draft = self.draft
        if draft.bounds is not None and draft.has_anchor() and self._joint in (",", ";", "."):
            raise NotSettled(
                what="It gives amounts with their own lengths, and not whether they follow each other. "
                "Type 'then' between them, or a line for each."
            )

    def _refuse_two_amounts(self, typed: str) -> None:
        raise NotSettled(
            what=f"There is a second amount, '{typed}', and it is not clear what it says: a "
            f"strength, or another dose. "
            "Type the strength after the name and one amount: 'metformin 500 mg tablet, 1 tablet "
            "twice daily'."
        )

    def _check_bare(self, match: re.Match[str], typed: str) -> None:
        low, high = range_of(match["n"])
        following = self.said[match.end() + 1 :]
        has_unit = self.draft.amount is not None and self.draft.has_anchor()
        if (
            ((high or low) > _LARGEST_BARE and not has_unit)
            or following[:1].isdigit()
            or following.startswith(("--", "x ", "~"))
        ):
            raise NotSettled(
                what=f"'{typed}' has no unit, so it can be a number of tablets, a strength or a frequency. "
                "Type the unit: '2 tablets twice daily'."
            )
        if self._last not in ("start", "verb", "name", "strength", "form", "joint", "then"):
            raise NotSettled(
                what=f"It is not clear what '{typed}' counts. Type the amount first, with its unit: "
                f"'1 tablet every day'."
            )
        if re.match(r"(?:take|apply|use|inhale|inject|insert|instil|give|put)\b", following):
            raise NotSettled(
                what=f"The words around '{typed}' are out of order. Type it like 'take 1 tablet every day'."
            )

    def _check_span(self, match: re.Match[str]) -> None:
        """'days 2 to 5' belongs to a sequence; elsewhere it could be days of a month or of a cycle."""
        if len(self.steps) == 1 and not range_of(match["n"])[0] == 1:
            raise NotSettled(
                what=f"'{self._typed(*match.span())}' does not say of what. Type the length, 'for 4 days', "
                "or 'monthly on day 2'."
            )

    def _check_as_needed(self, kind: str) -> None:
        """'daily and as needed' is two plans: the regular dose, and further ones."""
        regular = kind in _REGULAR and self.draft.as_needed
        further = kind == "prn" and self.draft.has_timing()
        if self._last_text == "and" and (regular or further):
            raise NotSettled(
                what="It says both a regular dose and 'as needed'. Type a line for each: "
                "'1 tablet twice daily', and '1 tablet as needed, at most 2 in 24 hours'."
            )

    def _check_verb(self, match: re.Match[str]) -> None:
        typed = self._typed(*match.span()).lower()
        if self._last == "verb" and match.group().startswith("to "):
            raise NotSettled(
                what="It says what was taken once. Type what is taken now: 'take 1 tablet daily'."
            )
        passive = " be " in f" {match.group()} " or typed.endswith(("ed", "en"))
        is_strength = self.draft.amount_may_be_strength and self._last == "amount"
        if is_strength and re.match(r" (?:\d|half )", self.said[match.end() :]):
            return  # 'azithromycin 250 mg take 2 tablets daily'
        if self.draft.amount is not None and not passive and self._last not in ("joint", "then"):
            raise NotSettled(
                what=f"'{typed}' follows the amount, so the words are out of order. "
                "Type it like 'take 1 tablet every day'."
            )
