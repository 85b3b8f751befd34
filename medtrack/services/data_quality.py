"""What a reader must know of how counts of doses came about: late, corrected, held, still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from medtrack.domain.adherence import day_of
from medtrack.domain.regimen import Medication
from medtrack.domain.report import Row
from medtrack.domain.shares import percent
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_number_of

from .chart import Chart
from .held_doses import counted_lines


def say_quality(
    chart: Chart, rows: Sequence[Row], corrected: Sequence[Row], amended: int, last: date
) -> list[str]:
    """What a reader must know of how the numbers came about, each as a sentence."""
    lines = []
    each = [row for row in rows if row["medication"] != "all"]
    taken, doses = sum(row["taken"] for row in each), sum(row["doses"] for row in each)
    late = sum(row["late_entries"] for row in each)
    if other := _of_which(each, "other_amount"):
        lines.append(f"Taken in another amount than planned: {other[0]} of {taken:,} ({other[1]}).")
    if late:
        share = percent(Fraction(late, doses))
        lines.append(
            f"Written down more than 24 hours later: {late:,} of {say_number_of(doses, 'dose')} = {share}."
        )
    lines += [_say_correction(chart, row) for row in corrected]
    if amended:
        were = "was" if amended == 1 else "were"
        lines.append(
            f"Of the doses written down, {amended:,} in this span {were} corrected or voided afterwards."
        )
    if each:
        begins = chart.day_begins(min(row["since"] for row in each))
        ends = chart.day_begins(last + timedelta(1))
        lines += counted_lines(chart, named_in(chart, each), begins, ends)
    if last >= day_of(chart.local(chart.now), chart.day_starts):
        lines.append(f"Counted up to {chart.say(chart.now)}; doses still open today are not in it.")
    if ahead := _of_which(each, "doses_open"):
        lines.append(
            f"Taken already, and counted once the time for it is over: {say_number_of(ahead[0], 'dose')}"
            f" ({ahead[1]})."
        )
    return lines


def named_in(chart: Chart, rows: Sequence[Row]) -> list[Medication]:
    """The medications that rows are about."""
    named = {row["medication"] for row in rows}
    return [each for each in chart.medications if each.name in named]


def _say_correction(chart: Chart, row: Row) -> str:
    of = row["medication"] or "the time zone"
    why = f" ({row['reason']})" if row["reason"] else ""
    when = say_local(chart.shown(row["at"]))
    what = f"{of} {row['what']} from {when}{why}"
    return f"Corrected after the fact: {what}, written down {chart.say(row['recorded_at'])}."


def _of_which(rows: Sequence[Row], key: str) -> tuple[int, str] | None:
    """A count over all rows and of which medications it is: (3, 'metformin 2, sertraline 1')."""
    found: dict[str, int] = {}
    for row in rows:
        if row[key]:
            found[row["medication"]] = found.get(row["medication"], 0) + row[key]
    return (sum(found.values()), ", ".join(f"{name} {n}" for name, n in found.items())) if found else None
