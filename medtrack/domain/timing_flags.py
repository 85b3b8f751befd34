"""The timing of a plan as it is spelled out with flags: `--at 08:00,20:00 --on mon,thu` and the like."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from medtrack.errors import BadTiming

from .amounts import Amount, read_amount
from .regimen import AsNeeded, Clock, Days, Interval, Timing
from .when import (
    read_clocks,
    read_cycle,
    read_duration,
    read_every,
    read_month_days,
    read_weekdays,
    read_year_day,
)


class TimingFlags(NamedTuple):
    """What was typed after each flag; None or False where the flag was not given."""

    at: str | None = None
    on: str | None = None
    every: str | None = None
    cycle: str | None = None
    monthly: str | None = None
    yearly: str | None = None
    rrule: str | None = None
    anchor: str | None = None
    as_needed: bool = False
    most: str | None = None
    """`--max`: so much in so long, '4/24h'."""
    min_gap: str | None = None


def read_timing(
    flags: TimingFlags, unit: str, once: tuple[time, ...], why: str | None = None
) -> Timing | None:
    """The timing the flags spell out, or None where none was given.

    `unit` is that of the plan's amount, `once` the person's usual time for something daily, `why` the
    reason of an as-needed plan. Raises BadTiming, BadDuration, BadAmount.
    """
    if flags == TimingFlags():
        return None
    # A flag with nothing after it (an empty variable in a script) was given, and its reader refuses it.
    given = {
        name for name, typed in zip(TimingFlags._fields, flags, strict=True) if typed not in (None, False)
    }
    days_given = given & {"on", "cycle", "monthly", "yearly", "rrule"}
    if flags.as_needed:
        if given & {"at", "every", "anchor"} or days_given:
            raise BadTiming(why="--as-needed has no times; add a second plan for the scheduled doses")
        return _as_needed(flags, unit, why)
    if given & {"most", "min_gap"}:
        raise BadTiming(why="--max and --min-gap belong to --as-needed")
    every = None if flags.every is None else read_every(flags.every)
    if isinstance(every, timedelta):
        if flags.at is not None or days_given:
            raise BadTiming(
                why=f"--every {flags.every} steps in elapsed time from --from;"
                " for fixed clock times leave it out"
            )
        if flags.anchor not in (None, "last-dose"):
            raise BadTiming(why="--anchor is 'last-dose', or is left out to count from --from")
        return Interval(every, flags.anchor == "last-dose")
    if flags.anchor is not None:
        raise BadTiming(why="--anchor belongs to an interval in hours, like --every 8h")
    return Clock(once if flags.at is None else read_clocks(flags.at), _days(flags, every))


def _as_needed(flags: TimingFlags, unit: str, why: str | None) -> AsNeeded:
    amount, period = (None, None) if flags.most is None else _most(flags.most, unit)
    return AsNeeded(why, amount, period, None if flags.min_gap is None else read_duration(flags.min_gap))


def _most(text: str, unit: str) -> tuple[Amount, timedelta]:
    number, slash, period = text.rpartition("/")
    if not slash:
        raise BadTiming(why=f"--max {text!r} names no period; write it like '4/24h'")
    return read_amount(number, unit), read_duration({"day": "24h", "week": "7d"}.get(period.strip(), period))


def _days(flags: TimingFlags, every: int | None) -> Days:
    weekdays = () if flags.on is None else read_weekdays(flags.on)
    weeks = 1
    if every is not None and weekdays and every % 7 == 0:
        # '--on mon --every 2w' means every second week, not every 14 days that happen to be Mondays.
        weeks, every = every // 7, None
    elif every is not None and every > 1 and weekdays:
        raise BadTiming(why="every so many days does not fall on one weekday; say --on with --every 2w")
    if flags.rrule is not None:
        check_rrule(flags.rrule)
    return Days(
        every=every or 1,
        weeks=weeks,
        weekdays=weekdays,
        cycle=None if flags.cycle is None else read_cycle(flags.cycle),
        month_days=() if flags.monthly is None else read_month_days(flags.monthly),
        year_day=None if flags.yearly is None else read_year_day(flags.yearly),
        rrule=flags.rrule,
    )


def check_rrule(text: str) -> None:
    """Refuse RRULE text that is no rule of days or names its own start; raises BadTiming.

    Only the rule's dates are used, so one that steps in hours would not mean what it says.
    """
    from dateutil.rrule import rrulestr

    parts = text.upper().removeprefix("RRULE:").split(";")
    if any(part in parts for part in ("FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY")):
        raise BadTiming(why="--rrule names days; for steps in elapsed time there is --every, like --every 8h")
    if any(part.startswith(("BYHOUR=", "BYMINUTE=", "BYSECOND=")) for part in parts):
        raise BadTiming(why="--rrule names days only; the times are --at")
    # dateutil would step by nothing for ever.
    if any(part.startswith("INTERVAL=") and not part[9:].strip("0") for part in parts):
        raise BadTiming(why="--rrule has an interval of zero")
    if any(word in text.upper() for word in ("DTSTART", "EXDATE", "RDATE", "EXRULE")) or "\n" in text:
        raise BadTiming(why="--rrule takes one rule like 'FREQ=MONTHLY;BYDAY=1MO'; the start is --from")
    try:
        rrulestr(text, dtstart=datetime.combine(date(2026, 1, 1), time()))
    except (ValueError, KeyError, TypeError, AttributeError):
        # dateutil's own words are about its code, not about what was typed.
        why = f"--rrule {text!r} is not a rule of RFC 5545, like 'FREQ=MONTHLY;BYDAY=1MO'"
        raise BadTiming(why=why) from None
    if any(part.startswith("COUNT=") and not part[6:].strip("0") for part in parts):
        raise BadTiming(why="--rrule has a count of zero")
    if any(part.startswith("UNTIL=") for part in parts):
        return
    # Without its count and interval, so that it holds whatever day the plan begins on.
    endless = ";".join(part for part in parts if part and not part.startswith(("COUNT=", "INTERVAL=")))
    start = datetime.combine(date(2026, 1, 1), time())
    if next(iter(rrulestr(f"{endless};UNTIL={start.year + 12}0101T000000", dtstart=start)), None) is None:
        raise BadTiming(why="--rrule names no day in 12 years")
