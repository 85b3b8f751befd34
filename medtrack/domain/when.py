"""The one strict grammar of TIME and SPAN: what people type is read in one way or refused with a reason.

Nothing is guessed: '8', '10/11/2026' and 'noonish' are refused, and what was read is echoed by the
commands. A clock time of 12 am is midnight, 12 pm noon. Days are the calendar days of the zone given;
spans are half-open. The words of a plan's timing are in `timing_words` and can be had from here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from medtrack.errors import BadSpan, BadTime, TimeAhead

from .timing_words import (
    WEEKDAYS,
    UnreadError,
    clock_of,
    elapsed_of,
    plain,
    quoted,
)
from .timing_words import read_clock as read_clock
from .timing_words import read_clocks as read_clocks
from .timing_words import read_cycle as read_cycle
from .timing_words import read_duration as read_duration
from .timing_words import read_every as read_every
from .timing_words import read_month_days as read_month_days
from .timing_words import read_weekdays as read_weekdays
from .timing_words import read_year_day as read_year_day
from .zones import settle

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from .regimen import Bound
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside these are slips of the finger."""

SLACK = timedelta(minutes=5)
"""How far ahead of now a fact may lie, for clocks that disagree a little."""

_RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
# Compiled by re on first use: most commands read no time but "now".
_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_ISO = (
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[t ]"
    r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>[.,][0-9]{1,9})?"
    r"(?: ?(?P<offset>z|[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2})?)?))?"
)
_SPAN_DAYS = r"([0-9]{1,5}) ?(d|days?|w|weeks?)"
_RANGE_END = r"today|yesterday|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})


def say_local(moment: datetime) -> str:
    """A date and wall time as medtrack writes it: 'YYYY-MM-DD HH:MM'."""
    return moment.replace(tzinfo=None).isoformat(" ", "minutes")


# --- TIME -----------------------------------------------------------------------------------------


def read_time(text: str, *, now: datetime, zone: ZoneInfo, ahead: bool = False) -> datetime:
    """Read a TIME as an instant, to the second; wall times are those of `zone`.

    'mon 9:00' is the latest Monday not after today, or with `ahead` the next one, today included only if
    that time is still to come. '2 days ago' is elapsed time. Raises BadTime, TimeNeverWas and TimeTwice;
    a time that happened twice is settled by which is past, but not when reading `ahead`.
    """
    try:
        return _time_of(plain(text), now, zone, ahead)
    except UnreadError as unread:
        raise BadTime(typed=quoted(text), why=str(unread)) from None


def read_past(text: str, *, now: datetime, zone: ZoneInfo, what: str = "A dose") -> datetime:
    """Read a TIME at which something happened; `what` names it in a refusal.

    Raises TimeAhead where it is more than 5 minutes ahead, and what `read_time` raises.
    """
    instant = read_time(text, now=now, zone=zone)
    if instant <= now + SLACK:
        return instant
    local = instant.astimezone(zone)
    typed = plain(text)
    first, _, rest = typed.partition(" ")
    hint = ""
    if typed[:1].isdigit() and not re.fullmatch(_ISO, typed) and not re.match(_DAY, typed):
        which = "last night" if local.hour >= 18 else "yesterday"
        hint = f"; for {which} type 'yesterday {local:%H:%M}'"
    elif first in WEEKDAYS:
        hint = f"; for a week ago type '{local.date() - timedelta(days=7)} {rest}'"
    raise TimeAhead(local=say_local(local), what=what, hint=hint)


def read_bound(text: str, *, now: datetime, zone: ZoneInfo, ahead: bool = True) -> Bound:
    """Read a date ('2026-03-08', 'today', 'mon') as a `date`, any other TIME as an instant.

    A weekday alone is the first such day not before today, or without `ahead` the latest not after it.
    Raises what `read_time` raises.
    """
    try:
        typed = plain(text)
        day = _day_of(typed, now.astimezone(zone).date(), ahead)
        return _time_of(typed, now, zone, ahead) if day is None else day
    except UnreadError as unread:
        raise BadTime(typed=quoted(text), why=str(unread)) from None


def read_iso(text: str) -> tuple[datetime, timedelta | None]:
    """Read '2026-03-29T08:00', with or without seconds and offset, as a wall time and its offset.

    Fractions of a second are dropped. Raises BadTime.
    """
    try:
        read = _iso_of(plain(text))
        if read is None:
            raise UnreadError("it is not written like '2026-03-29T08:00+02:00'")
        return read
    except UnreadError as unread:
        raise BadTime(typed=quoted(text), why=str(unread)) from None


