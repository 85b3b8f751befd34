"""No error-prone notation is ever printed: not in a reading, a warning or a refusal, and not in own words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medtrack.domain.reading import as_row, read_prescription
from medtrack.domain.reading.respelling import plain_words, respell
from medtrack.errors import BadAmount, BadTime, NotSettled
from tests.conftest import Result

TABLE = (
    "QD", "qd", "q.d.", "QOD", "q.o.d.", "q1d", "OD", "o.d.", "TIW", "tiw", "BIW", "HS", "hs", "qhs", "qn",
    "q6PM", "UD", "utd", "SC", "SQ", "sub q", "ss", "D/C", "U", "10U", "10 u", "10 IU", "5 cc", "5cc", "75 ug",
    "75 \u00b5g", "75\u03bcg", ".5 mg", ".50 mg", "1.0 mg", "2.50 mg", "10mg", "500mL", "5000 units", "10000 mg",
    "x3d", "AS", "AD", "AU", "OS", "OU", "MS", "MSO4", "MgSO4", "MTX", "HCTZ", "AZT", "APAP", "@", "&", "+", "<", ">",
    "1/2 tab", "5\u00b0",
)  # fmt: skip
"""The notation of ISMP's list (2021) and of the Joint Commission that a prescription or a remark can hold."""

PRINTED = re.compile(
    r"""
      (?<![\w./'])(?i:q\.?o?\.?d|q1d|o\.d|tiw|biw|qhs|qn|q\d+[ap]m|utd|ud|sq|subq|sub\ q|d/c)\b
    | (?<![\w./])(?:OD|HS|hs|SC|ss|AS|AD|AU|OS|OU|MS|MSO4|MgSO4|MTX|HCTZ|AZT|APAP)\b
    | (?<![:\d])\d+\s?(?i:u|iu|cc|ug)\b | [\u00b5\u03bc]g
    | (?<![\w.,])\.\d | (?<![\w.,/-])\d+\.\d*0(?!\d) | \d(?:mg|mcg|g|m[lL]|units?)\b
    | (?<![\d,.:/-])\d{4,}(?=\s(?:mg|mcg|units|g)\b) | \bx\s?\d+\s?d\b | [@&+<>\u00b0] | (?<!\d\s)\b1/2\ tab
    """,
    re.VERBOSE,
)

LINES = (
    "{}", "1 tablet {}", "aspirin 75 mg tablet, 1 tablet {}", "{} daily", "take {} at night", "1 tablet daily for {}",
    "1 tablet daily, for pain {}", "1 tablet prn {}", "1 tablet prn for {} pain", "1 tablet daily with {} of water",
    "{} 1 tablet daily", "insulin {} at bedtime", "1 tablet daily to help {}", "1 tablet daily for 3 days then {}",
    "1 tablet {} with food", "apply {} to affected area", "1 tablet daily in {} ml", "4 mg ({}) daily", "{} of zeta daily",
)  # fmt: skip


def printed_by_parse(text: str) -> str:
    """All that `parse` prints for a text, read or refused, but for FHIR's own codes in the timing."""
    try:
        reading = read_prescription(text)
    except (NotSettled, BadAmount, BadTime) as refused:
        return str(refused)
    row = {key: value for key, value in as_row(reading).items() if key not in ("timing", "sequence")}
    return json.dumps(row, ensure_ascii=False, default=str)


@given(st.sampled_from(LINES), st.sampled_from(TABLE), st.sampled_from(TABLE))
@settings(max_examples=600, deadline=None)
@example("1 tablet daily for {}", "A&E", "")
@example("{}", "AD", "QD")
@example("{} 1 tablet daily", "lisinopril/HCTZ", "")
@example("{}", "4.5 g in saline 250mL every 6 hours, infuse over 30 min at 8L/min", "")
def test_parse_never_prints_it(line: str, notation: str, other: str) -> None:
    for text in (line.format(notation), line.format(f"{notation} {other}")):
        found = PRINTED.search(printed_by_parse(text))
        assert found is None, (text, printed_by_parse(text))


@given(
    st.lists(
        st.sampled_from((*TABLE, "take", "with", "food", "for", "pain", "2", "when", "well")),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=500, deadline=None)
def test_own_words_are_spelled_out_or_asked_about(words: list[str]) -> None:
    try:
        plain = plain_words(" ".join(words))
    except NotSettled as asked:
        plain = str(asked)
    assert PRINTED.search(plain) is None, plain
    assert respell(plain) == plain


@pytest.mark.parametrize("notation", TABLE)
def test_advice_and_reasons_typed_with_flags_are_printed_without_it(
    notation: str, run: Callable[..., Result]
) -> None:
    now = "2026-03-10T08:00[Europe/Paris]"
    words = f"with {notation} please"
    added = run(
        ["add", "zeta", "--amount", "1 tablet", "--at", "08:00", "--advice", words, "--for", words, "--yes"],
        now=now,
    )
    changed = run(["change", "zeta", "--at", "09:00", "--reason", words, "--yes"], now=now)
    shown = [run(command, now=now) for command in (["show", "zeta"], ["show", "zeta", "--json"], ["meds"])]
    for result in (added, changed, *shown):
        assert PRINTED.search(re.sub(r"2026-[\dT:+-]+", "", result.out)) is None, result.out
        assert PRINTED.search(result.err) is None, result.err
