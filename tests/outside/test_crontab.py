"""One line of ours in a crontab, everything else byte for byte, against the real cron."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medtrack.errors import SchedulerFailed, SchedulerMissing, UsageRefused
from medtrack.outside import crontab, schedulers
from medtrack.outside.schedulers import Job
from tests.cron import HEADER, Cron, missing, private_cron

KEY = "0123456789ab"
OTHER = "ba9876543210"
JOB = Job(KEY, ("/opt/bin/medtrack", "--db", "/home/ann/me.db", "remind"), (), timedelta(minutes=5))
LINE = "*/5 * * * * /opt/bin/medtrack --db /home/ann/me.db remind # medtrack 0123456789ab\n"

KINDS_OF_CRONTAB = {
    "none": None,
    "empty": b"",
    "plain": b"MAILTO=ann\n0 4 * * 1 backup\n",
    "only comments": b"# my jobs\n\n  \n",
    "comments on top": b"# one\n# two\n# three\n# four\n0 4 * * 1 backup\n",
    "not UTF-8": b"# \xff\xfe caf\xe9\n0 4 * * 1 echo caf\xe9\n",
    "CRLF": b"# one\r\n0 4 * * 1 backup\r\n",
    "looks escaped": b"0 4 * * 1 grep '\\bx\\r' | printf '\b\r\\b'\n",
    "no line end at the end": b"# one\n0 4 * * 1 backup",
    "long and wide": b"# \xe4\xb8\xad\n" * 500 + b"0 4 * * 1 printf '100\\%\\n'\n",
    "the other record": LINE.replace(KEY, OTHER).encode(),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cron]:
    why = missing()
    if why is not None:
        pytest.skip(f"needs the real cron: {why}")
    with private_cron(tmp_path_factory.mktemp("cron")) as cron:
        yield cron


@pytest.fixture
def cron(real: Cron, monkeypatch: pytest.MonkeyPatch) -> Cron:
    real.clear()
    monkeypatch.setenv("PATH", f"{real.bin}:{os.environ['PATH']}")
    return real


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A `crontab` that fails in the way given."""

    def make(script: str) -> None:
        folder = tmp_path / "odd"
        folder.mkdir(exist_ok=True)
        (folder / "crontab").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "crontab").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return make


def test_the_line() -> None:
    assert schedulers.text_of("cron", JOB) == LINE
    whole = JOB._replace(
        arguments=("/opt/my bin/medtrack", "--db", "/home/ann/it's $(touch x) 100% `x`.db", "remind"),
        environment=(("XDG_STATE_HOME", "/home/ann/my state"), ("MEDTRACK_TZ", "")),
        every=timedelta(minutes=15),
    )
    assert schedulers.text_of("cron", whole) == (
        "*/15 * * * * XDG_STATE_HOME='/home/ann/my state' MEDTRACK_TZ='' '/opt/my bin/medtrack' --db "
        """'/home/ann/it'"'"'s $(touch x) 100'\\%' `x`.db' remind # medtrack 0123456789ab\n"""
    )


@pytest.mark.parametrize(
    ("minutes", "when"), [(1, "*"), (2, "*/2"), (5, "*/5"), (30, "*/30"), (60, "0")], ids=str
)
def test_how_often(minutes: int, when: str) -> None:
    line = schedulers.text_of("cron", JOB._replace(every=timedelta(minutes=minutes)))
    assert line.startswith(f"{when} * * * * /opt")


@pytest.mark.parametrize(
    "every",
    [
        timedelta(0),
        timedelta(seconds=59),
        timedelta(seconds=90),
        timedelta(minutes=7),
        timedelta(minutes=45),
        timedelta(minutes=61),
        timedelta(hours=2),
        -timedelta(minutes=5),
    ],
    ids=str,
)
def test_what_cron_cannot_do_is_refused(every: timedelta) -> None:
    with pytest.raises(UsageRefused) as refused:
        schedulers.text_of("cron", JOB._replace(every=every))
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", schedulers.NAMES)
@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\x1b", "\x7f", "\t"], ids=repr)
def test_a_line_break_is_refused_everywhere(name: str, sign: str) -> None:
    path = f"/home/ann/a{sign}* * * * * evil.db"
    for job in (
        JOB._replace(arguments=("/opt/bin/medtrack", "--db", path)),
        JOB._replace(environment=(("XDG_STATE_HOME", path),)),
        JOB._replace(environment=((f"A{sign}B", "x"),)),
        JOB._replace(environment=(("A B", "x"),)),
    ):
        with pytest.raises(UsageRefused) as refused:
            schedulers.text_of(name, job)
        assert "evil" not in str(refused.value)


words = st.text(
    st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("%\\'\"$` #~*&;=é"), max_size=12
)


