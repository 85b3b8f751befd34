"""Making plans: from a prescription as written, from flags, and what a change does to the plan before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from medtrack.domain.amounts import Amount, read_amount
from medtrack.domain.candidates import in_rhythm
from medtrack.domain.names import read_given, read_text
from medtrack.domain.reading import Habits, Part, Reading, plain_words, read_prescription, warn_of_amount
from medtrack.domain.regimen import AsNeeded, Bound, Clock, Interval, Medication, Plan, Timing
from medtrack.domain.slots import Slot, plan_span, reach, real_span, slots_of
from medtrack.domain.timing_flags import TimingFlags, read_timing
from medtrack.domain.when import read_bound, read_clocks, read_duration
from medtrack.domain.zones import always, load_zone, place
from medtrack.errors import NotSettled, UsageRefused

from .chart import Chart

_NOTHING = ("nothing", "no dose", "no doses")


class PlanFlags(NamedTuple):
    """What was typed about a plan, as text; None where a flag was not given."""

    timing: TimingFlags = TimingFlags()
    amount: str | None = None
    since: str | None = None
    until: str | None = None
    for_days: str | None = None
    dose_count: str | None = None
    window: str | None = None
    time_critical: bool = False
    pin: str | None = None
    advice: str | None = None
    by: str | None = None
    reason: str | None = None
    """Why the plan replaces another."""
    why: str | None = None
    """What the medication is for."""


def in_plain_words(flags: PlanFlags) -> PlanFlags:
    """The flags, with error-prone notation in advice and reasons spelled out.

    Raises NotSettled for a short form of two meanings, BadText.
    """
    return flags._replace(
        advice=read_own_words(flags.advice, "advice"),
        reason=read_own_words(flags.reason, "reason"),
        why=read_own_words(flags.why, "reason"),
    )


def read_own_words(text: str | None, what: str) -> str | None:
    """The person's own words as every command prints them. Raises NotSettled, BadText."""
    return None if text is None else plain_words(read_text(text, what))


def habits(chart: Chart) -> Habits:
    """The person's own clock times for 'twice daily', 'at bedtime' and the rest."""
    known = chart.settings
    found: dict[str, Any] = {}
    for name in Habits._fields:
        text = known.get(name.replace("_", "-"))
        if text is None:
            continue
        if name == "before_meal":
            found[name] = read_duration(text)
        else:
            times = read_clocks(text)
            found[name] = times if name in ("once", "twice", "three", "four") else times[0]
    return Habits()._replace(**found)


def read_written(chart: Chart, text: str) -> Reading:
    """Read a prescription as written, with the person's habits. Raises NotSettled, BadAmount, BadTime."""
    return read_prescription(text, habits(chart), today=chart.local(chart.now).date())


def plans_of_reading(chart: Chart, reading: Reading, flags: PlanFlags) -> list[Plan]:
    """The plans a reading asks for: one, several at once for a split dose, or a chain of steps.

    Bounds from flags hold for the whole. Raises NotSettled where the words leave something to ask.
    """
    if reading.question is not None:
        raise NotSettled(what=reading.question)
    if flags.timing != TimingFlags():
        raise UsageRefused(what="Say when either in the words of the prescription or with flags, not both.")
    found: list[Plan] = []
    starts = read_start(chart, flags)
    running: list[Plan] = []
    step = reading.parts[0].step if reading.parts else 0
    for part in reading.parts:
        if part.step != step:
            # A step is over when all of its parts are.
            ends = [end_of_step(chart, plan) for plan in running]
            starts, step, running = max(ends, key=chart.begin), part.step, []
        running.append(_plan_of_part(chart, part, flags, part.starts or starts))
        found.append(running[-1])
    if not found:
        raise NotSettled(what="That names no dose and no time. 'medtrack parse' shows what is understood.")
    return found


def _plan_of_part(chart: Chart, part: Part, flags: PlanFlags, starts: Bound) -> Plan:
    if part.amount is None or part.timing is None:
        raise NotSettled(
            what="That does not say how much, or when. 'medtrack parse' shows what is understood."
        )
    plan = _bounded(chart, flags, Plan(0, "", 0, part.amount, part.timing, starts))
    return plan._replace(
        amount_high=part.amount_high,
        for_days=plan.for_days or part.for_days,
        count=plan.count or part.count,
        until=plan.until or part.until,
        advice=flags.advice or part.advice,
    )


