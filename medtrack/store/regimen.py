"""Medications, plans and holds: statements to domain values and back."""

from __future__ import annotations

import sqlite3
from datetime import date, time
from fractions import Fraction

from medtrack.domain.amounts import Amount, exact
from medtrack.domain.chain import Value
from medtrack.domain.regimen import AsNeeded, Bound, Clock, Days, Hold, Interval, Medication, Plan, PlanEnd
from medtrack.domain.zones import Zones, begin_of

from .record import Record, Writing, check_seal
from .rows import amount_of, bound_of, bound_text, length_of, number_text, seconds_of

_STANDING = "uid not in (select voided.uid from voided)"
ABOUT_MEDICATION = ("dose", "plan", "hold", "note", "supply", "rule", "snooze", "advice")
"""Every kind of fact that is about a medication."""
_IS_SPOKEN_OF = " or ".join(
    f"exists (select 1 from {kind} where medication_id = medication.id and {kind}.{_STANDING})"
    for kind in ABOUT_MEDICATION
)
_MEDICATION = ("name", "strength", "form", "route", "code", "reason")
_PLAN = (
    "medication_id", "kind", "amount", "amount_high", "unit", "times", "every_days", "every_weeks",
    "weekdays", "cycle", "counted_from", "month_days", "year_day", "rrule", "interval_seconds",
    "from_last_dose",
    "as_needed_for", "max_amount", "max_unit", "max_period_seconds", "min_gap_seconds", "starts", "until",
    "for_days", "count", "window_seconds", "time_critical", "pinned_zone", "advice", "decided_by", "reason",
)  # fmt: skip
_HOLD = ("medication_id", "since", "until", "unrecorded", "reason", "decided_by")
_SEALED = {"plan": _PLAN, "hold": _HOLD}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def medications(record: Record) -> list[Medication]:
    """Every medication that stands, by name, seals checked.

    One that was taken back stands all the same where something about it does: another device, which did not
    know, went on with it, and what was taken of it was taken.
    """
    record.check("medication", "voided")
    found = record.rows(
        f"select * from medication where {_STANDING} or {_IS_SPOKEN_OF} order by name collate nocase, id"
    )
    for row in found:
        check_seal(record, "medication", row, _MEDICATION)
    return [Medication(row["id"], row["uid"], *(row[name] for name in _MEDICATION)) for row in found]


def add_medication(work: Writing, medication: Medication) -> Medication:
    """Append a medication; gives it back with its local id and uid."""
    fields = {name: getattr(medication, name) for name in _MEDICATION}
    added = work.add("medication", fields)
    row = work.record.row("select uid from medication where id = ?", (added,))
    return medication._replace(id=added, uid=row["uid"] if row else "")


def plans(record: Record, zones: Zones) -> list[Plan]:
    """The plans that stand, by medication and start, seals checked; each with where it was cut short."""
    found = _begun(record, "plan")
    ends = _first_ends(_ends(record, "plan"), "plan_id", zones)
    listed = [_plan(row, ends.get(row["id"])) for row in found]
    return sorted(listed, key=lambda plan: (plan.medication_id, begin_of(plan.starts, zones), plan.uid))


def check_regimen(record: Record) -> None:
    """Check the seals of every plan and hold, and of what ended them; raises RecordDamaged."""
    _begun(record, "plan")
    _ends(record, "plan")
    _begun(record, "hold")
    _ends(record, "hold")


def _begun(record: Record, kind: str) -> list[sqlite3.Row]:
    """The plans or holds that stand, in the order they were written down, seals checked."""
    record.check(kind, f"{kind}_end", "voided")
    found = record.rows(f"select * from {kind} where {_STANDING} order by id")
    for row in found:
        check_seal(record, kind, row, _SEALED[kind])
    return found


def _ends(record: Record, kind: str) -> list[sqlite3.Row]:
    """What ended plans or holds, in the order it was written down, seals checked."""
    found = record.rows(
        f"select ending.*, ended.uid as ended_uid from {kind}_end as ending"
        f" left join {kind} as ended on ended.id = ending.{kind}_id"
        f" where ending.{_STANDING} order by ending.id"
    )
    names = (f"{kind}_id", "ends", "reason", "decided_by")
    for row in found:
        check_seal(record, f"{kind}_end", row, names, {f"{kind}_id": row["ended_uid"]})
    return found


def _first_ends(rows: list[sqlite3.Row], column: str, zones: Zones) -> dict[int, Bound]:
    """Where each plan or hold was cut short: the earliest counts."""
    ends: dict[int, Bound] = {}
    for row in rows:
        ended = bound_of(row["ends"])
        known = ends.get(row[column])
        if known is None or begin_of(ended, zones) < begin_of(known, zones):
            ends[row[column]] = ended
    return ends


