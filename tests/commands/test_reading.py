"""However a person reads: without colour, on a narrow screen, line by line, in another alphabet, by 12 hours."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.commands.test_pictures import plain
from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.documents import LISTINGS, NOW, WRITING

Run = Callable[..., Result]
SHOWN = """
today
due
schedule --days 2
log
meds --all
stock
changes
adherence
adherence --by week
adherence --detail
notes
notes --patterns
measures
session show
check
allergy list
history
settings
report --span 7d
show metformin
""".strip().splitlines()
PICTURES = "adherence metformin --calendar --span 7d"


@pytest.fixture(scope="module")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of some of everything, with words that are not ASCII, typed once."""
    import os

    from medtrack.app import run
    from tests.conftest import sealed

    folder = tmp_path_factory.mktemp("full")
    before = dict(os.environ)
    os.environ |= {**sealed(folder), "MEDTRACK_NOW": NOW, "MEDTRACK_DB": str(folder / "full.db")}
    try:
        for line in (*WRITING[: WRITING.index("backup ~/copy.db")], "note 'naïve 薬 at 08:30' --at 07:45"):
            assert run(shlex.split(line)) in (0, 4, 20, 30), line
    finally:
        os.environ.clear()
        os.environ.update(before)
    return folder / "full.db"


@pytest.fixture
def full(full_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that every command of the test is about."""
    file = home / "full.db"
    shutil.copyfile(full_file, file)
    monkeypatch.setenv("MEDTRACK_DB", str(file))
    monkeypatch.setenv("MEDTRACK_NOW", NOW)
    return file


@pytest.fixture
def terminal(full: Path, home: Path) -> Terminal:
    made = Terminal(home)
    made.environ |= {"MEDTRACK_DB": str(full), "MEDTRACK_NOW": NOW}
    return made


def bare(page: str) -> str:
    """What is said, without blanks and lines that were drawn, and with signs as ASCII has them."""
    return re.sub(r"[\s─-]", "", page.replace("±", "+/-"))


def has_values(page: str, word: str) -> bool:
    """Whether a word of a listing heads a column with something in it, or is no heading."""
    heads, *rows = next((part for part in page.split("\n\n") if word in part), word).split("\n")
    return word not in heads or any(row[heads.index(word) :].strip() for row in rows)


# --- the screen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [20, 40])
def test_a_narrow_screen_shows_every_word_and_no_line_beyond_its_edge(
    columns: int, terminal: Terminal, run: Run
) -> None:
    for line in (*SHOWN, PICTURES):
        piped = run(line)
        code, shown = terminal(*shlex.split(line), COLUMNS=str(columns))
        assert code == piped.code, line
        assert "\x1b" not in shown, line
        page = plain(shown.replace("\r\n", "\n"))
        assert max(map(cell_len, page.split("\n"))) <= columns, line
        told = bare(page)
        for word in set(re.findall(r"[.%=-]*\w[\w.%=-]*", piped.out)):
            assert bare(word) in told or not has_values(piped.out, word), (line, word)


def test_a_calendar_is_told_week_by_week_where_lines_are_all_there_is(terminal: Terminal) -> None:
    code, shown = terminal(*shlex.split(PICTURES), TERM="dumb")
    assert code == 0
    said = re.findall(r"^Week of (2026-\d\d-\d\d): (.*)$", shown.replace("\r\n", "\n"), re.MULTILINE)
    assert [week for week, _ in said] == ["2026-03-02", "2026-03-09"]
    assert said[1][1].startswith("Mon "), said
    assert "┊" not in shown


def test_a_screen_that_only_prints_lines_gets_what_a_pipe_gets(terminal: Terminal, run: Run) -> None:
    # A report has calendars, and a timeline as wide as the screen.
    for line in [each for each in SHOWN if not each.startswith("report")]:
        piped = run(line)
        _, shown = terminal(*shlex.split(line), TERM="dumb")
        assert shown.replace("\r\n", "\n") == piped.out + piped.err, line
        assert not re.search("[─│┌┐└┘├┤\x1b]", piped.out), line


def test_what_is_read_aloud_comes_in_the_order_of_its_sense(full: Path, run: Run) -> None:
    said = run("adherence metformin --calendar --span 7d").out
    order = [
        "Adherence of Edith",
        "Medication",
        "107 of",
        "Mon",
        "Sun",
        "Week",
        "all doses:",
        "Taken: planned doses",
    ]
    found = [said.index(each) for each in order if each in said]
    assert found == sorted(found)
    assert "all doses: " in said, "each sign is named in words"


# --- the encoding ------------------------------------------------------------------------------------


def told_whole(page: str) -> str:
    """A page in ASCII with its escapes read again."""
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))",
        lambda found: chr(int(found[1] or found[2] or found[3], 16)),
        page,
    )


@pytest.mark.parametrize(
    "environ",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1:backslashreplace"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["ascii", "latin-1", "LANG=C"],
)
def test_a_screen_of_few_signs_loses_nothing(
    environ: dict[str, str], full: Path, home: Path, run: Run
) -> None:
    made = Terminal(home)
    made.environ |= {"MEDTRACK_DB": str(full), "MEDTRACK_NOW": NOW, **environ}
    for line in ("notes", "log", "meds", "adherence", "check"):
        piped = run(line)
        code, shown = made(*shlex.split(line), TERM="dumb")
        assert code == piped.code, line
        if "latin" not in environ.get("PYTHONIOENCODING", ""):
            assert shown.isascii(), line
            assert bare(told_whole(shown)) == bare(piped.out + piped.err), line
    code, drawn = made(*shlex.split(PICTURES), TERM="dumb")
    assert code == 0
    assert re.search(r"^Week of 2026-\d\d-\d\d: Mon (all|some|none|open)", drawn, re.MULTILINE), drawn
    assert "all doses: " in drawn
    code, found = made("notes", "--json")
    assert (code, "naïve 薬 at 08:30" in [row["text"] for row in json.loads(found)["rows"]]) == (0, True)


# --- the clock and the week --------------------------------------------------------------------------


def test_scripts_get_the_same_whatever_clock_and_week_people_read(full: Path, run: Run) -> None:
    lines = [
        line
        for line in LISTINGS
        if not line.startswith(("settings", "history", "verify", "export", "doctor", "people"))
    ]
    before = {(line, face): run(f"{line} {face}").out for line in lines for face in ("--json", "--csv")}
    assert run("settings clock 12h").code == 0
    assert run("settings week-starts sunday").code == 0
    for (line, face), page in before.items():
        assert run(f"{line} {face}").out == page, (line, face)


def test_people_get_every_time_on_the_clock_they_read(full: Path, run: Run) -> None:
    assert run("settings clock 12h").code == 0
    for line in (
        *SHOWN,
        "can-take ibuprofen",
        "simulate hold metformin --from 2026-03-12",
        "card all",
        "quiet",
    ):
        if line in ("history", "settings"):
            continue
        result = run(line)
        page = (result.out + result.err).replace("naïve 薬 at 08:30", "")
        page = re.sub(r"medtrack [a-z].*|--[a-z-]+ \S+", "", page)
        for found in re.finditer(r"(?<![\d:.+T-])\d\d:\d\d(?!:?\d)", page):
            rest = page[found.end() : found.end() + 9]
            assert rest.startswith((" am", " pm", " noon", " midnight")), (line, found[0], rest)
    assert "naïve 薬 at 08:30" in run("notes").out
    assert "today 7:45 am" in run("notes").out or "7:45 am" in run("notes").out
    receipt = run("take metformin --at 20:05")
    assert "taken today 8:05 pm" in receipt.out
    assert "planned for today 8:00 pm" in receipt.out


def test_what_was_written_down_does_not_depend_on_the_clock_that_was_read(full: Path, run: Run) -> None:
    assert run("settings clock 12h").code == 0
    assert run("take metformin --at 20:05").code in (0, 4)
    with sqlite3.connect(full) as file:
        (summary,) = file.execute("select summary from action order by id desc limit 1").fetchone()
    file.close()
    assert "20:05" in summary


def test_a_reminder_is_told_on_the_clock_that_is_read(run: Run) -> None:
    morning = "2026-03-10T08:00[Europe/Paris]"
    assert (
        run("add metformin --at 08:00 --from 2026-03-10 --yes", now="2026-03-10T07:00[Europe/Paris]").code
        == 0
    )
    assert run("settings clock 12h", now="2026-03-10T07:00[Europe/Paris]").code == 0
    assert run("remind", now=morning).out.startswith("1 dose is due (8:00 am).")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("clock 13h", "clock is one of 24h and 12h, not '13h'"),
        ("week-starts someday", "week-starts is one of monday, tuesday, wednesday"),
    ],
)
def test_a_setting_that_cannot_be(typed: str, why: str, run: Run) -> None:
    done = run(f"settings {typed}", now=NOW)
    assert (done.code, why in done.err) == (2, True), done.err
