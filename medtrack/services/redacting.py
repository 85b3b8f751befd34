"""A chart of a record without what tells whose it is: every page made of it can be shared."""

from __future__ import annotations

from medtrack.domain.measures import KINDS
from medtrack.domain.protocols import Protocol
from medtrack.domain.redaction import Redaction
from medtrack.domain.safety.pack import Pack
from medtrack.store.redaction import redacted as redacted_record
from medtrack.store.together import team

from .assessing import country_of
from .chart import Chart
from .outcomes import Reference


def redacted(chart: Chart, pack: Pack, known: Reference, shipped: Protocol) -> tuple[Chart, Redaction]:
    """The chart of a redacted copy, and what was taken out. Raises RecordDamaged."""
    redaction = Redaction(pack, country_of(chart), team(chart.record), {*KINDS, *known.instruments}, shipped)
    record = redacted_record(chart.record, redaction.told)
    return Chart(record, chart.moment._replace(who="")), redaction
