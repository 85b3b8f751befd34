"""Adherence from supply: what was handed out, and how many days it would last.

CMA1 to CMA8 are those of Vollmer et al., BMC Health Serv Res 2012;12:155, CMA9 that of Dima and Dediu,
PLoS ONE 2017;12(4):e0174426, whose R package AdhereR fixes the edges that the papers leave open; PDC is that
of the Pharmacy Quality Alliance, with the hospital days of the US CMS. Supply on hand is not medication
taken: these say what a person could have taken at most.

Days are whole calendar days, numbers exact fractions. In the family of CMA the two ends of a window are both
inside and its length is their difference; everywhere else spans are half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

FOLLOWUP_DAYS = 730
"""How long fills are followed where nothing else is said: two years, as in AdhereR."""


class Fill(NamedTuple):
    """One supply: the day it was received, and how many days it lasts as prescribed."""

    on: date
    days: Fraction | int
    medication: str
    dose: Fraction | int | None = None
    """The daily dose it was worked out with, in the unit of all fills of the medication."""


class Parts(NamedTuple):
    """What a measure divides by what."""

    days: Fraction
    """The days that count: of supply, or covered by it."""
    of: Fraction | int
    """The days that they are of."""
    most: Fraction | None = None
    """The measure is never above this."""

    @property
    def value(self) -> Fraction | None:
        """The measure; None where there is nothing below the fraction line."""
        if self.of <= 0:
            # What would be without bound is as much as there can be, in AdhereR as well.
            return self.most if self.days > 0 and self.of == 0 else None
        share = Fraction(self.days, self.of)
        return share if self.most is None else min(self.most, share)


class _Stretch(NamedTuple):
    """From one fill to the next, in days since the follow-up began."""

    begins: int
    ends: Fraction | int
    supply: Fraction
    """Days that the fill and what was left before it last, whatever comes next."""
    gap: Fraction
    """Days without supply; they are the last ones of the stretch."""


class _Carry(NamedTuple):
    """What is left of a fill, and how much of it counts for the next one."""

    only_same: bool
    """A change of medication leaves what is left unused."""
    by_dose: bool
    """What is left lasts longer at a lower dose, shorter at a higher one."""

    def over(self, left: Fraction, fill: Fill, after: Fill) -> Fraction:
        """The days that `left` days of a fill last at the dose of the one after it."""
        if self.only_same and fill.medication != after.medication:
            return Fraction(0)
        if self.by_dose and fill.dose is not None and after.dose is not None:
            return left * Fraction(fill.dose) / Fraction(after.dose)
        return left


class _Followed(NamedTuple):
    """The fills of the follow-up window, by day, and the day it ends; days count from its beginning."""

    fills: Sequence[tuple[int, Fill]]
    days: int
    carry: _Carry

    def between(self, begins: Fraction | int, ends: Fraction | int) -> "_Followed":
        """The same without the fills outside of `[begins, ends]`."""
        inside = [(day, fill) for day, fill in self.fills if begins <= day <= ends]
        return self._replace(fills=inside)

    def stretches(self, ends: Fraction | int) -> list[_Stretch]:
        """The stretch after every fill, the last one up to `ends`; nothing is left over before the first."""
        found: list[_Stretch] = []
        left = Fraction(0)
        nexts: list[tuple[Fraction | int, Fill | None]] = [*self.fills[1:], (ends, None)]
        # Where there are no fills, there is nothing after them either.
        for (begins, fill), (until, after) in zip(self.fills, nexts, strict=False):
            supply = fill.days + left
            found.append(_Stretch(begins, until, supply, max(Fraction(0), until - begins - supply)))
            left = max(Fraction(0), supply - (until - begins))
            if after is not None:
                left = self.carry.over(left, fill, after)
        return found


def cma(
    n: int,
    fills: Sequence[Fill],
    *,
    followup_start: date | None = None,
    followup_days: int = FOLLOWUP_DAYS,
    since: int,
    days: int,
    carry_only_same: bool = False,
    dose_change: bool = False,
) -> Fraction | None:
    """Continuous multiple-interval measure of medication availability number `n`, as AdhereR computes it.

    The follow-up window begins at `followup_start`, else at the first fill, and is `followup_days` long;
    fills outside of it do not exist. The observation window begins `since` days later and is `days` long; a
    fill on its last day is inside. With D the days of a fill and O the end of the observation window:

    1. sum of D without the last fill / (last fill - first fill), fills in the window
    2. sum of D / (O - first fill), fills in the window
    3. and 4. CMA1 and CMA2, at most 1
    5. 1 - days without supply / (last fill - first fill), fills in the window, what is left carried over
    6. 1 - days without supply / (O - first fill), fills in the window, what is left carried over
    7. 1 - days without supply / length of the window, with what is left from before it
    8. CMA7 of a window that begins when the supply from before it is used up
    9. mean over the window's days of the share of their stretch, from fill to fill, that supply lasted

    From CMA5 on, what is left of a fill lasts into the next stretch; `carry_only_same` loses it at a change
    of medication, `dose_change` has it last by the ratio of the two doses (or as it is where none is known).

    None where there is nothing to measure: no window of at least a day inside the follow-up, fewer fills than
    the measure needs (two on different days for CMA1, 3 and 5), nothing below the fraction line, some doses
    known and others not where `dose_change` asks for them, and always for CMA0, which is a name for the bare
    fills. Fills of one day are taken in the order given. Raises ValueError for another `n`, days of supply
    below zero or a dose that is not above it.

    Sources: Vollmer 2012 (CMA1 to 8), Dima and Dediu 2017 (CMA9, and AdhereR).
    """
    found = cma_parts(
        n,
        fills,
        followup_start=followup_start,
        followup_days=followup_days,
        since=since,
        days=days,
        carry_only_same=carry_only_same,
        dose_change=dose_change,
    )
    return None if found is None else found.value


def cma_parts(
    n: int,
    fills: Sequence[Fill],
    *,
    followup_start: date | None = None,
    followup_days: int = FOLLOWUP_DAYS,
    since: int,
    days: int,
    carry_only_same: bool = False,
    dose_change: bool = False,
) -> Parts | None:
    """The days that `cma` divides by what, for it to be said beside the measure; everything else is as there.

    None where no fill is to be measured; there may be parts and still no value.
    """
    if not 0 <= n <= 9:
        raise ValueError(f"there is no CMA{n}")
    ordered = _by_day(fills)
    known = {fill.dose is not None for fill in ordered}
    is_window = since >= 0 and days > 0 and since + days <= followup_days
    if n == 0 or not ordered or not is_window or (dose_change and len(known) > 1):
        return None
    start = ordered[0].on if followup_start is None else followup_start
    numbered = [((fill.on - start).days, fill) for fill in ordered]
    followed = _Followed(numbered, followup_days, _Carry(carry_only_same, dose_change))
    return _MEASURES[n](followed.between(0, followup_days), since, since + days)


def pdc(
    fills: Sequence[Fill], since: date, until: date, *, held: Sequence[tuple[date, date]] = ()
) -> Fraction | None:
    """Proportion of the days in `[since, until)` covered by the supply of at least one medication.

    Supply is used from the day it is received; where some of the same medication is left, from the day that
    one ends. Different medications are those of one class: they cover days side by side. What is left at
    `since` counts, what is left at `until` does not. A day in one of the `held` spans `[since, until)`
    (a stay in hospital, a pause) is no day of the measure and uses up no supply: it shifts to the days after.

    None where no supply was received before `until`, or every day is held. PQA counts from the first fill on:
    give its day as `since` for their measure. Raises ValueError for days of supply below zero.

    Sources: Pharmacy Quality Alliance, PDC (overlap, classes); US CMS Star Ratings (stays in hospital).
    """
    pauses = {fill.medication: held for fill in fills}
    return _covered(fills, since, until, pauses, needed=1)


def pdc_of_every(
    fills: Sequence[Fill], since: date, until: date, *, held: Mapping[str, Sequence[tuple[date, date]]]
) -> Fraction | None:
    """Proportion of the days in `[since, until)` covered by the supply of every one of the medications.

    For a regimen of several medications, where `pdc` is for one or for a class: their product day by day,
    never an average. `held` gives the pauses of each by its name: they shift its own supply, and a day in any
    of them is no day of the measure. Everything else is as there.
    """
    return _covered(fills, since, until, held, needed=len({fill.medication for fill in fills}))


def _covered(
    fills: Sequence[Fill],
    since: date,
    until: date,
    held: Mapping[str, Sequence[tuple[date, date]]],
    *,
    needed: int,
) -> Fraction | None:
    """The share of the days on which at least `needed` medications were on hand."""
    received = [fill for fill in _by_day(fills) if fill.on < until]
    days = _free_days(since, until, [span for spans in held.values() for span in spans])
    if not received or not days:
        return None
    # Supplies of one medication never overlap, so the number that run at once is that of medications.
    used = list(_used(received, {name: _merged(spans) for name, spans in held.items()}))
    changes = [*((begin, 1) for begin, _ in used), *((end, -1) for _, end in used)]
    begins, ends = Fraction(since.toordinal()), Fraction(until.toordinal())
    covered = Fraction(0)
    running = 0
    reached = begins
    for at, change in sorted(changes):
        here = min(max(at, reached), ends)
        if running >= needed:
            covered += here - reached
        reached = here
        running += change
    return covered / days


def mpr(
    fills: Sequence[Fill], since: date, until: date, *, held: Sequence[tuple[date, date]] = ()
) -> Fraction | None:
    """Medication possession ratio: days of supply received in `[since, until)` over its days.

    It may pass one, for nothing is said of when the supply was used. A day in one of the `held` spans
    `[since, until)` is not counted. None where nothing was received, or every day is held. Raises ValueError
    for days of supply below zero.

    Source: Vollmer 2012 (where CMA1 and CMA2 are its two usual readings).
    """
    received = [fill.days for fill in _by_day(fills) if since <= fill.on < until]
    return _share(Fraction(sum(received)), _free_days(since, until, held)) if received else None


def _merged(held: Iterable[tuple[date, date]]) -> list[tuple[int, int]]:
    """Held spans as ordinals, in order and apart from each other; empty ones are left out."""
    found: list[tuple[int, int]] = []
    for since, until in sorted((since.toordinal(), until.toordinal()) for since, until in held):
        begins = max(since, found[-1][1]) if found else since
        if begins < until:
            found.append((begins, until))
    return found


def _free_days(since: date, until: date, held: Iterable[tuple[date, date]]) -> int:
    """How many days of `[since, until)` are in none of the held spans; 0 where it ends before it begins."""
    first, last = since.toordinal(), until.toordinal()
    inside = [min(ends, last) - max(begins, first) for begins, ends in _merged(held)]
    return max(0, last - first - sum(days for days in inside if days > 0))


def _used(
    fills: Iterable[Fill], held: Mapping[str, Sequence[tuple[int, int]]]
) -> Iterator[tuple[Fraction, Fraction]]:
    """When the supplies are used, in ordinals `[from, to)`: one of a medication after another."""
    ends: dict[str, Fraction] = {}
    for fill in fills:
        at = max(Fraction(fill.on.toordinal()), ends.get(fill.medication, Fraction(0)))
        left = Fraction(fill.days)
        for begins, until in held.get(fill.medication, ()):
            if until <= at:
                continue
            if at + left <= begins:
                break
            if at < begins:
                yield at, Fraction(begins)
                left -= begins - at
            at = Fraction(until)
        yield at, at + left
        ends[fill.medication] = at + left


def _by_day(fills: Iterable[Fill]) -> list[Fill]:
    """The fills by day, those of one day as given. Raises ValueError where a number makes no sense."""
    ordered = sorted(fills, key=attrgetter("on"))
    for fill in ordered:
        if fill.days < 0:
            raise ValueError(f"the supply of {fill.on} would last {fill.days} days")
        if fill.dose is not None and fill.dose <= 0:
            raise ValueError(f"the dose of {fill.on} would be {fill.dose}")
    return ordered


def _share(numerator: Fraction, denominator: Fraction | int) -> Fraction | None:
    return Fraction(numerator, denominator) if denominator > 0 else None


def _from_first_to_last(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA1."""
    inside = followed.between(since, until).fills
    if not inside:
        return None
    return Parts(Fraction(sum(fill.days for _, fill in inside[:-1])), inside[-1][0] - inside[0][0])


