"""What steps of a sequence and shares of a split dose take from each other, or must say themselves."""

from __future__ import annotations

from fractions import Fraction

from medtrack.errors import NotSettled

from .draft import Draft
from .line import Line
from .meaning import Part, Repeat

ONCE_DAILY = Repeat(frequency=1, period=Fraction(1), period_unit="d")


def inherit(line: Line, shares: list[Draft], before: list[Draft], step: int) -> None:
    """Give later steps and shares what the words leave out because it was said before.

    A step of a taper without a frequency ('40 mg for 3 days then 30 mg for 3 days') is once daily, the only
    reading by which an amount can last a number of days.
    """
    first, last = shares[0], shares[-1]
    for earlier, draft in zip(before[-1:] + shares, shares if before else shares[1:], strict=False):
        if earlier.amount and draft.amount and draft.amount.unit is None:
            draft.amount = draft.amount._replace(unit=earlier.amount.unit)
    ends = [(draft.bounds, draft.count, draft.until) for draft in shares]
    if last.led_by in (",", ";", ".") and any(ends[-1]) and ends[0] != ends[-1]:
        raise NotSettled(
            what="It is not clear whether the length belongs to each amount or to the last. Type 'and' "
            "between them for the whole, or a line for each."
        )
    for draft in shares[:-1]:
        draft.bounds, draft.count = draft.bounds or last.bounds, draft.count or last.count
        draft.until, draft.starts = draft.until or last.until, draft.starts or last.starts
    if before and first.amount is None:
        first.amount = before[-1].amount
    if before and not last.has_timing():
        _inherit_timing(last, before, step)
    is_taper = len(line.steps) > 1 or line.stops
    if is_taper and not last.has_timing() and (last.bounds or before) and last.amount:
        last.rates = [ONCE_DAILY]
    if len(shares) > 1:
        _check_shares(shares)


def _inherit_timing(draft: Draft, before: list[Draft], step: int) -> None:
    """Take the frequency of the step before, where that is a plain one; else ask for this step's own."""
    earlier = before[-1]
    is_plain = not (
        earlier.as_needed or earlier.cycle or earlier.month_days or earlier.year_day or earlier.rrule
    )
    rates = [rate for rate in earlier.rates if rate != ONCE_DAILY]
    if len(before) > 1 or not is_plain or rates or len(earlier.times or earlier.when) > 1:
        raise NotSettled(
            what=f"Step {step} does not say when to take it. Type it like '1 tablet twice daily'."
        )
    draft.rates, draft.when = list(earlier.rates), list(earlier.when)
    draft.times, draft.weekdays = list(earlier.times), list(earlier.weekdays)


def _check_shares(shares: list[Draft]) -> None:
    """Several amounts in one step each need their own moment of the day, and nothing that fits only one."""
    if not all(draft.has_anchor() and draft.amount for draft in shares):
        raise NotSettled(
            what="There are several amounts, but not each has its time. Type them like "
            "'2 tablets in the morning and 1 tablet at noon'."
        )
    if any(rate != ONCE_DAILY for draft in shares for rate in draft.rates):
        raise NotSettled(
            what="There are several amounts and a frequency. Type each amount with its time of day."
        )
    if 0 < sum(draft.has_days() for draft in shares) < len(shares):
        raise NotSettled(
            what="It is not clear whether the days belong to each amount or to one. Type a line for each."
        )
    if len({draft.as_needed for draft in shares}) > 1:
        raise NotSettled(
            what="It is not clear whether 'as needed' belongs to each amount or to one. Type a line for each."
        )


def merge_equal(shares: list[Draft]) -> list[Draft]:
    """Shares of the same amount are one dose at several times: '1 in the morning and 1 at night'."""
    first, others = shares[0], shares[1:]
    amounts = {share.amount for share in shares}
    if (
        not others
        or len(amounts) > 1
        or any(share.weekdays or share.month_days or share.as_needed for share in shares)
        or any(share.offset is not None or share.lead is not None for share in shares)
        or any(_besides_times(share) != _besides_times(first) for share in others)
    ):
        return shares
    for share in others:
        first.when += share.when
        first.times += share.times
        first.rates = []
        first.adds_times = True
    return [first]


def _besides_times(share: Draft) -> tuple[object, ...]:
    """What a share says besides amount and times."""
    return (
        share.bounds, share.count, share.until, share.starts, share.advice, share.max, share.min_gap,
        share.cycle, share.rrule, share.year_day, share.says_directed, share.equals,
    )  # fmt: skip


def check_steps(line: Line, parts: list[Part]) -> None:
    """Every step but the last must say how long it lasts; 'then stop' wants it of the last, too."""
    steps = len(line.steps)
    _check_spans(line)
    for part in parts:
        bounded = part.for_days or part.count or part.until or part.bounds
        if not bounded and (part.step < steps or line.stops or line.lists_steps):
            raise NotSettled(
                what=f"Step {part.step} does not say how long it lasts. Type it like "
                "'40 mg daily for 3 days then 30 mg daily for 3 days then stop'."
            )


def _check_spans(line: Line) -> None:
    """'day 1, then days 2 to 5' must count on from 1 without a gap, so that lengths say the same."""
    spans = [shares[0].span for shares in line.steps]
    wanted = 1
    for span in spans:
        if span in (None, (1, 1)):
            wanted = 2 if span else 0
        elif span is not None and (span[0] != wanted or len(spans) == 1):
            raise NotSettled(
                what="It counts days, and not each step from the day after the one before. "
                "Type the lengths: '2 tablets daily for 1 day then 1 tablet daily for 4 days'."
            )
        elif span is not None:
            wanted = span[1] + 1
