"""From what was said to a timing that can be planned, or the question that is still open.

'Twice daily' is a clock plan at the person's own times, 'every 12 hours' an interval plan: the HL7 codes BID
and Q12H differ in the same way. A frequency is never invented from a meal ('with food' stays advice), and
what contradicts itself is refused (FHIR R4's own page on Timing warns of 'every 3 days on Friday').
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import AsNeeded, Clock, Days, Interval, Timing
from medtrack.domain.wording import WEEKDAYS, say_duration
from medtrack.errors import NotSettled

from .draft import MEALS_UNNAMED, Draft
from .meaning import Habits, Repeat

_PERIODS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "wk": timedelta(days=7),
}
_AFTERNOON = time(15)
"""What a typed time is compared with; by itself 'in the afternoon' is asked about."""
_OTHER = timedelta(hours=2)
"""A clock time at least this far from a moment of the day is another dose."""
_NEAR = timedelta(hours=4)
"""A clock time this near to a moment of the day can be that moment: 'every evening at 21:00'."""
_ANY_DAY = date(2000, 1, 1)


class Planned(NamedTuple):
    """The meaning in FHIR's terms, the timing where it is complete, and the question where it is not."""

    repeat: Repeat
    timing: Timing | None
    question: str | None = None


def plan_timing(draft: Draft, amount: Amount | None, high: Fraction | None, habits: Habits) -> Planned:
    """Decide when doses fall; raises NotSettled where the words contradict each other."""
    repeat = _merge(draft, habits)
    _check_days(draft, repeat)
    if len(draft.weekdays) == 1 and not draft.says_every_week and repeat.period_unit != "wk":
        day = WEEKDAYS[draft.weekdays[0]]
        raise NotSettled(
            what=f"'on {day}' can mean once or every week. Type 'every {day}', or 'once' and the date."
        )
    if draft.says_once and (
        draft.rates or draft.has_days() or draft.times or set(draft.when) - set(MEALS_UNNAMED)
    ):
        raise NotSettled(
            what="'once' can mean a single dose in all, or once each time. Type 'as a single dose', "
            "or 'once daily'."
        )
    if draft.offset is not None and draft.moments_said > 1:
        raise NotSettled(
            what="It is not clear which moments the minutes belong to. Type the times: 'at 07:30 and 19:00'."
        )
    if draft.as_needed:
        return Planned(repeat, _plan_as_needed(draft, repeat, amount, high))
    if draft.is_at_most or repeat.frequency_max is not None:
        return Planned(
            repeat,
            None,
            "How many times a day exactly? Type 'three times daily', or 'as needed' with a limit.",
        )
    if repeat.period_unit in ("h", "min"):
        return _plan_interval(draft, repeat)
    if draft.count == 1 and not draft.has_timing():
        return Planned(repeat, Clock(habits.once))
    if not draft.has_timing():
        return Planned(repeat, None, "How often? Type 'once daily', 'every 8 hours' or 'as needed'.")
    return _plan_clock(draft, repeat, habits)


