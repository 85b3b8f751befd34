"""What the phrases say about time: how often, when, for how long, and within which limits."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TypeVar

from medtrack.domain.timing_flags import check_rrule
from medtrack.errors import BadTime, BadTiming, NotSettled

from .draft import JOINTS, Draft
from .terms import (
    ADVERBS,
    CLOCK_TIME,
    DAY_NAMES,
    EVENTS,
    LENGTH,
    MEALS,
    THE,
    UNIT_NAMES,
    UNIT_OF_TIME,
    Match,
    number,
    range_of,
    rate,
    whole,
)

Fact = TypeVar("Fact")


def _agree(known: Fact | None, said: Fact, what: str) -> Fact:
    """What is said, where nothing else was said about it; raises NotSettled for a second, different fact."""
    if known not in (None, said):
        raise NotSettled(what=f"There are two {what} that do not agree. Type one.")
    return said


# --- how often ------------------------------------------------------------------------------------


def say_other_event(draft: Draft, match: Match) -> None:
    """'every other night', 'alternate mornings'."""
    draft.rates.append(rate(None, "2", "day"))
    draft.add_when([EVENTS[match["event"]]])


def say_times_per(draft: Draft, match: Match) -> None:
    """'three times a day', 'up to 4 times daily'."""
    unit = match["unit"]
    unit = {"fortnightly": "fortnight"}.get(unit, ADVERBS.get(unit, unit))
    repeat = rate(match["times"], match["period"] or "1", unit)
    if match["most"]:
        draft.is_at_most = True
        repeat = repeat._replace(frequency=None, frequency_max=repeat.frequency_max or repeat.frequency)
    draft.rates.append(repeat)


def say_adverb(draft: Draft, match: Match) -> None:
    """'daily', 'weekly'."""
    unit = {"fortnightly": "fortnight"}.get(match["unit"], ADVERBS.get(match["unit"], match["unit"]))
    draft.rates.append(rate(None, "1", unit))
    draft.is_plain_rate = True


def say_every(draft: Draft, match: Match) -> None:
    """'every 8 hours', 'every 4 to 6 hours', 'every day'."""
    low, high = range_of(match["n"] or "1")
    draft.rates.append(rate(None, str(low), match["unit"], high))
    draft.is_plain_rate = low == 1


def say_every_other(draft: Draft, match: Match) -> None:
    """'every other day', 'every third day', 'on alternate days'."""
    nth = match["nth"] or ""
    step = nth[1:] if nth.startswith("#") else {"third": "3"}.get(nth, "2")
    if int(step) < 2:
        raise NotSettled(what=f"'every {step}st' does not say how often. Type 'daily', or 'every 2 days'.")
    if match["unit"] == "fortnight":
        raise NotSettled(what="'every other fortnight' is easily misread. Type 'every 4 weeks'.")
    draft.rates.append(rate(None, step, match["unit"] or "day"))


def say_hourly(draft: Draft, match: Match) -> None:
    """'6 hourly'."""
    low, high = range_of(match["n"])
    draft.rates.append(rate(None, str(low), "hour", high))


def say_per(draft: Draft, match: Match) -> None:
    """'a day', 'per week', which does not count doses."""
    draft.rates.append(rate(None, "1", match["unit"]))
    draft.is_loose_rate = True


def say_cycle(draft: Draft, match: Match) -> None:
    """'21 days on, 7 days off'."""
    days = {"day": 1, "week": 7}
    if not (match["on_unit"] or match["off_unit"]):
        raise NotSettled(what="A cycle needs its unit. Type it like '21 days on, 7 days off'.")
    unit_on, unit_off = match["on_unit"] or match["off_unit"], match["off_unit"] or match["on_unit"]
    cycle = (
        whole(number(match["on"]), "days on") * days[unit_on],
        whole(number(match["off"]), "days off") * days[unit_off],
    )
    draft.cycle = _agree(draft.cycle, cycle, "cycles")


# --- when -----------------------------------------------------------------------------------------


def _split(text: str) -> list[str]:
    return [part for part in re.split(r" , and | and | , | or | / ", text) if part]


def _check_or(said: str, what: str) -> None:
    """Refuse a choice: read as a list it would double the dose."""
    if re.search(r"\bor\b", said):
        raise NotSettled(
            what=f"'or' between two {what} does not say which. Type the one, or both with 'and'."
        )


def say_meals(draft: Draft, match: Match) -> None:
    """'30 minutes before breakfast', 'with food'."""
    _check_or(match["meals"], "meals")
    relation = {"before": "AC", "after": "PC"}.get(match["relation"], "C")
    draft.add_when(
        [relation + MEALS[re.sub(rf"^{THE}", "", meal) or "meal"] for meal in _split(match["meals"])]
    )
    if match["n"]:
        if relation == "C":
            raise NotSettled(what="A number of minutes needs 'before' or 'after' a meal.")
        minutes = range_of(match["n"])[0] * (60 if match["n_unit"] == "hour" else 1)
        draft.offset = _agree(draft.offset, whole(minutes, "minutes"), "numbers of minutes")


def say_events(draft: Draft, match: Match) -> None:
    """'in the morning and at night', 'at bedtime'."""
    _check_or(match["events"], "moments of the day")
    names = [
        re.sub(r"^(?:(?:first thing|last thing|in|at|on|every|the|by) )*", "", event)
        for event in _split(match["events"])
    ]
    names = [name.replace(" time", "") for name in names]
    draft.add_when([EVENTS.get(name) or "C" + MEALS[name] for name in names])


def say_waking(draft: Draft, match: Match) -> None:
    """'on waking', '30 minutes after waking'."""
    draft.add_when(["WAKE"])
    if match["n"]:
        minutes = whole(number(match["n"]) * (60 if match["n_unit"] == "hour" else 1), "minutes")
        draft.offset = _agree(draft.offset, minutes, "numbers of minutes")


def say_before_bedtime(draft: Draft, match: Match) -> None:
    """'1 hour before bedtime'."""
    draft.add_when(["HS"])
    if match["n"]:
        lead = LENGTH[match["n_unit"]] * int(whole(number(match["n"]), "minutes"))
        draft.lead = _agree(draft.lead, lead, "lengths of time before bedtime")
        unit = "minute" if match["n_unit"] == "min" else "hour"
        draft.advice.append(f"{match['n']} {unit}{'' if match['n'] == '1' else 's'} before bedtime")


def say_midnight(draft: Draft, _: Match) -> None:
    """'at midnight'."""
    draft.times.append(time(0))


def say_times(draft: Draft, match: Match) -> None:
    """'at 08:00 and 20:00'."""
    _check_or(match["times"], "times")
    draft.adds_times = draft.adds_times or (bool(draft.named_moments()) and draft.joint == "and")
    for found in re.findall(CLOCK_TIME, match["times"]):
        moment = time.fromisoformat(found[1:])
        if moment in draft.times:
            raise NotSettled(what=f"{found[1:]} is there twice. Type each time once.")
        draft.times.append(moment)


def say_weekdays(draft: Draft, match: Match) -> None:
    """'on Monday and Thursday', 'every Friday', 'Monday to Friday'."""
    said = match["days"]
    if draft.weekdays and (draft.joint not in JOINTS or draft.every_weeks != 1):
        raise NotSettled(what="It names days twice. Type them together: 'on Monday and Thursday'.")
    _check_or(said, "days")
    said = re.sub(r"(days?) (?=[mtwfs][a-z]+day)", r"\1 , ", said)
    for part in _split(said):
        first, _, last = part.replace(" through ", " to ").replace(" -- ", " to ").partition(" to ")
        start = DAY_NAMES.index(first.removesuffix("s"))
        end = DAY_NAMES.index(last.removesuffix("s")) if last else start
        draft.weekdays += [day % 7 for day in range(start, end + 1 + (7 if end < start else 0))]
    if len(set(draft.weekdays)) < len(draft.weekdays):
        raise NotSettled(what="A weekday is there twice. Type each day once.")
    draft.says_every_week = bool(match["every"] or match["weekly"] or re.search(r"days\b", said))


def say_week_kind(draft: Draft, match: Match) -> None:
    """'on weekdays', 'at the weekend'."""
    draft.weekdays += range(5) if match["kind"] == "weekday" else (5, 6)


def say_except(draft: Draft, match: Match) -> None:
    """'except on Sunday', 'except at weekends': every other day of the week."""
    if draft.weekdays:
        raise NotSettled(
            what="It names days twice. Type those on which it is taken: 'on Monday and Thursday'."
        )
    if match["kind"]:
        draft.weekdays = list(range(5))
        return
    named = re.findall("|".join(DAY_NAMES), match["days"])
    if re.search(r" (?:to|through|--) ", match["days"]) or len(set(named)) in (0, 7):
        raise NotSettled(what="Type the days on which it is taken: 'on Monday and Thursday'.")
    draft.weekdays = [day for day, name in enumerate(DAY_NAMES) if name not in named]
    draft.says_every_week = True


def say_weeks_on(draft: Draft, match: Match) -> None:
    """'every 2 weeks on Monday'."""
    draft.every_weeks = whole(number(match["n"].replace("other", "2")), "weeks")
    say_weekdays(draft, match)


def say_month_days(draft: Draft, match: Match) -> None:
    """'monthly on day 1 and 15', 'on the 1st of every month'."""
    _check_or(match["days"], "days of the month")
    days = match["days"].replace("first", "1").replace("last day", "31")
    for part in re.findall(r"\d+", days):
        day = int(part)
        if not 1 <= day <= 31:
            raise BadTime(typed=f"day {part}", why="no month has it")
        draft.month_days.append(day)


def say_year_day(draft: Draft, match: Match) -> None:
    """'yearly on 29 February'."""
    month, day = match["day"].removeprefix("y").split("-")
    draft.year_day = _agree(draft.year_day, (int(month), int(day)), "days of the year")


# --- for how long ---------------------------------------------------------------------------------


def say_bounds(draft: Draft, match: Match) -> None:
    """'for 10 days', 'for 2 weeks', 'x 14 doses'."""
    low, high = range_of(match["n"] or "1")
    if high is not None or match["least"]:
        said = f"{match['least'] or ''}{match['n'].replace('~', ' to ')} {match['unit']}s"
        raise NotSettled(what=f"'for {said}' does not say when it ends. Type one number: 'for 5 days'.")
    if match["unit"] in ("dose", "cycle"):
        draft.count = _agree(draft.count, whole(low, "doses"), "numbers of doses")
        draft.counts_cycles = match["unit"] == "cycle"
    else:
        unit = {"fortnight": "week", "night": "day"}.get(match["unit"], match["unit"])
        length = whole(low, unit + "s") * (2 if match["unit"] == "fortnight" else 1)
        draft.bounds = _agree(draft.bounds, (length, UNIT_OF_TIME[unit]), "lengths")


def say_first_day(draft: Draft, _: Match) -> None:
    """'on day 1', as the first step of a sequence: '2 tablets on day 1, then 1 tablet daily for 4 days'."""
    draft.span = (1, 1)
    draft.bounds = _agree(draft.bounds, (1, "d"), "lengths")
    draft.rates.append(rate(None, "1", "day"))


def say_span(draft: Draft, match: Match) -> None:
    """'on days 2 to 5' of a sequence that began on day 1: a length of 4 days."""
    low, high = range_of(match["n"])
    draft.span = (whole(low, "day"), whole(high or low, "days"))
    draft.bounds = _agree(draft.bounds, (draft.span[1] - draft.span[0] + 1, "d"), "lengths")


def say_count(draft: Draft, match: Match) -> None:
    """'once', 'as a single dose'."""
    draft.count = _agree(draft.count, 1, "numbers of doses")
    draft.says_once = "time" in match.group()


def say_at_once(draft: Draft, _: Match) -> None:
    """'stat': one dose, now."""
    draft.count = _agree(draft.count, 1, "numbers of doses")
    draft.is_at_once = True


def say_until_count(draft: Draft, match: Match) -> None:
    """'until 20 have been taken'."""
    draft.count = _agree(draft.count, whole(number(match["n"]), "doses"), "numbers of doses")


def say_until(draft: Draft, match: Match) -> None:
    """'until 8 March 2026'."""
    draft.until = _agree(draft.until, date.fromisoformat(match["date"][1:]), "last days")


def say_start(draft: Draft, match: Match) -> None:
    """'starting 8 March 2026', 'from 1 March 2026 to 8 March 2026'."""
    draft.starts = _agree(draft.starts, date.fromisoformat(match["date"][1:]), "first days")
    if match["until"]:
        draft.until = _agree(draft.until, date.fromisoformat(match["until"][1:]), "last days")


# --- as needed, and its limits --------------------------------------------------------------------


def say_max(draft: Draft, match: Match) -> None:
    """'at most 8 tablets in 24 hours'."""
    if draft.max is not None:
        raise NotSettled(what="There are two limits. Type one: 'at most 4 tablets in 24 hours'.")
    period = LENGTH[match["unit_of_time"] or "day"] * whole(number(match["period"] or "1"), "days")
    draft.max = (number(match["n"]), UNIT_NAMES[match["unit"]] if match["unit"] else None, period)


def ask_max(_draft: Draft, match: Match) -> None:
    """'max 3 doses', which does not say in how long."""
    said = f"{match['n']} {match['unit'] or 'dose'}".replace(" units", " unit")
    raise NotSettled(
        what=f"'{said}s' at most, but in how long? Type it: 'at most {said}s in 24 hours'."
        if match["n"] != "1"
        else f"At most {said}, but in how long? Type it: 'at most {said} in 24 hours'."
    )


def say_gap(draft: Draft, match: Match) -> None:
    """'at least 6 hours apart'."""
    gap = LENGTH[match["unit"]] * float(number(match["n"]))
    draft.min_gap = _agree(draft.min_gap, gap, "gaps between doses")


# --- in plain words -------------------------------------------------------------------------------


def plain_rule(typed: str) -> str:
    """RRULE text alone; raises NotSettled where it steps in anything but days."""
    rule = typed.upper().rpartition(" ")[2].removeprefix("RRULE:").rstrip(",;")
    if not re.match(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*$", rule):
        raise NotSettled(what=f"The rule {rule} does not give days. Type it like 'FREQ=WEEKLY;BYDAY=MO,TH'.")
    try:
        check_rrule(rule)
    except BadTiming as refused:
        why = str(refused).partition(": ")[2].replace(f"--rrule {rule!r}", "it").replace("--rrule", "it")
        raise NotSettled(
            what=f"The rule {rule} cannot be planned: {why.rstrip('.')}. "
            "Type the days in it, and the times with 'at 09:00'."
        ) from None
    return rule


def plain_meal(match: re.Match[str]) -> str:
    """A meal anchor in plain words: '30 minutes before breakfast', 'with food'."""
    relation, _, meals = match.group().partition(match["relation"])
    one = re.search(r"\b(?:a|every|main|evening|morning|midday) meal\b", meals)
    meals = re.sub(r"\bevery (?=meal\b)", "each ", meals.replace(" ,", ","))
    meals = re.sub(r"\b(?:meal|eating)\b", "meal" if one else "meals", meals)
    if not match["n"]:
        return relation + match["relation"] + meals
    minutes = [int(float(part) * (60 if match["n_unit"] == "hour" else 1)) for part in match["n"].split("~")]
    return f"{' to '.join(map(str, minutes))} minutes {match['relation']}{meals}"
