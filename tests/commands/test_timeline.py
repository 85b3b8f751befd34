"""The timeline: what counts in which weeks, what it draws on a terminal, and whose it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.sample_month import NOW as MONTH_END

Run = Callable[..., Result]
NOW = "2026-05-24T21:00[Europe/Paris]"


@pytest.fixture
def asked(run: Run) -> Callable[..., Any]:
    """A way to get the JSON of a timeline."""

    def ask(line: str = "timeline", now: str = NOW) -> Any:
        done = run(f"{line} --json", now=now)
        assert done.code == 0, done
        return json.loads(done.out)

    return ask


def typed(run: Run, *lines: tuple[str, str]) -> None:
    for at, line in lines:
        done = run(line, now=f"{at}[Europe/Paris]")
        assert done.code in (0, 4), (line, done)


def windows(found: Any, letter: str) -> dict[str, Any]:
    return {f"{row['weeks']} {row['side']}": row for row in found["windows"] if row["letter"] == letter}


def test_what_was_written_down_before_the_change_on_its_day_is_before(run: Run, asked) -> None:
    typed(
        run,
        ("2026-01-01T09:00", "add x --at 08:00 --from 2026-01-01"),
        ("2026-04-12T09:00", "measure phq9 12"),
        ("2026-04-12T09:10", "note dizzy --grade 2"),
        ("2026-04-12T09:30", "change x --amount '2 tablets' --reason more --yes"),
        ("2026-04-12T09:30", "note tired --grade 1 --med x"),
        ("2026-04-12T10:00", "measure phq9 11"),
    )
    found = windows(asked("timeline 2026-04"), "A")
    for weeks in (2, 6):
        before, after = found[f"{weeks} before"], found[f"{weeks} after"]
        assert before["until"] == after["since"] == "2026-04-12T09:30:00+02:00"
        assert (before["notes"], before["highest_grade"], before["suspected"]) == (1, 2, 0)
        assert (after["notes"], after["highest_grade"], after["suspected"]) == (1, 1, 1)
        assert [each["last"] for each in before["measures"]] == ["12"]
        assert [each["first"] for each in after["measures"]] == ["11"]
        assert before["taken"] + after["taken"] == 0
        assert (before["expected"], after["expected"]) == (7 * weeks, 7 * weeks if weeks == 2 else 42)


def test_doses_are_those_of_adherence(month: Path, run: Run, asked) -> None:
    """The weeks before a change that begins a day are those days of the listing."""
    assert run("change metformin --amount '3 tablets' --from 2026-03-09 --reason more --yes", now=MONTH_END)
    found = windows(asked("timeline 2026-03", MONTH_END), "A")["2 before"]
    listed = json.loads(run("adherence metformin --span 2026-02-23..2026-03-08 --json", now=MONTH_END).out)
    (row,) = listed["rows"]
    assert (found["taken"], found["expected"]) == (row["taken"], row["expected"])
    assert found["expected"] > 20


def test_the_weeks_are_those_of_the_listing_by_week(month: Path, run: Run, asked) -> None:
    listed = json.loads(run("adherence --span 30d --by week --json", now=MONTH_END).out)["rows"]
    shown = [row for row in asked("timeline 30d", MONTH_END)["rows"] if row["lane"] == "week"]
    parts = {
        (row["at"][:10], part["medication"]): (part["part"], part["whole"])
        for row in shown
        for part in row["adherence"]
    }
    for row in listed:
        keys = ("exact_days", "expected_days") if row["medication"] == "all" else ("taken", "expected")
        if row[keys[1]]:
            assert parts.pop((row["since"], row["medication"])) == (row[keys[0]], row[keys[1]])
    assert parts == {}


def test_every_step_of_a_taper_is_a_change_of_its_own(run: Run, asked) -> None:
    typed(
        run,
        ("2026-03-01T06:00", "add prednisone --strength '5 mg' --amount '8 tablets' --at 08:00 --from 2026-03-01"),
        ("2026-03-10T06:00", "taper prednisone '6 tablets 7d -> 4 tablets 7d -> 2 tablets 7d -> stop' --from 2026-03-11 --reason plan --yes"),
        ("2026-03-20T06:00", "change prednisone --amount '5 tablets' --from 2026-03-21 --reason flare --yes"),
    )  # fmt: skip
    rows = [row for row in asked("timeline 2026")["rows"] if row["lane"] == "change"]
    assert [(row["letter"], row["at"][:10], row["reads_as"].partition(":")[2][:11]) for row in rows] == [
        ("A", "2026-03-01", " 8 tablets "),
        ("B", "2026-03-11", " 6 tablets "),
        ("C", "2026-03-18", " 4 tablets "),
        ("D", "2026-03-21", " 5 tablets "),
    ], "the last step never began"


def test_sessions_are_a_lane_and_what_they_hold_has_no_letter(run: Run, asked) -> None:
    typed(
        run,
        ("2026-05-01T08:00", "add lorazepam --strength '1 mg' --amount '1 tablet' --at 22:00 --from 2026-05-01"),
        ("2026-05-12T14:00", "session start spravato --dose '56 mg' --hold lorazepam"),
        ("2026-05-12T16:10", "session end"),
    )  # fmt: skip
    found = asked()
    (session,) = [row for row in found["rows"] if row["lane"] == "session"]
    assert session["reads_as"].endswith(", 56 mg")
    assert session["until"] == "2026-05-12T16:10:00+02:00"
    held = [row for row in found["rows"] if row["name"] == "on hold"]
    assert [row["letter"] for row in held] == [None]
    assert [windows(found, "A")[key]["sessions"] for key in ("2 after", "6 after")] == [1, 1]
    assert "B" not in {row["letter"] for row in found["rows"]}
    drawn = run("timeline --chart", now=NOW).out
    assert "◆" in drawn
    assert "Sessions" in drawn


def test_readings_of_two_units_and_of_pressure(run: Run, asked) -> None:
    typed(
        run,
        ("2026-03-01T08:00", "add x --at 08:00 --from 2026-03-01"),
        ("2026-04-01T08:00", "change x --amount '2 tablets' --reason more --yes"),
        ("2026-04-02T08:00", "measure weight '154.8 lb'"),
        ("2026-04-03T08:00", "measure weight '70 kg'"),
        ("2026-04-04T08:00", "measure bp 128/82"),
        ("2026-04-05T08:00", "measure bp 131/90"),
        ("2026-04-06T08:00", "measure crp '<5 mg/l' --new"),
        ("2026-04-07T08:00", "measure phq9 --items 1,1,1,1,-,1,1,1,0"),
    )
    found = {each["name"]: each for each in windows(asked("timeline 2026"), "B")["2 after"]["measures"]}
    assert [found["weight"][key] for key in ("unit", "first", "last", "readings")] == ["kg", "70.2", "70", 2]
    assert [found["bp"][key] for key in ("first", "last", "median")] == ["128/82", "131/90", "129.5/86"]
    assert (found["crp"]["first"], found["crp"]["median"]) == ("<5", None)
    assert (found["phq9"]["readings"], found["phq9"]["without_value"], found["phq9"]["first"]) == (0, 1, None)
    shown = run("timeline 2026", now=NOW).out
    for words in ("2: 70.2 to 70", "2: 128/82 to 131/90", "1: <5", "0 (1 without a value)", "weight, kg"):
        assert words in shown
    page = run("report --span 2026-03-01..2026-05-24", now=NOW).out
    assert "weight 70.2 to 70 kg (2 readings)" in page


def test_without_a_span_it_begins_with_the_record_or_twelve_weeks_ago(run: Run, asked) -> None:
    typed(run, ("2026-05-20T08:00", "note first"))
    assert (asked()["since"], asked()["until"]) == ("2026-05-20", "2026-05-24")
    assert asked(now="2026-12-01T08:00[Europe/Paris]")["since"] == "2026-09-09"


def test_of_everyone_each_row_and_window_has_its_person(run: Run) -> None:
    typed(
        run,
        ("2026-05-01T08:00", "people add Ben"),
        ("2026-05-01T08:00", "people add Cleo"),
        ("2026-05-01T08:00", "--person Ben add x --at 08:00 --from 2026-05-02"),
        ("2026-05-01T08:00", "--person Cleo note itch --grade 1"),
    )
    found = json.loads(run("--person all timeline --json", now=NOW).out)
    assert {row["person"] for row in found["rows"]} == {"Ben", "Cleo"}
    assert {row["person"] for row in found["windows"]} == {"Ben"}
    drawn = run("--person all timeline --chart", now=NOW).out
    assert re.findall(r"^(\w+): What changed", drawn, re.MULTILINE) == ["Ben", "Cleo"]
    assert "Ben: Before and after each change:" in drawn
    assert "\nPerson\n" not in drawn


@pytest.mark.parametrize(
    "line", ["timeline", "timeline --chart", "timeline 2027-01", "timeline 2020", "timeline --csv"]
)
def test_an_empty_record_is_no_error(line: str, run: Run) -> None:
    typed(run, ("2026-05-01T08:00", "people add Ben"))
    done = run(f"--person Ben {line}", now=NOW)
    assert (done.code, done.err) == (0, "")
    assert done.out


def test_on_a_terminal_it_is_drawn_and_colour_says_nothing_more(month: Path, home: Path) -> None:
    terminal = Terminal(home)
    terminal.environ |= {"MEDTRACK_DB": str(month), "MEDTRACK_NOW": MONTH_END}
    code, shown = terminal("timeline", "30d", NO_COLOR="1", COLUMNS="80")
    assert code == 0
    assert "\x1b" not in shown
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines.index("Before and after each change:") <= 24, "the picture fits on one screen"
    _, coloured = terminal("timeline", "30d", NO_COLOR="", COLUMNS="80")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == shown.split()
    _, listed = terminal("timeline", "30d", "--list", NO_COLOR="1", COLUMNS="80")
    assert "┊" not in listed
    assert "kept lunch down" in listed
    for columns in ("20", "36"):
        _, narrow = terminal("timeline", "30d", NO_COLOR="1", COLUMNS=columns)
        assert "Window:" in narrow
        assert "metformin" in narrow


def test_the_report_has_it_in_every_face(month: Path, run: Run, tmp_path: Path) -> None:
    found = json.loads(run("report --format json").out)["timeline"]
    assert found == json.loads(run("timeline 2026-02-09..2026-03-10 --json").out)["windows"]
    for face in ("text", "markdown"):
        page = run(f"report --format {face}").out
        assert "┊" in page
        assert "6 weeks after, 18 of 42 days so far" in page
    page = run("report --format html").out
    assert '<svg role="img" aria-labelledby="timeline-1-title timeline-1-desc"' in page
    assert "6 weeks after, 18 of 42 days so far" in page


def test_a_hold_by_hand_and_its_end_are_on_the_axis_among_other_changes_and_in_the_doses(
    run: Run, asked
) -> None:
    """A week without a medicine must not read as a week in which everything was taken."""
    typed(
        run,
        ("2026-03-01T06:00", "add x --at 08:00 --from 2026-03-01"),
        ("2026-03-01T06:00", "add y --at 08:00 --from 2026-03-01"),
        ("2026-03-01T06:00", "add z --at 08:00 --from 2026-03-01"),
        ("2026-04-01T06:00", "change x --amount '2 tablets' --reason more --yes"),
        ("2026-04-03T06:00", "hold x --until 2026-04-05 --reason flu"),
        ("2026-04-04T06:00", "hold y --reason flu"),
        ("2026-04-10T06:00", "resume y"),
        ("2026-04-11T06:00", "hold z --unrecorded --until 2026-04-12"),
    )
    found = asked("timeline 2026-03-01..2026-04-30")
    rows = [(row["letter"], row["at"][:10], row["medication"], row["name"]) for row in found["rows"]
            if row["lane"] == "change" and row["at"] > "2026-04-01T12"]  # fmt: skip
    assert rows == [
        ("E", "2026-04-03", "x", "on hold"),
        ("F", "2026-04-04", "y", "on hold"),
        ("G", "2026-04-06", "x", "hold ended"),
        ("H", "2026-04-10", "y", "resumed"),
        ("I", "2026-04-11", "z", "not recorded"),
        ("J", "2026-04-13", "z", "recorded again"),
    ]
    after = windows(found, "D")["2 after"]
    assert (after["expected"], after["held"], after["unknown"]) == (11, 3, 0)
    assert after["other_changes"] == 6
    assert [(each["medication"], each["what"]) for each in after["others"]] == [row[2:] for row in rows]
    held = windows(found, "F")["2 after"]
    assert (held["what"], held["expected"], held["held"]) == ("on hold", 8, 6)
    assert not windows(found, "G"), "the end of a hold has no windows of its own"
    assert not windows(found, "I"), "that nobody could record is no change of what is taken"
    shown = run("timeline 2026-03-01..2026-04-30", now=NOW).out
    assert "0 of 11, 3 held" in shown
    assert "6: x on hold, y on hold, x hold ended, y resumed, z not recorded, z recorded again" in shown


def test_a_hold_that_ends_within_another_or_after_the_plan_ends_nothing(run: Run, asked) -> None:
    typed(
        run,
        ("2026-04-01T06:00", "add x --at 08:00 --from 2026-04-01"),
        ("2026-04-03T06:00", "hold x --until 2026-04-05"),
        ("2026-04-04T06:00", "hold x --until 2026-04-12"),
        ("2026-04-20T06:00", "hold x --until 2026-04-25"),
        ("2026-04-22T06:00", "stop x --reason done"),
    )
    rows = asked("timeline 2026-04-01..2026-04-30")["rows"]
    assert [(row["at"][:10], row["name"]) for row in rows if row["lane"] == "change"] == [
        ("2026-04-01", "started"),
        ("2026-04-03", "on hold"),
        ("2026-04-04", "on hold"),
        ("2026-04-13", "hold ended"),
        ("2026-04-20", "on hold"),
        ("2026-04-22", "stopped"),
    ]


def test_a_hold_of_a_session_that_was_resumed_by_hand_has_no_letter_either(run: Run, asked) -> None:
    typed(
        run,
        ("2026-05-01T06:00", "add x --at 15:00 --from 2026-05-01"),
        ("2026-05-12T14:00", "session start spravato --hold x"),
        ("2026-05-12T14:20", "resume x"),
        ("2026-05-12T16:10", "session end"),
    )
    found = asked()
    assert [row["letter"] for row in found["rows"] if row["lane"] == "change"] == ["A", None, None]
    assert windows(found, "A")["2 after"]["other_changes"] == 0


def test_weeks_begin_on_the_day_that_was_set_for_people_and_on_monday_for_scripts(run: Run) -> None:
    typed(
        run,
        ("2026-04-01T06:00", "add x --at 08:00 --from 2026-04-01"),
        ("2026-04-01T06:00", "settings week-starts sunday"),
    )
    span = "timeline 2026-04-01..2026-04-30"
    shown = run(span, now=NOW).out
    assert "2026-04-05        2026-04-11  week" in shown
    rows = json.loads(run(f"{span} --json", now=NOW).out)["rows"]
    assert [row["at"][:10] for row in rows if row["lane"] == "week"][:2] == ["2026-04-01", "2026-04-06"]
    drawn = run(f"{span} --chart", now=NOW).out
    assert re.search(r"^ +1? +5 +12 +19 +26", drawn, re.MULTILINE), drawn


def test_where_nothing_of_the_windows_can_be_told_there_is_no_title(run: Run) -> None:
    typed(
        run,
        ("2026-05-24T20:59", "people add Ben"),
        ("2026-05-24T20:59", "--person Ben add x --at 22:00 --yes"),
    )
    for line in ("--person all timeline", "--person Ben timeline", "--person Ben timeline --chart"):
        shown = run(line, now="2026-05-24T20:59[Europe/Paris]").out
        assert "x started" in shown
        assert "Before and after" not in shown
        assert "Counts, never causes" not in shown