def _time_of(typed: str, now: datetime, zone: ZoneInfo, ahead: bool) -> datetime:
    """The instant of a squeezed, lower-case TIME. Raises UnreadError with the reason."""
    today = now.astimezone(zone).date()
    settled_by = None if ahead else now
    if typed == "now":
        return now.replace(microsecond=0)
    elapsed = _shift_of(typed)
    if elapsed is not None:
        return _elapsed_from(now, elapsed)
    iso = _iso_of(typed)
    if iso is not None:
        local, offset = iso
        return settle(local, zone, now=settled_by) if offset is None else (local - offset).replace(tzinfo=UTC)
    clock = clock_of(typed)
    if clock is not None:
        return settle(datetime.combine(today, clock), zone, now=settled_by)
    first, _, rest = typed.partition(" ")
    day = _day_of(first, today, ahead)
    if day is None or not rest:
        raise UnreadError(
            _why_not(typed) if day is None else f"give a time of day too, as in '{first} 08:00'"
        )
    clock = clock_of(rest)
    if clock is None:
        raise UnreadError(f"{rest!r} is not a time of day; {_why_no_clock(rest)}")
    instant = settle(datetime.combine(day, clock), zone, now=settled_by)
    if ahead and first in WEEKDAYS and instant <= now:
        instant = settle(datetime.combine(_checked(day, 7), clock), zone, now=settled_by)
    return instant


def _elapsed_from(now: datetime, elapsed: timedelta) -> datetime:
    """So much before or after now. Raises UnreadError where that leaves the years medtrack keeps."""
    try:
        instant = now.replace(microsecond=0) + elapsed
    except OverflowError:
        raise UnreadError(_year_rule()) from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise UnreadError(_year_rule())
    return instant


def _shift_of(typed: str) -> timedelta | None:
    """The elapsed time of '2h ago' and 'in 2h', negative for the past; None where it is neither."""
    if typed.endswith(" ago"):
        return -elapsed_of(typed.removesuffix(" ago"))
    if typed.startswith("in "):
        return elapsed_of(typed.removeprefix("in "))
    return None


def _iso_of(typed: str) -> tuple[datetime, timedelta | None] | None:
    found = re.fullmatch(_ISO, typed)
    if found is None:
        return None
    if found["fraction"] and len(found["clock"]) == 5:
        raise UnreadError("it has a fraction of a minute; use seconds")
    clock = clock_of(found["clock"]) or time()
    return datetime.combine(_date_of(found["day"]), clock), _offset_of(found["offset"])


