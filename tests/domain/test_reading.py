"""Prescriptions as written: what they are read as, and what is asked instead of guessed."""

import re
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from medtrack.domain.amounts import Amount
from medtrack.domain.reading import Habits, Part, Reading, as_row, read_prescription
from medtrack.domain.regimen import AsNeeded, Clock, Days, Interval
from medtrack.errors import MedtrackError, NotSettled

EIGHT, TWENTY = time(8), time(20)


def only_part(text: str) -> Part:
    reading = read_prescription(text)
    assert len(reading.parts) == 1
    return reading.parts[0]


def amount(value: str, unit: str) -> Amount:
    return Amount(Fraction(value), unit)


def test_a_whole_line() -> None:
    reading = read_prescription("metformin 500 mg tablet, 1 tab twice daily with food, for diabetes")
    assert (reading.name, reading.strength, reading.form, reading.reason) == (
        "metformin", "500 mg", "tablet", "diabetes",
    )  # fmt: skip
    assert reading.parts[0].amount == amount("1", "tablet")
    assert reading.parts[0].timing == Clock((EIGHT, TWENTY))
    assert reading.parts[0].advice == "with food"
    assert reading.reads_as == (
        "Metformin 500 mg tablet: 1 tablet twice daily at 08:00 and 20:00 with food, for diabetes."
    )
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("text", "name", "strength", "form"),
    [
        ("Vitamin D3 1000 units daily", "Vitamin D3", None, None),
        (
            "Metformin (Glucophage) 500 mg tablet, 1 tablet daily",
            "Metformin (Glucophage)",
            "500 mg",
            "tablet",
        ),
        ("co-codamol 30/500 tablets 2 tablets daily", "co-codamol", "30/500", "tablet"),
        ("carbidopa/levodopa 25/100 1 tablet three times daily", "carbidopa/levodopa", "25/100", "tablet"),
        ("amoxicillin 250 mg/5 ml suspension 5 ml tds", "amoxicillin", "250 mg/5 ml", "suspension"),
        ("hydrocortisone 1% cream apply twice daily", "hydrocortisone", "1%", "cream"),
        ("bupropion 150 mg XL tablet 1 tablet daily", "bupropion", "150 mg", "XL tablet"),
        ("sertraline 50 mg daily", "sertraline", "50 mg", None),
        ("take 2 tabs of amoxicillin 500mg every 12 days", "amoxicillin", "500 mg", "tablet"),
        ("Tylenol PM 2 tablets at bedtime", "Tylenol PM", None, "tablet"),
        ("apple cider vinegar 1 tablet daily", "apple cider vinegar", None, "tablet"),
        ("insulin glargine 10 units at bedtime", "insulin glargine", None, None),
        ("carvedilol 25 mg in the morning and 12.5 mg at night", "carvedilol", None, None),
    ],
)
def test_products(text: str, name: str, strength: str | None, form: str | None) -> None:
    reading = read_prescription(text)
    assert (reading.name, reading.strength, reading.form) == (name, strength, form)


