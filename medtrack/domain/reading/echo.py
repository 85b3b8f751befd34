"""A reading said back: one plain sentence for people, one row for machines."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from medtrack.domain.amounts import Amount, exact, show_amount
from medtrack.domain.wording import (
    WEEKDAYS,
    is_single_dose,
    lead_of_advice,
    say_list,
    say_number_of,
    say_timing,
)

from .meaning import Part, Reading, Repeat

_UNITS = {"min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
_DAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVENT_WORDS = {
    "MORN": "in the morning", "NOON": "at noon", "AFT": "in the afternoon", "EVE": "in the evening",
    "NIGHT": "at night", "HS": "at bedtime", "WAKE": "on waking",
}  # fmt: skip


def say_reading(reading: Reading) -> str:
    """The whole reading as one sentence that is itself a prescription."""
    product = " ".join(word for word in (reading.name, reading.strength, reading.form) if word)
    steps: dict[int, list[str]] = {}
    for part in reading.parts:
        steps.setdefault(part.step, []).append(_say_part(part))
    said = ", then ".join(" and ".join(shares) for shares in steps.values())
    if reading.route:
        said += f", {'by mouth' if reading.route == 'oral' else reading.route}"
    if reading.reason:
        said += f", {reading.reason if reading.reason.startswith('to ') else 'for ' + reading.reason}"
    sentence = f"{product}: {said}" if reading.name or reading.strength else said
    return sentence[:1].upper() + sentence[1:] + "."


def _say_part(part: Part) -> str:
    words = [_say_amount(part.amount, part.amount_high)] if part.amount else []
    timing = say_timing(part.timing) if part.timing else _say_repeat(part)
    if is_single_dose(part.timing, part.count):
        timing = "as a single dose" + timing.removeprefix("daily")
    words.append(timing)
    said = " ".join(word for word in words if word)
    if part.advice:
        said += lead_of_advice(part.timing, part.advice) + part.advice
    if part.bounds:
        value, unit = part.bounds
        said += f" for {say_number_of(value, _UNITS[unit])}"
    if part.count == 1 and part.timing is None and not timing:
        return f"{said} as a single dose now"
    if part.count and not is_single_dose(part.timing, part.count):
        said += f" for {say_number_of(part.count, 'dose')}"
    if part.starts:
        said += f", starting {part.starts.isoformat()}"
    if part.until:
        said += f", until {part.until.isoformat()}"
    return said


def _say_amount(amount: Amount, high: Fraction | None) -> str:
    said = show_amount(amount, high)
    return said.removesuffix("s") if amount.unit.endswith("/kg") else said


def _say_repeat(part: Part) -> str:
    """A meaning without times: 'twice a week', 'every 4 to 6 hours', 'three to four times a day'."""
    repeat = part.repeat
    words = []
    if repeat.period and repeat.period_unit:
        unit = _UNITS[repeat.period_unit]
        low, high = repeat.frequency, repeat.frequency_max
        often = (
            f"{low} to {high} times" if low and high else _TIMES.get(low or high or 1, f"{low or high} times")
        )
        if high and not low:
            often = f"up to {high} times"
        if repeat.period == 1 and (repeat.period_max is None) and (low != 1 or high):
            words.append(f"{often} a {unit}")
        else:
            number = exact(repeat.period) + (f" to {exact(repeat.period_max)}" if repeat.period_max else "")
            words.append(f"every {unit}" if number == "1" else f"every {number} {unit}s")
    words += [EVENT_WORDS[code] for code in repeat.when if code in EVENT_WORDS]
    if repeat.weekdays:
        every = f"every {repeat.every_weeks} weeks " if repeat.every_weeks > 1 else ""
        words.append(f"{every}on " + say_list(WEEKDAYS[day] for day in repeat.weekdays))
    return " ".join(words)


def as_row(reading: Reading) -> dict[str, object]:
    """The one row of `parse --json`: FHIR R4 `Dosage` keys, exact decimal strings, None or [] where absent.

    A reading of one part has it in the row itself; several parts stand in `sequence`, and the row's own
    amount and timing are then those of the first.
    """
    first = reading.parts[0]
    row: dict[str, object] = {
        "name": reading.name,
        "strength": reading.strength,
        "form": reading.form,
        "route": reading.route,
        **_part_row(first),
        "reason": reading.reason,
        "sequence": [],
        "warnings": list(reading.warnings),
        "reads_as": reading.reads_as,
        "question": reading.question,
    }
    if len(reading.parts) > 1:
        shared = {key: row[key] for key in ("name", "strength", "form", "route", "reason")}
        row["sequence"] = [{**shared, **_part_row(part), "step": part.step} for part in reading.parts]
    return row


def _part_row(part: Part) -> dict[str, object]:
    return {
        "amount": _amount_row(part.amount, part.amount_high),
        "timing": _timing_row(part),
        "as_needed": part.as_needed,
        "as_needed_for": part.as_needed_for,
        "max_dose": _max_row(part),
        "min_gap": _duration_row(part.min_gap),
        "advice": part.advice,
    }


def _amount_row(amount: Amount | None, high: Fraction | None) -> dict[str, str | None] | None:
    if amount is None:
        return None
    return {"value": exact(amount.value), "high": exact(high) if high else None, "unit": amount.unit}


def _timing_row(part: Part) -> dict[str, object]:
    repeat = part.repeat
    if repeat.every_weeks > 1 and repeat.period_unit in (None, "d"):
        # FHIR counts the doses of the whole period, and has no other word for every second Monday.
        doses = (repeat.frequency or 1) * len(repeat.weekdays)
        repeat = repeat._replace(frequency=doses, period=Fraction(repeat.every_weeks), period_unit="wk")
    period = {"start": part.starts, "end": part.until}
    return {
        "frequency": repeat.frequency,
        "frequencyMax": repeat.frequency_max,
        "period": _number(repeat.period),
        "periodMax": _number(repeat.period_max),
        "periodUnit": repeat.period_unit,
        "dayOfWeek": [_DAY_CODES[day] for day in repeat.weekdays],
        "timeOfDay": [moment.isoformat() for moment in repeat.times],
        "when": list(repeat.when),
        "offset": repeat.offset,
        "count": part.count,
        "boundsDuration": {"value": part.bounds[0], "unit": part.bounds[1]} if part.bounds else None,
        "boundsPeriod": {key: day.isoformat() if day else None for key, day in period.items()}
        if part.starts or part.until
        else None,
        "cycle": {"on": repeat.cycle[0], "off": repeat.cycle[1]} if repeat.cycle else None,
        "dayOfMonth": list(repeat.month_days),
        "dayOfYear": _year_day(repeat),
        "rrule": repeat.rrule,
    }


def _number(value: Fraction | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else exact(value)


def _year_day(repeat: Repeat) -> str | None:
    return "{:02d}-{:02d}".format(*repeat.year_day) if repeat.year_day else None


def _max_row(part: Part) -> dict[str, object] | None:
    if part.max_amount is None or part.max_period is None:
        return None
    hours = part.max_period / timedelta(hours=1)
    value, unit = (int(hours / 24), "d") if hours % 24 == 0 else (int(hours), "h")
    return {
        "value": exact(part.max_amount.value),
        "unit": part.max_amount.unit,
        "period": value,
        "periodUnit": unit,
    }


def _duration_row(length: timedelta | None) -> dict[str, object] | None:
    if length is None:
        return None
    minutes = int(length.total_seconds() // 60)
    return {"value": minutes // 60, "unit": "h"} if minutes % 60 == 0 else {"value": minutes, "unit": "min"}
