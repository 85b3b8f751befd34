"""The words of a plan's timing as people type them: clock times, lengths of time, weekdays, cycles.

Strict like `when`, which offers these readers too: one reading or a refusal with its reason.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from medtrack.errors import BadDuration, BadTiming

LONGEST_TEXT = 200
"""No time, span or timing is longer; anything that is was pasted by mistake."""

LONGEST = timedelta(days=3653)
"""Ten years."""

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS: dict[str, int] = {
    spelling: number
    for number, spellings in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed weds wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for spelling in spellings.split()
}
"""Every spelling of a weekday, lower case, to its number: 0 Monday .. 6 Sunday."""

_DAY_GROUPS = {"weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6)}
_UNIT_SECONDS = {
    spelling: seconds
    for seconds, spellings in (
        (604_800, "w week weeks"),
        (86_400, "d day days"),
        (3_600, "h hr hrs hour hours"),
        (60, "m min mins minute minutes"),
    )
    for spelling in spellings.split()
}
# Compiled by re on first use: most commands read no time but "now".
_PART = r"([0-9]{1,7}) ?([a-z]+) ?"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?: ?(?:(?P<half>[ap])\.?m\.?|(?P<called>noon|midnight)))?"
    r"|(?P<bare>[0-9]{1,2}) ?(?P<bare_half>[ap])\.?m\.?"
)


class UnreadError(ValueError):
    """A text could not be read, for the reason it carries; its reader says what it was meant to be."""


def plain(text: str) -> str:
    """The text in lower case with its spaces squeezed. Raises UnreadError: empty, too long, not ASCII."""
    if len(text) > LONGEST_TEXT:
        raise UnreadError("it is too long")
    squeezed = " ".join(text.split())
    if not squeezed:
        raise UnreadError("it is empty")
    if not squeezed.isascii():
        raise UnreadError("use the digits 0-9 and plain letters")
    return squeezed.lower()


def quoted(text: str) -> str:
    """The text as an error message repeats it: all of it, or its beginning."""
    return text if len(text) <= 40 else text[:40] + "…"


def clock_of(typed: str) -> time | None:
    """The wall-clock time of '08:00', '8:30 pm' or '8am'; None where it is written like none.

    Raises UnreadError where it is written like one that no clock shows.
    """
    found = re.fullmatch(_CLOCK, typed)
    if found is None:
        return None
    hour, minute, second = (
        int(found["hour"] or found["bare"]),
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    half = found["half"] or found["bare_half"]
    if found["called"]:
        if (hour, minute, second) != (12, 0, 0):
            raise UnreadError(f"{found['called']} is 12:00")
        half = "p" if found["called"] == "noon" else "a"
    if half:
        if not 1 <= hour <= 12:
            raise UnreadError(f"there is no {hour} {half}m")
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour == 24 and not minute and not second:
        raise UnreadError("24:00 is 00:00 of the next day; write that")
    if hour > 23:
        raise UnreadError(f"there is no hour {hour}")
    if minute > 59 or second > 59:
        raise UnreadError(f"there is no {'minute' if minute > 59 else 'second'} {max(minute, second)}")
    return time(hour, minute, second)


def elapsed_of(typed: str) -> timedelta:
    """The length of time of '30m', '90 min' or '1h30m', zero included. Raises UnreadError."""
    total, last, at = 0, 0, 0
    while at < len(typed):
        part = re.compile(_PART).match(typed, at)
        if part is None:
            raise UnreadError(_why_no_length(typed))
        seconds = _UNIT_SECONDS.get(part[2])
        if seconds is None:
            raise UnreadError(_why_no_unit(part[2]))
        if last and seconds >= last:
            raise UnreadError("its parts must go from the longest to the shortest, like 1h30m")
        total, last, at = total + int(part[1]) * seconds, seconds, part.end()
    return timedelta(seconds=total)


def _why_no_length(typed: str) -> str:
    if re.fullmatch(r"[0-9]+", typed):
        return "it has no unit; write minutes, hours, days or weeks"
    if re.match(r"[0-9]*[.,/][0-9]", typed):
        return "use whole numbers, like 1h30m"
    return "it is not a whole number with a unit"


def _why_no_unit(unit: str) -> str:
    if unit.startswith(("month", "mo", "y")):
        return "months and years differ in length; use days or weeks"
    if unit in ("s", "sec", "secs", "second", "seconds"):
        return "the shortest unit is a minute"
    return f"{unit[:20]!r} is not minutes, hours, days or weeks"


def read_clock(text: str) -> time:
    """Read a wall-clock time: '08:00', '8:30 pm', '8am', '08:00:15'. Raises BadTiming."""
    try:
        return _clock_in(plain(text), text)
    except UnreadError as unread:
        raise _refused(text, unread) from None


def _clock_in(typed: str, shown: str) -> time:
    clock = clock_of(typed)
    if clock is None:
        raise UnreadError(f"{quoted(shown)!r} is not a time of day like 08:00 or 8am")
    return clock


def read_clocks(text: str) -> tuple[time, ...]:
    """Read wall-clock times between commas as a sorted tuple. Raises BadTiming, also for one given twice."""
    try:
        parts = _parts(text, "time of day")
        clocks = sorted(_clock_in(part, part) for part in parts)
    except UnreadError as unread:
        raise _refused(text, unread) from None
    for clock in clocks:
        if clocks.count(clock) > 1:
            raise BadTiming(why=f"{clock.isoformat('seconds' if clock.second else 'minutes')} is there twice")
    return tuple(clocks)


def read_duration(text: str) -> timedelta:
    """Read a length of time: '30m', '90 min', '8h', '1h30m', '2d', '3w'. A day is 24 hours here.

    Raises BadDuration, also for zero and for more than ten years.
    """
    try:
        length = elapsed_of(plain(text))
        if not length:
            raise UnreadError("it is zero")
        if length > LONGEST:
            raise UnreadError("it is over ten years")
    except UnreadError as unread:
        raise BadDuration(typed=quoted(text), why=str(unread)) from None
    return length


def read_every(text: str) -> int | timedelta:
    """Read how often: whole calendar days for '2d' and '3w', elapsed time for '8h' and '24h'.

    Raises BadDuration.
    """
    length = read_duration(text)
    unit = re.findall(r"[a-z]+", text.lower())[-1]
    return length.days if _UNIT_SECONDS[unit] >= 86_400 else length


def read_weekdays(text: str) -> tuple[int, ...]:
    """Read 'mon,thu', 'weekdays' or 'weekends' as numbers in order, 0 Monday. Raises BadTiming."""
    try:
        parts = _parts(text, "weekday")
    except UnreadError as unread:
        raise _refused(text, unread) from None
    days: list[int] = []
    for part in parts:
        if part not in WEEKDAYS and part not in _DAY_GROUPS:
            raise BadTiming(why=f"{quoted(part)!r} is not a weekday; write them like mon,thu or weekdays")
        days.extend(_DAY_GROUPS.get(part) or (WEEKDAYS[part],))
    for day in days:
        if days.count(day) > 1:
            raise BadTiming(why=f"{_DAY_NAMES[day]} is there twice")
    return tuple(sorted(days))


def read_month_days(text: str) -> tuple[int, ...]:
    """Read days of the month between commas, 1 to 31, as a sorted tuple. Raises BadTiming."""
    try:
        parts = _parts(text, "day")
    except UnreadError as unread:
        raise _refused(text, unread) from None
    days = []
    for part in parts:
        if not re.fullmatch(r"[0-9]{1,2}", part) or not 1 <= int(part) <= 31:
            raise BadTiming(why=f"{quoted(part)!r} is not a day of the month; write 1 to 31, like 1,15")
        if int(part) in days:
            raise BadTiming(why=f"day {int(part)} is there twice")
        days.append(int(part))
    return tuple(sorted(days))


def read_year_day(text: str) -> tuple[int, int]:
    """Read a day of the year, 'MM-DD', as (month, day); 02-29 is one. Raises BadTiming."""
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text.strip())
    try:
        if found is None:
            raise ValueError
        a_leap_year = 2000
        day = date(a_leap_year, int(found[1]), int(found[2]))
    except ValueError:
        raise BadTiming(
            why=f"{quoted(text)!r} is not a day of the year; write month-day, like 02-29"
        ) from None
    return day.month, day.day


def read_cycle(text: str) -> tuple[int, int]:
    """Read '21/7' as (days on, days off), each 1 to 999. Raises BadTiming."""
    found = re.fullmatch(r"([0-9]{1,3}) ?/ ?([0-9]{1,3})", text.strip())
    if found is None:
        raise BadTiming(why=f"{quoted(text)!r} is not a cycle; write days on/days off, like 21/7")
    on, off = int(found[1]), int(found[2])
    if not on or not off:
        raise BadTiming(why=f"{quoted(text)!r} is not a cycle: both numbers of days must be above zero")
    return on, off


def _parts(text: str, noun: str) -> list[str]:
    """The parts between commas. Raises UnreadError where one is empty."""
    parts = [part.strip() for part in plain(text).split(",")]
    if not all(parts):
        raise UnreadError(f"{quoted(text)!r} has a comma without a {noun}")
    return parts


def _refused(text: str, unread: UnreadError) -> BadTiming:
    why = str(unread)
    return BadTiming(why=why if why.startswith(("'", '"')) else f"{quoted(text)!r} cannot be read: {why}")