@pytest.mark.parametrize(
    ("text", "expected", "high"),
    [
        ("take 1 tablet daily", amount("1", "tablet"), None),
        ("half a tablet at night", amount("1/2", "tablet"), None),
        ("½ tablet daily", amount("1/2", "tablet"), None),
        ("one and a half tablets on alternate days", amount("3/2", "tablet"), None),
        ("1 1/2 tablets daily", amount("3/2", "tablet"), None),
        ("1-2 tablets as needed", amount("1", "tablet"), Fraction(2)),
        ("one to two tablets as needed", amount("1", "tablet"), Fraction(2)),
        ("one-two 5ml spoonfuls twice a day", amount("5", "ml"), Fraction(10)),
        ("2 x 5ml spoonful daily", amount("10", "ml"), None),
        ("5 ml spoonful twice daily", amount("5", "ml"), None),
        ("a 5 ml spoonful twice daily", amount("5", "ml"), None),
        ("amoxicillin two 5 ml spoonfuls tds", amount("10", "ml"), None),
        ("ii tabs daily", amount("2", "tablet"), None),
        ("benadryl 1 tsp q6h", amount("5", "ml"), None),
        ("0.05 - 0.1 mg daily", amount("0.05", "mg"), Fraction("0.1")),
        ("sertraline 50 mg daily", amount("50", "mg"), None),
        ("5mg tablet, 1 daily", amount("1", "tablet"), None),
        ("take one 5mg tablet daily", amount("1", "tablet"), None),
        ("1 bd as required", amount("1", "dose"), None),
        ("apply twice daily to affected areas", amount("1", "application"), None),
        ("heparin 5000 units q8h", amount("5000", "units"), None),
    ],
)
def test_amounts(text: str, expected: Amount, high: Fraction | None) -> None:
    part = only_part(text)
    assert (part.amount, part.amount_high) == (expected, high)


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        ("1 tablet daily", Clock((EIGHT,))),
        ("1 tablet twice daily", Clock((EIGHT, TWENTY))),
        ("1 tablet TID", Clock((EIGHT, time(14), TWENTY))),
        ("1 tablet q.i.d.", Clock((EIGHT, time(12), time(16), TWENTY))),
        ("1 tablet every 12 hours", Interval(timedelta(hours=12))),
        ("1 patch every 72 hours", Interval(timedelta(hours=72))),
        ("1 tablet every 6 hours from the last dose", Interval(timedelta(hours=6), from_last_dose=True)),
        ("1 capsule twice daily (every 12 hours)", Clock((EIGHT, TWENTY))),
        ("1 tablet at 9am and 9 pm", Clock((time(9), time(21)))),
        ("1 tablet at 0800 hours", Clock((EIGHT,))),
        ("1 tablet in the morning and at bedtime", Clock((EIGHT, time(22)))),
        ("1 tablet in the morning and 1 at night", Clock((EIGHT, time(22)))),
        ("1 tablet at 8am and at bedtime", Clock((EIGHT, time(22)))),
        ("1 tablet at 9am and 1 tablet at bedtime", Clock((time(9), time(22)))),
        ("1 tablet every evening at 21:00", Clock((time(21),))),
        ("1 tablet 3 times daily at 8am, noon and 8pm", Clock((EIGHT, time(12), TWENTY))),
        ("1 tablet 1 hour before breakfast and dinner", Clock((time(7), time(18)))),
        ("1 tablet 30 minutes before breakfast", Clock((time(7, 30),))),
        ("1 tablet every morning 30 minutes before breakfast", Clock((time(7, 30),))),
        ("1 tablet 3 times daily, 30 minutes before meals", Clock((time(7, 30), time(12, 30), time(18, 30)))),
        ("1 tablet 1 hour before bed", Clock((time(21),))),
        ("1 tablet three times daily with food", Clock((EIGHT, time(14), TWENTY))),
        ("1 tablet every other day", Clock((EIGHT,), Days(every=2))),
        ("1 tablet every 2nd day", Clock((EIGHT,), Days(every=2))),
        ("1 tablet every 3rd day", Clock((EIGHT,), Days(every=3))),
        ("1 tablet every third week", Clock((EIGHT,), Days(every=21))),
        ("1 tablet every 10th day", Clock((EIGHT,), Days(every=10))),
        ("1 tablet every other Monday", Clock((EIGHT,), Days(weekdays=(0,), weeks=2))),
        ("1 tablet every other week on Monday", Clock((EIGHT,), Days(weekdays=(0,), weeks=2))),
        ("1 tablet mon wed fri", Clock((EIGHT,), Days(weekdays=(0, 2, 4)))),
        ("1 tablet daily M W F", Clock((EIGHT,), Days(weekdays=(0, 2, 4)))),
        ("1 tablet 2x daily", Clock((EIGHT, TWENTY))),
        ("10 U sq ac breakfast", Clock((time(7, 30),))),
        ("1 tablet pc dinner", Clock((time(19),))),
        ("1 tablet weekly", Clock((EIGHT,), Days(every=7))),
        ("1 tablet every 3 weeks", Clock((EIGHT,), Days(every=21))),
        ("1 tablet on mondays", Clock((EIGHT,), Days(weekdays=(0,)))),
        ("1 tablet weekly on Sunday", Clock((EIGHT,), Days(weekdays=(6,)))),
        ("1 tablet Mon/Wed/Fri at 9am", Clock((time(9),), Days(weekdays=(0, 2, 4)))),
        ("1 tablet Monday to Friday", Clock((EIGHT,), Days(weekdays=(0, 1, 2, 3, 4)))),
        ("1 tablet every 2 weeks on Monday", Clock((EIGHT,), Days(weekdays=(0,), weeks=2))),
        ("1 tablet daily, 21 days on, 7 days off", Clock((EIGHT,), Days(cycle=(21, 7)))),
        ("1 tablet daily 3 weeks on then 1 week off", Clock((EIGHT,), Days(cycle=(21, 7)))),
        ("1 tablet monthly on the 1st and 15th", Clock((EIGHT,), Days(month_days=(1, 15)))),
        ("1 tablet yearly on 29 February", Clock((EIGHT,), Days(year_day=(2, 29)))),
        ("1 tablet FREQ=WEEKLY;BYDAY=MO", Clock((EIGHT,), Days(rrule="FREQ=WEEKLY;BYDAY=MO"))),
    ],
)
def test_timings(text: str, timing: Clock | Interval) -> None:
    assert only_part(text).timing == timing


