"""A prescription as written, read into a `Reading`, or refused with what to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from medtrack.domain.amounts import MEASURED, Amount, show_amount, show_number
from medtrack.domain.regimen import AsNeeded
from medtrack.domain.wording import say_duration
from medtrack.errors import BadAmount, BadTime, NotSettled

from .brackets import check_is_strength, check_made_of, settle_equal
from .checks import check_fits, check_parts, check_said
from .draft import Draft, Said
from .echo import EVENT_WORDS, say_reading
from .line import Line, read_line
from .meaning import DEFAULT_HABITS, Habits, Part, Reading, Repeat
from .planning import plan_timing
from .respelling import respell
from .steps import check_steps, inherit, merge_equal
from .terms import COUNTABLE, LONG
from .words import read_words

_MASSES = frozenset({"mg", "mcg", "g", "mmol", "mEq"})
"""Units in which a product's strength can be the dose itself ('sertraline 50 mg daily')."""
_SPREAD = frozenset({"cream", "ointment", "gel", "lotion", "foam", "shampoo"})
_LARGEST = {
    "ml": 1_500,
    "l": 5,
    "tablet": 60,
    "capsule": 60,
    "drop": 100,
    "puff": 20,
    "spray": 20,
    "patch": 10,
}
"""A single dose above this is a slip of the finger or several dosage units read as one."""
_TWO_MASSES = re.compile(r"[\d.]+(?: (?:mg|mcg|g))? ?/ ?[\d.]+ (?:mg|mcg|g)")
"""'3 mg / 4 mg', '10/20 mg': a product of two ingredients, or one dose and another."""
_ASKED_UNITS = ("tablet", "puff", "units", "mg")
_DAYS = {"d": 1, "wk": 7}


def read_prescription(text: str, habits: Habits = DEFAULT_HABITS, *, today: date | None = None) -> Reading:
    """Read one prescription line: name, product, amounts, timing, bounds, reason, warnings.

    Where the words give FHIR's meaning but not the days or times ('twice a week', 'every 4 to 6 hours'
    without 'as needed'), the part has its `repeat` but no `timing`, and `question` says what to ask; such
    a reading can be shown and exported, never planned. `today` dates a start given as 'today'.

    Raises NotSettled where the words do not settle the meaning or contradict each other, and for numbers,
    dates and clock times that cannot be.
    """
    if not text.strip():
        raise NotSettled(
            what="There is nothing to read. Type it like 'metformin 500 mg tablet, 1 tablet twice daily'."
        )
    try:
        reading = _read(text, habits, today)
    except (NotSettled, BadAmount, BadTime) as refused:
        facts = {what: respell(str(said)) for what, said in refused.facts.items()}
        raise NotSettled(what=str(type(refused)(**facts))) from None
    if reading.question is None and not _is_stable(reading, habits):
        raise NotSettled(
            what="It can be understood in more than one way. Type each dose with its own time: "
            "'1 tablet at 08:00 and 1 tablet at 20:00'."
        )
    return reading


def _is_stable(reading: Reading, habits: Habits) -> bool:
    """Whether the plain sentence, read as a prescription, means the same."""
    try:
        again = _read(reading.reads_as, habits, None)
    except (NotSettled, BadAmount, BadTime):
        return False
    return _meaning(again) == _meaning(reading)


def _meaning(reading: Reading) -> tuple[object, ...]:
    """What must survive being said and read again; the limits of an as-needed dose stand in its timing."""
    return (reading.strength, reading.route, reading.reason, *(
        part._replace(repeat=Repeat(), min_gap=None, max_amount=None, max_period=None)
        if part.as_needed else part._replace(repeat=Repeat())
        for part in reading.parts
    ))  # fmt: skip


def _read(text: str, habits: Habits, today: date | None) -> Reading:
    words = read_words(text, today)
    line = read_line(words)
    _check_sense(line)
    questions: list[str] = []
    parts: list[Part] = []
    before: list[Draft] = []
    for step, shares in enumerate(line.steps, start=1):
        inherit(line, shares, before, step)
        before = shares
        merged = merge_equal(shares)
        if len(merged) > 1 and any(draft.count for draft in merged):
            raise NotSettled(what="It counts the doses of several amounts. Type a length: 'for 5 days'.")
        for draft in merged:
            part, question = _make_part(line, draft, step, habits, today)
            parts.append(part)
            if question:
                questions.append(question)
    check_steps(line, parts)
    check_parts(parts, line.header.strength, counted_form(line.header.form))
    as_needed_for = next((part.as_needed_for for part in parts if part.as_needed_for), None)
    strength = _plain_strength(line.header.strength)
    reading = Reading(
        line.header.name, strength, line.header.form, line.header.route, tuple(parts), line.header.reason,
        as_needed_for, words.warnings, text, "", questions[0] if questions else None,
    )  # fmt: skip
    return reading._replace(reads_as=say_reading(reading))


