"""What is said when a dose is written down: nearly for nothing, since it was worked out before.

The findings about the regimen are derived rows beside the facts. They are worked out anew by the first dose
after a medication, a plan, an allergy, a condition or an answer of the pharmacist changed; every other dose
reads them. Only what is major or worse speaks, until somebody was asked about it. Where a medicine that is
taken as needed has a part in it, its doses are told and not those of the others: it is the dose that makes
it happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.limits import largest_total
from medtrack.domain.matching import Dose, timing_of
from medtrack.domain.person import Watch
from medtrack.domain.regimen import Medication
from medtrack.domain.strengths import MILLIGRAMS, size_of
from medtrack.store import doses as dose_rows
from medtrack.store import watches as rows

from .chart import Chart

if TYPE_CHECKING:
    from medtrack.domain.safety.pack import Pack


class Watching:
    """The derived rows of one record, read or worked out on first use."""

    def __init__(self, pack: Callable[[], Pack], knowledge: str = "") -> None:
        self.pack = pack
        """Reads the knowledge pack; called only where the rows have to be worked out."""
        self.knowledge = knowledge
        """What changes with the data sets that the pack looks names up in."""
        self._rows: list[Watch] | None = None
        self._is_new = False

    def sentences(self, chart: Chart, medication: Medication, dose: Dose) -> list[str]:
        """What to say about a dose that is about to be written down."""
        about = [each for each in self._of(chart, medication) if each.most is None]
        said = [each.sentence for each in about if each.hours is None or self._is_near(chart, each, dose)]
        for use in self.uses(chart, medication, dose.amount, dose.taken_at):
            is_over = use.limit.is_told and use.total(dose.taken_at) > use.most
            if is_over and self._is_over_as_planned(chart, medication, dose, use.limit):
                said.append(f"{medication.name}: {use.say(dose.taken_at)}")
        return said

    def _is_near(self, chart: Chart, told: Watch, dose: Dose) -> bool:
        """Whether a medicine that holds the same was taken within the hours of a watch without an amount."""
        period = timedelta(hours=told.hours or 0)
        return any(
            other.status == "taken" and abs(other.taken_at - dose.taken_at) < period
            for each in self._rows or ()
            if (each.ingredient, each.hours, each.most) == (told.ingredient, told.hours, None)
            for other in dose_rows.doses_about(
                chart.record, each.medication_id, dose.taken_at - period, dose.taken_at + period
            )
        )

    def _is_over_as_planned(self, chart: Chart, medication: Medication, dose: Dose, limit: Watch) -> bool:
        """Whether a limit is passed also where doses on time count when they were planned, by the clock.

        Two a day that are planned twelve hours apart are no third one in a day for being taken an hour early.
        """
        period = timedelta(hours=limit.hours or 0)
        clocks: dict[str, datetime] = {}
        new = dose.local.replace(tzinfo=UTC)
        holding = {each.medication_id for each in self._rows or () if each.ingredient == limit.ingredient}
        for number in holding:
            about = next(each for each in chart.medications if each.id == number)
            course = chart.course(about, dose.taken_at - 2 * period, dose.taken_at + 2 * period)
            for found in course.matches:
                slot, filled = found.slot, found.dose
                planned = slot.local.replace(tzinfo=UTC)
                if filled is not None and timing_of(slot, filled) == "on time":
                    clocks[filled.uid] = planned
                elif filled is None and number == medication.id and timing_of(slot, dose) == "on time":
                    new = planned
        use = _use(
            chart,
            self._rows or (),
            limit,
            dose.amount,
            dose.taken_at,
            lambda each: clocks.get(each.uid) or each.local.replace(tzinfo=UTC),
        )
        return use.total(new) > use.most

    def uses(
        self, chart: Chart, medication: Medication, amount: Amount | None, at: datetime
    ) -> list[IngredientUse]:
        """How much of each limited ingredient of a medication was taken around an instant, over all."""
        return [
            _use(chart, self._rows or (), each, amount, at)
            for each in self._of(chart, medication)
            if each.most is not None
        ]

    def _of(self, chart: Chart, medication: Medication) -> list[Watch]:
        """What is to be told of a medication now."""
        if self._rows is None:
            self._rows = rows.watches(chart.record, self.knowledge)
        if self._rows is None:
            from .foreseeing import foresee

            self._rows, self._is_new = foresee(chart, self.pack()), True
        return [
            each
            for each in self._rows
            if each.medication_id == medication.id and (each.until is None or each.until > chart.now)
        ]

    def keep(self, chart: Chart) -> None:
        """Write down the rows that had to be worked out; inside an action."""
        if self._is_new and self._rows is not None:
            rows.keep_watches(chart.record, self._rows, self.knowledge)
            self._is_new = False


class IngredientUse(NamedTuple):
    """One limited ingredient of a medication, and what was taken of it over all medicines that hold it."""

    limit: Watch
    mass: Fraction
    """Milligrams in the dose that is asked about."""
    taken: list[tuple[datetime, Fraction]]
    """When, and how many milligrams."""
    not_counted: list[int]
    """The medications, by local id, of which a dose could not be added up: the total may be more."""

    @property
    def period(self) -> timedelta:
        """The rolling period of the limit."""
        return timedelta(hours=self.limit.hours or 0)

    @property
    def most(self) -> Fraction:
        """The milligrams that the limit allows in it."""
        return self.limit.most or Fraction(0)

    def total(self, at: datetime) -> Fraction:
        """The most milligrams in any rolling period that holds the dose, were it taken at an instant."""
        return largest_total(self.taken, self.mass, at, self.period)

    def say(self, at: datetime) -> str:
        """That the dose at an instant is over the limit, with the limit and whose it is."""
        total = show_amount(Amount(self.total(at), "mg"))
        return (
            f"that makes {total} of {self.limit.ingredient} in {self.limit.hours} hours, over all medicines"
            f" that hold it. {self.limit.sentence}"
        )


def _use(
    chart: Chart,
    watches: Iterable[Watch],
    limit: Watch,
    amount: Amount | None,
    at: datetime,
    when: Callable[[Dose], datetime] = attrgetter("taken_at"),
) -> IngredientUse:
    period = timedelta(hours=limit.hours or 0)
    taken: list[tuple[datetime, Fraction]] = []
    not_counted: list[int] = []
    for each in watches:
        if (each.ingredient, each.hours) == (limit.ingredient, limit.hours):
            near = dose_rows.doses_about(chart.record, each.medication_id, at - period, at + period)
            masses = [(when(dose), _mass(each, dose.amount)) for dose in near if dose.status == "taken"]
            taken += [(then, mass) for then, mass in masses if mass is not None]
            if None in [mass for _, mass in masses]:
                not_counted.append(each.medication_id)
    mass = _mass(limit, amount)
    if mass is None and amount is not None and (taken or not_counted):
        not_counted.append(limit.medication_id)
    return IngredientUse(limit, mass or Fraction(0), taken, list(dict.fromkeys(not_counted)))


def _mass(watch: Watch, amount: Amount | None) -> Fraction | None:
    """The milligrams of the ingredient in a dose; None where that cannot be told."""
    if amount is None:
        return None
    if watch.is_alone and amount.unit in MILLIGRAMS:
        return size_of(amount)
    if watch.milligrams is None or amount.unit != watch.unit:
        return None
    return amount.value * watch.milligrams