def _offset_of(typed: str | None) -> timedelta | None:
    """The offset from UTC of '+02:00', '+0200', '-05' or 'z'; None for none."""
    if typed is None:
        return None
    if typed == "z":
        return timedelta(0)
    digits = typed[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if hours > 15 or minutes > 59 or seconds > 59:
        raise UnreadError(f"no clock is {typed} from UTC")
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if typed[0] == "-" else size


def _day_of(typed: str, today: date, ahead: bool) -> date | None:
    """The date of 'today', 'mon' or '2026-03-29'; None where it is no date."""
    if typed in _RELATIVE_DAYS:
        return _checked(today, _RELATIVE_DAYS[typed])
    if typed in WEEKDAYS:
        since = (today.weekday() - WEEKDAYS[typed]) % 7
        return _checked(today, (7 - since) % 7 if ahead else -since)
    return _date_of(typed) if re.fullmatch(_DAY, typed) else None


def _date_of(typed: str) -> date:
    """The date of 'YYYY-MM-DD'. Raises UnreadError where the calendar has no such day."""
    year, month, day = int(typed[:4]), int(typed[5:7]), int(typed[8:])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadError(_year_rule())
    if not 1 <= month <= 12:
        raise UnreadError(f"there is no month {typed[5:7]}; write year-month-day")
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadError(f"{typed[:7]} has no day {typed[8:]}") from None


def _checked(day: date, days: int) -> date:
    """So many days on. Raises UnreadError where that leaves the years medtrack keeps."""
    moved = day.toordinal() + days
    if not date(FIRST_YEAR, 1, 1).toordinal() <= moved <= date(LAST_YEAR, 12, 31).toordinal():
        raise UnreadError(_year_rule())
    return date.fromordinal(moved)


def _year_rule() -> str:
    return f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"


def _why_not(typed: str) -> str:
    """Why a text that no form fits is refused, in the words that help most."""
    if re.match(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4}", typed) or re.match(r"[0-9]+/[0-9]+", typed):
        return "the order of day and month is not settled; write the date as year-month-day, like 2026-11-10"
    if re.match(r"[0-9]{4}[/.-][0-9]", typed) and not re.match(_DAY, typed):
        return "write the date with two digits each for month and day, like 2026-03-09"
    if any(word[:3] in _MONTHS for word in re.findall(r"[a-z]{3,}", typed)) and re.search(r"[0-9]", typed):
        return "write the date as year-month-day, like 2026-03-29"
    return _why_no_clock(typed)


def _why_no_clock(typed: str) -> str:
    if typed.isdigit():
        if len(typed) <= 2 and int(typed) <= 23:
            return f"a number alone is not settled; write '{int(typed)}:00', '8am' or '8pm'"
        if len(typed) == 4 and int(typed[:2]) <= 23 and int(typed[2:]) <= 59:
            return f"a number alone is not settled; write '{typed[:2]}:{typed[2:]}'"
        return "it is only a number"
    if re.fullmatch(r"[0-9]{1,2}[.h][0-9]{2}", typed):
        return "write the hour and the minute with a colon"
    return "it is in none of the forms"


# --- SPAN -----------------------------------------------------------------------------------------


def read_span(text: str, *, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Read a SPAN as local days, half-open: the first day, and the day after the last.

    '7d' ends with today; weeks begin on Monday (ISO 8601); 'this month' is the whole of it. Raises BadSpan.
    """
    try:
        typed = plain(text)
        today = now.astimezone(zone).date()
        first, dots, last = (part.strip() for part in typed.partition(".."))
        if not dots:
            return _days_of(typed, today, _why_no_span(typed))
        if not first or not last:
            raise UnreadError("both ends are needed")
        for part in (first, last):
            if not re.fullmatch(_RANGE_END, part):
                raise UnreadError(f"{quoted(part)!r} is not a date")
        since = _days_of(first, today, "")[0]
        until = _days_of(last, today, "")[1]
        if since >= until:
            raise UnreadError("it ends before it starts")
        return since, until
    except UnreadError as unread:
        raise BadSpan(typed=quoted(text), why=str(unread)) from None


def _days_of(typed: str, today: date, why_not: str) -> tuple[date, date]:
    """The half-open days of one date, month, year or word."""
    counted = re.fullmatch(_SPAN_DAYS, typed)
    if counted is not None:
        days = int(counted[1]) * (7 if counted[2][0] == "w" else 1)
        if not days:
            raise UnreadError("it is no day long")
        return _checked(today, 1 - days), today + timedelta(days=1)
    if typed in ("today", "yesterday") or re.fullmatch(_DAY, typed):
        day = _day_of(typed, today, ahead=False) or today
        return day, day + timedelta(days=1)
    which, _, unit = typed.partition(" ")
    if which in ("this", "last") and unit in ("week", "month", "year"):
        begin = _begin(unit, today)
        return (begin, _next(unit, begin)) if which == "this" else (_begin(unit, _checked(begin, -1)), begin)
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", typed):
        begin = _date_of(f"{typed}-01" if "-" in typed else f"{typed}-01-01")
        return begin, _next("month" if "-" in typed else "year", begin)
    raise UnreadError(why_not)


def _begin(unit: str, day: date) -> date:
    """The first day of the week, month or year a day lies in."""
    if unit == "week":
        return _checked(day, -day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _next(unit: str, begin: date) -> date:
    """The first day of the week, month or year after the one that begins so."""
    return _begin(unit, begin + timedelta(days={"week": 7, "month": 31, "year": 366}[unit]))


def _why_no_span(typed: str) -> str:
    if re.fullmatch(r"[0-9]+ ?(h|hours?|m|mins?|minutes?|y|years?|months?)", typed):
        return "a span is counted in days or weeks"
    if re.match(r"[0-9]{1,2}[/.-][0-9]", typed):
        return "the order of day and month is not settled; write the date as year-month-day, like 2026-11-10"
    if typed.isdigit():
        return "it is only a number; write '7d' for days"
    return "it is in none of the forms"