def _merge(draft: Draft, habits: Habits) -> Repeat:
    """The one frequency that was meant; 'twice daily (every 12 hours)' is twice daily.

    The hours are kept where the times of the day are not those hours apart: 'every 6 hours four times a day'.
    """
    rates = list(dict.fromkeys(draft.rates))
    if len(rates) == 2:
        daily = [rate for rate in rates if rate.period == 1 and rate.period_unit == "d"]
        hourly = [rate for rate in rates if rate.period_unit == "h"]
        if daily and hourly and hourly[0].period and (daily[0].frequency or 0) * hourly[0].period == 24:
            known = _usual_times(daily[0].frequency or 1, habits) or ()
            between = timedelta(hours=float(hourly[0].period))
            rates = daily if set(gaps(draft.times or known)) == {between} else hourly
        every = [
            rate for rate in rates if rate.frequency == 1 and rate.period_unit == "d" and rate.period != 1
        ]
        if daily and every and daily[0].frequency_max is None and not draft.as_needed:
            draft.a_day, rates = daily[0].frequency, every  # 'twice daily every 2 days'
    if len(rates) > 1:
        raise NotSettled(
            what="It says how often in two ways that do not agree. Type one: 'three times daily', "
            "or 'every 2 days'."
        )
    found = rates[0] if rates else Repeat()
    named = draft.named_moments()
    moments = len(draft.times) + len(named) if draft.adds_times else len(draft.times) or len(named)
    is_of_meals = bool(set(draft.when) & set(MEALS_UNNAMED) - ({"C"} if not draft.joins_meals else set()))
    if not rates and moments and draft.count != 1 and not is_of_meals:
        found = Repeat(frequency=moments, period=Fraction(1), period_unit="d")
    return found._replace(
        weekdays=tuple(sorted(draft.weekdays)),
        times=tuple(sorted(draft.times)),
        when=tuple(dict.fromkeys(draft.when)),
        offset=draft.offset,
        every_weeks=draft.every_weeks,
        cycle=draft.cycle,
        month_days=tuple(sorted(set(draft.month_days))),
        year_day=draft.year_day,
        rrule=draft.rrule,
        from_last_dose=draft.from_last_dose,
    )


def _check_days(draft: Draft, repeat: Repeat) -> None:
    """Refuse days that two phrases decide differently, such as 'every 3 days on Friday'."""
    other_than_daily = repeat.period_unit is not None and not (
        repeat.period == 1 and repeat.period_unit == "d"
    )
    kinds = [
        bool(draft.weekdays),
        bool(draft.month_days),
        bool(draft.year_day),
        bool(draft.cycle),
        bool(draft.rrule),
    ]
    weekly = repeat.period_unit == "wk" and bool(draft.weekdays)
    two_rhythms = weekly and draft.every_weeks not in (1, repeat.period)
    if sum(kinds) > 1 or two_rhythms or (any(kinds) and other_than_daily and not weekly):
        raise NotSettled(
            what="It says on which days in two ways that contradict each other. Type one: 'every 3 "
            "days', or 'every Friday'."
        )
    if weekly and repeat.frequency != len(draft.weekdays):
        raise NotSettled(
            what=f"It says {repeat.frequency} times a week but names {len(draft.weekdays)} "
            f"day{'s'[: len(draft.weekdays) != 1]}. Type the days alone: 'on Monday and Thursday'."
        )
    if repeat.frequency and repeat.period_unit == "d" and repeat.period != 1 and repeat.frequency > 1:
        raise NotSettled(
            what="Several times in several days does not say when. Type the days: 'every 2 days'."
        )


def _plan_interval(draft: Draft, repeat: Repeat) -> Planned:
    specific = [code for code in draft.when if code not in MEALS_UNNAMED]
    if draft.times or specific:
        raise NotSettled(
            what="An interval in hours and a time of day do not go together. Type 'every 8 hours', "
            "or 'at 08:00 and 16:00'."
        )
    if repeat.period_max is not None:
        return Planned(
            repeat, None,
            f"Every {repeat.period} or every {repeat.period_max} hours? Type one, or add 'as needed'.",
        )  # fmt: skip
    if repeat.frequency != 1 or repeat.period is None:
        raise NotSettled(what="Several doses an hour cannot be planned. Type 'every 30 minutes'.")
    every = timedelta(seconds=int(repeat.period * int(_PERIODS[repeat.period_unit or "h"].total_seconds())))
    return Planned(repeat, Interval(every, repeat.from_last_dose))


