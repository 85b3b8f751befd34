"""Timing and plans in plain English, as every listing and receipt prints them.

Nothing here ever prints an error-prone abbreviation (ISMP's List of Error-Prone Abbreviations, 2021;
the Joint Commission's "Do Not Use" list): 'daily' and never QD, 'at bedtime' and never HS, 'every 8
hours' and never q8h, amounts as `amounts` writes them. Clock times are on the 24-hour clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from .amounts import show_amount
from .regimen import AsNeeded, Clock, Days, Interval, Plan, Timing

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_TIMES_A_DAY = {1: "daily", 2: "twice daily", 3: "three times daily", 4: "four times daily"}
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def say_list(words: Iterable[str]) -> str:
    """Words as people list them: 'a', 'a and b', 'a, b and c'."""
    said = list(words)
    return " and ".join((", ".join(said[:-1]), said[-1]) if len(said) > 1 else said)


def say_number_of(number: int, noun: str) -> str:
    """A number with its noun: '1 day', '10 days', '1,000 doses'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_time(clock_time: time) -> str:
    """A clock time, to the minute unless it has seconds: '08:00'."""
    return clock_time.strftime("%H:%M:%S" if clock_time.second else "%H:%M")


def say_duration(length: timedelta) -> str:
    """A length of time, its sign dropped: '8 hours', '30 minutes', '24 hours', '2 days', '1 hour 30 minutes'.

    One day is '24 hours', because as a limit 'a day' could mean since midnight; from two on, days are days.
    """
    seconds = abs(round(length.total_seconds()))
    days = seconds // 86_400 if seconds >= 2 * 86_400 else 0
    hours, rest = divmod(seconds - days * 86_400, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")]
    return " ".join(say_number_of(number, noun) for number, noun in parts if number) or "0 minutes"


def say_minutes(length: timedelta) -> str:
    """A length of time that passed, its sign dropped, as `say_duration` says whole minutes of it.

    Seconds are left out, for nobody logs a dose to the second; a time below a minute is said in them.
    """
    whole = abs(length) // _MINUTE * _MINUTE
    return say_duration(whole or length)


def say_timing(timing: Timing) -> str:
    """When it is taken, in words that read back as the same timing."""
    if isinstance(timing, Clock):
        return _say_clock(timing)
    if isinstance(timing, Interval):
        return f"every {_say_step(timing.every)}{' from the last dose' if timing.from_last_dose else ''}"
    return _say_as_needed(timing)


def say_plan(plan: Plan) -> str:
    """The whole plan: '1 tablet twice daily at 08:00 and 20:00 with food, until 2026-03-08'.

    One of no dose is 'nothing', with its bounds: never '0 tablets', which is misread as 10.
    """
    if plan.is_empty:
        return "nothing" + "".join(f", {bound}" for bound in _say_bounds(plan))
    timing = say_timing(plan.timing)
    if is_single_dose(plan.timing, plan.count):
        timing = "as a single dose" + timing.removeprefix("daily")
    words = f"{show_amount(plan.amount, plan.amount_high)} {timing}"
    if plan.advice:
        words += lead_of_advice(plan.timing, plan.advice) + plan.advice
    if plan.pinned_zone:
        words += f", on {plan.pinned_zone} time"
    return words + "".join(f", {bound}" for bound in _say_bounds(plan))


def lead_of_advice(timing: Timing | None, advice: str) -> str:
    """What stands before advice: a comma after a reason or a limit, and between a time and another number."""
    has_number = advice[0].isdigit() or advice.startswith(("at most", "at least"))
    return ", " if isinstance(timing, AsNeeded) or has_number else " "


def _say_step(length: timedelta) -> str:
    """The step of an interval, always elapsed time: 'hour', '8 hours', '72 hours', '90 minutes'.

    Never days, because 'every 3 days' is a wall-clock time on calendar days and 'every 72 hours' is not.
    """
    hours, rest = divmod(length, timedelta(hours=1))
    if rest:
        minutes, seconds = divmod(length, timedelta(minutes=1))
        return say_duration(length) if seconds else say_number_of(minutes, "minute").removeprefix("1 ")
    return say_number_of(hours, "hour").removeprefix("1 ")


def is_single_dose(timing: Timing | None, count: int | None) -> bool:
    """Whether there is one dose in all, so that 'daily' would mislead."""
    return count == 1 and isinstance(timing, Clock) and timing.days == Days() and len(timing.times) == 1


def _say_bounds(plan: Plan) -> Iterable[str]:
    """The bounds a plan was given, in words; a date includes its day, an instant is on its zone's clock."""
    if plan.for_days is not None:
        yield f"for {say_number_of(plan.for_days, 'day')}"
    if plan.count is not None and not is_single_dose(plan.timing, plan.count):
        yield f"for {say_number_of(plan.count, 'dose')}"
    if isinstance(plan.until, datetime):
        yield f"until {plan.until:%Y-%m-%d %H:%M}" + (" UTC" if plan.until.tzinfo is UTC else "")
    elif plan.until is not None:
        yield f"until {plan.until.isoformat()}"


def _say_clock(clock: Clock) -> str:
    at = "at " + say_list(say_time(moment) for moment in clock.times)
    if clock.days == Days():
        return f"{_TIMES_A_DAY.get(len(clock.times)) or f'{len(clock.times)} times daily'} {at}"
    days = list(_say_days(clock.days))
    ends_in_a_list = clock.days.cycle is not None or clock.days.rrule is not None
    return f"{', '.join(days)}{',' if ends_in_a_list else ''} {at}"


def _say_days(days: Days) -> Iterable[str]:
    """Each condition that is set, in words; all of them hold together."""
    if days.every > 1:
        yield _say_every(days.every)
    if days.weekdays:
        names = say_list(WEEKDAYS[day] for day in days.weekdays)
        if days.weeks > 1:
            yield f"every {days.weeks} weeks on {names}"
        else:
            yield f"every {names}" if len(days.weekdays) == 1 else f"on {names}"
    if days.month_days:
        yield f"monthly on day {say_list(str(day) for day in days.month_days)}"
    if days.year_day:
        month, day = days.year_day
        yield f"yearly on {day} {MONTHS[month - 1]}"
    if days.cycle:
        on, off = days.cycle
        yield f"{say_number_of(on, 'day')} on, {say_number_of(off, 'day')} off"
    if days.rrule:
        yield f"by the rule {days.rrule}"


def _say_every(days: int) -> str:
    if days == 7:
        return "weekly"
    return f"every {days // 7} weeks" if days % 7 == 0 else f"every {days} days"


def _say_as_needed(timing: AsNeeded) -> str:
    words = "as needed" + (f" for {timing.reason}" if timing.reason else "")
    if timing.max_amount is not None:
        words += f", at most {timing.max_amount} in {say_duration(timing.max_period or _DAY)}"
    if timing.min_gap is not None:
        words += f", at least {say_duration(timing.min_gap)} apart"
    return words
