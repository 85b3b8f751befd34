"""Walking along a prescription, phrase by phrase, until every word of it is understood.

A word that no phrase explains stops the reading: what was not understood may have been the part that
changes the dose. Only a name, a reason and known advice may hold words of their own.
"""

from __future__ import annotations

import re
from fractions import Fraction

from medtrack.errors import NotSettled

from . import timing
from .asking import CERTAIN_DAYS, ask_about
from .brackets import EQUAL, say_equal
from .checking import CheckedPlace
from .draft import Draft, Said
from .free_words import THEN, end_of_words, is_counted_name, is_name, is_reason
from .notation import ASKED, MISREAD_NAMES
from .phrases import Phrase, patterns, phrases
from .respelling import respell
from .terms import COUNTABLE, LONG, UNIT_NAMES, UNIT_OF_TIME, range_of
from .words import Words

_STOP = re.compile(r"stop(?![^\s])")
_REASON = re.compile(
    r"(?:for|to treat"
    r"|(?P<verb>to (?:help|lower|reduce|control|prevent|relieve|ease|improve|protect|thin|support)))"
    r" (?:(?:the treatment of|your|my) )?(?=[^\W\d_])"
)
_STRETCH = re.compile(r"(?P<n>\d+) (?P<unit>day|week)(?![^\s])")
"""A length without 'for', as in the arrows of a taper: '40 mg 14d -> 30 mg 14d'."""
_BRAND = re.compile(r" \( [^\W\d_][\w -]* \)")
_OF = re.compile(r"of (?=[^\W\d_])")
_MULTIPLE = re.compile(r"(?P<n>\d+) x (?P<strength>[\d.]+ (?:mg|mcg|g)) (?P<unit>[a-z]+)(?![^\s])")
_NO_FORM = frozenset(
    ["dose", "oral", "spray", "nasal", "rectal", "vaginal", "topical", "transdermal", "sublingual"]
)
"""Words that are a verb or a route when they stand alone."""
_ANY_MEAL = re.compile(r"(?:before|after|with|during) (?:(?:the|a|your|every|main) )*(?:meal|food|eating)")


