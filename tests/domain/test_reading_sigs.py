"""Prescriptions as pharmacists, surgeries, clinics, discharge letters and carers type them."""

from datetime import date

import pytest

from medtrack.domain.reading import read_prescription
from medtrack.errors import NotSettled

READ = {
    # British surgeries and hospitals
    "amoxicillin 500 mg capsules 1 tds for 5/7":
        "Amoxicillin 500 mg capsule: 1 capsule three times daily at 08:00, 14:00 and 20:00 for 5 days.",
    "1 tab bd x 2/52": "1 tablet twice daily at 08:00 and 20:00 for 2 weeks.",
    "ramipril 5mg caps one mane": "Ramipril 5 mg capsule: 1 capsule daily at 08:00.",
    "warfarin 5 mg tablet, half a tablet alt die": "Warfarin 5 mg tablet: half a tablet every 2 days at 08:00.",
    "1 tab alt nights": "1 tablet every 2 days at 22:00.",
    "metformin 500 mg tabs ii bd": "Metformin 500 mg tablet: 2 tablets twice daily at 08:00 and 20:00.",
    "1 tablet last thing at night": "1 tablet daily at 22:00.",
    "2 tablets first thing in the morning": "2 tablets daily at 08:00.",
    "1 tablet three times daily with or after food":
        "1 tablet three times daily at 08:00, 14:00 and 20:00 with or after food.",
    "salbutamol 100mcg inhaler two puffs bd prn":
        "Salbutamol 100 mcg inhaler: 2 puffs as needed, at most 4 puffs in 24 hours.",
    # American clinics
    "1 tab po q8h x 10 d": "1 tablet every 8 hours for 10 days, by mouth.",
    "4 tabs daily x3d, 3 tabs daily x3d, then 2 tabs daily x3d then stop":
        "4 tablets daily at 08:00 for 3 days, then 3 tablets daily at 08:00 for 3 days, "
        "then 2 tablets daily at 08:00 for 3 days.",
    "prednisone 40 mg x 5 days, 30 mg x 5 days":
        "Prednisone: 40 mg daily at 08:00 for 5 days, then 30 mg daily at 08:00 for 5 days.",
    "azithromycin 500 mg day 1, then 250 mg days 2-5":
        "Azithromycin: 500 mg daily at 08:00 for 1 day, then 250 mg daily at 08:00 for 4 days.",
    "1 tab 3x/day": "1 tablet three times daily at 08:00, 14:00 and 20:00.",
    "lisinopril/hydrochlorothiazide 20/12.5 1 tablet daily":
        "Lisinopril/hydrochlorothiazide 20/12.5 tablet: 1 tablet daily at 08:00.",
    "nitroglycerin 0.4 mg tablet, 1 tablet sublingual every 5 minutes as needed, max 3 tablets in 15 minutes":
        "Nitroglycerin 0.4 mg tablet: 1 tablet as needed, at most 3 tablets in 15 minutes, "
        "at least 5 minutes apart, sublingual.",
    "2 puffs inhaled every 4-6 hours as needed for wheeze":
        "2 puffs as needed for wheeze, at least 4 hours apart.",
    # Discharge letters and drug charts
    "100mg (4ml) three times daily": "100 mg three times daily at 08:00, 14:00 and 20:00, 4 ml each time.",
    "oramorph 10 mg/5 ml, 5 mg (2.5 ml) every 4 hours as required":
        "Oramorph 10 mg/5 ml: 5 mg as needed, at least 4 hours apart, 2.5 ml each time.",
    "prednisolone 5 mg tablets, 6 tablets (30 mg) daily":
        "Prednisolone 5 mg tablet: 6 tablets daily at 08:00, 30 mg each time.",
    "prednisolone 5 mg tablets, 30 mg (6 tablets) daily":
        "Prednisolone 5 mg tablet: 30 mg daily at 08:00, 6 tablets each time.",
    "3 tablets daily, 6 mg each time": "3 tablets daily at 08:00, 6 mg each time.",
    "1 tab at 0800, 1400 and 2000": "1 tablet three times daily at 08:00, 14:00 and 20:00.",
    "1 tablet twice daily, at least 6 hours apart":
        "1 tablet twice daily at 08:00 and 20:00, at least 6 hours apart.",
    # Carers
    "one tablet daily except Sunday":
        "1 tablet on Monday, Tuesday, Wednesday, Thursday, Friday and Saturday at 08:00.",
    "1 tab twice daily except at weekends":
        "1 tablet on Monday, Tuesday, Wednesday, Thursday and Friday at 08:00 and 20:00.",
    "1 tablet on the first of the month": "1 tablet monthly on day 1 at 08:00.",
    "1 tablet on the last day of every month": "1 tablet monthly on day 31 at 08:00.",
    "take half after breakfast": "Half a dose daily at 08:00 after breakfast.",
    "aspirin 75 mg tablet, take half daily": "Aspirin 75 mg tablet: half a tablet daily at 08:00.",
    "take 1 ibuprofen tablet twice daily": "Ibuprofen tablet: 1 tablet twice daily at 08:00 and 20:00.",
    "Take 1 codeine 3 times a day": "Codeine: 1 dose three times daily at 08:00, 14:00 and 20:00.",
    "NovoRapid 10 units with breakfast, 8 with lunch, 12 with dinner":
        "NovoRapid: 10 units daily at 08:00 with breakfast and 8 units daily at 13:00 with lunch "
        "and 12 units daily at 19:00 with dinner.",
    "1/3 tablet daily": "1/3 tablet daily at 08:00.",
    "½ ml daily": "0.5 ml daily at 08:00.",
    "1½ tablets daily": "1.5 tablets daily at 08:00.",
    "1/2 tab daily": "Half a tablet daily at 08:00.",
    "1/2 hour before breakfast 1 tablet": "1 tablet daily at 07:30, 30 minutes before breakfast.",
    "paracetamol 500 mg tablets 2 tablets every 6 hours four times a day": "Paracetamol 500 mg tablet: 2 tablets every 6 hours.",
    "1 tablet three times daily every 8 hours": "1 tablet every 8 hours.",
    "1 tablet twice daily every 12 hours at 9am and 9pm": "1 tablet twice daily at 09:00 and 21:00.",
    'digoxin 125 mcg tablet, 0.125 mg daily': 'Digoxin 125 mcg tablet: 0.125 mg daily at 08:00.',
    'paracetamol 500 mg tablet, 2 tablets every 6 hours, max 4 g in 24 hours': 'Paracetamol 500 mg tablet: 2 tablets every 6 hours, at most 4 g in 24 hours.',
    '2 tablets in the morning and 1 tablet at night for 5 days': '2 tablets daily at 08:00 for 5 days and 1 tablet daily at 22:00 for 5 days.',
    '1 patch daily for 12 hours': '1 patch daily at 08:00 for 12 hours.',
    '1 tablet daily on an empty stomach before breakfast': '1 tablet daily at 07:30 on an empty stomach, before breakfast.',
    'inhale 2 puffs by mouth daily': '2 puffs daily at 08:00, by mouth.',
    '1 drop in left eye at night and 1 drop in right eye at night': '1 drop daily at 22:00 in left eye and 1 drop daily at 22:00 in right eye.',
    '3 mg mon-fri and 4 mg sat-sun': '3 mg on Monday, Tuesday, Wednesday, Thursday and Friday at 08:00 and 4 mg on Saturday and Sunday at 08:00.',
    "sertraline 50 mg, 100 mg daily": "Sertraline 50 mg: 100 mg daily at 08:00.",
    "metformin 500 mg, 1000 mg bd": "Metformin 500 mg: 1,000 mg twice daily at 08:00 and 20:00.",
    '1 tablet twice daily on alternate days': '1 tablet every 2 days at 08:00 and 20:00.',
    '1 tablet every 2 days at 8am and 8pm': '1 tablet every 2 days at 08:00 and 20:00.',
    'half to one tablet daily': '0.5 to 1 tablet daily at 08:00.',
    'azithromycin 250 mg take 2 tablets daily': 'Azithromycin 250 mg tablet: 2 tablets daily at 08:00.',
    'fentanyl patch 50 mcg apply one patch every 72 hours': 'Fentanyl 50 mcg patch: 1 patch every 72 hours.',
}  # fmt: skip
"""What is typed, to the one sentence it is read as."""