def test_habits_are_the_persons_own() -> None:
    habits = Habits(twice=(time(7), time(19)), bedtime=time(23))
    assert read_prescription("1 tablet bd", habits).parts[0].timing == Clock((time(7), time(19)))
    assert read_prescription("1 tablet at bedtime", habits).parts[0].timing == Clock((time(23),))


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        (
            "1-2 tabs q4-6h prn pain, max 8/day",
            AsNeeded("pain", amount("8", "tablet"), timedelta(days=1), timedelta(hours=4)),
        ),
        ("1 tablet prn", AsNeeded()),
        ("Take 1 tablet AS NEEDED", AsNeeded()),
        ("1 bd as required", AsNeeded(None, amount("2", "dose"), timedelta(days=1))),
        (
            "2 tablets up to three times a day as needed for nausea",
            AsNeeded("nausea", amount("6", "tablet"), timedelta(days=1)),
        ),
        (
            "1 tablet as needed for type 2 diabetes, max 4/24h, at least 6 hours apart",
            AsNeeded("type 2 diabetes", amount("4", "tablet"), timedelta(days=1), timedelta(hours=6)),
        ),
        ("1 tablet as needed for night cramps", AsNeeded("night cramps")),
        ("TAKE 1 TABLET EVERY 6 HOURS AS NEEDED FOR PAIN", AsNeeded("pain", None, None, timedelta(hours=6))),
    ],
)
def test_as_needed(text: str, timing: AsNeeded) -> None:
    part = only_part(text)
    assert part.as_needed
    assert part.timing == timing


def test_bounds() -> None:
    assert only_part("1 tablet daily for 2 weeks").for_days == 14
    assert only_part("1 tablet daily for a fortnight").for_days == 14
    assert only_part("1 tablet daily for a week").for_days == 7
    assert "how many days" in (read_prescription("1 tablet daily for a month").question or "")
    assert only_part("1 tablet bid x3 days").for_days == 3
    assert only_part("1 tablet bid x 14 doses").count == 14
    assert only_part("1 tablet daily until 8 March 2026").until == date(2026, 3, 8)
    assert only_part("Take every second day, in the morning, until 20 have been taken").count == 20
    part = only_part("1 tablet daily for 7 days starting January 16, 2015")
    assert (part.starts, part.for_days) == (date(2015, 1, 16), 7)
    assert only_part("1 tablet once").count == 1
    tomorrow = read_prescription("1 tablet daily starting tomorrow", today=date(2026, 2, 28))
    assert tomorrow.parts[0].starts == date(2026, 3, 1)