def _from_first_to_end(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA2."""
    inside = followed.between(since, until).fills
    return Parts(Fraction(sum(fill.days for _, fill in inside)), until - inside[0][0]) if inside else None


def _from_first_to_last_capped(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA3."""
    found = _from_first_to_last(followed, since, until)
    # Two fills of one day lie no days apart: nothing is measured, however much was received.
    return found if found is None or found.of == 0 else found._replace(most=Fraction(1))


def _from_first_to_end_capped(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA4."""
    found = _from_first_to_end(followed, since, until)
    return None if found is None else found._replace(most=Fraction(1))


def _carried_to_last(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA5."""
    stretches = followed.between(since, until).stretches(until)[:-1]
    return _without_gaps(stretches, stretches[-1].ends - stretches[0].begins) if stretches else None


def _carried_to_end(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA6."""
    stretches = followed.between(since, until).stretches(until)
    return _without_gaps(stretches, until - stretches[0].begins) if stretches else None


def _without_gaps(stretches: Sequence[_Stretch], length: Fraction | int) -> Parts:
    return Parts(length - sum((each.gap for each in stretches), Fraction(0)), length)


def _carried_in(followed: _Followed, since: Fraction | int, until: Fraction | int) -> Parts | None:
    """CMA7."""
    stretches = followed.between(0, until).stretches(until)
    if not stretches:
        return None
    # Before the first fill there is nothing; a gap that began before the window counts from there on.
    without = max(Fraction(0), Fraction(stretches[0].begins - since))
    without += sum((min(each.gap, max(each.ends - since, 0)) for each in stretches), Fraction(0))
    return Parts(until - since - without, until - since)


def _after_supply(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA8."""
    stretches = followed.stretches(followed.days)
    runs_out = [each.begins + each.supply for each in stretches if each.begins < since]
    begins = max([Fraction(since), *runs_out])
    # What is left changes with the dose, so it may end within a day; AdhereR keeps the length of the window
    # whole, halves to even.
    return _carried_in(followed, begins, begins + max(0, round(until - begins)))


def _share_of_stretches(followed: _Followed, since: int, until: int) -> Parts | None:
    """CMA9."""
    if not followed.between(0, until).fills:
        return None
    total = Fraction(0)
    for each in followed.stretches(followed.days):
        length = each.ends - each.begins
        inside = max(0, min(each.ends, until) - max(each.begins, since))
        if inside:
            total += inside * (1 - each.gap / length)
    return Parts(total, until - since)


_MEASURES = {
    1: _from_first_to_last,
    2: _from_first_to_end,
    3: _from_first_to_last_capped,
    4: _from_first_to_end_capped,
    5: _carried_to_last,
    6: _carried_to_end,
    7: _carried_in,
    8: _after_supply,
    9: _share_of_stretches,
}
