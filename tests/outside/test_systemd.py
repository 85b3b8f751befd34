"""The units are what systemd itself reads them as, and nothing is left where it does not work."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.errors import SchedulerFailed, UsageRefused
from medtrack.outside import schedulers, systemd
from medtrack.outside.schedulers import Job

KEY = "0123456789ab"
JOB = Job(KEY, ("/opt/bin/medtrack", "--db", "/home/ann/me.db", "remind"), (), timedelta(minutes=5))

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian: apt-get install systemd)"
)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `systemctl` that writes down how it was called, does what enable and disable do to files, or fails."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemctl"
    program.write_text(
        '#!/bin/sh\necho "$*" >> "$0.log"\nshift 2\n'
        'case " $* " in *" $(cat "$0.fails" 2>/dev/null || echo never) "*) echo "Failed: no." >&2; exit 1;; esac\n'
        'W="$XDG_CONFIG_HOME/systemd/user/timers.target.wants"\n'
        'case $1 in enable) mkdir -p "$W"; ln -sf "../$3" "$W/$3";; disable) rm -f "$W/$3";; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return program


def units(home: Path) -> dict[str, bytes]:
    folder = home / "config" / "systemd" / "user"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_text() -> None:
    assert schedulers.text_of("systemd", JOB._replace(environment=(("A", "b c"),))) == (
        "# medtrack-remind-0123456789ab.service\n"
        "[Unit]\n"
        "Description=medtrack reminders\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        'Environment="A=b c"\n'
        'ExecStart="/opt/bin/medtrack" "--db" "/home/ann/me.db" "remind"\n'
        "\n"
        "# medtrack-remind-0123456789ab.timer\n"
        "[Unit]\n"
        "Description=medtrack reminders\n"
        "\n"
        "[Timer]\n"
        "OnCalendar=*:0/5\n"
        "Persistent=true\n"
        "AccuracySec=1s\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


ODD = 'it\'s "100%" %h $HOME ${HOME} $$ \\x41\\ `x` $(touch x) ; # é'
ODD_FOLDER = "100% %h $HOME ${HOME} $$ `x` $(touch x) ; # é"
"""As odd as the path of a program may be."""


@needs_systemd
@pytest.mark.parametrize("every", [1, 5, 7, 60])
def test_systemd_reads_the_units(tmp_path: Path, every: int) -> None:
    program = tmp_path / ODD_FOLDER / "med track"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    job = Job(KEY, (str(program), "--db", ODD), (("A", ODD),), timedelta(minutes=every))
    service, timer = systemd.parts(schedulers.text_of("systemd", job))
    (tmp_path / f"medtrack-remind-{KEY}.service").write_text(service)
    (tmp_path / f"medtrack-remind-{KEY}.timer").write_text(timer)
    done = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            f"./medtrack-remind-{KEY}.timer",
            f"./medtrack-remind-{KEY}.service",
        ],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    # What is amiss with the system's own units is not ours.
    said = [
        line for line in (done.stdout + done.stderr).splitlines() if "medtrack" in line or "track" in line
    ]
    assert said == []


@needs_systemd
def test_the_check_would_see_a_fault(tmp_path: Path) -> None:
    service = systemd.parts(schedulers.text_of("systemd", JOB._replace(arguments=("/nowhere/medtrack",))))[0]
    (tmp_path / "medtrack-remind-x.service").write_text(service)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "./medtrack-remind-x.service"],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "/nowhere/medtrack" in done.stderr


words = st.text(
    st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("%\\'\"$` {}#;é"), max_size=12
)


programs = words.map("/opt/{}".format).filter(lambda path: not set(path) & set("\"'\\"))


@given(programs, st.lists(words, max_size=3), words)
def test_every_word_comes_back(program: str, arguments: list[str], value: str) -> None:
    """Read as systemd.service(5) and systemd.syntax(7) say: quotes, backslashes, then % and, of arguments, $."""
    text = systemd.text_of(JOB._replace(arguments=(program, *arguments), environment=(("X", value),)))
    lines = dict(
        line.split("=", 1) for line in text.splitlines() if line.startswith(("ExecStart=", "Environ"))
    )
    first, *others = split(lines["ExecStart"])
    assert [first, *(word.replace("$$", "$") for word in others)] == [program, *arguments]
    assert all("$" not in word.replace("$$", "") for word in others)
    assert split(lines["Environment"]) == [f"X={value}"]


def split(text: str) -> list[str]:
    found, word, at = [], "", 0
    while at < len(text):
        assert text[at] == '"'
        at += 1
        while text[at] != '"':
            at += text[at] == "\\"
            word += text[at]
            at += 1
        assert "%" not in word.replace("%%", "")
        found.append(word.replace("%%", "%"))
        word, at = "", at + 2
    return found


@pytest.mark.parametrize("sign", "\"'\\")
def test_a_program_that_systemd_would_not_run_is_refused(sign: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        schedulers.text_of("systemd", JOB._replace(arguments=(f"/opt/a{sign}b/medtrack", "remind")))
    assert refused.value.exit_code == 2


def test_what_is_not_text_is_refused() -> None:
    for name in ("systemd", "launchd"):
        with pytest.raises(UsageRefused):
            schedulers.text_of(name, JOB._replace(arguments=("/opt/medtrack", os.fsdecode(b"caf\xe9.db"))))


@pytest.mark.skipif(
    shutil.which("systemctl") is None, reason="needs systemctl (Debian: apt-get install systemd)"
)
def test_the_real_systemctl_without_a_manager_of_the_person(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(SchedulerFailed) as refused:
        schedulers.install("systemd", JOB)
    assert refused.value.exit_code == 2
    assert str(refused.value).startswith("systemctl --user did not do it: Failed to connect to bus")
    assert str(refused.value).endswith(". Nothing was changed.")
    assert not (home / "config").exists()
    assert not schedulers.uninstall("systemd", KEY)


def test_in_and_out(home: Path, stand_in: Path) -> None:
    schedulers.install("systemd", JOB)
    name = f"medtrack-remind-{KEY}"
    service, timer = systemd.parts(schedulers.text_of("systemd", JOB))
    there = {f"{name}.service": service.encode(), f"{name}.timer": timer.encode()}
    assert units(home) == {**there, f"timers.target.wants/{name}.timer": timer.encode()}
    assert schedulers.installed(KEY) == [
        schedulers.Installed("systemd", timedelta(minutes=5), service + timer, "/opt/bin/medtrack")
    ]
    before = units(home)
    schedulers.install("systemd", JOB)
    assert units(home) == before
    schedulers.install("systemd", JOB._replace(key="ba9876543210"))
    schedulers.install("systemd", JOB._replace(every=timedelta(hours=1)))
    assert schedulers.installed(KEY)[0].every == timedelta(hours=1)
    assert schedulers.uninstall("systemd", KEY)
    assert list(units(home)) == [
        "medtrack-remind-ba9876543210.service",
        "medtrack-remind-ba9876543210.timer",
        "timers.target.wants/medtrack-remind-ba9876543210.timer",
    ]
    assert not schedulers.uninstall("systemd", KEY)
    assert schedulers.installed(KEY) == []
    assert stand_in.with_name("systemctl.log").read_text().splitlines()[:4] == [
        "--user --no-ask-password daemon-reload",
        "--user --no-ask-password daemon-reload",
        f"--user --no-ask-password enable --now {name}.timer",
        f"--user --no-ask-password restart {name}.timer",
    ]


@pytest.mark.parametrize("step", ["daemon-reload", "enable", "restart"])
@pytest.mark.parametrize("earlier", [False, True])
def test_where_a_step_fails_all_is_as_it_was(home: Path, stand_in: Path, step: str, earlier: bool) -> None:
    if earlier:
        schedulers.install("systemd", JOB)
    before = units(home)
    stand_in.with_name("systemctl.fails").write_text(step)
    with pytest.raises(SchedulerFailed) as refused:
        schedulers.install("systemd", JOB._replace(every=timedelta(minutes=1)))
    assert str(refused.value) == "systemctl --user did not do it: Failed: no. Nothing was changed."
    assert units(home) == before


def test_a_folder_that_cannot_be_made(home: Path, stand_in: Path) -> None:
    (home / "config").write_text("a file")
    with pytest.raises(SchedulerFailed):
        schedulers.install("systemd", JOB)
    assert (home / "config").read_text() == "a file"


def test_uninstalling_where_the_manager_does_not_answer(home: Path, stand_in: Path) -> None:
    schedulers.install("systemd", JOB)
    stand_in.with_name("systemctl.fails").write_text("disable")
    with pytest.raises(SchedulerFailed) as refused:
        schedulers.uninstall("systemd", KEY)
    assert str(refused.value).endswith("The timer's files are removed; it may go on until you log out.")
    assert units(home) == {}
    assert not schedulers.uninstall("systemd", KEY)


@pytest.mark.parametrize(
    "change",
    [
        lambda timer: timer.replace("*:0/5", "*:0/70"),
        lambda timer: timer.replace("*:0/5", "daily"),
        lambda timer: timer.replace("OnCalendar=", "OnBootSec=1h\nOnCalendar="),
        lambda timer: "\udcff",
    ],
)
def test_what_was_changed_by_hand_is_said(home: Path, stand_in: Path, change) -> None:
    schedulers.install("systemd", JOB)
    file = home / "config" / "systemd" / "user" / f"medtrack-remind-{KEY}.timer"
    file.write_text(change(file.read_text()), errors="surrogateescape")
    [found] = schedulers.installed(KEY)
    assert (found.every, found.program) == (None, "/opt/bin/medtrack")


def test_one_that_was_switched_off_is_said(home: Path, stand_in: Path) -> None:
    schedulers.install("systemd", JOB)
    (home / "config" / "systemd" / "user" / "timers.target.wants" / f"medtrack-remind-{KEY}.timer").unlink()
    assert schedulers.installed(KEY)[0].every is None
    schedulers.install("systemd", JOB)
    assert schedulers.installed(KEY)[0].every == timedelta(minutes=5)


def test_the_program_is_found_again(home: Path, stand_in: Path) -> None:
    program = f"/opt/{ODD_FOLDER}/med track"
    schedulers.install("systemd", JOB._replace(arguments=(program, "remind")))
    assert schedulers.installed(KEY)[0].program == program