def test_a_taper_is_steps_that_follow_each_other() -> None:
    reading = read_prescription("prednisone 40 mg x 3 days then 30 mg x 3 days then stop")
    assert [(part.step, part.amount, part.for_days) for part in reading.parts] == [
        (1, amount("40", "mg"), 3),
        (2, amount("30", "mg"), 3),
    ]
    assert {part.timing for part in reading.parts} == {Clock((EIGHT,))}
    assert reading.strength is None


def test_a_first_day_of_its_own() -> None:
    reading = read_prescription("take 2 tablets by mouth on day 1, then take 1 tablet daily for 4 days")
    assert [(part.step, part.amount, part.for_days) for part in reading.parts] == [
        (1, amount("2", "tablet"), 1),
        (2, amount("1", "tablet"), 4),
    ]


def test_a_step_takes_the_frequency_of_the_one_before() -> None:
    reading = read_prescription("1 tablet in the morning for 3 days then 2 tablets for 4 days, for gout")
    assert [part.timing for part in reading.parts] == [Clock((EIGHT,))] * 2
    assert reading.reason == "gout"


def test_an_arrow_taper() -> None:
    reading = read_prescription("40 mg 14d -> 30 mg 14d -> 20 mg")
    assert [(part.step, part.for_days) for part in reading.parts] == [(1, 14), (2, 14), (3, None)]


def test_a_split_dose_is_one_step() -> None:
    reading = read_prescription("furosemide 40 mg tablet 2 tablets in the morning and 1 at noon")
    assert [(part.step, part.amount, part.timing) for part in reading.parts] == [
        (1, amount("2", "tablet"), Clock((EIGHT,))),
        (1, amount("1", "tablet"), Clock((time(12),))),
    ]


def test_parts_that_differ_in_more_than_the_time_stay_apart() -> None:
    eyes = read_prescription("1 drop in left eye at night and 1 drop in right eye in the morning").parts
    assert [(part.advice, part.timing) for part in eyes] == [
        ("in left eye", Clock((time(22),))),
        ("in right eye", Clock((EIGHT,))),
    ]
    lengths = read_prescription("1 tab in the morning for 3 days and 1 tab at night for 5 days").parts
    assert [(part.for_days, part.timing) for part in lengths] == [
        (3, Clock((EIGHT,))),
        (5, Clock((time(22),))),
    ]
    food = read_prescription("1 tab in the morning with food and 1 tab at night without food").parts
    assert [part.advice for part in food] == ["with food", "without food"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "1 tab before breakfast and at bedtime",
            "1 tablet daily at 07:30 before breakfast and 1 tablet daily at 22:00.",
        ),
        (
            "1 tab before breakfast and before dinner",
            "1 tablet daily at 07:30 before breakfast and 1 tablet daily at 18:30 before dinner.",
        ),
        ("1 tab before meals and at bedtime", "1 tablet before meals and 1 tablet daily at 22:00."),
        (
            "1 tab with water before breakfast and at bedtime",
            "1 tablet daily at 07:30 with water, before breakfast and 1 tablet daily at 22:00 with water.",
        ),
        ("Take two 5 mg tablets daily", "5 mg tablet: 2 tablets daily at 08:00."),
        ("dissolve 1 tab under tongue prn", "1 tablet as needed, sublingual."),
    ],
)
def test_the_sentence_says_what_was_meant(text: str, sentence: str) -> None:
    assert read_prescription(text).reads_as == sentence