def end_of_step(chart: Chart, plan: Plan) -> Bound:
    """Where a step ends and the next begins. Raises NotSettled for a step without an end.

    That is the day after its last, where its first day was whole; else the very wall time it began at, so
    that no dose of either step is lost or doubled.
    """
    if plan.until is not None:
        return plan.until if isinstance(plan.until, datetime) else plan.until + timedelta(1)
    if plan.for_days is None:
        raise NotSettled(what="Each step but the last needs a length, like 'for 3 days'.")
    begins, _ = plan_span(plan, chart.zones)
    # A step of nothing is as long as one with its times would be.
    open_ended = plan._replace(for_days=None, amount=Amount(Fraction(1), plan.amount.unit))
    found = slots_of([open_ended], chart.zones, begins, begins + reach([plan])).slots
    first = found[0].local if found else chart.local(begins)
    ends = first + timedelta(plan.for_days)
    if isinstance(plan.timing, Clock) and first.time() == plan.timing.times[0]:
        return ends.date()
    return place(ends, chart.zones.at(begins))[0]


def read_start(chart: Chart, flags: PlanFlags) -> Bound:
    """Where a plan begins: --from, or now."""
    if flags.since is None:
        return chart.now
    return read_bound(flags.since, now=chart.now, zone=chart.zone)


def plan_of_flags(chart: Chart, flags: PlanFlags, base: Plan | None = None) -> Plan:
    """The plan that flags spell out; what they leave open is taken from `base`, where a plan is changed.

    Raises BadTiming, BadAmount, BadTime, BadDuration, BadZone, UsageRefused.
    """
    unit = base.amount.unit if base else None
    amount = read_amount(flags.amount, unit) if flags.amount else None
    if amount is None:
        amount = base.amount if base else Amount(Fraction(1), "dose")
    timing = read_timing(flags.timing, amount.unit, habits(chart).once, flags.why)
    if base is None:
        if timing is None:
            raise UsageRefused(what="Say when it is taken: --at 08:00, --every 8h, --as-needed ...")
        return _bounded(chart, flags, Plan(0, "", 0, amount, timing, read_start(chart, flags)))
    starts = read_start(chart, flags)
    if timing is None and isinstance(base.timing, Interval):
        starts = _next_step(chart, base, starts)
    plan = Plan(
        0,
        "",
        0,
        amount,
        _kept_timing(chart, flags.timing, timing, base),
        starts,
        until=_kept_end(chart, flags, base, starts),
        window=base.window,
        time_critical=base.time_critical,
        pinned_zone=base.pinned_zone,
        advice=base.advice,
        amount_high=None if flags.amount else base.amount_high,
    )
    return _bounded(chart, flags, plan)


def says_nothing(text: str) -> bool:
    """Whether the words are that no dose is to be taken for a while: 'nothing', 'no doses'."""
    return " ".join(text.lower().split()).rstrip(".") in _NOTHING


def plan_of_nothing(chart: Chart, flags: PlanFlags, base: Plan) -> Plan:
    """A plan by which no dose is taken, in the place of `base`.

    Nothing is written as a word and never as an amount of 0, which is a slip as a rule. Raises UsageRefused,
    BadTime.
    """
    if isinstance(base.timing, AsNeeded):
        raise UsageRefused(what="As needed, no dose is planned anyway. To pause it: medtrack hold.")
    if flags.amount is not None or flags.timing != TimingFlags() or flags.dose_count is not None:
        raise UsageRefused(what="Where nothing is taken there is no amount, no time and no count of doses.")
    plan = plan_of_flags(chart, flags, base)
    return plan._replace(
        amount=Amount(Fraction(0), base.amount.unit), amount_high=None, starts=read_start(chart, flags)
    )


def _kept_timing(chart: Chart, flags: TimingFlags, timing: Timing | None, base: Plan) -> Timing:
    """The timing of a change: what the flags leave open, the days or the times, stays as it was."""
    if not isinstance(base.timing, Clock):
        return base.timing if timing is None else timing
    home = always(base.pinned_zone) if base.pinned_zone else chart.zones
    before = in_rhythm(base.timing, home, chart.begin(base.starts))
    if timing is None:
        return before
    if not isinstance(timing, Clock):
        return timing
    if flags._replace(at=None) == TimingFlags():
        return timing._replace(days=before.days)
    return timing if flags.at else timing._replace(times=before.times)


def _next_step(chart: Chart, base: Plan, starts: Bound) -> Bound:
    """Where an interval plan goes on without a break: at the next dose of the plan before it."""
    begins = chart.begin(starts)
    found = slots_of([base], chart.zones, begins, begins + reach([base]), now=chart.now).slots
    return found[0].planned_at if found else starts


