from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from medtrack.domain.report import Column, Report
from medtrack.errors import OutputFailed, UsageRefused
from medtrack.render import emit, say

ROOT = Path(__file__).parents[2]
REPORT = Report(
    "log", [Column("id", "Id"), Column("note", "Note")], [{"id": 1, "note": "é 薬 [/red]"}], footer=["One."]
)

PROGRAM = """
import sys
from medtrack.domain.report import Column, Report
from medtrack.errors import OutputFailed
from medtrack.render import emit, say
row = {"medication": "metformin [/red] :pill:", "note": "\\xe9 \\u85ac \\x1b[31m"}
rows = [{"id": at, **row} for at in range(int(sys.argv[1]))]
columns = [Column("id", "Id", right=True), Column("medication", "Medication"), Column("note", "Note")]
try:
    emit(Report("log", columns, rows, footer=["All of it."]), json="json" in sys.argv, csv="csv" in sys.argv)
except OutputFailed as failed:
    say(str(failed))
    sys.exit(failed.exit_code)
"""


def environment(**extra: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "COVERAGE_PROCESS_START")
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **extra}


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
    settings.setdefault("env", environment())
    settings.setdefault("stdout", subprocess.PIPE)
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, timeout=60, **settings)  # type: ignore[call-overload,no-any-return]


