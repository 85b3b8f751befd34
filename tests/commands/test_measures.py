"""Scores and readings at the terminal and in scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import Result

NOW = "2026-03-10T08:10[Europe/Paris]"
Run = Callable[..., Result]
HELP = "Item 9 of PHQ-9 is above zero"


@pytest.fixture
def terminal(home: Path) -> Terminal:
    return Terminal(home)


def test_an_instrument_is_asked_item_by_item(terminal: Terminal) -> None:
    code, shown = terminal("measure", "phq9", answers="2\n3\n\n2\n9\n1\n2\n2\n2\n0\n")
    assert code == 0, shown
    assert "Over the last 2 weeks, how often have you been bothered" in shown
    assert "0 Not at all  1 Several days  2 More than half the days  3 Nearly every day" in shown
    assert "1 of 9. Little interest or pleasure in doing things" in shown
    assert "0 to 3, or nothing to leave it out." in shown
    assert "no total: 8 of 9 items answered, which make 14" in shown
    assert json.loads(terminal("measures", "phq9", "--json")[1])["rows"][0]["items"] == [
        2,
        3,
        None,
        2,
        1,
        2,
        2,
        2,
        0,
    ]


def test_where_it_is_stopped_half_way_nothing_is_recorded(terminal: Terminal) -> None:
    code, shown = terminal("measure", "gad7", answers="1\n1\n\x04")
    assert code == 1
    assert "Stopped. Nothing was recorded." in shown
    assert terminal("measures")[0] == 41


def test_three_answers_that_cannot_be_are_enough(terminal: Terminal) -> None:
    code, shown = terminal("measure", "gad7", answers="7\nx\n-1\n")
    assert code == 2
    assert "Item 1 of GAD-7 is 0 to 3" in shown
    assert terminal("measures")[0] == 41


def test_on_a_terminal_one_measure_is_drawn(terminal: Terminal) -> None:
    for value, at in (("18", "2026-03-01 08:00"), ("9", "2026-03-09 08:00")):
        assert terminal("measure", "phq9", value, "--at", at)[0] == 0
    shown = terminal("measures", "phq9", COLUMNS="60")[1]
    assert "27 ┤" in shown
    assert "2 values: 18 on 2026-03-01, 9 on 2026-03-09" in " ".join(shown.split())
    assert "┤" not in terminal("measures", COLUMNS="60")[1], "of all of them only the list is wanted"


def test_naranjo_is_asked_on_a_terminal(terminal: Terminal) -> None:
    terminal("add", "prazosin", "--at", "22:00")
    terminal("note", "dizziness", "--med", "prazosin")
    code, shown = terminal("notes", "--naranjo", "1", answers="y\nyes\n?\n\nn\nmaybe\n?\n?\ny\nn\nn\n")
    assert code == 0, shown
    assert "About dizziness and prazosin: y yes, n no, ? not known." in shown
    assert "6: probable (5 to 8)" in shown


@pytest.mark.parametrize(
    "line",
    [
        "measure phq9 --items 0,0,0,0,0,0,0,0,1",
        "measure phq9 --items -,-,-,-,-,-,-,-,3",
        "measure phq9 25",
        "measure PHQ-9 --items 0,0,0,0,0,0,0,0,1 --at 2020-01-01T08:00Z",
    ],
)
def test_item_nine_above_zero_always_says_where_help_is(line: str, run: Run) -> None:
    done = run(line, now=NOW)
    assert done.code == 4
    assert HELP in done.out
    assert "call your emergency number (112 in Europe" in done.out
    for listing in (
        "measures phq9",
        "measures",
        "measures phq9 --chart",
        "timeline 2019-01-01..2026-12-31",
        "report --since 2019-01-01",
    ):
        assert HELP in run(listing, now=NOW).out, listing
    scripted = run(f"{line} --json", now=NOW)
    assert scripted.code == 4
    assert HELP in scripted.err
    assert HELP in json.loads(scripted.out)["help"][0]
    run("profile --country NZ", now=NOW)
    run("settings crisis 'Ben, 021 555'", now=NOW)
    shown = run("measures phq9", now=NOW).out
    assert "call 111" in shown
    assert "1737" in shown
    assert "Ben, 021 555" in shown


def test_scripts_are_told_where_help_is_wherever_the_answers_stand(run: Run, tmp_path: Path) -> None:
    lines = ("measures", "measures phq9", "timeline", "brief", "report", "--person all brief")
    for line in lines:
        run("measure phq9 --items 0,0,0,0,0,0,0,0,0", now=NOW)
        assert json.loads(run(f"{line} --json", now=NOW).out)["help"] == []
        assert HELP not in run(f"{line} --csv", now=NOW).err
    run("measure phq9 --items 1,1,1,1,1,1,1,1,1", now=NOW)
    for line in lines:
        assert HELP in json.loads(run(f"{line} --json", now=NOW).out)["help"][0], line
        done = run(f"{line} --csv", now=NOW)
        told = [each for each in done.err.splitlines() if HELP in each]
        assert len(told) == 1, line
        assert "call your emergency number" in told[0]
        assert HELP not in done.out
    assert HELP in run(["report", "-o", str(tmp_path / "page.csv")], now=NOW).err


def test_it_says_so_too_after_a_correction(run: Run) -> None:
    assert run("measure phq9 --items 0,0,0,0,0,0,0,0,0", now=NOW).code == 0
    done = run("amend measure:1 --value 0,0,0,0,0,0,0,0,2 --reason 'read again'", now=NOW)
    assert HELP in done.out


def test_where_item_nine_is_not_known_that_is_said(run: Run) -> None:
    assert (
        "Item 9 of PHQ-9 is not known from a total. If it is above zero: call"
        in run("measure phq9 12", now=NOW).out
    )
    left_out = run("measure phq9 --items 1,1,1,1,1,1,1,1,-", now=NOW)
    assert (left_out.code, "Item 9 of PHQ-9 was left out." in left_out.out) == (0, True)
    assert "Item 9" not in run("measure gad7 12", now=NOW).out


def test_the_keys_of_the_json(run: Run) -> None:
    run("measure bp 128/82 --note 'at home'", now=NOW)
    found = json.loads(run("measures --json", now=NOW).out)
    assert (found["version"], found["kind"]) == (1, "measures")
    assert found["rows"] == [
        {
            "id": 1, "measured_at": "2026-03-10T08:10:00+01:00", "local_time": "2026-03-10T08:10:00",
            "zone": "Europe/Paris", "name": "bp", "value": "128", "second": "82", "unit": "mmHg", "comparator": None,
            "most": None, "band": None, "reads_as": "128/82 mmHg", "items": None, "range": None, "in_range": None,
            "note": "at home",
        }
    ]  # fmt: skip
    assert json.loads(run("measures phq9 --json", now=NOW).out)["rows"] == []
    made = json.loads(run("measure pain 3 --json", now=NOW).out)
    assert (made["kind"], made["needs_help"], made["help"]) == ("measure", False, [])


def test_everyones_measures(run: Run) -> None:
    run("measure phq9 12", now=NOW)
    run("people add Ann", now=NOW)
    written = run("--person Ann measure phq9 --items 0,0,0,0,0,0,0,0,1", now=NOW)
    assert "In the record of Ann:" in written.out
    shown = run("--person all measures phq9", now=NOW)
    assert HELP in shown.out
    rows = json.loads(run("--person all measures --json", now=NOW).out)["rows"]
    assert [(row["person"], row["value"]) for row in rows] == [("Ann", "1"), ("me", "12")]


def test_a_reading_that_was_undone_or_voided_is_in_no_listing_and_no_first_score(run: Run) -> None:
    run("measure phq9 20 --at '2026-03-01 08:00'", now=NOW)
    run("undo", now=NOW)
    run("measure phq9 18 --at '2026-03-02 08:00'", now=NOW)
    run("amend measure:2 --void --reason 'not mine'", now=NOW)
    assert "Against the first" not in run("measure phq9 10", now=NOW).out
    assert "\n" not in run("measures phq9 --csv", now=NOW).out.strip().partition("\n")[2]


def test_a_measure_that_was_flipped_is_damage(run: Run, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    run("measure weight 70.2 kg", now=NOW)
    with closing(sqlite3.connect(home / "data" / "medtrack" / "records" / "me.db")) as file:
        file.execute("update measure set value = '80.2'")
        file.commit()
    done = run("measures", now=NOW)
    assert (done.code, done.out) == (44, "")
    assert "measure 1 is not what was written" in done.err


def test_the_views_are_plain_to_read(run: Run, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    run("measure weight 70.2 kg", now=NOW)
    run("note dizzy --grade 1 --did 'sat down' --at '2026-03-10 07:00'", now=NOW)
    run("note --over 1", now=NOW)
    with closing(sqlite3.connect(home / "data" / "medtrack" / "records" / "me.db")) as file:
        assert file.execute("select name, value, unit from measures").fetchall() == [("weight", "70.2", "kg")]
        assert file.execute("select text, ended_at, did from notes").fetchall() == [
            ("dizzy", "2026-03-10T07:10:00Z", "sat down")
        ]


def test_the_report_has_them_drawn_on_every_page_that_can(run: Run, home: Path) -> None:
    from xml.etree import ElementTree

    for value, at in (("18", "2026-02-20 08:00"), ("9", "2026-03-09 08:00")):
        assert run(f"measure phq9 {value} --at '{at}'", now=NOW).code == 0
    run("add sertraline --at 08:00 --from 2026-02-25", now=NOW)
    for face in ("html", "md", "txt", "json", "pdf"):
        assert run(f"report -o {home}/clinic.{face}", now=NOW).code == 0, face
    page = (home / "clinic.html").read_text(encoding="utf-8")
    drawn = (
        page[page.index('<svg role="img" aria-labelledby="curve-1-title') :].partition("</svg>")[0] + "</svg>"
    )
    assert ElementTree.fromstring(drawn).findtext("{http://www.w3.org/2000/svg}title") == "PHQ-9 over time"
    assert "A: 2026-02-25, sertraline started" in page
    for face in ("md", "txt"):
        text = (home / f"clinic.{face}").read_text(encoding="utf-8")
        assert "27 ┤" in text
        assert "9 on 2026-03-09. Against the baseline, 18 on 2026-02-20" in text
    rows = json.loads((home / "clinic.json").read_text(encoding="utf-8"))["measures"]
    assert [row["value"] for row in rows] == ["18", "9"]


@pytest.mark.parametrize("name", ["[bold]x[/]", "=1+1", "x\x1b[31m", "日本", "a" * 200])
def test_any_name_stays_text(name: str, run: Run) -> None:
    for number in ("1", "2"):
        done = run(["measure", name, number, "--note", name], now=NOW)
        assert done.code == 0, done
    for listing in ("measures", "measures --chart", "measures --json", "measures --csv"):
        shown = run(listing, now=NOW)
        assert shown.code == 0
        assert "\x1b" not in shown.out
    assert run(["measures", name, "--chart"], now=NOW).code == 0


def test_the_baseline_is_the_same_wherever_it_is_told(run: Run) -> None:
    for value, at in (("20", "2025-10-01"), ("8", "2025-12-01"), ("18", "2026-01-05"), ("9", "2026-03-09")):
        run(f"measure phq9 {value} --at '{at} 08:00'", now=NOW)
    first = "Against the baseline, 20 on 2025-10-01 (the first score): "
    named = "Against the baseline, 18 on 2026-01-05 (the last up to 2026-01-10): "
    lines = (
        "measures phq9",
        "measures phq9 --since 2026-01-01",
        "brief --since 2026-02-01",
        "report --since 2026-01-01",
    )
    for line in lines:
        assert first in " ".join(run(line, now=NOW).out.split()), line
        assert named in " ".join(run(f"{line} --baseline 2026-01-10", now=NOW).out.split()), line
    assert run("settings baseline 2026-01-10", now=NOW).code == 0
    for line in (*lines, "measure phq9 7", "brief --redact --since 2026-02-01"):
        assert named in " ".join(run(line, now=NOW).out.split()), line
        if not line.startswith("measure phq9"):
            assert first in " ".join(run(f"{line} --baseline first", now=NOW).out.split()), line
    assert run("settings baseline first", now=NOW).code == 0
    assert first in run("measures phq9", now=NOW).out


@pytest.mark.parametrize("line", ["measures phq9 --baseline", "brief --baseline", "settings baseline"])
def test_a_baseline_that_cannot_be_is_refused(line: str, run: Run) -> None:
    run("measure phq9 12", now=NOW)
    done = run(f"{line} 2026-04-01", now=NOW)
    assert (done.code, "is still to come: the baseline is a day in the past" in done.err) == (2, True)
    assert run(f"{line} soon", now=NOW).code == 2


def test_a_reading_in_what_may_be_another_unit_wants_to_be_confirmed(run: Run, terminal: Terminal) -> None:
    done = run("measure glucose 97 mmol/l", now=NOW)
    assert done.code == 30
    assert "Did you mean 97 mg/dl? Read it, then run the same command with --yes." in done.err
    assert run("measures", now=NOW).code == 41, "nothing was recorded"
    code, shown = terminal("measure", "glucose", "97", "mmol/l", answers="n\n")
    assert (code, "Did you mean 97 mg/dl? Write it down?" in shown) == (1, True)
    code, shown = terminal("measure", "glucose", "97", "mmol/l", answers="y\n")
    assert (code, "Recorded: glucose 97 mmol/l" in shown) == (0, True)
    done = run("measure glucose 97 mmol/l --yes --json", now=NOW)
    assert (done.code, "Did you mean 97 mg/dl?" in done.err) == (0, True)
    assert "Did you mean 97 mg/dl?" in json.loads(done.out)["warnings"][0]
    amended = run("amend measure:1 --value '96 mmol/l' --reason slip", now=NOW)
    assert (amended.code, "Did you mean 96 mg/dl?" in amended.out) == (0, True)


def test_units_of_a_lab_are_told_and_never_mixed(run: Run) -> None:
    for day, value in ((1, "0.8 mmol/l"), (3, "0.7 mmol/l"), (5, "0.6 mmol/l")):
        run(f"measure lithium '{value}' --at '2026-03-0{day} 08:00'", now=NOW)
    told = run("measure lithium 5 mg/l --at '2026-03-07 08:00'", now=NOW)
    assert told.code == 0
    assert "Lithium was in mmol/l before, 0.6 mmol/l on 2026-03-05: check the unit." in told.err
    run("measure lithium 6 mg/l --at '2026-03-09 08:00'", now=NOW)
    drawn = run("measures lithium --chart", now=NOW).out
    assert "3 values: 0.8 on 2026-03-01, 0.6 on 2026-03-05; lowest 0.6, highest 0.8 mmol/l." in drawn
    assert "2 values: 5 on 2026-03-07, 6 on 2026-03-09; lowest 5, highest 6 mg/l." in drawn
    brief = " ".join(run("brief --since 2026-03-01", now=NOW).out.split())
    assert "lithium 6 mg/l on 2026-03-09; the first was 0.8 mmol/l on 2026-03-01." in brief
    assert "In these days also 3 in another unit." in brief
    run("add sertraline --at 08:00 --from 2026-03-02 --yes", now=NOW)
    rows = json.loads(run("timeline 2026-03-01..2026-03-10 --json", now=NOW).out)["windows"]
    after = next(row for row in rows if row["side"] == "after")
    assert [(each["unit"], each["readings"], each["without_value"]) for each in after["measures"]] == [
        ("mmol/l", 2, 0),
        ("mg/l", 2, 0),
    ]


def test_a_weight_in_stones_is_shown_so_and_kept_in_pounds(run: Run) -> None:
    for day, value in ((1, "11st 4lb"), (3, "11st 6lb"), (5, "11st 0lb")):
        run(f"measure weight {value} --at '2026-03-0{day} 08:00'", now=NOW)
    assert "11 st 6 lb (72.6 kg)" in run("measures weight", now=NOW).out
    row = json.loads(run("measures weight --json", now=NOW).out)["rows"][0]
    assert (row["value"], row["unit"], row["reads_as"]) == ("158", "lb", "11 st 4 lb (71.7 kg)")
    brief = " ".join(run("brief --since 2026-03-01", now=NOW).out.split())
    assert (
        "weight 11 st 0 lb (69.9 kg) on 2026-03-05; the first was 11 st 4 lb (71.7 kg) on 2026-03-01."
        in brief
    )
    assert "3 readings in these days: lowest 11 st 0 lb, highest 11 st 6 lb." in brief
    amended = run("amend measure:1 --value 71kg --reason slip", now=NOW).out
    assert "Corrected: measure 4, weight 71 kg (156.5 lb)" in amended
    assert "11 st 4 lb" in amended
    assert "weight 11 st 5 lb" in run("profile --weight 11st5", now=NOW).out
    assert run("verify", now=NOW).code == 0


def test_a_note_of_grade_five_is_never_over(run: Run) -> None:
    told = run("note 'found in the morning' --grade 5", now=NOW).out
    assert "Grade 5 means: somebody died of it." in told
    assert "If somebody is alive and in danger now: call" in told
    assert "When it is over" not in told
    assert "not over" not in run("brief", now=NOW).out
    grave = run("note 'cannot breathe' --grade 4", now=NOW).out
    assert "If it is so now: call" in grave
    assert "When it is over: medtrack note --over 2" in grave
