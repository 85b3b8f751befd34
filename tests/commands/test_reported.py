"""One test for each fault that somebody found by using the program."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Result

NINE = "2026-03-20T09:00[Europe/Paris]"
Run = Callable[..., Result]


def rows(run: Run, line: str, now: str = NINE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(f"{line} --json", now=now).out)["rows"]
    return found


def test_a_dry_run_says_what_the_real_import_would_do(run: Run, tmp_path: Path) -> None:
    run("add a --at 08:00 --from 2026-03-01", now=NINE)
    sheet = tmp_path / "b.csv"
    sheet.write_text("taken_at,medication\n2026-03-12 08:00,a\n2026-03-13 08:00,nosuch\n")
    tried = run(f"import {sheet} --dry-run", now=NINE)
    assert tried.code == run(f"import {sheet}", now=NINE).code == 2
    assert "Would record nothing" in tried.out
    assert run(f"import {sheet} --dry-run --skip-bad", now=NINE).code == 0
    assert rows(run, "log") == []


def test_a_dose_after_midnight_begins_a_medication(run: Run) -> None:
    run("add b --at 23:00 --from 2026-03-10", now=NINE)
    run("take b", now="2026-03-21T00:20[Europe/Paris]")
    row = rows(run, "adherence b --span 2026-03-20..2026-03-20", "2026-03-21T12:00[Europe/Paris]")[0]
    assert (row["taken"], row["started"]) == (1, True)


def test_a_dose_in_the_second_of_the_report_begins_a_medication(run: Run) -> None:
    run("add c --at 00:00 --from 2026-03-10", now=NINE)
    run("take c", now=NINE)
    assert rows(run, "adherence c")[0]["started"] is True


def test_a_span_that_begins_ahead_is_the_one_that_is_shown(run: Run) -> None:
    run("add d --at 08:00 --from 2026-03-10", now=NINE)
    shown = run("adherence --since 2030-01-01", now=NINE)
    assert "No doses were due from 2030-01-01 to 2030-01-01." in shown.out


def test_no_medication_is_called_all(run: Run) -> None:
    assert run("add all --at 08:00", now=NINE).code == 2
    assert run("add 'All 5 mg tablet, 1 tablet daily' --yes", now=NINE).code == 20


def test_two_carers_cannot_log_a_dose_twice_before_the_first_planned_one(run: Run) -> None:
    run("add e --amount '1 tablet' --at 08:00,20:00", now=NINE)
    assert run("take e", now=NINE).code == 0
    assert run("take e", now="2026-03-20T09:02[Europe/Paris]").code == 32
    assert run("take e --again", now="2026-03-20T09:02[Europe/Paris]").code == 0
    assert len(rows(run, "log")) == 2


@pytest.mark.parametrize("attempt", range(8))
def test_of_two_doses_at_one_time_the_first_written_down_fills_the_slot(run: Run, attempt: int) -> None:
    run("add f --at 08:00 --from 2026-03-01", now=NINE)
    run("take f --at '2026-03-10 08:00'", now=NINE)
    run("take f --at '2026-03-10 08:00' --again --amount 2", now=NINE)
    assert [(row["id"], row["timing"]) for row in rows(run, "log")] == [(1, "on time"), (2, "extra")]


def test_an_as_needed_dose_before_its_plan_is_no_extra(run: Run) -> None:
    run("add g --as-needed --max 3/24h", now=NINE)
    shown = run("take g --at 08:00", now=NINE)
    assert "extra" not in shown.out
    assert "No further dose" not in shown.out
    assert rows(run, "log")[0]["timing"] is None


def test_a_key_used_for_another_medication_loses_no_dose(run: Run) -> None:
    for name in ("h", "i"):
        run(f"add {name} --at 08:00 --from 2026-03-01", now=NINE)
    assert run("take h --key k", now=NINE).code == 0
    refused = run("take i --key k", now=NINE)
    assert (refused.code, refused.err) == (
        2,
        "medtrack: The key 'k' was used for h before: every dose needs its own.\n",
    )


def test_time_in_hospital_is_not_called_a_hold(run: Run) -> None:
    run("add j --at 08:00 --from 2026-03-01", now=NINE)
    run("hold j --unrecorded --from 2026-03-12 --until 2026-03-13", now=NINE)
    shown = run("adherence j", now=NINE).out
    assert "Corrected after the fact: j not recorded from 2026-03-12 00:00" in shown


def test_dangerous_notation_in_flags_gets_a_word_and_is_not_printed(run: Run) -> None:
    added = run("add k --amount '.5 mg' --strength '1.0mg' --at 08:00", now=NINE)
    assert (added.code, added.err.count("misread")) == (0, 3)
    assert "Recorded: k 1 mg." in added.out
    assert "misread" in run("take k --amount .5", now=NINE).out
    assert "misread" not in run("add l --amount '2 tablets' --at 08:00", now=NINE).err


def test_a_window_of_its_own_is_said(run: Run) -> None:
    shown = run("add m --at 08:00 --window 9h", now=NINE).out
    assert "On time means within 6 hours of the planned time: a quarter" in shown


def test_a_maximum_without_a_unit_is_asked_about(run: Run) -> None:
    asked = run(["parse", "ibuprofen 400 mg every 6 hours as needed, max 3 a day"], now=NINE)
    assert (asked.code, "3 doses, or 3 mg?" in asked.err) == (20, True)


def test_a_limit_of_doses_counts_doses(run: Run) -> None:
    run("add n --amount '400 mg' --as-needed --max '2 doses/24h'", now=NINE)
    for clock, code in (("02:00", 0), ("05:00", 0), ("08:00", 4)):
        assert run(f"take n --at {clock}", now=NINE).code == code


def test_the_words_of_a_library_are_not_shown(run: Run) -> None:
    refused = run("add o --at 08:00 --rrule garbage", now=NINE)
    assert refused.err.endswith(
        "--rrule 'garbage' is not a rule of RFC 5545, like 'FREQ=MONTHLY;BYDAY=1MO'.\n"
    )


def test_a_newline_in_a_name_makes_no_line_of_its_own(run: Run) -> None:
    shown = run(["add", "p\nNothing was recorded.", "--at", "08:00"], now=NINE)
    assert "\nNothing was recorded." not in shown.out


def test_people_differ_in_more_than_case(run: Run) -> None:
    assert run("people add Ann", now=NINE).code == 0
    assert run("people add ann", now=NINE).code == 2


def planned(run: Run, name: str, since: str, until: str, now: str) -> list[tuple[str, str]]:
    found = rows(run, f"schedule {name} --from {since} --to {until}", now)
    return [(row["local_time"][5:16], row["amount"]["value"]) for row in found]


MARCH = "2026-03-02T07:00[Europe/Paris]"


def test_a_change_of_times_keeps_the_days(run: Run) -> None:
    run("add weekly --amount '15 mg' --at 08:00 --on mon --from 2026-03-02", now=MARCH)
    run("change weekly --at 20:00 --from 2026-03-10", now=MARCH)
    assert planned(run, "weekly", "2026-03-09", "2026-03-24", MARCH) == [
        ("03-09T08:00", "15"),
        ("03-16T20:00", "15"),
        ("03-23T20:00", "15"),
    ]
    run("add pill --at 21:00 --cycle 21/7 --from 2026-03-02", now=MARCH)
    run("change pill --at 22:00 --from 2026-03-12", now=MARCH)
    days = [local[:5] for local, _ in planned(run, "pill", "2026-03-20", "2026-03-31", MARCH)]
    assert days == ["03-20", "03-21", "03-22", "03-30", "03-31"]


def test_a_change_of_days_keeps_the_times(run: Run) -> None:
    run("add x --at 09:30 --from 2026-03-02", now=MARCH)
    run("change x --on fri --from 2026-03-03", now=MARCH)
    assert planned(run, "x", "2026-03-03", "2026-03-14", MARCH) == [
        ("03-06T09:30", "1"),
        ("03-13T09:30", "1"),
    ]


@pytest.mark.parametrize("bound", ["--for-days 10", "--until 2026-03-10", "--count 20"])
def test_a_change_of_amount_keeps_the_end(run: Run, bound: str) -> None:
    run(f"add ab --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01 {bound}", now=MARCH)
    run("change ab --amount '2 tablets' --from 2026-03-06", now=MARCH)
    found = planned(run, "ab", "2026-03-01", "2026-03-20", MARCH)
    assert len(found) == 20
    assert [amount for _, amount in found] == ["1"] * 10 + ["2"] * 10


def test_a_change_of_amount_keeps_the_rhythm(run: Run) -> None:
    run("add e8 --amount '500 mg' --every 8h --from '2026-03-02 06:00'", now=MARCH)
    run("change e8 --amount '250 mg' --from '2026-03-03 10:00'", now=MARCH)
    hours = [local[6:] for local, _ in planned(run, "e8", "2026-03-02", "2026-03-04", MARCH)]
    assert hours == ["06:00", "14:00", "22:00"] * 3
    run("add e2 --at 09:00 --every 2d --from 2026-03-01", now=MARCH)
    run("change e2 --amount 2 --from 2026-03-06", now=MARCH)
    days = [local[3:5] for local, _ in planned(run, "e2", "2026-03-01", "2026-03-10", MARCH)]
    assert days == ["01", "03", "05", "07", "09"]


def test_a_step_of_a_split_dose_is_over_when_all_of_it_is(run: Run) -> None:
    text = "pred 20 mg morning and 10 mg at night for 3 days then 10 mg twice daily for 3 days then stop"
    assert run(["add", text, "--from", "2026-03-04 12:00", "--yes"], now=MARCH).code == 0
    found = planned(run, "pred", "2026-03-04", "2026-03-15", MARCH)
    assert len(found) == len({local for local, _ in found}) == 12


def test_what_a_change_cancels_is_named(run: Run) -> None:
    run("add met --amount '1 tablet' --at 08:00 --from 2026-03-01", now=MARCH)
    run("change met --amount '2 tablets' --from 2026-03-14", now=MARCH)
    shown = run("change met --amount '3 tablets' --from 2026-03-12", now=MARCH).out
    assert "Cancelled: 2 tablets daily at 08:00, from 2026-03-14 on." in shown
    card = run("show met", now=MARCH).out
    assert "2 tablets daily at 08:00 (cancelled before it began)" in card


def test_a_gap_before_a_change_is_named(run: Run) -> None:
    run("add met --amount '1 tablet' --at 08:00 --from 2026-03-01", now=MARCH)
    run("stop met --at 2026-03-05", now=MARCH)
    shown = run("change met --amount '2 tablets' --from 2026-03-09", now=MARCH).out
    assert "Nothing was planned from Thu 2026-03-05 00:00 to Mon 2026-03-09 00:00." in shown


def test_every_so_many_days_on_one_weekday_is_refused(run: Run) -> None:
    assert run("add x --at 08:00 --every 2d --on fri", now=MARCH).code == 2
    assert run("add x --at 08:00 --every 2w --on fri", now=MARCH).code == 0


def test_a_journey_counts_from_the_dose_that_was_taken_early(run: Run) -> None:
    """It fills no planned dose any more, but it is in the body: 18 hours were said where it were 6:45."""
    run("add met --at 08:00,20:00 --from 2026-03-01 --yes", now="2026-03-01T07:00[Europe/Paris]")
    run("take met", now="2026-03-03T08:00[Europe/Paris]")
    run("take met", now="2026-03-03T19:15[Europe/Paris]")
    said = run("travel America/New_York --from '2026-03-03 19:30'", now="2026-03-03T19:20[Europe/Paris]").out
    assert "6 hours 45 minutes after the dose taken today 19:15, where 12 hours were planned." in said


SPRING = "2026-03-28T07:00[Europe/Paris]"


def test_two_a_day_are_no_third_dose_in_the_night_the_clocks_go_forward(run: Run) -> None:
    """The day has 23 hours; and a dose an hour early is the one that was planned."""
    added = run("add 'metformin 1000 mg tablet, 1 tab twice daily' --from 2026-03-28 --yes", now=SPRING)
    assert (added.code, "3,000 mg" in added.err) == (0, False)
    assert run("take metformin", now="2026-03-28T09:00[Europe/Paris]").code == 0
    assert run("take metformin", now="2026-03-28T20:00[Europe/Paris]").code == 0
    assert run("take metformin", now="2026-03-29T08:00[Europe/Paris]").code == 0
    third = run("take metformin --again", now="2026-03-29T08:30[Europe/Paris]")
    assert (third.code, "in 24 hours" in third.err) == (4, True)


def test_a_course_that_is_over_is_not_taken_any_more(run: Run) -> None:
    begins = "2026-03-01T07:00[Europe/Paris]"
    run(
        "add amoxicillin --amount '1 tablet' --at 08:00,16:00 --for-days 5 --from 2026-03-01 --yes",
        now=begins,
    )
    run("add doxycycline --amount '1 tablet' --at 08:00 --count 3 --from 2026-03-01 --yes", now=begins)
    assert [row["state"] for row in rows(run, "meds", "2026-03-03T09:00[Europe/Paris]")] == [
        "taking",
        "taking",
    ]
    assert [row["medication"] for row in rows(run, "meds", "2026-03-05T20:00[Europe/Paris]")] == [
        "amoxicillin"
    ]
    assert rows(run, "meds", "2026-03-20T09:00[Europe/Paris]") == []


def test_what_a_pause_left_without_a_plan_is_on_the_board(run: Run) -> None:
    run("add metformin --at 08:00,20:00 --from 2026-03-01 --yes", now="2026-03-01T07:00[Europe/Paris]")
    pause = "change metformin nothing --from 2026-03-04 --until 2026-03-05 --reason 'contrast scan'"
    assert run(pause, now="2026-03-03T09:00[Europe/Paris]").code == 0
    board = run("today", now="2026-03-06T09:00[Europe/Paris]").out
    assert "metformin: nothing was to be taken until 2026-03-06 00:00, and nothing is planned since." in board


def test_what_is_told_of_a_record_takes_the_place_of_none(run: Run, home: Path) -> None:
    run("add x --at 08:00 --yes", now=NINE)
    record = home / "data" / "medtrack" / "records" / "me.db"
    before = record.read_bytes()
    for line in ("export", "report --format html"):
        assert run(f"{line} -o {record} --force", now=NINE).code == 35
    assert record.read_bytes() == before


def test_more_at_once_than_the_plan_says_is_named(run: Run) -> None:
    run("add paracetamol --amount '1 tablet' --as-needed --max 8/24h --from 2026-03-01 --yes", now=NINE)
    mind = "Mind: that is 7 tablets at once; the plan says 1 tablet each time. Ask your pharmacist."
    assert mind in run("can-take paracetamol '7 tablets'", now=NINE).out.splitlines()
    assert mind in run("take paracetamol --amount '7 tablets'", now=NINE).out.splitlines()


def test_the_next_dose_of_a_plan_to_come_is_named(run: Run) -> None:
    run("add metformin --at 08:00 --from 2026-03-25 --yes", now=NINE)
    assert "Next metformin: Wed 2026-03-25 08:00." in run("take metformin", now=NINE).out


def test_a_change_says_that_its_first_dose_comes_soon_after_one_taken(run: Run) -> None:
    run("add furosemide --at 08:00,14:00 --from 2026-03-01 --yes", now="2026-03-01T07:00[Europe/Paris]")
    run("take furosemide", now="2026-03-10T08:05[Europe/Paris]")
    said = run("change furosemide --at 09:00,15:00 --reason x", now="2026-03-10T08:30[Europe/Paris]").out
    assert "Mind: its first dose is 55 minutes after the one taken today 08:05" in said


def test_doses_of_a_clock_that_was_ahead_are_named(run: Run) -> None:
    run("add ibuprofen --as-needed --yes", now=NINE)
    run("take ibuprofen", now="2026-03-25T09:00[Europe/Paris]")
    assert "is written down for a time to come" in run("doctor", now=NINE).out


def test_a_restore_says_what_the_backup_lacks_and_takes_no_other_persons_place(run: Run, home: Path) -> None:
    run("add ibuprofen --as-needed --yes", now=NINE)
    run(f"backup {home}/old.db", now=NINE)
    run("take ibuprofen", now=NINE)
    record = home / "data" / "medtrack" / "records" / "me.db"
    record.unlink()
    said = run(f"restore {home}/old.db --yes", now=NINE)
    assert (said.code, "what is not in this file" in said.out) == (0, True)
    run("people add Bob", now=NINE)
    assert run(f"--person Bob restore {home}/old.db --yes", now=NINE).code == 37


@pytest.mark.parametrize(
    "line", ["export -o {} --force", "report --format html -o {} --force", "backup {} --force"]
)
def test_a_pipe_or_a_device_keeps_its_name(run: Run, tmp_path: Path, line: str) -> None:
    """Run by root, it put a file in the place of /dev/null."""
    run("add x --at 08:00 --yes", now=NINE)
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        refused = run(line.format(target), now=NINE)
        assert refused.code in (1, 46)
        assert "not an ordinary file" in refused.err
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_the_card_of_all_has_the_warning_of_a_weekly_medicine(run: Run) -> None:
    run("add methotrexate --amount '4 tablets' --on mon --at 08:00 --from 2026-03-02 --yes", now=NINE)
    run("add ibuprofen --amount '1 tablet' --at 08:00 --from 2026-03-02 --yes", now=NINE)
    for line in ("card all", "card", "card methotrexate", "card all --format html"):
        assert "Daily doses have killed people." in " ".join(run(line, now=NINE).out.split()), line
    # What warns of nothing by itself stands on the card of one medicine alone.
    assert "bleeding" not in run("card all", now=NINE).out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("warfarin", ["make bleeding more likely; several add up. Watch for: black or bloody stools"]),
        ("lorazepam", ["make drowsy; several add up. Watch for: heavy sleepiness"]),
        ("citalopram", ["raise serotonin", "disturb the heart rhythm; several add up. Watch for: fainting"]),
        ("amoxicillin", []),
        ("'diclofenac gel'", []),
    ],
)
def test_show_tells_the_effects_of_a_medicine_that_add_up(run: Run, name: str, told: list[str]) -> None:
    run(f"add {name} --amount '1 tablet' --at 08:00 --from 2026-03-02 --yes", now=NINE)
    shown = run(f"show {name}", now=NINE).out
    assert all(each in shown for each in told)
    assert ("several add up" in shown) == bool(told)


def test_a_brief_lists_what_was_done_in_one_minute_as_it_was_done(run: Run) -> None:
    run("add a --amount '1 tablet' --at 08:00 --from 2026-03-20", now=NINE)
    run("add b --amount '1 tablet' --at 08:00", now=NINE)
    run("change b --amount '2 tablets' --yes", now="2026-03-20T09:00:30[Europe/Paris]")
    page = run("brief", now="2026-03-20T10:00[Europe/Paris]").out
    assert page.index("b started") < page.index("b changed") < page.index("a started")


def test_one_answer_is_given(run: Run) -> None:
    assert "PHQ-9 has 9 items, and 1 is given." in run("measure phq9 --items 1", now=NINE).err


def test_what_was_not_at_all_in_a_session_is_told_by_its_word(run: Run) -> None:
    run("session start spravato", now=NINE)
    refused = run("session observe nasal-spray no", now=NINE)
    assert refused.code == 2
    assert "'no' is not a time" in refused.err
    assert refused.err.endswith("Where there was none: nasal-spray none\n")
    assert run("session observe nasal-spray none", now=NINE).code == 0
