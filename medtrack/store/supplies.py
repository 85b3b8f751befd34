"""Supply received and counted: statements to domain values and back."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from medtrack.domain.amounts import Amount, exact
from medtrack.domain.regimen import Medication
from medtrack.domain.stock import Supply

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_FIELDS = (
    "medication_id",
    "kind",
    "amount",
    "unit",
    "occurred_at",
    "zone",
    "local_time",
    "note",
    "expires_on",
)


def add_supply(work: Writing, supply: Supply, medication: Medication) -> int:
    """Append supply received or counted; gives its local id."""
    return work.add(
        "supply",
        {
            "medication_id": medication.id,
            "kind": supply.kind,
            "amount": exact(supply.amount.value),
            "unit": supply.amount.unit,
            "occurred_at": instant_text(supply.occurred_at),
            "zone": supply.zone,
            "local_time": supply.local.isoformat(timespec="seconds"),
            "note": supply.note,
            "expires_on": None if supply.expires_on is None else supply.expires_on.isoformat(),
        },
        {"medication_id": medication.uid},
    )


def supplies(record: Record) -> dict[int, list[Supply]]:
    """Everything that was received or counted, by medication and time, seals checked."""
    record.check("supply", "voided")
    found: dict[int, list[Supply]] = {}
    for row in record.rows(
        "select * from supply where uid not in (select voided.uid from voided) order by occurred_at, id"
    ):
        check_seal(record, "supply", row, _FIELDS, {"medication_id": record.uid_of(row["medication_id"])})
        found.setdefault(row["medication_id"], []).append(
            Supply(
                row["id"],
                row["medication_id"],
                row["kind"],
                Amount(Fraction(row["amount"]), row["unit"]),
                instant_of(row["occurred_at"]),
                row["zone"],
                datetime.fromisoformat(row["local_time"]),
                row["note"],
                None if row["expires_on"] is None else date.fromisoformat(row["expires_on"]),
            )
        )
    return found