class Line(CheckedPlace):
    """One prescription: its header, and its steps, each of one or more shares."""

    def read(self) -> Line:
        """Read to the end; raises NotSettled at the first word that stays unexplained."""
        while self._at < len(self.said):
            if self.said[self._at] == " ":
                self._at += 1
                continue
            if not any(take() for take in (
                self._take_then, self._take_product, self._take_equal, self._take_advice, self._take_phrase,
                self._take_reason, self._take_name,
            )):  # fmt: skip
                self._refuse_word()
        if self._last == "then":
            raise NotSettled(what="Nothing follows 'then'. Type the next step, or 'then stop'.")
        return self

    # --- one kind of phrase each: True where it took something ------------------------------------

    def _take_then(self) -> bool:
        match = THEN.match(self.said, self._at)
        if match is None:
            stop = _STOP.match(self.said, self._at)
            if stop is None or self._last != "then":
                return False
            self.steps.pop()
            self.stops = True
            self._move(stop, "stop")
            return True
        if self.stops:
            raise NotSettled(
                what="Something follows 'then stop'. Type what comes after as a prescription of its own."
            )
        self.steps.append([Draft()])
        self._move(match, "then")
        return True

    def _take_product(self) -> bool:
        """A strength with its form, a concentration, or a form, before any amount."""
        found = patterns()
        if self.draft.has_timing():
            return False
        if self.draft.amount is None and self._take_counted_product():
            return True
        concentration = found["concentration"].match(self.said, self._at)
        if concentration:
            self._set_strength(*concentration.span())
            self._move(concentration, "strength")
            return True
        if self.draft.counts_name and self._last == "name":
            return self._take_counted_form()
        if self.draft.amount is not None and not self.draft.amount_may_be_strength:
            return self._refuse_second_product()
        product = found["product"].match(self.said, self._at)
        if product:
            self._set_strength(*product.span("strength"))
            self._set_form(product)
            self._move(product, "strength")
            return True
        form = found["form"].match(self.said, self._at) or found["kind"].match(self.said, self._at)
        if form is None or form["form"] in _NO_FORM:
            return False
        self._set_form(form)
        self._move(form, "form")
        return True

    def _take_counted_product(self) -> bool:
        """'2 x 500 mg tablets' and 'one 5 mg tablet'; a digit before a strength could be part of it."""
        multiple = _MULTIPLE.match(self.said, self._at)
        counted = patterns()["counted"].match(self.said, self._at)
        if counted is not None and not self._typed(*counted.span("n")).isalpha():
            counted = None
        match = multiple if multiple and multiple["unit"] in COUNTABLE else counted
        if match is None:
            return False
        self._set_strength(*match.span("strength"))
        self.draft.amount = Said(range_of(match["n"])[0], None, match["unit"])
        self._move(match, "amount")
        return True

    def _take_counted_form(self) -> bool:
        """The form after the name of what is counted: 'take 1 ibuprofen tablet'."""
        form = patterns()["form"].match(self.said, self._at)
        if form is None or form["form"] not in COUNTABLE:
            return False
        self._set_form(form)
        self._move(form, "form")
        return True

    def _take_equal(self) -> bool:
        """The same dose in another unit: '100 mg (4 ml)', '3 tablets daily, 6 mg each time'."""
        match = EQUAL.match(self.said, self._at)
        is_bracket = match is not None and match["bracket"] is not None
        if match is None or self.draft.amount is None or (is_bracket and self._last != "amount"):
            return False
        say_equal(self.draft, match)
        self._move(match, "equal")
        return True

    def _take_advice(self) -> bool:
        match = patterns()["advice"].match(self.said, self._at)
        if match is None or (self._last in ("start", "name") and not match.group().startswith("for ")):
            return False
        if match.group().startswith("in ") and self._last == "amount":
            self.draft.amount_may_be_strength = False  # 'KCl 20 mEq in 1 l of saline' is what is given
        self.draft.advice.append(self._own_advice(match))
        self._move(match, "advice")
        return True

    def _own_advice(self, match: re.Match[str]) -> str:
        """Advice in small letters, error-prone notation spelled out in them again: '8 l' is '8 L'."""
        return respell(self._own(*match.span()).lower())

    def _take_phrase(self) -> bool:
        stretch = _STRETCH.match(self.said, self._at) if self._last in ("amount", "bare") else None
        if stretch is not None and "-- >" in self.said:
            self.draft.bounds = (int(stretch["n"]), UNIT_OF_TIME[stretch["unit"]])
            self._move(stretch, "bounds")
            return True
        for phrase in phrases():
            match = phrase.pattern.match(self.said, self._at)
            if match is not None:
                self._take_match(phrase, match)
                return True
        return False

    def _take_match(self, phrase: Phrase, match: re.Match[str]) -> None:
        is_strength = phrase.kind == "amount" and self._last == "name" and self.draft.amount is not None
        if is_strength and not (self.draft.counts_name and match["unit"] not in ("mg", "mcg", "g")):
            self._set_strength(*match.span())
            self._move(match, "strength")
            return
        if phrase.kind in ("amount", "bare", "share", "spoonfuls"):
            self._open_amount(phrase.kind, match)
        if phrase.kind == "verb":
            self._check_verb(match)
        if phrase.kind == "span":
            self._check_span(match)
        if phrase.kind == "first day" and len(self.steps) > 1:
            raise NotSettled(
                what="'on day 1' begins a sequence. Type how long this step lasts: 'for 4 days'."
            )
        self._check_as_needed(phrase.kind)
        self._take_turn(phrase.kind, match)
        self.draft.joint = self._joint
        phrase.say(self.draft, match)
        if self._last == "bounds" and phrase.kind == "rate" and self.draft.rates[-1].period_unit in LONG:
            raise NotSettled(what=CERTAIN_DAYS)
        self._settle_route()
        if phrase.kind == "rrule":
            self._set_rule(timing.plain_rule(self._typed(*match.span())))
        if phrase.kind == "when" and "relation" in match.re.groupindex:
            self.draft.advice.append(timing.plain_meal(match))
        self._move(match, phrase.kind)

    def _take_reason(self) -> bool:
        match = _REASON.match(self.said, self._at)
        bare = self._last == "prn" and self.said[self._at].isalpha()
        if match is None and not bare:
            return False
        start = match.end() if match else self._at
        end = end_of_words(self.said, start, in_reason=True)
        if end == start or not is_reason(respell(self._typed(start, end))):
            return False
        reason = self._own(match.start("verb") if match and match["verb"] else start, end)
        reason = reason.lower() if self.words.text.isupper() else reason
        if self._last == "prn":
            self.draft.as_needed_for = reason
        elif self.header.reason is None:
            self.header.reason = reason
            self._has_comma_before_reason = self._last_text in (",", ";", ".", "(")
        else:
            raise NotSettled(what=f"It gives two reasons, '{self.header.reason}' and '{reason}'. Type one.")
        self._at = end
        self._last, self._last_text, self._joint = "reason", "", ""
        return True

    def _take_name(self) -> bool:
        """The medication's name: at the very beginning, or after 'of' ('take 2 tablets of codeine')."""
        of = _OF.match(self.said, self._at)
        if of is not None:
            may_follow = self._last in ("amount", "bare")
        else:
            begins = len(self.steps) == 1 and not self.draft.has_timing() and self.draft.amount is None
            counted = self._last == "bare" and self.draft.verb == "take" and not self.draft.has_timing()
            is_one = self.draft.amount == Said(Fraction(1), None, None)
            may_follow = (begins and self._last in ("start", "verb")) or bool(counted and is_one)
            self.draft.counts_name = bool(counted and is_one)
        if self.header.name is not None or not may_follow:
            return False
        start = of.end() if of else self._at
        end = end_of_words(self.said, start, in_reason=False)
        if not is_name(self._typed(start, end)) or end == start:
            return False
        if self.draft.counts_name and not is_counted_name(self._typed(start, end)):
            return False
        name = self._typed(start, end)
        if MISREAD_NAMES & set(re.split(r"[ /+-]", name.lower())):
            raise NotSettled(
                what="A short name in it is misread as another drug's. Type the medication's name in full."
            )
        if name.lower() in ASKED:
            raise NotSettled(what=ASKED[name.lower()])
        brand = _BRAND.match(self.said, end)
        if brand is not None:
            end = brand.end()
        self.header.name = self._typed(start, end)
        self._at = end
        self._last, self._last_text, self._joint = "name", "", ""
        return True

    def _take_turn(self, kind: str, match: re.Match[str]) -> None:
        """Note days and times as they come; beside a moment with its meal, another is a share of its own."""
        if kind in ("days", "month", "year"):
            self.draft.take_turn("days")
        elif kind == "times" or (kind == "when" and not _ANY_MEAL.search(match.group())):
            self.draft.take_turn("times")
            draft = self.draft
            is_of_meal = "relation" in match.re.groupindex or self._last_relation
            may_part = draft.amount and draft.when and not draft.rates and draft.offset is None
            if self._joint == "and" and may_part and is_of_meal:
                self.steps[-1].append(Draft())
                self.draft.amount = draft.amount
                self.draft.advice = draft.advice[:-1] if self._last_relation else list(draft.advice)
        if kind != "joint":
            self._last_relation = kind == "when" and "relation" in match.re.groupindex

    # --- checks -----------------------------------------------------------------------------------

    def _open_amount(self, kind: str, match: re.Match[str]) -> None:
        """Make room for an amount: the first of its stretch, a share of a split dose, or a refusal."""
        draft = self.draft
        typed = self._typed(*match.span())
        is_made_up = draft.amount is not None and not draft.has_timing() and self._last_text in ("(", "=")
        if kind == "bare" and is_made_up:
            raise NotSettled(
                what="It says what the amount is made up of. Type a line for each product: "
                "'5 mg tablet, 1 tablet once daily'."
            )
        if kind == "bare":
            self._check_bare(match, typed)
        if kind == "share" and self._last != "verb" and self.header.form is None:
            raise NotSettled(what=f"{typed.capitalize()} of what? Type it: '{typed} a tablet', '2.5 ml'.")
        if draft.amount is None:
            if kind == "amount" and draft.has_timing() and self._last_text == "(":
                self._refuse_two_amounts(typed)
            draft.amount_may_be_strength = kind == "amount" and self._last in ("name", "form")
            return
        self._check_lengths()
        if self._begins_a_step(kind, match):
            self.steps.append([Draft()])
            self.lists_steps = True
            return
        if draft.amount_may_be_strength and not draft.has_timing() and self.header.strength is None:
            self._make_first_amount_the_strength(kind, match, typed)
            return
        if not draft.has_anchor() or self._joint not in ("and", ",", ";", "."):
            self._refuse_two_amounts(typed)
        self.steps[-1].append(Draft())
        self.draft.led_by = self._joint

    def _begins_a_step(self, kind: str, match: re.Match[str]) -> bool:
        """Whether an amount after a comma follows one with its own length: '40 mg x 3 days, 30 mg x 3 days'.

        With moments of the day they could run at the same time, and are shares of a split dose; another unit
        is another product, or what was dispensed.
        """
        draft = self.draft
        if kind != "amount" or draft.amount is None or draft.amount.unit != UNIT_NAMES.get(match["unit"]):
            return False
        has_length = draft.bounds is not None and not draft.has_anchor() and not draft.has_days()
        return has_length and self._joint in (",", ";", ".") and not self.stops

    def _make_first_amount_the_strength(self, kind: str, match: re.Match[str], typed: str) -> None:
        """'ibuprofen 400 mg, 1 tablet': the first amount is the product's, the second the dose."""
        first = self.draft.amount
        if (
            kind == "amount"
            and first
            and first.unit == match["unit"]
            and first.unit not in ("mg", "mcg", "g")
        ):
            self._refuse_two_amounts(typed)  # '10 units' and '5 ml' are no strengths
        counts_units = kind != "amount" or match["unit"] in COUNTABLE or match["unit"] == "ml"
        if not counts_units and self._joint not in (",", ";", ":", "--") and self._last != "verb":
            self._refuse_two_amounts(typed)
        self.header.strength = self._first_amount
        self.draft.amount_may_be_strength = False

    def _refuse_word(self) -> None:
        end = end_of_words(self.said, self._at, in_reason=True)
        typed = self._own(self._at, max(end, self._at + 1))
        after = "timing" if self.draft.has_timing() else self._last
        raise NotSettled(what=ask_about(typed, self.said[self._at :], after=after))


def read_line(words: Words) -> Line:
    """Read one prescription; raises NotSettled, BadAmount or BadTime."""
    return Line(words).read()