def _kept_end(chart: Chart, flags: PlanFlags, base: Plan, starts: Bound) -> Bound | None:
    """The end of the plan before, which a change keeps unless it says another; None where that is past."""
    if flags.until or flags.for_days or flags.dose_count:
        return None
    if base.for_days is None and base.count is None:
        ends = base.until
    elif base.for_days is not None:
        ends = end_of_step(chart, base._replace(until=None))
        ends = ends if isinstance(ends, datetime) else ends - timedelta(1)
    else:
        ends = real_span(base, chart.zones)[1] + timedelta(minutes=1)
    if ends is None or chart.end(ends) <= chart.begin(starts):
        return None
    return ends


def _bounded(chart: Chart, flags: PlanFlags, plan: Plan) -> Plan:
    """The plan with the bounds and marks that flags give it."""
    bounds = [
        name
        for name, given in (
            ("--until", flags.until),
            ("--for-days", flags.for_days),
            ("--count", flags.dose_count),
        )
        if given is not None
    ]
    if len(bounds) > 1:
        raise UsageRefused(what=f"{' and '.join(bounds)} say the same thing twice: keep one.")
    if flags.pin is not None:
        if not isinstance(plan.timing, Clock):
            raise UsageRefused(what="--pin keeps clock times in a home zone; an interval follows no clock.")
        load_zone(flags.pin)
    until = read_bound(flags.until, now=chart.now, zone=chart.zone) if flags.until else None
    if until is not None and chart.end(until) <= chart.begin(plan.starts):
        raise UsageRefused(what="The plan would end before it begins: check --from and --until.")
    if (flags.for_days or flags.dose_count) and isinstance(plan.timing, AsNeeded):
        raise UsageRefused(what="An as-needed plan has no doses to count: bound it with --until.")
    return plan._replace(
        until=until or plan.until,
        for_days=_whole(flags.for_days, "--for-days"),
        count=_whole(flags.dose_count, "--count"),
        window=read_duration(flags.window) if flags.window else plan.window,
        time_critical=flags.time_critical or plan.time_critical,
        pinned_zone=flags.pin or plan.pinned_zone,
        advice=flags.advice or plan.advice,
        decided_by=read_given(flags.by, "name"),
        reason=flags.reason,
    )


def _whole(text: str | None, flag: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) <= 100_000 and len(text) < 7):
        raise UsageRefused(what=f"{flag} takes a whole number from 1 to 100,000, not {text!r}.")
    return int(text)


def overlapping(chart: Chart, plans: Sequence[Plan], new: Sequence[Plan]) -> list[Plan]:
    """Which of the plans there run at the same time as a new one of their kind.

    An as-needed plan beside a scheduled one is no overlap.
    """
    found = []
    for plan in plans:
        since, until = real_span(plan, chart.zones)
        for added in new:
            begins, ends = real_span(added, chart.zones)
            alike = isinstance(plan.timing, AsNeeded) == isinstance(added.timing, AsNeeded)
            if alike and max(since, begins) < min(until, ends):
                found.append(plan)
                break
    return found


def doubled(chart: Chart, plan: Plan, new: Sequence[Plan]) -> bool:
    """Whether a new plan has a slot at the very instant of one that is there; two limits double as well."""
    if isinstance(plan.timing, AsNeeded):
        return any(isinstance(added.timing, AsNeeded) for added in new)
    for added in new:
        begins = max(plan_span(plan, chart.zones)[0], plan_span(added, chart.zones)[0])
        until = begins + max(reach([plan]), reach([added]))
        there = {slot.planned_at for slot in slots_of([plan], chart.zones, begins, until).slots}
        if any(slot.planned_at in there for slot in slots_of([added], chart.zones, begins, until).slots):
            return True
    return False


def is_spelled_out(flags: PlanFlags) -> bool:
    """Whether flags say when it is taken, so that the text is a name and not a prescription."""
    return flags.timing != TimingFlags()


def medication_of_reading(reading: Reading, flags: PlanFlags) -> Medication:
    """The medication a reading names. Raises NotSettled where it names none."""
    if reading.name is None:
        raise NotSettled(what="That does not say what the medication is called. Begin with its name.")
    return Medication(
        0,
        "",
        read_text(reading.name, "name"),
        reading.strength,
        reading.form,
        reading.route,
        None,
        reading.reason or flags.why,
    )


def notation_warnings(*texts: str | None) -> list[str]:
    """A sentence for each dangerous way of writing in amounts, strengths and remarks that were typed."""
    return list(dict.fromkeys(warning for text in texts if text for warning in warn_of_amount(text)))


def first_slot(chart: Chart, plan: Plan) -> Slot | None:
    """The first slot of a plan, looking some way ahead; None for as-needed plans."""
    begins, ends = plan_span(plan, chart.zones)
    for days in (8, 40, 800):
        found = slots_of(
            [plan], chart.zones, begins, min(ends, begins + timedelta(days)), now=chart.now
        ).slots
        if found:
            return found[0]
    return None
