"""What two devices wrote down apart that cannot both be meant, and what settles it.

Nothing is dropped in a merge, so it stands twice until a person decides: a dose of one planned time, a
medication under one name, a plan at the same times.
"""

from __future__ import annotations

from medtrack.domain.merging import Conflict
from medtrack.store import apart

from .chart import Chart
from .dose_conflicts import dose_conflicts
from .plan_conflicts import plan_conflicts


def conflicts(chart: Chart) -> list[Conflict]:
    """Everything that stands twice since records were merged; nothing in one that never was."""
    known = apart.knowledge(chart.record)
    if not known.has_merges:
        return []
    return [*dose_conflicts(chart, known), *plan_conflicts(chart, known)]
