"""What is said when a dose is written down: nearly for nothing, since it was worked out before.

The findings about the regimen are derived rows beside the facts. They are worked out anew by the first
dose after a medication, a plan, an allergy or an answer of the pharmacist changed; every other dose reads
them. Only what is major or worse speaks, until somebody was asked about it. Where a medicine that is taken
as needed has a part in it, its doses are told and not those of the others: it is the dose that makes it
happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from medtrack.domain.amounts import Amount, show_amount
from medtrack.domain.matching import Dose
from medtrack.domain.person import Watch
from medtrack.domain.regimen import Medication
from medtrack.store import doses as dose_rows
from medtrack.store import watches as rows

from .chart import Chart

if TYPE_CHECKING:
    from medtrack.domain.safety.pack import Pack


class Watching:
    """The derived rows of one record, read or worked out on first use."""

    def __init__(self, pack: Callable[[], Pack]) -> None:
        self.pack = pack
        """Reads the knowledge pack; called only where the rows have to be worked out."""
        self._rows: list[Watch] | None = None
        self._is_new = False

    def sentences(self, chart: Chart, medication: Medication, dose: Dose) -> list[str]:
        """What to say about a dose that is about to be written down."""
        if self._rows is None:
            self._rows = rows.watches(chart.record)
        if self._rows is None:
            from .foreseeing import foresee

            self._rows, self._is_new = foresee(chart, self.pack()), True
        said = []
        for each in self._rows:
            if each.medication_id != medication.id or (each.until is not None and each.until <= chart.now):
                continue
            if each.most is None:
                said.append(each.sentence)
            else:
                said += _over(chart, self._rows, each, medication, dose)
        return said

    def keep(self, chart: Chart) -> None:
        """Write down the rows that had to be worked out; inside an action."""
        if self._is_new and self._rows is not None:
            rows.keep_watches(chart.record, self._rows)
            self._is_new = False


def _over(
    chart: Chart, watches: Iterable[Watch], limit: Watch, medication: Medication, dose: Dose
) -> list[str]:
    """That the doses of a rolling period, over all medicines with the ingredient, are over its limit."""
    if limit.most is None or limit.hours is None or limit.ingredient is None:
        return []
    period = timedelta(hours=limit.hours)
    taken = [(dose.taken_at, _mass(limit, dose.amount))]
    for each in watches:
        if (each.ingredient, each.hours) == (limit.ingredient, limit.hours):
            near = dose_rows.doses_about(
                chart.record, each.medication_id, dose.taken_at - period, dose.taken_at + period
            )
            taken += [
                (other.taken_at, _mass(each, other.amount)) for other in near if other.status == "taken"
            ]
    ends = [at for at, _ in taken if dose.taken_at <= at < dose.taken_at + period]
    total = max(sum((mass for at, mass in taken if end - period < at <= end), Fraction(0)) for end in ends)
    if total <= limit.most:
        return []
    said = show_amount(Amount(total, "mg"))
    return [
        f"{medication.name}: that makes {said} of {limit.ingredient} in {limit.hours} hours, over all"
        f" medicines that hold it. {limit.sentence}"
    ]


def _mass(watch: Watch, amount: Amount | None) -> Fraction:
    """The milligrams in a dose; nothing where it is in another unit than was counted with."""
    if amount is None or watch.milligrams is None or amount.unit != watch.unit:
        return Fraction(0)
    return amount.value * watch.milligrams
