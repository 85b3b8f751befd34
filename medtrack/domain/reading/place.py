"""The place that the reading of one prescription has come to, and what was found before it."""

from __future__ import annotations

import re

from medtrack.domain.amounts import UNITS
from medtrack.errors import NotSettled

from .draft import Draft, Header
from .respelling import plain_words
from .words import Words

_RELEASES = frozenset(["er", "xr", "sr", "mr", "cr", "xl", "dr", "ec", "ir"])


class Place:
    """A place in a line of words: the header and the steps so far, and the kind of the last phrase."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.said = words.said
        self.header = Header()
        self.steps: list[list[Draft]] = [[Draft()]]
        self.stops = False
        """True after 'then stop'."""
        self.lists_steps = False
        """True where commas, and not 'then', lead from step to step."""
        self._at = 0
        self._last = "start"
        self._last_text = ""
        self._first_amount = ""
        self._joint = ""
        """The sign or 'and' before what is read now; a verb may stand between."""
        self._has_comma_before_reason = True
        self._last_relation = False
        """Whether the last phrase was a moment with its meal: 'before breakfast'."""

    @property
    def draft(self) -> Draft:
        """The stretch being read."""
        return self.steps[-1][-1]

    def _settle_route(self) -> None:
        route, known = self.draft.route, self.header.route
        if route and known not in (None, route):
            raise NotSettled(what=f"It says both {known} and {route}. Type one way to take it.")
        self.header.route = route or known

    @property
    def reason_belongs_to_all(self) -> bool:
        """False where a reason follows the last of several steps without a comma."""
        return self._has_comma_before_reason or len(self.steps) == 1

    def _set_strength(self, start: int, end: int) -> None:
        said = self.said[start:end].removeprefix("=")
        if self.header.strength is not None and self.header.strength != said:
            raise NotSettled(
                what=f"There are two strengths, '{self.header.strength}' and '{said}'. Type one "
                f"line for each product."
            )
        self.header.strength = said

    def _set_rule(self, rule: str) -> None:
        if self.draft.rrule not in (None, rule):
            raise NotSettled(what="There are two rules that do not agree. Type one.")
        self.draft.rrule = rule

    def _set_form(self, match: re.Match[str]) -> None:
        if self.header.form is None:
            said = [
                word.upper() if word in _RELEASES else UNITS.get(word, word) for word in match["form"].split()
            ]
            self.header.form = " ".join(said)

    def _typed(self, start: int, end: int) -> str:
        return self.words.typed(start, end)

    def _own(self, start: int, end: int) -> str:
        """What was typed here, as words of the person's own: error-prone notation in it is spelled out."""
        return plain_words(self._typed(start, end))

    def _move(self, match: re.Match[str], kind: str) -> None:
        if kind == "amount":
            self._first_amount = match.group()
        if kind not in ("verb", "joint"):
            self._joint = ""
        elif kind == "joint" and (match.group() != "and" or not self._joint):
            self._joint = match.group()
        self._at = match.end()
        self._last = kind
        self._last_text = match.group()
