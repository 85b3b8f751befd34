"""Which calendar days a clock plan runs on: pure date arithmetic, never multiples of 24 hours.

Patterns are anchored at the plan's first day, and answered near the day asked about, so a plan of
twenty years costs no more than one of yesterday. RRULE text is the exception: dateutil walks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from math import lcm

from .regimen import Clock, Days

DAY = timedelta(days=1)
_YEARS = 12 * 366
"""How far to look for a day: a date of the year falls on a given weekday again within twelve years."""
_LONGEST = 40 * 366
"""Days of rarer patterns than this are taken one by one."""


def runs_on(days: Days, origin: date, day: date) -> bool:
    """Whether the pattern anchored at `origin` has slots on this day; the anchor reaches back too."""
    since = (day - origin).days
    if since % days.every:
        return False
    if days.cycle is not None and since % sum(days.cycle) >= days.cycle[0]:
        return False
    if days.weekdays and day.weekday() not in days.weekdays:
        return False
    if days.weeks > 1 and (since + origin.weekday() - day.weekday()) // 7 % days.weeks:
        return False
    if days.month_days and not _in_month(days.month_days, day):
        return False
    return days.year_day is None or _in_year(days.year_day, day)


def _in_month(month_days: tuple[int, ...], day: date) -> bool:
    last = _last_day(day.year, day.month)
    return any(min(wanted, last) == day.day for wanted in month_days)


def _in_year(year_day: tuple[int, int], day: date) -> bool:
    month, wanted = year_day
    return day.month == month and day.day == min(wanted, _last_day(day.year, month))


def _last_day(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - DAY).day


def pattern_days(days: Days, origin: date, since: date, until: date) -> Iterator[date]:
    """The days in `[since, until)` on which the pattern runs, in order."""
    if days.rrule is not None:
        others = days._replace(rrule=None)
        for day in _rrule_days(days.rrule, origin, since, until):
            if runs_on(others, origin, day):
                yield day
        return
    plain = days == Days()
    for number in range((until - since).days):
        day = since + timedelta(number)
        if plain or runs_on(days, origin, day):
            yield day


def pattern_ordinals(days: Days, origin: date, since: date, until: date) -> Sequence[int]:
    """The ordinals of the days in `[since, until)` on which the pattern runs; a range where that is all."""
    if days == Days():
        return range(since.toordinal(), until.toordinal())
    return [day.toordinal() for day in pattern_days(days, origin, since, until)]


@lru_cache(maxsize=64)
def _rule(text: str, origin: date) -> Iterable[datetime]:
    """The rule from its first day on; it keeps what it worked out, so that it is walked once."""
    from dateutil.rrule import rrulestr

    rule: Iterable[datetime] = rrulestr(text, dtstart=datetime.combine(origin, time()), cache=True)
    return rule


def _rrule_days(rule: str, origin: date, since: date, until: date) -> Iterator[date]:
    last: date | None = None
    for found in _rule(rule, origin):
        day = found.date()
        if day >= until:
            return
        if day >= since and day != last:
            last = day
            yield day


def first_day(timing: Clock, begins: datetime) -> date | None:
    """The day that anchors the pattern: the first with a slot at or after the plan's start (naive local).

    None where the pattern names no day within years of it.
    """
    day = begins.date()
    if timing.times[-1] < begins.time():
        day += DAY
    days = timing.days
    # Counted patterns (every N days, cycles, every N weeks) start their count at the first day that the
    # calendar conditions allow.
    calendar = days._replace(every=1, cycle=None, weeks=1)
    return next(pattern_days(calendar, day, day, day + timedelta(_YEARS)), None)


def previous_day(days: Days, origin: date, day: date) -> date:
    """The last day before this one on which the pattern would run, anchored at `origin`, also before it.

    RRULE text has no days before its origin: the spacing to the next one stands in, or a day.
    """
    if days == Days():
        return day - DAY
    if days.rrule is not None:
        return _previous_rrule_day(days, origin, day)
    for number in range(1, _YEARS):
        earlier = day - timedelta(number)
        if runs_on(days, origin, earlier):
            return earlier
    return day - DAY


def _previous_rrule_day(days: Days, origin: date, day: date) -> date:
    earlier = list(pattern_days(days, origin, origin, day))
    if earlier:
        return earlier[-1]
    ahead = list(islice(pattern_days(days, origin, day, day + timedelta(_YEARS)), 2))
    return day - (ahead[1] - ahead[0] if len(ahead) == 2 else DAY)


def longest_spacing(days: Days) -> timedelta:
    """An upper bound for the distance between two days of the pattern; RRULE text is taken as yearly."""
    # What counts days and weeks repeats after their common multiple.
    period = lcm(
        days.every, 7 * days.weeks if days.weekdays or days.weeks > 1 else 1, sum(days.cycle or (1, 0))
    )
    longest = period
    if days.year_day is not None or days.rrule is not None:
        longest = 366 * (1 if period == 1 else 2 * period)
    elif days.month_days:
        longest = 31 if period == 1 else 366 * period
    return timedelta(min(longest, _LONGEST))
