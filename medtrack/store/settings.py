"""Settings and the person's zones: facts like any other, the latest that stands wins."""

from __future__ import annotations

from datetime import UTC, datetime

from medtrack.domain.zones import Zones
from medtrack.errors import RecordDamaged

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_STANDING = "uid not in (select voided.uid from voided)"
_EVER = datetime(1900, 1, 1, tzinfo=UTC)
"""Before any dose: since when the person's first zone holds."""


def settings(record: Record) -> dict[str, str]:
    """Every setting that was made, by key."""
    record.check("setting", "voided")
    # By uid, not by id: what is the latest is the same wherever records are merged.
    found = record.rows(f"select * from setting where {_STANDING} order by uid")
    for row in found:
        check_seal(record, "setting", row, ("key", "value"))
    return {row["key"]: row["value"] for row in found}


def add_setting(work: Writing, key: str, value: str) -> None:
    """Append a setting."""
    work.add("setting", {"key": key, "value": value})


def zones(record: Record) -> Zones:
    """The person's dated zone timeline. Raises RecordDamaged where a record has none."""
    record.check("zone_change", "voided")
    found = record.rows(f"select * from zone_change where {_STANDING} order by uid")
    for row in found:
        check_seal(record, "zone_change", row, ("from_at", "zone"))
    # Of records that were begun apart and merged, the one begun first says where the person came from.
    first = [(_EVER, row["zone"]) for row in found if not row["from_at"]][:1]
    if not first:
        raise RecordDamaged(path=record.path, why="it names no time zone")
    dated = [(instant_of(row["from_at"]), row["zone"]) for row in found if row["from_at"]]
    return Zones((*first, *sorted(dated, key=lambda change: change[0])))


def add_zone(work: Writing, zone: str, from_at: datetime | None) -> None:
    """Append a zone the person lives in from an instant on, or has always lived in."""
    work.add("zone_change", {"from_at": None if from_at is None else instant_text(from_at), "zone": zone})
