"""An output that is closed, full or broken: what was recorded is said to be, and nobody sees a traceback."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tests.faults.harness import TRACEBACK, Done, Home, doses_noted, soundness
from tests.faults.writing import ADD, TAKE

SHELL = '"$0" -m medtrack'
LISTINGS = (
    "log",
    "log --json",
    "meds --csv",
    "schedule",
    "history",
    "today",
    "adherence --calendar",
    "report",
    "report --format html",
    "--help",
    "take --help",
    "--version",
)


def shell(home: Home, line: str) -> Done:
    """Run a line of shell in which $0 is the interpreter."""
    return home.start(["bash", "-c", line, sys.executable])


@pytest.mark.parametrize(
    "way",
    [
        f"{SHELL} take ibuprofen --again --note said >&-",
        f"{SHELL} take ibuprofen --again --note said >/dev/full",
        f"{{ sleep 0.3; {SHELL} take ibuprofen --again --note said; }} | true; exit ${{PIPESTATUS[0]}}",
        f"{SHELL} take ibuprofen --again --note said --json >&-",
        f"{SHELL} take ibuprofen --again --note said <&- >&-",
    ],
    ids=["closed", "full", "broken pipe", "closed json", "stdin closed too"],
)
def test_a_dose_that_cannot_be_shown_is_said_to_be_recorded(way: str, copied: Home) -> None:
    done = shell(copied, way)
    assert done.code == 0, done
    assert "Recorded: ibuprofen 1 tablet" in done.err
    assert "The output could not be written" in done.err
    assert TRACEBACK not in done.err
    assert doses_noted(copied.record, "said") == 1


def test_nothing_is_written_into_the_record_when_every_stream_is_closed(copied: Home) -> None:
    done = shell(copied, f"{SHELL} take ibuprofen --again --note silent <&- >&- 2>&-")
    assert done.code == 0
    assert doses_noted(copied.record, "silent") == 1
    assert soundness(copied.record) == "ok"


def test_a_first_record_is_made_whole_when_every_stream_is_closed(copied: Home) -> None:
    copied.record = copied.folder / "new.db"
    done = shell(copied, f"{SHELL} --db new.db {' '.join(ADD[:3])} --amount 1 --yes <&- >&- 2>&-")
    assert done.code == 0
    assert soundness(copied.record) == "ok"


def test_a_record_made_unseen_is_said_to_be_made(copied: Home) -> None:
    done = shell(copied, f"{SHELL} --db new.db add sertraline --at 08:00 --yes >&-")
    assert done.code == 0
    assert "A new record was made" in done.err
    assert "The output could not be written" in done.err


@pytest.mark.parametrize("line", LISTINGS)
def test_a_listing_that_cannot_be_written_is_an_error_in_one_sentence(line: str, copied: Home) -> None:
    done = shell(copied, f"{SHELL} {line} >/dev/full")
    assert done.code == 46, done
    assert done.err.count("\n") == 1
    assert "The output could not be written" in done.err


@pytest.mark.parametrize("line", LISTINGS)
def test_a_listing_into_a_pipe_that_closes_is_no_traceback(line: str, copied: Home) -> None:
    done = shell(copied, f"{{ {SHELL} {line}; echo code $? >&2; }} | head -1 >/dev/null")
    assert done.code == 0
    assert TRACEBACK not in done.err
    assert "Exception ignored" not in done.err
    assert done.err.split()[-1] in ("0", "1"), done


def test_a_long_log_into_a_pipe_that_closes_is_no_traceback(copied: Home) -> None:
    rows = copied.folder / "doses.csv"
    rows.write_text(
        "taken_at,medication,note\n"
        + "".join(
            f"2026-01-01T00:{minute // 60:02}:{minute % 60:02}Z,ibuprofen,{'x' * 90}\n"
            for minute in range(1500)
        )
    )
    assert copied.run("import", str(rows)).code == 0
    done = shell(copied, f"{{ {SHELL} log; echo code $? >&2; }} | head -1")
    assert done.out.count("\n") == 1
    assert TRACEBACK not in done.err
    assert done.err.split()[-2:] == ["code", "1"], done


def test_an_interrupt_leaves_nothing_or_the_whole_dose_and_says_which(copied: Home) -> None:
    for number, moment in enumerate((0.03, 0.045, 0.06, 0.075, 0.09, 0.105)):
        note = f"interrupted {number}"
        done = copied.signalled(signal.SIGINT, moment, *TAKE, note)
        found = doses_noted(copied.record, note)
        if TRACEBACK in done.err and "medtrack/app.py" not in done.err:
            continue  # the interpreter was still starting
        if done.code == 0:
            assert found == 1, done
        elif "Nothing was recorded." in done.err:
            assert found == 0, done
        elif "it was recorded" in done.err:
            assert found == 1, done
        assert soundness(copied.record) == "ok"


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("name", ["pwrite64", "fdatasync", "unlink", "fcntl"])
def test_an_interrupt_within_the_commit_is_answered_truly(name: str, copied: Home) -> None:
    copied.run(*TAKE, "a device of its own")
    call = [call for call in copied.calls(*TAKE, "measured") if call.name == name][-1]
    done = copied.inject(call, "signal=INT", *TAKE, "late")
    found = doses_noted(copied.record, "late")
    assert TRACEBACK not in done.err
    if found:
        assert done.code == 0 or "it was recorded" in done.err, done
    else:
        assert done.code == 130, done
        assert "Nothing was recorded." in done.err


@pytest.mark.usefixtures("traced")
def test_what_fails_after_the_commit_is_not_said_to_have_failed(copied: Home) -> None:
    line = ("note", "dizzy", "--med", "ibuprofen")
    copied.run(*line)
    calls = copied.calls(*line)
    unlinked = next(place for place, call in enumerate(calls) if call.name == "unlink")
    for call in [
        call for call in calls[unlinked + 1 :] if call.name in ("pread64", "fcntl", "openat", "rename")
    ]:
        before = copied.run("notes", "--csv").out.count("dizzy")
        done = copied.inject(call, "error=EIO", *line)
        after = copied.run("notes", "--csv").out.count("dizzy")
        assert (done.code == 0) == (after == before + 1), (call, done)
        assert TRACEBACK not in done.err


def test_a_missing_working_directory_is_no_obstacle(copied: Home) -> None:
    folder = copied.folder / "gone"
    folder.mkdir()
    done = copied.start(
        [
            "bash",
            "-c",
            f"cd {folder} && rmdir {folder} && {SHELL} take ibuprofen --again --note here",
            sys.executable,
        ]
    )
    assert done.code == 0, done
    assert doses_noted(copied.record, "here") == 1
    assert os.path.isdir(copied.folder)