def _check_sense(line: Line) -> None:
    """Refuse a line that says nothing to plan by, whole."""
    drafts = [draft for shares in line.steps for draft in shares]
    is_product = line.header.name and any(
        draft.amount and draft.amount.unit and not draft.amount_may_be_strength for draft in drafts
    )
    says_directed = any(draft.says_directed for draft in drafts)
    says_when = any(draft.has_timing() or draft.count or draft.bounds for draft in drafts)
    if not says_when and (says_directed or not is_product):
        if says_directed:
            raise NotSettled(
                what="'As directed' does not say how much or when. Ask the prescriber or pharmacist, "
                "and type it like '1 tablet twice daily'."
            )
        raise NotSettled(
            what="It does not say when to take it. Type how often: '1 tablet twice daily', "
            "'1 tablet every 8 hours' or '1 tablet as needed'."
        )
    if not line.reason_belongs_to_all:
        raise NotSettled(
            what=f"It is not clear whether 'for {line.header.reason}' belongs to every step or to the last. "
            f"Put a comma before it: ', for {line.header.reason}'."
        )


def _make_part(
    line: Line, draft: Draft, step: int, habits: Habits, today: date | None
) -> tuple[Part, str | None]:
    amount, high = _settle_amount(line, draft)
    planned = plan_timing(draft, amount, high, habits)
    check_is_strength(
        amount, line.header.strength, line.header.form, planned.repeat, says_rate=bool(draft.rates)
    )
    check_said(draft, amount, line.header.form, line.header.route)
    question = planned.question
    if draft.is_at_once:
        planned = planned._replace(timing=None)
        question = question or "When exactly? Type the date and the time: 'as a single dose at 14:30'."
    if amount and amount.unit.endswith("/kg"):
        question = question or "How much is that for this person's weight? Type the dose itself: '90 mg'."
    if amount is None and question is None:
        question = "How much each time? Type it: '1 tablet', '5 ml', '10 units'."
    for_days = None
    if draft.bounds is not None:
        value, unit = draft.bounds
        for_days = value * _DAYS[unit] if unit in _DAYS else None
        if for_days is None:
            question = (
                question
                or "For how many days exactly? Months and years differ in length; type 'for 30 days'."
            )
    _check_ends(draft, for_days, today)
    counted = counted_form(line.header.form)
    limit = None
    if draft.max is not None:
        most, unit_of_max, period = draft.max
        is_measured = amount is not None and amount.unit in MEASURED | {"units"}
        if unit_of_max is None and amount and (is_measured or counted not in (None, amount.unit)):
            other = show_amount(Amount(most, counted if counted and counted != amount.unit else "dose"))
            raise NotSettled(
                what=f"At most {show_number(most)}: {other}, or {show_amount(Amount(most, amount.unit))}?"
                f" Type 'max {other} a day', or the amount with its unit."
            )
        limit = (Amount(most, unit_of_max or (amount.unit if amount else "dose")), period)
        if amount and limit[0].unit == amount.unit and (high or amount.value) > most:
            raise NotSettled(what=f"One dose is more than its own limit of {limit[0]}. Type both again.")
    min_gap = planned.timing.min_gap if isinstance(planned.timing, AsNeeded) else draft.min_gap
    form = counted_form(line.header.form)
    equal = settle_equal(draft, amount, line.header.strength, form) if amount else None
    advice = list(dict.fromkeys(([equal] if equal else []) + draft.advice))
    if not draft.as_needed:
        advice += _say_limits(limit, draft.min_gap)
    else:
        advice += [EVENT_WORDS[code] for code in draft.when if code in EVENT_WORDS]
    if draft.says_directed:
        advice.append("as directed")
    return (
        Part(
            amount, high, planned.timing, planned.repeat, draft.as_needed, draft.as_needed_for,
            limit[0] if limit else None, limit[1] if limit else None, min_gap, for_days, draft.bounds,
            draft.count, draft.until, draft.starts, step, ", ".join(advice) or None,
        ),
        question,
    )  # fmt: skip


def _say_limits(limit: tuple[Amount, timedelta] | None, gap: timedelta | None) -> Iterator[str]:
    """The limits of a scheduled dose, which no rule needs and the person is to keep in view."""
    if limit is not None:
        yield f"at most {limit[0]} in {say_duration(limit[1])}"
    if gap is not None:
        yield f"at least {say_duration(gap)} apart"


def _check_ends(draft: Draft, for_days: int | None, today: date | None) -> None:
    """Refuse an end in the past, two ends that may differ, and cycles that are not one dose each."""
    if today and draft.until and not draft.starts and draft.until < today:
        raise NotSettled(
            what=f"It ends on {draft.until.isoformat()}, which is over, so no dose is left. "
            "Type a later day, or the first day too: 'starting 2025-01-01'."
        )
    if draft.starts and draft.until and draft.until < draft.starts:
        raise NotSettled(what="It ends before it starts. Type the two dates again.")
    if draft.bounds and draft.until:
        last = draft.starts + timedelta(days=for_days - 1) if draft.starts and for_days else None
        if last != draft.until:
            raise NotSettled(
                what="It gives a length and a last day. Type one: 'for 10 days', or 'until' a day."
            )
    periods = [LONG.get(rate.period_unit or "", 0) * (rate.period or 1) for rate in draft.rates]
    if for_days and any(for_days < period for period in periods):
        raise NotSettled(
            what="Its length is shorter than the time between two doses. Type 'as a single dose', "
            "or a longer one."
        )
    if draft.counts_cycles:
        each = [(rate.frequency, rate.period_unit) for rate in draft.rates]
        if each not in ([(1, "wk")], [(1, "mo")]) or draft.has_days():
            raise NotSettled(
                what="It does not say how long a cycle lasts. Type the length: 'for 42 days', "
                "or 'daily, 21 days on, 7 days off'."
            )


