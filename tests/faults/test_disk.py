"""A disk that fails or is full: the answer is true, and nobody sees a traceback."""

from __future__ import annotations

import resource
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.conftest import Mount
from tests.faults.harness import TRACEBACK, Done, Home, doses_noted, program, soundness, spread
from tests.faults.writing import ADD, TAKE

UNSURE = "cannot be told"


def untruth(home: Home, note: str, done: Done) -> str | None:
    """What is not true in the answer of a `take`, or None."""
    sound, found = soundness(home.record), doses_noted(home.record, note)
    if sound != "ok":
        return f"damaged: {sound}"
    if TRACEBACK in done.err or "bug in medtrack" in done.err:
        return done.err
    if UNSURE in done.err:
        return None if done.code == 46 else f"unsure, but exit {done.code}"
    if (done.code == 0) != (found == 1):
        return f"exit {done.code}, {found} recorded: {done.err}"
    if done.code not in (0, *range(40, 50)):
        return f"exit {done.code}: {done.err}"
    return None


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize(
    ("names", "fault", "onward"),
    [
        (("pwrite64",), "error=EIO", False),
        (("pwrite64",), "error=ENOSPC", True),
        (("fdatasync", "fsync"), "error=EIO", False),
        (("fdatasync", "fsync"), "error=EIO", True),
        (("unlink", "ftruncate", "fchown", "openat"), "error=EIO", False),
        (("pread64",), "error=EIO", False),
        (("pread64",), "error=EIO", True),
        (("pwrite64", "pread64", "openat"), "error=EINTR", False),
        (("write", "read", "close", "fcntl", "fchmod", "ftruncate"), "error=EINTR", False),
        (("fsync", "fdatasync", "unlink"), "error=EINTR", False),
        (("rename", "link", "write", "mkdir"), "error=EROFS", False),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_an_error_at_the_nth_call_is_answered_truly(
    copied: Home, names: tuple[str, ...], fault: str, onward: bool
) -> None:
    copied.run(*TAKE, "a device of its own")
    calls = [call for call in copied.calls(*TAKE, "measured") if call.name in names]
    assert calls
    found = {}
    for number, call in enumerate(spread(calls, 8)):
        note = f"{fault} {number}"
        done = copied.inject(call, fault, *TAKE, note, onward=onward)
        untrue = untruth(copied, note, done)
        # SQLite repeats what was interrupted, but for a lock and a sync, which it takes for failed.
        if untrue is None and fault == "error=EINTR" and done.code != 0 and "pwrite64" in names:
            untrue = f"an interrupted call is not invisible: {done}"
        if untrue is not None:
            found[call.said] = untrue
    assert found == {}
    assert copied.run(*TAKE, "afterwards").code == 0


@pytest.mark.usefixtures("traced")
def test_an_error_while_the_first_record_is_made_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    calls = [
        call
        for call in Home(tmp_path / "measured").calls(*ADD)
        if call.name in ("write", "fsync", "link", "mkdir", "unlink", "pwrite64", "fdatasync")
    ]
    for number, call in enumerate(spread(calls, 8)):
        home = Home(tmp_path / f"home-{number}")
        done = home.inject(call, "error=EIO", *ADD)
        assert done.code in (0, *range(40, 50)), (call, done)
        assert TRACEBACK not in done.err
        # Where the error came before the commit nothing may be claimed, after it nothing denied.
        there = "ibuprofen" in home.run("meds").out
        assert there == (done.code == 0), (call, done)
        assert there or home.run(*ADD).code == 0, call


def test_a_full_disk_is_said_and_what_is_there_stays_readable(
    copied: Home, tmp_path: Path, mount: Mount
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    # Room for the record and what one write of it needs, whatever a record of this format takes.
    room = copied.record.stat().st_size // 1024 + 130
    mount(small, "-t", "tmpfs", "-o", f"size={room}k", "none")
    record = small / "me.db"
    record.write_bytes(copied.record.read_bytes())
    copied.record = record
    assert copied.run("--db", str(record), *TAKE, "while there is room").code == 0
    with suppress(OSError), (small / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"x" * 4096)
    for number in range(3):
        done = copied.run("--db", str(record), *TAKE, f"full {number}")
        assert untruth(copied, f"full {number}", done) is None
        assert done.code == 46
        assert "full" in done.err
        assert "Nothing was recorded." in done.err
    listed = copied.run("--db", str(record), "log", "--csv")
    assert listed.code == 0
    assert "while there is room" in listed.out
    (small / "ballast").unlink()
    assert copied.run("--db", str(record), *TAKE, "room again").code == 0


def test_a_record_on_a_disk_that_is_full_from_the_start_is_not_half_made(
    tmp_path: Path, mount: Mount
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount(small, "-t", "tmpfs", "-o", "size=64k", "none")
    home = Home(tmp_path / "home")
    done = home.run("--db", str(small / "me.db"), *ADD)
    assert done.code == 46
    assert TRACEBACK not in done.err
    assert list(small.iterdir()) == []


def test_a_limit_on_the_size_of_files_is_a_full_disk(copied: Home) -> None:
    size = copied.record.stat().st_size

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 8, size // 8))

    done = subprocess.run(
        [*program(), *TAKE, "too big"],
        env=copied.environ,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert untruth(copied, "too big", Done(done.returncode, done.stdout, done.stderr)) is None
