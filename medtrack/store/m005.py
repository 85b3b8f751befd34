"""Format 5 of a record: how sure an allergy is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import steps

if TYPE_CHECKING:
    import sqlite_utils


@steps()
def m005_certainty(db: sqlite_utils.Database) -> None:
    """Whether an allergy was confirmed, is suspected, or was ruled out."""
    db.execute(
        "alter table allergy add column certainty text"
        " check (certainty in ('confirmed', 'suspected', 'ruled-out'))"
    )