@pytest.mark.parametrize(
    "text", ["1 tab daily except when fasting", "1 tab not daily", "1 tab daily without fail"]
)
def test_no_word_that_turns_the_meaning_is_to_be_left_out(text: str) -> None:
    with pytest.raises(NotSettled) as refused:
        read_prescription(text)
    assert "without it" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "take 1", "1 tablet", "1g", "100", "2 a day", "2 daily", "take 2 every day", "take 11 every day",
        "two tablets three a day", "Apply 2 pumps one daily", "take one capsule one daily",
        "take one tablet one at night", "one half - 1 at night", "two at night - 200mg", "1 every day take",
        "1 take every day", "Take every day 1", "2 per day may cause drowsiness", "2.5ml at night (5mg)",
        "25ml (1000mg) twice daily", "Two x 2ml daily", "2 x 200mg per day", "(300mg) 3 to be taken at night",
        "1 per day home delivery service", "OneTo Be Taken in the morning", "1 per day on 12-01/23",
        "One To Be Taken Each Day for 10 years (2023-2033)", "take 1 - 2 times every day",
        "take 2024mls every day", "take 2. 5ml every day", "take 1 or 2 - 3 times a day",
        "take 1 every other fortnight", "1 tablet (500mg) every 4 hours", "half 5mg to be taken daily",
        "quarter at 7am", "1 tablet every day in the eye(s)", "1 3 times a day", "1 - 60mg tablet every day",
        "take 1 tablet on monday", "take 1 5mg tablet daily", "10 mg per day", "5.000 units daily",
        "OD", "1 tablet OD", "biweekly", "1 tablet biweekly", "HS", "lisinopril 10 mg HS", "1 tablet d/c",
        "use as directed", "metformin 500 mg tablet twice daily", "1 tablet once at night", "take 1 pm",
        "1 tablet at 8 daily", "1 tablet daily for at least 5 days", "1 tablet at night for about a week",
        "1 tablet daily except Sunday and every Monday", "1 tab qd or bid", "1 tablet at 08:00 or 09:00",
        "1 tablet at noon at bedtime",
        "1 tablet starting 10/11/2026 daily", "sertraline 50 mg 100 mg daily",
        "insulin 10 units 20 units daily",
        "take 2 tablets twice a day for 5 days then 1 tablet per day for constipation",
        "1 tablet as needed for 3 days then 2 tablets for 3 days", "1 tablet daily then 2 tablets on day 1",
        "2 tablets in the morning and 1 at night as needed for pain",
        "1 tablet at bedtime at 8am", "1 tablet at 8am and before breakfast", "1 tablet at 8am, bedtime",
        "1 tablet 1 hour before breakfast and before dinner", "1 tablet daily for pain and 2 tablets",
        "40 mg daily then 30 mg daily for 3 days then stop", "1 tablet FREQ=HOURLY",
        "1 tab every 1st day", "zeta 1 tab every Monday at 08:00 and every Thursday at 20:00",
        "1 tab on Mondays at 8am and Fridays at 6pm", "1 tab at 8am weekdays and 10am weekends",
        "1 tab on Mondays in the morning and Fridays at bedtime", "1 tab daily for a couple of weeks",
        "1 tab FREQ=DAILY;BYHOUR=9", "1 tab FREQ=DAILY;BYMINUTE=30", "1 tab FREQ=DAILY;INTERVAL=0",
        "1 tab FREQ=DAILY;UNTIL=20260101T000000Z", "1 tab FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "1 tab FREQ=DAILY;COUNT=0", "2 at night", "aspirin, 1 daily",
        "1 tab twise daily", "1 tab trice daily", "1 tab minimum 2 times daily", "initially 1 tab daily",
        "1 tab crushed daily", "5 mg crushed daily", "Sig: 1 po bid", "T 1 po qd",
        "apply pea-sized amount nightly", "usually 1 tab daily", "twise daily 1 tab", "aspirin trice 75 mg daily",
        "today 1 tab daily", "continue 1 tab daily", "weekly-ish 1 tab daily",
        "1 tab every other Monday and every Thursday", "1 tab every Thursday and every other Monday",
        "take 2 codeine 3 times a day", "aspirin, take 1 codeine daily",
        "insulin 10 before breakfast", "warfarin 3 at night", "lisinopril 10 in the morning",
        "insulin 100 units/ml, 10 at night", "3 at night", "1 tablet every 0.5 days", "1 tablet every 1/3 day",
        "1 tablet every minute", "1 tablet q1min", "1 tablet 100 times a day", "1 tablet every 0.01 hours",
        "paracetamol 500 mg tablets, 1 g prn max 8/day", "10 units prn max 20/day",
        "MgSO4 1 g daily", "MSO4 2 mg q2h prn", "MS 10 mg q4h", "MTX 10 mg weekly", "AZT 300 mg bd",
        "HCT 25 mg daily", "HCTZ 25 mg daily", "apap 500 mg q6h",
        "prednisone 20 mg bd for 5 days then 10 mg for 5 days", "1 tab daily for 2 cycles",
        "1 tab daily, 21 days on, 7 days off, for 2 cycles", "1 tablet PM", "1 tablet am and pm",
        "1 tab daily for 10 days until 2020-01-01", "1 tab before breakfast and at bedtime for 10 doses",
        "1 tab before breakfast and at bedtime, 21 days on, 7 days off",
        "1 tab in the morning and 1 tab at night, 21 days on, 7 days off",
        "2 tabs in the morning and 1 tab at night on Mondays", "three times daily with meals and at bedtime", "1 tab three times daily with meals and at bedtime",
    ],
)  # fmt: skip
def test_what_the_words_do_not_settle_is_asked(text: str) -> None:
    with pytest.raises(NotSettled) as refused:
        read_prescription(text)
    assert str(refused.value).endswith((".", "'"))