def _plan_clock(draft: Draft, repeat: Repeat, habits: Habits) -> Planned:
    unit, period = repeat.period_unit, repeat.period
    if repeat.period_max is not None:
        return Planned(repeat, None, "Every how many days exactly? Type one number: 'every 2 days'.")
    if draft.from_last_dose:
        raise NotSettled(
            what="'from the last dose' needs an interval in hours: 'every 8 hours from the last dose'."
        )
    if unit == "wk" and not draft.weekdays and (repeat.frequency or 0) > 1:
        return Planned(repeat, None, "On which days of the week? Type them: 'on Monday and Thursday'.")
    if unit == "mo" and not draft.month_days:
        return Planned(repeat, None, "On which day of the month? Type it: 'monthly on day 1'.")
    if unit == "a" and not draft.year_day:
        return Planned(repeat, None, "On which day of the year? Type it: 'yearly on 1 October'.")
    a_day = repeat.frequency if unit == "d" else 1 if unit else None
    if unit == "d" and a_day == 1 and period != 1:
        a_day = (
            draft.a_day
            or (len(draft.times) if not draft.named_moments() else len(draft.named_moments()))
            or 1
        )
        repeat = repeat._replace(frequency=a_day)
    times, question = _times_of_day(draft, a_day, habits)
    if times is None:
        return Planned(repeat, None, question)
    weeks = int(period or 1) if unit == "wk" and draft.weekdays else draft.every_weeks
    every = int(period or 1) * {"d": 1, "wk": 0 if draft.weekdays else 7}.get(unit or "", 0)
    return Planned(repeat, Clock(times, Days(
        every=max(every, 1), weeks=weeks, weekdays=repeat.weekdays, cycle=repeat.cycle,
        month_days=repeat.month_days, year_day=repeat.year_day, rrule=repeat.rrule,
    )))  # fmt: skip


def _times_of_day(
    draft: Draft, a_day: int | None, habits: Habits
) -> tuple[tuple[time, ...] | None, str | None]:
    """The clock times of one day, or the question for them."""
    specific = draft.named_moments()
    generic = [code for code in dict.fromkeys(draft.when) if code in MEALS_UNNAMED]
    if draft.times:
        moments = sorted(_moment(code, draft, habits) for code in specific)
        times = _join_times(sorted(draft.times), moments, adds=draft.adds_times)
        if a_day not in (None, len(times)):
            raise NotSettled(
                what=f"It says {a_day} times a day but gives {len(times)} time{'s'[: len(times) != 1]}. "
                "Type every time: 'at 08:00 and 20:00'."
            )
        return times, None
    wanted = (a_day or 0) - len(specific)
    if (generic and generic != ["C"] and (wanted == 3 or (wanted == 3 and specific))) or (
        generic and specific and wanted == 3
    ):
        specific = [f"{generic[0]}{meal}" for meal in "MDV"] + specific
    elif generic and specific and draft.joins_meals:
        raise NotSettled(what="Which meals? Type the times: 'at 08:00, 13:00, 19:00 and 22:00'.")
    elif generic and specific and a_day != len(specific):
        return None, "Which meals? Type the times: 'at 08:00, 13:00, 19:00 and 22:00'."
    if specific:
        if a_day not in (None, len(specific)):
            raise NotSettled(
                what=f"It says {a_day} times a day but names {len(specific)} "
                f"moment{'s'[: len(specific) != 1]} of it. Type every time: 'at 08:00 and 20:00'."
            )
        if "AFT" in specific:
            return None, "At what time in the afternoon? Type it: 'at 15:00'."
        named = {_moment(code, draft, habits) for code in specific}
        if len(named) < len(specific):
            return (
                None,
                "Two of these are at the same time in your settings. Type both: 'at 08:00 and 20:00'.",
            )
        return tuple(sorted(named)), None
    if generic and a_day is None and not draft.has_days():
        return None, "How many times a day? Type 'three times daily with meals', or 'daily with breakfast'."
    known = _usual_times(a_day or 1, habits)
    return (
        (known, None) if known else (None, f"At which {a_day} times? Type them: 'at 06:00, 10:00 and 14:00'.")
    )


def _usual_times(a_day: int, habits: Habits) -> tuple[time, ...] | None:
    """The person's own times for so many doses a day, where they have any."""
    return {1: habits.once, 2: habits.twice, 3: habits.three, 4: habits.four}.get(a_day)


