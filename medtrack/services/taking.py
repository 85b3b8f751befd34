"""Writing down a dose taken or skipped: which slot it fills, what it breaks, and never the same one twice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from medtrack.domain.amounts import show_amount
from medtrack.domain.limits import (
    broken_limits,
    in_unit_of,
    in_units_of,
    over_each,
    reach_of,
    unchecked_limit,
)
from medtrack.domain.matching import Dose, Match, hold_over, is_as_needed, order_of, state_of
from medtrack.domain.names import LONGEST_NOTE, read_given
from medtrack.domain.regimen import AsNeeded, Medication, Plan
from medtrack.domain.report import Report
from medtrack.domain.slots import plan_span
from medtrack.domain.when import read_past, read_time, say_local
from medtrack.domain.wording import say_list
from medtrack.errors import (
    AlreadyTaken,
    DoseAgain,
    NothingDue,
    NotSettled,
    ReasonNeeded,
    Stopped,
    UsageRefused,
)
from medtrack.store import doses as dose_rows
from medtrack.store.actions import action_of_key
from medtrack.store.record import Writing

from .chart import Chart, Course
from .opening import Wanted, left_open, open_slots
from .placing import amount_of, check_not_ahead, covers, medications_named, plan_of, target_of
from .receipts import Outcome, already_lines, dose_receipt
from .watching import Watching

CERTAINTIES = ("exact", "about", "reconstructed", "told")
MOMENTARY = timedelta(minutes=1)
"""Two as-needed doses closer than this are one dose written down twice, unless the person says otherwise."""
AROUND = timedelta(days=2)
"""How far around a dose its slot is looked for, beyond the reach of the plans themselves."""
Confirm = Callable[[str], bool]
"""Asks a question on a terminal."""


class Wish(NamedTuple):
    """What the person typed about one dose, as text."""

    amount: str | None = None
    at: str = "now"
    for_slot: str | None = None
    by: str | None = None
    certainty: str = "exact"
    note: str | None = None


class Entry(NamedTuple):
    """One dose about to be written down, and what is known about its place."""

    medication: Medication
    dose: Dose
    target: Match | None
    """The slot whose catchment holds it, or that it was logged for."""
    course: Course
    warnings: list[str]
    """What the person must know about it; it is written down all the same."""


def take(
    chart: Chart,
    typed: Sequence[str],
    wish: Wish,
    *,
    all_due: bool = False,
    again: bool = False,
    key: str | None = None,
    confirm: Confirm | None = None,
    watching: Watching | None = None,
) -> Report:
    """Write down doses taken, one action for all of them.

    A dose for a slot that is filled already is not written down again without `again`; one over a limit
    is, with a warning. The report's meta holds `recorded` and `warnings`. `confirm` is None where there
    is nobody to ask. Raises MedicationNotFound, MedicationAmbiguous, BadTime, TimeAhead, BadAmount,
    NotSettled, NothingDue, DoseAgain, Stopped.
    """
    if wish.certainty not in CERTAINTIES:
        raise UsageRefused(what=f"--certainty is one of {say_list(CERTAINTIES)}.")
    key = read_given(key, "key", LONGEST_NOTE)
    wanted = _due(chart, typed) if all_due else _named(chart, typed)
    remarks = [*_remarks(wish), *(left_open(chart) if all_due else ())]
    if confirm is not None:
        again = _confirm_all(chart, wanted, wish, again, confirm, watching)
    with chart.writing("take", key) as work:
        known = _under_key(chart, key, wanted)
        if known is not None:
            return dose_receipt(chart, known, key=key)
        outcomes, warnings = [], []
        for medication, named in wanted:
            entry = _entry(chart, medication, wish, "taken", named)
            remarks += _at_once(entry)
            outcome = None if again else _already(chart, entry)
            if outcome is None:
                warnings += _watched(chart, entry, watching)
                outcome = _write(chart, work, entry)
                warnings += entry.warnings
            outcomes.append(outcome)
        if watching is not None:
            watching.keep(chart)
        work.summary = _summary(chart, "took", outcomes)
    return dose_receipt(chart, outcomes, warnings, remarks=remarks)


def skip(
    chart: Chart, typed: Sequence[str], wish: Wish, *, reason: str | None, key: str | None = None
) -> Report:
    """Write down that doses were deliberately not taken, with the reason.

    Raises ReasonNeeded, AlreadyTaken, NotSettled, and what `take` raises.
    """
    if reason is None or not reason.strip():
        raise ReasonNeeded(what="A skipped dose")
    wish, key = wish._replace(note=reason), read_given(key, "key", LONGEST_NOTE)
    wanted = _named(chart, typed)
    with chart.writing("skip", key) as work:
        known = _under_key(chart, key, wanted)
        if known is not None:
            return dose_receipt(chart, known, key=key)
        outcomes = []
        for medication, _ in wanted:
            entry = _entry(chart, medication, wish, "skipped", None)
            if entry.target is None:
                raise NotSettled(
                    what=f"{medication.name} has no dose planned then, so there is none to skip."
                    " 'medtrack schedule' lists what is planned."
                )
            filled = entry.target.dose
            if filled is not None and filled.status == "taken":
                raise AlreadyTaken(
                    medication=medication.name,
                    slot=f"{entry.target.slot.local:%H:%M}",
                    local=say_local(filled.local),
                    dose=filled.id,
                )
            outcomes.append(_already(chart, entry) or _write(chart, work, entry))
        work.summary = _summary(chart, "skipped", outcomes)
    return dose_receipt(chart, outcomes)


def _named(chart: Chart, typed: Sequence[str]) -> list[Wanted]:
    if not typed:
        raise UsageRefused(what="Name the medication, or --all-due for everything that is due.")
    found = medications_named(chart, typed)
    if len({medication.id for medication in found}) < len(found):
        raise UsageRefused(what="The same medication is named twice; one dose is one command.")
    return [(medication, None) for medication in found]


def _due(chart: Chart, typed: Sequence[str]) -> list[Wanted]:
    if typed:
        raise UsageRefused(what="--all-due takes everything that is due; name no medication beside it.")
    due = open_slots(chart)
    if not due:
        raise NothingDue
    return due


def _under_key(chart: Chart, key: str | None, wanted: Sequence[Wanted]) -> list[Outcome] | None:
    """What was recorded under an idempotency key before, or None.

    Raises UsageRefused where that was something else: a key used twice for two doses would lose one.
    """
    if key is None or action_of_key(chart.record, key) is None:
        return None
    by_id = {medication.id: medication for medication in chart.medications}
    outcomes = []
    doses = dose_rows.doses_of_key(chart.record, key)
    if {dose.medication_id for dose in doses} != {medication.id for medication, _ in wanted}:
        before = say_list([by_id[dose.medication_id].name for dose in doses]) or "something else"
        raise UsageRefused(what=f"The key {key!r} was used for {before} before: every dose needs its own.")
    for dose in doses:
        medication = by_id[dose.medication_id]
        course = chart.course(medication, dose.taken_at - AROUND, dose.taken_at + AROUND)
        filled = (each for each in course.matches if each.dose is not None and each.dose.uid == dose.uid)
        outcomes.append(_known(chart, medication, dose, next(filled, None)))
    return outcomes


def _entry(chart: Chart, medication: Medication, wish: Wish, status: str, named: datetime | None) -> Entry:
    taken_at = read_past(wish.at, now=chart.now, zone=chart.zone)
    if wish.for_slot is not None:
        named = read_time(wish.for_slot, now=chart.now, zone=chart.zone)
    around = named if named is not None else taken_at
    course = chart.course(medication, around - AROUND, around + AROUND)
    target = target_of(chart, course, taken_at, named)
    if named is not None and target is not None and status == "taken":
        check_not_ahead(chart, medication, target.slot, taken_at)
    plan = plan_of(chart, course, target, taken_at)
    dose = Dose(
        id=0,
        uid="",
        medication_id=medication.id,
        status=status,
        taken_at=taken_at,
        zone=chart.zones.at(taken_at).key or "UTC",
        local=chart.local(taken_at),
        amount=amount_of(wish.amount, medication, plan) if status == "taken" else None,
        for_slot=named,
        certainty=wish.certainty,
        given_by=read_given(wish.by, "name"),
        note=read_given(wish.note, "note", LONGEST_NOTE),
        recorded_at=chart.now,
    )
    return Entry(medication, dose, target, course, _warnings(chart, medication, dose, target, plan))


def _at_once(entry: Entry) -> list[str]:
    """A word about a dose that is more than its as-needed plan says to take each time."""
    plans = [plan for plan in entry.course.plans if isinstance(plan.timing, AsNeeded)]
    if entry.dose.amount is None or entry.target is not None or not plans:
        return []
    last = plans[-1]
    each = over_each(last.amount._replace(value=last.amount_high or last.amount.value), entry.dose.amount)
    return [] if each is None else [f"Mind: {each} each time. Ask your pharmacist."]


def _remarks(wish: Wish) -> list[str]:
    """A word about dangerous notation, where an amount was typed in other than plain digits."""
    if wish.amount is None or wish.amount.isdecimal():
        return []
    from medtrack.domain.reading import warn_of_amount

    return warn_of_amount(wish.amount)


def _warnings(
    chart: Chart, medication: Medication, dose: Dose, target: Match | None, plan: Plan | None
) -> list[str]:
    """Which limits of an as-needed plan this dose goes over."""
    if dose.amount is None or target is not None or plan is None or not isinstance(plan.timing, AsNeeded):
        return []
    reach = reach_of(plan.timing)
    near = dose_rows.doses_about(chart.record, medication.id, dose.taken_at - reach, dose.taken_at + reach)
    taken = in_units_of(plan.timing, [each for each in near if each.status == "taken"], medication.strength)
    amount = in_unit_of(plan.timing, dose.amount, medication.strength)
    return [
        f"{medication.name}: {broken}. Ask your pharmacist."
        for broken in broken_limits(plan.timing, amount, dose.taken_at, taken)
    ]


def _already(chart: Chart, entry: Entry) -> Outcome | None:
    """The dose that is there already, or None; raises DoseAgain for an as-needed one a moment ago."""
    target, dose = entry.target, entry.dose
    if target is not None:
        filled = target.dose
        if filled is None or (dose.status == "taken" and filled.status == "skipped"):
            return None
        return _known(chart, entry.medication, filled, target)
    if any(isinstance(plan.timing, AsNeeded) for plan in entry.course.plans):
        near, why = MOMENTARY, "less than a minute away"
    else:
        # Outside the plan nothing says how many doses are meant: two close together are one, typed twice.
        spacing = min((found.slot.nominal for found in entry.course.matches), default=timedelta(1))
        near, why = spacing / 2, "and no dose was planned since"
    matched = [found.dose for found in entry.course.matches if found.dose is not None]
    for other in (*entry.course.extras, *matched):
        if other.status == "taken" and abs(other.taken_at - dose.taken_at) < near:
            raise DoseAgain(medication=entry.medication.name, local=say_local(other.local), why=why)
    return None


def _watched(chart: Chart, entry: Entry, watching: Watching | None) -> list[str]:
    """What is known to be worth a word before this dose, but for the limits of its plan."""
    return [] if watching is None else watching.sentences(chart, entry.medication, entry.dose)


def _confirm_all(
    chart: Chart,
    wanted: Sequence[Wanted],
    wish: Wish,
    again: bool,
    confirm: Confirm,
    watching: Watching | None,
) -> bool:
    """Ask about everything worth asking before anything is locked; True where one more dose is meant."""
    for medication, named in wanted:
        entry = _entry(chart, medication, wish, "taken", named)
        question = None
        try:
            known = None if again else _already(chart, entry)
        except DoseAgain as refusal:
            question = str(refusal)
        else:
            if known is not None:
                question = " ".join(already_lines(chart, known))
        if question is not None:
            if not confirm(f"{question} Write down one more?"):
                raise Stopped
            again = True
        said = [*_watched(chart, entry, watching), *entry.warnings]
        if said and not confirm(" ".join(said) + " Write it down?"):
            raise Stopped
    return again


def _write(chart: Chart, work: Writing, entry: Entry) -> Outcome:
    number = dose_rows.add_dose(work, entry.dose, entry.medication)
    dose = dose_rows.find_dose(chart.record, str(number))
    if dose is None:
        raise LookupError(number)
    filled = entry.target.dose if entry.target is not None else None
    is_second = filled is not None and filled.status == dose.status
    # Of two doses of one slot the one that matching comes to first fills it; the other is an extra.
    displaced = filled if is_second and filled is not None and order_of(dose) < order_of(filled) else None
    slot = None if entry.target is None or (is_second and displaced is None) else entry.target.slot
    paused = hold_over(entry.course.holds, dose.taken_at if slot is None else slot.planned_at)
    in_force = [plan for plan in entry.course.plans if covers(plan_span(plan, chart.zones), dose.taken_at)]
    limits = [plan.timing for plan in in_force if isinstance(plan.timing, AsNeeded)] if slot is None else []
    return Outcome(
        entry.medication,
        True,
        dose,
        slot,
        next_at=_next(chart, entry.medication),
        paused=None if paused is None else paused.state,
        as_needed=slot is None and is_as_needed(entry.course.plans, chart.zones, dose.taken_at),
        unchecked=next(
            (
                unchecked_limit(each, in_unit_of(each, dose.amount, entry.medication.strength))
                for each in limits
                if dose.amount
            ),
            None,
        ),
        displaced=displaced,
    )


def _known(chart: Chart, medication: Medication, dose: Dose, target: Match | None) -> Outcome:
    return Outcome(
        medication,
        False,
        dose,
        None if target is None else target.slot,
        next_at=_next(chart, medication),
        recorded_by=dose_rows.who_recorded(chart.record, dose),
    )


def _next(chart: Chart, medication: Medication) -> datetime | None:
    """The next planned instant that nothing fills yet, after the newest that something does.

    An older one that is open still was passed over: called the next, it would be taken twice.
    """
    course = chart.current(medication)
    filled = max(
        (number for number, found in enumerate(course.matches) if found.dose is not None), default=-1
    )
    for found in course.matches[filled + 1 :]:
        if state_of(found, course.holds, chart.now) in ("due", "overdue", "upcoming"):
            return found.slot.planned_at
    from .planning import first_slot

    to_come = [first_slot(chart, plan) for plan in course.plans if chart.begin(plan.starts) > chart.now]
    return min((slot.planned_at for slot in to_come if slot is not None), default=None)


def _summary(chart: Chart, verb: str, outcomes: Sequence[Outcome]) -> str:
    """What was written down, as the history keeps it: which dose, how much, of when, and by whom."""
    said = []
    for outcome in outcomes:
        if outcome.recorded:
            dose = outcome.dose
            amount = "" if dose.amount is None else f" {show_amount(dose.amount)}"
            by = f", given by {dose.given_by}" if dose.given_by else ""
            about = "about " if dose.certainty == "about" else ""
            at = f"{about}{chart.dated(dose.taken_at)}"
            said.append(f"{outcome.medication.name}{amount}, {at}{by} (dose {dose.id})")
    return f"{verb} {'; '.join(said)}"