def _settle_amount(line: Line, draft: Draft) -> tuple[Amount | None, Fraction | None]:
    """The amount of one dose, or None where the text has none; raises NotSettled where it could be two."""
    said = draft.amount
    header = line.header
    form = counted_form(header.form)
    if said is None:
        return _amount_without_words(line, draft), None
    if draft.amount_may_be_strength and said.unit in _MASSES and said.high is None:
        if form is not None:
            raise NotSettled(what=_how_many(form))
        if len(line.steps) == 1 == len(line.steps[0]):
            header.strength = header.strength or show_amount(Amount(said.low, said.unit or "mg"))
    unit = said.unit or form
    if said.unit is None:
        _check_loose(draft, said)
        is_named = header.name is not None and not draft.counts_name
        if form is None and (is_named or (said.high or said.low) > 1):
            number = show_amount(Amount(said.low, "tablet"), said.high).partition(" tab")[0]
            asked = [show_amount(Amount(said.low, each), said.high) for each in _ASKED_UNITS]
            raise NotSettled(what=f"{number} what? Type the unit: {' or '.join(map(repr, asked))}.")
    elif draft.is_loose_rate and ((said.high or said.low) > 1 or said.unit not in COUNTABLE):
        _refuse_loose(said)
    amount = Amount(said.low, unit or "dose")
    if (said.high or said.low) > _LARGEST.get(amount.unit, 1_000_000):
        raise NotSettled(
            what=f"{show_amount(amount, said.high)} in one dose is more than anyone is given. Type "
            f"the amount again."
        )
    check_fits(amount, said.high, header.strength, header.form)
    check_made_of(amount, header.strength, form)
    if header.form is None and amount.unit in ("tablet", "capsule"):
        header.form = amount.unit
    if form in ("tablet", "capsule") and amount.unit in COUNTABLE - {form, "dose", "pill"}:
        raise NotSettled(what=f"It is a {form}, but the dose is in {amount.unit}s. Type one of them.")
    if counted_form(header.form) in ("tablet", "capsule") and any(
        "eye" in advice or " ear" in advice for advice in draft.advice
    ):
        raise NotSettled(what=f"A {header.form} does not go there. Type the form and the place again.")
    return amount, said.high


def _amount_without_words(line: Line, draft: Draft) -> Amount | None:
    form = line.header.form
    counted = counted_form(form)
    if form is None and _TWO_MASSES.fullmatch(line.header.strength or ""):
        raise NotSettled(
            what=f"'{line.header.strength}' can be the strength of two ingredients, or two doses. "
            "Type the dose: '1 tablet', or each with its own days."
        )
    if counted:
        raise NotSettled(what=_how_many(counted))
    if draft.verb == "apply" or form in _SPREAD:
        return Amount(Fraction(1), "application")
    if form is not None:
        raise NotSettled(what=f"It names a {form} but not how much each time. Type it: '5 ml twice daily'.")
    return None


def counted_form(form: str | None) -> str | None:
    """The unit in which a form is counted: 'tablet' for 'XL tablet', None for a cream."""
    last = (form or "").rpartition(" ")[2]
    return last if last in COUNTABLE else None


def _how_many(form: str) -> str:
    return f"It names a {form} but not how many each time. Type the number: '1 {form} twice daily'."


def _check_loose(draft: Draft, said: Said) -> None:
    """A bare number with a bare 'daily' ('2 a day') is a count or a frequency."""
    plain = draft.is_loose_rate or draft.is_plain_rate
    if (said.high or said.low) > 1 and plain and not draft.has_anchor():
        _refuse_loose(said)


def _refuse_loose(said: Said) -> None:
    if said.unit and said.unit not in COUNTABLE:
        total = show_amount(Amount(said.low, said.unit), said.high)
        raise NotSettled(
            what=f"'{total} a day' can be one dose, or the total of several. Type '{total} once daily', "
            "or the single dose and how often."
        )
    number = show_amount(Amount(said.low, "tablet"), said.high).partition(" tab")[0]
    raise NotSettled(
        what=f"'{number} a day' can be {number} at once, or 1 at a time, {number} times a day. "
        f"Type '{number} tablets once daily', or '1 tablet {number} times a day'."
    )


def _plain_strength(said: str | None) -> str | None:
    """A strength as people write it: '500 mg', '250 mg/5 ml', '100 units/ml', '1%'."""
    if said is None:
        return None
    plain = re.sub(r"\d+(?:\.\d+)?(?![\d/])", lambda found: show_number(Fraction(found.group())), said)
    return plain.replace(" / ", "/").replace(" %", "%").replace("meq", "mEq")
