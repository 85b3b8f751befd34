"""How much doses helped: ratings, to rows and back."""

from __future__ import annotations

from datetime import datetime

from medtrack.domain.matching import Dose
from medtrack.domain.regimen import Effect

from .record import Record, Writing, check_seal
from .rows import instant_of, instant_text

_FIELDS = ("dose_id", "score", "rated_at", "zone", "local_time")


def add_effect(work: Writing, effect: Effect, dose: Dose) -> int:
    """Append the rating of a dose; gives its local id."""
    return work.add(
        "effect",
        {
            "dose_id": dose.id,
            "score": effect.score,
            "rated_at": instant_text(effect.rated_at),
            "zone": effect.zone,
            "local_time": effect.local.isoformat(timespec="seconds"),
        },
        {"dose_id": dose.uid},
    )


def effects(record: Record, since: datetime, until: datetime) -> dict[int, Effect]:
    """The last rating of each rated dose taken in `[since, until)`, by its local id, seals checked."""
    record.check("effect", "voided")
    rows = record.rows(
        "select effect.*, dose.uid as dose_uid from effect join dose on dose.id = dose_id"
        " where effect.uid not in (select voided.uid from voided) and taken_at >= ? and taken_at < ?"
        " order by effect.id",
        (instant_text(since), instant_text(until)),
    )
    found: dict[int, Effect] = {}
    for row in rows:
        check_seal(record, "effect", row, _FIELDS, {"dose_id": row["dose_uid"]})
        local = datetime.fromisoformat(row["local_time"])
        found[row["dose_id"]] = Effect(row["score"], instant_of(row["rated_at"]), row["zone"], local)
    return found
