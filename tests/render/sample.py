"""The dose that the tables of these tests show."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from medtrack.domain.amounts import Amount
from medtrack.domain.report import Column

COLUMNS = [
    Column("id", "Id", right=True),
    Column("uid"),
    Column("medication", "Medication"),
    Column("taken_at", "Taken"),
    Column("amount", "Amount"),
    Column("note", "Note"),
]
ROW = {
    "id": 9,
    "uid": "hidden",
    "medication": "metformin",
    "taken_at": datetime(2026, 3, 10, 8, tzinfo=UTC),
    "amount": Amount(Fraction(1, 2), "tablet"),
    "note": None,
}