@pytest.mark.parametrize(
    "text",
    [
        "1 tablet every 3 days on Friday", "1 tablet twice daily at 2:00", "1 tablet daily weekly",
        "1 tablet once daily at bedtime and in the morning", "1 tablet every 8 hours at 06:00",
        "1 tablet twice a week on Monday", "1 tablet daily for 7 days for 14 days",
        "3 tablets daily, max 2 per day",
        "1 tablet daily from 10 March 2026 to 1 March 2026", "5 mg tablet, 2 capsules daily",
        "1 tablet by mouth rectally daily",
    ],
)  # fmt: skip
def test_contradictions_are_refused(text: str) -> None:
    with pytest.raises(NotSettled):
        read_prescription(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0 tablets daily", NotSettled),
        ("-1 tablet daily", NotSettled),
        ("1/0 tablet daily", NotSettled),
        ("1000000000 mg daily", NotSettled),
        ("1 tablet daily until 30 February 2026", NotSettled),
        ("1 tablet daily until 2026-02-30", NotSettled),
        ("1 tablet at 25:00", NotSettled),
        ("1 tablet monthly on day 32", NotSettled),
        ("nan tablets daily", NotSettled),
        ("", NotSettled),
        ("1 tablet daily \U0001f600", NotSettled),
        ("1 tablet daily " * 10_000, NotSettled),
        ("\x1b[31m1 tablet daily", NotSettled),
        ("\u0661 tablet daily", NotSettled),
    ],
)
def test_what_cannot_be_is_refused(text: str, kind: type[MedtrackError]) -> None:
    with pytest.raises(kind):
        read_prescription(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 tablet twice a week", "days of the week"),
        ("1 tablet every 4 to 6 hours", "Every 4 or every 6"),
        ("1 tablet 3-4 times a day", "How many times a day"),
        ("1 tablet monthly", "day of the month"),
        ("1 tablet daily for 1 month", "how many days"),
        ("1 tablet 5 times a day", "At which 5 times"),
        ("1 tablet with food", "How many times a day"),
        ("twice daily", "How much"),
        ("1 tablet stat", "When exactly"),
        ("1.8 mg/kg every 3 weeks for 16 cycles", "weight"),
    ],
)
def test_a_meaning_without_times_asks_for_them(text: str, wanted: str) -> None:
    reading = read_prescription(text)
    assert wanted in (reading.question or "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("aspirin 81 mg QD", "daily"), ("aspirin 81 mg QOD", "every 2 days"), ("20U at bedtime", "units"),
        ("20 IU daily", "units"), (".5 mg daily", "0.5"), ("1.0 mg daily", "1"), ("2.50 mg daily", "2.5"),
        ("75 ug daily", "mcg"), ("75 \u00b5g daily", "mcg"), ("10mg daily", "10 mg"), ("5 cc daily", "ml"),
        ("1 tab TIW", "three times a week"), ("1 tab BIW", "twice a week"),
        ("10 units sc daily", "subcutaneous"), ("1 tab qhs", "at bedtime"), ("1 tab HS", "at bedtime"),
        ("1 tsp daily", "ml"), ("1 tab @ 08:00", "at"),
        ("1000 units daily", "1,000"), ("1/2 tab daily", "half a tablet"), ("2 tabs q6pm", "daily at 18:00"),
    ],
)  # fmt: skip
def test_error_prone_notation_is_understood_with_a_warning_and_not_printed(text: str, written: str) -> None:
    reading = read_prescription(text)
    assert any(f"medtrack writes '{written}'" in warning for warning in reading.warnings)
    shown = " ".join((reading.reads_as, *reading.warnings))
    assert not re.search(r"[QT]O?D|[TB]IW|HS|U\b|IU|(?<!\d)\.5|1\.0|2\.50|10mg|\bcc\b|\bug\b|q6|hs\b", shown)