ASKED = {
    "5ml qds 5/7": "'for 5 days'",
    "10/7 1 tab daily": "'for 10 days'",
    "2 3/7 every 5 hours": "'for 3 days'",
    "Take 3 tablets (6mg) once daily": "'6 mg each time'",
    "oramorph 10 mg/5 ml, 5 mg (5 ml) every 4 hours as required": "does not agree with the strength",
    "prednisolone 30 mg (6 tablets) daily": "'6 tablets each time'",
    "7mg (=one 5mg tablet PLUS one 2mg tablet) once daily": "a line for each product",
    "4 tabs daily x3d, 3 tabs daily": "does not say how long it lasts",
    "1 tab in the morning for 3 days, 2 tabs at night for 5 days": "whether they follow each other",
    "azithromycin 500 mg on day 1, then 250 mg on days 3-5": "Type the lengths",
    "letrozole 2.5 mg days 3-7": "does not say of what",
    "1 tab every other day except Sunday": "contradict each other",
    "1 tab weekly every 3 weeks on Monday": "contradict each other",
    "until 2 have been taken until 3 have been taken": "two numbers of doses",
    "1 tab every 6 hours as needed, at least 4 hours apart": "two gaps",
    "1 tab prn max 3 doses": "in how long",
    "microgynon 1 tablet daily for 21 days then 7 days off": "'21 days on, 7 days off'",
    "1 tab 1-0-1": "by its place",
    "warfarin 3mg tablets as per INR": "depend on something",
    "Dopamine 4mcg/kg/min": "rate of flow",
    "1 tab daily for 7 days. 5 ml bd for 7 days": "second amount",
    "take 1 scoop daily": "was not understood",
    "take 1 troche daily": "was not understood",
    "warfarin 3 mg, 4 mg on Sundays": "4 mg cannot be made of 3 mg tablets",
    "warfarin 3 mg, 6 mg on Sundays": "the days other than Sunday",
    "pregabalin 75 mg capsule, 100 mg daily": "cannot be made of 75 mg capsules",
    "take 1 insulin glargine 20 units daily": "second amount",
    "1 tab for 5/7 per week": "certain days each time",
    "1 tab for 5 days every month": "certain days each time",
    "1 tab weekly for 5 days": "shorter than the time between",
    "apply 1 inch nightly": "was not understood",
    "Two tablets at once": "one dose in all",
    "ivermectin 12 mg once, repeat in 7 days": "The second dose needs its own day",
    "1 tablet bd until all taken": "how long it lasts",
    "1 tab daily until May 5": "without its year",
    "1 tablet every morning at 8": "which half of the day",
    "500 mg amoxicillin tds": "type it first",
    "take 1 blue tablet daily": "was not understood",
    "take 2 codeine 3 times a day": "was not understood",
    "lisinopril/HCTZ 20 mg daily": "in full",
    "1 tablet daily for MS": "in full",
    "warfarin 5/4 mg alternate days": "can be a fraction, or two numbers",
    "amlodipine 5/10 mg daily": "can be a fraction, or two numbers",
    "warfarin 3/4 mg daily": "can be a fraction, or two numbers",
    "5/10 ml bd": "can be a fraction, or two numbers",
    "take 4/6 puffs daily": "can be a fraction, or two numbers",
    "1/2 units bd": "can be a fraction, or two numbers",
    "1/2 puffs bd": "can be a fraction, or two numbers",
    "1/2 drops bd": "can be a fraction, or two numbers",
    "3/4 tablets daily": "can be a fraction, or two numbers",
    "⅓ ml daily": "can be a fraction, or two numbers",
    "don't take 1 tablet daily": "a dose that is not taken",
    "dont 1 tablet daily": "a dose that is not taken",
    "cannot 1 tablet daily": "a dose that is not taken",
    "withhold 1 tablet daily": "a dose that is not taken",
    "cease 1 tablet daily": "a dose that is not taken",
    "cancel 1 tablet daily": "a dose that is not taken",
    "omit 1 tablet daily": "a dose that is not taken",
    "stopped 1 tablet daily": "a dose that is not taken",
    "finished 1 tablet daily": "a dose that is not taken",
    "refused 1 tablet daily": "a dose that is not taken",
    "missed 1 tablet daily": "a dose that is not taken",
    "forbidden 1 tablet daily": "a dose that is not taken",
    "pause 1 tablet daily": "a dose that is not taken",
    "warfarin stopped, 5 mg tablet 1 tablet daily": "a dose that is not taken",
    "warfarin suspended 5 mg daily": "a dose that is not taken",
    "ramipril was 5 mg daily": "a dose that is not taken",
    "used to take 1 tablet daily": "what was taken once",
    "aspirin used to take 1 tablet daily": "what was taken once",
    "simvastatin 40 mg in the evening or at night": "'or' between two moments",
    "1 tablet morning or night": "'or' between two moments",
    "1 tablet mane or nocte": "'or' between two moments",
    "1 tablet at noon or bedtime": "'or' between two moments",
    "1 tablet every morning or every night": "'or' between two moments",
    "1 tablet morning, noon or night": "'or' between two moments",
    "insulin 10 units before breakfast or dinner": "'or' between two meals",
    "1 tablet with lunch or dinner": "'or' between two meals",
    "1 tablet on the 1st or 15th of the month": "'or' between two days",
    "Symbicort 200/6 one puff bd and as needed, max 8 puffs a day": "both a regular dose and 'as needed'",
    "1 tablet daily and prn for pain": "both a regular dose and 'as needed'",
    "1 tablet as needed and in the morning": "both a regular dose and 'as needed'",
    "maybe 1 tablet daily": "was not understood",
    "just 1 tablet daily": "was not understood",
    "should take 1 tablet daily": "was not understood",
    "another 1 tablet daily": "was not understood",
    "take 1 spansule daily": "was not understood",
    "take 1 softgel daily": "was not understood",
    "take 1 perle daily": "was not understood",
    "take 1 measure daily": "was not understood",
    "take 1 heaped daily": "was not understood",
    "take 1 strong daily": "was not understood",
    "take 1 thing daily": "was not understood",
    "take 1 gizmo daily": "was not understood",
    "levothyroxine 100 mcg, 125 mcg on alternate days": "the strength, or what is taken on",
    "prednisone 10 mg, 5 mg alternate days": "the strength, or what is taken on",
    "digoxin 125 mcg, 62.5 mcg on Sunday and Wednesday": "the strength, or what is taken on",
    "furosemide 40 mg, 20 mg at noon": "the strength, or what is taken on",
    "furosemide 40 mg, 20 mg in the morning and 20 mg at noon": "the strength, or what is taken on",
    "lantus 10 units, 20 units at bedtime": "a second amount",
    "lactulose 10 ml, 15 ml at night": "a second amount",
    "2 tablets every 4 hours, max 8 tablets in 24 hours": "more than the limit",
    "10 mg twice daily, max 10 mg in 24 hours": "more than the limit",
    "1 tablet three times daily max 2 tablets in 24 hours": "more than the limit",
    "paracetamol 500 mg tablet, 2 tablets every 4 hours, max 4 g in 24 hours": "more than the limit",
    "2 tablets in the morning and 1 tablet at night, max 2 tablets in 24 hours": "more than the limit",
    "1 tablet 4 times a day at least 6 hours apart": "Doses are to be at least",
    "1 tablet twice a day at least 14 hours apart": "Doses are to be at least",
    "1 tablet every 4 hours, at least 6 hours apart": "Doses are to be at least",
    "1 drop in each eye, left eye twice daily": "more than one place",
    "1 drop both eyes twice daily in the left ear": "more than one place",
    "2 drops each ear, right ear twice daily": "more than one place",
    "eye drops 1 drop in left ear daily": "for the eye, but goes into the ear",
    "metformin 500 mg tablet, 5 ml daily": "The product is given as",
    "salbutamol inhaler 2 tablets daily": "The product is given as",
    "hydrocortisone 1% cream, 1 tablet daily": "The product is given as",
    "insulin glargine 100 units/ml 20 mg daily": "cannot be measured in the other",
    "amoxicillin 250 mg/5ml, 1 tablet daily": "cannot be measured in the other",
    "levothyroxine 100 mcg tablet, 100 mg daily": "Check both units",
    "digoxin 125 mcg tablet, 1 mg daily": "Check both units",
    "morphine 10 mg/5 ml, 10 g daily": "Check both units",
    "half a suppository daily": "nobody can measure",
    "half a capsule daily": "nobody can measure",
    "1.3 tablets daily": "nobody can measure",
    "0.1 tablet daily": "nobody can measure",
    "1/2 capsule daily": "can be a fraction",
    "1 tablet once daily in the morning, 2 tablets at night for 5 days": "belongs to each amount or to the last",
    "1 tablet daily for 7 days x 14 doses": "a number of doses and a length",
    "1 tablet twice daily x 14 doses for 10 days": "a number of doses and a length",
    "1 tablet daily for up to 5 days": "does not say when it ends",
    "1 tablet every 8 hours for 4 hours": "what lasts so long",
    "1 tablet daily with food on an empty stomach": "with and without food",
    "1 tablet daily before food after food": "with and without food",
    "5 mg in the morning and 10 mg in the morning": "two doses at 08:00",
    "3 mg mon-fri and 4 mg fri-sun": "two doses at 08:00",
    "inject 10 units by mouth daily": "do not go together",
    "hydrocortisone cream, apply by mouth daily": "do not go together",
    "1 tablet 8am-8pm": "all the time between them",
    "1 tablet 08:00-20:00": "all the time between them",
    "1 tablet 8am - 8pm": "all the time between them",
    "warfarin 3mg/4mg alternate days": "two ingredients, or two doses",
    "lisinopril 10/20 mg daily": "two ingredients, or two doses",
    "0,5 mg daily": "type '0.5'",
    "2,5 ml daily": "type '2.5'",
    "1 000 mg daily": "type '1,000'",
    "1'000 mg daily": "type '1,000'",
    "1_000 mg daily": "type '1,000'",
    "−1 tablet daily": "below zero",
    "1 tablet every 3 days on Friday": "contradict each other",
    "warfarin 5 mg take daily": "out of order",
}
"""What is typed, to what the refusal says of it."""


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    reading = read_prescription(text)
    assert reading.reads_as == READ[text]
    assert reading.question is None


@pytest.mark.parametrize("text", ASKED)
def test_asked(text: str) -> None:
    with pytest.raises(NotSettled) as refused:
        read_prescription(text)
    assert ASKED[text] in str(refused.value)


def test_an_end_that_is_over_is_refused() -> None:
    with pytest.raises(NotSettled, match="which is over"):
        read_prescription("zinc 1 tablet daily until 2025-01-01", today=date(2026, 1, 1))
    assert read_prescription("zinc 1 tablet daily until 2026-01-01", today=date(2026, 1, 1)).parts[0].until


def test_a_dose_for_now_said_back_is_still_for_now() -> None:
    said = read_prescription("1 tablet stat").reads_as
    assert said == "1 tablet as a single dose now."
    assert read_prescription(said).reads_as == said


def test_a_product_without_a_time_is_kept_and_the_time_asked() -> None:
    reading = read_prescription("Take 2 capsules of amoxicillin 500mg")
    assert reading.reads_as == "Amoxicillin 500 mg capsule: 2 capsules."
    assert (reading.question or "").startswith("How often?")