def _plan(row: sqlite3.Row, ended: Bound | None) -> Plan:
    return Plan(
        id=row["id"],
        uid=row["uid"],
        medication_id=row["medication_id"],
        amount=Amount(Fraction(row["amount"]), row["unit"]),
        timing=_timing(row),
        starts=bound_of(row["starts"]),
        until=bound_of(row["until"]) if row["until"] else None,
        for_days=row["for_days"],
        count=row["count"],
        ended=ended,
        amount_high=Fraction(row["amount_high"]) if row["amount_high"] else None,
        window=length_of(row["window_seconds"]),
        time_critical=bool(row["time_critical"]),
        pinned_zone=row["pinned_zone"],
        advice=row["advice"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )


def _timing(row: sqlite3.Row) -> Clock | Interval | AsNeeded:
    if row["kind"] == "interval":
        every = length_of(row["interval_seconds"])
        if every is None:
            raise ValueError("an interval plan without an interval")
        return Interval(every, bool(row["from_last_dose"]))
    if row["kind"] == "as-needed":
        return AsNeeded(
            row["as_needed_for"],
            amount_of(row["max_amount"], row["max_unit"]),
            length_of(row["max_period_seconds"]),
            length_of(row["min_gap_seconds"]),
        )
    days = Days(
        every=row["every_days"] or 1,
        weeks=row["every_weeks"] or 1,
        weekdays=tuple(_WEEKDAYS.index(name) for name in (row["weekdays"] or "").split(",") if name),
        cycle=_pair(row["cycle"], "/"),
        counted_from=date.fromisoformat(row["counted_from"]) if row["counted_from"] else None,
        month_days=tuple(int(day) for day in (row["month_days"] or "").split(",") if day),
        year_day=_pair(row["year_day"], "-"),
        rrule=row["rrule"],
    )
    return Clock(tuple(time.fromisoformat(text) for text in row["times"].split(",")), days)


def _pair(text: str | None, mark: str) -> tuple[int, int] | None:
    if text is None:
        return None
    first, second = text.split(mark)
    return int(first), int(second)


def add_plan(work: Writing, plan: Plan, medication: Medication) -> int:
    """Append a plan of a medication; gives its local id."""
    fields: dict[str, Value] = {
        "medication_id": medication.id,
        "amount": exact(plan.amount.value),
        "amount_high": number_text(plan.amount_high),
        "unit": plan.amount.unit,
        **_timing_fields(plan.timing),
        "starts": bound_text(plan.starts),
        "until": None if plan.until is None else bound_text(plan.until),
        "for_days": plan.for_days,
        "count": plan.count,
        "window_seconds": seconds_of(plan.window),
        "time_critical": int(plan.time_critical),
        "pinned_zone": plan.pinned_zone,
        "advice": plan.advice,
        "decided_by": plan.decided_by,
        "reason": plan.reason,
    }
    return work.add("plan", fields, {"medication_id": medication.uid})


def _timing_fields(timing: Clock | Interval | AsNeeded) -> dict[str, Value]:
    if isinstance(timing, Interval):
        return {
            "kind": "interval",
            "interval_seconds": seconds_of(timing.every),
            "from_last_dose": int(timing.from_last_dose),
        }
    if isinstance(timing, AsNeeded):
        limit = timing.max_amount
        return {
            "kind": "as-needed",
            "as_needed_for": timing.reason,
            "max_amount": None if limit is None else exact(limit.value),
            "max_unit": None if limit is None else limit.unit,
            "max_period_seconds": seconds_of(timing.max_period),
            "min_gap_seconds": seconds_of(timing.min_gap),
        }
    days = timing.days
    return {
        "kind": "clock",
        "times": ",".join(
            clock_time.isoformat("auto")[:8].removesuffix(":00") for clock_time in timing.times
        ),
        "every_days": days.every if days.every > 1 else None,
        "every_weeks": days.weeks if days.weeks > 1 else None,
        "weekdays": ",".join(_WEEKDAYS[day] for day in days.weekdays) or None,
        "cycle": None if days.cycle is None else f"{days.cycle[0]}/{days.cycle[1]}",
        "counted_from": None if days.counted_from is None else days.counted_from.isoformat(),
        "month_days": ",".join(str(day) for day in days.month_days) or None,
        "year_day": None if days.year_day is None else f"{days.year_day[0]:02}-{days.year_day[1]:02}",
        "rrule": days.rrule,
    }


def end_plan(work: Writing, plan: Plan, ends: Bound, reason: str | None, decided_by: str | None) -> None:
    """Append the fact that a plan was cut short from `ends` on."""
    work.add(
        "plan_end",
        {"plan_id": plan.id, "ends": bound_text(ends), "reason": reason, "decided_by": decided_by},
        {"plan_id": plan.uid},
    )


def plan_ends(record: Record, medication_id: int) -> list[PlanEnd]:
    """What cut the plans of a medication short, in the order it was written down."""
    record.check("plan", "plan_end", "voided")
    own = {row["id"] for row in record.rows("select id, medication_id from plan") if row[1] == medication_id}
    return [
        PlanEnd(row["plan_id"], bound_of(row["ends"]), row["reason"], row["decided_by"])
        for row in _ends(record, "plan")
        if row["plan_id"] in own
    ]


def holds(record: Record, zones: Zones) -> list[Hold]:
    """The holds that stand, as written down, seals checked; each until it was resumed, if it was."""
    found = _begun(record, "hold")
    ends = _first_ends(_ends(record, "hold"), "hold_id", zones)
    return [
        Hold(
            row["id"],
            row["uid"],
            row["medication_id"],
            bound_of(row["since"]),
            ends.get(row["id"]) or (bound_of(row["until"]) if row["until"] else None),
            bool(row["unrecorded"]),
            row["reason"],
            row["decided_by"],
        )
        for row in found
    ]


def add_hold(work: Writing, hold: Hold, medication: Medication) -> int:
    """Append a hold of a medication; gives its local id."""
    return work.add(
        "hold",
        {
            "medication_id": medication.id,
            "since": bound_text(hold.since),
            "until": None if hold.until is None else bound_text(hold.until),
            "unrecorded": int(hold.unrecorded),
            "reason": hold.reason,
            "decided_by": hold.decided_by,
        },
        {"medication_id": medication.uid},
    )


def end_hold(work: Writing, hold: Hold, ends: Bound, reason: str | None, decided_by: str | None) -> None:
    """Append the fact that a hold ended: an instant, so that nobody reads it as a whole day."""
    work.add(
        "hold_end",
        {"hold_id": hold.id, "ends": bound_text(ends), "reason": reason, "decided_by": decided_by},
        {"hold_id": hold.uid},
    )