@settings(deadline=None)
@given(st.lists(words, max_size=4), words)
def test_cron_and_its_shell_give_back_every_word(arguments: list[str], value: str) -> None:
    """What is written goes through what cron does to a command (do_command.c), then through a real shell."""
    job = JOB._replace(arguments=("/usr/bin/printf", "%s\\0", "$X", *arguments), environment=(("X", value),))
    command = crontab.text_of(job).split(" ", 5)[5].rstrip("\n")
    for seen in (of_vixie_cron(command), command):
        script = seen.replace("/usr/bin/printf", '/usr/bin/env sh -c \'printf "%s\\0" "$X" "$@"\' sh', 1)
        done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
        assert done.stdout.decode().split("\0")[:-1] == [value, "%s\\0", "$X", *arguments]


def of_vixie_cron(command: str) -> str:
    """A backslash before a % goes away; a bare % would end the command."""
    seen, escaped = "", False
    for sign in command:
        if escaped:
            seen += "" if sign == "%" else "\\"
        else:
            assert sign != "%"
        escaped = sign == "\\"
        seen += "" if escaped else sign
    return seen + ("\\" if escaped else "")


lines = st.lists(
    st.binary(max_size=20).map(lambda line: line.replace(b"\n", b" "))
    | st.sampled_from([b"", b"# medtrack", LINE.replace(KEY, OTHER).rstrip("\n").encode()]),
    max_size=6,
)


@given(lines, st.booleans())
def test_every_other_line_is_kept(before: list[bytes], ended: bool) -> None:
    content = b"\n".join(before) + (b"\n" if before and ended else b"")
    put = crontab.with_line(content, LINE.encode(), KEY)
    assert crontab.with_line(put, LINE.encode(), KEY) == put
    filled = content if not content or content.endswith(b"\n") else content + b"\n"
    assert put == filled + LINE.encode()
    assert crontab.with_line(put, b"", KEY) == filled
    changed = put.replace(b"*/5 * * * * /opt", b"*/9 1 * * * /opt")
    assert crontab.with_line(changed, LINE.encode(), KEY).count(KEY.encode()) == 1


def test_it_stays_where_it_stands_and_is_there_once() -> None:
    content = b"1 * * * * a\n" + LINE.replace("*/5", "#*/9").encode() + b"2 * * * * b\n" + LINE.encode()
    assert (
        crontab.with_line(content, LINE.encode(), KEY) == b"1 * * * * a\n" + LINE.encode() + b"2 * * * * b\n"
    )


@pytest.mark.parametrize("top", [HEADER, b""], ids=["written by crontab", "put there"])
@pytest.mark.parametrize("before", KINDS_OF_CRONTAB.values(), ids=KINDS_OF_CRONTAB)
def test_in_and_out_of_a_real_crontab(cron: Cron, before: bytes | None, top: bytes) -> None:
    if before == KINDS_OF_CRONTAB["CRLF"] and not top:
        pytest.skip("the next test: crontab does not show its first comments as they are")
    if before is not None:
        cron.place(before, top)
    filled = before or b""
    filled += b"\n" if filled and not filled.endswith(b"\n") else b""
    schedulers.install("cron", JOB)
    assert cron.content() == filled + LINE.encode()
    schedulers.install("cron", JOB)
    assert cron.content() == filled + LINE.encode()
    assert schedulers.installed(KEY) == [
        schedulers.Installed("cron", timedelta(minutes=5), LINE.rstrip("\n"), "/opt/bin/medtrack")
    ]
    schedulers.install("cron", JOB._replace(every=timedelta(hours=1)))
    assert cron.content() == filled + LINE.replace("*/5", "0").encode()
    assert schedulers.uninstall("cron", KEY)
    assert cron.content() == (filled or None)
    assert not schedulers.uninstall("cron", KEY)
    assert cron.content() == (filled or None)
    assert schedulers.installed(KEY) == []


def test_a_crontab_that_cannot_be_known_is_left_alone(cron: Cron) -> None:
    content = KINDS_OF_CRONTAB["CRLF"]
    assert content is not None
    cron.place(content, b"")
    with pytest.raises(SchedulerFailed):
        schedulers.install("cron", JOB)
    assert cron.content() == content


def test_two_records_are_two_lines(cron: Cron) -> None:
    schedulers.install("cron", JOB)
    schedulers.install("cron", JOB._replace(key=OTHER))
    both = (LINE + LINE.replace(KEY, OTHER)).encode()
    assert cron.content() == both
    schedulers.install("cron", JOB)
    assert cron.content() == both
    schedulers.uninstall("cron", KEY)
    assert cron.content() == LINE.replace(KEY, OTHER).encode()