def gaps(times: Sequence[time]) -> list[timedelta]:
    """The time from each of a day's doses to the next, the last one's to the first of the next day."""
    placed = [datetime.combine(_ANY_DAY, moment) for moment in sorted(times)]
    following = placed[1:] + [moment + timedelta(days=1) for moment in placed[:1]]
    return [after - before for before, after in zip(placed, following, strict=True)]


def _join_times(times: list[time], moments: list[time], *, adds: bool) -> tuple[time, ...]:
    """Clock times with the moments named beside them: further doses after 'and', else the same ones.

    Raises NotSettled where they can be neither: 'at bedtime at 08:00', 'at 08:00 and before breakfast'.
    """
    if not moments:
        return tuple(times)
    apart = [[_distance(moment, known) for known in times] for moment in moments]
    if adds and all(min(distances) >= _OTHER for distances in apart):
        return tuple(sorted(times + moments))
    same = len(times) == len(moments) and all(apart[n][n] <= _NEAR for n in range(len(times)))
    if adds or not same:
        raise NotSettled(
            what="It names times and moments of the day that may or may not be the same doses. "
            "Type every time: 'at 08:00 and 22:00'."
        )
    return tuple(times)


def _distance(one: time, other: time) -> timedelta:
    """How far two clock times are apart, around midnight too."""
    between = abs(datetime.combine(_ANY_DAY, one) - datetime.combine(_ANY_DAY, other))
    return min(between, timedelta(days=1) - between)


def _moment(code: str, draft: Draft, habits: Habits) -> time:
    """The clock time of one FHIR event code for this person."""
    fixed = {
        "MORN": habits.morning,
        "WAKE": habits.morning,
        "NOON": habits.noon,
        "AFT": _AFTERNOON,
        "EVE": habits.evening,
        "NIGHT": habits.night,
        "HS": habits.bedtime,
    }
    shift = timedelta(minutes=draft.offset or 0)
    if code in fixed:
        if code == "HS":
            return _shift(fixed[code], -(draft.lead or timedelta()))
        return _shift(fixed[code], shift if code == "WAKE" else timedelta())
    meal = {"M": habits.breakfast, "D": habits.lunch, "V": habits.dinner}[code[-1]]
    if code.startswith("AC"):
        return _shift(meal, -(shift or habits.before_meal))
    return _shift(meal, shift if code.startswith("PC") else timedelta())


def _shift(moment: time, by: timedelta) -> time:
    return (datetime.combine(_ANY_DAY, moment) + by).time()


def _plan_as_needed(draft: Draft, repeat: Repeat, amount: Amount | None, high: Fraction | None) -> AsNeeded:
    """Limits of an as-needed dose: those that were said, and those that a frequency implies."""
    if draft.has_days() or draft.times:
        raise NotSettled(what="As needed, and on set days or times: type one of them.")
    gap, most, period = draft.min_gap, None, None
    per = _PERIODS.get(repeat.period_unit or "")
    most_often = repeat.frequency_max or repeat.frequency
    if repeat.period_unit in ("h", "min") and repeat.period and per and most_often == 1:
        implied = timedelta(seconds=int(repeat.period * int(per.total_seconds())))
        if gap not in (None, implied):
            raise NotSettled(
                what=f"It gives two gaps between doses, {say_duration(implied)} and {say_duration(gap)}. "
                "Type one: 'as needed, at least 6 hours apart'."
            )
        gap = implied
    elif per and repeat.period and most_often and amount:
        most, period = (high or amount.value) * most_often, per * int(repeat.period)
    elif amount and [code for code in draft.when if code not in MEALS_UNNAMED]:
        moments = len({code for code in draft.when if code not in MEALS_UNNAMED})
        most, period = (high or amount.value) * moments, _PERIODS["d"]
    unit = amount.unit if amount else "dose"
    if draft.max is not None:
        value, said_unit, period = draft.max
        return AsNeeded(draft.as_needed_for, Amount(value, said_unit or unit), period, gap)
    return AsNeeded(draft.as_needed_for, Amount(most, unit) if most else None, period, gap)