def on_a_terminal(rows: str, width: int, *, env: dict[str, str] | None = None) -> str:
    """What a terminal so wide receives."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    command = [sys.executable, "-c", PROGRAM, rows]
    running = subprocess.Popen(
        command, stdout=theirs, stderr=theirs, env=env or environment(TERM="xterm-256color")
    )
    os.close(theirs)
    received = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:
            break
        if not more:
            break
        received += more
    os.close(ours)
    assert running.wait(timeout=60) == 0
    return received.decode().replace("\r\n", "\n")


def test_importing_the_room_loads_no_face() -> None:
    code = (
        "import sys; before = set(sys.modules); import medtrack.render;"
        "print(sorted({'rich', 'csv', '_csv', 'json', 'fractions', 'typer'} & (set(sys.modules) - before)))"
        "or print(len([m for m in sys.modules if m.startswith('medtrack.render.as_')]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    assert ran.stdout == "[]\n0\n"


def test_plain_text_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    emit(REPORT)
    assert capsys.readouterr() == ("Id  Note\n1   é 薬 [/red]\n\nOne.\n", "")


def test_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    emit(REPORT, json=True)
    assert json.loads(capsys.readouterr().out)["rows"] == REPORT.rows
    emit(REPORT, csv=True)
    assert capsys.readouterr().out == "id,note\n1,é 薬 [/red]\n"


def test_both_faces_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageRefused, match="--json and --csv"):
        emit(REPORT, json=True, csv=True)
    assert capsys.readouterr().out == ""


def test_talk_is_one_harmless_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("watch\nout\x1b[31m")
    assert capsys.readouterr() == ("", "medtrack: watch\\nout\\x1b[31m\n")


@pytest.mark.parametrize("rows", ["1", "5000"])
@pytest.mark.parametrize("face", ["text", "json", "csv"])
def test_a_full_disk_is_told_once(rows: str, face: str) -> None:
    with open("/dev/full", "wb") as full:
        ran = run(rows, face, stdout=full)
    assert ran.returncode == 46
    assert ran.stderr == b"medtrack: The output could not be written (No space left on device).\n"


@pytest.mark.parametrize("rows", ["1", "5000"])
def test_a_closed_pipe_is_told_once(rows: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = run(rows, stdout=writing)
    finally:
        os.close(writing)
    assert ran.returncode == 1
    assert ran.stderr == b"medtrack: The output could not be written (Broken pipe).\n"


@pytest.mark.parametrize(("redirection", "code"), [(">&-", 1), (">/dev/full", 46), ("1</dev/null", 46)])
def test_a_closed_or_unwritable_stdout_from_a_shell(redirection: str, code: int) -> None:
    command = ["sh", "-c", f'exec "$0" -c "$1" 3 {redirection}', sys.executable, PROGRAM]
    ran = subprocess.run(command, capture_output=True, env=environment(), timeout=60)
    assert ran.returncode == code
    assert ran.stdout == b""
    told = ran.stderr.decode()
    assert told.startswith("medtrack: The output could not be written (")
    assert told.count("\n") == 1


def test_a_stderr_that_cannot_be_written_changes_nothing() -> None:
    command = [
        "sh",
        "-c",
        'exec "$0" -c "from medtrack.render import say; say(str(1))" 2>/dev/full',
        sys.executable,
    ]
    assert subprocess.run(command, capture_output=True, env=environment(), timeout=60).returncode == 0


def test_a_closed_stream_in_the_same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = io.StringIO()
    gone.close()
    for stream in (None, gone):
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(OutputFailed, match="closed"):
            emit(REPORT)
        say("nobody hears")


@pytest.mark.parametrize(
    "settings",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_an_ascii_output_gets_text_in_escapes_and_data_in_utf_8(settings: dict[str, str]) -> None:
    told = run("1", env=environment(**settings))
    assert (told.returncode, told.stderr) == (0, b"")
    assert rb"\xe9 \u85ac \x1b[31m" in told.stdout
    document = run("1", "json", env=environment(**settings))
    assert json.loads(document.stdout.decode())["rows"][0]["note"] == "é 薬 \x1b[31m"
    assert run("1", "csv", env=environment(**settings)).stdout.decode().endswith("é 薬 \\x1b[31m\n")


def test_a_terminal_of_80_columns_gets_a_table() -> None:
    page = on_a_terminal("1", 80, env=environment(TERM="xterm-256color", NO_COLOR="1"))
    assert page == (
        "Id  Medication               Note\n"
        f"{'─' * 42}\n"
        " 0  metformin [/red] :pill:  é 薬 \\x1b[31m\n"
        "\n"
        "All of it.\n"
    )


def test_a_terminal_of_20_columns_gets_rows_in_words() -> None:
    page = on_a_terminal("1", 20, env=environment(TERM="xterm-256color", NO_COLOR="1"))
    assert page == (
        "Id: 0\n  Medication:\n    metformin [/red]\n    :pill:\n  Note: é 薬\n    \\x1b[31m\n\nAll of it.\n"
    )


def test_headings_are_bold_unless_no_color() -> None:
    assert "\x1b[1m" in on_a_terminal("1", 80)
    assert "\x1b" not in on_a_terminal("1", 80, env=environment(TERM="xterm", NO_COLOR="1"))


def test_a_dumb_terminal_and_a_very_long_listing_get_plain_lines() -> None:
    assert "─" not in on_a_terminal("1", 80, env=environment(TERM="dumb"))
    page = on_a_terminal("2001", 80)
    assert "─" not in page
    assert len(page.split("\n")) == 1 + 2001 + 3


@pytest.mark.parametrize("typed", ["0", "-5", "x", "", "9" * 30, "٣"])
def test_a_columns_setting_that_cannot_be_leaves_the_width_to_the_terminal(typed: str) -> None:
    settings = {"TERM": "xterm", "NO_COLOR": "1"}
    assert on_a_terminal("2", 60, env=environment(COLUMNS=typed, **settings)) == on_a_terminal(
        "2", 60, env=environment(**settings)
    )


def test_one_column_still_shows_every_word() -> None:
    page = on_a_terminal("2", 80, env=environment(TERM="xterm", NO_COLOR="1", COLUMNS="1"))
    for word in ("metformin", "[/red]", ":pill:", "薬", "All of it."):
        assert word in page


def test_columns_beats_the_terminal() -> None:
    assert "Medication:" in on_a_terminal("1", 80, env=environment(TERM="xterm", NO_COLOR="1", COLUMNS="20"))


@pytest.mark.parametrize(
    ("term", "has_escapes"),
    [("xterm", True), (None, False), ("", False), ("dumb", False), ("unknown", False), ("no-such", False),
     ("vt52", False)],
)  # fmt: skip
def test_no_escape_unless_the_terminal_has_them(term: str | None, has_escapes: bool) -> None:
    page = on_a_terminal("1", 80, env=environment() if term is None else environment(TERM=term))
    assert ("\x1b[" in page.replace("\\x1b[", "")) is has_escapes


@pytest.mark.parametrize(
    ("settings", "is_ascii"),
    [
        ({"LC_ALL": "C"}, True),
        ({"LC_ALL": "POSIX"}, True),
        ({"LANG": "C"}, True),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, True),
        ({"LC_ALL": "en_US.ISO-8859-1"}, True),
        ({"LC_ALL": "de_DE@euro", "LANG": "C"}, False),
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_ALL": "de_DE.utf8"}, False),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, False),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, False),
    ],
)
def test_a_terminal_gets_the_letters_that_its_locale_declares(
    settings: dict[str, str], is_ascii: bool
) -> None:
    page = on_a_terminal("1", 80, env=environment(TERM="xterm", NO_COLOR="1", **settings))
    assert page.isascii() is is_ascii
    if is_ascii:
        assert "metformin [/red] :pill:  \\xe9 \\u85ac \\x1b[31m\n" in page


def test_a_pipe_gets_utf_8_under_the_c_locale() -> None:
    assert "é 薬".encode() in run("1", env=environment(LC_ALL="C")).stdout