def test_a_path_that_is_not_text(cron: Cron) -> None:
    path = os.fsdecode(b"/home/ann/caf\xe9 100%.db")
    schedulers.install("cron", JOB._replace(arguments=("/opt/medtrack", path)))
    assert (
        cron.content() == b"*/5 * * * * /opt/medtrack '/home/ann/caf\xe9 100'\\%.db # medtrack 0123456789ab\n"
    )
    assert schedulers.installed(KEY)[0].program == "/opt/medtrack"


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("#*/5 * * * * /opt/bin/medtrack remind # medtrack {key}", "/opt/bin/medtrack"),
        ("# */5 * * * * /opt/bin/medtrack remind # medtrack {key}", "/opt/bin/medtrack"),
        ("*/7 * * * * /opt/bin/medtrack remind # medtrack {key}", "/opt/bin/medtrack"),
        ("0 9 * * * X=1 '/opt/my bin/medtrack' remind # medtrack {key}", "/opt/my bin/medtrack"),
        ("@reboot /opt/bin/medtrack remind # medtrack {key}", "/opt/bin/medtrack"),
        ("*/5 * * * * # medtrack {key}", ""),
        ("*/5 * * * * 'open # medtrack {key}", ""),
        ("? # medtrack {key}", ""),
    ],
)
def test_what_was_changed_by_hand_is_said(cron: Cron, line: str, program: str) -> None:
    text = line.format(key=KEY)
    cron.place(f"{text}\r\n".encode())
    [found] = schedulers.installed(KEY)
    assert (found.text, found.program) == (text, program)
    assert found.every is None or text.startswith("*/5 ")
    schedulers.install("cron", JOB)
    assert cron.content() == LINE.encode()


def test_two_at_once_lose_neither(cron: Cron, home: Path) -> None:
    keys = [f"{number:012x}" for number in range(6)]
    program = (
        "import sys; from datetime import timedelta; from medtrack.outside import schedulers as s\n"
        "s.install('cron', s.Job(sys.argv[1], ('/opt/medtrack', 'remind'), (), timedelta(minutes=5)))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, key]) for key in keys]
    assert [each.wait() for each in running] == [0] * len(keys)
    assert all(len(schedulers.installed(key)) == 1 for key in keys)


def test_what_crontab_refuses_changes_nothing(cron: Cron) -> None:
    cron.place(b"0 4 * * 1 backup\n")
    long = JOB._replace(arguments=("/opt/bin/medtrack", "/x" * 600))
    with pytest.raises(SchedulerFailed) as refused:
        schedulers.install("cron", long)
    assert cron.content() == b"0 4 * * 1 backup\n"
    assert str(refused.value).endswith("Nothing was changed.")
    cron.place(b"no line of a crontab\n")
    with pytest.raises(SchedulerFailed):
        schedulers.install("cron", JOB)
    assert cron.content() == b"no line of a crontab\n"


@pytest.mark.parametrize(
    "script",
    [
        "echo 'crontab: cannot open tabs/ann: Input/output error' >&2; exit 1",
        "echo 'You (ann) are not allowed to use this program (crontab)' >&2; exit 1",
        "exit 1",
        "printf '0 4 * * 1 backup\\n'; echo 'no crontab for ann' >&2; exit 1",
        "kill -9 $$",
    ],
)
def test_a_crontab_that_cannot_be_read_is_never_written(odd, tmp_path: Path, script: str) -> None:
    odd(f'[ "$1" = -l ] || echo written > {tmp_path}/written\n{script}')
    for act in (
        lambda: schedulers.install("cron", JOB),
        lambda: schedulers.uninstall("cron", KEY),
        lambda: schedulers.installed(KEY),
    ):
        with pytest.raises(SchedulerFailed) as refused:
            act()
        assert refused.value.exit_code == 2
        assert str(refused.value).endswith("Nothing was changed.")
        assert "\n" not in str(refused.value)
    assert not (tmp_path / "written").exists()


def test_a_crontab_that_keeps_something_else_is_told(odd) -> None:
    odd('[ "$1" = -l ] && echo "0 4 * * 1 backup"; exit 0')
    with pytest.raises(SchedulerFailed) as refused:
        schedulers.install("cron", JOB)
    assert "Nothing was changed" not in str(refused.value)


def test_without_cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert schedulers.default() is None
    assert schedulers.installed(KEY) == []
    for name in schedulers.NAMES:
        for act in (
            lambda name=name: schedulers.install(name, JOB),
            lambda name=name: schedulers.uninstall(name, KEY),
        ):
            with pytest.raises(SchedulerMissing) as refused:
                act()
            assert refused.value.exit_code == 2
            assert "--print" in str(refused.value)


def test_the_real_cron_runs_the_line_and_mails_what_it_said(cron: Cron, tmp_path: Path) -> None:
    program = tmp_path / "it's 100% $(touch x)"
    program.write_text('#!/bin/sh\nprintf "1 dose is due\\n%s\\n%s\\n" "$WHY" "$2"\n')
    program.chmod(0o755)
    job = Job(KEY, (str(program), "--db", "50% \\% `x`"), (("WHY", "a 100% 'reason'"),), timedelta(minutes=1))
    schedulers.install("cron", job)
    with cron.started():
        # cron looks at the top of every minute.
        for _ in range(700):
            if cron.mails():
                break
            time.sleep(0.1)
    assert schedulers.uninstall("cron", KEY)
    [mail] = cron.mails()
    assert mail.endswith("\n\n1 dose is due\na 100% 'reason'\n50% \\% `x`\n")
