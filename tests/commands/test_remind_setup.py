"""Setting the reminders up: shown first, in the real crontab, and run from there by the real cron."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medtrack.errors import SchedulerMissing
from tests.conftest import Result
from tests.cron import Cron, missing, private_cron

Run = Callable[..., Result]


@pytest.fixture
def cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cron]:
    why = missing()
    if why is not None:
        pytest.skip(f"needs the real cron: {why}")
    folder = tmp_path / "cron"
    folder.mkdir()
    with private_cron(folder) as found:
        monkeypatch.setenv("PATH", f"{found.bin}:{os.environ['PATH']}")
        yield found


@pytest.fixture
def due(run: Run, home: Path) -> Path:
    """A record with a dose that is due now, by the real clock."""
    assert run("add apixaban --every 12h --from '5m ago' --yes").code == 0
    return home / "data" / "medtrack" / "records" / "me.db"


@pytest.fixture
def no_crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


def test_the_real_cron_runs_the_installed_line_and_mails_once(cron: Cron, due: Path, run: Run) -> None:
    mine = b"MAILTO=ann\n# mine\n0 4 * * 1 backup\n"
    cron.place(mine)
    said = run("remind install --every 1m")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "Reminders are checked every minute by cron. It was written:"
    assert cron.content() == mine + lines[1].strip().encode() + b"\n"
    with cron.started():
        until = time.monotonic() + 75
        while not cron.mails() and time.monotonic() < until:
            time.sleep(0.5)
    (mail,) = cron.mails()
    assert (
        mail.split("\n\n", 1)[1].splitlines()[0] == "1 dose is due (" + mail.partition("due (")[2][:5] + ")."
    )
    # It was told: another check has nothing to say.
    assert run("remind") == Result(0, "", "")
    assert "Installed: cron, every minute." in run("remind status").out
    assert run("remind uninstall").out == "Removed from cron.\nNothing reminds of it now.\n"
    assert cron.content() == mine


def test_twice_is_once_and_two_records_are_two_lines(cron: Cron, due: Path, run: Run, home: Path) -> None:
    other = home / "other.db"
    run(f"--db {other} add x --at 08:00 --yes")
    for _ in range(2):
        assert run("remind install").code == 0
        assert run(f"--db {other} remind install --every 10m").code == 0
    assert [line.partition(" ")[0] for line in (cron.content() or b"").decode().splitlines()] == [
        "*/5",
        "*/10",
    ]
    assert run(f"--db {other} remind uninstall").code == 0
    assert run("remind uninstall").code == 0
    assert cron.content() is None


def test_what_it_would_write_is_shown_and_nothing_is_written(cron: Cron, due: Path, run: Run) -> None:
    shown = run("remind install --print")
    assert shown.out.startswith("*/5 * * * * XDG_DATA_HOME=")
    assert f" -m medtrack --db {due} remind # medtrack " in shown.out
    assert run("remind install --print --systemd").out.count("[Timer]") == 1
    assert "<plist" in run("remind install --print --launchd").out
    assert cron.content() is None
    assert run("remind status").out.splitlines()[:2] == [
        "Not installed. To set it up: medtrack remind install",
        "No check has run yet.",
    ]


def test_a_check_that_never_runs_is_noticed(cron: Cron, run: Run, home: Path) -> None:
    """It was set up by a given clock, two hours before; cron does not run at all."""
    other = home / "other.db"
    morning = "2026-03-02T07:00[Europe/Paris]"
    run(f"--db {other} add x --at 08:00 --from 2026-03-02 --yes", now="2026-03-01T07:00[Europe/Paris]")
    assert run(f"--db {other} remind install", now=morning).code == 0
    late = run(f"--db {other} today", now="2026-03-02T09:40[Europe/Paris]")
    assert "No check ran from 07:00 to 09:40; 1 dose was not announced." in late.out.splitlines()
    run(f"--db {other} remind uninstall", now=morning)
    assert "No check" not in run(f"--db {other} today", now="2026-03-02T09:40[Europe/Paris]").out


def test_a_record_that_moved_is_told_of_by_mail_and_its_line_can_go(cron: Cron, due: Path, run: Run) -> None:
    run("remind install")
    due.rename(due.with_name("moved.db"))
    failed = run(f"--db {due} remind")
    assert failed.code == 40
    assert "is missing, though it was there before" in failed.err
    assert run(f"--db {due} remind uninstall").code == 0
    assert cron.content() is None


def test_a_program_that_is_gone_is_told_of(cron: Cron, due: Path, run: Run) -> None:
    run("remind install")
    before = (cron.content() or b"").decode()
    program = before.partition("XDG_CONFIG_HOME=")[2].split(" ")[1]
    cron.place(before.replace(program, "/opt/gone/python").encode())
    said = run("remind status")
    assert said.code == 4
    assert "Cron runs /opt/gone/python, which is not there any more." in said.out
    assert "/opt/gone/python" in run("doctor").out


@pytest.mark.usefixtures("no_crontab")
@pytest.mark.parametrize("flag", ["", " --cron", " --systemd", " --launchd"])
def test_without_a_scheduler_it_says_so_and_what_to_do(due: Path, run: Run, flag: str) -> None:
    refused = run(f"remind install{flag}")
    assert refused.code == SchedulerMissing.exit_code
    assert "--print" in refused.err


def test_a_message_to_try_says_what_arrived(due: Path, run: Run, home: Path) -> None:
    program = home / "fails"
    program.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    program.chmod(0o700)
    assert run("remind test").out == (
        "This is a test from medtrack: reminders arrive here.\n"
        "No channel is set up: reminders are printed like this.\n"
    )
    run(f"remind channel add phone --command {program}")
    run("remind channel add desk --stdout")
    tried = run("remind test")
    assert tried.code == 4
    assert tried.out.splitlines()[-2:] == ["phone    failed: exit code 7", "desk     sent"]
    assert run("remind test desk").code == 0
    assert run("remind test nobody").code == 2


def test_an_address_is_read_from_standard_input_and_never_shown(
    due: Path, home: Path, run: Run, spawn: Run
) -> None:
    secret = "ntfy://user:hunter2@localhost/topic"
    added = spawn("remind channel add phone --url -", stdin=f"{secret}\n")
    assert added.code == 0, added
    assert added.out.splitlines()[0] == "Set up: phone, url ntfy://…. It names no medication (--names would)."
    for line in ("remind channel list", "remind channel list --json", "remind status", "export", "history"):
        assert "hunter2" not in "".join(run(line)[1:]), line
    (file,) = (home / "config" / "medtrack" / "channels").iterdir()
    assert "hunter2" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert b"hunter2" not in due.read_bytes()
