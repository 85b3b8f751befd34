"""What a course of sessions holds, beside what else changed: counted where people read, kept whole in the log."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-28T21:00[Europe/Paris]"
DAYS = ("03-03", "03-06", "03-10", "03-13", "03-17", "03-20", "03-24", "03-27")
HELD = ("lorazepam", "methylphenidate", "quetiapine", "sertraline")


@pytest.fixture
def course(run: Run) -> Run:
    """Eight sessions, four medicines held around each, and one hold by hand."""
    holds = " ".join(f"--hold {name}" for name in HELD)
    for at, line in (
        *(("2026-03-01T06:00", f"add {name} --at 08:00 --from 2026-03-01") for name in (*HELD, "prazosin")),
        ("2026-03-01T09:00", "measure phq9 20"),
        *(
            (f"2026-{day}T16:30", line)
            for day in DAYS
            for line in (
                f"session start spravato --at 13:45 {holds} --hold-from '2026-{day} 07:00'",
                "session observe dose '56 mg' --at 14:00",
                "session end --at 16:10",
            )
        ),
        ("2026-03-18T07:00", "hold prazosin --until 2026-03-20 --reason 'low pressure'"),
        ("2026-03-27T20:00", "measure phq9 12"),
    ):
        done = run(line, now=f"{at}[Europe/Paris]")
        assert done.code in (0, 4), (line, done)
    return run


def test_the_brief_says_how_often_and_a_hold_by_hand_by_itself(course: Run) -> None:
    said = " ".join(course("brief --since 2026-03-02", now=NOW).out.split())
    assert (
        "2026-03-03 to 2026-03-27 held around 8 sessions: lorazepam, 8 x; methylphenidate, 8 x; quetiapine, 8 x;"
        " sertraline, 8 x."
    ) in said
    assert "2026-03-18 prazosin on hold until 2026-03-20. Why: low pressure." in said
    assert "on hold until 2026-03-27" not in said
    one = " ".join(course("brief --since 2026-03-26", now=NOW).out.split())
    assert "2026-03-27 held around 1 session: lorazepam, 1 x; " in one


def test_the_log_and_the_brief_for_scripts_keep_each(course: Run) -> None:
    assert course("changes 2026-03-02..2026-03-28", now=NOW).out.count("Spravato session") == 32
    rows = json.loads(course("brief --since 2026-03-02 --json", now=NOW).out)["changes"]
    assert sum(row["reason"] == "Spravato session" for row in rows) == 32


def test_one_that_was_resumed_by_hand_before_its_end_is_said_to_be(course: Run) -> None:
    now = "2026-03-31T21:00[Europe/Paris]"
    assert (
        course("session start spravato --at 13:45 --hold lorazepam --hold-until 2026-04-01", now=now).code
        == 0
    )
    assert course("resume lorazepam", now=now).code == 0
    said = " ".join(course("brief --since 2026-03-26", now=now).out.split())
    assert (
        "held around 2 sessions: lorazepam, 2 x (resumed before its end 1 x); methylphenidate, 1 x;" in said
    )


def test_a_chart_has_letters_for_what_was_held_by_hand_alone(course: Run) -> None:
    drawn = course("measures phq9 --chart", now=NOW).out
    letters = [line for line in drawn.splitlines() if line[:1].isalpha() and line[1:3] == "  "]
    assert letters == ["A  2026-03-18  prazosin on hold until 2026-03-20"]
    assert "more change" not in drawn


def test_a_timeline_tells_the_holds_of_a_session_as_one_and_scripts_have_each(course: Run) -> None:
    listed = course("timeline", now=NOW).out
    assert listed.count("lorazepam, methylphenidate, quetiapine and sertraline on hold until ") == len(DAYS)
    assert listed.count("on hold until") == len(DAYS) + 1
    rows = json.loads(course("timeline --json", now=NOW).out)["rows"]
    held = [row for row in rows if row["name"] == "on hold"]
    assert len(held) == len(DAYS) * len(HELD) + 1
    assert {row["medication"] for row in held} == {*HELD, "prazosin"}
    assert len(course("timeline --csv", now=NOW).out.splitlines()) == len(rows) + 1


def test_the_picture_says_what_has_no_letter(course: Run) -> None:
    said = " ".join(course("timeline --chart", now=NOW).out.split())
    assert "Without a letter: held around 8 sessions: lorazepam, 8 x; methylphenidate, 8 x;" in said
    assert "prazosin hold ended" in said


def test_of_everyone_they_are_told_as_one_too(course: Run) -> None:
    assert course("people add Ben", now=NOW).code == 0
    assert course("--person Ben add x --at 08:00 --yes", now=NOW).code == 0
    listed = course("--person all timeline", now=NOW).out
    assert listed.count("lorazepam, methylphenidate, quetiapine and sertraline on hold until ") == len(DAYS)
    rows = json.loads(course("--person all timeline --json", now=NOW).out)["rows"]
    assert sum(row["name"] == "on hold" for row in rows) == len(DAYS) * len(HELD) + 1


@pytest.mark.parametrize("face", ["text", "markdown", "html"])
def test_a_report_tells_the_holds_of_a_session_as_one_where_people_read(face: str, course: Run) -> None:
    page = course(f"report --span 2026-03-02..2026-03-28 --format {face}", now=NOW).out
    assert page.count("lorazepam, methylphenidate, quetiapine and sertraline") == len(DAYS)


def test_a_report_for_scripts_has_each_and_a_session_says_its_holds_in_one_sentence(course: Run) -> None:
    rows = json.loads(course("report --span 2026-03-02..2026-03-28 --json", now=NOW).out)["changes"]
    assert sum(row["reason"] == "Spravato session" for row in rows) == len(DAYS) * len(HELD)
    said = course("session show 1", now=NOW).out
    assert said.count("On hold: ") == 1
    assert "On hold: lorazepam, methylphenidate, quetiapine and sertraline from " in said


def test_a_hold_that_goes_back_over_a_dose_that_was_taken_says_so_at_once_and_how_it_counts(run: Run) -> None:
    day = "2026-03-03T{}[Europe/Paris]"
    assert run("add lorazepam --at 08:00 --from 2026-03-03 --yes", now=day.format("06:00")).code == 0
    assert run("take lorazepam", now=day.format("08:05")).code == 0
    taken = "lorazepam was taken today 08:05, inside the hold: it stays in the log (dose 1), as taken while on hold"
    line = "session start spravato --hold lorazepam --hold-from 2026-03-03T07:00"
    assert taken in run(line, now=day.format("13:00")).out
    assert taken in run("session show", now=day.format("13:01")).out
    later = day.format("21:00")
    assert run("session observe dose '56 mg'", now=later).code == 0
    assert "held or unknown; 1 taken while on hold, in no percentage." in " ".join(
        run("brief", now=later).out.split()
    )
    said = run("adherence", now=later).out
    assert "Taken while on hold, and in no percentage: 1 dose (lorazepam 1)." in " ".join(said.split())
    assert "08:05" in run("log", now=later).out


def test_a_hold_by_hand_over_a_dose_says_it_too_and_one_that_begins_after_it_does_not(run: Run) -> None:
    now = "2026-03-03T13:00[Europe/Paris]"
    assert (
        run("add lorazepam --at 08:00 --from 2026-03-01 --yes", now="2026-03-03T06:00[Europe/Paris]").code
        == 0
    )
    assert run("take lorazepam", now="2026-03-03T08:05[Europe/Paris]").code == 0
    assert "inside the hold" not in run("hold lorazepam", now=now).out
    assert run("undo", now=now).code == 0
    said = run("hold lorazepam --from 2026-03-03T07:00 --reason 'told to'", now=now).out
    assert "lorazepam was taken today 08:05, inside the hold" in said
    assert "Taken while on hold" not in run("adherence --until 2026-03-02", now=now).out