def test_slips_of_the_finger_are_put_right_and_named() -> None:
    reading = read_prescription("Tkae 1 tabet 3 tiems a day for 2 wekes")
    assert reading.reads_as == "1 tablet three times daily at 08:00, 14:00 and 20:00 for 2 weeks."
    assert len(reading.warnings) == 4


def test_the_row_has_fhirs_keys() -> None:
    row = as_row(read_prescription("1-2 tabs q4-6h prn pain, max 8/day"))
    assert row["amount"] == {"value": "1", "high": "2", "unit": "tablet"}
    assert row["max_dose"] == {"value": "8", "unit": "tablet", "period": 1, "periodUnit": "d"}
    assert row["min_gap"] == {"value": 4, "unit": "h"}
    timing = row["timing"]
    assert isinstance(timing, dict)
    shown = {key: value for key, value in timing.items() if value not in (None, [])}
    assert shown == {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}
    assert row["as_needed"] is True
    assert row["sequence"] == []


def test_the_row_of_a_taper_has_its_steps() -> None:
    row = as_row(read_prescription("prednisone 40 mg x 3 days then 30 mg x 3 days then stop"))
    sequence = row["sequence"]
    assert isinstance(sequence, list)
    assert [(part["step"], part["amount"]["value"]) for part in sequence] == [(1, "40"), (2, "30")]


def test_the_row_of_everything_a_timing_can_hold() -> None:
    rows = [
        as_row(read_prescription(text))["timing"]
        for text in (
            "10 units 10 minutes before breakfast until 8 March 2026",
            "1 tablet yearly on 29 February",
            "1 tablet daily, 21 days on, 7 days off, for 3 months",
        )
    ]
    first, second, third = rows
    assert isinstance(first, dict)
    assert (first["when"], first["offset"]) == (["ACM"], 10)
    assert first["boundsPeriod"] == {"start": None, "end": "2026-03-08"}
    assert isinstance(second, dict)
    assert second["dayOfYear"] == "02-29"
    assert isinstance(third, dict)
    assert (third["cycle"], third["boundsDuration"]) == ({"on": 21, "off": 7}, {"value": 3, "unit": "mo"})


def test_the_text_is_kept_verbatim() -> None:
    text = "  Aspirin  75 mg   daily "
    reading: Reading = read_prescription(text)
    assert reading.text == text
