"""Timings spelled out with flags: what each combination means, and which cannot be."""

from __future__ import annotations

from datetime import time, timedelta
from fractions import Fraction

import pytest

from medtrack import errors
from medtrack.domain.amounts import Amount
from medtrack.domain.regimen import AsNeeded, Clock, Days, Interval, Timing
from medtrack.domain.timing_flags import TimingFlags, check_rrule, read_timing

ONCE = (time(8),)
HOUR = timedelta(hours=1)
BOTH = (time(8), time(20))


def read(**flags: str | bool) -> Timing | None:
    return read_timing(TimingFlags(**flags), "tablet", ONCE, "pain")  # type: ignore[arg-type]


READ: list[tuple[dict[str, str | bool], Timing | None]] = [
    ({}, None),
    ({"at": "20:00,8am"}, Clock(BOTH)),
    ({"on": "mon,thu"}, Clock(ONCE, Days(weekdays=(0, 3)))),
    ({"at": "08:00", "on": "weekdays"}, Clock(ONCE, Days(weekdays=(0, 1, 2, 3, 4)))),
    ({"every": "2d"}, Clock(ONCE, Days(every=2))),
    ({"every": "3w", "at": "08:00,20:00"}, Clock(BOTH, Days(every=21))),
    # With weekdays, weeks are weeks of the calendar.
    ({"every": "2w", "on": "mon"}, Clock(ONCE, Days(weekdays=(0,), weeks=2))),
    ({"every": "14d", "on": "mon,thu"}, Clock(ONCE, Days(weekdays=(0, 3), weeks=2))),
    ({"cycle": "21/7"}, Clock(ONCE, Days(cycle=(21, 7)))),
    ({"monthly": "31,1,15"}, Clock(ONCE, Days(month_days=(1, 15, 31)))),
    ({"yearly": "02-29"}, Clock(ONCE, Days(year_day=(2, 29)))),
    ({"rrule": "FREQ=MONTHLY;BYDAY=1MO"}, Clock(ONCE, Days(rrule="FREQ=MONTHLY;BYDAY=1MO"))),
    ({"every": "8h"}, Interval(8 * HOUR)),
    ({"every": "24h"}, Interval(24 * HOUR)),
    ({"every": "8h", "anchor": "last-dose"}, Interval(8 * HOUR, from_last_dose=True)),
    ({"as_needed": True}, AsNeeded("pain")),
    (
        {"as_needed": True, "most": "4/24h", "min_gap": "6h"},
        AsNeeded("pain", Amount(Fraction(4), "tablet"), 24 * HOUR, 6 * HOUR),
    ),
    ({"as_needed": True, "most": "4000 mg/day"}, AsNeeded("pain", Amount(Fraction(4000), "mg"), 24 * HOUR)),
    ({"as_needed": True, "most": "1/2/week"}, AsNeeded("pain", Amount(Fraction(1, 2), "tablet"), 168 * HOUR)),
    ({"as_needed": True, "min_gap": "90m"}, AsNeeded("pain", None, None, 1.5 * HOUR)),
]


@pytest.mark.parametrize(("flags", "timing"), READ)
def test_what_flags_mean(flags: dict[str, str | bool], timing: Timing | None) -> None:
    assert read(**flags) == timing


REFUSED: list[tuple[dict[str, str | bool], str]] = [
    ({"as_needed": True, "at": "08:00"}, "--as-needed has no times"),
    ({"as_needed": True, "every": "8h"}, "--as-needed has no times"),
    ({"as_needed": True, "cycle": "21/7"}, "--as-needed has no times"),
    ({"most": "4/24h", "at": "08:00"}, "belong to --as-needed"),
    ({"min_gap": "6h"}, "belong to --as-needed"),
    ({"every": "8h", "at": "08:00"}, "steps in elapsed time"),
    ({"every": "8h", "on": "mon"}, "steps in elapsed time"),
    ({"every": "8h", "anchor": "first-dose"}, "--anchor is 'last-dose'"),
    ({"anchor": "last-dose"}, "--anchor belongs to an interval"),
    ({"every": "2d", "anchor": "last-dose"}, "--anchor belongs to an interval"),
    ({"as_needed": True, "most": "4"}, "names no period"),
    ({"as_needed": True, "most": "4/"}, "length of time"),
    ({"as_needed": True, "most": "0/24h"}, "zero"),
    ({"as_needed": True, "most": "4/month"}, "length of time"),
    ({"at": "25:00"}, "25:00"),
    ({"at": "08:00,08:00"}, "twice"),
    ({"on": "mon,mon"}, "twice"),
    ({"cycle": "21/0"}, "above zero"),
    ({"monthly": "32"}, "32"),
    ({"yearly": "02-30"}, "02-30"),
    ({"every": "0d"}, "zero"),
    ({"every": "10d", "on": "mon"}, "does not fall on one weekday"),
]


@pytest.mark.parametrize(("flags", "why"), REFUSED)
def test_what_cannot_be_is_refused_with_a_reason(flags: dict[str, str | bool], why: str) -> None:
    with pytest.raises(errors.UsageRefused) as refused:
        read(**flags)
    assert why in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("flag", ["at", "on", "every", "cycle", "monthly", "yearly", "rrule", "anchor"])
def test_an_empty_flag_is_never_taken_for_daily(flag: str) -> None:
    # As from a script whose variable is empty.
    with pytest.raises(errors.UsageRefused):
        read(**{flag: ""})


@pytest.mark.parametrize("flag", ["most", "min_gap", "at"])
def test_an_empty_limit_is_never_taken_for_none(flag: str) -> None:
    with pytest.raises(errors.UsageRefused):
        read(as_needed=True, **{flag: ""})


RULES = [
    ("FREQ=DAILY;INTERVAL=0", "interval of zero"),
    ("RRULE:INTERVAL=00;FREQ=DAILY", "interval of zero"),
    ("FREQ=HOURLY;INTERVAL=8", "--every 8h"),
    ("freq=secondly", "--every 8h"),
    ("DTSTART:20260101T000000", "the start is --from"),
    ("EXDATE:20260101", "takes one rule"),
    ("FREQ=DAILY\nFREQ=WEEKLY", "takes one rule"),
    ("FREQ=FORTNIGHTLY", "is not a rule of RFC 5545"),
    ("every monday", "is not a rule of RFC 5545"),
    ("FREQ=DAILY;BYDAY=XX", "is not a rule of RFC 5545"),
    ("FREQ=DAILY;UNTIL=20260301T000000Z", "is not a rule of RFC 5545"),
    ("", "is not a rule of RFC 5545"),
    ("FREQ", "is not a rule of RFC 5545"),
]


@pytest.mark.parametrize(("text", "why"), RULES)
def test_a_rule_that_names_no_days_is_refused(text: str, why: str) -> None:
    with pytest.raises(errors.BadTiming) as refused:
        check_rrule(text)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "text", ["FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY;INTERVAL=10;COUNT=3"]
)
def test_a_rule_of_days_is_taken(text: str) -> None:
    check_rrule(text)
